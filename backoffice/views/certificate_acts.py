"""What an officer does to a certificate of either register, and what its page tells of it.

Dialogs with HTMX, pages of their own without. Nothing happens on GET; what the rules refuse changes
nothing and shows the reason with what was typed.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from backoffice.base import go
from backoffice.displays import CERTIFICATE_TONES, SURVEILLANCE_TONES
from backoffice.screens import dialog
from core.certificates import aftercare_rules, services
from core.certificates.aftercare_queries import current_renewal, surveillances_of
from core.certificates.enums import RECORDED_OUTCOMES, SurveillanceOutcome
from core.certificates.models import Certificate, PastCertificate, Surveillance
from core.certificates.standing import status_now
from core.certificates.transitions import CERTIFICATE_WORKFLOW
from core.common.exceptions import DomainError
from core.common.text import is_number


def _day(text: str, field: str) -> date | None:
    """A day as the browser sends it; what can't be read is refused beside its field."""
    try:
        day = parse_date(text) if text else None
    except ValueError:
        day = None
    if text and day is None:
        raise DomainError(_("Tanggal ini tidak dikenal."), code="day.unknown", field=field)
    return day


#: Act → its service, by the register that the certificate stands in.
ACTS: dict[str, dict[type, Callable[..., Any]]] = {
    "suspend": {Certificate: services.suspend_certificate, PastCertificate: services.suspend_past_certificate},
    "reinstate": {Certificate: services.reinstate_certificate, PastCertificate: services.reinstate_past_certificate},
    "withdraw": {Certificate: services.withdraw_certificate, PastCertificate: services.withdraw_past_certificate},
}
DONE = {
    "suspend": gettext_lazy("Sertifikat %(number)s dibekukan."),
    "reinstate": gettext_lazy("Sertifikat %(number)s berlaku kembali."),
    "withdraw": gettext_lazy("Sertifikat %(number)s dicabut."),
}


def address(certificate: Certificate | PastCertificate) -> str:
    return reverse(f"admin:core_{certificate._meta.model_name}_change", args=[certificate.pk])


def gets_letter(certificate: Certificate | PastCertificate) -> bool:
    return not isinstance(certificate, PastCertificate) or certificate.has_address


def act_address(certificate: Certificate, act: str) -> str:
    return reverse("admin:core_certificate_act", args=[certificate.pk, act])


def aftercare(certificate: Certificate, by: Any) -> dict[str, Any]:
    """What `backoffice/certificate/aftercare.html` draws on the page of a certificate."""
    now = status_now(certificate)
    return {
        "now": now,
        "now_tone": CERTIFICATE_TONES[now.state],
        "surveillances": [_line(row, certificate, by) for row in surveillances_of(certificate)],
        "renewal": current_renewal(certificate),
    }


def _line(row: Surveillance, certificate: Certificate, by: Any) -> dict[str, Any]:
    row.certificate = certificate
    may_record = not aftercare_rules.why_not_record(row, by)
    return {
        "row": row,
        "tone": SURVEILLANCE_TONES.get(row.outcome, ""),
        "is_late": not row.outcome and row.due_on < timezone.localdate(),
        "record_url": reverse("admin:core_surveillance_record", args=[row.pk]) if may_record else "",
    }


def _found(request: HttpRequest, admin: Any, pk: int) -> Any:
    """The row, if this person may see it; else as if it did not exist."""
    if not admin.has_view_permission(request):
        raise PermissionDenied
    found = admin.get_queryset(request).filter(pk=pk if is_number(str(pk)) else None).first()
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def act_view(request: HttpRequest, *, pk: int, act: str, admin: Any) -> HttpResponse:
    """One act of the table: its form, or the act itself."""
    certificate = _found(request, admin, pk)
    if act not in ACTS:
        raise Http404
    if not CERTIFICATE_WORKFLOW[act].permits(certificate, request.user):
        raise PermissionDenied
    if request.method != "POST":
        return _act_form(request, admin, certificate, act)
    try:
        _act(certificate, act, request)
    except DomainError as refusal:
        certificate.refresh_from_db(fields=["status", "suspended_until", "valid_until"])
        return _act_form(request, admin, certificate, act, refusal=refusal)
    letter = _("Pemegangnya mendapat surat.") if gets_letter(certificate) else ""
    messages.success(request, f"{DONE[act] % {'number': certificate.number}} {letter}".strip())
    return go(request, address(certificate))


