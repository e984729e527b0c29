"""Pages that save themselves: each sending counts once, and a page is never in conflict with itself.

A page that is open on a phone sends its answers again and again, over a link that may break after the
server has written and before the phone hears of it. So a page has a name, made when it was drawn, and
numbers what it sends. What was taken stands in one row per page: the same number once more, or an older
one that comes late, is answered like the first time and writes nothing. The version that the page's
own last sending led to stands there too: the page need not have heard of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.common.models import SentPage
from core.common.retrying import retried

#: A phone keeps what it could not send for a week; the rows are kept longer than that.
KEPT = timedelta(days=30)
MAX_NAME = 16


@dataclass(frozen=True)
class Sending:
    """What a page says of itself. `number` is 0 where no script counts, `page` "" where nothing was drawn by us."""

    version: int
    page: str = ""
    number: int = 0


@dataclass(frozen=True)
class Taken:
    """The version that the page stands on now, and the highest number that was taken from it."""

    version: int
    number: int


def take(act: Callable[[int], int], *, sending: Sending, by: Any) -> Taken:
    """Do `act` unless this sending was taken already; the act and the note of it are written together or not at all.

    `act` gets the version to compare with and returns the one that it led to; what it raises passes through.
    """
    return retried(lambda: _take(act, sending, by))


@transaction.atomic
def _take(act: Callable[[int], int], sending: Sending, by: Any) -> Taken:
    if not sending.page:
        return Taken(act(sending.version), 0)
    row, _created = SentPage.objects.get_or_create(owner_id=by.pk, name=sending.page[:MAX_NAME])
    row = SentPage.objects.select_for_update().get(pk=row.pk)
    if row.version is not None and 0 < sending.number <= row.number:
        return Taken(row.version, row.number)
    row.version = act(sending.version if row.version is None else max(sending.version, row.version))
    row.number = max(row.number, sending.number)
    row.save(update_fields=["version", "number", "sent_at"])
    return Taken(row.version, row.number)


def forget_sendings() -> int:
    """Pages that nothing has come from for long; returns how many."""
    return SentPage.objects.filter(sent_at__lt=timezone.now() - KEPT).delete()[0]
