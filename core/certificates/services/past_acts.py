"""Suspending, reinstating and withdrawing a certificate of the paper years: the same table and the same letters as for
one of this system. Who has neither account nor address gets no letter; the register tells all the same."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.activity.services import record_activity
from core.certificates import aftercare_rules as rules
from core.certificates.enums import CertificateAct
from core.certificates.models import PastCertificate, PastCertificateEvent
from core.certificates.past_queries import ended_past_suspensions
from core.certificates.services.aftercare import reason_of
from core.certificates.services.letters import words_of_past
from core.certificates.services.locking import lock_past_certificates
from core.certificates.transitions import CERTIFICATE_WORKFLOW
from core.common.exceptions import DomainError
from core.messaging.services import queue_message


@transaction.atomic
def suspend_past_certificate(
    *, certificate: PastCertificate, reason: str, until: date | None = None, by: Any
) -> PastCertificate:
    """Not valid up to and including `until`, after which it is valid again by itself; without, until it is lifted."""
    (certificate,) = lock_past_certificates([certificate.pk])
    CERTIFICATE_WORKFLOW.apply(certificate, "suspend", by)
    reason = reason_of(reason, "suspend")
    if fault := rules.why_not_until(certificate, until):
        raise DomainError(fault, code="suspend.until", field="until")
    certificate.suspended_until = until
    words = {"dibekukan": date_format(until, "j F Y") if until else _("ada pemberitahuan lebih lanjut")}
    return _written(certificate, CertificateAct.SUSPEND, "suspend", "certificate-suspended", reason, by, **words)


@transaction.atomic
def reinstate_past_certificate(*, certificate: PastCertificate, reason: str, by: Any) -> PastCertificate:
    """Valid again, up to the day on which it would have ended anyway."""
    (certificate,) = lock_past_certificates([certificate.pk])
    CERTIFICATE_WORKFLOW.apply(certificate, "reinstate", by)
    return _reinstate(certificate, reason_of(reason, "reinstate"), by)


@transaction.atomic
def withdraw_past_certificate(*, certificate: PastCertificate, reason: str, by: Any) -> PastCertificate:
    """Never valid again."""
    (certificate,) = lock_past_certificates([certificate.pk])
    CERTIFICATE_WORKFLOW.apply(certificate, "withdraw", by)
    reason = reason_of(reason, "withdraw")
    certificate.suspended_until = None
    return _written(certificate, CertificateAct.WITHDRAW, "withdraw", "certificate-withdrawn", reason, by)


def end_past_suspensions() -> int:
    """At night: suspensions whose last day has passed end by themselves. How many."""
    ended = 0
    for pk in list(ended_past_suspensions(timezone.localdate()).order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            (certificate,) = lock_past_certificates([pk])
            if ended_past_suspensions(timezone.localdate()).filter(pk=pk).exists():  # nobody was quicker
                certificate.status = CERTIFICATE_WORKFLOW["reinstate"].target
                _reinstate(certificate, _("Masa pembekuan berakhir."), by=None)
                ended += 1
    return ended


def _reinstate(certificate: PastCertificate, reason: str, by: Any) -> PastCertificate:
    certificate.suspended_until = None
    return _written(certificate, CertificateAct.REINSTATE, "reinstate", "certificate-reinstated", reason, by)


def _written(
    certificate: PastCertificate, act: CertificateAct, code: str, letter: str, reason: str, by: Any, **words: str
) -> PastCertificate:
    """What every act leaves behind: the event with its reason, the entry in the log, a letter where there is a way."""
    certificate.save(update_fields=["status", "suspended_until", "updated_at"])
    until = certificate.suspended_until
    event = PastCertificateEvent.objects.create(certificate=certificate, act=act, reason=reason, until=until, by=by)
    record_activity(f"past_certificate.{code}", by=by, subject=certificate, **({"until": f"{until}"} if until else {}))
    if certificate.has_address:
        queue_message(
            letter,
            recipient=certificate.holder,
            address="" if certificate.holder else certificate.email,
            values=words_of_past(certificate) | {"alasan": reason} | words,
            dedupe_key=f"past-{letter}-{event.pk}",
        )
    return certificate
