"""The assessor's screen of pre-assessment: FR.APL-02 beside its evidence, one judgement per element.

Works without JavaScript: one button keeps all, one signs. With HTMX each element is kept as it is
touched. Only what this page changed is written, so that an older tab never undoes a newer one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from backoffice.screens import screen
from backoffice.views import case_page
from backoffice.views.case_page import File, files_of
from backoffice.views.papers import go_on
from backoffice.views.verification import find_case
from core.applications.models import Application
from core.applications.queries import latest_submission
from core.assessments.enums import PreAssessmentAdvice
from core.assessments.models import PreAssessment
from core.assessments.rules import holds_case
from core.assessments.services import continue_application, discontinue_application, save_reviews
from core.assessments.services.preassessment import may_review
from core.assessments.vatm import CRITERIA, ElementRow, UnitRows, review_rows
from core.common.exceptions import DomainError
from core.common.text import is_number

MET, LACKING = "terpenuhi", "kurang"
#: What the button says that judges the rest of every unit.
ALL_UNITS = "seluruhnya"
SIGN = {PreAssessmentAdvice.CONTINUE: continue_application, PreAssessmentAdvice.STOP: discontinue_application}


@dataclass
class Line:
    """One element as it is drawn: as stored, or as just typed."""

    row: ElementRow
    files: list[File]
    answer: str  # MET, LACKING or ""
    lacking: list[str]
    note: str
    error: str = ""

    @property
    def pk(self) -> int:
        return self.row.pk

    @property
    def state(self) -> str:
        """What the page was drawn with; comes back with the posted words."""
        return f"{self.answer}|{','.join(sorted(self.lacking))}|{self.note}"


@dataclass
class Unit:
    unit: UnitRows
    lines: list[Line]


def address(case: Application) -> str:
    return reverse("admin:core_application_preassessment", args=[case.pk])


@require_http_methods(["GET", "HEAD", "POST"])
def preassessment_view(request: HttpRequest, *, pk: int, admin: Any) -> HttpResponse:
    case = find_case(request, admin, pk)
    if not holds_case(case, request.user):
        raise PermissionDenied
    if may_review(case, request.user):  # over, or not begun: the case page tells
        messages.info(request, may_review(case, request.user))
        return redirect(case_page.address(case))
    units = _units(case, request.user)
    if request.method != "POST":
        return _page(request, admin, case, units)
    if only := request.GET.get("elemen"):
        return _keep_one(request, case, units, only)
    return _keep_all(request, admin, case, units)


def _keep_all(request: HttpRequest, admin: Any, case: Application, units: list[Unit]) -> HttpResponse:
    """Keep what was changed, then sign when that was asked for. A refusal keeps what was typed on the page."""
    words = request.POST
    for unit in units:
        for line in unit.lines:
            _take_over(line, words, whole_unit=words.get("semua") in (str(unit.unit.pk), ALL_UNITS))
    advice, note = words.get("advice", ""), words.get("note", "")
    try:
        if faulty := next((line for unit in units for line in unit.lines if line.error), None):
            raise DomainError(faulty.error, code="preassessment.faulty", field=f"element-{faulty.pk}")
        save_reviews(application=case, reviews=_changes(units, words), advice=advice, note=note, by=request.user)
        if "sign" in words:
            if advice not in SIGN:
                raise DomainError(_("Pilih rekomendasi dahulu."), code="preassessment.no_advice", field="advice")
            SIGN[PreAssessmentAdvice(advice)](application=case, by=request.user)
            said = _("Tinjauan FR.APL-02 %(number)s ditandatangani.") % {"number": case.number}
            return go_on(request, case, said, case_page.address(case))
    except DomainError as refusal:
        return _page(request, admin, case, units, refusal=refusal, advice=advice, note=note)
    messages.success(request, _("Penilaian bukti disimpan."))
    if words.get("semua") == ALL_UNITS:
        return redirect(f"{address(case)}#rekomendasi")
    return redirect(f"{address(case)}#unit-{words['semua']}" if is_number(words.get("semua", "")) else address(case))


def _keep_one(request: HttpRequest, case: Application, units: list[Unit], only: str) -> HttpResponse:
    """HTMX: one element, or the recommendation ("rekomendasi"); the answer is that line and the progress."""
    words = request.POST
    line = next((line for unit in units for line in unit.lines if str(line.pk) == only), None)
    if line is None and only != "rekomendasi":
        raise Http404
    draft = _draft(case, request.user)
    advice, note = (draft.advice, draft.note) if draft else ("", "")
    try:
        if line is None:
            save_reviews(
                application=case,
                reviews={},
                advice=words.get("advice", ""),
                note=words.get("note", ""),
                by=request.user,
            )
        else:
            _take_over(line, words)
            judgement = None if line.error or not line.answer else (line.lacking, line.note)
            save_reviews(application=case, reviews={line.pk: judgement}, advice=advice, note=note, by=request.user)
    except DomainError as refusal:
        if line is not None:
            line.error = refusal.message
    context = {"case": case, "line": line, "vatm": CRITERIA, **_progress(_units(case, request.user))}
    return TemplateResponse(request, "backoffice/preassessment/kept.html", context)


def _take_over(line: Line, words: QueryDict, *, whole_unit: bool = False) -> None:
    """Bring what was posted into the line; `whole_unit` judges as met what is not judged yet."""
    if not line.row.evidence or f"was-{line.pk}" not in words:
        return
    answer = words.get(f"element-{line.pk}", "")
    line.answer = answer if answer in (MET, LACKING) else ""
    if whole_unit and not line.answer:
        line.answer = MET
    ticked = words.getlist(f"lack-{line.pk}")
    line.lacking = [name for name in CRITERIA if name in ticked] if line.answer == LACKING else []
    line.note = words.get(f"note-{line.pk}", "").strip()
    if line.answer == LACKING and not line.lacking:
        line.error = _("Tandai sedikitnya satu yang kurang.")


def _changes(units: list[Unit], words: Mapping[str, str]) -> dict[int, tuple[list[str], str] | None]:
    return {
        line.pk: (line.lacking, line.note) if line.answer else None
        for unit in units
        for line in unit.lines
        if line.row.evidence and words.get(f"was-{line.pk}", line.state) != line.state
    }


def _draft(case: Application, by: Any) -> PreAssessment | None:
    return case.preassessments.filter(assessor__user=by).prefetch_related("reviews").first()


def _units(case: Application, by: Any) -> list[Unit]:
    submission = latest_submission(case)
    files = files_of(case, submission.snapshot, by)
    return [
        Unit(unit, [_line(row, [files[key] for key in row.evidence if key in files]) for row in unit.elements])
        for unit in review_rows(submission, _draft(case, by))
    ]


def _line(row: ElementRow, files: list[File]) -> Line:
    answer = "" if not row.is_judged else LACKING if row.lacking else MET
    return Line(row, files, answer, row.lacking, row.review.note if row.review else "")


def _progress(units: list[Unit]) -> dict[str, Any]:
    rows = [line.row for unit in units for line in unit.lines]
    return {
        "to_judge": sum(bool(row.evidence) for row in rows),
        "judged": sum(row.is_judged for row in rows),
        "to_probe": sum(row.to_probe for row in rows if row.is_judged or not row.evidence),
    }


def _page(
    request: HttpRequest,
    admin: Any,
    case: Application,
    units: list[Unit],
    *,
    refusal: DomainError | None = None,
    advice: str = "",
    note: str = "",
) -> HttpResponse:
    draft = _draft(case, request.user)
    if refusal is None and draft is not None:
        advice, note = draft.advice, draft.note
    context = {
        **_progress(units),
        "case": case,
        "units": units,
        "vatm": CRITERIA,
        "advices": PreAssessmentAdvice.choices,
        "advice": advice,
        "note": note,
        "refusal": refusal,
        "is_fullwidth": "1",
    }
    title, status = _("Pra-asesmen %(number)s") % {"number": case.number}, 422 if refusal else 200
    return screen(request, admin, "backoffice/preassessment/page.html", context, title=title, row=case, status=status)
