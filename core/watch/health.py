"""Whether the system works, part by part: for a watchdog (/sehat/), for Prometheus, and in words for administrators.

A room that can fail on its own adds a line to PARTS. Each look costs a few milliseconds at any size of the database: a
watchdog asks every minute, and nobody has to be logged in to ask.
"""

import logging
import pkgutil
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.activity.models import ActivityEntry
from core.activity.queries import is_log_trusted
from core.backups.queries import standing
from core.common import replica
from core.common.telling import kind_of
from core.documents.integrity import repository_state
from core.documents.quarantine import scanner_backlog
from core.documents.storage import ContentAddressedStorage, document_storage
from core.jobs.queries import stuck_since
from core.reports.queries import waiting_letters
from core.timetable.queries import timetable_state

logger = logging.getLogger(__name__)

#: A letter is sent every minute; one that is due for longer tells that the sending job stands still.
LATE_AFTER = timedelta(minutes=15)


@dataclass(frozen=True)
class Look:
    """What was found: whether it works, and a sentence with the figures."""

    works: bool
    sentence: str


@dataclass(frozen=True)
class Part:
    """One part of the system: `key` in the JSON, `advice` and the page of the runbook for when it fails."""

    key: str
    title: Any
    look: Callable[[], Look]
    advice: Any
    runbook: str
    needs_database: bool = True
    is_used: Callable[[], bool] = lambda: True


@dataclass(frozen=True)
class Report:
    """How one part does."""

    part: Part
    works: bool
    sentence: str


def examine() -> list[Report]:
    """All parts. While the database is down those that ask it are not asked: each would wait for it once more."""
    reports: list[Report] = []
    has_database = True
    for part in PARTS:
        if not part.is_used():
            continue
        if part.needs_database and not has_database:
            reports.append(Report(part, False, _("Tidak dapat diperiksa tanpa basis data.")))
            continue
        reports.append(_report(part))
        has_database &= reports[-1].works or part.key != "database"
    return reports


def _report(part: Part) -> Report:
    try:
        found = part.look()
    except Exception as error:  # whatever stops the look: that part does not work
        logger.warning("part %s cannot be examined: %s", part.key, kind_of(error))
        return Report(part, False, _("Tidak dapat diperiksa: %(error)s.") % {"error": kind_of(error)})
    return Report(part, found.works, found.sentence)


# --- the looks --------------------------------------------------------------------------------------------


def _database() -> Look:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return Look(cursor.fetchone() == (1,), _("Menjawab."))


def _migrations() -> Look:
    missing = pending_migrations()
    if not missing:
        return Look(True, _("Sesuai dengan program."))
    return Look(False, _("Perubahan yang belum dijalankan: %(names)s.") % {"names": ", ".join(missing[:5])})


def _storage() -> Look:
    if document_storage().is_ready():
        return Look(True, _("Dapat ditulisi."))
    return Look(False, _("Berkas tidak dapat disimpan."))


def _disk() -> Look:
    free = min(free_space().values())
    return Look(
        free >= settings.DISK_FREE_LIMIT,
        _("Sisa %(free)s; batasnya %(limit)s.")
        % {"free": filesizeformat(free), "limit": filesizeformat(settings.DISK_FREE_LIMIT)},
    )


def _documents() -> Look:
    """Files as they were stored, looked at lately."""
    state = repository_state()
    if state.faults:
        return Look(False, _("%(n)d temuan belum diperbaiki.") % {"n": state.faults})
    if state.is_overdue:
        return Look(False, _("Sudah terlalu lama tidak diperiksa."))
    return Look(True, _("Tidak ada temuan."))


def _activity_log() -> Look:
    if is_log_trusted():
        return Look(True, _("Utuh pada pemeriksaan terakhir."))
    return Look(False, _("Ada yang diubah atau disisipkan di luar sistem."))


def _virus_scanner() -> Look:
    """Without one nothing waits for it."""
    waiting, is_late = scanner_backlog()
    return Look(not is_late, _("%(n)d berkas menunggu diperiksa.") % {"n": waiting})


