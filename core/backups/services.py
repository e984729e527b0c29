"""Making backups. The only writers of their rows."""

import fcntl
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError, close_old_connections, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.accounts.models import User
from core.activity.services import record_activity
from core.backups import logs
from core.backups.bundle import Bundle, Progress, check_transaction, in_silence, make_bundle
from core.backups.enums import BackupKind, BackupOutcome
from core.backups.manifest import Manifest
from core.backups.models import BackupCopy, BackupRun
from core.backups.queries import CLOCK_TOLERANCE, is_configured, standing
from core.backups.restic import FULL, LOG, Repository, repositories
from core.common.exceptions import DomainError
from core.messaging.services import queue_message
from core.policy.queries import system_policy

logger = logging.getLogger(__name__)

#: A part of a repository is read back, and old backups are let go, once a day, however often a backup is made.
CARE_EVERY = timedelta(hours=20)
#: Rows about binary logs come every quarter of an hour; those of the last days are enough.
LOG_ROWS_KEPT = timedelta(days=8)
#: Backups of the folder of logs; each holds all logs of BACKUP_LOG_DAYS days.
LOGS_KEPT = {"last": 8, "daily": 14}


# --- what is called -----------------------------------------------------------------------------------------


def run_backup(*, by: User | None = None, progress: Progress = in_silence) -> BackupRun:
    """Back up database and documents to every repository. Anything but the outcome OK is a failure: an alarm is
    raised, and whoever called has to say so."""
    return _run(BackupKind.FULL, by, lambda run, held: _full(run, held, progress))


def ship_logs(*, by: User | None = None) -> BackupRun:
    """Back up what MariaDB has written since the last time, so that little is lost between two full backups."""
    return _run(BackupKind.LOG, by, _logs)


def raise_alarm() -> bool:
    """What the timetable asks each hour: whether backups are as the policy wants them. If not, every administrator is
    told by letter, once a day; whether there was anything to tell."""
    alarms = standing().alarms
    if alarms:
        _tell_administrators(alarms)
    return bool(alarms)


@transaction.atomic
def mark_proven(*, snapshot: str, by: Any = None) -> int:
    """A restore of this snapshot came out the same, row by row and byte by byte; how many copies that are known."""
    return BackupCopy.objects.filter(snapshot=snapshot).exclude(snapshot="").update(proven_at=timezone.now())


@transaction.atomic
def adopt(*, manifest: Manifest, place: str, snapshot: str) -> BackupRun:
    """After a restore: the dump was taken while its own backup was under way, so that its row still says so. It is
    known better by now: it was whole, and it was restored."""
    run, _made = BackupRun.objects.get_or_create(
        pk=manifest.run, defaults={"kind": BackupKind.FULL, "begun_at": manifest.moment}
    )
    _describe(run, manifest)
    run.outcome, run.ended_at = BackupOutcome.OK, run.ended_at or timezone.now()
    run.save()
    BackupCopy.objects.update_or_create(
        run=run,
        repository=place,
        defaults={"snapshot": snapshot, "outcome": BackupOutcome.OK, "proven_at": timezone.now()},
    )
    _close_abandoned()
    return run


@contextmanager
def alone() -> Iterator[tuple[int, ...]]:
    """Nobody else backs up or restores here meanwhile. The lock is the kernel's: it ends with the last process that
    holds it, however that ends, and yields what its children must hold."""
    settings.BACKUP_ROOT.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(settings.BACKUP_ROOT / "lock", "w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise DomainError(
                _("Cadangan atau pemulihan lain sedang berjalan. Tunggu sampai selesai, lalu ulangi."),
                code="backup.running",
            ) from error
        yield (handle.fileno(),)


# --- one run ------------------------------------------------------------------------------------------------


