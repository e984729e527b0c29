"""Reads of institutions: what waits for the secretariat, how far the invited people are, which cases came of it."""

from typing import Any

from django.db.models import Case, CharField, Count, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.utils import timezone

from core.applications.enums import CLOSED_STATUSES, ApplicationStatus
from core.applications.models import Application
from core.common.fields import lookup_hash
from core.common.lookups import found_in
from core.institutions.enums import UNANSWERED, InstitutionStatus, InvitationStatus, Stage
from core.institutions.models import Institution, Invitation, InvitationBatch

#: Up to so many cases are named one by one in a query.
FEW_CASES = 900


def waiting_institutions() -> QuerySet[Institution]:
    """What the secretariat has to look at: the address is confirmed, nobody has decided yet."""
    return Institution.objects.filter(
        status=InstitutionStatus.WAITING, officers__user__email_confirmed_at__isnull=False
    )


def open_work(by: Any) -> dict[str, QuerySet]:
    """What the sidebar counts of this room."""
    may = by.has_perm("core.approve_institution")
    return {"institutions": waiting_institutions().distinct().order_by() if may else Institution.objects.none()}


def hash_of(token: str) -> str:
    return lookup_hash(f"undangan:{token}")


def invitation_of(token: str) -> Invitation | None:
    """What a link leads to, answered or not; None when it was never ours or a newer letter replaced it."""
    return (
        Invitation.objects.select_related("institution", "scheme", "application", "person")
        .filter(token_hash=hash_of(token))
        .first()
    )


def accepted_invitations(person: Any) -> QuerySet[Invitation]:
    """Those by which institutions follow this person."""
    return (
        Invitation.objects.filter(person=person, status=InvitationStatus.ACCEPTED, forgotten_at=None)
        .select_related("institution", "scheme")
        .order_by("-pk")
    )


def standing_invitations(institution: Institution) -> QuerySet[Invitation]:
    """Those that stand in the way of another for the same person and scheme: not answered, or the case goes on."""
    goes_on = Q(application__isnull=False) & ~Q(application__status__in=CLOSED_STATUSES)
    return Invitation.objects.filter(Q(status__in=UNANSWERED) | goes_on, institution=institution, is_open=True)


def with_people(institutions: QuerySet[Institution]) -> QuerySet[Institution]:
    """With `people`: how many it has invited in all."""
    batches = InvitationBatch.objects.filter(institution=OuterRef("pk")).order_by().values("institution")
    return institutions.annotate(people=Subquery(batches.annotate(n=Sum("people")).values("n")))


def staged(invitations: QuerySet[Invitation]) -> QuerySet[Invitation]:
    """With `stage`: how far each person is. Nothing of a result where its owner does not share it."""
    status = ApplicationStatus
    shared = {"shares_result": True}
    return invitations.annotate(
        stage=Case(
            When(status=InvitationStatus.WITHDRAWN, then=Value(Stage.WITHDRAWN.value)),
            When(status=InvitationStatus.DECLINED, then=Value(Stage.DECLINED.value)),
            When(status__in=UNANSWERED, expires_at__lte=timezone.now(), then=Value(Stage.EXPIRED.value)),
            When(status=InvitationStatus.SENT, then=Value(Stage.INVITED.value)),
            When(status=InvitationStatus.OPENED, then=Value(Stage.OPENED.value)),
            When(Q(application=None) | Q(application__status=status.DRAFT), then=Value(Stage.FILLING.value)),
            When(application__status=status.WITHDRAWN, then=Value(Stage.CANCELLED.value)),
            When(
                **shared,
                application__status__in=[status.COMPETENT, status.CERTIFIED],
                then=Value(Stage.COMPETENT.value),
            ),
            When(**shared, application__status=status.NOT_YET_COMPETENT, then=Value(Stage.NOT_YET_COMPETENT.value)),
            When(
                **shared, application__status__in=[status.REJECTED, status.NOT_CONTINUED], then=Value(Stage.ENDED.value)
            ),
            default=Value(Stage.SUBMITTED.value),
            output_field=CharField(),
        )
    )


def stage_counts(batches: list[InvitationBatch]) -> dict[int, dict[str, int]]:
    """{batch: {stage: people}} of these batches, in one question."""
    rows = (
        staged(Invitation.objects.filter(batch__in=batches))
        .order_by()
        .values("batch_id", "stage")
        .annotate(n=Count("pk"))
    )
    found: dict[int, dict[str, int]] = {batch.pk: {} for batch in batches}
    for row in rows:
        found[row["batch_id"]][row["stage"]] = row["n"]
    return found


def cases_invited(cases: QuerySet[Application], invitations: QuerySet[Invitation]) -> QuerySet[Application]:
    """The cases that came of these invitations; of many, each case is asked, so that a list keeps its own order."""
    invitations = invitations.exclude(application=None).order_by()
    few = list(invitations.values_list("application_id", flat=True)[: FEW_CASES + 1])
    if len(few) <= FEW_CASES:
        return cases.filter(pk__in=few)
    of_case = found_in(invitations.filter(application_id=OuterRef("pk")))
    return cases.alias(was_invited=of_case).filter(was_invited=1)
