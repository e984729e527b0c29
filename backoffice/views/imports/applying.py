"""Writing what was shown, how far that is, and calling it off."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from backoffice.import_jobs import WRITE, is_long
from backoffice.imports import job_of
from backoffice.resources import RESOURCES
from backoffice.views.imports.common import may_cancel, to_run
from core.common.exceptions import DomainError
from core.common.text import hide_identifiers
from core.imports import services
from core.imports.models import ImportRun
from core.jobs.services import cancel_job


@require_safe
def run_progress(request: HttpRequest, run: ImportRun) -> HttpResponse:
    """How far the job is, for the page that asks again and again; once it is over, the page draws itself anew."""
    if not run.is_busy:
        return HttpResponseClientRefresh() if request.htmx else to_run(run)
    context = {"run": run, "may_cancel": may_cancel(run, request.user)}
    return TemplateResponse(request, "backoffice/imports/progress.html", context)


@require_POST
def cancel_run(request: HttpRequest, run: ImportRun) -> HttpResponse:
    """Nothing of a writing that is called off stays."""
    if run.job is not None:
        try:
            cancel_job(job=run.job, by=request.user)
        except DomainError as refusal:
            messages.error(request, refusal.message)
    return to_run(run)


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
        return to_run(run)
    if run.kind in RESOURCES and is_long(run):
        title = _("Impor %(file)s") % {"file": hide_identifiers(run.file_name)}
        leaves_out = leaves_out and job.may_leave_out_faults
        try:
            services.work_in_background(run=run, kind=WRITE, title=title, by=request.user, leaves_out_faults=leaves_out)
        except DomainError as refusal:
            messages.error(request, refusal.message)
        return to_run(run)
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
