"""Where results of jobs lie: a private folder of their own, each under a name that nobody can guess."""

import fcntl
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings

from core.documents.storage import ContentAddressedStorage


class JobStorage(ContentAddressedStorage):
    """Written wholly or not at all, as documents are."""

    root = "JOB_ROOT"


def job_storage() -> JobStorage:
    """A callable, so that migrations hold no path."""
    return JobStorage()


def result_path(job: Any, filename: str) -> str:
    name = secrets.token_hex(20)
    return f"{name[:2]}/{name}"


@contextmanager
def held(pk: int) -> Iterator[bool]:
    """Hold on to a job for as long as it is carried; whether nobody on this machine had it.

    The kernel lets go when the process ends, however it ends. So a job that cannot say that it lives,
    because its own transaction blocks the whole database (SQLite), is still known to be alive.
    """
    folder = Path(settings.JOB_ROOT, "locks")
    folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    path = folder / f"{pk}.lock"
    with open(path, "w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
        path.unlink(missing_ok=True)
