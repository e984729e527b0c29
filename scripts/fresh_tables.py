"""The tables of an empty database, from the models: within seconds, where to walk the whole history takes a minute.

For demos and drills; every installation that is more walks the history. tests/test_migrations.py holds both equal.
"""


def make_tables() -> None:
    """Make them and note all migrations down as done. Django is set up and the database empty."""
    from django.apps import apps
    from django.core.management import call_command
    from django.db import connection
    from django.test.utils import override_settings

    from core.documents import full_text

    with override_settings(MIGRATION_MODULES=dict.fromkeys(app.label for app in apps.get_app_configs())):
        call_command("migrate", run_syncdb=True, verbosity=0)
    with connection.schema_editor(atomic=False) as editor:
        full_text.install(editor)
    call_command("migrate", fake=True, verbosity=0)
