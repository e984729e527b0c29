"""Words that the tests of core share."""

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
