"""Jobs of the timetable and their runs."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from core.timetable.models import ScheduledJob, ScheduledRun


def job_named(name: str = "clear_expired") -> ScheduledJob:
    return ScheduledJob.objects.get(name=name)


def make_scheduled_run(
    *, name: str = "clear_expired", begun_at: datetime | None = None, seconds: float = 2, **values: Any
) -> ScheduledRun:
    """One that has ended, well unless told."""
    begun = begun_at or timezone.now()
    number = ScheduledRun.objects.count()
    told = {
        "token": f"uji-{number}", "trigger": "jadwal", "place": "uji", "outcome": "selesai", "result": "Selesai",
        "ended_at": begun + timedelta(seconds=seconds), "milliseconds": round(seconds * 1000),
    }  # fmt: skip
    return ScheduledRun.objects.create(job=job_named(name), begun_at=begun, slot=begun, **told | values)


def make_failed_job(*, name: str = "clear_expired", failures: int = 1) -> ScheduledJob:
    """One whose last run failed."""
    run = make_scheduled_run(name=name, outcome="gagal", result="Disk penuh")
    ScheduledJob.objects.filter(name=name).update(
        outcome="gagal", result="Disk penuh", failures=failures, begun_at=run.begun_at, ended_at=run.ended_at
    )
    return job_named(name)
