"""The screen of a plenary: its agenda decided row by row or at once, its members, its acts, its papers.

Nothing happens on GET. A POST that the rules refuse changes nothing and shows the reason.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from backoffice.base import go
from backoffice.forms_plenary import PlenaryForm, seat_forms, seats_of
from backoffice.screens import dialog, screen, show_refusal
from backoffice.timeline import timeline
from backoffice.views import plenary_page
from core.applications.models import Application
from core.common.exceptions import DomainError
from core.common.text import is_number
from core.decisions import rules, services
from core.decisions.models import Plenary
from core.decisions.queries import agenda, next_plenary, waiting_for_decision
from core.decisions.services import Choice
from core.documents.services import view_document
from core.documents.serving import document_response, is_piece

#: Act → its service, and what is said when it went well.
ACTS: dict[str, tuple[Callable[..., Plenary], Any]] = {
    "record": (services.record_plenary, gettext_lazy("Keputusan dicatat. Mintalah rekan lain mengesahkannya.")),
    "confirm": (services.confirm_plenary, gettext_lazy("Keputusan disahkan; setiap asesi mendapat surat.")),
    "reopen": (services.reopen_plenary, gettext_lazy("Rapat dibuka kembali; keputusannya dapat diubah.")),
    "cancel": (services.cancel_plenary, gettext_lazy("Rapat dibatalkan; permohonannya menunggu rapat lain.")),
}


def find_plenary(request: HttpRequest, admin: Any, pk: Any, *, to_write: bool = False) -> Plenary:
    """The plenary, if this person may see it, or write in it."""
    if not admin.has_view_permission(request):
        raise PermissionDenied
    if to_write and not request.user.has_perm("core.record_decision"):
        raise PermissionDenied
    found = (
        Plenary.objects.defer("content")
        .select_related("opened_by", "recorded_by", "confirmed_by", "record_signature", "confirm_signature")
        .filter(pk=pk if is_number(str(pk)) else None)
        .first()
    )
    if found is None:
        raise Http404
    return found


def _is_closed(request: HttpRequest, plenary: Plenary) -> HttpResponse | None:
    """Back to the page, saying why nothing is written here any more; None while it may be."""
    if reason := rules.is_preparing(plenary, request.user):
        messages.error(request, reason)
        return redirect(plenary_page.address(plenary))
    return None


@require_GET
def plenary_view(request: HttpRequest, *, pk: Any, admin: Any) -> HttpResponse:
    return _page(request, admin, find_plenary(request, admin, pk))


def _page(request: HttpRequest, admin: Any, plenary: Plenary, *, status: int = 200, **typed: Any) -> HttpResponse:
    context = plenary_page.context(plenary, request.user, **typed) | {"timeline": timeline(request, plenary)}
    return _screen(request, admin, "backoffice/plenary/page.html", context, plenary.title, plenary, status)


def _screen(
    request: HttpRequest, admin: Any, template: str, context: dict, title: str, plenary: Any, status: int = 200
) -> HttpResponse:
    context = {"plenary": plenary, **context}
    return screen(request, admin, template, context, title=title, row=plenary, status=status)


@require_GET
def agenda_view(request: HttpRequest, *, admin: Any) -> HttpResponse:
    """Leads to where what waits is put onto an agenda: of the meeting being prepared, else of a new one."""
    if not (admin.has_add_permission(request) and request.user.has_perm("core.record_decision")):
        raise PermissionDenied
    plenary = next_plenary()
    return redirect(plenary_page.address(plenary, "cases") if plenary else "admin:core_plenary_add")


@require_http_methods(["GET", "POST"])
def create_view(request: HttpRequest, *, admin: Any) -> HttpResponse:
    """A new plenary; the members of the last one may be taken along."""
    if not (admin.has_add_permission(request) and request.user.has_perm("core.record_decision")):
        raise PermissionDenied
    last = Plenary.objects.filter(members__isnull=False).order_by("-pk").first()
    form = PlenaryForm(request.POST if request.method == "POST" else None, last=last)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        same = values.pop("same_members", False)
        try:
            with transaction.atomic():
                plenary = services.create_plenary(**values, by=request.user)
                if same:
                    services.save_members(plenary=plenary, seats=seats_of(last), by=request.user)
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("Rapat pleno disiapkan. Tambahkan permohonannya."))
            waits = waiting_for_decision().exists()
            return redirect(plenary_page.address(plenary, "cases" if waits else "change"))
    status = 422 if form.is_bound else 200
    return _screen(
        request, admin, "backoffice/plenary/head_form.html", {"form": form}, _("Siapkan rapat pleno"), None, status
    )


@require_http_methods(["GET", "POST"])
def edit_view(request: HttpRequest, *, pk: int, admin: Any) -> HttpResponse:
    """Name, day, place, note."""
    plenary = find_plenary(request, admin, pk, to_write=True)
    if over := _is_closed(request, plenary):
        return over
    form = PlenaryForm(request.POST if request.method == "POST" else None, plenary=plenary)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_plenary(plenary=plenary, **form.cleaned_data, by=request.user)
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("Data rapat disimpan."))
            return redirect(plenary_page.address(plenary))
    status = 422 if form.is_bound else 200
    return _screen(
        request, admin, "backoffice/plenary/head_form.html", {"form": form}, _("Ubah data rapat"), plenary, status
    )


@require_http_methods(["GET", "POST"])
def members_view(request: HttpRequest, *, pk: int, admin: Any) -> HttpResponse:
    """Who sat in the meeting, and who was there."""
    plenary = find_plenary(request, admin, pk, to_write=True)
    if over := _is_closed(request, plenary):
        return over
    lines = seat_forms(plenary, request.POST if request.method == "POST" else None)
    refusal = ""
    if request.method == "POST" and lines.is_valid():
        try:
            services.save_members(
                plenary=plenary, seats=[line.seat() for line in lines if line.cleaned_data], by=request.user
            )
        except DomainError as error:
            refusal = error.message
        else:
            messages.success(request, _("Anggota rapat disimpan."))
            page = "members" if "lagi" in request.POST else "change"
            return redirect(plenary_page.address(plenary, page))
    context = {"lines": lines, "refusal": refusal}
    status = 422 if lines.is_bound else 200
    return _screen(request, admin, "backoffice/plenary/members.html", context, _("Anggota rapat"), plenary, status)


@require_http_methods(["GET", "POST"])
def cases_view(request: HttpRequest, *, pk: int, admin: Any) -> HttpResponse:
    """What waits for a decision, all ticked: usually everything of a scheme or a session goes onto one agenda."""
    plenary = find_plenary(request, admin, pk, to_write=True)
    if over := _is_closed(request, plenary):
        return over
    if request.method == "POST":
        keys = [int(key) for key in request.POST.getlist("permohonan") if is_number(key)]
        try:
            if not keys:
                raise DomainError(_("Centang sedikitnya satu permohonan."), code="add_case.none")
            count = services.add_cases(
                plenary=plenary, applications=Application.objects.filter(pk__in=keys), by=request.user
            )
        except DomainError as refusal:
            messages.error(request, refusal.message)
            return redirect(f"{plenary_page.address(plenary, 'cases')}?{_narrowing(request.POST)}")
        messages.success(request, _("%(count)d permohonan ditambahkan pada agenda.") % {"count": count})
        return redirect(plenary_page.address(plenary))
    context = plenary_page.offered_cases(scheme=request.GET.get("skema", ""), session=request.GET.get("jadwal", ""))
    return _screen(request, admin, "backoffice/plenary/cases.html", context, _("Tambah permohonan"), plenary)


def _narrowing(words: QueryDict) -> str:
    query = QueryDict(mutable=True)
    query.update({name: words.get(name, "") for name in ("skema", "jadwal")})
    return query.urlencode()


@require_POST
def decide_view(request: HttpRequest, *, pk: int, admin: Any) -> HttpResponse:
    """Keep what was decided: every row as typed; "ikuti" fills the open ones in, "keluarkan" takes one off."""
    plenary = find_plenary(request, admin, pk, to_write=True)
    leaving = request.POST.get("keluarkan", "")
    choices = [choice for choice in _choices(request.POST) if str(choice.application) != leaving]
    try:
        with transaction.atomic():
            changed = services.save_decisions(plenary=plenary, choices=choices, by=request.user)
            if "ikuti" in request.POST:
                changed += services.follow_recommendations(plenary=plenary, by=request.user)
            if is_number(leaving):
                case = Application.objects.filter(pk=leaving).first()
                if case is not None:
                    services.remove_case(plenary=plenary, application=case, by=request.user)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        typed = {choice.application: (choice.outcome, choice.note) for choice in choices}
        return _page(request, admin, plenary, status=422, typed=typed)
    done = _("%(count)d keputusan disimpan.") % {"count": changed}
    messages.success(request, _("Permohonan dikeluarkan dari agenda.") if leaving else done)
    return redirect(plenary_page.address(plenary))


def _choices(words: QueryDict) -> list[Choice]:
    """One for every row that the page had; `hasil-<case>` names the record that it showed."""
    found = []
    for name in words:
        case = name.removeprefix("hasil-")
        if case != name and is_number(case):
            record = words[name]
            outcome, note = words.get(f"putusan-{case}", ""), words.get(f"catatan-{case}", "")
            found.append(Choice(int(case), int(record) if is_number(record) else None, outcome, note))
    return found


@require_http_methods(["GET", "POST"])
def act_view(request: HttpRequest, *, pk: int, act: str, admin: Any) -> HttpResponse:
    """One act. GET asks once more (never acts), POST acts once."""
    plenary = find_plenary(request, admin, pk)
    if act not in ACTS:
        raise Http404
    right = "confirm_decision" if act == "confirm" else "record_decision"
    if not request.user.has_perm(f"core.{right}"):
        raise PermissionDenied
    refusal = None
    if request.method == "POST":
        service, done = ACTS[act]
        try:
            service(plenary=plenary, by=request.user)
        except DomainError as error:
            refusal = error
            plenary.refresh_from_db()
        else:
            messages.success(request, done)
            return go(request, plenary_page.address(plenary))
    rows = agenda(plenary)
    found = {found["name"]: found for found in plenary_page.acts(plenary, request.user, rows=rows)}.get(act)
    if found is None and refusal is None:
        return go(request, plenary_page.address(plenary))
    context = {
        "act": found or {"name": act, "label": "", "tone": "", "reason": refusal.message},
        "refusal": refusal,
        "figures": plenary_page.figures(rows),
        "differing": [row for row in rows if row.differs],
        "plenary": plenary,
    }
    title, body = context["act"]["label"], "backoffice/plenary/act_form.html"
    return dialog(request, admin, body, context, title=title, row=plenary, refused=refusal is not None)


@require_GET
def paper_view(request: HttpRequest, *, pk: int, paper: str, admin: Any) -> HttpResponseBase:
    """Berita acara or SK kelulusan: rendered at the first look, then served from the repository. Both name people."""
    from core.decisions.papers import DECISION_LETTER, MINUTES, ensure_paper  # loads the PDF engine, takes a moment

    plenary = find_plenary(request, admin, pk)
    if not (request.user.has_perm("core.view_document") and request.user.has_perm("core.view_identifiers")):
        raise PermissionDenied
    try:
        document = ensure_paper(MINUTES if paper == "minutes" else DECISION_LETTER, plenary=plenary)
    except DomainError as refusal:
        raise Http404 from refusal
    view_document(document=document, by=request.user, is_piece=is_piece(request))
    return document_response(document, request=request, as_attachment="simpan" in request.GET)
