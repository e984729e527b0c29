"""Figures: the only place where one is computed. Each equals what the list shows when it is filtered the same way."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Count, Min, Q, QuerySet, Sum
from django.utils import timezone

from core.accounts.models import AssessorProfile, User
from core.accounts.rules import role_of
from core.applications.enums import ApplicationStatus
from core.applications.models import Application
from core.applications.queries import applications_for
from core.assessments.queries import waiting_for_assessor
from core.certificates.aftercare_queries import due_surveillances
from core.certificates.queries import waiting_for_certificate
from core.codelists.models import Region
from core.common.lookups import count_all
from core.decisions.queries import open_work
from core.handovers.queries import pending_decisions
from core.inquiries.queries import open_work as ticket_work
from core.institutions.queries import open_work as institution_work
from core.messaging.models import OutboxMessage, OutboxStatus
from core.privacy.queries import open_work as privacy_work
from core.reports.models import NOT_SENT, ApplicationTally, TallyMove
from core.schemes.enums import VersionStatus
from core.schemes.models import Scheme, SchemeVersion

#: Roles that see every case that was sent, so that the tally may answer for them.
SEE_ALL = frozenset({"administrator", "sekretariat", "bnsp"})
MONTHS = 12


@dataclass(frozen=True)
class Row:
    """One month, scheme or province: its key, its name, and its cases by status."""

    key: Any
    title: str
    by_status: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.by_status.values())


@dataclass(frozen=True)
class Recap:
    """The cases that were first sent in a row of months, by what an office compares; and the drafts of today."""

    since: date  # first day
    until: date  # last day
    as_of: datetime
    months: list[Row]
    schemes: list[Row]  # the most cases first
    provinces: list[Row]
    by_status: dict[str, int]  # in the order of a case's journey
    drafts: int

    @property
    def total(self) -> int:
        return sum(self.by_status.values())


def month_before(month: date, back: int) -> date:
    index = month.year * 12 + month.month - 1 - back
    return date(index // 12, index % 12 + 1, 1)


def recap(months: int = MONTHS) -> Recap:
    """This month and the eleven before it, by the office's clock."""
    this_month = timezone.localdate().replace(day=1)
    wanted = [month_before(this_month, back) for back in reversed(range(months))]
    window = Q(month__gte=wanted[0], month__lte=this_month)
    by_month = _by_status("month", window | Q(month=NOT_SENT))
    never_sent = by_month.pop(NOT_SENT, {})
    per_status = {str(status): 0 for status in ApplicationStatus.values if status != ApplicationStatus.DRAFT}
    for statuses in by_month.values():
        for status, number in statuses.items():
            per_status[status] = per_status.get(status, 0) + number
    schemes = {pk: (code, title) for pk, code, title in Scheme.objects.order_by().values_list("pk", "code", "title")}
    provinces = dict(Region.objects.filter(province=None).values_list("code", "name"))
    return Recap(
        since=wanted[0],
        until=month_before(this_month, -1) - date.resolution,
        as_of=timezone.now(),
        months=[Row(month, "", by_month.get(month, {})) for month in wanted],
        schemes=_most_first(Row(*schemes[pk], found) for pk, found in _by_status("scheme", window).items()),
        provinces=_most_first(
            Row(code, provinces.get(code, ""), found) for code, found in _by_status("province", window).items()
        ),
        by_status=per_status,
        drafts=never_sent.get(ApplicationStatus.DRAFT, 0),
    )


def desk_counts(by: Any) -> dict[str, int]:
    """How many cases wait, are looked at by anybody, are with the candidate, and wait for a schedule."""
    names = ("submitted", "under_review", "returned", "preassessed")
    statuses = {name: ApplicationStatus[name.upper()] for name in names}
    if role_of(by) in SEE_ALL:
        found = _sums("status", which=Q(month__gt=NOT_SENT, status__in=list(statuses.values())))
        return {name: found.get((status,), 0) for name, status in statuses.items()}
    cases = applications_for(by)
    return {name: cases.filter(status=status).count() for name, status in statuses.items()}


