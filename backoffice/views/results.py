"""The assessor's screen of results: every unit with K and BK, the look over it, the signature, and a correction.

Nothing happens on GET. It works with plain forms; with JavaScript each tap is kept at once and the
answer is the line that says so. What the rules refuse comes back as it was typed.
"""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from backoffice.base import go
from backoffice.screens import dialog, screen
from backoffice.views import case_page, result_sheet
from backoffice.views.papers import go_on
from backoffice.views.verification import find_case
from core.applications.models import Application
from core.assessments import rules
from core.assessments.papers.queries import unsigned_before
from core.assessments.papers.rules import lacking_people
from core.assessments.queries import assignment_in_force, record_in_progress
from core.assessments.seats import seat_of
from core.assessments.services import correct_results, open_record, save_results, sign_results
from core.assessments.services.results import fingerprint, record_content, why_not_sign
from core.assessments.transitions import WORKFLOW
from core.assessments.words import begin_words
from core.common.exceptions import DomainError


def address(case: Application) -> str:
    return reverse("admin:core_application_results", args=[case.pk])


def _own_case(request: HttpRequest, admin: Any, pk: int) -> Application:
    """The case of the assessor who holds it; nobody else writes results."""
    case = find_case(request, admin, pk)
    if not rules.holds_case(case, request.user):
        raise PermissionDenied
    return case


def _draft_of(case: Application) -> Any:
    return record_in_progress(case, assignment_in_force(case).assessor)


@require_http_methods(["GET", "POST"])
def results_view(request: HttpRequest, *, pk: int, admin: Any) -> HttpResponse:
    """The sheet. A POST keeps it; the button "Periksa dan tanda tangani" also leads on."""
    case = _own_case(request, admin, pk)
    if closed := rules.results_are_open(case):
        messages.info(request, closed)
        return go(request, case_page.address(case) + "#hasil")
    if request.method == "GET":
        return _sheet(request, admin, case, result_sheet.stored(case, _draft_of(case)))
    sheet = result_sheet.posted(case, _draft_of(case), request.POST)
    try:
        with transaction.atomic():
            record = open_record(application=case, by=request.user)
            save_results(record=record, by=request.user, **sheet.said)
    except DomainError as refusal:
        sheet.refuse(refusal, result_sheet.stored(case, _draft_of(case)))
        if request.htmx:
            return TemplateResponse(request, "backoffice/results/kept.html", {"sheet": sheet, "case": case})
        return _sheet(request, admin, case, sheet, status=422)
    if request.htmx:
        return TemplateResponse(
            request, "backoffice/results/kept.html", {"sheet": result_sheet.stored(case, _draft_of(case))}
        )
    if "periksa" in request.POST:
        return redirect("admin:core_application_sign_results", pk=case.pk)
    messages.success(request, _("Hasil disimpan sebagai draf."))
    return redirect(address(case))


def _sheet(request: HttpRequest, admin: Any, case: Application, sheet: Any, status: int = 200) -> HttpResponse:
    context = {
        "sheet": sheet,
        "blocked": next(filter(None, (guard(case, request.user) for guard in WORKFLOW["assess"].guards)), ""),
    }
    return _screen(request, admin, case, "backoffice/results/page.html", _("Hasil asesmen"), context, status)


@require_http_methods(["GET", "POST"])
def sign_view(request: HttpRequest, *, pk: int, admin: Any) -> HttpResponse:
    """What is about to be signed, and what happens then."""
    case = _own_case(request, admin, pk)
    record = _draft_of(case)
    if record is None or rules.results_are_open(case):
        return redirect(address(case))
    refusal = None
    if request.method == "POST":
        try:
            sign_results(record=record, shown=request.POST.get("shown", ""), by=request.user)
        except DomainError as error:
            refusal = error
        else:
            said = _("Hasil %(number)s ditandatangani: %(recommendation)s.") % {
                "number": case.number,
                "recommendation": result_sheet.outcome_words(record.recommendation),
            }
            return go_on(request, case, said, case_page.address(case) + "#hasil")
    case.refresh_from_db(fields=["status"])
    lacking = why_not_sign(record)
    context = {
        "record": record,
        "card": result_sheet.lines_of(record),
        "unsigned": [(paper.definition, lacking_people(paper)) for paper in unsigned_before(case)],
        "shown": fingerprint(record_content(record)),
        "refusal": refusal,
        "blocked": (lacking and lacking.message)
        or ("" if record.corrects_id else WORKFLOW["assess"].refusal(case, request.user)),
        "recommendation": result_sheet.outcome_words(record.recommendation),
    }
    status = 422 if refusal else 200
    return _screen(request, admin, case, "backoffice/results/sign.html", _("Tanda tangani hasil"), context, status)


@require_http_methods(["GET", "POST"])
def correct_view(request: HttpRequest, *, pk: int, admin: Any) -> HttpResponse:
    """Why signed results are replaced; the sheet opens with a copy of them."""
    case = _own_case(request, admin, pk)
    refusal = None
    if request.method == "POST":
        try:
            correct_results(application=case, reason=request.POST.get("reason", ""), by=request.user)
        except DomainError as error:
            refusal = error
        else:
            return go(request, address(case))
    context = {
        "case": case,
        "refusal": refusal,
        "blocked": rules.may_correct_results(case, request.user),
        "reason": request.POST.get("reason", ""),
    }
    title = f"{_('Koreksi hasil')}: {case.number}"
    body = "backoffice/results/correct_form.html"
    return dialog(request, admin, body, context, title=title, row=case, refused=refusal is not None)


def _screen(
    request: HttpRequest, admin: Any, case: Application, template: str, title: str, context: dict, status: int
) -> HttpResponse:
    seat = seat_of(case)
    context |= {
        "case": case,
        "status_tone": case_page.STATUS_TONES.get(case.status, ""),
        "seat": seat,
        "seat_when": begin_words(seat.session) if seat else "",
    }
    return screen(request, admin, template, context, title=f"{title}: {case.number}", row=case, status=status)
