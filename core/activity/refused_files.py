"""Files that entry control refused: who sent them and what was wrong with them stands in the log (OWASP ASVS 16.3.3).

A refusal undoes the transaction in which it came up, and an entry of that transaction with it. So entry control only
notes what it refused, and the entry is written when the request is over. Outside of a request nobody sends a file.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from core.activity.models import ActivityEntry
from core.activity.services import record_activity
from core.common.exceptions import DomainError

logger = logging.getLogger(__name__)

#: The same refusal of the same person is told once in this time: whoever sends files in a loop fills the log with no
#: more than one entry for each kind of refusal (labels.REFUSED_FILES).
PAUSE = timedelta(hours=1)

_noted: ContextVar[set[str] | None] = ContextVar("refused_files", default=None)


@contextmanager
def noting_refused_files() -> Iterator[None]:
    """Around entry control, also as a decorator: what it refuses is noted by its code, and refused all the same."""
    try:
        yield
    except DomainError as refusal:
        noted = _noted.get()
        if noted is not None:
            noted.add(refusal.code)
        raise


class RefusedFilesMiddleware:
    """Writes the entries of a request's refused files, when the answer is there and nothing can undo them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        noted: set[str] = set()
        token = _noted.set(noted)
        try:
            response = self.get_response(request)
        finally:
            _noted.reset(token)
        if noted:
            try:
                _record(noted, request)
            except DatabaseError:
                logger.exception("a refused file could not be written into the log")
        return response


def _record(codes: set[str], request: HttpRequest) -> None:
    by: Any = request.user if request.user.is_authenticated else None
    told = ActivityEntry.objects.filter(code="document.refuse_upload", actor=by, at__gt=timezone.now() - PAUSE)
    known = {data.get("refusal") for data in told.values_list("data", flat=True)}
    page = request.resolver_match.view_name if request.resolver_match else ""
    for code in sorted(codes - known):
        record_activity("document.refuse_upload", by=by, refusal=code, page=page)
