"""Small questions about jobs, asked by screens and services."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core.accounts.rules import role_of
from core.jobs.enums import JobState
from core.jobs.models import Job


def oversees(by: Any) -> bool:
    return by.is_active and by.has_perm("core.oversee_job")


def sees_job(job: Job, by: Any) -> bool:
    return job.by_id == by.pk or oversees(by)


def why_not_cancel(job: Job, by: Any) -> str:
    """ "" when the person may cancel it now."""
    if not sees_job(job, by):
        return _("Pekerjaan ini bukan milik Anda.")
    if not job.is_open:
        return _("Pekerjaan ini sudah berakhir; tidak ada yang dibatalkan.")
    if job.cancel_asked:
        return _("Pembatalan sudah diminta; pekerjaan berhenti dalam beberapa detik.")
    return ""


def has_result(job: Job) -> bool:
    """Whether there is a file to fetch."""
    return (
        job.state == JobState.DONE and bool(job.result) and (job.expires_at is None or job.expires_at > timezone.now())
    )


def may_download(job: Job, by: Any) -> bool:
    """Only whoever asked, and where the kind names a role, while they have it: the result holds what they might see."""
    is_theirs = job.by_id == by.pk and job.parameters.get("role", role_of(by)) == role_of(by)
    return is_theirs and has_result(job)
