"""Small questions about institutions and invitations: a sentence why not, or ""."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core.accounts.rules import role_of
from core.institutions.enums import UNANSWERED, InstitutionStatus
from core.institutions.models import Institution, InstitutionOfficer, Invitation

#: A letter that was just sent is not sent again.
RESEND_AFTER = timedelta(minutes=10)
#: So many letters for one invitation, and then the officer should call.
MAX_SENDINGS = 6


def is_officer(user: Any) -> bool:
    return role_of(user) == "instansi"


def officer_of(user: Any) -> InstitutionOfficer | None:
    """The person as somebody who acts for an institution, with it."""
    if not is_officer(user):
        return None
    return (
        InstitutionOfficer.objects.select_related("institution__region__province", "institution__kind")
        .filter(user_id=user.pk)
        .first()
    )


def acts_for(institution: Institution, by: Any) -> bool:
    """Whether the person is an officer of this institution."""
    return by.is_active and InstitutionOfficer.objects.filter(institution=institution, user_id=by.pk).exists()


def has_confirmed_officer(institution: Institution, by: Any) -> str:
    """Nobody is let in whose address nobody has confirmed."""
    if institution.officers.filter(user__email_confirmed_at__isnull=False, user__is_active=True).exists():
        return ""
    return _("Petugas instansi ini belum mengonfirmasi alamat e-mailnya. Tunggu sampai ia membuka tautan di suratnya.")


def why_not_invite(institution: Institution, by: Any) -> str:
    if not acts_for(institution, by):
        return _("Anda bukan petugas instansi ini.")
    if institution.status != InstitutionStatus.APPROVED:
        return _("Instansi Anda belum dapat mengundang: statusnya “%(status)s”.") % {
            "status": institution.get_status_display()
        }
    return ""


def why_not_change(invitation: Invitation, by: Any) -> str:
    """Correcting the address, sending again and withdrawing are for what the person has not answered."""
    if reason := why_not_invite(invitation.institution, by):
        return reason
    if invitation.status not in UNANSWERED:
        return _("Undangan ini sudah dijawab atau ditarik.")
    return ""


def why_not_resend(invitation: Invitation, by: Any) -> str:
    return why_not_change(invitation, by) or why_no_letter(invitation)


def why_no_letter(invitation: Invitation) -> str:
    """Nobody is flooded with letters."""
    if invitation.sent_at > timezone.now() - RESEND_AFTER:
        return _("Surat baru saja dikirim. Tunggu sepuluh menit sebelum mengirim lagi.")
    if invitation.sendings >= MAX_SENDINGS:
        return _("Sudah %(count)d surat dikirim. Hubungi orangnya, atau perbaiki alamat e-mailnya.") % {
            "count": invitation.sendings
        }
    return ""
