"""Reads that a replica of the database may answer: figures of recaps, rows of exports.

With DATABASE_REPLICA_URL set, `on_replica(read)` reads there, but only once the replica holds everything that was
written until this moment: the primary says its position (GTID), the replica waits for it a moment. So nobody sees old
figures, and nothing depends on a guess of how far the replica is behind. Is it down or too far behind, the primary
answers as if there were no replica. Everything else, and all writing, goes to the primary. Why so:
server_docs/decisions/0041.
"""

import logging
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connections

ALIAS = "replica"
#: Seconds that a reader waits for the replica to catch up, and that a replica that failed is left alone.
PATIENCE, REST = 0.5, 30.0

logger = logging.getLogger(__name__)

_reads_there: ContextVar[bool] = ContextVar("reads_on_replica", default=False)
#: Until when this process leaves the replica alone; each process finds out for itself.
_rests_until = [0.0]


class ReplicaRouter:
    """Everything is the primary's, but reads inside `on_replica`. It always answers: a row that came from the replica
    must not draw what hangs on it from there later."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        return ALIAS if _reads_there.get() and not _in_transaction() else DEFAULT_DB_ALIAS

    def db_for_write(self, model: Any, **hints: Any) -> str:
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == DEFAULT_DB_ALIAS


def is_configured() -> bool:
    return ALIAS in settings.DATABASES


def on_replica[T](read: Callable[[], T]) -> T:
    """What `read` returns, read on the replica where there is one that is level. It must read all it needs before it
    returns, and write nothing; when the replica fails in the middle it is asked once more, of the primary."""
    if not is_configured() or _in_transaction() or time.monotonic() < _rests_until[0]:
        return read()
    try:
        if is_level():
            token = _reads_there.set(True)
            try:
                return read()
            finally:
                _reads_there.reset(token)
        _leave_alone("is behind")
    except Error as error:
        _leave_alone(type(error).__name__)
    return read()


def is_level() -> bool:
    """Whether the replica holds everything that the primary has committed until now. Raises what a database that is
    down raises."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("SELECT @@GLOBAL.gtid_binlog_pos")
        position = cursor.fetchone()[0]
    if not position:  # a primary that writes no binary log has no replica
        return False
    with connections[ALIAS].cursor() as cursor:
        cursor.execute("SELECT MASTER_GTID_WAIT(%s, %s)", [position, PATIENCE])
        return cursor.fetchone()[0] == 0


def _in_transaction() -> bool:
    """What was just written is not on the replica yet."""
    return connections[DEFAULT_DB_ALIAS].in_atomic_block


def _leave_alone(reason: str) -> None:
    logger.warning("the replica %s: the primary reads for %d seconds", reason, REST)
    _rests_until[0] = time.monotonic() + REST
    connections[ALIAS].close()
