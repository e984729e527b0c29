"""What was verified, in a file outside the database: who puts an older database back is found out.

One line of JSON for each successful verification, only ever appended.
"""

import errno
import json
import os
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from core.activity.macs import checkpoint_mac, is_same


@dataclass(frozen=True)
class Checkpoint:
    """At this moment the chain ended here, and was whole."""

    at: datetime
    sequence: int
    digest: str


def read_checkpoints() -> tuple[list[Checkpoint], list[int]]:
    """All checkpoints, and the numbers of lines that cannot be read or were changed."""
    found, bad = [], []
    path = settings.ACTIVITY_CHECKPOINTS
    if not path.exists():
        return [], []
    with path.open(encoding="utf-8", errors="replace") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                words = json.loads(line)
                at, sequence, digest = words["at"], words["sequence"], words["digest"]
                if not is_same(words["mac"], checkpoint_mac(at, sequence, digest)):
                    raise ValueError("changed")
                found.append(Checkpoint(datetime.fromisoformat(at), sequence, digest))
            except (ValueError, KeyError, TypeError, AttributeError):
                bad.append(number)
    return found, bad


def append_checkpoint(sequence: int, digest: str) -> None:
    at = timezone.now().isoformat()
    words = {"at": at, "sequence": sequence, "digest": digest, "mac": checkpoint_mac(at, sequence, digest)}
    settings.ACTIVITY_CHECKPOINTS.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    line = (json.dumps(words) + "\n").encode()
    handle = os.open(settings.ACTIVITY_CHECKPOINTS, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        end = os.fstat(handle).st_size
        if os.write(handle, line) < len(line):  # half a line would look like a forgery from now on
            os.ftruncate(handle, end)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(handle)
    finally:
        os.close(handle)


def set_aside() -> None:
    """Begin a new file: after a restore from backup the database is rightly older than the checkpoints."""
    path = settings.ACTIVITY_CHECKPOINTS
    if path.exists():
        path.rename(path.with_name(f"{path.name}.{timezone.now():%Y%m%dT%H%M%S}"))