def _run(kind: str, by: User | None, work: Callable[[BackupRun, tuple[int, ...]], None]) -> BackupRun:
    if by is not None and not by.has_perm("core.run_backup"):
        raise DomainError(_("Hanya administrator yang dapat membuat cadangan."), code="backup.right")
    check_transaction()
    if not is_configured():
        raise DomainError(
            _("Tempat cadangan belum diatur. Isi BACKUP_REPOSITORY di .env; caranya di server_docs/backup.md."),
            code="backup.no_repository",
        )
    with alone() as held:
        _close_abandoned()
        run = BackupRun.objects.create(kind=kind, by=by, begun_at=timezone.now())
        if by is not None:
            record_activity("backup.run", by=by, subject=run)
        try:
            work(run, held)
        except DomainError as refusal:
            run.problem = refusal.message
        except Exception as error:
            logger.exception("backup %s was cut off", run.pk)
            run.problem = _("Galat di server: %(error)s. Rinciannya ada di log server.") % {
                "error": type(error).__name__
            }
        except BaseException:
            run.problem = _("Dihentikan di tengah pekerjaan.")
            _end(run)
            raise
        _end(run)
    return run


def _full(run: BackupRun, held: tuple[int, ...], progress: Progress) -> None:
    bundle = make_bundle(run=run.pk, progress=progress)
    _describe(run, bundle.manifest)
    run.problem = " ".join(bundle.faults)
    for repository in repositories(held):
        progress(_("Menyimpan ke: %(place)s") % {"place": repository.name})
        _copy(run, repository, lambda copy, repository=repository: _store(copy, repository, bundle))


def _logs(run: BackupRun, held: tuple[int, ...]) -> None:
    files = logs.fetch_logs()
    run.moment, run.database_bytes = run.begun_at, sum(path.stat().st_size for path in files)
    for repository in repositories(held):
        _copy(run, repository, lambda copy, repository=repository: _store_logs(copy, repository))


def _copy(run: BackupRun, repository: Repository, work: Callable[[BackupCopy], None]) -> None:
    """One repository; what goes wrong there stays there."""
    close_old_connections()  # what came before may have taken hours
    copy = BackupCopy.objects.create(run=run, repository=repository.place)
    try:
        work(copy)
        copy.outcome = BackupOutcome.OK
    except DomainError as refusal:
        copy.problem = refusal.message
    except Exception as error:
        logger.exception("backup %s to %s was cut off", run.pk, repository.place)
        copy.problem = _("Galat di server: %(error)s. Rinciannya ada di log server.") % {"error": type(error).__name__}
    if copy.outcome != BackupOutcome.OK:
        copy.outcome = BackupOutcome.PARTIAL if copy.snapshot else BackupOutcome.FAILED
    copy.note = " ".join(dict.fromkeys(repository.notes))[:500]
    close_old_connections()
    copy.save()


def _store(copy: BackupCopy, repository: Repository, bundle: Bundle) -> None:
    """Stored, compared, a part read back, and only then old ones let go; these two once a day."""
    with _timed(copy, "prepare"):
        before = repository.ensure()
    with _timed(copy, "store"):
        stored = repository.backup(bundle.paths, tags=(FULL,), excludes=bundle.excludes)
    copy.bytes_added = stored.bytes_added
    with _timed(copy, "compare"):
        copy.snapshot = _compare(repository, stored.snapshot, bundle)
    if before and before[-1].at > timezone.now() + CLOCK_TOLERANCE:
        raise DomainError(
            _(
                "Jam server lebih lambat daripada cadangan yang sudah ada. Cadangan disimpan, tetapi yang lama tidak "
                "dilepas. Betulkan jam server (NTP)."
            ),
            code="backup.clock",
        )
    if _was_cared_for(repository):
        return
    with _timed(copy, "check"):
        copy.checked_part = _check(repository)
    policy = system_policy()
    keep = {"last": 3, "daily": policy.backup_daily, "weekly": policy.backup_weekly}
    keep |= {"monthly": policy.backup_monthly, "yearly": policy.backup_yearly}
    with _timed(copy, "forget"):
        repository.forget(keep=keep, tag=FULL)
        if any(LOG in snapshot.tags for snapshot in before):
            repository.forget(keep=LOGS_KEPT, tag=LOG)


def _store_logs(copy: BackupCopy, repository: Repository) -> None:
    with _timed(copy, "store"):
        repository.ensure()
        stored = repository.backup([str(logs.folder())], tags=(LOG,))
        copy.snapshot = repository.listed(stored.snapshot, {})
    copy.bytes_added = stored.bytes_added
    if not stored.is_whole:
        raise DomainError(_("Sebagian log tidak terbaca saat dicadangkan. Ulangi."), code="backup.incomplete")


