"""Words that the tests of core share."""

import contextlib
import socket
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections
from django.test import RequestFactory

from core.activity.context import RequestContextMiddleware
from core.common.exceptions import DomainError


@contextmanager
def refused(code: str, *, field: str | None = None):
    """The acts inside are refused with this code, beside this field."""
    with pytest.raises(DomainError) as caught:
        yield caught
    assert (caught.value.code, caught.value.field) == (code, field)


def refusal_code(act: Callable[..., Any], *args: Any, **kwargs: Any) -> str:
    """Do something that must be refused; the refusal's code."""
    with pytest.raises(DomainError) as caught:
        act(*args, **kwargs)
    return caught.value.code


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Do all acts at the same moment, each on a connection of its own; results or refusals, in their order."""
    start = Barrier(len(acts))

    def run(act):
        try:
            start.wait(timeout=10)
            return act()
        except DomainError as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result(timeout=60) for future in [pool.submit(run, act) for act in acts]]


def from_address(address: str, act: Callable[[], Any]) -> Any:
    """Do something as if a request from this address were under way."""
    done = []
    RequestContextMiddleware(lambda request: done.append(act()))(RequestFactory().get("/", REMOTE_ADDR=address))
    return done[0]


def everything_in_the_database() -> str:
    """What a stolen copy of the database shows: every column of every table, as text."""
    with connection.cursor() as cursor:
        words = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            words += [str(value) for row in cursor.fetchall() for value in row]
    return "\n".join(words)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def until_it_listens(place: tuple[str, int] | str, process: subprocess.Popen, *, seconds: int = 60) -> None:
    """Wait for a server that was started just now; AssertionError when it ends or never answers."""
    family = socket.AF_UNIX if isinstance(place, str) else socket.AF_INET
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up:
        assert process.poll() is None, f"{process.args} ended with {process.returncode}"
        with socket.socket(family) as line:
            if line.connect_ex(place) == 0:
                return
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=0.05)
    raise AssertionError(f"{process.args} does not answer")
