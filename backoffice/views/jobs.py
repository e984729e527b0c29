"""The page of one job: how far it is, calling it off, fetching the result."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from backoffice.displays import JOB_TONES
from backoffice.screens import screen
from core.backups.background import BACKUP, DRILL
from core.common.exceptions import DomainError
from core.common.text import grouped
from core.documents.serving import private
from core.jobs import rules, services
from core.jobs.enums import JobState
from core.jobs.models import Job

#: Where that which came of a job is seen, when it is no file.
RESULT_PAGES = {BACKUP: "admin:backups", DRILL: "admin:backups"}
#: A job that waits longer than this says where to look.
LONG_WAIT = timedelta(minutes=3)
#: An estimate is given from here on; before that it would jump about.
ESTIMATED_FROM = timedelta(seconds=5)


def progress_words(job: Job) -> str:
    """“1.200 dari 5.000 (24 %)”; "" where there is nothing to count."""
    if not job.total or not (job.done or job.is_open):
        return ""
    return _("%(done)s dari %(total)s (%(percent)d %%)") % {
        "done": grouped(job.done),
        "total": grouped(job.total),
        "percent": job.percent,
    }


def job_view(request: HttpRequest, *, pk: Any, admin: Any) -> HttpResponse:
    """Follows itself while the job moves: with HTMX, without JavaScript by reading itself anew."""
    job = _get(request, pk, admin)
    context = {
        "job": job,
        "tone": JOB_TONES[JobState(job.state)],
        "progress": progress_words(job),
        "left": _left(job),
        "waits_long": job.state == JobState.WAITING and timezone.now() - job.requested_at > LONG_WAIT,
        "may_cancel": not rules.why_not_cancel(job, request.user),
        "has_result": rules.has_result(job),
        "may_download": rules.may_download(job, request.user),
        "had_result": bool(job.result_name) and not rules.has_result(job),
        "result_page": "" if job.is_open else RESULT_PAGES.get(job.kind, ""),
        "oversees": rules.oversees(request.user),
    }
    return screen(request, admin, "backoffice/jobs/job.html", context, title=job.title, row=job)


def _left(job: Job) -> str:
    """About how long it still takes, by how long it took so far."""
    now = timezone.now()
    if job.state != JobState.RUNNING or not job.done or not job.begun_at or now - job.begun_at < ESTIMATED_FROM:
        return ""
    seconds = (now - job.begun_at).total_seconds() * (job.total - job.done) / job.done
    minutes = round(seconds / 60)
    if minutes < 1:
        return _("kurang dari satu menit lagi")
    return ngettext("sekitar %(n)d menit lagi", "sekitar %(n)d menit lagi", minutes) % {"n": minutes}


@require_POST
def cancel_view(request: HttpRequest, pk: int, admin: Any) -> HttpResponse:
    job = _get(request, pk, admin)
    try:
        job = services.cancel_job(job=job, by=request.user)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        is_over = job.state == JobState.CANCELLED
        messages.success(
            request, _("Pekerjaan dibatalkan.") if is_over else _("Pekerjaan berhenti dalam beberapa detik.")
        )
    return redirect("admin:core_job_change", job.pk)


@require_safe
def download_view(request: HttpRequest, pk: int, admin: Any) -> HttpResponseBase:
    """The result, for whoever asked for it; each time it is written down."""
    job = _get(request, pk, admin)
    if not rules.may_download(job, request.user):
        raise Http404
    try:
        stream = job.result.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    services.record_download(job=job, by=request.user)
    response = FileResponse(stream, as_attachment=True, filename=job.result_name, content_type=job.result_type)
    return private(response)


def _get(request: HttpRequest, pk: Any, admin: Any) -> Job:
    """Somebody else's is not found, as if it did not exist."""
    if not admin.has_view_permission(request):
        raise PermissionDenied
    job = admin.get_object(request, str(pk))
    if job is None:
        raise Http404
    return job
