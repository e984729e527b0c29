"""What may be told of an error: its kind and where it happened. Its own text may quote a row, and so a person."""

import os
import re
import sysconfig
import traceback
from pathlib import Path
from types import TracebackType

from core.common.exceptions import DomainError

ROOT = str(Path(__file__).resolve().parents[2])
LIBRARIES = sysconfig.get_paths()["purelib"]
#: Errors that led to one another; more are not told.
MOST_CAUSES = 3
#: What gives a person away in a sentence: an address, a NIK or telephone number, what was searched for.
_ADDRESS = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_NUMBER = re.compile(r"(?:\+?62[ -]?|0)8[\d .-]{7,}\d|\d{9,}")
_QUERY = re.compile(r"\?[^\s\"']+")


def kind_of(error: BaseException) -> str:
    """The class of an error with its number or code, where it has one: "OSError 28 No space left on device"."""
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    if isinstance(error, DomainError):
        return f"{name} {error.code}"
    if isinstance(error, OSError) and isinstance(error.errno, int):
        return f"{name} {error.errno} {os.strerror(error.errno)}"
    if error.args and type(error.args[0]) is int:  # of MariaDB
        return f"{name} {error.args[0]}"
    number = getattr(error.__cause__, "sqlite_errorname", "")
    return f"{name} {number}".rstrip()


def causes(error: BaseException) -> list[BaseException]:
    """The error and those that led to it, the last first."""
    found: list[BaseException] = []
    step: BaseException | None = error
    while step is not None and step not in found and len(found) < MOST_CAUSES:
        found.append(step)
        step = step.__cause__ or (None if step.__suppress_context__ else step.__context__)
    return found


def place_of(error: BaseException) -> str:
    """Where it happened, in our own code if it came by there: "core/jobs/services.py:120 _carry"."""
    steps = trail(error.__traceback__)
    return next((step for step in reversed(steps) if is_ours(step)), steps[-1] if steps else "?")


def told(error: BaseException) -> str:
    """Both in one line, for logs and rows: "ZeroDivisionError at core/jobs/services.py:120 _carry"."""
    return f"{kind_of(error)} at {place_of(error)}"


def trail(trace: TracebackType | None) -> list[str]:
    """The way to it, one line per call, without a value."""
    return [
        f"{short_path(frame.f_code.co_filename)}:{line} {frame.f_code.co_name}"
        for frame, line in traceback.walk_tb(trace)
    ]


def short_path(path: str) -> str:
    """A file of ours from the root of the project on, one of a library from its package on."""
    for folder in (LIBRARIES, ROOT):
        if path.startswith(folder + os.sep):
            prefix = "…/" if folder == LIBRARIES else ""
            return prefix + path[len(folder) + 1 :]
    return path


def is_ours(step: str) -> bool:
    return not step.startswith(("…/", "/", "<"))


def scrubbed(text: str) -> str:
    """A sentence without addresses, long numbers and query strings."""
    return _NUMBER.sub("[angka]", _ADDRESS.sub("[alamat]", _QUERY.sub("?…", text)))
