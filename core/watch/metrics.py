"""What Prometheus reads: requests, counted by every process for itself, and figures of the database, read when asked.

gunicorn runs several processes, and any of them may be asked: each writes its counts into files of its own
(METRICS_DIR), and whoever is asked adds them up. Every metric has labels, so that a command which only imports this
module leaves no file behind.
"""

import fcntl
import os
from itertools import count
from pathlib import Path
from typing import IO

from django.conf import settings
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, values
from prometheus_client.multiprocess import MultiProcessCollector

from core.watch.figures import Figures

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PATCH", "DELETE", "PUT"})
#: Seconds: what feels like at once, what the product promises (0.3), what a person notices, what a proxy gives up at.
BUCKETS = (0.05, 0.1, 0.3, 1, 3, 10, 60)
#: Bytes of a file of counts that are taken from the disk at once: to write into a file that has none behind it when the
#: disk is full would end the process.
ROOM = 1 << 20

_places: dict[int, tuple[int, IO]] = {}


def place() -> int:
    """The number of this process's files: the lowest that no living process holds.

    A process that ends leaves its place, with its counts, to the next one. By the process's own number, which the
    library takes, the files would grow with every process that gunicorn replaces.
    """
    process = os.getpid()
    if process not in _places:
        _places[process] = _take_place(Path(settings.METRICS_DIR))
    return _places[process][0]


def _take_place(folder: Path) -> tuple[int, IO]:
    folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    for number in count():
        lock = open(folder / f"{number}.lock", "a")  # noqa: SIM115 - held, and so locked, until the process ends
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            continue
        for kind in ("counter", "histogram"):
            with open(folder / f"{kind}_{number}.db", "ab") as file:
                os.posix_fallocate(file.fileno(), 0, ROOM)
        return number, lock
    raise AssertionError("count() ends never")


HAS_FILES = bool(settings.METRICS_DIR)
if HAS_FILES:
    values.ValueClass = values.MultiProcessValue(place)

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