def _compare(repository: Repository, snapshot: str, bundle: Bundle) -> str:
    """Whether the repository lists every file of the manifest in its size; the snapshot's whole id."""
    manifest = bundle.manifest
    wanted = {manifest.path_in_snapshot(path): size for path, _digest, size in manifest.files()}
    wanted[manifest.paths["database"]] = manifest.database_bytes
    whole = repository.listed(snapshot, wanted)
    if wanted:
        logger.error("backup to %s lacks %d files", repository.place, len(wanted))
        raise DomainError(
            _("%(count)d berkas tidak sampai di repositori. Jalankan verify_documents, lalu cadangkan lagi.")
            % {"count": len(wanted)},
            code="backup.incomplete",
        )
    return whole


def _was_cared_for(repository: Repository) -> bool:
    """Whether a part was read back, and old ones were let go, not long ago."""
    lately = BackupCopy.objects.filter(
        repository=repository.place, outcome=BackupOutcome.OK, run__begun_at__gt=timezone.now() - CARE_EVERY
    )
    return lately.exclude(checked_part="").exists()


def _check(repository: Repository) -> str:
    """Read the next part back; which one."""
    nights = settings.BACKUP_CHECK_NIGHTS
    part = f"{timezone.localdate().toordinal() % nights + 1}/{nights}" if nights else ""
    repository.check(part=part)
    return part or "0"


def _describe(run: BackupRun, manifest: Manifest) -> None:
    run.moment, run.program = manifest.moment, manifest.program
    run.tables, run.rows = len(manifest.tables), manifest.rows
    run.documents, run.document_bytes = len(manifest.documents), manifest.document_bytes
    run.database_bytes = manifest.database_bytes


def _end(run: BackupRun) -> None:
    """Write down how it went, and raise the alarm unless it went well."""
    close_old_connections()
    with transaction.atomic():
        copies = list(run.copies.all())
        if run.problem or not copies or any(copy.outcome != BackupOutcome.OK for copy in copies):
            is_somewhere = any(copy.snapshot for copy in copies)
            run.outcome = BackupOutcome.PARTIAL if is_somewhere else BackupOutcome.FAILED
        else:
            run.outcome = BackupOutcome.OK
        told = [run.problem, *(f"{copy.get_repository_display()}: {copy.problem}" for copy in copies if copy.problem)]
        run.problem, run.ended_at = " ".join(filter(None, told))[:500], timezone.now()
        run.save()
        if run.kind == BackupKind.LOG:
            old = timezone.now() - LOG_ROWS_KEPT
            BackupRun.objects.filter(kind=BackupKind.LOG, begun_at__lt=old).delete()
    logger.log(
        logging.INFO if run.is_good else logging.ERROR,
        "backup %s (%s): %s, %s", run.pk, run.kind, run.outcome, run.problem or "no problem",
    )  # fmt: skip
    if not run.is_good:
        with suppress(DatabaseError):
            _tell_administrators([run.problem])


def _close_abandoned() -> None:
    """Runs whose process was killed; nobody else can be at one, since the lock is ours."""
    problem = _("Terputus: prosesnya berhenti di tengah pekerjaan.")
    BackupCopy.objects.filter(run__outcome=BackupOutcome.RUNNING, outcome=BackupOutcome.RUNNING).update(
        outcome=BackupOutcome.FAILED, problem=problem
    )
    BackupRun.objects.filter(outcome=BackupOutcome.RUNNING).update(
        outcome=BackupOutcome.FAILED, problem=problem, ended_at=timezone.now()
    )


@transaction.atomic
def _tell_administrators(sentences: list[str]) -> None:
    """Once a day, however often it fails."""
    day = timezone.localdate()
    for person in User.objects.filter(groups__name="administrator", is_active=True).distinct():
        values = {
            "nama": person.full_name,
            "masalah": "\n".join(f"- {sentence}" for sentence in sentences),
            "tautan": f"{settings.SITE_URL}/admin/",
        }
        queue_message("backup-alarm", recipient=person, values=values, dedupe_key=f"backup-alarm-{day}-{person.pk}")


@contextmanager
def _timed(copy: BackupCopy, step: str) -> Iterator[None]:
    begun = time.monotonic()
    try:
        yield
    finally:
        copy.seconds[step] = round(time.monotonic() - begun, 2)
