"""A worker that is killed while it carries a job: says that it is at it, then works on for ever."""

import sys
import time

import django

django.setup()

from core.jobs.kinds import job_kind  # noqa: E402 - Django first
from core.jobs.services import run_waiting  # noqa: E402


@job_kind("hitung-lama", title="Lama", restartable=True)
def work(job, progress):
    progress.begin(3, "Menghitung")
    progress.step()
    sys.stdout.write("at it\n")
    sys.stdout.flush()
    while True:
        progress.step(0)
        time.sleep(0.01)


if __name__ == "__main__":
    run_waiting(seconds=60)
