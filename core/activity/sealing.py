"""Chaining the entries: a short transaction of its own after each commit, and every minute for what was left over.

Nobody waits here. Writers of entries take no lock at all; whoever finds the head held by somebody
else goes on, and what they wrote is sealed by the timetable. So the log adds no queue to the acts.
"""

import logging
import threading
from datetime import timedelta

from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from core.activity.macs import START, head_mac, is_same, seal_digest
from core.activity.models import ActivityEntry, ActivityHead, ActivitySeal

logger = logging.getLogger("core.activity")

BATCH = 1000
#: A transaction is over within this time: older keys that are not there yet never will be.
SETTLED_AFTER = timedelta(minutes=15)

_own = threading.local()


class TamperedChain(Exception):
    """The end of the chain is not as the head says. It is not continued: that would make the forgery part of it."""


def seal_after_commit(entry: ActivityEntry) -> None:
    """Seal the entry once its transaction is committed, together with all others of the same transaction."""
    if not hasattr(_own, "waiting"):
        _own.waiting = {}
    _own.waiting[entry.pk] = entry.mac
    transaction.on_commit(_seal_own, robust=True)


def _seal_own() -> None:
    """The first of a transaction's hooks seals for all. What was rolled back is not found, and so left out."""
    macs, _own.waiting = _own.waiting, {}
    if not macs:
        return
    try:
        with transaction.atomic():
            head = _locked_head()
            if head is not None:
                there = ActivityEntry.objects.filter(pk__in=macs, seal=None).order_by("pk").values_list("pk", "mac")
                _chain(head, [row for row in there if macs[row[0]] == row[1]])
    except TamperedChain as fault:
        logger.error("%s; nothing is sealed (run verify_activity)", fault)
    except DatabaseError as error:  # the act itself is committed; the timetable seals it
        logger.warning("sealing is left to the timetable: %s", type(error).__name__)


def seal_waiting(*, everything: bool = False) -> tuple[int, list[int]]:
    """Seal what was left over: how many, and the keys of those that the product did not write.

    `everything` also looks at what was swept before.
    """
    sealed, refused, after = 0, [], None
    while True:
        with transaction.atomic():
            head = _locked_head()
            if head is None:
                return sealed, refused
            if after is None:
                _compare_end(head)
                after = start = 0 if everything else head.swept_to
            found, wrong = _seal(head, ActivityEntry.objects.filter(pk__gt=after))
            sealed += len(found) - len(wrong)
            refused += wrong
            if len(found) < BATCH:
                settled = ActivityEntry.objects.filter(pk__gt=start, at__lt=timezone.now() - SETTLED_AFTER)
                if not everything and (last := settled.aggregate(last=Max("pk"))["last"]):
                    _move(head, swept_to=last)
                return sealed, refused
        after = found[-1].pk


def _locked_head() -> ActivityHead | None:
    """The head, held until the transaction ends; None when somebody else has it."""
    rows = ActivityHead.objects.all()
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True)
    head = rows.filter(pk=1).first()
    if head is None:
        return None if ActivityHead.objects.exists() else _first_head()
    if not is_same(head.mac, head_mac(head.sequence, head.digest, head.swept_to)):
        raise TamperedChain("the head of the activity log's chain was changed")
    return head


def _compare_end(head: ActivityHead) -> None:
    """Asked each minute, not at each act: an act that went on at a wrong end makes no forgery any better."""
    beyond = list(ActivitySeal.objects.filter(sequence__gte=head.sequence).values_list("sequence", "digest")[:2])
    if beyond != ([(head.sequence, head.digest)] if head.sequence else []):
        raise TamperedChain("the activity log's chain does not end where its head says")


def _first_head() -> ActivityHead | None:
    if ActivitySeal.objects.exists():
        raise TamperedChain("the head of the activity log's chain was taken out")
    try:
        with transaction.atomic():
            return ActivityHead.objects.create(digest=START, mac=head_mac(0, START, 0))
    except IntegrityError:  # another process was first
        return None


def _seal(head: ActivityHead, entries: QuerySet[ActivityEntry]) -> tuple[list[ActivityEntry], list[int]]:
    """Chain what has no seal yet, in the order of the keys; what was found, and the keys that got none."""
    found = list(entries.filter(seal=None).order_by("pk")[:BATCH])
    refused = [entry.pk for entry in found if not is_same(entry.mac, entry.expected_mac())]
    for pk in refused:
        logger.error("activity entry %d was not written by the product and is not sealed", pk)
    _chain(head, [(entry.pk, entry.mac) for entry in found if entry.pk not in refused])
    return found, refused


def _chain(head: ActivityHead, entries: list[tuple[int, str]]) -> None:
    """One link for each (key, mac), and the head moved to the last of them."""
    sequence, digest, seals = head.sequence, head.digest, []
    for pk, mac in entries:
        sequence += 1
        digest = seal_digest(digest, sequence, pk, mac)
        seals.append(ActivitySeal(sequence=sequence, entry_id=pk, digest=digest))
    if seals:
        ActivitySeal.objects.append(seals)
        _move(head, sequence=sequence, digest=digest)


def _move(head: ActivityHead, **values: int | str) -> None:
    for name, value in values.items():
        setattr(head, name, value)
    head.mac = head_mac(head.sequence, head.digest, head.swept_to)
    head.save()
