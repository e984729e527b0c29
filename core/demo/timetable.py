"""The timetable in the demonstration: a fortnight of nights, one of which went wrong."""

import random
from datetime import datetime, timedelta

from django.utils import timezone

from core.timetable import rules
from core.timetable.enums import RunState, Trigger
from core.timetable.models import LATELY, ScheduledJob, ScheduledRun
from core.timetable.services import lay_timetable_ready
from core.timetable.table import Entry, entry_of

NIGHTS = 14
#: The job that did not get through in one of the nights, and why.
WRONG, REASON = "verify_documents", "Dihentikan sesudah batas waktunya, 180 menit."


def seed_timetable(*, luck: random.Random) -> None:
    """Laid by hand: nobody waits a fortnight for a demonstration."""
    now = timezone.now()
    lay_timetable_ready(now=now)
    nights: list[ScheduledRun] = []
    for job in ScheduledJob.objects.filter(runs=None):
        entry = entry_of(job.name)
        if entry is not None and entry.expression.apart(now) > rules.OFTEN:
            runs = _nights(job, entry, now, luck)
            _remember(job, runs)
            nights += runs
    ScheduledRun.objects.bulk_create(sorted(nights, key=lambda run: run.begun_at))


def _nights(job: ScheduledJob, entry: Entry, now: datetime, luck: random.Random) -> list[ScheduledRun]:
    """The oldest first."""
    usual, runs, slot = luck.randint(400, 90_000), [], now
    for night in range(NIGHTS):
        slot = entry.expression.last_until(slot - timedelta(minutes=1))
        is_wrong = (job.name, night) == (WRONG, 5)
        milliseconds = 10_800_000 if is_wrong else round(usual * luck.uniform(0.7, 1.4))
        runs.append(
            ScheduledRun(
                job=job,
                token=f"{job.name}-{night}"[:32],
                slot=slot,
                trigger=Trigger.SCHEDULE,
                place="server-demo",
                begun_at=slot + timedelta(seconds=1),
                ended_at=slot + timedelta(seconds=1, milliseconds=milliseconds),
                outcome=RunState.OVER_LIMIT if is_wrong else RunState.DONE,
                milliseconds=milliseconds,
                result=REASON if is_wrong else "Selesai.",
            )
        )
    return runs[::-1]


def _remember(job: ScheduledJob, runs: list[ScheduledRun]) -> None:
    last = runs[-1]
    job.begun_at, job.ended_at, job.outcome = last.begun_at, last.ended_at, last.outcome
    job.milliseconds, job.result, job.place = last.milliseconds, last.result, last.place
    job.lately = [[run.milliseconds, run.outcome.value] for run in runs][-LATELY:]
    job.save()
