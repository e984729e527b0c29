"""What Prometheus reads: requests, counted by every process for itself, and figures of the database, read when asked.

gunicorn runs several processes, and any of them may be asked: each writes its counts into a file of its own
(METRICS_DIR), and whoever is asked adds them up. Every metric has labels, so that a command which only imports this
module leaves no file behind.
"""

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.values import ValueClass

from core.watch.figures import Figures

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PATCH", "DELETE", "PUT"})
#: Seconds: what feels like at once, what the product promises (0.3), what a person notices, what a proxy gives up at.
BUCKETS = (0.05, 0.1, 0.3, 1, 3, 10, 60)
HAS_FILES: bool = getattr(ValueClass, "_multiprocess", False)

_own = CollectorRegistry()
_requests = Counter("lsp_requests", "Answers, by route and status", ("method", "route", "status"), registry=_own)
_seconds = Histogram("lsp_request_seconds", "Time until the answer", ("route",), buckets=BUCKETS, registry=_own)
_queries = Counter("lsp_request_queries", "Questions to the database", ("route",), registry=_own)


def count_request(method: str, route: str, status: int, seconds: float, queries: int) -> None:
    """What a stranger may choose, such as a method, makes no new line."""
    _requests.labels(method if method in METHODS else "-", route, str(status)).inc()
    _seconds.labels(route).observe(seconds)
    _queries.labels(route).inc(queries)


def exposition() -> bytes:
    """Everything, as Prometheus reads it."""
    registry = CollectorRegistry()
    if HAS_FILES:
        MultiProcessCollector(registry)
    else:
        registry = _own
    figures = CollectorRegistry()
    figures.register(Figures())
    return generate_latest(registry) + generate_latest(figures)
