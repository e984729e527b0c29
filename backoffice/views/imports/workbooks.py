"""A whole scheme or standard as one file."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.text import slugify

from backoffice.views.imports.common import file_answer
from core.imports import services
from core.imports.writing import XLSX_TYPE
from core.schemes import workbook


def download_workbook(request: HttpRequest, admin: Any, object_id: str) -> HttpResponse:
    record = admin.get_object(request, object_id)
    if record is None:
        raise Http404
    services.record_export(kind=workbook.KIND, title=record.activity_label, count=1, by=request.user)
    return file_answer(admin.workbook_of(record), f"{slugify(record.activity_label)}.xlsx", XLSX_TYPE)
