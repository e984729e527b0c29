""" "Jalankan sekarang": the worker of background jobs starts the same command that people type, and waits for it."""

import subprocess
import sys
import time

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.common.exceptions import DomainError
from core.jobs.kinds import job_kind
from core.jobs.models import Job
from core.jobs.progress import Progress
from core.timetable.models import ScheduledJob
from core.timetable.services import KIND

#: Seconds between two looks at the process, and how long it has for cleaning up after it was called off.
LOOK, CLEANING = 0.2, 30


@job_kind(KIND, title=gettext_lazy("Pekerjaan terjadwal"))
def run_in_a_process(job: Job, progress: Progress) -> None:
    """In a process of its own: the worker has threads, and a process with threads is not forked."""
    name = job.parameters["name"]
    progress.begin(0, job.title)
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "run_scheduled", name, "--by", str(job.by_id)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command, a name of the table
    try:
        while process.poll() is None:
            progress.step(0)
            time.sleep(LOOK)
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(CLEANING)
    if process.returncode:
        row = ScheduledJob.objects.filter(name=name).first()
        reason = row.result if row is not None else ""
        raise DomainError(reason or _("Pekerjaan ini tidak selesai dengan baik."), code="scheduled_run.failed")
