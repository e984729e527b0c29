"""Checks while a certificate holds (ISO/IEC 17024, 9.6): planned when it is issued, written down when done."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.activity.services import record_activity
from core.certificates import aftercare_rules as rules
from core.certificates.aftercare_queries import never_done
from core.certificates.enums import SurveillanceOutcome
from core.certificates.models import Certificate, Surveillance
from core.common.dates import add_months
from core.common.exceptions import DomainError
from core.common.text import within
from core.policy.queries import system_policy

MAX_NOTE = 2000
BATCH = 500


def plan_surveillance(certificate: Certificate) -> list[Surveillance]:
    """One row for every so many months (policy) after its issue, as long as it holds then.

    In the caller's transaction, when a certificate is issued. Planning twice adds nothing, days that
    have passed (a replacement issued late) are left out, and no interval means none.
    """
    months = system_policy().surveillance_months
    if not months:
        return []
    known = set(certificate.surveillances.values_list("due_on", flat=True))
    days, count = [], 1
    while (day := add_months(certificate.issued_on, months * count)) < certificate.valid_until:
        days.append(day)
        count += 1
    today = timezone.localdate()
    return Surveillance.objects.bulk_create(
        Surveillance(certificate=certificate, due_on=day) for day in days if day > today and day not in known
    )


@transaction.atomic
def record_surveillance(
    *, surveillance: Surveillance, outcome: str, note: str = "", done_on: date | None = None, by: Any
) -> Surveillance:
    """Write down what was found. Whoever did not answer may be written down again once they did."""
    Surveillance.objects.select_for_update().values_list("pk").get(pk=surveillance.pk)
    surveillance = Surveillance.objects.select_related("certificate").get(pk=surveillance.pk)
    if refusal := rules.why_not_record(surveillance, by):
        raise DomainError(refusal, code="record_surveillance.refused")
    note = within(note, MAX_NOTE, field="note")
    fault, field = rules.why_not_outcome(surveillance, outcome, note, done_on)
    if fault:
        raise DomainError(fault, code="record_surveillance.faulty", field=field)
    surveillance.outcome, surveillance.note, surveillance.done_on = outcome, note, done_on
    surveillance.recorded_by = by
    surveillance.save(update_fields=["outcome", "note", "done_on", "recorded_by", "updated_at"])
    record_activity(
        "surveillance.record", by=by, subject=surveillance, outcome=str(SurveillanceOutcome(outcome).label).lower()
    )
    return surveillance


def close_surveillances(*, certificate: Certificate, note: str = "") -> int:
    """What is still open will never be done (withdrawn, replaced), in the caller's transaction; how many."""
    return certificate.surveillances.filter(outcome="").update(
        outcome=SurveillanceOutcome.MISSED, note=note, updated_at=timezone.now()
    )


def close_finished() -> int:
    """At night: what was never done before the certificate ended; how many."""
    closed = 0
    note = _("Masa berlaku sertifikat berakhir.")
    while keys := list(never_done(timezone.localdate()).order_by("due_on").values_list("pk", flat=True)[:BATCH]):
        closed += Surveillance.objects.filter(pk__in=keys, outcome="").update(
            outcome=SurveillanceOutcome.MISSED, note=note, updated_at=timezone.now()
        )
    return closed
