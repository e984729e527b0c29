"""Doing a transaction again when the database undid it for a reason that passes."""

import random
import time
from collections.abc import Callable

from django.db import OperationalError, connection

#: MariaDB: deadlock found, lock wait timeout exceeded. Both undo the transaction and may be tried again.
_PASSING_CODES = frozenset({1205, 1213})
ATTEMPTS = 6
#: The first pause in seconds; each further one is twice as long, and all are jittered so that two do not meet again.
PAUSE = 0.05


def retried[T](act: Callable[[], T], *, attempts: int = ATTEMPTS) -> T:
    """The result of `act`, which opens its own transaction; tried again after a deadlock.

    Inside a transaction it is tried once: what the database undid there is more than this act.
    """
    for attempt in range(attempts):
        try:
            return act()
        except OperationalError as error:
            if attempt + 1 == attempts or connection.in_atomic_block or not is_passing(error):
                raise
        time.sleep(PAUSE * 2**attempt * random.uniform(0.5, 1.5))  # noqa: S311 - no secret
    raise AssertionError("attempts must be 1 or more")


def is_passing(error: OperationalError) -> bool:
    """Whether the same act may well succeed a moment later."""
    return error.args[:1] != () and (error.args[0] in _PASSING_CODES or "database is locked" in str(error))
