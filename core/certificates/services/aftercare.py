"""Suspending, reinstating and withdrawing: what an officer decides about a certificate that was issued."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.activity.services import record_activity
from core.certificates import aftercare_rules as rules
from core.certificates.aftercare_queries import ended_suspensions
from core.certificates.enums import CertificateAct
from core.certificates.models import Certificate, CertificateEvent
from core.certificates.services.letters import words_of
from core.certificates.services.locking import lock_certificate
from core.certificates.services.surveillance import close_surveillances
from core.certificates.transitions import CERTIFICATE_WORKFLOW
from core.common.exceptions import DomainError
from core.common.text import within
from core.messaging.services import queue_message

#: Characters of a reason; its holder reads it as it was written.
MAX_REASON = 1000


@transaction.atomic
def suspend_certificate(*, certificate: Certificate, reason: str, until: date | None = None, by: Any) -> Certificate:
    """Not valid up to and including `until`, after which it is valid again by itself; without, until it is lifted."""
    certificate = lock_certificate(certificate)
    CERTIFICATE_WORKFLOW.apply(certificate, "suspend", by)
    reason = reason_of(reason, "suspend")
    if fault := rules.why_not_until(certificate, until):
        raise DomainError(fault, code="suspend.until", field="until")
    certificate.suspended_until = until
    certificate.save(update_fields=["status", "suspended_until", "updated_at"])
    words = {"dibekukan": date_format(until, "j F Y") if until else _("ada pemberitahuan lebih lanjut")}
    _written(certificate, CertificateAct.SUSPEND, "suspend", "certificate-suspended", reason, by, until=until, **words)
    return certificate


@transaction.atomic
def reinstate_certificate(*, certificate: Certificate, reason: str, by: Any) -> Certificate:
    """A suspended certificate is valid again, up to the day on which it would have ended anyway."""
    certificate = lock_certificate(certificate)
    CERTIFICATE_WORKFLOW.apply(certificate, "reinstate", by)
    return _reinstate(certificate, reason_of(reason, "reinstate"), by)


@transaction.atomic
def withdraw_certificate(*, certificate: Certificate, reason: str, by: Any) -> Certificate:
    """Never valid again. What was planned for it is closed."""
    certificate = lock_certificate(certificate)
    CERTIFICATE_WORKFLOW.apply(certificate, "withdraw", by)
    reason = reason_of(reason, "withdraw")
    certificate.suspended_until = None
    certificate.save(update_fields=["status", "suspended_until", "updated_at"])
    close_surveillances(certificate=certificate, note=_("Sertifikat dicabut."))
    _written(certificate, CertificateAct.WITHDRAW, "withdraw", "certificate-withdrawn", reason, by)
    return certificate


def end_suspensions() -> int:
    """At night: suspensions whose last day has passed end by themselves. How many."""
    ended = 0
    for pk in list(ended_suspensions(timezone.localdate()).order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            certificate = lock_certificate(Certificate(pk=pk))
            if ended_suspensions(timezone.localdate()).filter(pk=pk).exists():  # nobody was quicker
                certificate.status = CERTIFICATE_WORKFLOW["reinstate"].target
                _reinstate(certificate, _("Masa pembekuan berakhir."), by=None)
                ended += 1
    return ended


def _reinstate(certificate: Certificate, reason: str, by: Any) -> Certificate:
    certificate.suspended_until = None
    certificate.save(update_fields=["status", "suspended_until", "updated_at"])
    _written(certificate, CertificateAct.REINSTATE, "reinstate", "certificate-reinstated", reason, by)
    return certificate


def reason_of(text: str, act: str) -> str:
    """As its holder will read it; an act without one is refused."""
    reason = within(text, MAX_REASON, field="reason")
    if not reason:
        raise DomainError(
            _("Tulis alasannya; pemegang sertifikat akan membacanya."), code=f"{act}.no_reason", field="reason"
        )
    return reason


def _written(
    certificate: Certificate,
    act: CertificateAct,
    code: str,
    letter: str,
    reason: str,
    by: Any,
    *,
    until: date | None = None,
    **words: str,
) -> None:
    """What every act leaves behind: the event with its reason, the entry in the log, the letter to the holder."""
    event = CertificateEvent.objects.create(certificate=certificate, act=act, reason=reason, until=until, by=by)
    record_activity(f"certificate.{code}", by=by, subject=certificate, **({"until": f"{until}"} if until else {}))
    queue_message(
        letter,
        recipient=certificate.holder,
        values=words_of(certificate) | {"alasan": reason} | words,
        dedupe_key=f"{letter}-{event.pk}",
    )
