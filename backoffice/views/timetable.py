"""The page of one scheduled job: how it does, its last runs, running it now, switching it off for a time."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from backoffice.screens import screen
from backoffice.timetable import RUN_STATE_TONES, Told
from core.common.dates import lasting
from core.common.exceptions import DomainError
from core.common.text import is_number
from core.timetable import rules, services
from core.timetable.enums import RunState
from core.timetable.models import ScheduledJob
from core.timetable.table import entry_of

#: Runs that the page shows; all of them are in the list.
RUNS = 15
#: For how long a job may be switched off.
SPANS = (
    (1, gettext_lazy("1 jam")),
    (4, gettext_lazy("4 jam")),
    (24, gettext_lazy("1 hari")),
    (72, gettext_lazy("3 hari")),
    (168, gettext_lazy("7 hari")),
    (720, gettext_lazy("30 hari")),
)


def job_view(request: HttpRequest, *, pk: Any, admin: Any) -> HttpResponse:
    """Follows itself while the job runs: with HTMX, without JavaScript by reading itself anew."""
    job = _get(request, pk, admin)
    entry = entry_of(job.name)
    if entry is None:
        raise Http404
    told = Told(entry, job, timezone.now())
    runs = list(job.runs.prefetch_related("requested_by")[:RUNS])
    context = {
        "told": told,
        "job": job,
        "entry": entry,
        "limit": lasting(entry.limit.total_seconds()),
        "is_paused": rules.is_paused(job, told.now),
        "is_running": rules.is_running(job),
        "moves": rules.is_running(job) or told.is_asked,
        "runs": [(run, RUN_STATE_TONES[RunState(run.outcome)], lasting(run.milliseconds / 1000)) for run in runs],
        "why_not_run": rules.why_not_run(job, request.user),
        "may_act": request.user.has_perm("core.run_scheduledjob"),
        "spans": SPANS,
    }
    return screen(request, admin, "backoffice/timetable/job.html", context, title=entry.title, row=job)


@require_POST
def run_view(request: HttpRequest, *, pk: int, admin: Any) -> HttpResponse:
    """“Jalankan sekarang”."""
    job = _acting(request, pk, admin)
    try:
        services.request_run(job=job, by=request.user)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Pekerjaan mulai dalam beberapa detik; halaman ini mengikutinya."))
    return redirect("admin:core_scheduledjob_change", job.pk)


@require_POST
def pause_view(request: HttpRequest, *, pk: int, admin: Any) -> HttpResponse:
    job = _acting(request, pk, admin)
    hours = request.POST.get("lama", "")
    span = timedelta(hours=int(hours)) if hours in {str(hours) for hours, _words in SPANS} else timedelta(0)
    try:
        job = services.pause_job(
            job=job, until=timezone.now() + span, reason=request.POST.get("alasan", ""), by=request.user
        )
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        until = timezone.localtime(job.paused_until)
        messages.success(request, _("Pekerjaan dimatikan sampai %(until)s.") % {"until": f"{until:%d-%m-%Y %H.%M}"})
    return redirect("admin:core_scheduledjob_change", job.pk)


@require_POST
def resume_view(request: HttpRequest, *, pk: int, admin: Any) -> HttpResponse:
    job = _acting(request, pk, admin)
    try:
        services.resume_job(job=job, by=request.user)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Pekerjaan dinyalakan; yang terlewat dikerjakan pada menit berikutnya."))
    return redirect("admin:core_scheduledjob_change", job.pk)


def _get(request: HttpRequest, pk: Any, admin: Any) -> ScheduledJob:
    if not admin.has_view_permission(request):
        raise PermissionDenied
    rows = ScheduledJob.objects.select_related("asked", "paused_by")
    job = rows.filter(pk=pk).first() if is_number(str(pk)) else None
    if job is None:
        raise Http404
    return job


def _acting(request: HttpRequest, pk: int, admin: Any) -> ScheduledJob:
    if not request.user.has_perm("core.run_scheduledjob"):
        raise PermissionDenied
    return _get(request, pk, admin)
