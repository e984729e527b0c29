"""“Rekap sertifikasi”: the screen, the same for paper, and the same as a file. All of them draw the same tables."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from backoffice.dashboard.certification_charts import (
    BY_STAGE,
    BY_STATUS,
    Links,
    bars_of,
    certificate_tables,
    journey,
    line,
    main_table,
    provinces,
    state_title,
)
from backoffice.dashboard.charts import Chart
from backoffice.recap_files import recap_file
from backoffice.screens import screen
from core.applications.enums import Stage
from core.assessments.session_papers import letterhead
from core.certificates.enums import CertificateState
from core.codelists.models import Region
from core.common.replica import on_replica
from core.common.text import grouped
from core.content.queries import logo_data_uri, office
from core.documents.grids import Grid
from core.documents.rendering import printable, render_pdf
from core.documents.serving import private
from core.imports.services import record_export
from core.reports.certification_recap import (
    COMPARED,
    COUNTED,
    DIMENSIONS,
    IN_USE,
    NEAR,
    PRESETS,
    CertificationRecap,
    certification_recap,
    compared_scope,
    period_asked,
    period_title,
    scope_for,
)
from core.reports.recount import LACKING
from core.reports.saved_recaps import saved_for
from core.schemes.models import Scheme

#: Of a sheet's width, in percent.
FIRST_COLUMN = 17
#: More than so many need smaller heads.
MANY_COLUMNS = 10
TITLE = gettext_lazy("Rekap sertifikasi")
CUTS = ((BY_STAGE, gettext_lazy("Tahap")), (BY_STATUS, gettext_lazy("Setiap status")))


@require_safe
def recap_view(request: HttpRequest) -> HttpResponse:
    found, context = _asked(request)
    if "cetak" in request.GET:
        return render(request, "backoffice/recap/certification_print.html", context | {"office": office()})
    context |= {
        "schemes": Scheme.objects.order_by("title"),
        "provinces": Region.objects.filter(province=None, is_current=True).order_by("name"),
        "dimensions": [d for d in DIMENSIONS.values() if found.scope.own is None or d.key != "asesor"],
        "presets": PRESETS.items(),
        "compared": COMPARED.items(),
        "counted": COUNTED.items(),
        "near": [(key, days, title) for key, (days, title) in NEAR.items()],
        "cuts": CUTS,
        "saved": saved_for(request.user),
        "line": line(found),
        "map": provinces(found),
    }
    return screen(request, None, "backoffice/recap/certification.html", context, title=TITLE)


@require_safe
def export_view(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The tables as a file, row by row; that somebody took them out is told first."""
    if kind not in ("csv", "xlsx", "pdf"):
        raise Http404
    found, context = _asked(request)
    tables = context["tables"]
    count = sum(len(table.rows) for table in tables)
    record_export(kind="certification-recap", title=str(TITLE), count=count, by=request.user)
    name = f"rekap-sertifikasi-{found.scope.dimension.key}-{found.scope.since:%Y%m}-{found.scope.until:%Y%m}.{kind}"
    if kind == "pdf":
        response = HttpResponse(recap_pdf(context, by=request.user), content_type="application/pdf")
        response["Content-Disposition"] = f'inline; filename="{name}"'
        return private(response)
    return recap_file(found.scope, tables, kind=kind, name=name)


def _asked(request: HttpRequest) -> tuple[CertificationRecap, dict[str, Any]]:
    """What the address asks for; what it says wrongly is left out."""
    if not request.user.has_perm("core.view_applicationtally"):
        raise PermissionDenied
    asked = request.GET
    preset, since, until = period_asked(asked)
    scope = scope_for(
        request.user,
        since=since,
        until=until,
        dimension=asked.get("baris", "bulan"),
        scheme=Scheme.objects.filter(code=asked.get("skema") or None).first(),
        province=Region.objects.filter(pk=asked.get("provinsi") or None, province=None).first(),
        compare=asked.get("banding", ""),
        certificates=asked.get("sertifikat", ""),
        near=asked.get("akhir", ""),
    )
    found = on_replica(lambda: certification_recap(scope))
    cut = asked.get("kolom") if asked.get("kolom") in dict(CUTS) else BY_STAGE
    tables = [main_table(found, cut), *certificate_tables(found)]
    query = asked.copy()
    query.pop("cetak", None)
    return found, {
        "found": found,
        "asked": scope,
        "preset": preset,
        "cut": cut,
        "tables": tables,
        "charts": [chart for chart in (bars_of(found), journey(found)) if chart is not None],
        "cards": _cards(found),
        "period": period_title(since, until),
        "before_period": _before(found),
        "query": query.urlencode(),
        "title": TITLE,
    }


def _before(found: CertificationRecap) -> str:
    if not found.scope.compare:
        return ""
    before = compared_scope(found.scope)
    return period_title(before.since, before.until)


def _cards(found: CertificationRecap) -> list[tuple[str, str, str]]:
    links, total = Links(found), found.total
    cards = [(_("Terdaftar"), grouped(total.registered), links.cases())]
    cards += [
        (str(stage.label), grouped(total.stage(stage)), links.cases(tahap=stage.value))
        for stage in (Stage.RUNNING, Stage.CERTIFIED, Stage.NOT_YET)
    ]
    if found.certificates is not None:
        holdings = found.certificates.total
        cards.append((_("Sertifikat berlaku"), grouped(holdings.in_use), links.certificates(holdings, IN_USE)))
        cards += [
            (
                _("Sertifikat %(state)s") % {"state": state_title(found, state).lower()},
                grouped(holdings.by_state[state]),
                links.certificates(holdings, state.value),
            )
            for state in (CertificateState.ENDING, CertificateState.EXPIRED)
        ]
    if total.lacking or total.complete:
        cards.append((_("Berkas belum lengkap"), grouped(total.lacking), links.cases(berkas=LACKING)))
    return cards


def recap_pdf(context: dict[str, Any], *, by: Any) -> bytes:
    """The tables on paper, lying."""
    made_at = timezone.localtime(context["found"].as_of)
    lsp = letterhead()
    grids = [_grid(table) for table in context["tables"]]
    facts = {
        "form": TITLE,
        "lsp": lsp,
        "logo": logo_data_uri(lsp["logo"]),
        "tables": list(zip(context["tables"], grids, strict=True)),
        "printed_at": date_format(made_at, "j F Y, H.i"),
        "zone": made_at.tzname(),
        "by": by.full_name,
    }
    return render_pdf("core/documents/certification_recap.html", context | facts, made_at=made_at, grids=grids).content


def _grid(table: Chart) -> Grid:
    return Grid(
        place=f"[{table.key}]",
        head=_widths(table.head),
        rows=[[printable(title), *(figure.shown for figure in figures)] for title, figures in table.rows],
        foot=[_("Jumlah"), *(figure.shown for figure in table.foot)] if table.foot else (),
        is_wide=len(table.head) > MANY_COLUMNS,
    )


def _widths(head: list[str]) -> list[tuple[str, int]]:
    """Each heading with its share of the sheet in percent: its longest word has room."""
    needed = [2 + max(map(len, title.split())) for title in head[1:]]
    return [(head[0], FIRST_COLUMN)] + [
        (title, round((100 - FIRST_COLUMN) * need / sum(needed))) for title, need in zip(head[1:], needed, strict=True)
    ]
