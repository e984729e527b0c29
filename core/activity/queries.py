"""Reads of the activity log."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from core.activity.context import current_ip_address
from core.activity.models import ActivityEntry


def timeline_of(subject: Any) -> QuerySet[ActivityEntry]:
    """All acts on one row, newest first."""
    return ActivityEntry.objects.filter(
        subject_type=subject._meta.model_name, subject_id=str(subject.pk)
    ).prefetch_related("actor")


def acts_from_here(code: str, within: timedelta) -> int:
    """How often `code` was recorded from the address of the request under way."""
    address = current_ip_address()
    if address is None:
        return 0
    return ActivityEntry.objects.filter(code=code, ip_address=address, at__gt=timezone.now() - within).count()


def recent_acts(limit: int) -> QuerySet[ActivityEntry]:
    """The newest entries of the log."""
    return ActivityEntry.objects.order_by("-pk").prefetch_related("actor")[:limit]
