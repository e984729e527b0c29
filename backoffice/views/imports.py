"""Handing a spreadsheet in, reading what the check found, applying it; and taking rows out."""

import difflib
import itertools
import logging
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from backoffice.imports import Job, job_of
from backoffice.screens import screen
from core.common.exceptions import DomainError
from core.imports import services
from core.imports.models import ImportOutcome, ImportRun
from core.imports.reading import MAX_ROWS, read_book
from core.imports.report import KINDS, Fault
from core.imports.tables import ColumnSpec
from core.imports.writing import CSV_TYPE, XLSX_TYPE, SheetOut, csv_bytes, marked, xlsx
from core.schemes import workbook
from core.schemes.models import SchemeVersion

logger = logging.getLogger(__name__)

PER_PAGE = 100
ROWS_IN_WORDS = f"{MAX_ROWS:,}".replace(",", ".")
#: More nodes than this make a page nobody reads; the whole of it is in the report to download.
MAX_TREE = 1500


# --- handing in ---------------------------------------------------------------------------------------


def upload_rows(request: HttpRequest, admin: Any) -> HttpResponse:
    """The page of one list: what the file must look like, its template, and the file itself."""
    resource = admin.resource_class
    columns = resource.import_columns()
    if request.GET.get("templat") in ("xlsx", "csv"):
        return _template(resource, columns, request.GET["templat"])
    return _upload(
        request,
        job_of(resource.kind, request.user),
        {"about": resource.about, "columns": columns, "has_csv": True, "parent": resource.title},
    )


def upload_workbook(request: HttpRequest) -> HttpResponse:
    """The page for a whole scheme or standard."""
    if "templat" in request.GET:
        return _file(workbook.empty_workbook(), "templat-buku-kerja-skema.xlsx", XLSX_TYPE)
    versions = SchemeVersion.objects.order_by("scheme__title", "-number").select_related("scheme")
    sheets = [(name, [column.spec for column in columns]) for name, columns in workbook.SHEETS.items()]
    context = {
        "about": _(
            "Satu skema lengkap dengan standar, unit, elemen, KUK, dan persyaratannya, atau satu standar. Versi yang "
            "sudah terbit tidak berubah; perubahan menjadi draf versi berikutnya."
        ),
        "sheets": sheets,
        "versions": versions,
        "parent": _("Skema sertifikasi"),
    }
    return _upload(request, job_of(workbook.KIND, request.user), context)


def _upload(request: HttpRequest, job: Job | None, context: dict[str, Any]) -> HttpResponse:
    if job is None or not job.is_allowed:
        raise PermissionDenied
    refusal = None
    if request.method == "POST":
        try:
            return redirect("admin:core_importrun_change", _check(request, job).pk)
        except DomainError as error:
            refusal = error
    context |= {
        "job": job,
        "refusal": refusal,
        "limit_mb": _limit_mb(),
        "limit_rows": ROWS_IN_WORDS,
        "title": _("Impor: %(title)s") % {"title": job.title},
    }
    return screen(
        request, None, "backoffice/imports/upload.html", context, title=context["title"], status=422 if refusal else 200
    )


def _check(request: HttpRequest, job: Job) -> ImportRun:
    upload = request.FILES.get("file")
    if upload is None:
        raise DomainError(_("Pilih berkasnya dahulu."), code="import.no_file", field="file")
    content = services.read_upload(upload)
    report = job.check(content)
    return services.keep_run(
        kind=job.kind, kind_title=job.title, content=content, file_name=upload.name, report=report, by=request.user
    )


def _limit_mb() -> int:
    from django.conf import settings

    return settings.IMPORT_MAX_BYTES // 1024 // 1024


def _template(resource: Any, columns: list[ColumnSpec], form: str) -> HttpResponse:
    name = f"templat-{resource.kind}.{form}"
    if form == "csv":
        return _file(csv_bytes([column.title for column in columns], []), name, CSV_TYPE)
    intro = (f"Templat impor: {resource.title}", str(resource.about), "Isi lembar Data. Kolom bertanda * wajib diisi.")
    return _file(xlsx([SheetOut("Data", columns)], with_help=True, intro=intro), name, XLSX_TYPE)


# --- reading the report ---------------------------------------------------------------------------------


def run_page(request: HttpRequest, run: ImportRun) -> HttpResponse:
    """One import: its faults, or what it changes (or changed)."""
    job = job_of(run.kind, request.user)
    report = run.report
    context = {
        "run": run,
        "job": job,
        "report": report,
        "tiles": [(kind, run.counts.get(kind, 0)) for kind in KINDS],
        "is_waiting": run.outcome == ImportOutcome.CHECKED and job is not None and job.is_allowed,
        "title": _("Impor: %(title)s") % {"title": run.kind_title},
        "has_sheets": run.kind == workbook.KIND,
        "locked": report.get("extra", {}).get("locked_units", []),
    }
    if report["faults"]:
        context["page"] = Paginator(report["faults"], PER_PAGE).get_page(request.GET.get("p"))
    elif run.kind == workbook.KIND:
        shown = report["differences"][:MAX_TREE]
        context |= {"tree": _tree(shown), "left_out": len(report["differences"]) - len(shown)}
    else:
        context["page"] = page = Paginator(report["differences"], PER_PAGE).get_page(request.GET.get("p"))
        for row in page.object_list:
            row["shown"] = [_change(*change) for change in row["changes"]]
    return screen(request, None, "backoffice/imports/run.html", context, title=context["title"])


