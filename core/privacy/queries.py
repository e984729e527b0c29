"""Reads of retention and privacy: what waits, for whom."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from core.accounts.models import User
from core.applications.models import Application
from core.privacy.enums import OPEN_REQUESTS, BatchStatus
from core.privacy.models import DestructionBatch, LegalHold, PrivacyRequest

#: A request that must be answered within so many hours is shown in the colour of haste.
SOON = timedelta(hours=24)


def open_requests() -> QuerySet[PrivacyRequest]:
    """What waits for an answer, the nearest deadline first."""
    return PrivacyRequest.objects.filter(status__in=OPEN_REQUESTS).order_by("due_at")


def requests_of(person: User) -> QuerySet[PrivacyRequest]:
    return PrivacyRequest.objects.filter(person=person).order_by("-pk")


def batches_to_approve(by: Any) -> QuerySet[DestructionBatch]:
    """Proposals that wait for this person: somebody else's, or the system's."""
    if not by.has_perm("core.approve_destruction"):
        return DestructionBatch.objects.none()
    return DestructionBatch.objects.filter(Q(proposed_by=None) | ~Q(proposed_by=by.pk), status=BatchStatus.PROPOSED)


def open_work(by: Any) -> dict[str, QuerySet]:
    """What the sidebar counts of this room."""
    requests = open_requests() if by.has_perm("core.answer_privacyrequest") else PrivacyRequest.objects.none()
    return {"privacy": requests.order_by(), "destructions": batches_to_approve(by).order_by()}


def with_figures(batches: QuerySet[DestructionBatch]) -> QuerySet[DestructionBatch]:
    """With `papers`, `gone` and `bytes` of each."""
    return batches.annotate(
        papers=Count("items"),
        gone=Count("items", filter=Q(items__destroyed_at__isnull=False)),
        bytes=Sum("items__size"),
    )


def holds_on_case(application: Application) -> QuerySet[LegalHold]:
    """What holds the papers of a case: a hold on it, or on its candidate."""
    return LegalHold.objects.filter(lifted_at=None).filter(
        Q(application=application) | Q(person=application.candidate.user_id)
    )


def time_left(request: PrivacyRequest) -> timedelta:
    """Until the deadline; negative when it has passed."""
    return request.due_at - timezone.now()
