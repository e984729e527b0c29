"""The page of a session: placing, taking out, moving, and another assessor. What is refused changes nothing."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from backoffice.base import go
from backoffice.screens import dialog, screen
from backoffice.timeline import timeline
from backoffice.views import session_card, session_page
from core.accounts.models import AssessorProfile
from core.applications.models import Application
from core.applications.queries import applications_for
from core.assessments import rules, services
from core.assessments.enums import SessionStatus
from core.assessments.models import AssessmentSession
from core.assessments.queries import assessors_with_load, open_sessions, waiting_for_schedule
from core.assessments.seats import keep_seats
from core.common.exceptions import DomainError
from core.common.text import is_number
from core.schemes.models import Scheme


def find_session(request: HttpRequest, admin: Any, pk: Any) -> AssessmentSession:
    """The session, if this person may see it; else as if it did not exist."""
    if not admin.has_view_permission(request):
        raise PermissionDenied
    rows = admin.get_queryset(request).prefetch_related(None).select_related("scheme", "venue__region")
    found = rows.filter(pk=pk if is_number(str(pk)) else None).first()
    if found is None:
        raise Http404
    return found


@require_GET
def session_view(request: HttpRequest, *, pk: Any, admin: Any) -> HttpResponse:
    return _page(request, admin, find_session(request, admin, pk))


def _page(
    request: HttpRequest, admin: Any, session: AssessmentSession, *, refusal: DomainError | None = None
) -> HttpResponse:
    typed = request.POST if refusal else None
    keep_seats(session)
    context = {
        **session_page.context(session, request.user, asked=request.GET, typed=typed),
        **session_card.context(session, request.user),
        "refusal": refusal,
        "timeline": timeline(request, session),
        "is_fullwidth": "1",
    }
    title, status = session.number, 422 if refusal else 200
    return screen(request, admin, "backoffice/session/page.html", context, title=title, row=session, status=status)


@require_POST
def seats_view(request: HttpRequest, *, pk: int, admin: Any) -> HttpResponse:
    """One act on the ticked cases."""
    session = find_session(request, admin, pk)
    if not request.user.has_perm("core.schedule_session"):
        raise PermissionDenied
    act = SEAT_ACTS.get(request.POST.get("act", ""))
    if act is None:
        return redirect(session_page.address(session))
    keys = [key for key in request.POST.getlist("case") if is_number(key)]
    cases = list(applications_for(request.user).filter(pk__in=keys))
    try:
        with transaction.atomic():
            done = act(request, session, cases)
    except DomainError as refusal:
        return _page(request, admin, session, refusal=refusal)
    messages.success(request, done)
    query = request.GET.urlencode()
    return redirect(f"{session_page.address(session)}{'?' + query if query else ''}")


def _place(request: HttpRequest, session: AssessmentSession, cases: list[Application]) -> str:
    services.place_applications(
        session=session, applications=cases, accept_warnings="accept" in request.POST, by=request.user
    )
    return ngettext("%(n)d asesi ditempatkan.", "%(n)d asesi ditempatkan.", len(cases)) % {"n": len(cases)}


def _unplace(request: HttpRequest, session: AssessmentSession, cases: list[Application]) -> str:
    if not cases:
        raise DomainError(_("Centang sedikitnya satu permohonan."), code="unschedule.none")
    for case in cases:
        services.unplace_application(application=case, reason=request.POST.get("reason", ""), by=request.user)
    return ngettext("%(n)d asesi dikeluarkan.", "%(n)d asesi dikeluarkan.", len(cases)) % {"n": len(cases)}


def _move(request: HttpRequest, session: AssessmentSession, cases: list[Application]) -> str:
    chosen = request.POST.get("target", "")
    target = open_sessions(session.scheme).filter(pk=chosen).first() if is_number(chosen) else None
    if target is None:
        raise DomainError(_("Pilih jadwal tujuan."), code="move.no_target", field="target")
    services.move_applications(
        session=target,
        applications=cases,
        reason=request.POST.get("reason", ""),
        accept_warnings="accept" in request.POST,
        by=request.user,
    )
    return _("%(n)d asesi dipindahkan ke %(number)s.") % {"n": len(cases), "number": target.number}


SEAT_ACTS: dict[str, Callable[[HttpRequest, AssessmentSession, list[Application]], str]] = {
    "place": _place,
    "unplace": _unplace,
    "move": _move,
}


@require_GET
def board_view(request: HttpRequest, *, admin: Any) -> HttpResponse:
    """To where the cases of a scheme are placed next; without a scheme, of the case that has waited longest."""
    if not request.user.has_perm("core.schedule_session"):
        raise PermissionDenied
    scheme = Scheme.objects.filter(code=request.GET.get("skema", "")).first()
    if scheme is None and (case := waiting_for_schedule().select_related("scheme_version__scheme").first()):
        scheme = case.scheme_version.scheme
    if scheme is None:
        messages.info(request, _("Tidak ada permohonan yang menunggu jadwal."))
        return redirect(admin.list_url())
    session = open_sessions(scheme).first()
    if session is not None:
        return redirect(session_page.address(session))
    messages.info(request, _("Skema ini belum mempunyai jadwal yang akan datang. Buat satu, lalu tempatkan asesinya."))
    return redirect(f"{reverse('admin:core_assessmentsession_add')}?scheme={scheme.pk}")


@require_http_methods(["GET", "POST"])
def replace_view(request: HttpRequest, *, pk: int, assessor: int, admin: Any) -> HttpResponse:
    """An assessor cannot come: who takes over all cases that they have in this session."""
    session = find_session(request, admin, pk)
    if not request.user.has_perm("core.assign_assessor"):
        raise PermissionDenied
    old = AssessorProfile.objects.select_related("user").filter(pk=assessor).first()
    if old is None:
        raise Http404
    refusal = None
    if request.method == "POST":
        chosen = request.POST.get("assessor", "")
        new = AssessorProfile.objects.select_related("user").filter(pk=chosen).first() if is_number(chosen) else None
        try:
            if new is None:
                raise DomainError(_("Pilih satu asesor."), code="replace_assessor.nobody", field="assessor")
            done = services.replace_assessor_in_session(
                session=session, old=old, new=new, reason=request.POST.get("reason", ""), by=request.user
            )
        except DomainError as refused:
            refusal = refused
        else:
            messages.success(
                request,
                _("%(n)d permohonan beralih dari %(old)s kepada %(new)s.")
                % {"n": len(done), "old": old.user.full_name, "new": new.user.full_name},
            )
            return go(request, session_page.address(session))
    context = {
        "session": session,
        "session_url": session_page.address(session),
        "url": request.path,
        "is_announced": session.status == SessionStatus.ANNOUNCED,
        "old": old,
        "refusal": refusal,
        "blocked": rules.is_open(session),
        "choices": session_page.successors(session, old, assessors_with_load()),
        "chosen": request.POST.get("assessor", ""),
        "reason": request.POST.get("reason", ""),
    }
    title = _("Ganti asesor: %(number)s") % {"number": session.number}
    body = "backoffice/session/replace_form.html"
    return dialog(request, admin, body, context, title=title, row=session, refused=refusal is not None)
