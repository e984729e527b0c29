"""How a certificate stands on a day, in words that a stranger understands."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.certificates.enums import CertificateState, CertificateStatus
from core.certificates.models import Certificate, PastCertificate

#: From so many days before its end a certificate is called “segera berakhir”.
SOON_DAYS = 90
#: The same tones on both faces.
STATE_TONES = {
    CertificateState.VALID: "success",
    CertificateState.ENDING: "warning",
    CertificateState.SUSPENDED: "warning",
    CertificateState.WITHDRAWN: "danger",
    CertificateState.REPLACED: "neutral",
    CertificateState.EXPIRED: "danger",
}


@dataclass(frozen=True)
class StatusNow:
    """How a certificate stands on a day. `sentence` tells a stranger what to make of it."""

    state: CertificateState
    tone: str
    sentence: str
    days_left: int

    @property
    def label(self) -> str:
        return str(self.state.label)

    @property
    def holds(self) -> bool:
        """Whether its holder may call themselves certified today."""
        return self.state in (CertificateState.VALID, CertificateState.ENDING)


def state_on(certificate: Certificate | PastCertificate, today: date) -> CertificateState:
    """What was withdrawn or replaced stays so; then the calendar; a suspension ends by itself after its last day."""
    if certificate.status == CertificateStatus.WITHDRAWN:
        return CertificateState.WITHDRAWN
    if certificate.status == CertificateStatus.REPLACED:
        return CertificateState.REPLACED
    if certificate.valid_until < today:
        return CertificateState.EXPIRED
    if certificate.status == CertificateStatus.SUSPENDED:
        until = certificate.suspended_until
        if until is None or until >= today:
            return CertificateState.SUSPENDED
    if certificate.valid_until <= today + timedelta(days=SOON_DAYS):
        return CertificateState.ENDING
    return CertificateState.VALID


def status_now(certificate: Certificate | PastCertificate, today: date | None = None) -> StatusNow:
    """The one place that says how a certificate stands: lists, portal and public check ask here. No queries."""
    today = today or timezone.localdate()
    state = state_on(certificate, today)
    until = certificate.suspended_until
    facts = {
        "end": date_format(certificate.valid_until, "j F Y"),
        "until": date_format(until, "j F Y") if until else "",
        "days": (certificate.valid_until - today).days,
    }
    sentences = {
        CertificateState.VALID: _("Sertifikat ini berlaku sampai %(end)s."),
        CertificateState.ENDING: _("Sertifikat ini masih berlaku, sampai %(end)s (%(days)d hari lagi).")
        if facts["days"]
        else _("Sertifikat ini berlaku sampai hari ini."),
        CertificateState.SUSPENDED: _("Sertifikat ini dibekukan sampai %(until)s dan sementara tidak berlaku.")
        if until
        else _("Sertifikat ini dibekukan dan sementara tidak berlaku."),
        CertificateState.WITHDRAWN: _("Sertifikat ini dicabut dan tidak berlaku lagi."),
        CertificateState.REPLACED: _("Sertifikat ini diganti dengan sertifikat lain dan tidak berlaku lagi."),
        CertificateState.EXPIRED: _("Masa berlaku sertifikat ini berakhir pada %(end)s."),
    }
    return StatusNow(state, STATE_TONES[state], sentences[state] % facts, facts["days"])
