"""What runs without anybody asking; the timetable is CRONJOBS in settings, told in README.md here.

Each job calls one service of core and writes one line: what it did and how long it took.
"""

import logging
import time
from collections.abc import Callable

from django.core.management import call_command

from core.activity.versions import prune_versions
from core.applications.forms import render_pending
from core.messaging.services import send_waiting

logger = logging.getLogger("cron")


def _log(name: str, job: Callable[[], object]) -> None:
    begun = time.monotonic()
    result = job()
    logger.info("%s: %s (%.1f s)", name, result, time.monotonic() - begun)


def send_outbox() -> None:
    _log("send_outbox", send_waiting)


def render_pending_forms() -> None:
    _log("render_pending_forms", lambda: render_pending(limit=200))


def clear_expired() -> None:
    """Sessions that ended and guesses at passwords that no longer count."""
    _log("clear_expired", lambda: (call_command("clearsessions"), call_command("axes_reset_logs", age=30)))


def prune_old_versions() -> None:
    """Versions beyond the last 50 of a record that are older than two years."""
    _log("prune_old_versions", prune_versions)