def _act(certificate: Any, act: str, request: HttpRequest) -> None:
    words = request.POST
    more = {"until": _day(words.get("until", ""), "until")} if act == "suspend" else {}
    service = ACTS[act][type(certificate)]
    service(certificate=certificate, reason=words.get("reason", ""), by=request.user, **more)


def _act_form(
    request: HttpRequest, admin: Any, certificate: Any, act: str, refusal: DomainError | None = None
) -> HttpResponse:
    row = CERTIFICATE_WORKFLOW[act]
    words = request.POST if request.method == "POST" else request.GET
    context = {
        "certificate": certificate,
        "act": row,
        "blocked": row.refusal(certificate, request.user),
        "reason": words.get("reason", ""),
        "until": words.get("until", ""),
        "today": timezone.localdate(),
        "back": address(certificate),
        "gets_letter": gets_letter(certificate),
    }
    title = f"{row.label}: {certificate.number}"
    return _dialog(request, admin, certificate, "backoffice/certificate/act_form.html", title, context, refusal)


@require_http_methods(["GET", "HEAD", "POST"])
def record_view(request: HttpRequest, *, pk: int, admin: Any) -> HttpResponse:
    """Writing down how a surveillance went. What needs action leads on to suspending, which may be left."""
    row = _found(request, admin, pk)
    if not request.user.has_perm("core.change_surveillance"):
        raise PermissionDenied
    if request.method != "POST":
        return _record_form(request, admin, row)
    words = request.POST
    try:
        services.record_surveillance(
            surveillance=row,
            outcome=words.get("outcome", ""),
            note=words.get("note", ""),
            done_on=_day(words.get("done_on", ""), "done_on"),
            by=request.user,
        )
    except DomainError as refusal:
        row.refresh_from_db()
        return _record_form(request, admin, row, refusal=refusal)
    certificate = row.certificate
    needs_action = words.get("outcome") == SurveillanceOutcome.ACTION
    if needs_action and not CERTIFICATE_WORKFLOW["suspend"].refusal(certificate, request.user):
        messages.warning(request, _("Hasil surveilan dicatat. Bekukan sertifikat ini bila perlu, atau tekan Batal."))
        return go(request, act_address(certificate, "suspend"))
    messages.success(request, _("Hasil surveilan dicatat."))
    return go(request, address(certificate))


def _record_form(
    request: HttpRequest, admin: Any, row: Surveillance, refusal: DomainError | None = None
) -> HttpResponse:
    posted = request.POST if request.method == "POST" else {}
    certificate = row.certificate
    context = {
        "row": row,
        "certificate": certificate,
        "now": status_now(certificate),
        "outcomes": [(value, SurveillanceOutcome(value).label) for value in RECORDED_OUTCOMES],
        "blocked": aftercare_rules.why_not_record(row, request.user),
        "outcome": posted.get("outcome", ""),
        "note": posted.get("note", ""),
        "done_on": posted.get("done_on", f"{timezone.localdate()}"),
        "today": timezone.localdate(),
        "back": address(certificate),
    }
    title = _("Catat surveilan: %(number)s") % {"number": certificate.number}
    return _dialog(request, admin, row, "backoffice/certificate/surveillance_form.html", title, context, refusal)


def _dialog(
    request: HttpRequest,
    admin: Any,
    original: Any,
    template: str,
    title: str,
    context: dict[str, Any],
    refusal: DomainError | None,
) -> HttpResponse:
    context["refusal"] = refusal
    return dialog(request, admin, template, context, title=title, row=original, refused=refusal is not None)
