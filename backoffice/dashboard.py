"""The home page of each role: what waits, oldest first, one click away."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from backoffice.displays import STATUS_TONES, age_html, age_since
from backoffice.navigation import counts
from backoffice.views.case_page import address
from core.accounts.models import AssessorProfile
from core.accounts.rules import role_of
from core.applications.queries import accepted_this_month, verification_queue
from core.assessments.models import Assignment
from core.assessments.queries import own_assignments

WAITING_ROWS = 10
#: From so many days before the end of a certificate its assessor is told on every visit.
EXPIRY_NOTICE_DAYS = 90


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Cards and the ten longest waiting cases for those who see applications; a sentence for assessors."""
    context["title"] = _("Beranda")
    role = role_of(request.user)
    if role == "asesor":
        return context | assessor_home(request)
    if role not in {"sekretariat", "administrator", "bnsp"}:
        return context
    context["cards"] = _cards(request)
    if role == "bnsp":
        context["lead"] = _("Anda melihat tanpa dapat mengubah. Setiap dokumen yang Anda buka tercatat.")
    cases = verification_queue().prefetch_related("candidate__user", "scheme_version__scheme", "officer")[:WAITING_ROWS]
    context["waiting"] = [{"case": case, "link": address(case), "age": age_html(case)} for case in cases]
    return context


def assessor_home(request: HttpRequest) -> dict[str, Any]:
    """What is assigned, longest waiting first, as cards; and how long the own certificate still holds."""
    found = {"tasks": [_task(assignment) for assignment in own_assignments(request.user)]}
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


def _cards(request: HttpRequest) -> list[dict[str, Any]]:
    found = counts(request)
    queue = reverse("admin:core_application_changelist")
    month = timezone.localdate().replace(day=1)
    cards = [
        (_("Menunggu diperiksa"), found["submitted"], "antrean=menunggu"),
        (_("Sedang saya periksa"), found["mine"], "antrean=saya"),
        (_("Dikembalikan"), found["returned"], "antrean=perbaikan"),
        (
            _("Diterima bulan ini"),
            accepted_this_month(request.user),
            f"antrean=diterima&closed_at_from={month:%d-%m-%Y}",
        ),
    ]
    if not request.user.has_perm("core.verify_application"):
        del cards[1]
    return [{"title": title, "figure": figure, "link": f"{queue}?{query}"} for title, figure, query in cards]
