"""How far a job has come, told while it works.

A thread with a connection of its own writes it down once a second, so that it shows though the work
is one long transaction, and stays though that is rolled back. The same thread moves the beat that
tells a killed job from a slow one, and sees when somebody asks to cancel.
"""

import logging
import time
from threading import Event, Thread
from types import TracebackType
from typing import IO, Any, Self

from django.core.files.base import File
from django.db import DatabaseError, connection
from django.utils import timezone

from core.jobs.enums import JobState
from core.jobs.models import Job

logger = logging.getLogger(__name__)

#: Seconds between two sayings of how far it is.
EVERY = 1.0


class Cancelled(Exception):
    """Somebody asked to stop; raised by `step`, `begin` and `keep`, and not to be caught by the work."""


class Progress:
    """What the work tells while it goes on. Inside somebody's transaction it writes there, without a thread."""

    def __init__(self, job: Job):
        self.job, self.done, self.total, self.what = job, 0, 0, ""
        self._is_stopped = False
        self._ended = Event()
        self._thread = (
            None if connection.in_atomic_block else Thread(target=self._beat, name=f"job-{job.pk}", daemon=True)
        )
        self._saved_at = time.monotonic()

    @property
    def is_mute_in_transactions(self) -> bool:
        """SQLite lets one connection write at a time: while the work is one transaction nothing of it can be told.
        What was said last before it stays, so that it had better be true for so long."""
        return self._thread is not None and connection.vendor == "sqlite"

    # --- what the work calls --------------------------------------------------------------------------

    def begin(self, total: int, what: str) -> None:
        """A part of the work begins: so many steps of it, and in a few words what it is."""
        if not (self.is_mute_in_transactions and connection.in_atomic_block):
            self.done, self.total, self.what = 0, total, str(what)[:200]
            if self._thread is None or not connection.in_atomic_block:
                self._save()
        self._look()

    def step(self, n: int = 1) -> None:
        """So many steps more are done. Raises `Cancelled` once somebody asked for that."""
        self.done += n
        if self._thread is None and time.monotonic() - self._saved_at >= EVERY:
            self._save()
        self._look()

    def keep(self, file: IO[bytes], name: str, content_type: str) -> None:
        """Store the result; only a job that ends well shows it. A second one takes the place of the first."""
        self._look()
        drop_result(self.job)
        self.job.result.save(name, File(file), save=False)
        self.job.result_name, self.job.result_type = name[:150], content_type
        self.job.result_size = self.job.result.size

    # --- how it is told ---------------------------------------------------------------------------------

    def __enter__(self) -> Self:
        if self._thread is not None:
            self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: Any, trace: TracebackType | None) -> None:
        self._ended.set()
        if self._thread is not None:
            self._thread.join()

    def _look(self) -> None:
        if self._is_stopped:
            raise Cancelled

    def _save(self) -> None:
        own = Job.objects.filter(pk=self.job.pk, state=JobState.RUNNING, worker=self.job.worker)
        is_mine = own.update(done=self.done, total=self.total, what=self.what, beat_at=timezone.now())
        # taken up by somebody else because this process slept too long: nothing that it does counts any more
        self._is_stopped = not is_mine or own.filter(cancel_asked=True).exists()
        self._saved_at = time.monotonic()

    def _beat(self) -> None:
        try:
            while not self._ended.wait(EVERY):
                try:
                    self._save()
                except DatabaseError as error:  # locked, or away for a moment: the next beat says the same
                    logger.info("job %s could not say how far it is: %s", self.job.pk, type(error).__name__)
                    connection.close()
        finally:
            connection.close()


def drop_result(job: Job) -> None:
    """Take the file away; the row is the caller's to save."""
    if job.result:
        job.result.delete(save=False)
    job.result, job.result_name, job.result_type, job.result_size = "", "", "", 0
