"""Reads of the activity log."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from core.activity.context import current_ip_address
from core.activity.enums import CheckOutcome
from core.activity.models import ActivityCheck, ActivityEntry

#: Acts on these kinds of rows are the administrators' business: accounts, roles, logging in.
RESERVED_KINDS = ("user",)
#: Acts without a row that are.
RESERVED_CODES = ("activity.export", "activity.new_checkpoints")


def entries_for(user: Any) -> QuerySet[ActivityEntry]:
    """What a person may read of the log: all of it, or what concerns the LSP's own work (design § 5)."""
    if user.has_perm("core.view_whole_activity"):
        return ActivityEntry.objects.all()
    if user.has_perm("core.view_activityentry"):
        return ActivityEntry.objects.exclude(subject_type__in=RESERVED_KINDS).exclude(code__in=RESERVED_CODES)
    return ActivityEntry.objects.none()


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


def last_check() -> ActivityCheck | None:
    """The last verification of the log."""
    return ActivityCheck.objects.order_by("-at", "-id").first()


def is_log_trusted() -> bool:
    """Whether the last verification found the log whole, and so did the last one of the whole log."""
    whole = ActivityCheck.objects.filter(since=None).order_by("-at", "-id").first()
    return all(check is None or check.outcome == CheckOutcome.INTACT for check in (last_check(), whole))


def recent_acts(limit: int) -> QuerySet[ActivityEntry]:
    """The newest entries of the log."""
    return ActivityEntry.objects.order_by("-pk").prefetch_related("actor")[:limit]
