"""Reads about assignments."""

from typing import Any

from django.db.models import Count, Q, QuerySet

from core.accounts.models import AssessorProfile
from core.applications.models import Application
from core.assessments.models import Assignment, PreAssessment
from core.assessments.rules import ASSIGNABLE_STATUSES


def assignment_in_force(application: Application) -> Assignment | None:
    return (
        Assignment.objects.filter(application=application, in_force=True)
        .select_related("assessor__user", "assigned_by")
        .first()
    )


def former_assignments(application: Application) -> QuerySet[Assignment]:
    return application.assignments.filter(in_force=None).select_related("assessor__user").order_by("-ended_at")


def signed_preassessment(application: Application) -> PreAssessment | None:
    """The review that counts: there is at most one, since signing it moves the case on."""
    return (
        application.preassessments.filter(signature__isnull=False)
        .select_related("assessor__user", "signature", "document")
        .order_by("-pk")
        .first()
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
