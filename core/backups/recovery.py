"""The whole of `manage.py restore`: bring a backup back into this installation and make it fit to be used."""

import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.files.base import File
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.accounts import sessions
from core.accounts.models import User
from core.activity.enums import CheckOutcome
from core.activity.models import ActivityEntry
from core.activity.services import record_activity
from core.activity.verification import check_activity
from core.applications.models import Application
from core.backups import logs
from core.backups.bundle import Progress, documents_folder, in_silence, is_in_a_bucket
from core.backups.databases import own_settings
from core.backups.manifest import Manifest
from core.backups.restic import Repository, Snapshot, repository_called
from core.backups.restoring import LATEST, Comparison, compare, restore_into
from core.backups.services import adopt, alone
from core.documents import pieces
from core.documents.models import Document
from core.documents.storage import document_storage
from core.jobs import services as jobs
from core.messaging import services as messaging


@dataclass
class Restored:
    """What came back, and what was changed so that it can be used. `seconds` of each step."""

    manifest: Manifest
    snapshot: Snapshot
    comparison: Comparison
    log_is_whole: bool = False
    letters_held: int = 0
    sessions_ended: int = 0
    jobs_ended: int = 0
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        return self.comparison.is_same and self.log_is_whole


def what_would_be_lost() -> list[str]:
    """What stands here now, in lines; none for an empty installation."""
    lines = []
    try:
        for label, model in ((_("pengguna"), User), (_("permohonan"), Application), (_("dokumen"), Document)):
            if count := model.objects.count():
                lines.append(f"{count} {label}")
        if lines and (last := ActivityEntry.objects.order_by("-pk").values_list("at", flat=True).first()):
            at = date_format(timezone.localtime(last), "j F Y H.i")
            lines.append(_("perubahan sampai %(at)s") % {"at": at})
    except DatabaseError:  # no tables, or a restore that was cut off
        return lines
    return lines


def restore(
    *, place: str = "local", snapshot: str = LATEST, until: datetime | None = None, progress: Progress = in_silence
) -> Restored:
    """Put a backup in the place of what is here. May be cut off anywhere and called again."""
    begun = time.monotonic()
    source = repository_called(place)
    with alone() as held:
        source = Repository(source.place, source.address, held)
        folder = documents_folder()
        connection.close()
        manifest, chosen = restore_into(
            repository=source,
            snapshot=snapshot,
            until=until,
            database=own_settings(),
            folder=folder,
            imports_folder=Path(settings.IMPORT_ROOT),
            progress=progress,
        )
        if is_in_a_bucket():
            fill_bucket(manifest, folder)
        brought = time.monotonic()
        progress(_("Membandingkan baris"))
        # Of a moment between two backups no manifest tells the rows.
        comparison = compare(manifest, database=own_settings()) if until is None else Comparison()
        progress(_("Menyiapkan untuk dipakai"))
        call_command("migrate", interactive=False, verbosity=0)
        found = Restored(manifest, chosen, comparison)
        _settle(found, place, until)
        for path in logs.folder().glob("*"):  # they are another history's, and lie in the repositories
            path.unlink()
    found.seconds = {"restore": round(brought - begun, 1), "settle": round(time.monotonic() - brought, 1)}
    return found


def _settle(found: Restored, place: str, until: datetime | None) -> None:
    """What must not live again does not; the log of activities begins new checkpoints and says that this happened."""
    with transaction.atomic():
        found.sessions_ended = sessions.end_everything()
        found.letters_held = messaging.hold_waiting()
        found.jobs_ended = jobs.end_all_open()
        pieces.forget_all()
        if found.comparison.is_same:
            adopt(manifest=found.manifest, place=place, snapshot=found.snapshot.id)
        record_activity(
            "backup.restore",
            repository=place,
            snapshot=found.snapshot.id[:8],
            moment=date_format(timezone.localtime(until or found.manifest.moment), "Y-m-d H:i"),
        )
    check, _found = check_activity(new_checkpoints=True)
    found.log_is_whole = check.outcome == CheckOutcome.INTACT


def fill_bucket(manifest: Manifest, folder: Path) -> None:
    """Those that the bucket lacks; what lies there under its hash is left alone."""
    storage = document_storage()
    for path, _digest, _size in manifest.files():
        root, _slash, name = path.partition("/")
        if root == "documents" and not storage.exists(name):
            with open(folder / name, "rb") as file:
                storage.save(name, File(file))
