"""Reads of the timetable."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from core.timetable import rules
from core.timetable.models import ScheduledJob
from core.timetable.table import Entry, timetable


@dataclass(frozen=True)
class TimetableState:
    """How the timetable does, for the home of an administrator and for /sehat/."""

    is_silent: bool
    looked_at: datetime | None
    failing: list[ScheduledJob]
    late: list[ScheduledJob]
    paused: list[ScheduledJob]

    @property
    def wrong(self) -> list[ScheduledJob]:
        """Each once, though it fails and is late."""
        return list({job.pk: job for job in (*self.failing, *self.late)}.values())

    @property
    def is_sound(self) -> bool:
        return not (self.is_silent or self.wrong)


def jobs_of_the_timetable() -> list[tuple[Entry, ScheduledJob]]:
    """Each job of the settings with its row, in their order; none before `load_reference` or the first run of cron."""
    rows = {job.name: job for job in ScheduledJob.objects.select_related("asked", "paused_by")}
    return [(entry, rows[name]) for name, entry in timetable().items() if name in rows]


def timetable_state(
    *, now: datetime | None = None, jobs: list[tuple[Entry, ScheduledJob]] | None = None
) -> TimetableState:
    """In one question, or none where the jobs are read already.

    A paused job alarms nobody: somebody decided so, for a time, and the home says it.
    """
    now = now or timezone.now()
    found = jobs_of_the_timetable() if jobs is None else jobs
    awake = [(entry, job) for entry, job in found if not rules.is_paused(job, now)]
    return TimetableState(
        is_silent=bool(found) and all(rules.is_silent(job, now) for _entry, job in found),
        looked_at=max((job.looked_at for _entry, job in found if job.looked_at), default=None),
        failing=[job for entry, job in awake if rules.is_failing(job, entry, now)],
        late=[job for entry, job in awake if rules.is_late(job, entry, now)],
        paused=[job for _entry, job in found if rules.is_paused(job, now)],
    )


def next_time(entry: Entry, job: ScheduledJob, *, now: datetime) -> datetime:
    """When the job is begun next; for a paused one, after its pause."""
    after = max(filter(None, (now, job.paused_until)))
    return entry.expression.next_after(after)
