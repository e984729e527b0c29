"""“Rekap dokumen”: the screen, the same for paper, and the same as a file. All three draw the same tables."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from backoffice.dashboard.charts import Chart
from backoffice.dashboard.document_charts import Links, case_charts, document_charts
from backoffice.dashboard.parts import number
from backoffice.screens import screen
from core.accounts.rules import role_of
from core.content.queries import office
from core.documents.models import DocumentType
from core.imports.services import record_export
from core.imports.tables import ColumnSpec
from core.imports.writing import CSV_TYPE, XLSX_TYPE, SheetOut, csv_lines, xlsx_file
from core.reports.certification_recap import month_from
from core.reports.document_recap import DocumentRecap, document_recap, scope
from core.reports.recount import COMPLETE, LACKING
from core.schemes.models import Scheme

STEPS = ((1, gettext_lazy("Bulan")), (3, gettext_lazy("Triwulan")), (12, gettext_lazy("Tahun")))
#: Who may open every document that is counted (`reports.repository.documents_for`).
SEE_ALL = frozenset({"sekretariat", "administrator"})
TITLE = gettext_lazy("Rekap dokumen")


@require_safe
def recap_view(request: HttpRequest) -> HttpResponse:
    found, context = _asked(request)
    links = Links(found, context["sees_documents"])
    context |= {
        "cards": [
            (_("Dokumen masuk"), number(found.added.documents), links.added()),
            (_("Penyimpanan terpakai"), filesizeformat(found.kept.stored), links.documents(keadaan="tersimpan")),
            (_("Dihemat: isi yang sama disimpan sekali"), filesizeformat(found.kept.saved), ""),
            (_("Berkas belum lengkap"), number(found.lacking), links.cases(berkas=LACKING)),
            (_("Berkas lengkap"), number(found.complete), links.cases(berkas=COMPLETE)),
        ]
    }
    if "cetak" in request.GET:
        return render(request, "backoffice/recap/documents_print.html", context | {"office": office()})
    context |= {"kinds": DocumentType.objects.order_by("title"), "schemes": Scheme.objects.order_by("title")}
    return screen(request, None, "backoffice/recap/documents.html", context, title=TITLE)


@require_safe
def export_view(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The tables as a file, row by row; that somebody took them out is told first."""
    if kind not in ("csv", "xlsx"):
        raise Http404
    found, context = _asked(request)
    charts = context["charts"] + context["case_charts"]
    record_export(
        kind="document-recap", title=str(TITLE), count=sum(len(chart.rows) for chart in charts), by=request.user
    )
    name = f"rekap-dokumen-{found.scope.since:%Y%m}-{found.scope.until:%Y%m}.{kind}"
    if kind == "xlsx":
        response: Any = FileResponse(
            xlsx_file(_sheets(charts)), as_attachment=True, filename=name, content_type=XLSX_TYPE
        )
    else:
        lines = csv_lines(_CSV_HEAD, _csv_rows(found, charts))
        response = StreamingHttpResponse(lines, content_type=CSV_TYPE)
        response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _asked(request: HttpRequest) -> tuple[DocumentRecap, dict[str, Any]]:
    """What the address asks for; what it says wrongly is left out."""
    if not request.user.has_perm("core.view_documenttally"):
        raise PermissionDenied
    step = request.GET.get("per", "1")
    asked = scope(
        since=month_from(request.GET.get("dari", "")),
        until=month_from(request.GET.get("sampai", "")),
        step=int(step) if step in {str(months) for months, _title in STEPS} else 1,
        kind=DocumentType.objects.filter(code=request.GET.get("jenis") or None).first(),
        scheme=Scheme.objects.filter(code=request.GET.get("skema") or None).first(),
    )
    found = document_recap(asked)
    sees_documents = role_of(request.user) in SEE_ALL
    query = request.GET.copy()
    query.pop("cetak", None)
    return found, {
        "found": found,
        "asked": asked,
        "steps": STEPS,
        "sees_documents": sees_documents,
        "charts": document_charts(found, sees_documents=sees_documents),
        "case_charts": case_charts(found),
        "period": _("%(first)s sampai %(last)s")
        % {"first": date_format(asked.since, "F Y"), "last": date_format(asked.until, "F Y")},
        "query": query.urlencode(),
        "title": TITLE,
    }


# --- files --------------------------------------------------------------------------------------------------

#: Titles of columns are a data format, not words of the screen.
_CSV_HEAD = ("Dari", "Sampai", "Bagian", "Baris", "Kolom", "Nilai")


def _csv_rows(found: DocumentRecap, charts: list[Chart]) -> Iterator[list[Any]]:
    """One value per line, sizes in bytes: what a pivot table takes as it is."""
    for chart in charts:
        for title, figures in chart.rows:
            for column, figure in zip(chart.head[1:], figures, strict=True):
                yield [found.scope.since, found.scope.until, chart.title, title, column, figure.value]


def _sheets(charts: list[Chart]) -> Iterator[SheetOut]:
    """One sheet per table, with its sums at the foot; sizes in bytes."""
    for chart in charts:
        columns = [ColumnSpec(title, width=40 if place == 0 else 18) for place, title in enumerate(chart.head)]
        rows = ([title, *(figure.value for figure in figures)] for title, figures in chart.rows)
        foot = [["Jumlah", *(figure.value for figure in chart.foot)]] if chart.foot else []
        yield SheetOut(chart.title[:31], columns, chain(rows, foot))
