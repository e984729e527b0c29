"""Small named questions about certificates that were issued, asked by both faces and by the workflow table.

Guards return a sentence why not, or "" when all is well.
"""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.applications.enums import ApplicationStatus
from core.certificates.enums import RECORDED_OUTCOMES, CertificateState, CertificateStatus, SurveillanceOutcome
from core.certificates.models import Certificate, Surveillance
from core.certificates.standing import state_on
from core.policy.models import SystemPolicy

#: So many days after the end its holder may still begin a renewal instead of starting from nothing.
RENEWAL_GRACE_DAYS = 30
#: So many days before a surveillance is due its holder is told, and the list calls it due.
SURVEILLANCE_NOTICE_DAYS = 30
#: A renewal that ended so leaves the way open for another one.
FAILED_STATUSES = frozenset(
    {
        ApplicationStatus.REJECTED,
        ApplicationStatus.WITHDRAWN,
        ApplicationStatus.NOT_CONTINUED,
        ApplicationStatus.NOT_YET_COMPETENT,
    }
)

# --- acts on a certificate --------------------------------------------------------------------------


def is_not_expired(certificate: Certificate, by: Any) -> str:
    """What has ended is neither suspended nor made valid again."""
    if not certificate.is_expired:
        return ""
    return _("Masa berlaku sertifikat ini sudah berakhir pada %(end)s; tindakan ini tidak mengubah apa pun lagi.") % {
        "end": date_format(certificate.valid_until, "j F Y")
    }


def is_not_own_certificate(certificate: Certificate, by: Any) -> str:
    """Impartiality (ISO/IEC 17024, 4.3): nobody rules on what they hold themselves."""
    if certificate.holder_id != by.pk:
        return ""
    return _("Anda tidak dapat memutuskan tentang sertifikat Anda sendiri. Minta rekan Anda melakukannya.")


def why_not_until(certificate: Certificate, until: date | None) -> str:
    """The last day of a suspension lies ahead and within the validity; none means until it is lifted by hand."""
    if until is None:
        return ""
    if until < timezone.localdate():
        return _("Hari terakhir pembekuan sudah lewat. Pilih hari ini atau sesudahnya, atau kosongkan.")
    if until >= certificate.valid_until:
        return _(
            "Masa berlaku sertifikat berakhir pada %(end)s. Pilih tanggal sebelum itu, atau kosongkan supaya "
            "pembekuan berlaku sampai dicabut kembali."
        ) % {"end": date_format(certificate.valid_until, "j F Y")}
    return ""


# --- surveillance -----------------------------------------------------------------------------------


def why_not_record(surveillance: Surveillance, by: Any) -> str:
    """Once; whoever did not answer may still do so later."""
    if not by.is_active or not by.has_perm("core.change_surveillance"):
        return _("Anda tidak berhak mencatat surveilan.")
    if refusal := is_not_own_certificate(surveillance.certificate, by):
        return refusal
    if surveillance.outcome not in ("", SurveillanceOutcome.NO_ANSWER):
        return _("Hasil surveilan ini sudah tercatat: %(outcome)s.") % {"outcome": surveillance.get_outcome_display()}
    if surveillance.certificate.status in (CertificateStatus.WITHDRAWN, CertificateStatus.REPLACED):
        return _("Sertifikat ini sudah %(status)s; surveilan tidak diperlukan lagi.") % {
            "status": surveillance.certificate.get_status_display().lower()
        }
    return ""


def why_not_outcome(surveillance: Surveillance, outcome: str, note: str, done_on: date | None) -> tuple[str, str]:
    """What is wrong with what was written down: (sentence, field); two times "" when nothing is."""
    if outcome not in RECORDED_OUTCOMES:
        return _("Pilih hasil surveilan."), "outcome"
    if done_on is None:
        return _("Isi tanggal surveilan dilaksanakan."), "done_on"
    if done_on > timezone.localdate():
        return _("Tanggal pelaksanaan tidak dapat di masa depan."), "done_on"
    if done_on < surveillance.certificate.issued_on:
        return _("Tanggal pelaksanaan mendahului tanggal terbit sertifikat."), "done_on"
    if outcome != SurveillanceOutcome.MAINTAINED and not note.strip():
        return _("Tulis catatannya: apa yang ditemukan dan apa yang perlu dilakukan."), "note"
    return "", ""


# --- renewal ----------------------------------------------------------------------------------------


def renewal_window(certificate: Certificate, policy: SystemPolicy) -> tuple[date, date]:
    """First and last day on which its holder may begin to renew."""
    return (
        certificate.valid_until - timedelta(days=policy.renewal_days),
        certificate.valid_until + timedelta(days=RENEWAL_GRACE_DAYS),
    )


def why_not_renew(certificate: Certificate, by: Any, policy: SystemPolicy, today: date | None = None) -> str:
    """Whether the holder may begin a renewal today; what already runs is the service's to find."""
    today = today or timezone.localdate()
    if certificate.holder_id != by.pk:
        return _("Hanya pemegang sertifikat yang dapat memulai perpanjangan.")
    state = state_on(certificate, today)
    if state == CertificateState.WITHDRAWN:
        return _("Sertifikat yang dicabut tidak dapat diperpanjang. Ajukan permohonan baru untuk skema ini.")
    if state == CertificateState.REPLACED:
        return _("Sertifikat ini sudah diganti. Perpanjang sertifikat penggantinya.")
    if state == CertificateState.SUSPENDED:
        return _("Sertifikat yang sedang dibekukan tidak dapat diperpanjang. Hubungi sekretariat LSP.")
    first, last = renewal_window(certificate, policy)
    if today < first:
        return _("Perpanjangan dibuka mulai %(first)s.") % {"first": date_format(first, "j F Y")}
    if today > last:
        return _("Waktu perpanjangan berakhir pada %(last)s. Ajukan permohonan baru untuk skema ini.") % {
            "last": date_format(last, "j F Y")
        }
    return ""
