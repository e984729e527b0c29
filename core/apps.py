"""The one Django app that holds all data and rules."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "LSP BNPB"

    def ready(self) -> None:
        from core.accounts import door, sessions
        from core.activity import versioning
        from core.backups import background  # noqa: F401 - its kinds of jobs are known to every worker
        from core.reports import document_words, recount, tally
        from core.timetable import background as scheduled  # noqa: F401 - the same

        sessions.connect()
        door.connect()
        versioning.register_versioned_models()
        tally.follow_applications()
        document_words.follow_names()
        recount.follow_documents_and_cases()
