"""Reads about assignments, sessions and the seats in them, and results."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.accounts.models import AssessorProfile
from core.accounts.rules import role_of
from core.applications.enums import ApplicationStatus
from core.applications.models import Application
from core.assessments.enums import RecordStatus, SessionStatus
from core.assessments.models import (
    AssessmentRecord,
    AssessmentResult,
    AssessmentSession,
    Assignment,
    Placement,
    PreAssessment,
)
from core.assessments.rules import ASSIGNABLE_STATUSES, OPEN_SESSIONS, WORKED_ON_STATUSES
from core.common.dates import beginning_after, beginning_of
from core.schemes.models import Scheme


def assignment_in_force(application: Application) -> Assignment | None:
    return (
        Assignment.objects.filter(application=application, in_force=True)
        .select_related("assessor__user", "assigned_by")
        .first()
    )


def signed_preassessment(application: Application) -> PreAssessment | None:
    """The review that counts: there is at most one, since signing it moves the case on."""
    return (
        application.preassessments.filter(signature__isnull=False)
        .select_related("assessor__user", "signature", "document")
        .order_by("-pk")
        .first()
    )


def record_in_force(application: Application) -> AssessmentRecord | None:
    """The signed results that a decision looks at."""
    return (
        application.records.filter(in_force=True, status=RecordStatus.SIGNED)
        .select_related("assessor__user", "signature", "corrects")
        .first()
    )


def record_in_progress(application: Application, assessor: AssessorProfile) -> AssessmentRecord | None:
    """The assessor's draft of this round: later than what was signed last, in an appeal as in a correction."""
    signed = application.records.filter(status=RecordStatus.SIGNED).order_by("-sequence").first()
    drafts = application.records.filter(
        assessor=assessor, status=RecordStatus.DRAFT, sequence__gt=signed.sequence if signed else 0
    )
    return drafts.select_related("assessor__user", "corrects").order_by("-sequence").first()


def results_by_unit(record: AssessmentRecord | None) -> dict[int, list[AssessmentResult]]:
    """{unit id: its results}, in one query."""
    found: dict[int, list[AssessmentResult]] = {}
    for result in record.results.select_related("recorded_by").order_by("pk") if record else ():
        found.setdefault(result.unit_id, []).append(result)
    return found


def signed_records(application: Application) -> QuerySet[AssessmentRecord]:
    """All that were ever signed on a case, the latest first."""
    return (
        application.records.filter(status=RecordStatus.SIGNED)
        .select_related("assessor__user", "signature")
        .order_by("-sequence")
    )


def own_assignments(user: Any) -> QuerySet[Assignment]:
    """What an assessor has to do, the longest waiting first."""
    return (
        Assignment.objects.filter(assessor__user=user, in_force=True)
        .select_related("application__candidate__user", "application__scheme_version__scheme")
        .order_by("assigned_at")
    )


def why_no_longer(user: Any, application: int | None) -> str:
    """For whoever assessed a case (by key) and was relieved of it: since when and why, as a sentence; else ""."""
    former = Assignment.objects.filter(assessor__user=user, application=application, in_force=None)
    last = former.select_related("application").order_by("-pk").first()
    if last is None or last.ended_at is None:
        return ""
    return _(
        "Permohonan %(number)s tidak ditugaskan kepada Anda lagi sejak %(moment)s. Alasannya: %(reason)s. Yang sudah "
        "Anda simpan tetap tersimpan. Bila ini keliru, hubungi sekretariat."
    ) % {
        "number": last.application.number,
        "moment": date_format(timezone.localtime(last.ended_at), "j F Y, H.i"),
        "reason": last.end_reason.rstrip(".") or "–",
    }


def assessors_with_load() -> QuerySet[AssessorProfile]:
    """All assessors with `load`, the number of cases each works on now; the least burdened first.

    The assignment of a case that was decided stays. So the few cases under way are counted, not the many of one person.
    """
    under_way = Assignment.objects.filter(in_force=True, application__status__in=WORKED_ON_STATUSES).order_by()
    counted = under_way.values_list("assessor").annotate(n=Count("pk"))
    loads = [When(pk=assessor, then=Value(n)) for assessor, n in counted]
    return (
        AssessorProfile.objects.filter(user__is_active=True)
        .select_related("user")
        .prefetch_related("user__groups", "qualifications")
        .annotate(load=Case(*loads, default=Value(0), output_field=IntegerField()))
        .order_by("load", "user__full_name")
    )


