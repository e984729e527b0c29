"""Reads about assignments and results."""

from typing import Any

from django.db.models import Count, Q, QuerySet

from core.accounts.models import AssessorProfile
from core.applications.models import Application
from core.assessments.enums import RecordStatus
from core.assessments.models import AssessmentRecord, AssessmentResult, Assignment
from core.assessments.rules import ASSIGNABLE_STATUSES


def assignment_in_force(application: Application) -> Assignment | None:
    return (
        Assignment.objects.filter(application=application, in_force=True)
        .select_related("assessor__user", "assigned_by")
        .first()
    )


def former_assignments(application: Application) -> QuerySet[Assignment]:
    return application.assignments.filter(in_force=None).select_related("assessor__user").order_by("-ended_at")


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


def assessors_with_load() -> QuerySet[AssessorProfile]:
    """All assessors with `load`, the number of cases each holds now; the least burdened first."""
    return (
        AssessorProfile.objects.filter(user__is_active=True)
        .select_related("user")
        .annotate(load=Count("assignments", Q(assignments__in_force=True)))
        .order_by("load", "user__full_name")
    )


def waiting_for_assessor(cases: QuerySet[Application]) -> QuerySet[Application]:
    """Those of the given cases that are accepted and that nobody assesses yet."""
    return cases.filter(status__in=ASSIGNABLE_STATUSES).exclude(assignments__in_force=True)
