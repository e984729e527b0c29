"""Keeps the figures true: every case that enters or leaves a cell is written down in the transaction that moves it.

The one place that sees every writing is the saving of an application itself, not the services: a
service that is written next year cannot forget it, and `ApplicationQuerySet` refuses the ways
around `save`. A figure is what was folded plus the moves that were not yet, read in one statement,
so it is exact at every moment and no two clerks ever wait for the same row of a tally.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Count, DateField, F, Sum, Value
from django.db.models.functions import Cast, Coalesce, TruncMonth
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save

from core.applications.models import COUNTED_BY, Application
from core.reports.models import NOT_SENT, ApplicationTally, TallyMove
from core.schemes.models import SchemeVersion

#: Moves that are folded in one transaction.
BATCH = 2000


@dataclass(frozen=True, order=True)
class Place:
    """The cell that a case is counted in."""

    month: date
    scheme: int
    province: str
    status: str


# --- writing down -------------------------------------------------------------------------------------


def follow_applications() -> None:
    """Called once, when Django is ready."""
    pre_save.connect(_before_saving, sender=Application, dispatch_uid="tally")
    post_save.connect(_after_saving, sender=Application, dispatch_uid="tally")
    pre_delete.connect(_before_saving, sender=Application, dispatch_uid="tally")
    post_delete.connect(_after_deleting, sender=Application, dispatch_uid="tally")


def _before_saving(instance: Application, update_fields: Any = None, **_rest: Any) -> None:
    """What is stored now counts, not what somebody once read: the row is read again, and locked."""
    written = COUNTED_BY if update_fields is None else {name.removesuffix("_id") for name in update_fields}
    instance._counted = bool(COUNTED_BY & written)
    if instance._counted:
        instance._place_before = _stored(instance)


def _after_saving(instance: Application, **_rest: Any) -> None:
    if instance._counted:
        _move(instance._place_before, _stored(instance))


def _after_deleting(instance: Application, **_rest: Any) -> None:
    _move(instance._place_before, None)


def _stored(case: Application) -> tuple | None:
    if case.pk is None:
        return None
    columns = ("registered_on", "scheme_version_id", "province_id", "status")
    return Application.objects.select_for_update().filter(pk=case.pk).values_list(*columns).first()


def _move(before: tuple | None, after: tuple | None) -> None:
    places = [(_place(row), change) for row, change in ((before, -1), (after, 1)) if row is not None]
    if len({place for place, _change in places}) == len(places):  # else it stayed where it was
        TallyMove.objects.bulk_create([TallyMove(**asdict(place), change=change) for place, change in places])


def _place(row: tuple) -> Place:
    registered_on, version, province, status = row
    scheme = SchemeVersion.objects.values_list("scheme_id", flat=True).get(pk=version)
    return Place(registered_on.replace(day=1) if registered_on else NOT_SENT, scheme, province or "", str(status))


# --- folding and checking -----------------------------------------------------------------------------


def fold_tallies() -> int:
    """Add the written moves to the tally and remove them, batch by batch; how many they were."""
    total = 0
    while folded := _fold_batch():
        total += folded
    return total


@contextmanager
def _alone() -> Iterator[None]:
    """One run at a time folds or checks: they queue at an empty cell that stands for no case. The desk never does.

    The cell is made in a transaction of its own: two that insert it at once and then lock it would deadlock.
    """
    cell, _created = ApplicationTally.objects.get_or_create(month=NOT_SENT, scheme=0)
    with transaction.atomic():
        ApplicationTally.objects.select_for_update().get(pk=cell.pk)
        yield


@_alone()
def _fold_batch() -> int:
    """Moves of transactions that are still under way are left for the next time instead of waited for."""
    moves = list(TallyMove.objects.select_for_update(skip_locked=True).order_by("pk")[:BATCH])
    changes: dict[Place, int] = {}
    for move in moves:
        place = Place(move.month, move.scheme, move.province, move.status)
        changes[place] = changes.get(place, 0) + move.change
    for place, change in sorted(changes.items()):
        if change:
            _add(place, change)
    TallyMove.objects.filter(pk__in=[move.pk for move in moves]).delete()
    return len(moves)


def differences() -> dict[Place, tuple[int, int]]:
    """Cells whose figure is not what counting the cases gives: {cell: (figure, counted)}; one statement, one moment."""
    cell = ("month", "scheme", "province", "status")
    live = (
        Application.objects.order_by()
        .values_list(
            Cast(Coalesce(TruncMonth("registered_on"), Value(NOT_SENT)), DateField()),  # else MariaDB makes it a text
            F("scheme_version__scheme_id"),
            Coalesce(F("province_id"), Value("")),
            F("status"),
        )
        .annotate(n=Count("pk"), counted=Value(1))
    )
    folded = ApplicationTally.objects.order_by().values_list(*cell).annotate(n=Sum("count"), counted=Value(0))
    moved = TallyMove.objects.order_by().values_list(*cell).annotate(n=Sum("change"), counted=Value(0))
    found: dict[Place, list[int]] = {}
    for month, scheme, province, status, number, is_counted in folded.union(moved, live, all=True):
        found.setdefault(Place(month, scheme, province, status), [0, 0])[is_counted] += number
    return {place: (told, counted) for place, (told, counted) in sorted(found.items()) if told != counted}


@_alone()
def rebuild_tallies() -> dict[Place, tuple[int, int]]:
    """Set right what differs and tell it. The desk goes on working: a correction is added, like any other move."""
    wrong = differences()
    for place, (told, counted) in wrong.items():
        _add(place, counted - told)
    return wrong


def _add(place: Place, change: int) -> None:
    cell, _created = ApplicationTally.objects.get_or_create(**asdict(place))
    ApplicationTally.objects.filter(pk=cell.pk).update(count=F("count") + change)