def waiting_for_assessor(cases: QuerySet[Application]) -> QuerySet[Application]:
    """Those of the given cases that are accepted and that nobody assesses yet."""
    return cases.filter(status__in=ASSIGNABLE_STATUSES).exclude(assignments__in_force=True)


# --- sessions -------------------------------------------------------------------------------------------


def sessions_for(user: Any) -> QuerySet[AssessmentSession]:
    """The sessions a person may see: assessors those in which they have a case, other staff all."""
    role = role_of(user)
    if role in {"sekretariat", "administrator", "bnsp"}:
        return AssessmentSession.objects.all()
    if role == "asesor":
        own = Placement.objects.filter(
            session=OuterRef("pk"),
            in_force=True,
            application__assignments__assessor__user=user,
            application__assignments__in_force=True,
        )
        return AssessmentSession.objects.filter(Exists(own))
    return AssessmentSession.objects.none()


def with_seats_taken(sessions: QuerySet[AssessmentSession]) -> QuerySet[AssessmentSession]:
    """Each with `taken`, counted row by row along the index of the seats: no grouping of the whole list."""
    seats = Placement.objects.filter(session=OuterRef("pk"), in_force=True).order_by()
    return sessions.annotate(taken=Coalesce(Subquery(seats.values("session").annotate(n=Count("pk")).values("n")), 0))


def month_bounds(month: date) -> tuple[datetime, datetime]:
    """When the month of this day begins, and when the one after it does, by the office's clock."""
    _weekday, days = monthrange(month.year, month.month)
    return beginning_of(month.replace(day=1)), beginning_after(month.replace(day=days))


def sessions_in(month: date) -> QuerySet[AssessmentSession]:
    """The sessions that begin in the month of this day by the office's clock, the earliest first."""
    start, end = month_bounds(month)
    return AssessmentSession.objects.filter(starts_at__gte=start, starts_at__lt=end).order_by("starts_at", "pk")


def open_sessions(scheme: Scheme) -> QuerySet[AssessmentSession]:
    """Where cases of a scheme can be placed: not over yet, neither closed nor cancelled; the next one first."""
    return AssessmentSession.objects.filter(
        scheme=scheme, status__in=OPEN_SESSIONS, ends_at__gt=timezone.now()
    ).order_by("starts_at", "pk")


def sessions_for_everybody(scheme: Scheme | None = None) -> QuerySet[AssessmentSession]:
    """What anybody may know: announced sessions that have not begun, the next one first, with `taken`."""
    found = AssessmentSession.objects.filter(status=SessionStatus.ANNOUNCED, starts_at__gt=timezone.now())
    if scheme is not None:
        found = found.filter(scheme=scheme)
    return with_seats_taken(found).select_related("scheme", "venue__region").order_by("starts_at", "pk")


def seats_in(session: AssessmentSession) -> QuerySet[Placement]:
    """Who takes part, with what a screen shows of them."""
    return (
        session.placements.filter(in_force=True)
        .select_related("application__candidate__user", "application__scheme_version__scheme", "application__province")
        .order_by("pk")
    )


def waiting_for_schedule(scheme: Scheme | None = None) -> QuerySet[Application]:
    """What was pre-assessed and has no seat, the longest accepted first; of all schemes or of one."""
    cases = Application.objects.filter(status=ApplicationStatus.PREASSESSED)
    if scheme is not None:
        cases = cases.filter(scheme_version__in=list(scheme.versions.values_list("pk", flat=True)))
    return cases.order_by("closed_at", "pk")


def attendance_in(sessions: Iterable[AssessmentSession]) -> dict[tuple[int, str], int]:
    """{(session, attendance): how many}, those included who did not come and lost their seat."""
    seats = Placement.objects.filter(session__in=list(sessions)).exclude(attendance="").order_by()
    counted = seats.values_list("session", "attendance").annotate(n=Count("pk"))
    return {(session, attendance): n for session, attendance, n in counted}


def assessors_in(sessions: Iterable[AssessmentSession]) -> dict[int, list[str]]:
    """{session: the names of those who have its cases now}, one query for a whole page of sessions."""
    rows = Placement.objects.filter(session__in=list(sessions), in_force=True, application__assignments__in_force=True)
    names = rows.order_by().values_list("session", "application__assignments__assessor__user__full_name").distinct()
    found: dict[int, list[str]] = defaultdict(list)
    for session, name in sorted(names):
        found[session].append(name)
    return found
