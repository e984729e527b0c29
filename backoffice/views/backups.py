"""“Cadangan”: how it stands, the page of one backup, the page of one restore drill, and having either done now."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST, require_safe

from backoffice.dashboard.backup_charts import SHOWN, charts
from backoffice.dashboard.parts import Line, listing
from backoffice.displays import BACKUP_TONES, DRILL_TONES, STEP_TONES, ago
from backoffice.screens import screen
from core.backups import queries
from core.backups.background import BACKUP, DRILL, TITLES
from core.backups.certificate import ensure_certificate
from core.backups.drill_enums import DrillOutcome, DrillStep
from core.backups.drill_models import RestoreDrill
from core.backups.drills import next_place, running_drill
from core.backups.enums import BackupKind, BackupOutcome, Place
from core.backups.models import BackupRun
from core.common.dates import lasting
from core.common.exceptions import DomainError
from core.common.text import grouped
from core.documents.services import view_document
from core.documents.serving import document_response
from core.jobs.enums import OPEN_STATES
from core.jobs.models import Job
from core.jobs.services import request_job
from core.policy.queries import system_policy

#: The last ones of each that the page names.
ROWS = 6
#: What a copy spent its time on (`BackupCopy.seconds`).
STEP_TITLES = {
    "prepare": gettext_lazy("Menyiapkan repositori"),
    "store": gettext_lazy("Menyimpan"),
    "compare": gettext_lazy("Membandingkan"),
    "check": gettext_lazy("Membaca ulang"),
    "forget": gettext_lazy("Melepas yang lama"),
}
MEANINGS = {
    DrillOutcome.RUNNING: gettext_lazy("Sedang diuji; halaman ini mengikutinya."),
    DrillOutcome.PROVEN: gettext_lazy(
        "Semua baris dan semua berkas sama dengan saat dicadangkan, dan sistem yang dipulihkan dapat dipakai."
    ),
    DrillOutcome.DIFFERS: gettext_lazy(
        "Ada yang tidak sama dengan saat dicadangkan. Jangan andalkan cadangan ini sebelum sebabnya diketahui."
    ),
    DrillOutcome.UNVERIFIED: gettext_lazy(
        "Ada langkah yang tidak dapat dilakukan. Yang tidak diperiksa tidak dianggap terbukti; perbaiki sebabnya, lalu "
        "uji lagi."
    ),
}


def looked_at(drill: RestoreDrill) -> str:
    """“1.234 baris, 56 berkas (7,8 MB)”."""
    if not (drill.rows or drill.documents):
        return "–"
    return _("%(rows)s baris, %(files)s berkas (%(size)s)") % {
        "rows": grouped(drill.rows),
        "files": grouped(drill.documents),
        "size": filesizeformat(drill.size),
    }


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """How backup and restore stand, in a glance."""
    if not request.user.has_perm("core.view_backuprun"):
        raise PermissionDenied
    standing = queries.standing()
    full = BackupRun.objects.filter(kind=BackupKind.FULL)
    ended = full.exclude(outcome=BackupOutcome.RUNNING)
    backups = list(full.prefetch_related("copies")[:ROWS])
    drills = list(RestoreDrill.objects.defer("differences")[:SHOWN])
    context = {
        "standing": standing,
        "lines": standing_lines(standing),
        "places": [(place.place, place.name) for place in standing.places],
        "next_place": Place(next_place()).label,
        "running": running_drill(),
        "jobs": open_jobs(),
        "may_run": request.user.has_perm("core.run_backup"),
        "backups": [_backup_line(run) for run in backups],
        "drills": [_drill_line(drill) for drill in drills[:ROWS]],
        "charts": charts(backups=list(ended[:SHOWN]), drills=[drill for drill in drills if drill.is_over]),
        "period": _("yang terakhir"),
    }
    return screen(request, None, "backoffice/backups/overview.html", context, title=_("Cadangan"))


def _backup_line(run: BackupRun) -> Line:
    whole = [
        f"{copy.get_repository_display()} ({_('terbukti')})" if copy.proven_at else copy.get_repository_display()
        for copy in run.copies.all()
        if copy.snapshot
    ]
    tone = "" if run.is_good else BACKUP_TONES[BackupOutcome(run.outcome)]
    note = run.problem or ", ".join([*whole, lasting(run.seconds)])
    return Line(str(run), run.get_outcome_display(), _page(run), tone, note)


def _drill_line(drill: RestoreDrill) -> Line:
    tone = "" if drill.outcome == DrillOutcome.PROVEN else DRILL_TONES[DrillOutcome(drill.outcome)]
    note = drill.problem if drill.is_over and tone else looked_at(drill) if drill.is_over else ""
    words = f"{drill.get_place_display()}. {note}".removesuffix(". ")
    return Line(str(drill), drill.get_outcome_display(), _page(drill), tone, words)


def _page(row: Model) -> str:
    return reverse(f"admin:core_{row._meta.model_name}_change", args=[row.pk])


def standing_lines(standing: queries.Standing) -> list[Line]:
    """Each repository and the last proof."""
    policy = system_policy()
    note = _("Umur cadangan utuh terakhir; paling lama %(hours)d jam menurut kebijakan.") % {
        "hours": policy.backup_hours
    }
    oldest = timedelta(hours=policy.backup_hours)
    lines = [_aged(place.name, place.good_at, oldest, "backuprun", note) for place in standing.places]
    note = _("Umur uji terakhir yang terbukti; paling lama %(days)d hari menurut kebijakan.") % {
        "days": policy.drill_days
    }
    oldest = timedelta(days=policy.drill_days)
    lines.append(_aged(_("Terbukti dapat dipulihkan"), standing.proven_at, oldest, "restoredrill", note))
    return lines


def _aged(title: str, moment: datetime | None, oldest: timedelta, model: str, note: str) -> Line:
    is_fresh = moment is not None and moment > timezone.now() - oldest
    age = ago(moment) if moment else _("belum ada")
    return Line(title, age, listing(model), "" if is_fresh else "danger", note)


def open_jobs() -> list[Job]:
    """Backups and drills that were asked for and are not over."""
    return list(Job.objects.filter(kind__in=TITLES, state__in=OPEN_STATES).order_by("pk"))


# --- asking -------------------------------------------------------------------------------------------------


@require_POST
def request_backup_view(request: HttpRequest) -> HttpResponse:
    """“Cadangkan sekarang”."""
    return _request(request, BACKUP, {})


@require_POST
def request_drill_view(request: HttpRequest) -> HttpResponse:
    """“Uji pemulihan sekarang”, of the repository that was chosen."""
    place = request.POST.get("tempat", "")
    return _request(request, DRILL, {"place": place if place in Place.values else ""})


def _request(request: HttpRequest, kind: str, parameters: dict[str, Any]) -> HttpResponse:
    """In the background; the page of the job shows how far it is."""
    if not request.user.has_perm("core.run_backup"):
        raise PermissionDenied
    waiting = next((job for job in open_jobs() if job.kind == kind), None)
    if waiting is not None:
        messages.info(request, _("Yang sama sudah diminta dan belum selesai; ini halamannya."))
        return redirect("admin:core_job_change", waiting.pk)
    try:
        job = request_job(kind=kind, title=str(TITLES[kind]), parameters=parameters, by=request.user)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("admin:backups")
    return redirect("admin:core_job_change", job.pk)


# --- one of them -----------------------------------------------------------------------------------------------


def backup_view(request: HttpRequest, *, pk: Any, admin: Any) -> HttpResponse:
    run = _get(request, pk, admin)
    context = {
        "run": run,
        "tone": BACKUP_TONES[BackupOutcome(run.outcome)],
        "duration": lasting(run.seconds),
        "rows": grouped(run.rows),
        "documents": grouped(run.documents),
        "copies": [
            {
                "copy": copy,
                "tone": BACKUP_TONES[BackupOutcome(copy.outcome)],
                "seconds": [(STEP_TITLES.get(name, name), lasting(value)) for name, value in copy.seconds.items()],
                "is_tried": bool(copy.snapshot) and run.kind == BackupKind.FULL,
                "drills": list(copy.drills.all()),
            }
            for copy in run.copies.prefetch_related("drills")
        ],
    }
    return screen(request, admin, "backoffice/backups/backup.html", context, title=_("Cadangan"), row=run)


def drill_view(request: HttpRequest, *, pk: Any, admin: Any) -> HttpResponse:
    """Follows itself while the drill goes on."""
    drill = _get(request, pk, admin)
    outcome = DrillOutcome(drill.outcome)
    done = {step["code"] for step in drill.steps}
    hidden = drill.difference_count - len(drill.differences)
    context = {
        "drill": drill,
        "tone": DRILL_TONES[outcome],
        "meaning": MEANINGS[outcome],
        "duration": lasting(drill.duration.total_seconds() if drill.duration else None),
        "usable": lasting(drill.usable_seconds) if drill.usable_seconds is not None else "",
        "looked": looked_at(drill),
        "tables": grouped(drill.tables),
        "steps": [
            step | {"tone": STEP_TONES[step["result"]], "lasted": lasting(step["seconds"])} for step in drill.told_steps
        ],
        "coming": [] if drill.is_over else [step.label for step in DrillStep if step not in done],
        "percent": round(100 * len(done) / len(DrillStep)),
        "differences": [found | {"title": DrillStep(found["step"]).label} for found in drill.differences],
        "hidden": grouped(hidden) if hidden > 0 else "",
    }
    return screen(request, admin, "backoffice/backups/drill.html", context, title=_("Uji pemulihan"), row=drill)


@require_GET
def certificate_view(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The paper about a drill: rendered at the first look, then served from the repository. It names nobody."""
    if not request.user.has_perm("core.view_restoredrill"):
        raise PermissionDenied
    drill = get_object_or_404(RestoreDrill, pk=pk)
    try:
        document = ensure_certificate(drill=drill, by=request.user)
    except DomainError as refusal:
        raise Http404 from refusal
    view_document(document=document, by=request.user)
    return document_response(document, request=request, as_attachment="simpan" in request.GET)


def _get(request: HttpRequest, pk: Any, admin: Any) -> Any:
    if not admin.has_view_permission(request):
        raise PermissionDenied
    row = admin.get_object(request, str(pk))
    if row is None:
        raise Http404
    return row
