"""Jobs, and the kinds that tests carry out."""

import io
from datetime import timedelta

from django.utils import timezone

from core.accounts.models import User
from core.jobs.kinds import job_kind
from core.jobs.models import Job
from core.jobs.services import request_job, run_waiting
from tests.factories.accounts import make_user


@job_kind("hitung", title="Menghitung", restartable=True)
def count_up(job, progress):
    """So many steps; the result is the last number."""
    progress.begin(job.parameters["steps"], "Menghitung")
    for _number in range(job.parameters["steps"]):
        progress.step()
    progress.keep(io.BytesIO(str(progress.done).encode()), "hitungan.txt", "text/plain")


def make_job(*, by: User | None = None, kind: str = "hitung", title: str = "Hitungan", **parameters) -> Job:
    """One that waits."""
    return request_job(
        kind=kind, title=title, parameters={"steps": 3} | parameters, by=by or make_user(role="sekretariat")
    )


def make_finished_job(*, by: User | None = None) -> Job:
    job = make_job(by=by)
    run_waiting(seconds=5)
    job.refresh_from_db()
    return job


def make_killed_job(*, by: User | None = None, kind: str = "hitung", **fields) -> Job:
    """One whose process was killed two minutes ago."""
    job = make_job(by=by, kind=kind)
    long_ago = timezone.now() - timedelta(minutes=2)
    Job.objects.filter(pk=job.pk).update(
        **{"state": "berjalan", "worker": "mati", "begun_at": long_ago, "beat_at": long_ago, "attempts": 1} | fields
    )
    job.refresh_from_db()
    return job


def content_of(job: Job) -> bytes:
    with job.result.open("rb") as stream:
        return stream.read()
