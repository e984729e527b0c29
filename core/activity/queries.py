"""Reads of the activity log."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from reversion.models import Version

from core.activity.context import current_ip_address
from core.activity.enums import CheckOutcome
from core.activity.models import ActivityCheck, ActivityEntry, DeletedRecord
from core.activity.versioning import is_versioned, versioned_records

#: Acts on these kinds of rows are the administrators' business: accounts, roles, logging in.
RESERVED_KINDS = ("user",)
#: Other acts that are.
RESERVED_CODES = ("activity.export", "activity.new_checkpoints", "secret.renew")
#: Acts after which a record is what it was before, whoever did them: a stranger's guess changes no account.
ONLY_LOOKED = (
    *("account.log_in", "account.log_in_failed", "account.log_out", "account.request_reset", "account.shut_out"),
    *("account.second_factor_failed", "account.second_factor_passed", "document.view", "profile.view"),
)


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
    ).select_related("actor")


def acts_from_here(code: str, within: timedelta) -> int:
    """How often `code` was recorded from the address of the request under way."""
    address = current_ip_address()
    if address is None:
        return 0
    return ActivityEntry.objects.filter(code=code, ip_address=address, at__gt=timezone.now() - within).count()


def acts_of(person: Any, code: str, *, within: timedelta) -> int:
    """How often this person did `code` within this time."""
    return ActivityEntry.objects.filter(actor=person, code=code, at__gt=timezone.now() - within).count()


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


def versions_of(model: type[Model], pk: Any) -> QuerySet[Version]:
    """All versions of a row, newest first, in the order of reversion's own unique index."""
    return Version.objects.get_for_object_reference(model, str(pk)).order_by("-revision_id")


def deleted_records_for(user: Any) -> QuerySet[DeletedRecord]:
    """Deleted records of the kinds that this person may look at."""
    names = [model._meta.model_name for model in versioned_records()]
    return DeletedRecord.objects.filter(model__in=[name for name in names if user.has_perm(f"core.view_{name}")])


@dataclass(frozen=True)
class Saving:
    """That somebody saved a record."""

    who: str
    at: datetime


def last_saved(model: type[Model], pk: Any) -> Saving | None:
    """Who saved a record last: by its versions, or by the acts on it."""
    version = versions_of(model, pk).select_related("revision__user").first() if is_versioned(model) else None
    entry = (
        ActivityEntry.objects.filter(subject_type=model._meta.model_name, subject_id=str(pk))
        .exclude(code__in=ONLY_LOOKED)
        .select_related("actor")
        .first()
    )
    moments = []
    if version is not None:
        moments.append((version.revision.date_created, version.revision.user))
    if entry is not None:
        moments.append((entry.at, entry.actor))
    if not moments:
        return None
    at, person = max(moments, key=lambda moment: moment[0])
    return Saving(str(person) if person else _("Sistem"), at)
