"""Handing a spreadsheet in, reading what the check found, applying it; and taking a whole workbook out."""

import difflib
import itertools
import logging
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh
from openpyxl.utils import get_column_letter

from backoffice.import_jobs import CHECK, WRITE, is_long
from backoffice.imports import Job, job_of
from backoffice.resources import RESOURCES
from backoffice.resources.base import SheetResource
from backoffice.screens import screen
from core.common.exceptions import DomainError
from core.common.text import hide_identifiers, is_number
from core.documents.serving import private
from core.imports import services
from core.imports.matching import Headings, find_headings, is_plain, missing, propose
from core.imports.models import ImportOutcome, ImportRun
from core.imports.reading import MAX_COLUMNS, MAX_ROWS, Sheet, read_book
from core.imports.report import KINDS, Fault, fault_groups
from core.imports.tables import FAULT_COLUMN, ColumnSpec, Matching, heading_key
from core.imports.values import plain
from core.imports.writing import CSV_TYPE, XLSX_TYPE, SheetOut, csv_bytes, marked, xlsx
from core.jobs.enums import JobState
from core.jobs.rules import why_not_cancel
from core.jobs.services import cancel_job
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
            return _take_in(request, job)
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


def _take_in(request: HttpRequest, job: Job) -> HttpResponse:
    """Keep the file and check it; first its columns are matched where they are called otherwise than ours."""
    upload = request.FILES.get("file")
    if upload is None:
        raise DomainError(_("Pilih berkasnya dahulu."), code="import.no_file", field="file")
    content = services.read_upload(upload)
    if job.kind == workbook.KIND:
        report = job.check(content)
        return _to_run(
            services.keep_run(
                kind=job.kind,
                kind_title=job.title,
                content=content,
                file_name=upload.name,
                report=report,
                by=request.user,
            )
        )
    tool = RESOURCES[job.kind](by=request.user)
    book, sheet = tool.open(content)
    matching, is_settled = (proposed_columns(tool, sheet)[1:]) if sheet.rows else (None, True)
    run = services.keep_file(
        kind=job.kind,
        kind_title=job.title,
        content=content,
        file_name=upload.name,
        form=book.format,
        rows=len(sheet.rows),
        matching=matching,
        by=request.user,
    )
    return check(request, run) if is_settled else redirect("admin:core_importrun_columns", run.pk)


def proposed_columns(tool: SheetResource, sheet: Sheet) -> tuple[Headings, Matching | None, bool]:
    """The headings of a file, how its columns are read, and whether nobody needs to be asked.

    None: every column stands under its own title, or is missed in words by the check.
    """
    specs = tool.import_columns()
    headings = find_headings(sheet, specs)
    remembered = services.remembered_columns(tool.kind, headings.digest)
    matching = Matching(headings.row, remembered) if remembered else propose(headings, specs)
    if is_plain(headings, matching, specs):
        return headings, None, True
    return headings, matching, remembered is not None and not missing(matching, specs)


def check(request: HttpRequest, run: ImportRun) -> HttpResponse:
    """Check a kept file as its columns are matched now; a long one in the background."""
    if is_long(run):
        title = _("Periksa %(file)s") % {"file": hide_identifiers(run.file_name)}
        return _to_run(services.work_in_background(run=run, kind=CHECK, title=title, by=request.user))
    job = job_of(run.kind, request.user, matching=services.matching_of(run))
    return _to_run(services.check_run(run=run, check=job.check, by=request.user))


def _to_run(run: ImportRun) -> HttpResponse:
    return redirect("admin:core_importrun_change", run.pk)


# --- matching columns -----------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def run_columns(request: HttpRequest, run: ImportRun) -> HttpResponse:
    """Which of the file's columns holds what, and the first rows as they would be read."""
    _may_work_on(request, run)
    if run.kind not in RESOURCES or run.outcome == ImportOutcome.WRITTEN or run.is_busy:
        return _to_run(run)
    try:
        content = services.content_of(run)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return _to_run(run)
    tool = RESOURCES[run.kind](by=request.user)
    _book, sheet = tool.open(content)
    headings, matching, _settled = proposed_columns(tool, sheet)
    specs = tool.import_columns()
    matching = services.matching_of(run) or matching or propose(headings, specs)
    refusal = ""
    if request.method == "POST":
        matching, refusal = _chosen(request, headings, specs)
        if not refusal and "periksa" in request.POST:
            run = services.choose_columns(run=run, matching=matching, headings=headings.digest, by=request.user)
            return check(request, run)
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


