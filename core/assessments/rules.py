"""Small named questions about assignments. Each returns a sentence why not, or "" when all is well."""

from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.accounts.models import AssessorProfile
from core.accounts.rules import role_of
from core.applications.enums import ApplicationStatus
from core.applications.models import Application

#: Statuses in which a case may be given to an assessor, or taken from one.
ASSIGNABLE_STATUSES = frozenset(
    {ApplicationStatus.ACCEPTED, ApplicationStatus.PREASSESSED, ApplicationStatus.SCHEDULED, ApplicationStatus.APPEALED}
)


def holds_case(application: Application, by: Any) -> bool:
    """Whether the person is the assessor who has this case now."""
    return application.assignments.filter(assessor__user=by.pk, in_force=True).exists()


def has_assessed(application: Application, user_id: int) -> bool:
    """Whether the person ever signed results on this case: they decide nothing on it (ISO/IEC 17024, 9.5)."""
    return application.records.filter(assessor__user=user_id, signature__isnull=False).exists()


def may_be_assigned(application: Application, by: Any) -> str:
    """Whether this person may choose an assessor for this case now."""
    if not by.is_active or not by.has_perm("core.assign_assessor"):
        return _("Anda tidak berhak menunjuk asesor.")
    if application.status not in ASSIGNABLE_STATUSES:
        return _("Asesor ditunjuk setelah permohonan diterima; status permohonan ini “%(status)s”.") % {
            "status": application.get_status_display()
        }
    return ""


def may_assess(assessor: AssessorProfile, application: Application) -> str:
    """Whether the assessor is fit for the case (impartiality: ISO/IEC 17024, 4.3; competence: 6.2)."""
    user = assessor.user
    if not user.is_active or role_of(user) != "asesor":
        return _("Akun asesor ini tidak aktif.")
    if user.pk == application.candidate.user_id:
        return _("Asesor tidak dapat menilai dirinya sendiri.")
    if has_assessed(application, user.pk):
        return _("Asesor ini sudah menilai permohonan ini; penilaian ulangnya dilakukan asesor lain.")
    expiry = assessor.certificate_expires_on
    if expiry is not None and expiry < timezone.localdate():
        return _("Sertifikat asesor berakhir pada %(date)s.") % {"date": date_format(expiry, "j F Y")}
    return ""


def shares_institution(assessor: AssessorProfile, application: Application) -> str:
    """A warning, no refusal: assessor and candidate name the same institution."""
    ours, theirs = (text.strip().casefold() for text in (assessor.institution, application.candidate.institution))
    if ours and ours == theirs:
        return _("Unit kerjanya sama dengan unit kerja asesi; pertimbangkan ketidakberpihakan.")
    return ""
