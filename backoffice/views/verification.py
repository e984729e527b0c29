"""The verification screen: everything one needs to judge a case, and the acts of the workflow table.

Nothing happens on GET. A POST that the rules refuse changes nothing and shows the reason; with HTMX
the answers are parts of the page, without it whole pages.
"""

from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import reswap, retarget

from backoffice.base import go
from backoffice.screens import dialog, screen
from backoffice.timeline import timeline
from backoffice.views import case_page, result_sheet
from backoffice.views.preassessment_card import preassessment_card
from core.activity.services import record_view
from core.applications import services
from core.applications.enums import FormCode, Verdict
from core.applications.models import Application
from core.applications.queries import next_waiting
from core.applications.sections import sections_of
from core.applications.transitions import WORKFLOW
from core.assessments.queries import why_no_longer
from core.common.exceptions import DomainError, NoLongerYours
from core.common.text import is_number
from core.documents.serving import pdf_response

#: What the secretariat may do on this screen: act → how the posted words reach its service.
ACTS: dict[str, Callable[[Application, Any, Mapping[str, str]], Any]] = {
    "take": lambda case, by, words: services.take_application(application=case, by=by),
    "take_over": lambda case, by, words: services.take_over_application(application=case, by=by),
    "accept": lambda case, by, words: services.accept_application(application=case, by=by, note=words.get("note", "")),
    "return": lambda case, by, words: services.return_application(
        application=case, by=by, parts=_named_parts(words), reason=words.get("reason", "")
    ),
    "reject": lambda case, by, words: services.reject_application(
        application=case, by=by, reason=words.get("reason", "")
    ),
}
#: Acts that ask for words first; the others are one button.
WITH_DIALOG = frozenset({"accept", "return", "reject"})


def _named_parts(words: Mapping[str, str]) -> dict[str, str]:
    """{section key: note} of the ticked sections; a note whose tick was taken away does not count."""
    return {name[5:]: words.get(f"note-{name[5:]}", "") for name in words if name.startswith("part-")}


def find_case(request: HttpRequest, admin: Any, pk: Any) -> Application:
    """The case, if this person may see it; else as if it did not exist, but for whoever had it before."""
    if not admin.has_view_permission(request):
        raise PermissionDenied
    key = int(pk) if is_number(str(pk)) else None
    found = (
        admin.get_queryset(request)
        .select_related("candidate__user", "scheme_version__scheme", "officer")
        .prefetch_related(None)
        .filter(pk=key)
        .first()
    )
    if found is None:
        raise_not_found(request.user, key)
    return found


def raise_not_found(by: Any, case: int | None) -> NoReturn:
    """As if it did not exist; whoever assessed the case and was relieved reads why."""
    if sentence := why_no_longer(by, case):
        raise NoLongerYours(sentence)
    raise Http404


@require_GET
def case_view(request: HttpRequest, *, pk: Any, admin: Any) -> HttpResponse:
    """The screen itself."""
    case = find_case(request, admin, pk)
    services.view_application(application=case, by=request.user)
    return _page(request, admin, case)


def _page(request: HttpRequest, admin: Any, case: Application, *, status: int = 200, **typed: Any) -> HttpResponse:
    context = {
        **(shown := case_page.context(case, request.user, **typed)),
        **preassessment_card(case, request.user, shown["submission"], shown["snapshot"]),
        **result_sheet.card(case, request.user),
        "timeline": timeline(request, case, length=case_page.TIMELINE_LENGTH, public=True),
        "is_fullwidth": "1",
    }
    return screen(request, admin, "backoffice/case.html", context, title=case.number, row=case, status=status)


@require_GET
def evidence_view(request: HttpRequest, *, pk: int, admin: Any) -> HttpResponse:
    """What a row of the queue unfolds to: requirements with their files and verdicts, the last acts."""
    case = find_case(request, admin, pk)
    context = case_page.evidence_context(case, request.user)
    context["timeline"] = timeline(request, case, length=case_page.LAST_ACTS, public=True)
    if request.htmx:
        return TemplateResponse(request, "backoffice/evidence.html", context)
    return screen(request, admin, "backoffice/evidence_page.html", context, title=case.number, row=case)


@require_POST
def check_view(request: HttpRequest, *, pk: int, admin: Any) -> HttpResponse:
    """Keep verdicts: one requirement (HTMX, `?persyaratan=`), or all of them with the button.

    All or nothing: when one verdict is refused none is kept, and what was typed comes back with
    the reason beside it.
    """
    case = find_case(request, admin, pk)
    if not request.user.has_perm("core.verify_application"):
        raise PermissionDenied
    only = request.GET.get("persyaratan")
    is_one = request.htmx and only is not None
    rows = [row for row in case_page.requirement_rows(case, request.user) if only in (None, str(row.pk))]
    if not rows:
        raise Http404
    wanted = {row.pk: _wanted(row, request.POST) for row in rows}
    refused: dict[int, str] = {}
    try:
        with transaction.atomic():
            for row in rows:
                verdict, note = wanted[row.pk]
                if (verdict, note) == (row.verdict, row.note):
                    continue
                try:
                    services.check_requirement(
                        application=case, requirement=row.requirement, verdict=verdict, note=note, by=request.user
                    )
                except DomainError as refusal:
                    refused[row.pk] = refusal.message
            if refused:
                raise DomainError(_("Penilaian belum disimpan."))
    except DomainError as refusal:
        if not is_one:
            messages.error(request, refusal.message)
            return _page(request, admin, case, status=422, wanted=wanted, refused=refused)
    if is_one:
        return _one_requirement(request, case, int(only), refused)
    messages.success(request, _("Penilaian disimpan."))
    return redirect(case_page.address(case))


