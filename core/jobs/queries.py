"""Reads of jobs."""

from typing import Any

from django.db.models import QuerySet

from core.jobs.enums import OPEN_STATES
from core.jobs.models import Job
from core.jobs.rules import oversees


def jobs_for(by: Any) -> QuerySet[Job]:
    """One's own; everybody's for who oversees them."""
    return Job.objects.all() if oversees(by) else Job.objects.filter(by=by.pk)


def open_jobs(by: Any) -> int:
    """How many of one's own still move."""
    return Job.objects.filter(by=by.pk, state__in=OPEN_STATES).count()
