"""The only writers of the timetable: taking a job up, telling how it ended, switching it off, asking for it now.

A run goes to one process only. On one machine the kernel's lock says who has it (`locks.hold`); between
machines one conditional UPDATE does, and each writing after that names the run's token.
"""

import logging
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core.accounts.models import User
from core.accounts.queries import staff_users
from core.activity.services import record_activity
from core.common.exceptions import DomainError
from core.common.text import clean_line
from core.jobs.models import Job
from core.jobs.services import request_job
from core.messaging.services import queue_message
from core.timetable import locks, rules
from core.timetable.enums import RunState, Trigger
from core.timetable.models import LATELY, ScheduledJob, ScheduledRun
from core.timetable.table import Entry, entry_of, timetable

logger = logging.getLogger("cron")

#: Runs of jobs that are due more often than every hour and went well; all others stay longer.
FREQUENT_KEPT, KEPT = timedelta(days=2), timedelta(days=180)
#: The kind of background job that carries "Jalankan sekarang".
KIND = "scheduled-run"


def lay_timetable_ready(*, now: datetime | None = None) -> None:
    """A row for each job of the settings. What a new one has not done before it was there is not missed."""
    now = now or timezone.now()
    known = set(ScheduledJob.objects.values_list("name", flat=True))
    for name, entry in timetable().items():
        if name not in known:
            ScheduledJob.objects.get_or_create(name=name, defaults={"slot": entry.expression.last_until(now)})


def look(*, now: datetime) -> None:
    """That somebody reads the timetable this minute; with it, what a clock that was wrong has left behind."""
    ScheduledJob.objects.update(looked_at=now)
    for job in ScheduledJob.objects.filter(slot__gt=now, worker=""):
        entry = entry_of(job.name)
        if entry is not None and rules.is_from_the_future(job, entry, now):
            logger.warning("%s was taken up to %s: the clock was wrong then", job.name, job.slot)
            mine = ScheduledJob.objects.filter(pk=job.pk, worker="", slot=job.slot)
            mine.update(slot=entry.expression.last_until(now))


# --- the run ------------------------------------------------------------------------------------------------


@transaction.atomic
def claim_run(
    *, job: ScheduledJob, entry: Entry, trigger: Trigger, now: datetime, by: User | None = None
) -> ScheduledRun | None:
    """Take a job up, for this process alone; None when somebody else was quicker. The caller holds its lock here.

    `slot` grows with it, and only grows: a clock that was set back finds its time taken, and waits for the next.
    """
    due = entry.expression.last_until(now)
    free = ScheduledJob.objects.filter(pk=job.pk, worker="")
    if trigger in (Trigger.SCHEDULE, Trigger.MISSED):
        free = free.filter(Q(slot=None) | Q(slot__lt=due))
    elif trigger == Trigger.AGAIN:
        free = free.filter(slot=job.slot, attempts=job.attempts)
    slot = due if job.slot is None or job.slot < due else job.slot
    token = secrets.token_hex(16)
    claimed = free.update(
        worker=token,
        place=locks.here(),
        slot=slot,
        attempts=F("attempts") + 1 if trigger == Trigger.AGAIN else 1,
        begun_at=now,
        beat_at=now,
        ended_at=None,
        outcome=RunState.RUNNING,
        result="",
    )
    if not claimed:
        return None
    return ScheduledRun.objects.create(
        job=job, token=token, slot=slot, trigger=trigger, requested_by=by, place=locks.here(), begun_at=now
    )


def beat(tokens: Iterable[str], *, now: datetime) -> None:
    """That these runs go on."""
    ScheduledJob.objects.filter(worker__in=list(tokens)).update(beat_at=now)


@transaction.atomic
def end_run(*, token: str, outcome: RunState, result: str = "", seconds: float | None = None) -> bool:
    """Write down how a run ended; False when it has been written down before, or was taken for dead."""
    now = timezone.now()
    run = ScheduledRun.objects.filter(token=token, outcome=RunState.RUNNING).select_related("job").first()
    mine = ScheduledJob.objects.filter(worker=token)
    if run is None:
        return False
    if seconds is None:  # whoever timed it is gone
        seconds = max(0.0, (now - run.begun_at).total_seconds())
    told = {"ended_at": now, "outcome": outcome, "result": result[:500], "milliseconds": round(seconds * 1000)}
    is_well = outcome == RunState.DONE
    lately = [*run.job.lately, [told["milliseconds"], outcome.value]][-LATELY:]
    failures = 0 if is_well else F("failures") + 1
    if not mine.update(worker="", beat_at=None, failures=failures, lately=lately, **told):
        return False
    ScheduledRun.objects.filter(pk=run.pk).update(**told)
    level = logging.INFO if is_well else logging.ERROR
    extra = {"job": run.job.name, "run": run.pk, "outcome": str(outcome.value), "seconds": round(seconds, 1)}
    logger.log(level, "%s: %s (%.1f s) %s", run.job.name, outcome.value, seconds, result, extra=extra)
    if not is_well:
        _tell_administrators(run.job_id, now)
    return True


