"""Which cases lie in a hand-over: a decision lies in one at a time, whoever was quicker."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from core.activity.services import record_activity
from core.common.exceptions import DomainError
from core.decisions.models import Decision
from core.handovers import rules
from core.handovers.models import Handover, HandoverCase


def lock_handover(handover: Handover) -> Handover:
    """The row as it is now, locked until the transaction ends."""
    return Handover.objects.select_for_update().get(pk=handover.pk)


def lock_decisions(handover: Handover) -> None:
    """The decisions in it stand still until the transaction ends."""
    keys = list(handover.cases.order_by("decision").values_list("decision", flat=True))
    list(Decision.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def add_decisions(*, handover: Handover, decisions: Iterable[Decision], by: Any) -> int:
    """Put decided cases in; how many."""
    handover = lock_handover(handover)
    if reason := rules.is_preparing(handover, by):
        raise DomainError(reason, code="add_decisions.refused")
    count = claim(handover, [decision.pk for decision in decisions])
    record_activity("handover.add_cases", by=by, subject=handover, count=count)
    return count


@transaction.atomic
def remove_cases(*, handover: Handover, cases: Iterable[int], by: Any) -> int:
    """Take cases out; they wait for another hand-over. How many."""
    handover = lock_handover(handover)
    if reason := rules.is_preparing(handover, by):
        raise DomainError(reason, code="remove_cases.refused")
    rows = list(handover.cases.filter(pk__in=list(cases)))
    release(rows)
    HandoverCase.objects.filter(pk__in=[row.pk for row in rows]).delete()
    if rows:
        record_activity("handover.remove_cases", by=by, subject=handover, count=len(rows))
    return len(rows)


def claim(handover: Handover, keys: list[int]) -> int:
    """Lock the decisions in the order of their keys, see that they still wait, and take them."""
    keys = sorted(set(keys))
    if not keys:
        raise DomainError(_("Centang sedikitnya satu permohonan."), code="add_decisions.none")
    room = rules.MAX_CASES - handover.cases.count()
    if len(keys) > room:
        raise DomainError(
            _("Satu serah terima memuat paling banyak %(limit)d permohonan. Bagi menjadi beberapa.")
            % {"limit": rules.MAX_CASES},
            code="add_decisions.too_many",
        )
    list(Decision.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk", flat=True))
    waiting = list(Decision.objects.filter(pk__in=keys, to_report=True, in_force=True).order_by("decided_at", "pk"))
    if len(waiting) < len(keys):
        raise DomainError(
            _("Sebagian permohonan baru saja masuk serah terima lain atau dibanding. Muat ulang halaman."),
            code="add_decisions.taken",
        )
    Decision.objects.filter(pk__in=keys).update(to_report=None)
    last = handover.cases.aggregate(last=Max("position"))["last"] or 0
    HandoverCase.objects.bulk_create(
        HandoverCase(handover=handover, decision=decision, application_id=decision.application_id, position=place)
        for place, decision in enumerate(waiting, start=last + 1)
    )
    return len(waiting)


def release(rows: Iterable[HandoverCase]) -> None:
    """The decisions that these rows held wait again; a row that another hand-over holds in force gives nothing back."""
    Decision.objects.filter(pk__in=[row.decision_id for row in rows if row.in_force]).update(to_report=True)
