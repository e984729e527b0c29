"""Which request, job or run is under way: the one name under which all that it leaves behind is found again.

The same name stands in nginx's line, in each line of our own logs, in the answer's header and, shortened, on the page
of an error that somebody reads to the helpdesk.
"""

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

#: As nginx makes it (`$request_id`); anything else could carry words of a stranger into the logs.
SHAPE = re.compile(r"[0-9a-f]{32}")

_request_id: ContextVar[str] = ContextVar("request_id", default="")
#: The name of this process, for what happens in no request: {process: name}, since a fork has a name of its own.
_names: dict[int, str] = {}


def current_id() -> str:
    """The name of what is under way; outside of everything the name of the process, as each cron job is one."""
    return _request_id.get() or _names.setdefault(os.getpid(), new_id())


def new_id() -> str:
    return secrets.token_hex(16)


def is_well_formed(name: str) -> bool:
    return SHAPE.fullmatch(name) is not None


def spoken(name: str) -> str:
    """The beginning, as it is read aloud: "3f2a-9c41". Eight of its letters find the line in a log."""
    return f"{name[:4]}-{name[4:8]}"


@contextmanager
def traced(name: str = "") -> Iterator[str]:
    """Everything inside goes by this name, or by a new one."""
    name = name or new_id()
    token = _request_id.set(name)
    try:
        yield name
    finally:
        _request_id.reset(token)
