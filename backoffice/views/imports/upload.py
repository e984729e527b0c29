"""Handing a spreadsheet in: its page with the template, keeping the file, and its first check."""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.text import slugify
from django.utils.translation import gettext as _

from backoffice.imports import Job, job_of
from backoffice.resources import RESOURCES
from backoffice.screens import screen
from backoffice.views.imports.checking import check, proposed_columns
from backoffice.views.imports.common import file_answer, to_run
from core.common.exceptions import DomainError
from core.imports import services
from core.imports.reading import MAX_ROWS
from core.imports.tables import ColumnSpec
from core.imports.writing import CSV_TYPE, XLSX_TYPE, SheetOut, csv_bytes, xlsx
from core.schemes import workbook
from core.schemes.models import SchemeVersion

ROWS_IN_WORDS = f"{MAX_ROWS:,}".replace(",", ".")


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
        return file_answer(workbook.empty_workbook(), "templat-buku-kerja-skema.xlsx", XLSX_TYPE)
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
        return to_run(
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


def _limit_mb() -> int:
    return settings.IMPORT_MAX_BYTES // 1024 // 1024


def _template(resource: Any, columns: list[ColumnSpec], form: str) -> HttpResponse:
    name = f"templat-{slugify(str(resource.title))}.{form}"
    if form == "csv":
        return file_answer(csv_bytes([column.title for column in columns], []), name, CSV_TYPE)
    intro = (f"Templat impor: {resource.title}", str(resource.about), "Isi lembar Data. Kolom bertanda * wajib diisi.")
    return file_answer(xlsx([SheetOut("Data", columns)], with_help=True, intro=intro), name, XLSX_TYPE)
