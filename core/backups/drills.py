"""The restore drill: takes the newest backup of one repository, restores it beside the real installation and looks.

Three ends. *Proven*: everything was looked at and is as the manifest says. *Differs*: something is not. *Could not
verify*: something could not be looked at, for whatever reason; what was not looked at never counts as proven.
The only writer of `RestoreDrill`.
"""

import fcntl
import json
import logging
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import close_old_connections, connection, transaction
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.accounts.models import User
from core.accounts.queries import administrators
from core.activity.services import record_activity
from core.backups.drill_enums import PROOFS, DrillOutcome, DrillStep, StepResult
from core.backups.drill_models import RestoreDrill
from core.backups.enums import Place
from core.backups.inspection import NAMED, Expected, Report
from core.backups.models import BackupCopy
from core.backups.restic import repositories
from core.backups.restoring import restore_into
from core.backups.scratch import CannotVerify, Scratch, free_bytes, program_on, scratch_place
from core.backups.services import alone, mark_proven
from core.backups.sources import Source, newest
from core.common.exceptions import DomainError
from core.common.text import grouped
from core.jobs.progress import Cancelled
from core.messaging.services import queue_message

logger = logging.getLogger(__name__)

#: Told while a drill goes on: (step, how many steps are done).
Tell = Callable[[str, int], None]
STEPS = len(DrillStep)
#: Answers of a repository that say that the backup is not what it was, rather than that nobody could look.
DAMAGE = frozenset(
    {"backup.damaged", "backup.dump_differs", "backup.file_changed", "backup.file_missing", "backup.no_manifest"}
)
#: What would pass in a real loss before people can work again; looking whether all is there goes on beside them.
UNTIL_USABLE = (DrillStep.PREPARE, DrillStep.RESTORE, DrillStep.MIGRATE, DrillStep.LOG_IN)
#: Seconds after which a backup that is under way is asked again whether it is over.
AWAITED = 5
#: Room that must be left beside what is restored: a database takes more on the disk than in its dump.
ROOM = 1.3


# --- asking -------------------------------------------------------------------------------------------------


def next_place() -> str:
    """Local and remote in turn, so that each is proven; local alone where there is no other."""
    places = [repository.place for repository in repositories()]
    last = RestoreDrill.objects.exclude(outcome=DrillOutcome.RUNNING).values_list("place", flat=True).first()
    others = [place for place in places if place != last]
    return (others or places or [Place.LOCAL])[0]


def running_drill() -> RestoreDrill | None:
    """The drill that a process is at now; one whose process was killed is none."""
    drill = RestoreDrill.objects.filter(outcome=DrillOutcome.RUNNING).first()
    if drill is None:
        return None
    with _held() as nobody_else:
        return None if nobody_else else drill


# --- the drill ----------------------------------------------------------------------------------------------


def run_drill(*, by: User | None = None, place: str = "", tell: Tell = lambda step, done: None) -> RestoreDrill:
    """Do one drill from beginning to end; raises DomainError only when another one is at it.

    Whatever else goes wrong is the outcome of the drill. Nothing but its record is written outside the copy.
    """
    with _held() as nobody_else:
        if not nobody_else:
            raise DomainError(
                _("Uji pemulihan lain sedang berjalan. Tunggu sampai selesai, lalu ulangi."), code="run_drill.running"
            )
        _close_interrupted()
        drill = _begin(by=by, place=place or next_place())
        try:
            _Drill(drill, tell).carry()
        except Cancelled:
            _give_up(drill, _("Dibatalkan oleh yang memintanya."))
            raise
        except Exception as error:  # whatever it ran into: that is the outcome
            logger.exception("restore drill %s broke", drill.pk)
            _give_up(drill, _("Galat di server: %(error)s.") % {"error": type(error).__name__})
        except BaseException:
            _give_up(drill, _("Dihentikan sebelum selesai."))
            raise
        else:
            _end(drill)
        return drill


