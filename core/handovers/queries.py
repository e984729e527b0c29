"""Reads of hand-overs."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from core.applications.enums import Outcome
from core.codelists.models import CodeListEntry
from core.decisions.models import Decision, Plenary
from core.handovers.enums import DELIVERED
from core.handovers.models import Handover, HandoverCase, HandoverFile, HandoverLayout

#: The lists from which a session's money is told.
FUNDING_LIST, MINISTRY_LIST = "sumber_anggaran", "kementerian"


def pending_decisions() -> QuerySet[Decision]:
    """Decided and in no hand-over yet, the longest waiting first."""
    return Decision.objects.filter(to_report=True, in_force=True).order_by("decided_at", "pk")


def pending_of(plenary: Plenary) -> QuerySet[Decision]:
    """Those of one meeting."""
    return pending_decisions().filter(plenary=plenary)


def oldest_pending() -> datetime | None:
    return pending_decisions().values_list("decided_at", flat=True).first()


def layout() -> HandoverLayout:
    return HandoverLayout.objects.prefetch_related("columns__code_list").order_by("pk").first() or HandoverLayout()


def handovers_for(user: Any) -> QuerySet[Handover]:
    """BNSP sees what went out; the office everything."""
    found = Handover.objects.defer("content", "manifest")
    return found if user.has_perm("core.view_identifiers") else found.filter(status__in=DELIVERED)


def with_counts(handovers: QuerySet[Handover]) -> QuerySet[Handover]:
    """With `total` and `competent`."""
    return handovers.annotate(total=_count(), competent=_count(decision__outcome=Outcome.COMPETENT))


def _count(**which: str) -> Coalesce:
    found = HandoverCase.objects.filter(handover=OuterRef("pk"), **which).order_by().values("handover")
    return Coalesce(Subquery(found.annotate(count=Count("pk")).values("count")), 0)


def handovers_of(plenary: Plenary) -> QuerySet[Handover]:
    """Those that hold a decision of this meeting, the latest first."""
    rows = HandoverCase.objects.filter(decision__plenary=plenary).order_by().values("handover")
    return Handover.objects.filter(pk__in=rows).defer("content", "manifest").order_by("-pk")


def plenaries_of(handover: Handover) -> list[Plenary]:
    """The meetings whose minutes go along, in the order they were held."""
    keys = handover.cases.order_by().values("decision__plenary")
    return list(
        Plenary.objects.filter(pk__in=keys).defer("content").select_related("document").order_by("held_on", "pk")
    )


def files_of(handover: Handover) -> list[HandoverFile]:
    """The files of the edition that counts."""
    return list(handover.files.filter(edition=handover.edition).select_related("document__document_type"))


def earlier_results(rows: Iterable[HandoverCase]) -> dict[int, HandoverCase]:
    """{case: what BNSP was told about it before by another decision}."""
    rows = list(rows)
    told = HandoverCase.objects.filter(
        application__in=[row.application_id for row in rows], handover__status__in=DELIVERED
    ).exclude(decision__in=[row.decision_id for row in rows])
    return {row.application_id: row for row in told.select_related("handover", "decision").order_by("pk")}


def handed_over_about(person: Any) -> QuerySet[HandoverCase]:
    """What BNSP was told about a person, and when."""
    rows = HandoverCase.objects.filter(application__candidate__user=person, handover__handed_on__isnull=False)
    return rows.select_related("handover").order_by("pk")


def entries_of(code: str) -> QuerySet[CodeListEntry]:
    """What may be chosen from a list."""
    return CodeListEntry.objects.filter(code_list__code=code, is_active=True)
