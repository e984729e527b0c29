"""How often one address may ask for something that anybody may ask for."""

import time

from django.core.cache import cache
from django.http import HttpRequest

from core.activity.context import current_ip_address

WINDOW = 60


def asks_too_often(request: HttpRequest, what: str, *, limit: int) -> bool:
    """Whether more than `limit` requests for `what` came from this address within a minute.

    Counted together by all processes where they share a cache (CACHE_URL), else by each for itself; two at the very
    same moment may count as one: a brake on trying numbers one after another, no lock.
    """
    key, now = f"asks-{what}-{current_ip_address()}", time.time()
    count, until = cache.get(key, (0, 0))
    if until <= now:
        count, until = 0, now + WINDOW
    cache.set(key, (count + 1, until), until - now)
    return count >= limit