def taken_by(by: Any) -> int:
    """How many cases this clerk looks at."""
    return Application.objects.filter(officer=by, status=ApplicationStatus.UNDER_REVIEW).count()


def accepted_this_month(by: Any) -> int:
    """What was accepted was sent, so for those who see all that was sent the index alone answers."""
    month = timezone.localtime().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    cases = Application.objects.all() if role_of(by) in SEE_ALL else applications_for(by)
    return cases.filter(status=ApplicationStatus.ACCEPTED, closed_at__gte=month).count()


def sidebar_work(by: Any) -> dict[str, int]:
    """What the sidebar counts, in one question: what the rooms' `open_work` names, and `letters` that failed."""
    return count_all(
        {
            **open_work(by),
            **institution_work(by),
            **privacy_work(by),
            **ticket_work(by),
            "letters": OutboxMessage.objects.filter(status=OutboxStatus.FAILED),
        }
    )


def waiting_letters() -> tuple[int, datetime | None]:
    """How many letters wait, and since when the oldest that was never tried: whether the sending job still runs."""
    found = OutboxMessage.objects.filter(status=OutboxStatus.WAITING).aggregate(
        count=Count("pk"), untried_since=Min("created_at", filter=Q(next_attempt_at=None))
    )
    return found["count"], found["untried_since"]


def count_waiting_for_assessor(by: Any, most: int = 1000) -> int:
    """Accepted cases without an assessor; counted up to `most`, since nobody works through more at a time."""
    return waiting_for_assessor(applications_for(by)).order_by()[:most].count()


def other_work(until: date) -> dict[str, int]:
    """What else waits, in one question: `certificates` to issue, `handovers` to BNSP, `surveillances` due, `assessors`
    whose certificate ends by that day or has ended, `schemes` in force that nobody confirmed yet."""
    return count_all(
        {
            "certificates": waiting_for_certificate(),
            "handovers": pending_decisions(),
            "surveillances": due_surveillances(),
            "assessors": AssessorProfile.objects.filter(user__is_active=True, certificate_expires_on__lte=until),
            "schemes": SchemeVersion.objects.filter(status=VersionStatus.PUBLISHED, is_confirmed=False),
        }
    )


def unconfirmed_colleagues() -> QuerySet[User]:
    """Who was invited to the back office and has not chosen a password yet, longest first."""
    return User.objects.filter(is_staff=True, is_active=True, email_confirmed_at=None).order_by("date_joined")


def locked_log_ins() -> QuerySet[AccessAttempt]:
    """Addresses at which so many wrong passwords were tried that the door is shut for a while."""
    return AccessAttempt.objects.filter(
        failures_since_start__gte=settings.AXES_FAILURE_LIMIT,
        attempt_time__gt=timezone.now() - settings.AXES_COOLOFF_TIME,
    ).order_by("-attempt_time")


def _by_status(dimension: str, which: Q) -> dict[Any, dict[str, int]]:
    found: dict[Any, dict[str, int]] = {}
    for (key, status), number in _sums(dimension, "status", which=which).items():
        if number:
            found.setdefault(key, {})[status] = number
    return found


def _sums(*dimensions: str, which: Q) -> dict[tuple, int]:
    """{values of the dimensions: number of cases}. One statement: what is being folded is counted once, not twice."""
    folded = ApplicationTally.objects.filter(which).order_by().values_list(*dimensions).annotate(n=Sum("count"))
    moved = TallyMove.objects.filter(which).order_by().values_list(*dimensions).annotate(n=Sum("change"))
    found: dict[tuple, int] = {}
    for *key, number in folded.union(moved, all=True):
        found[tuple(key)] = found.get(tuple(key), 0) + number
    return found


def _most_first(rows: Any) -> list[Row]:
    return sorted(rows, key=lambda row: (-row.total, row.title))
