"""“Rekap dokumen”: the screen, the same for paper, and the same as a file. All three draw the same tables."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from backoffice.dashboard.document_charts import Links, case_charts, document_charts
from backoffice.recap_files import recap_file
from backoffice.screens import screen
from core.accounts.rules import role_of
from core.common.replica import on_replica
from core.common.text import grouped
from core.content.queries import office
from core.documents.models import DocumentType
from core.imports.services import record_export
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
            (_("Dokumen masuk"), grouped(found.added.documents), links.added()),
            (_("Penyimpanan terpakai"), filesizeformat(found.kept.stored), links.documents(keadaan="tersimpan")),
            (_("Dihemat: isi yang sama disimpan sekali"), filesizeformat(found.kept.saved), ""),
            (_("Berkas belum lengkap"), grouped(found.lacking), links.cases(berkas=LACKING)),
            (_("Berkas lengkap"), grouped(found.complete), links.cases(berkas=COMPLETE)),
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
    return recap_file(found.scope, charts, kind=kind, name=name)


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
    found = on_replica(lambda: document_recap(asked))
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
