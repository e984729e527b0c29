"""How often one address may ask for something that anybody may ask for."""

from django.core.cache import cache
from django.http import HttpRequest

from core.activity.context import current_ip_address

WINDOW = 60


def asks_too_often(request: HttpRequest, what: str, *, limit: int) -> bool:
    """Whether more than `limit` requests for `what` came from this address within a minute.

    Counted per process where the cache is the process's own: a brake on trying numbers one after
    another, no lock.
    """
    key = f"asks-{what}-{current_ip_address()}"
    if cache.add(key, 1, WINDOW):
        return False
    try:
        return cache.incr(key) > limit
    except ValueError:  # the minute ended in between
        return False