def _tell_administrators(pk: int, now: datetime) -> None:
    """One letter a day for each job that somebody should look at."""
    job = ScheduledJob.objects.get(pk=pk)
    entry = entry_of(job.name)
    if entry is None or not rules.is_failing(job, entry, now):
        return
    for person in staff_users().filter(groups__name="administrator").distinct():
        values = {
            "nama": person.full_name,
            "pekerjaan": str(entry.title),
            "hasil": job.get_outcome_display(),
            "sebab": job.result or "-",
            "kali": str(job.failures),
            "tautan": f"{settings.SITE_URL}/admin/core/scheduledjob/{job.pk}/change/",
        }
        key = f"cron-{job.name}-{timezone.localdate(now):%Y%m%d}-{person.pk}"
        queue_message("scheduled-job-failed", recipient=person, values=values, dedupe_key=key)


def take_up_interrupted(*, now: datetime, names: Iterable[str] | None = None) -> int:
    """Runs whose process is surely dead are told as interrupted, so that they are begun again; how many."""
    held = ScheduledJob.objects.exclude(worker="")
    found = 0
    for job in held if names is None else held.filter(name__in=list(names)):
        if job.place == locks.here():
            lock = locks.hold(job.name)
            if lock is None:
                continue
            lock.close()
        elif not rules.is_surely_dead(job, entry_of(job.name), now):
            continue
        reason = _("Prosesnya mati sebelum selesai: server atau pekerjaan dihentikan paksa.")
        found += end_run(token=job.worker, outcome=RunState.INTERRUPTED, result=reason)
    return found


def prune_runs(*, now: datetime | None = None, batch: int = 1000) -> int:
    """Remove runs that nobody asks for any more; how many."""
    now = now or timezone.now()
    often = [name for name, entry in timetable().items() if entry.expression.apart(now) <= rules.OFTEN]
    dull = Q(begun_at__lt=now - FREQUENT_KEPT, outcome=RunState.DONE, job__name__in=often)
    old = ScheduledRun.objects.filter(dull | Q(begun_at__lt=now - KEPT)).order_by("pk")
    removed = 0
    while keys := list(old.values_list("pk", flat=True)[:batch]):
        removed += ScheduledRun.objects.filter(pk__in=keys).delete()[0]
    return removed


# --- what the administrator does ----------------------------------------------------------------------------


@transaction.atomic
def request_run(*, job: ScheduledJob, by: User) -> Job:
    """Have a job run now, also while it is switched off; it begins within seconds, carried in the background."""
    job = _locked(job)
    _refuse(rules.why_not_run(job, by), "request_run.refused")
    entry = _known(job)
    job.asked = request_job(
        kind=KIND,
        title=_("Jalankan: %(job)s") % {"job": entry.title},
        parameters={"name": job.name},
        by=by,
        tell_when_ready=False,
    )
    job.save(update_fields=["asked"])
    record_activity("schedule.run", by=by, subject=job, title=str(entry.title))
    return job.asked


@transaction.atomic
def pause_job(*, job: ScheduledJob, until: datetime, reason: str, by: User) -> ScheduledJob:
    """Switch a job off until then. What it misses meanwhile is made up for once afterwards."""
    job = _locked(job)
    _refuse(rules.why_not_pause(job, by), "pause_job.refused")
    entry = _known(job)
    now = timezone.now()
    if not now < until <= now + rules.MAX_PAUSE:
        raise DomainError(
            _("Pilih waktu sesudah sekarang, paling lama %(days)d hari lagi.") % {"days": rules.MAX_PAUSE.days},
            code="pause_job.until",
            field="until",
        )
    reason = clean_line(reason)
    if not reason:
        raise DomainError(
            _("Tulis alasannya, supaya rekan Anda tahu mengapa."), code="pause_job.reason", field="reason"
        )
    job.paused_until, job.pause_reason, job.paused_by = until, reason[:200], by
    job.save(update_fields=["paused_until", "pause_reason", "paused_by"])
    day = f"{timezone.localtime(until):%d-%m-%Y %H.%M}"
    record_activity("schedule.pause", by=by, subject=job, title=str(entry.title), until=day)
    return job


@transaction.atomic
def resume_job(*, job: ScheduledJob, by: User) -> ScheduledJob:
    """Switch it on again before its time."""
    job = _locked(job)
    _refuse(rules.why_not_resume(job, by), "resume_job.refused")
    job.paused_until, job.pause_reason, job.paused_by = None, "", None
    job.save(update_fields=["paused_until", "pause_reason", "paused_by"])
    record_activity("schedule.resume", by=by, subject=job, title=str(_known(job).title))
    return job


def _locked(job: ScheduledJob) -> ScheduledJob:
    ScheduledJob.objects.select_for_update().values_list("pk").get(pk=job.pk)
    return ScheduledJob.objects.select_related("asked").get(pk=job.pk)


def _refuse(reason: str, code: str) -> None:
    if reason:
        raise DomainError(reason, code=code)


def _known(job: Any) -> Entry:
    entry = entry_of(job.name)
    if entry is None:
        raise DomainError(_("Pekerjaan ini tidak ada lagi dalam jadwal."), code="schedule.unknown")
    return entry
