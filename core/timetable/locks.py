"""Who holds a job on this machine: the kernel knows, and lets go when the process ends, however it ends."""

import fcntl
import socket
from pathlib import Path
from typing import IO

from django.conf import settings


def folder() -> Path:
    found = Path(settings.TIMETABLE_ROOT)
    found.mkdir(mode=0o750, parents=True, exist_ok=True)
    return found


def here() -> str:
    """The machine and the folder of its locks: two runs with the same words can ask the kernel about each other.

    A copy of a server has the same folder and another name; two containers of one name have two folders.
    """
    return f"{socket.gethostname()[:90]}:{folder().stat().st_ino}"


def hold(name: str) -> IO[str] | None:
    """The lock of a job for as long as the file is open in this process or a child of it; None when it is held."""
    handle = open(folder() / f"{name}.lock", "a")  # noqa: SIM115 - open is what holds it
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.close()
        return None
    return handle
