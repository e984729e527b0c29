"""Reads of jobs."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, QuerySet
from django.utils import timezone

from core.jobs.enums import OPEN_STATES, JobState
from core.jobs.models import Job
from core.jobs.rules import oversees


def jobs_for(by: Any) -> QuerySet[Job]:
    """One's own; everybody's for who oversees them."""
    return Job.objects.all() if oversees(by) else Job.objects.filter(by=by.pk)


def open_jobs(by: Any) -> int:
    """How many of one's own still move."""
    return Job.objects.filter(by=by.pk, state__in=OPEN_STATES).count()


def count_by_state() -> dict[str, int]:
    """{state: how many} of those that still move."""
    rows = Job.objects.filter(state__in=OPEN_STATES).order_by().values_list("state").annotate(n=Count("pk"))
    return {str(state): 0 for state in OPEN_STATES} | dict(rows)


def stuck_since() -> datetime | None:
    """Since when the oldest job waits while none is carried; None when all goes its way."""
    beating = timezone.now() - timedelta(minutes=2)
    if Job.objects.filter(state=JobState.RUNNING, beat_at__gte=beating).exists():
        return None
    waiting = Job.objects.filter(state=JobState.WAITING).order_by("pk")
    return waiting.values_list("requested_at", flat=True).first()