def _change(title: str, old: str, new: str) -> dict[str, Any]:
    return {"title": title, "parts": _words(old, new)}


def _words(old: str, new: str) -> list[tuple[str, str]]:
    """What was taken out and put in, word by word."""
    if not old or not new or len(old) + len(new) > 6000:
        return [(op, text) for op, text in (("del", old), ("ins", new)) if text]
    a, b = old.split(" "), new.split(" ")
    parts: list[tuple[str, str]] = []
    for op, i, j, k, m in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if op == "equal":
            parts.append(("", " ".join(a[i:j])))
        else:
            parts += [(tag, " ".join(words)) for tag, words in (("del", a[i:j]), ("ins", b[k:m])) if words]
    if not any(op == "" for op, _text in parts):
        return [("del", old), ("ins", new)]
    return parts


def _tree(differences: list[dict]) -> list[dict]:
    """Differences nested by what they belong to: scheme → unit → element → criterion."""
    root: dict[str, Any] = {"children": {}}
    for difference in differences:
        node = root
        for name in difference["path"]:
            node = node["children"].setdefault(name, {"title": name, "children": {}, "lines": []})
        node["lines"].append({**difference, "shown": [_change(*change) for change in difference["changes"]]})
    return _listed(root)


def _listed(node: dict) -> list[dict]:
    children = []
    for child in node["children"].values():
        nested = _listed(child)
        count = len(child["lines"]) + sum(inner["count"] for inner in nested)
        children.append({"title": child["title"], "lines": child["lines"], "children": nested, "count": count})
    return children


@require_POST
def apply_run(request: HttpRequest, run: ImportRun) -> HttpResponse:
    """Write what was shown. Posted twice, it is written once."""
    job = job_of(run.kind, request.user, change_published_text="change_published_text" in request.POST)
    if job is None or not job.is_allowed:
        raise PermissionDenied
    try:
        run = services.apply_run(run=run, check=job.check, write=job.write, by=request.user)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(
            request,
            _("Impor diterapkan: %(new)d baru, %(changed)d berubah, %(removed)d dihapus.")
            % {"new": run.counts["baru"], "changed": run.counts["berubah"], "removed": run.counts["dihapus"]},
        )
    return redirect("admin:core_importrun_change", run.pk)


def run_file(request: HttpRequest, run: ImportRun) -> HttpResponseBase:
    """The file as it was handed in."""
    if not run.file:  # its time was over (policy)
        raise Http404
    try:
        stream = run.file.open("rb")
    except FileNotFoundError as error:
        logger.error("import run %s has no file", run.pk)
        raise Http404 from error
    kind = CSV_TYPE if run.report.get("format") == "csv" else XLSX_TYPE
    return _private(FileResponse(stream, as_attachment=True, filename=run.file_name, content_type=kind))


def run_report(request: HttpRequest, run: ImportRun) -> HttpResponse:
    """The faults, written into the file; or all differences as a table."""
    stem = slugify(run.file_name.rsplit(".", 1)[0]) or "berkas"
    if run.report["faults"]:
        if not run.file:  # nothing to write them into
            raise Http404
        faults = [Fault(**fault) for fault in run.report["faults"]]
        form = run.report["format"]
        content = marked(read_book(services.content_of(run)), faults)
        return _file(content, f"{stem}-kesalahan.{form}", CSV_TYPE if form == "csv" else XLSX_TYPE)
    titles = ("Lembar", "Baris", "Data", "Perubahan", "Kolom", "Semula", "Menjadi")
    rows = itertools.chain.from_iterable(
        [
            [row["sheet"], row["row"], row["label"], row["kind"], *change]
            for change in (row["changes"] or [["", "", "; ".join(row["notices"])]])
        ]
        for row in run.report["differences"]
    )
    sheet = SheetOut("Perubahan", [ColumnSpec(title, width=30) for title in titles], list(rows))
    return _file(xlsx([sheet]), f"{stem}-perubahan.xlsx", XLSX_TYPE)


# --- taking out -----------------------------------------------------------------------------------------


def download_workbook(request: HttpRequest, admin: Any, object_id: str) -> HttpResponse:
    record = admin.get_object(request, object_id)
    if record is None:
        raise Http404
    services.record_export(kind=workbook.KIND, title=record.activity_label, count=1, by=request.user)
    return _file(admin.workbook_of(record), f"{slugify(record.activity_label)}.xlsx", XLSX_TYPE)


# --- common ---------------------------------------------------------------------------------------------


def _file(content: bytes, name: str, content_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return _private(response)


def _private(response: Any) -> Any:
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def get_run(pk: Any) -> ImportRun:
    return get_object_or_404(ImportRun.objects.select_related("by", "written_by"), pk=pk)
