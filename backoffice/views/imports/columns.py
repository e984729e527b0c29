"""Which of a file's columns holds what."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from openpyxl.utils import get_column_letter

from backoffice.resources import RESOURCES
from backoffice.screens import screen
from backoffice.views.imports.checking import check, proposed_columns
from backoffice.views.imports.common import may_work_on, to_run
from core.common.exceptions import DomainError
from core.common.text import is_number
from core.imports import services
from core.imports.matching import Headings, missing, propose
from core.imports.models import ImportOutcome, ImportRun
from core.imports.reading import MAX_COLUMNS, Sheet
from core.imports.tables import FAULT_COLUMN, ColumnSpec, Matching, heading_key
from core.imports.values import plain


@require_http_methods(["GET", "POST"])
def run_columns(request: HttpRequest, run: ImportRun) -> HttpResponse:
    """Which of the file's columns holds what, and the first rows as they would be read."""
    may_work_on(request, run)
    if run.kind not in RESOURCES or run.outcome == ImportOutcome.WRITTEN or run.is_busy:
        return to_run(run)
    try:
        content = services.content_of(run)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return to_run(run)
    tool = RESOURCES[run.kind](by=request.user)
    _book, sheet = tool.open(content)
    headings, matching, _settled = proposed_columns(tool, sheet)
    specs = tool.import_columns()
    matching = services.matching_of(run) or matching or propose(headings, specs)
    refusal = ""
    if request.method == "POST":
        matching, refusal = _chosen(request, headings, specs)
        if not refusal and "periksa" in request.POST:
            try:
                run = services.choose_columns(run=run, matching=matching, headings=headings.digest, by=request.user)
                return check(request, run)
            except DomainError as reason:
                messages.error(request, reason.message)
                return to_run(run)
    tool = RESOURCES[run.kind](by=request.user, matching=matching)
    context = {
        "run": run,
        "rows": [
            {"name": f"kolom-{place}", "spec": spec, "chosen": matching.places.get(spec.title)}
            for place, spec in enumerate(specs)
        ],
        "options": _options(headings, sheet),
        "unused": [
            title
            for place, title in enumerate(headings.titles)
            if title and place not in matching.places.values() and heading_key(title) != heading_key(FAULT_COLUMN)
        ],
        "preview_titles": [spec.title for spec in specs if spec.title in matching.places],
        "preview": tool.preview(content),
        "refusal": refusal,
        "title": _("Cocokkan kolom: %(title)s") % {"title": run.kind_title},
    }
    return screen(
        request, None, "backoffice/imports/columns_page.html", context, title=context["title"],
        status=422 if refusal else 200,
    )  # fmt: skip


def _options(headings: Headings, sheet: Sheet) -> list[tuple[int, str]]:
    """(place, “B · No. Sertifikat · 84230 2264”): its letter, heading and first value, as it stands in the file."""
    body = [row for row in sheet.rows if row.number > headings.row]
    found = []
    for place in range(max([len(headings.titles), *(len(row.cells) for row in body[:1])], default=0)):
        title = headings.titles[place] if place < len(headings.titles) else ""
        values = (plain(row.cells[place]) for row in body[:50] if place < len(row.cells))
        first = next((value for value in values if value.strip()), "")
        found.append((place, " · ".join(filter(None, (get_column_letter(place + 1), title, first[:30])))))
    return found


def _chosen(request: HttpRequest, headings: Headings, specs: list[ColumnSpec]) -> tuple[Matching, str]:
    places: dict[str, int] = {}
    for number, spec in enumerate(specs):
        value = request.POST.get(f"kolom-{number}", "")
        if is_number(value) and int(value) < MAX_COLUMNS:
            places[spec.title] = int(value)
    matching = Matching(headings.row, places)
    twice = [spec.title for spec in specs if list(places.values()).count(places.get(spec.title)) > 1]
    if twice:
        return matching, _("Satu kolom berkas dipilih untuk %(titles)s. Pilih kolom yang berbeda.") % {
            "titles": " dan ".join(twice)
        }
    if absent := missing(matching, specs):
        return matching, _("Pilih kolom untuk %(titles)s.") % {"titles": ", ".join(absent)}
    return matching, ""
