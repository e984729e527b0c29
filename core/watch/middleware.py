"""Around every request: its name, one line about it, and its place in the figures."""

import logging
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from django.conf import settings
from django.db import connections
from django.http import HttpRequest, HttpResponseBase

from core.common.telling import kind_of
from core.common.tracing import is_well_formed, new_id, traced

logger = logging.getLogger("core.watch.request")

HEADER = "X-Request-ID"
#: Watchdogs ask each minute: told only when something is wrong.
QUIET = frozenset({"public_site:health", "public_site:metrics"})
#: Of an address that leads nowhere; its path may hold anything.
NOWHERE = "-"


class WatchMiddleware:
    """The outermost: what any other middleware answers is told as well.

    The line names the route, not the path: paths hold numbers of cases, tokens and keys.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.is_measured = bool(settings.METRICS_TOKEN)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with traced(given_id(request.META) or new_id()) as name:
            counter, begun = _Counter(), time.perf_counter()
            with ExitStack() as stack:
                for alias in connections:
                    stack.enter_context(connections[alias].execute_wrapper(counter))
                response = self.get_response(request)
            seconds = time.perf_counter() - begun
            response.headers[HEADER] = name
            if not request.path.startswith(settings.STATIC_URL):  # nginx has a line for those
                self._tell(request, response.status_code, seconds, counter.queries)
            return response

    def _tell(self, request: HttpRequest, status: int, seconds: float, queries: int) -> None:
        route = route_of(request)
        if self.is_measured:
            self._count(request.method or "", route, status, seconds, queries)
        if route in QUIET and status == 200:
            return
        user = getattr(request, "_cached_user", None)  # asks nothing: known if anything on the way wanted to know it
        facts = {
            "method": request.method,
            "route": route,
            "status": status,
            "ms": round(seconds * 1000),
            "queries": queries,
            "user": getattr(user, "pk", None),
        }
        level = logging.WARNING if status >= 500 else logging.INFO
        logger.log(level, "%s %s %s", request.method, route, status, extra=facts)

    def _count(self, *facts: Any) -> None:
        from core.watch import metrics  # opens the files that processes share, so only where somebody reads them

        try:
            metrics.count_request(*facts)
        except OSError as error:  # a full disk: the page goes out all the same
            logger.warning("a request was not counted: %s", kind_of(error))


class _Counter:
    """Counts what goes to the database."""

    def __init__(self) -> None:
        self.queries = 0

    def __call__(self, execute: Callable, sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
        self.queries += 1
        return execute(sql, params, many, context)


def given_id(meta: dict[str, Any]) -> str:
    """The name that our own proxy gave the request; "" when there is none, or it came from a stranger."""
    name = meta.get("HTTP_X_REQUEST_ID", "") if settings.TRUSTED_PROXIES else ""
    return name if is_well_formed(name) else ""


def route_of(request: HttpRequest) -> str:
    match = request.resolver_match
    return match.view_name if match is not None and match.view_name else NOWHERE
