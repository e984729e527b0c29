"""What all of them need."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from backoffice.imports import Job, job_of
from core.documents.serving import private
from core.imports.models import ImportRun


def get_run(pk: Any) -> ImportRun:
    return get_object_or_404(ImportRun.objects.select_related("by", "written_by", "job"), pk=pk)


def to_run(run: ImportRun) -> HttpResponse:
    return redirect("admin:core_importrun_change", run.pk)


def may_work_on(request: HttpRequest, run: ImportRun) -> Job:
    job = job_of(run.kind, request.user)
    if job is None or not job.is_allowed:
        raise PermissionDenied
    return job


def file_answer(content: bytes, name: str, content_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return private(response)
