"""What is done with a whole session: announce, letters, attendance, close, cancel.

Nothing happens on GET. What the rules refuse changes nothing and says why; what was typed stays.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods

from backoffice.base import go
from backoffice.screens import dialog
from backoffice.views.session_card import REISSUE, act_address, teams_shown
from backoffice.views.session_page import address
from backoffice.views.sessions import find_session
from core.activity.services import record_view
from core.assessments import services, session_rules
from core.assessments.enums import Attendance
from core.assessments.models import AssessmentSession
from core.assessments.seats import own_seats
from core.assessments.session_transitions import WORKFLOW
from core.common.exceptions import DomainError
from core.common.transitions import Transition
from core.documents.services import view_document
from core.documents.serving import document_response, pdf_response

#: What an act that needs a reason calls it.
REASONS = {
    "cancel": gettext_lazy("Alasan (asesi dan asesor membacanya apa adanya)"),
    "reissue": gettext_lazy("Alasan (tercatat pada surat lama)"),
}


def session_act_urls(admin: Any) -> list[URLPattern]:
    """The addresses of this module, for the admin's `get_urls`."""

    def address_of(route: str, name: str, view: Callable[..., Any]) -> URLPattern:
        return path(route, admin.admin_site.admin_view(view), {"admin": admin}, name=f"core_assessmentsession_{name}")

    return [
        address_of("<int:pk>/tindakan/<slug:act>/", "act", act_view),
        address_of("<int:pk>/kehadiran/", "attendance", attendance_view),
        address_of("<int:pk>/daftar-hadir/", "attendance_list", attendance_list_view),
    ]


# --- acts on the whole session ----------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def act_view(request: HttpRequest, *, pk: int, act: str, admin: Any) -> HttpResponse:
    session = find_session(request, admin, pk)
    if act not in ACTS:
        raise Http404
    row = REISSUE if act == REISSUE.name else WORKFLOW[act]
    if not row.permits(session, request.user):
        raise PermissionDenied
    if request.method != "POST":
        return _act_form(request, admin, session, row)
    try:
        done = ACTS[act](session, request.user, request.POST)
    except DomainError as refusal:
        session.refresh_from_db(fields=["status"])
        return _act_form(request, admin, session, row, refusal=refusal)
    messages.success(request, done)
    return go(request, address(session))


def _act_form(
    request: HttpRequest, admin: Any, session: AssessmentSession, row: Transition, refusal: DomainError | None = None
) -> HttpResponse:
    replaced = [team for team in teams_shown(session, request.user) if not team.is_true] if row is REISSUE else []
    return _dialog(
        request,
        admin,
        session,
        title=row.label,
        template="backoffice/session/act_form.html",
        refused=refusal is not None,
        act=row,
        url=act_address(session, row.name),
        refusal=refusal,
        blocked="" if refusal else row.refusal(session, request.user),
        reason_label=REASONS.get(row.name, "") if row is not REISSUE or any(team.letter for team in replaced) else "",
        reason=request.POST.get("reason", ""),
        letters=replaced,
        told=_told(session, request.user) if row.name == "announce" else "",
    )


def _told(session: AssessmentSession, by: Any) -> str:
    """Whom announcing writes to."""
    teams = teams_shown(session, by)
    return _("%(candidates)d undangan kepada asesi, %(letters)d surat tugas kepada asesor") % {
        "candidates": sum(len(team.seats) for team in teams),
        "letters": len(teams),
    }


def _dialog(
    request: HttpRequest,
    admin: Any,
    session: AssessmentSession,
    *,
    title: Any,
    template: str,
    refused: bool,
    **more: Any,
) -> HttpResponse:
    context = {"session": session, "session_url": address(session), **more}
    title = f"{title}: {session.number}"
    return dialog(request, admin, template, context, title=title, row=session, refused=refused)


def _announce(session: AssessmentSession, by: Any, typed: Mapping[str, str]) -> str:
    services.announce_session(session=session, by=by)
    return _("Jadwal diumumkan: undangan dan surat tugas dikirim.")


def _close(session: AssessmentSession, by: Any, typed: Mapping[str, str]) -> str:
    services.close_session(session=session, by=by)
    return _("Jadwal ditutup.")


def _cancel(session: AssessmentSession, by: Any, typed: Mapping[str, str]) -> str:
    services.cancel_session(session=session, reason=typed.get("reason", ""), by=by)
    return _("Jadwal dibatalkan; semua asesi dapat dijadwalkan lagi.")


def _reissue(session: AssessmentSession, by: Any, typed: Mapping[str, str]) -> str:
    issued = services.reissue_letters(session=session, reason=typed.get("reason", ""), by=by)
    return ngettext("%(n)d surat tugas baru dikirim.", "%(n)d surat tugas baru dikirim.", len(issued)) % {
        "n": len(issued)
    }


ACTS: dict[str, Callable[[AssessmentSession, Any, Mapping[str, str]], str]] = {
    "announce": _announce,
    "close": _close,
    "cancel": _cancel,
    "reissue": _reissue,
}


# --- the day ------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def attendance_view(request: HttpRequest, *, pk: int, admin: Any) -> HttpResponse:
    """Who came: big buttons for a phone, one save for all. “Semua hadir” fills in whoever is not recorded yet."""
    session = find_session(request, admin, pk)
    seats = own_seats(session, request.user)
    if not (seats or request.user.has_perm("core.schedule_session")):
        raise PermissionDenied
    typed = {
        seat.pk: request.POST.get(f"kehadiran-{seat.pk}", "")
        or (Attendance.PRESENT if "semua" in request.POST else seat.attendance)
        for seat in seats
    }
    refusal = None
    if request.method == "POST":
        try:
            services.record_attendance(session=session, attendance=typed, by=request.user)
        except DomainError as refused:
            refusal = refused
        else:
            messages.success(request, _("Kehadiran disimpan."))
            return redirect(address(session))
    for seat in seats:
        seat.shown = typed[seat.pk]
    return _dialog(
        request,
        admin,
        session,
        title=_("Kehadiran"),
        template="backoffice/session/attendance.html",
        refused=refusal is not None,
        url=reverse("admin:core_assessmentsession_attendance", args=[session.pk]),
        seats=seats,
        choices=Attendance.choices,
        refusal=refusal,
        blocked="" if refusal else session_rules.why_not_record_attendance(session, request.user),
    )


@require_GET
def attendance_list_view(request: HttpRequest, *, pk: int, admin: Any) -> HttpResponseBase:
    """The daftar hadir: as it stands now, or as it was kept when the session was closed.

    It names people, so it is for those who may know who they are.
    """
    from core.assessments.session_papers import attendance_pdf  # loads the PDF engine, which takes a moment

    session = find_session(request, admin, pk)
    if not request.user.has_perm("core.view_identifiers"):
        raise PermissionDenied
    if session.attendance_list is not None:
        view_document(document=session.attendance_list, by=request.user)
        return document_response(session.attendance_list, request=request)
    rendered = attendance_pdf(session)
    record_view("session.print_attendance", by=request.user, subject=session)
    return pdf_response(rendered.content, file_name=f"{_('Daftar hadir')} {session.number}.pdf")
