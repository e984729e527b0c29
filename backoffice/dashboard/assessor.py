"""Home of an assessor: the sessions to come and the cases that are assigned to them, as cards that fit a phone."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from backoffice.displays import STATUS_TONES, age_since
from backoffice.views import session_page
from backoffice.views.case_page import address
from core.accounts.models import AssessorProfile
from core.assessments.models import AssessmentSession, Assignment
from core.assessments.queries import own_assignments
from core.assessments.seats import sessions_to_come
from core.assessments.session_rules import has_begun
from core.assessments.words import time_words

#: From so many days before the end of a certificate its assessor is told on every visit.
EXPIRY_NOTICE_DAYS = 90


def home(request: HttpRequest) -> dict[str, Any]:
    """The next sessions, what is assigned, longest waiting first; and how long the own certificate still holds."""
    found: dict[str, Any] = {
        "tasks": [_task(assignment) for assignment in own_assignments(request.user)],
        "sessions": [_session(session) for session in sessions_to_come(request.user)],
    }
    profile = AssessorProfile.objects.filter(user=request.user).first()
    expiry = profile.certificate_expires_on if profile else None
    if expiry and expiry <= timezone.localdate() + timedelta(days=EXPIRY_NOTICE_DAYS):
        found["lead"] = _("Sertifikat asesor Anda berlaku sampai %(day)s. Perbarui, lalu beri tahu sekretariat.") % {
            "day": date_format(expiry, "j F Y")
        }
    return found


def _session(session: AssessmentSession) -> dict[str, Any]:
    """One announced session, with the own surat tugas; attendance as soon as it has begun."""
    return {
        "session": session,
        "link": session_page.address(session),
        "time": time_words(session),
        "place": session.venue.name if session.venue else session.get_mode_display(),
        "is_today": timezone.localdate(session.starts_at) == timezone.localdate(),
        "letter": session.own_letters[0],
        "attendance": reverse("admin:core_assessmentsession_attendance", args=[session.pk])
        if has_begun(session)
        else "",
    }


def _task(assignment: Assignment) -> dict[str, Any]:
    case = assignment.application
    return {
        "case": case,
        "link": address(case),
        "age": age_since(assignment.assigned_at),
        "tone": STATUS_TONES.get(case.status, ""),
    }