@contextmanager
def _held() -> Iterator[bool]:
    """Whether no other drill is at work on this machine. The kernel lets go when the process ends, however it ends."""
    settings.DRILL_FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(settings.DRILL_FOLDER / ".lock", "w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _close_interrupted() -> None:
    """Drills whose process was killed proved nothing."""
    for drill in RestoreDrill.objects.filter(outcome=DrillOutcome.RUNNING):
        _give_up(drill, _("Terputus: prosesnya berhenti di tengah jalan."))


def _step_after(drill: RestoreDrill) -> str:
    """The step at which a drill was."""
    done = {step["code"] for step in drill.steps}
    return next((step for step in DrillStep if step not in done), DrillStep.CLEAN)


@transaction.atomic
def _begin(*, by: User | None, place: str) -> RestoreDrill:
    drill = RestoreDrill.objects.create(place=place, requested_by=by)
    record_activity("drill.begin", by=by, subject=drill, place=place)
    return drill


class _Drill:
    """One process at one drill."""

    def __init__(self, drill: RestoreDrill, tell: Tell) -> None:
        self.drill, self.tell = drill, tell
        self.until = time.monotonic() + settings.DRILL_MINUTES * 60

    def carry(self) -> None:
        try:
            with self._step(DrillStep.PREPARE) as report:
                source = self._find_source(report)
            with scratch_place() as scratch:
                with self._step(DrillStep.RESTORE) as report, self._no_backup_meanwhile():
                    expected = self._restore(source, scratch, report)
                self._inspect(expected, scratch)
                cleaning = time.monotonic()
            self._done(Report(DrillStep.CLEAN), cleaning)
            self.tell(DrillStep.CLEAN, len(self.drill.steps))
        except _Stopped:
            pass
        except CannotVerify as reason:
            _add(self.drill, Report(_step_after(self.drill), StepResult.FAILED, note=str(reason)))

    @contextmanager
    def _step(self, code: str) -> Iterator[Report]:
        """What happens inside is one step; a reason not to go on ends it, and the drill with it."""
        self.tell(code, len(self.drill.steps))
        report, begun = Report(code), time.monotonic()
        try:
            yield report
        except (CannotVerify, DomainError) as reason:
            is_damage = isinstance(reason, DomainError) and reason.code in DAMAGE
            report.result = StepResult.DIFFERS if is_damage else StepResult.FAILED
            report.note = reason.message if isinstance(reason, DomainError) else str(reason)
            self._done(report, begun)
            raise _Stopped from reason
        self._done(report, begun)

    def _done(self, report: Report, begun: float) -> None:
        report.seconds = round(time.monotonic() - begun, 2)
        _add(self.drill, report)

    def _find_source(self, report: Report) -> Source:
        source = newest(self.drill.place)
        manifest = source.manifest
        self.drill.snapshot, self.drill.snapshot_at = source.snapshot.id, manifest.moment
        self.drill.program = manifest.program
        self.drill.copy = BackupCopy.objects.filter(snapshot=source.snapshot.id, repository=self.drill.place).first()
        needed, free = round(source.size * ROOM), free_bytes()
        if free < needed:
            raise CannotVerify(
                _("Ruang cakram kurang: perlu %(needed)s, ada %(free)s di %(folder)s. Tambah, atau ubah DRILL_FOLDER.")
                % {"needed": filesizeformat(needed), "free": filesizeformat(free), "folder": settings.DRILL_FOLDER}
            )
        report.note = _("Cadangan %(snapshot)s, keadaan %(when)s.") % {
            "snapshot": source.snapshot.id[:8],
            "when": date_format(timezone.localtime(manifest.moment), "j M Y, H.i"),
        }
        return source

    def _restore(self, source: Source, scratch: Scratch, report: Report) -> Path:
        """The copy is laid out, and a file that says what must be in it."""
        manifest, _snapshot = restore_into(
            repository=source.repository,
            snapshot=source.snapshot.id,
            database=scratch.database,
            folder=scratch.folder / "documents",
            imports_folder=scratch.folder / "imports",
            work_folder=scratch.folder / "work",
            progress=lambda sentence: self._look_at_the_clock(),
        )
        expected = Expected(manifest.tables, list(manifest.files()), [*manifest.destroyed, *manifest.missing])
        path = scratch.folder / "expected.json"
        path.write_text(json.dumps(asdict(expected)), encoding="utf-8")
        report.note = _("%(rows)s baris dan %(files)s berkas (%(size)s) dipulihkan.") % {
            "rows": grouped(manifest.rows),
            "files": grouped(len(expected.files)),
            "size": filesizeformat(manifest.document_bytes),
        }
        return path

    @contextmanager
    def _no_backup_meanwhile(self) -> Iterator[None]:
        """A backup throws away what only old ones held, which may be what is just read: one waits for the other."""
        with ExitStack() as stack:
            while True:
                try:
                    stack.enter_context(alone())
                    break
                except DomainError as busy:
                    if time.monotonic() > self.until - AWAITED:
                        raise CannotVerify(busy.message) from busy
                    time.sleep(AWAITED)
            yield

    def _look_at_the_clock(self) -> None:
        self.tell(DrillStep.RESTORE, len(self.drill.steps))
        if time.monotonic() > self.until:
            raise self._late()

    def _late(self) -> CannotVerify:
        return CannotVerify(
            _("Waktu habis sesudah %(minutes)d menit (DRILL_MINUTES).") % {"minutes": settings.DRILL_MINUTES}
        )

    def _inspect(self, expected: Path, scratch: Scratch) -> None:
        """Have the copy looked at by a process of its own, which is killed when the time is over."""
        looking = subprocess.Popen(  # noqa: S603 - this very program
            program_on(scratch, "inspect_restored", str(expected)),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        timer = threading.Timer(max(1.0, self.until - time.monotonic()), _kill, [looking])
        timer.start()
        try:
            self.tell(DrillStep.ROWS, len(self.drill.steps))
            for line in looking.stdout or ():
                _add(self.drill, Report(**json.loads(line)))
                self.tell(_step_after(self.drill), len(self.drill.steps))
            code = looking.wait()
        finally:
            is_late = not timer.is_alive()
            timer.cancel()
            _kill(looking)
            looking.communicate()
        if is_late:
            raise self._late()
        if code:
            raise CannotVerify(
                _("Proses yang memeriksa salinan berhenti sebelum selesai (kode %(code)d).") % {"code": code}
            )


class _Stopped(Exception):
    """The drill ended early; why is written down."""


def _kill(process: subprocess.Popen) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)


# --- what is written ------------------------------------------------------------------------------------------


def _add(drill: RestoreDrill, report: Report) -> None:
    """Write a step down at once: whoever looks at the page follows, and what a kill leaves is true."""
    if not connection.in_atomic_block:
        close_old_connections()  # a restore may take longer than the database keeps an idle connection
    drill.steps.append(
        {"code": report.step, "result": report.result, "seconds": report.seconds, "note": report.note[:300]}
    )
    room = NAMED - len(drill.differences)
    drill.differences += [{"step": report.step} | asdict_of(found) for found in report.differences[: max(0, room)]]
    drill.difference_count += report.difference_count
    for name, value in report.facts.items():
        setattr(drill, name, value)
    drill.save()


def asdict_of(found: Any) -> dict[str, str]:
    """A difference, whether it comes from here or, as JSON, from the other process."""
    return found if isinstance(found, dict) else asdict(found)


def _give_up(drill: RestoreDrill, note: str) -> None:
    _add(drill, Report(_step_after(drill), StepResult.FAILED, note=note))
    _end(drill)


def outcome_of(steps: list[dict[str, Any]]) -> str:
    """A difference weighs most; then anything that was not looked at."""
    results = {step["code"]: step["result"] for step in steps}
    if StepResult.DIFFERS in results.values():
        return DrillOutcome.DIFFERS
    looked_at = all(results.get(proof) in (StepResult.FINE, StepResult.SKIPPED) for proof in PROOFS)
    return DrillOutcome.PROVEN if looked_at else DrillOutcome.UNVERIFIED


@transaction.atomic
def _end(drill: RestoreDrill) -> None:
    drill.outcome, drill.ended_at = outcome_of(drill.steps), timezone.now()
    if drill.outcome == DrillOutcome.PROVEN:
        mark_proven(snapshot=drill.snapshot, by=drill.requested_by)
        drill.usable_seconds = round(sum(step["seconds"] for step in drill.steps if step["code"] in UNTIL_USABLE))
    drill.save()
    record_activity("drill.end", by=drill.requested_by, subject=drill, outcome=drill.outcome)
    if drill.outcome == DrillOutcome.PROVEN:
        logger.info("restore drill %s: proven", drill.pk)
        return
    logger.error("restore drill %s: %s", drill.pk, drill.outcome)
    for administrator in administrators():
        queue_message(
            "drill-not-proven",
            recipient=administrator,
            values={
                "nama": administrator.full_name,
                "hasil": drill.get_outcome_display().lower(),
                "cadangan": drill.get_place_display().lower(),
                "sebab": drill.problem or _("Ada yang tidak sama dengan saat dicadangkan."),
                "tautan": f"{settings.SITE_URL}/admin/core/restoredrill/{drill.pk}/change/",
            },
            dedupe_key=f"drill-{drill.pk}-{administrator.pk}",
        )
