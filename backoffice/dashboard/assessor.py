"""Home of an assessor: the cases that are assigned to them, as cards that fit a phone."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from backoffice.displays import STATUS_TONES, age_since
from backoffice.views.case_page import address
from core.accounts.models import AssessorProfile
from core.assessments.models import Assignment
from core.assessments.queries import own_assignments

#: From so many days before the end of a certificate its assessor is told on every visit.
EXPIRY_NOTICE_DAYS = 90


def home(request: HttpRequest) -> dict[str, Any]:
    """What is assigned, longest waiting first; and how long the own certificate still holds."""
    found: dict[str, Any] = {"tasks": [_task(assignment) for assignment in own_assignments(request.user)]}
    profile = AssessorProfile.objects.filter(user=request.user).first()
    expiry = profile.certificate_expires_on if profile else None
    if expiry and expiry <= timezone.localdate() + timedelta(days=EXPIRY_NOTICE_DAYS):
        found["lead"] = _("Sertifikat asesor Anda berlaku sampai %(day)s. Perbarui, lalu beri tahu sekretariat.") % {
            "day": date_format(expiry, "j F Y")
        }
    return found


def _task(assignment: Assignment) -> dict[str, Any]:
    case = assignment.application
    return {
        "case": case,
        "link": address(case),
        "age": age_since(assignment.assigned_at),
        "tone": STATUS_TONES.get(case.status, ""),
    }
