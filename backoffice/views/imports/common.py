"""What all of them need."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from backoffice.import_jobs import WRITE
from backoffice.imports import Job, job_of
from backoffice.resources import RESOURCES
from core.accounts.models import User
from core.documents.serving import private
from core.imports.models import ImportRun
from core.jobs.enums import JobState
from core.jobs.rules import why_not_cancel


def get_run(pk: Any) -> ImportRun:
    return get_object_or_404(ImportRun.objects.select_related("by", "written_by", "job"), pk=pk)


def to_run(run: ImportRun) -> HttpResponse:
    return redirect("admin:core_importrun_change", run.pk)


def may_work_on(request: HttpRequest, run: ImportRun) -> Job:
    job = job_of(run.kind, request.user)
    if job is None or not job.is_allowed:
        raise PermissionDenied
    return job


def may_read_file(run: ImportRun, by: User) -> bool:
    """The report shows a number of a person by its ends only; the file itself has all of it."""
    resource = RESOURCES.get(run.kind)
    return resource is None or resource.may_read_file(by)


def may_cancel(run: ImportRun, by: User) -> bool:
    """SQLite holds everybody else back while it writes: a wish to stop would wait until all is written."""
    job = run.job
    if job is None or not run.is_busy:
        return False
    is_held_back = connection.vendor == "sqlite" and (job.kind, job.state) == (WRITE, JobState.RUNNING)
    return not is_held_back and not why_not_cancel(job, by)


def file_answer(content: bytes, name: str, content_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return private(response)