def _outbox() -> Look:
    """Letters that nobody tried to send: those that a mail server refuses are told of in the list of letters."""
    waiting, since = waiting_letters()
    return Look(since is None or not _is_late(since), _waiting(_("%(n)d surat menunggu.") % {"n": waiting}, since))


def _jobs() -> Look:
    """Work that waits while none is carried; behind a long export it may wait."""
    since = stuck_since()
    if since is None:
        return Look(True, _("Tidak ada yang tertahan."))
    return Look(not _is_late(since), _waiting(_("Ada pekerjaan yang menunggu."), since))


def _replica() -> Look:
    """While it is not level the primary answers for it: slower, not wrong."""
    if replica.is_level():
        return Look(True, _("Setara dengan basis data utama."))
    return Look(False, _("Tertinggal; basis data utama yang menjawab rekap."))


def _cron() -> Look:
    """The timetable is read, and no job of it is late or keeps failing."""
    state = timetable_state()
    if state.is_silent:
        return Look(False, _("Jadwal tidak dibaca: cron tidak berjalan."))
    if wrong := [job.name for job in (*state.failing, *state.late)]:
        return Look(False, _("Gagal atau terlambat: %(names)s.") % {"names": ", ".join(dict.fromkeys(wrong))})
    return Look(True, _("Semua pekerjaan pada waktunya."))


def _backup() -> Look:
    """As young as the policy wants it, and proven."""
    found = standing()
    if not found.is_sound:
        return Look(False, " ".join(found.alarms))
    if found.good_at is None:
        return Look(True, _("Belum ada cadangan; yang pertama dibuat malam ini."))
    return Look(True, _("Cadangan terakhir %(time)s yang lalu.") % {"time": timesince(found.good_at, depth=1)})


def _clock() -> Look:
    """A clock that was set back makes second factors fail and letters leave late; the log tells it."""
    now, theirs = timezone.now(), _clock_of_database()
    apart = abs(now - theirs)
    newest = ActivityEntry.objects.order_by("-pk").values_list("at", flat=True).first()
    if newest is not None:
        apart = max(apart, newest - now)
    if apart > settings.CLOCKS_APART:
        return Look(False, _("Berselisih %(n)d detik.") % {"n": apart.total_seconds()})
    return Look(True, _("Sama dengan jam basis data."))


def _is_late(since: datetime) -> bool:
    return timezone.now() - since > LATE_AFTER


def _waiting(words: str, since: datetime | None) -> str:
    if since is None:
        return words
    return _("%(words)s Yang tertua %(time)s.") % {"words": words, "time": timesince(since, depth=1)}


# --- what they ask ----------------------------------------------------------------------------------------


def free_space() -> dict[str, int]:
    """Bytes that are left where data are written: `var`, and `documents` unless they lie in a bucket."""
    folders = {"var": Path(settings.VAR_DIR)}
    if isinstance(document_storage(), ContentAddressedStorage):
        folders["documents"] = Path(settings.DOCUMENT_ROOT)
    return {name: shutil.disk_usage(_existing(folder)).free for name, folder in folders.items()}


def _existing(folder: Path) -> Path:
    """The folder, or the nearest above it: one that nothing was written to yet lies on the disk of its parent."""
    return next(path for path in (folder, *folder.parents) if path.exists())


def pending_migrations() -> list[str]:
    """Migrations that lie beside the code and were not applied: an update that was left half-way. One question."""
    shipped = shipped_migrations()
    applied = set(MigrationRecorder.Migration.objects.values_list("app", "name")) if shipped else set()
    return [f"{app}.{name}" for app, name in shipped if (app, name) not in applied]


