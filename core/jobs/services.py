"""Asking for jobs, carrying them, calling them off. The only writers of the table.

Carried by whoever calls `run_waiting`: cron each minute, `manage.py run_jobs` where systemd keeps one
going. A job goes to one process only: claiming is one conditional UPDATE, and each writing after that
names the claimer's token.
"""

import json
import logging
import secrets
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import close_old_connections, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from core.accounts.models import User
from core.activity.services import record_activity
from core.common.exceptions import DomainError
from core.common.faults import place_of
from core.jobs import rules
from core.jobs.enums import OPEN_STATES, JobState
from core.jobs.kinds import kind_of
from core.jobs.models import Job
from core.jobs.progress import Cancelled, Progress, drop_result
from core.jobs.queries import open_jobs
from core.jobs.storage import held, job_storage
from core.messaging.services import queue_message
from core.policy.queries import system_policy

logger = logging.getLogger(__name__)

#: Jobs that are carried at the same time, by all processes together: pages come first.
AT_ONCE = 2
#: A running job that did not beat for so long was killed.
STALE = timedelta(seconds=60)
#: So often a job is begun; one that kills its process each time is not begun for ever.
MAX_ATTEMPTS = 3
#: Jobs of one person that wait or run.
MAX_OPEN = 10
#: Seconds between two looks for something to do.
PAUSE = 2.0
#: Rows are kept so long after the end; who asked for what stays in the activity log.
KEPT_DAYS = 180
#: A file that no row names is left over from a process that was killed; younger ones may be in the making.
STRAY_SECONDS = 24 * 3600


# --- what people ask for ----------------------------------------------------------------------------------


@transaction.atomic
def request_job(*, kind: str, title: str, parameters: dict[str, Any], by: User, tell_when_ready: bool = True) -> Job:
    """Have something done in the background. It begins within seconds (systemd) or within the minute (cron)."""
    User.objects.select_for_update().values_list("pk").get(pk=by.pk)  # two presses queue here
    if open_jobs(by) >= MAX_OPEN:
        raise DomainError(
            _("Sudah ada %(limit)d pekerjaan Anda yang belum selesai. Tunggu, atau batalkan salah satunya.")
            % {"limit": MAX_OPEN},
            code="request_job.too_many",
        )
    job = Job.objects.create(
        kind=kind,
        title=str(title)[:150],
        parameters=json.loads(json.dumps(parameters)),
        by=by,
        tell_when_ready=tell_when_ready,
    )
    record_activity("job.request", by=by, subject=job, kind=kind, title=job.title)
    return job


@transaction.atomic
def cancel_job(*, job: Job, by: User) -> Job:
    """Call a job off: at once when it waits; a running one stops at its next step."""
    job = Job.objects.select_for_update().get(pk=job.pk)
    if reason := rules.why_not_cancel(job, by):
        raise DomainError(reason, code="cancel_job.refused")
    if job.state == JobState.WAITING:
        job.state, job.ended_at = JobState.CANCELLED, timezone.now()
    else:
        job.cancel_asked = True
    job.save(update_fields=["state", "ended_at", "cancel_asked"])
    record_activity("job.cancel", by=by, subject=job, kind=job.kind, title=job.title)
    return job


def record_download(*, job: Job, by: User) -> None:
    """That somebody fetched a result; each time, for it is a copy that leaves the house."""
    record_activity("job.download", by=by, subject=job, kind=job.kind, title=job.title)


# --- carrying ---------------------------------------------------------------------------------------------


def keep_running(*, seconds: float) -> int:
    """Carry what waits, and look again every few seconds for what comes; how many jobs were carried."""
    until, carried = time.monotonic() + seconds, 0
    while (left := until - time.monotonic()) > 0:
        close_old_connections()
        carried += run_waiting(seconds=left)
        time.sleep(max(0.0, min(PAUSE, until - time.monotonic())))
    return carried


def run_waiting(*, seconds: float) -> int:
    """Carry what waits, oldest first, and return; none is begun after so many seconds. How many were carried."""
    until, carried = time.monotonic() + seconds, 0
    take_up_interrupted()
    while time.monotonic() < until and (job := _claim()) is not None:
        _carry(job)
        carried += 1
    return carried


def take_up_interrupted() -> int:
    """Jobs whose process was killed wait anew if their kind can be begun again, and say so if not; how many."""
    found = 0
    for job in Job.objects.filter(state=JobState.RUNNING, beat_at__lt=timezone.now() - STALE).select_related("by"):
        with held(job.pk) as nobody_has_it:
            if nobody_has_it and _interrupt(job):
                logger.warning("job %s (%s) was cut off", job.pk, job.kind)
                found += 1
    return found


def _claim() -> Job | None:
    """One waiting job, for this process alone."""
    if Job.objects.filter(state=JobState.RUNNING).count() >= AT_ONCE:
        return None
    token = secrets.token_hex(16)
    for pk in Job.objects.filter(state=JobState.WAITING).order_by("pk").values_list("pk", flat=True)[:20]:
        now = timezone.now()
        claimed = Job.objects.filter(pk=pk, state=JobState.WAITING).update(
            state=JobState.RUNNING,
            worker=token,
            begun_at=now,
            beat_at=now,
            attempts=F("attempts") + 1,
            done=0,
            total=0,
            what="",
            error="",
        )
        if claimed:
            return Job.objects.select_related("by").get(pk=pk)
    return None


