"""An installation of training as on its first day: every row and every file of the course before is gone.

The activity log and the versions are protected row by row, and rightly so; what may go is only the whole database at
once. So the reset empties all tables and loads the reference data anew, and never takes single rows out of a history.
"""

import shutil
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command

from core.accounts.models import User
from core.demo.training.people import TRAINERS
from core.documents.storage import document_storage

#: Addresses of people who do not exist: the demo's and the training's.
INVENTED = r"@([a-z]+\.)*contoh\.id$"


def why_not_reset() -> str:
    """Why this installation must not be emptied: a sentence, or ""."""
    if not settings.DEMO:
        return "Latihan hanya disiapkan bila DEMO=1. Pada server produksi perintah ini tidak boleh jalan."
    if getattr(settings, "ENVIRONMENT", "") == "production":
        return "ENVIRONMENT=production: perintah ini mengosongkan basis data, jadi tidak pernah jalan di sini."
    # The address alone says nothing: anybody may register with it, and nobody can confirm it.
    trainers = [address for address, _name in TRAINERS.values()]
    trained_here = User.objects.filter(email__in=trainers, email_confirmed_at__isnull=False).exists()
    others = User.objects.exclude(email__iregex=INVENTED).count()
    if others and not trained_here:
        return (
            f"Basis data ini memuat {others} akun yang bukan karangan ({settings.DATABASES['default']['NAME']}). "
            "Pakai basis data lain untuk latihan; tidak ada yang dihapus."
        )
    return ""


def empty_installation() -> int:
    """Empty all tables and every folder that rows point to; how many stored files went. Nobody may be at work."""
    call_command("flush", interactive=False, verbosity=0)
    removed = _drop_documents()
    for folder in (settings.PIECES_ROOT, settings.IMPORT_ROOT, settings.JOB_ROOT, _mail_folder()):
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
    for file in (settings.ACTIVITY_CHECKPOINTS, settings.FAULT_MEMORY):  # they speak of the log that went
        Path(file).unlink(missing_ok=True)
    cache.clear()
    call_command("load_reference", stdout=StringIO())
    return removed


def _drop_documents() -> int:
    storage = document_storage()
    return sum(storage.discard_stale(stored.name, before=float("inf")) for stored in list(storage.walk()))


def _mail_folder() -> Path | None:
    folder = getattr(settings, "EMAIL_FILE_PATH", None)
    return Path(folder) if folder else None
