"""Small questions about jobs of the timetable, asked by screens, services and /sehat/."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core.timetable.enums import TRIED_AGAIN, RunState, Trigger
from core.timetable.models import ScheduledJob
from core.timetable.table import Entry

#: The timetable is read each minute; when nobody has read it for so long, cron stands still.
SILENT_AFTER = timedelta(minutes=10)
#: A job that is due for longer than this, and was not begun, is late.
LATE_AFTER = timedelta(minutes=15)
#: A job that is due more often than this is not alarming before it failed so many times in a row.
OFTEN, PATIENCE = timedelta(hours=1), 3
#: One time of the timetable is tried so often, with a pause after each failure.
MAX_ATTEMPTS, PAUSE = 3, timedelta(minutes=15)
#: A run beats every few seconds. Silent for so long, on another server, and over its limit: it is dead.
STALE = timedelta(minutes=3)
#: So long after its limit a run may take to end.
GRACE = timedelta(seconds=30)
#: Jobs that carry what people ask for: "Jalankan sekarang" is carried by them.
CARRIERS = frozenset({"run_jobs", "run_more_jobs"})
MAX_PAUSE = timedelta(days=30)


def is_paused(job: ScheduledJob, now: datetime) -> bool:
    return job.paused_until is not None and job.paused_until > now


def is_running(job: ScheduledJob) -> bool:
    return bool(job.worker)


def is_failing(job: ScheduledJob, entry: Entry, now: datetime) -> bool:
    """Whether somebody should look: at the first failure of a daily job, at the third in a row of a frequent one."""
    patience = PATIENCE if entry.expression.apart(now) <= OFTEN else 1
    return job.failures >= patience


def is_late(job: ScheduledJob, entry: Entry, now: datetime) -> bool:
    """Due for long and not begun; a run that should have ended long ago is late as well."""
    if is_paused(job, now):
        return False
    if is_running(job):
        return job.begun_at is not None and now - job.begun_at > entry.limit + LATE_AFTER
    due = entry.expression.last_until(now - LATE_AFTER)
    return job.slot is not None and job.slot < due


def is_silent(job: ScheduledJob, now: datetime) -> bool:
    """Whether nobody reads the timetable any more."""
    return now - (job.looked_at or job.created_at) > SILENT_AFTER


def why_due(job: ScheduledJob, entry: Entry, now: datetime) -> Trigger | None:
    """Why the job is to be begun now; None when it is not."""
    if is_paused(job, now) or is_running(job):
        return None
    due = entry.expression.last_until(now)
    if job.slot is None or job.slot < due:
        return Trigger.SCHEDULE if now - due < timedelta(minutes=2) else Trigger.MISSED
    may_try = job.outcome in TRIED_AGAIN and job.attempts < MAX_ATTEMPTS and job.ended_at is not None
    if may_try and (job.outcome == RunState.INTERRUPTED or abs(now - job.ended_at) >= PAUSE):
        return Trigger.AGAIN
    return None


def is_from_the_future(job: ScheduledJob, entry: Entry, now: datetime) -> bool:
    """Taken up to a time that lies more than one round ahead: the clock was wrong then, and must not stop the job."""
    return job.slot is not None and job.slot > now + entry.expression.apart(now)


def is_surely_dead(job: ScheduledJob, entry: Entry | None, now: datetime) -> bool:
    """Of a run on another server: its limit is over, by which it was ended there, and it beats no more.

    A clock that was set back must not keep a dead run alive: what lies ahead counts like what lies behind.
    """
    limit = (entry.limit if entry else timedelta(0)) + GRACE
    return all(
        since is None or abs(now - since) > span for since, span in ((job.begun_at, limit), (job.beat_at, STALE))
    )


def why_not_run(job: ScheduledJob, by: Any) -> str:
    """ "" when the person may have it run now."""
    if not (by.is_active and by.has_perm("core.run_scheduledjob")):
        return _("Hanya administrator teknis yang dapat menjalankan pekerjaan terjadwal.")
    if job.name in CARRIERS:
        return _("Pekerjaan ini menjalankan permintaan orang; ia mulai sendiri setiap menit.")
    if is_running(job):
        return _("Pekerjaan ini sedang berjalan. Tunggu sampai selesai.")
    if job.asked is not None and job.asked.is_open:
        return _("Pekerjaan ini sudah diminta dan mulai dalam beberapa detik.")
    return ""


def why_not_pause(job: ScheduledJob, by: Any) -> str:
    if not (by.is_active and by.has_perm("core.run_scheduledjob")):
        return _("Hanya administrator teknis yang dapat mematikan pekerjaan terjadwal.")
    return _("Pekerjaan ini sudah dimatikan.") if is_paused(job, timezone.now()) else ""


def why_not_resume(job: ScheduledJob, by: Any) -> str:
    if not (by.is_active and by.has_perm("core.run_scheduledjob")):
        return _("Hanya administrator teknis yang dapat menyalakan pekerjaan terjadwal.")
    return "" if is_paused(job, timezone.now()) else _("Pekerjaan ini tidak sedang dimatikan.")