def _wanted(row: Any, words: Mapping[str, str]) -> tuple[str, str]:
    """The verdict and note that were posted; the shortcut fills in what has no verdict yet.

    What has files meets; what may be left out and was left out is not there. Somebody looks at the rest.
    """
    verdict = words.get(f"verdict-{row.pk}", row.verdict)
    note = words.get(f"note-{row.pk}", row.note).strip()[:500]
    if words.get("semua") == Verdict.MEETS and not verdict:
        verdict = Verdict.MEETS if row.files else "" if row.requirement.is_required else Verdict.ABSENT
    return verdict, note


def _one_requirement(
    request: HttpRequest, case: Application, requirement: int, refused: dict[int, str]
) -> HttpResponse:
    """The state line of one requirement and the acts, which may have changed with it.

    A refusal puts the whole block back as it is stored, with the reason.
    """
    row = next(row for row in case_page.requirement_rows(case, request.user, refused=refused) if row.pk == requirement)
    context = {
        "row": row,
        "case": case,
        "can_check": case_page.can_check(case, request.user),
        "verdicts": Verdict.choices,
    }
    context |= case_page.acts_context(case, request.user) | case_page.progress_context(case)
    if refused:
        response = TemplateResponse(request, "backoffice/case/requirement.html", context)
        return retarget(reswap(response, "outerHTML"), f"#syarat-{requirement}")
    return TemplateResponse(request, "backoffice/case/checked.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def act_view(request: HttpRequest, *, pk: int, act: str, admin: Any) -> HttpResponse:
    """One act of the table. GET shows its form (never acts), POST acts once; a second one is refused."""
    case = find_case(request, admin, pk)
    if act not in ACTS:
        raise Http404
    row = WORKFLOW[act]
    if not row.permits(case, request.user):
        raise PermissionDenied
    if request.method != "POST":
        if act not in WITH_DIALOG:
            return redirect(case_page.address(case))
        return _act_form(request, admin, case, act)
    try:
        ACTS[act](case, request.user, request.POST)
    except DomainError as refusal:
        case.refresh_from_db(fields=["status", "officer"])
        if act in WITH_DIALOG and case.status in row.sources:  # what was typed stays
            return _act_form(request, admin, case, act, refusal=refusal)
        messages.error(request, refusal.message)
        return go(request, case_page.address(case))
    return go(request, _after(request, case, act))


def _act_form(
    request: HttpRequest, admin: Any, case: Application, act: str, refusal: DomainError | None = None
) -> HttpResponse:
    posted = request.POST if request.method == "POST" else None
    context = {
        "case": case,
        "act": WORKFLOW[act],
        "refusal": refusal,
        "blocked": WORKFLOW[act].refusal(case, request.user),
        "note": posted.get("note", "") if posted else "",
        "reason": posted.get("reason", "") if posted else "",
        "parts": case_page.return_parts(sections_of(case), case_page.requirement_rows(case, request.user), posted)
        if act == "return"
        else [],
    }
    title = f"{WORKFLOW[act].label}: {case.number}"
    body = "backoffice/case/act_form.html"
    return dialog(request, admin, body, context, title=title, row=case, refused=refusal is not None)


def _after(request: HttpRequest, case: Application, act: str) -> str:
    """Where one goes on: the same case after taking it, else the next one that waits."""
    done = {
        "take": _("%(number)s sekarang Anda periksa."),
        "take_over": _("%(number)s sekarang Anda periksa."),
        "accept": _("%(number)s diterima."),
        "return": _("%(number)s dikembalikan kepada asesi."),
        "reject": _("%(number)s tidak diterima."),
    }[act] % {"number": case.number}
    if act in {"take", "take_over"}:
        messages.success(request, done)
        return case_page.address(case)
    following = next_waiting(request.user, after=case)
    if following is None:
        messages.success(request, _("%(done)s Tidak ada lagi permohonan yang menunggu.") % {"done": done})
        return reverse("admin:core_application_changelist")
    messages.success(
        request,
        _("%(done)s Berikutnya: %(number)s, %(name)s.")
        % {"done": done, "number": following.number, "name": following.candidate.user.full_name},
    )
    return case_page.address(following)


@require_GET
def form_view(request: HttpRequest, *, pk: int, sequence: int, form: str, admin: Any) -> HttpResponse:
    """The PDF of a form as it was sent: rendered at the first look, then served from the repository."""
    # They load the PDF engine, which takes a moment.
    from core.assessments.preassessment_form import paper_for
    from core.documents.rendering import RenderedPdf

    case = find_case(request, admin, pk)
    submission = case.submissions.filter(sequence=sequence).first()
    if submission is None or form not in FormCode.values or not request.user.has_perm("core.view_document"):
        raise Http404
    paper = paper_for(submission=submission, form=FormCode(form), viewer=request.user)
    if isinstance(paper, RenderedPdf):
        record_view("application.print", by=request.user, subject=case)
        return pdf_response(paper.content, file_name=f"{FormCode(form).label} {case.number}.pdf")
    return redirect("admin:document", public_id=paper.public_id)
