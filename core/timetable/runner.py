"""Carrying what is due: one process reads the timetable, each job is carried by a child of it.

The parent watches: it moves the beats, ends what is over its limit, and writes down what died. A child is the
leader of a group of processes, so that the tools it calls are ended with it. Should the parent be killed, the
kernel itself ends the child at its limit (SIGALRM), and its lock says meanwhile that it lives.
"""

import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO

from django.core.management.base import CommandError
from django.db import DatabaseError, close_old_connections, connections
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from core.accounts.models import User
from core.common.exceptions import DomainError
from core.common.telling import told
from core.timetable import locks, rules, services
from core.timetable.enums import RunState, Trigger
from core.timetable.models import ScheduledJob, ScheduledRun
from core.timetable.queries import jobs_of_the_timetable
from core.timetable.table import Entry, entry_of

logger = logging.getLogger("cron")

#: Seconds between two looks at the children, and between two beats.
LOOK, BEAT = 0.1, 5.0
#: Seconds that an ended child has for cleaning up before it is killed.
CLEANING = 10.0


class Stopped(BaseException):
    """The child is to end; not to be caught by the work, which only cleans up."""


@dataclass
class Child:
    """A run that another process carries."""

    entry: Entry
    token: str
    pid: int
    begun: float = field(default_factory=time.monotonic)
    outcome: RunState = RunState.INTERRUPTED
    reason: str = ""
    killed_at: float | None = None


def run_due() -> list[str]:
    """Carry everything that is due, side by side, to its end; the names of those that did not end well."""
    return _watch(_begin_due)


def keep_running() -> None:
    """Read the timetable each minute until this process is told to end: where there is no cron."""
    _watch(_begin_due, is_endless=True)


def run_in_turn() -> None:
    """Carry what is due in this process, one after the other: for the demo, which has threads and no cron."""
    for entry, job, trigger in _due():
        lock = locks.hold(job.name)
        if lock is None:
            continue
        with lock:
            run = services.claim_run(job=job, entry=entry, trigger=trigger, now=timezone.now())
            if run is not None:
                begun = time.monotonic()
                outcome, result = carry(entry)
                services.end_run(token=run.token, outcome=outcome, result=result, seconds=time.monotonic() - begun)


def run_now(name: str, *, by: User | None = None) -> bool:
    """Carry one job, due or not; whether it ended well. DomainError when it is being carried already."""
    entry = entry_of(name)
    services.lay_timetable_ready()
    job = ScheduledJob.objects.filter(name=name).first()
    if entry is None or job is None:
        raise DomainError(_("Tidak ada pekerjaan bernama %(name)s dalam jadwal.") % {"name": name}, code="run.unknown")
    services.take_up_interrupted(now=timezone.now(), names=[name])
    row = ScheduledJob.objects.get(pk=job.pk)

    def begin() -> list[Child]:
        child = _begin(entry, row, Trigger.REQUEST, by=by)
        if child is None:
            raise DomainError(_("Pekerjaan ini sedang berjalan. Tunggu sampai selesai."), code="run.running")
        return [child]

    return not _watch(begin)


def carry(entry: Entry) -> tuple[RunState, str]:
    """Do the work of a job in this process: how it ended, and in words what it did or why it broke."""
    try:
        return RunState.DONE, str(import_string(entry.function)() or "")
    except DomainError as refusal:
        return RunState.FAILED, refusal.message
    except CommandError as refusal:
        return RunState.FAILED, str(refusal)
    except Exception as error:  # whatever it ran into: the others go on, and somebody is told
        return RunState.FAILED, told(error)


# --- the processes ------------------------------------------------------------------------------------------


def _due() -> list[tuple[Entry, ScheduledJob, Trigger]]:
    """What is to be begun now, after what was cut off has been put right."""
    now = timezone.now()
    services.lay_timetable_ready(now=now)
    services.take_up_interrupted(now=now)
    services.look(now=now)
    asked = [(entry, job, rules.why_due(job, entry, now)) for entry, job in jobs_of_the_timetable()]
    return [(entry, job, trigger) for entry, job, trigger in asked if trigger is not None]


def _begin_due() -> list[Child]:
    begun = [_begin(entry, job, trigger) for entry, job, trigger in _due()]
    return [child for child in begun if child is not None]


def _begin(entry: Entry, job: ScheduledJob, trigger: Trigger, *, by: User | None = None) -> Child | None:
    """Take a job up and let a child carry it; None when somebody else has it."""
    lock = locks.hold(job.name)
    if lock is None:
        return None
    with lock:  # the child has it as well, and keeps it when this process lets go
        run = services.claim_run(job=job, entry=entry, trigger=trigger, now=timezone.now(), by=by)
        return _fork(entry, run, lock) if run is not None else None