def _carry(job: Job) -> None:
    kind = kind_of(job.kind)
    if kind is None:
        _end(job, JobState.FAILED, _("Jenis pekerjaan ini tidak dikenal lagi. Mintalah dari layar asalnya."))
        return
    with held(job.pk):
        try:
            with Progress(job) as progress:
                kind.run(job, progress)
        except Cancelled:
            _end(job, JobState.CANCELLED)
        except DomainError as refusal:
            _end(job, JobState.FAILED, refusal.message)
        except Exception as error:  # whatever the work ran into: the person is told, the worker goes on
            logger.error("job %s (%s): %s", job.pk, job.kind, place_of(error))  # its text may quote a row
            sentence = _(
                "Terjadi galat di server. Mintalah lagi; bila terulang, beri tahu administrator: pekerjaan #%d."
            )
            _end(job, JobState.FAILED, sentence % job.pk)
        except BaseException:  # the worker is told to stop: the job waits for the next one, and this was no attempt
            job.attempts -= 1
            _interrupt(job)
            raise
        else:
            job.done, job.total = progress.done, progress.total
            _end(job, JobState.DONE)


def _end(job: Job, state: str, error: str = "") -> None:
    """Write down how it went, with the letter; nothing when the job is no longer this process's."""
    if state != JobState.DONE:
        drop_result(job)
    job.state, job.error, job.ended_at = state, error[:500], timezone.now()
    job.expires_at = job.ended_at + timedelta(days=system_policy().job_result_days) if job.result else None
    fields = ("state", "error", "ended_at", "expires_at", "result", "result_name", "result_type", "result_size")
    fields += ("done", "total") if state == JobState.DONE else ()
    with transaction.atomic():
        mine = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, worker=job.worker)
        is_mine = mine.update(what="", **{name: getattr(job, name) for name in fields})
        if is_mine and job.tell_when_ready and state != JobState.CANCELLED:
            _tell(job)
    if not is_mine:
        logger.warning("job %s was taken up by another process; this one's work is dropped", job.pk)
        drop_result(job)


def _interrupt(job: Job) -> bool:
    """Back to the queue, or over with a sentence; False when it is not this process's business any more."""
    kind = kind_of(job.kind)
    drop_result(job)
    job.refresh_from_db(fields=["cancel_asked"])
    if job.cancel_asked:
        job.state, job.error, job.ended_at = JobState.CANCELLED, "", timezone.now()
    elif kind is not None and kind.restartable and job.attempts < MAX_ATTEMPTS:
        job.state, job.error, job.ended_at = JobState.WAITING, "", None
    else:
        job.state, job.ended_at = JobState.INTERRUPTED, timezone.now()
        job.error = _("Terputus karena server berhenti di tengah pekerjaan. Belum ada hasil; mintalah lagi.")
    what = _("Terputus; dimulai lagi dari awal.") if job.state == JobState.WAITING else ""
    with transaction.atomic():
        mine = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, worker=job.worker)
        is_mine = mine.update(
            state=job.state, error=job.error, ended_at=job.ended_at, what=what, attempts=job.attempts, done=0, total=0
        )
        if is_mine and job.state == JobState.INTERRUPTED and job.tell_when_ready:
            _tell(job)
    return bool(is_mine)


def _tell(job: Job) -> None:
    values = {
        "nama": job.by.full_name,
        "pekerjaan": job.title,
        "tautan": f"{settings.SITE_URL}/admin/core/job/{job.pk}/change/",
    }
    if job.state == JobState.DONE:
        template = "job-ready"
        if job.expires_at is not None:
            until = timezone.localtime(job.expires_at)
            values["hasil"] = _("Hasilnya dapat diunduh sampai %(day)s.") % {"day": f"{until:%d-%m-%Y}"}
        else:
            values["hasil"] = _("Hasilnya dapat dilihat di halaman pekerjaan.")
    else:
        template = "job-failed"
        values["sebab"] = job.error
    queue_message(template, recipient=job.by, values=values, dedupe_key=f"job-{job.pk}")


@transaction.atomic
def end_all_open() -> int:
    """After a restore: what waited or ran belongs to another time, and no result was backed up. How many were open."""
    Job.objects.exclude(result="").update(result="", result_size=0)
    sentence = _("Terputus karena basis data dipulihkan dari cadangan. Mintalah lagi.")
    return Job.objects.filter(state__in=OPEN_STATES).update(
        state=JobState.INTERRUPTED, error=sentence, ended_at=timezone.now(), worker="", what=""
    )


# --- what goes away ---------------------------------------------------------------------------------------


def remove_expired() -> str:
    """Results whose time is over, rows that are old, files that no row names; in words, "" when there were none."""
    now = timezone.now()
    results = 0
    for job in Job.objects.filter(expires_at__lt=now).exclude(result=""):
        job.result.delete(save=False)
        Job.objects.filter(pk=job.pk).update(result="")
        results += 1
    old = Job.objects.exclude(state__in=OPEN_STATES).filter(ended_at__lt=now - timedelta(days=KEPT_DAYS), result="")
    rows = old.delete()[0]
    strays = _remove_strays()
    if not results + rows + strays:
        return ""
    return _("%(results)d hasil, %(rows)d baris, %(strays)d berkas sisa") % {
        "results": results,
        "rows": rows,
        "strays": strays,
    }


def _remove_strays() -> int:
    storage, removed, before = job_storage(), 0, time.time() - STRAY_SECONDS
    for stored in storage.walk():
        if stored.changed_at < before and not Job.objects.filter(result=stored.name).exists():
            Path(storage.path(stored.name)).unlink(missing_ok=True)
            removed += 1
    return removed