@require_POST
def check_again(request: HttpRequest, run: ImportRun) -> HttpResponse:
    """The same file once more: what it lacked in the system may be there now."""
    _may_work_on(request, run)
    try:
        return check(request, run)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return _to_run(run)


def _may_work_on(request: HttpRequest, run: ImportRun) -> Job:
    job = job_of(run.kind, request.user)
    if job is None or not job.is_allowed:
        raise PermissionDenied
    return job


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
    may_work = (
        run.outcome != ImportOutcome.WRITTEN
        and bool(run.file)
        and not run.is_busy
        and job is not None
        and job.is_allowed
    )
    context = {
        "run": run,
        "job": job,
        "report": report,
        "tiles": [(kind, run.counts.get(kind, 0)) for kind in KINDS],
        "is_waiting": run.outcome == ImportOutcome.CHECKED and may_work,
        "may_work": may_work,
        "may_check_again": may_work and (bool(report["faults"]) or run.outcome == ImportOutcome.RECEIVED),
        "was_interrupted": run.job is not None
        and run.job.state in (JobState.FAILED, JobState.INTERRUPTED, JobState.CANCELLED)
        and run.outcome != ImportOutcome.WRITTEN,
        "may_cancel": run.is_busy and not why_not_cancel(run.job, request.user),
        "good_rows": len(report["differences"]) if job is not None and job.may_leave_out_faults else 0,
        "bad_rows": len({(fault["sheet"], fault["row"]) for fault in report["faults"]}),
        "title": _("Impor: %(title)s") % {"title": run.kind_title},
        "has_sheets": run.kind == workbook.KIND,
        "locked": report.get("extra", {}).get("locked_units", []),
    }
    if report["faults"]:
        context["groups"] = fault_groups(Fault(**fault) for fault in report["faults"])
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


@require_safe
def run_progress(request: HttpRequest, run: ImportRun) -> HttpResponse:
    """How far the job is, for the page that asks again and again; once it is over, the page draws itself anew."""
    if not run.is_busy:
        return HttpResponseClientRefresh() if request.htmx else _to_run(run)
    context = {"run": run, "may_cancel": not why_not_cancel(run.job, request.user)}
    return TemplateResponse(request, "backoffice/imports/progress.html", context)


@require_POST
def cancel_run(request: HttpRequest, run: ImportRun) -> HttpResponse:
    """Nothing of a writing that is called off stays."""
    if run.job is not None:
        try:
            cancel_job(job=run.job, by=request.user)
        except DomainError as refusal:
            messages.error(request, refusal.message)
    return _to_run(run)


@require_POST
def apply_run(request: HttpRequest, run: ImportRun) -> HttpResponse:
    """Write what was shown, all of it or (“yang-benar”) the rows without faults. Posted twice, it is written once."""
    leaves_out = "yang-benar" in request.POST
    job = job_of(
        run.kind,
        request.user,
        change_published_text="change_published_text" in request.POST,
        matching=services.matching_of(run),
        leaves_out_faults=leaves_out,
    )
    if job is None or not job.is_allowed:
        raise PermissionDenied
    if run.is_busy:
        return _to_run(run)
    if run.kind in RESOURCES and is_long(run):
        title = _("Impor %(file)s") % {"file": hide_identifiers(run.file_name)}
        leaves_out = leaves_out and job.may_leave_out_faults
        return _to_run(
            services.work_in_background(run=run, kind=WRITE, title=title, by=request.user, leaves_out_faults=leaves_out)
        )
    try:
        run = services.apply_run(
            run=run,
            check=job.check,
            write=job.write,
            by=request.user,
            leaves_out_faults=leaves_out and job.may_leave_out_faults,
        )
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
    return private(FileResponse(stream, as_attachment=True, filename=run.file_name, content_type=kind))


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
    return private(response)


def get_run(pk: Any) -> ImportRun:
    return get_object_or_404(ImportRun.objects.select_related("by", "written_by", "job"), pk=pk)