def _fork(entry: Entry, run: ScheduledRun, lock: IO[str]) -> Child:
    with suppress(Exception):  # loaded once for all children; whoever carries it tells what is wrong with it
        import_string(entry.function)
        str(entry.title)  # and the words of all translations
    connections.close_all()  # a connection belongs to one process
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    pid = os.fork()
    if pid:
        return Child(entry, run.token, pid)
    code = 1
    try:
        os.setpgid(0, 0)
        signal.signal(signal.SIGTERM, _stop)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C goes to the parent, which ends its children
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(round((entry.limit + rules.GRACE).total_seconds()))
        begun = time.monotonic()
        outcome, result = carry(entry)
        connections.close_all()  # the database may have been restarted meanwhile
        services.end_run(token=run.token, outcome=outcome, result=result, seconds=time.monotonic() - begun)
        code = 0 if outcome == RunState.DONE else 1
    except Stopped:
        pass
    except Exception as error:
        logger.error("%s could not say how it ended: %s", entry.name, told(error))
    finally:
        logging.shutdown()
        os._exit(code)  # what the parent has begun is the parent's to end


def _stop(number: int, frame: object) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise Stopped


def _watch(begin: Callable[[], list[Child]], *, is_endless: bool = False) -> list[str]:
    """Until all that has begun has ended; the names of those that did not end well. Endless: begins anew each minute.

    Who is to listen for the end of this process does so before the first child is born: none is left behind.
    """
    asked: list[int] = []
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = {number: signal.signal(number, lambda number, frame: asked.append(number)) for number in numbers}
    failed: list[str] = []
    try:
        left, beaten, minute = begin(), time.monotonic(), _minute()
        while left or (is_endless and not asked):
            for child in list(left):
                ended, status = os.waitpid(child.pid, os.WNOHANG)
                if ended:
                    left.remove(child)
                    if not _is_well(child, status):
                        failed.append(child.entry.name)
                else:
                    _end_in_time(child, is_stopping=bool(asked))
            if is_endless and not asked and minute != _minute():
                minute = _minute()
                left += _joined(begin)
            if left and time.monotonic() - beaten > BEAT:
                _beat(left)
                beaten = time.monotonic()
            if left or is_endless:
                time.sleep(LOOK)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return failed


def _minute() -> int:
    return int(time.time() // 60)


def _joined(begin: Callable[[], list[Child]]) -> list[Child]:
    try:
        close_old_connections()
        return begin()
    except DatabaseError as error:  # away for a moment: the next minute makes up for it
        logger.error("the timetable could not be read: %s", type(error).__name__)
        connections.close_all()
        return []


def _end_in_time(child: Child, *, is_stopping: bool) -> None:
    """Ask a child to end when its limit is over, or when this process is to end; kill it when it does not."""
    now = time.monotonic()
    if child.killed_at is None:
        is_over = now - child.begun > child.entry.limit.total_seconds()
        if is_over or is_stopping:
            minutes = round(child.entry.limit.total_seconds() / 60)
            child.outcome = RunState.OVER_LIMIT if is_over else RunState.INTERRUPTED
            child.reason = (
                _("Dihentikan sesudah batas waktunya, %(minutes)d menit.") % {"minutes": minutes}
                if is_over
                else _("Dihentikan karena server atau penjadwal dimatikan.")
            )
            child.killed_at = now
            _signal(child, signal.SIGTERM)
    elif now - child.killed_at > CLEANING:
        _signal(child, signal.SIGKILL)


def _signal(child: Child, number: int) -> None:
    """To the child and to all that it has begun; to itself alone while it had no time yet to become a leader."""
    for send in (os.killpg, os.kill):
        with suppress(ProcessLookupError):
            send(child.pid, number)
            return


def _is_well(child: Child, status: int) -> bool:
    """What a child that has ended leaves: its word, or ours where it had none."""
    if os.waitstatus_to_exitcode(status) == 0:
        return True
    _signal(child, signal.SIGKILL)  # tools that outlived it
    reason = child.reason or _("Prosesnya mati sebelum selesai: server atau pekerjaan dihentikan paksa.")
    try:
        close_old_connections()
        services.end_run(
            token=child.token, outcome=child.outcome, result=reason, seconds=time.monotonic() - child.begun
        )
    except DatabaseError as error:  # the next minute finds it dead
        logger.error("%s: how it ended could not be written down: %s", child.entry.name, type(error).__name__)
        connections.close_all()
    return False


def _beat(children: Sequence[Child]) -> None:
    try:
        services.beat([child.token for child in children], now=timezone.now())
    except DatabaseError as error:  # locked, or away for a moment: the next beat says the same
        logger.info("no beat: %s", type(error).__name__)
        connections.close_all()