@cache
def shipped_migrations() -> list[tuple[str, str]]:
    """(app, name) of all, by the names of their files: reading them would take a tenth of a second."""
    found = []
    for config in apps.get_app_configs():
        module = MigrationLoader.migrations_module(config.label)[0]
        if module is None or not module.startswith(config.name):  # switched off, as in the tests
            continue
        try:
            folder = import_module(module).__path__
        except ModuleNotFoundError:  # an app without models
            continue
        found += [(config.label, name) for _finder, name, _is_package in pkgutil.iter_modules(folder) if name[0] != "_"]
    return sorted(found)


def _clock_of_database() -> datetime:
    asked = {"sqlite": "SELECT strftime('%s', 'now')"}.get(connection.vendor, "SELECT UNIX_TIMESTAMP()")
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return datetime.fromtimestamp(float(cursor.fetchone()[0]), timezone.get_default_timezone())


#: In the order in which somebody looks for the cause.
PARTS: tuple[Part, ...] = (
    Part(
        "database",
        gettext_lazy("Basis data"),
        _database,
        gettext_lazy("Periksa apakah MariaDB berjalan dan cakramnya tidak penuh."),
        "basis-data-rusak",
    ),
    Part(
        "replica",
        gettext_lazy("Replika basis data"),
        _replica,
        gettext_lazy("Lihat SHOW REPLICA STATUS di server replika; sampai pulih sistem hanya lebih lambat."),
        "basis-data-rusak",
        is_used=replica.is_configured,
    ),
    Part(
        "migrations",
        gettext_lazy("Susunan basis data"),
        _migrations,
        gettext_lazy("Pembaruan belum selesai: jalankan migrate, lalu load_reference."),
        "basis-data-rusak",
    ),
    Part(
        "storage",
        gettext_lazy("Penyimpanan berkas"),
        _storage,
        gettext_lazy("Periksa hak tulis folder berkas, atau sambungan ke penyimpanan S3."),
        "disk-penuh",
        needs_database=False,
    ),
    Part(
        "disk",
        gettext_lazy("Ruang cakram"),
        _disk,
        gettext_lazy("Kosongkan atau perbesar cakram sebelum penuh."),
        "disk-penuh",
        needs_database=False,
    ),
    Part(
        "documents",
        gettext_lazy("Keutuhan berkas"),
        _documents,
        gettext_lazy("Buka Keutuhan berkas: tiap temuan menyebut apa yang harus dilakukan."),
        "berkas-rusak",
    ),
    Part(
        "activity_log",
        gettext_lazy("Catatan aktivitas"),
        _activity_log,
        gettext_lazy("Jalankan verify_activity di server, dan anggap sebagai dugaan penyusupan sampai terbukti lain."),
        "kebocoran-data",
    ),
    Part(
        "virus_scanner",
        gettext_lazy("Pemindai virus"),
        _virus_scanner,
        gettext_lazy("Periksa apakah clamd berjalan di server."),
        "layanan-berhenti",
    ),
    Part(
        "outbox",
        gettext_lazy("Pengiriman surat"),
        _outbox,
        gettext_lazy("Periksa apakah pekerjaan terjadwal (cron) berjalan."),
        "layanan-berhenti",
    ),
    Part(
        "jobs",
        gettext_lazy("Pekerjaan latar"),
        _jobs,
        gettext_lazy("Mulai ulang layanan lsp-jobs, dan periksa apakah cron berjalan."),
        "layanan-berhenti",
    ),
    Part(
        "cron",
        gettext_lazy("Pekerjaan terjadwal"),
        _cron,
        gettext_lazy("Buka Jadwal pekerjaan: di sana tertulis sebab tiap kegagalan dan tombol untuk menjalankannya."),
        "layanan-berhenti",
    ),
    Part(
        "backup",
        gettext_lazy("Cadangan"),
        _backup,
        gettext_lazy("Buka Cadangan: di sana tertulis apa yang gagal. Jangan menunggu sampai cadangan diperlukan."),
        "cadangan-gagal",
    ),
    Part(
        "clock",
        gettext_lazy("Jam server"),
        _clock,
        gettext_lazy("Samakan jam server dengan NTP (timedatectl), lalu mulai ulang layanan."),
        "layanan-berhenti",
    ),
)
