"""Keeps the figures true: every case that enters or leaves a cell is written down in the transaction that moves it.

The one place that sees every writing is the saving of an application itself, not the services: a
service that is written next year cannot forget it, and `ApplicationQuerySet` refuses the ways
around `save`. The same goes for the assessor and the seat of a case, and for certificates. A figure is what was
folded plus the moves that were not yet, read in one statement, so it is exact at every moment and no two clerks
ever wait for the same row of a tally.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import date
from functools import cache, reduce
from itertools import batched
from operator import or_
from typing import Any

from django.db import transaction
from django.db.models import (
    Case,
    Count,
    DateField,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, TruncMonth
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save

from core.accounts.enums import Sex
from core.applications.models import COUNTED_BY, Application
from core.assessments.models import AssessmentSession, Assignment, Placement
from core.certificates.models import Certificate
from core.reports.models import (
    EVERY_MONTH,
    NOT_SENT,
    RANKED,
    REMOTE,
    ApplicationTally,
    CertificateMove,
    CertificateProvinceTally,
    CertificateTally,
    Facet,
    FacetTally,
    TallyMove,
)
from core.schemes.models import SchemeVersion

#: Moves that are folded in one transaction, cells that are written in one statement.
BATCH, CELLS = 2000, 100
#: How a sex stands among the values of its facet.
SEXES = {"": 0, Sex.MALE.value: 1, Sex.FEMALE.value: 2}


@dataclass(frozen=True, order=True)
class Place:
    """The cell that a case is counted in."""

    month: date
    scheme: int
    province: str
    status: str


@dataclass(frozen=True, order=True)
class Side:
    """The cell of one of its facets."""

    facet: str
    value: int
    month: date
    status: str


@dataclass(frozen=True, order=True)
class Holding:
    """The cell that a certificate is counted in."""

    month: date
    scheme: int
    valid_until: date
    status: str


@dataclass(frozen=True, order=True)
class ProvinceHolding:
    """The same by province."""

    month: date
    province: str
    valid_until: date
    status: str


Cell = Place | Side | Holding | ProvinceHolding
#: How many, and days.
Pair = tuple[int, int]
TALLIES: dict[type, Any] = {
    Place: ApplicationTally,
    Side: FacetTally,
    Holding: CertificateTally,
    ProvinceHolding: CertificateProvinceTally,
}


@dataclass(frozen=True)
class Standing:
    """Where a case is counted, and as what of every facet."""

    place: Place
    values: tuple[int, ...]  # in the order of `Facet`
    days: int

    def move(self, change: int) -> TallyMove:
        values = dict(zip(Facet.values, self.values, strict=True))
        return TallyMove(**asdict(self.place), **values, days=change * self.days, change=change)


@dataclass(frozen=True)
class Held:
    """Where a certificate is counted."""

    month: date
    scheme: int
    province: str
    valid_until: date
    status: str

    def move(self, change: int) -> CertificateMove:
        return CertificateMove(**asdict(self), change=change)


# --- writing down -------------------------------------------------------------------------------------


def follow_applications() -> None:
    """Called once, when Django is ready."""
    pre_save.connect(_before_saving, sender=Application, dispatch_uid="tally")
    post_save.connect(_after_saving, sender=Application, dispatch_uid="tally")
    pre_delete.connect(_before_saving, sender=Application, dispatch_uid="tally")
    post_delete.connect(_after_deleting, sender=Application, dispatch_uid="tally")
    for model in (Assignment, Placement):
        pre_save.connect(_before_giving, sender=model, dispatch_uid="tally")
        post_save.connect(_after_giving, sender=model, dispatch_uid="tally")
        pre_delete.connect(_before_giving, sender=model, dispatch_uid="tally")
        post_delete.connect(_after_giving, sender=model, dispatch_uid="tally")
    pre_save.connect(_before_planning, sender=AssessmentSession, dispatch_uid="tally")
    post_save.connect(_after_planning, sender=AssessmentSession, dispatch_uid="tally")
    pre_save.connect(_before_certificate, sender=Certificate, dispatch_uid="tally")
    post_save.connect(_after_certificate, sender=Certificate, dispatch_uid="tally")
    pre_delete.connect(_before_certificate, sender=Certificate, dispatch_uid="tally")
    post_delete.connect(_after_certificate, sender=Certificate, dispatch_uid="tally")


def _before_saving(instance: Application, update_fields: Any = None, **_rest: Any) -> None:
    """What is stored now counts, not what somebody once read: the row is read again, and locked."""
    written = COUNTED_BY if update_fields is None else {name.removesuffix("_id") for name in update_fields}
    instance._counted = bool(COUNTED_BY & written)
    if instance._counted:
        instance._stood = _stored(instance.pk)


def _after_saving(instance: Application, **_rest: Any) -> None:
    if instance._counted:
        _move(instance._stood, _stored(instance.pk))


def _after_deleting(instance: Application, **_rest: Any) -> None:
    _move(instance._stood, None)


def _before_giving(instance: Assignment | Placement, **_rest: Any) -> None:
    instance._stood = _stored(instance.application_id)


def _after_giving(instance: Assignment | Placement, **_rest: Any) -> None:
    _move(instance._stood, _stored(instance.application_id))


def _before_planning(instance: AssessmentSession, update_fields: Any = None, **_rest: Any) -> None:
    """A session that goes to another venue takes with it whoever has a seat there."""
    instance._seated = {}
    if instance.pk is None or not (update_fields is None or {"venue", "venue_id"} & set(update_fields)):
        return
    rows = AssessmentSession.objects.select_for_update().filter(pk=instance.pk).values_list("venue_id", flat=True)
    if [instance.venue_id] != list(rows):
        seats = Placement.objects.filter(session=instance.pk, in_force=True).order_by()
        instance._seated = _standings(list(seats.values_list("application", flat=True)))


def _after_planning(instance: AssessmentSession, **_rest: Any) -> None:
    if before := instance._seated:
        after = _standings(list(before))
        for pk, stood in before.items():
            _move(stood, after[pk])


def _stored(pk: int | None) -> Standing | None:
    return _standings([pk]).get(pk) if pk is not None else None


@cache
def _counted_rows() -> QuerySet:
    """Cases with their assessor and their seat. Put together once: every saving of a case asks it twice."""
    given = (
        Subquery(model.objects.filter(application=OuterRef("pk"), in_force=True).order_by().values(found=column)[:1])
        for model, column in (
            (Assignment, F("assessor")),
            (Placement, F("session")),
            (Placement, Coalesce(F("session__venue"), Value(REMOTE))),
        )
    )
    return (
        Application.objects.select_for_update()
        .order_by("pk")
        .values_list(
            "pk", "registered_on", "scheme_version_id", "province_id", "status", "sex", "age_band", "employer_id",
            "days_taken", *given,
        )
    )  # fmt: skip


def _standings(keys: list[int]) -> dict[int, Standing]:
    """How cases stand now. Their assessor and their seat change only while the case is locked."""
    rows = list(_counted_rows().filter(pk__in=keys))
    schemes = dict(SchemeVersion.objects.filter(pk__in={row[2] for row in rows}).values_list("pk", "scheme_id"))
    found = {}
    for pk, registered_on, version, province, status, sex, age, employer, days, *given in rows:
        month = registered_on.replace(day=1) if registered_on else NOT_SENT
        values = (version, SEXES[sex], age, employer or 0, *(key or 0 for key in given))
        found[pk] = Standing(Place(month, schemes[version], province or "", str(status)), values, days or 0)
    return found


def _move(before: Standing | Held | None, after: Standing | Held | None) -> None:
    """Out of the one, into the other; None where there is none."""
    if before != after:
        moves = [one.move(change) for one, change in ((before, -1), (after, 1)) if one is not None]
        type(moves[0]).objects.bulk_create(moves)


def _before_certificate(instance: Certificate, **_rest: Any) -> None:
    instance._held = _holding(instance.pk)


def _after_certificate(instance: Certificate, **_rest: Any) -> None:
    _move(instance._held, _holding(instance.pk))


def _holding(pk: int | None) -> Held | None:
    rows = Certificate.objects.select_for_update().filter(pk=pk) if pk else Certificate.objects.none()
    row = rows.values_list("issued_on", "scheme_id", "province_id", "valid_until", "status").first()
    return Held(row[0].replace(day=1), row[1], row[2] or "", row[3], str(row[4])) if row else None


# --- folding ------------------------------------------------------------------------------------------


def fold_tallies() -> int:
    """Add the written moves to the tallies and remove them, batch by batch; how many they were."""
    total = 0
    for fold in (_fold_cases, _fold_certificates):
        while folded := fold():
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


def _taken(model: Any) -> list[Any]:
    """Moves of transactions that are still under way are left for the next time instead of waited for."""
    return list(model.objects.select_for_update(skip_locked=True).order_by("pk")[:BATCH])


@_alone()
def _fold_cases() -> int:
    moves = _taken(TallyMove)
    changes: dict[Cell, list[int]] = defaultdict(lambda: [0, 0])
    for move in moves:
        for cell in _cells_of(move):
            changes[cell][0] += move.change
            changes[cell][1] += move.days
    _add(changes)
    TallyMove.objects.filter(pk__in=[move.pk for move in moves]).delete()
    return len(moves)


def _cells_of(move: TallyMove) -> Iterator[Cell]:
    yield Place(move.month, move.scheme, move.province, move.status)
    if move.month == NOT_SENT:
        return
    for facet in Facet.values:
        yield Side(facet, getattr(move, facet), move.month, move.status)
        if facet in RANKED:
            yield Side(facet, getattr(move, facet), EVERY_MONTH, "")


@_alone()
def _fold_certificates() -> int:
    moves = _taken(CertificateMove)
    changes: dict[Cell, list[int]] = defaultdict(lambda: [0, 0])
    for move in moves:
        for cell in (
            Holding(move.month, move.scheme, move.valid_until, move.status),
            ProvinceHolding(move.month, move.province, move.valid_until, move.status),
        ):
            changes[cell][0] += move.change
    _add(changes)
    CertificateMove.objects.filter(pk__in=[move.pk for move in moves]).delete()
    return len(moves)


def _add(changes: Any) -> None:
    """Add to the cells, many at a time. Only for who is alone: nobody else writes them between reading and writing."""
    for kind, model in TALLIES.items():
        names = [field.name for field in fields(kind)]
        counted = ["count"] if kind in (Holding, ProvinceHolding) else ["count", "days"]
        mine = [(cell, change) for cell, change in changes.items() if isinstance(cell, kind) and any(change)]
        for some in batched(sorted(mine), CELLS):
            missing = dict(some)
            which = reduce(or_, (Q(**asdict(cell)) for cell in missing))
            rows = list(model.objects.filter(which))
            for row in rows:
                change = missing.pop(kind(*(getattr(row, name) for name in names)))
                for name, number in zip(counted, change, strict=False):
                    setattr(row, name, getattr(row, name) + number)
            model.objects.bulk_update(rows, counted)
            model.objects.bulk_create(
                [model(**asdict(cell), **dict(zip(counted, change, strict=False))) for cell, change in missing.items()]
            )


# --- checking -----------------------------------------------------------------------------------------


def differences() -> dict[Cell, tuple[Pair, Pair]]:
    """Cells whose figure is not what counting the rows gives: {cell: (figure, counted)}. Each kind of cell in one
    statement, of one moment."""
    wrong = _wrong_places()
    wrong |= _wrong_holdings(Holding, scheme=F("scheme_id"))
    wrong |= _wrong_holdings(ProvinceHolding, province=Coalesce(F("province_id"), Value("")))
    for facet in Facet:
        wrong |= _wrong_sides(facet)
    return dict(sorted(wrong.items(), key=lambda item: (type(item[0]).__name__, item[0])))


def month_of(column: str) -> Any:
    """The first day of its month; cast, else MariaDB makes it a text."""
    return Cast(Coalesce(TruncMonth(column), Value(NOT_SENT)), DateField())


def value_of(facet: str) -> Any:
    """What a case has of a facet, as the tally writes it; for cases from `with_given`."""
    if facet == Facet.SEX:
        return Case(*(When(sex=key, then=Value(number)) for key, number in SEXES.items()), default=Value(0))
    if facet == Facet.VENUE:
        elsewhere = Case(When(given_placement__id__isnull=True, then=Value(0)), default=Value(REMOTE))
        return Coalesce(F("given_placement__session__venue_id"), elsewhere)
    column = {
        Facet.VERSION: "scheme_version_id",
        Facet.AGE: "age_band",
        Facet.EMPLOYER: "employer_id",
        Facet.ASSESSOR: "given_assignment__assessor_id",
        Facet.SESSION: "given_placement__session_id",
    }[Facet(facet)]
    return Coalesce(F(column), Value(0))


#: Facets that a case has by what it was given, and by what.
GIVEN = {Facet.ASSESSOR: "assignment", Facet.SESSION: "placement", Facet.VENUE: "placement"}


def with_given(cases: QuerySet[Application], facet: str) -> QuerySet[Application]:
    """Joined to the assessor or the seat that they have now, where that is what is asked for."""
    relation = GIVEN.get(facet)
    if relation is None:
        return cases
    in_force = Q(**{f"{relation}s__in_force": True})
    return cases.alias(**{f"given_{relation}": FilteredRelation(f"{relation}s", condition=in_force)})


def _wrong_places() -> dict[Cell, tuple[Pair, Pair]]:
    cell = ("month", "scheme", "province", "status")
    live = (
        Application.objects.order_by()
        .values_list(
            month_of("registered_on"),
            F("scheme_version__scheme_id"),
            Coalesce(F("province_id"), Value("")),
            F("status"),
        )
        .annotate(n=Count("pk"), d=Coalesce(Sum("days_taken"), 0), counted=Value(1))
    )
    return _compare(Place, _told(ApplicationTally, cell), _moved(TallyMove, cell), live)


def _wrong_sides(facet: Facet) -> dict[Cell, tuple[Pair, Pair]]:
    live = with_given(Application.objects.filter(registered_on__isnull=False), facet).order_by()
    live = live.values_list(value_of(facet), month_of("registered_on"), F("status"))
    live = live.annotate(n=Count("pk"), d=Coalesce(Sum("days_taken"), 0), counted=Value(1))
    cells = FacetTally.objects.filter(facet=facet).exclude(month=EVERY_MONTH)
    moves = TallyMove.objects.exclude(month=NOT_SENT)
    wrong = _compare(
        lambda *cell: Side(facet.value, *cell),
        _told(cells, ("value", "month", "status")),
        _moved(moves, (facet.value, "month", "status")),
        live,
    )
    if facet in RANKED:
        wrong |= _wrong_ranks(facet)
    return wrong


def _wrong_ranks(facet: Facet) -> dict[Cell, tuple[Pair, Pair]]:
    """The sums of all months."""
    cells = FacetTally.objects.filter(facet=facet)
    found: dict[int, list[list[int]]] = defaultdict(lambda: [[0, 0], [0, 0]])
    for value, month, count, days in (
        cells.order_by().values_list("value", "month").annotate(n=Sum("count"), d=Sum("days"))
    ):
        pair = found[value][month != EVERY_MONTH]
        pair[0], pair[1] = pair[0] + int(count), pair[1] + int(days)
    return {
        Side(facet.value, value, EVERY_MONTH, ""): (tuple(told), tuple(counted))
        for value, (told, counted) in found.items()
        if told != counted
    }


def _wrong_holdings(kind: type, **by: Any) -> dict[Cell, tuple[Pair, Pair]]:
    """`by`: the column of the cell, and what a certificate has of it."""
    [(name, value)] = by.items()
    cell = ("month", name, "valid_until", "status")
    live = (
        Certificate.objects.order_by()
        .values_list(month_of("issued_on"), value, F("valid_until"), F("status"))
        .annotate(n=Count("pk"), d=Value(0), counted=Value(1))
    )
    told = TALLIES[kind].objects.order_by().values_list(*cell)
    moved = CertificateMove.objects.order_by().values_list(*cell)
    return _compare(
        kind,
        told.annotate(n=Sum("count"), d=Value(0), counted=Value(0)),
        moved.annotate(n=Sum("change"), d=Value(0), counted=Value(0)),
        live,
    )


def _told(rows: Any, cell: tuple[str, ...]) -> QuerySet:
    rows = (rows if isinstance(rows, QuerySet) else rows.objects).order_by()
    return rows.values_list(*cell).annotate(n=Sum("count"), d=Sum("days"), counted=Value(0))


def _moved(rows: Any, cell: tuple[str, ...]) -> QuerySet:
    rows = (rows if isinstance(rows, QuerySet) else rows.objects).order_by()
    return rows.values_list(*cell).annotate(n=Sum("change"), d=Sum("days"), counted=Value(0))


def _compare(kind: Any, told: QuerySet, moved: QuerySet, live: QuerySet) -> dict[Cell, tuple[Pair, Pair]]:
    found: dict[Cell, list[list[int]]] = defaultdict(lambda: [[0, 0], [0, 0]])
    for *cell, number, days, is_counted in told.union(moved, live, all=True):
        pair = found[kind(*cell)][is_counted]
        pair[0], pair[1] = pair[0] + int(number), pair[1] + int(days)
    return {cell: (tuple(old), tuple(new)) for cell, (old, new) in found.items() if old != new}


@_alone()
def rebuild_tallies() -> dict[Cell, tuple[Pair, Pair]]:
    """Set right what differs and tell it. The desk goes on working: a correction is added, like any other move."""
    wrong = differences()
    _correct(wrong)
    for facet in RANKED:
        _correct(_wrong_ranks(facet))
    return wrong


def _correct(wrong: dict[Cell, tuple[Pair, Pair]]) -> None:
    _add({cell: (new[0] - old[0], new[1] - old[1]) for cell, (old, new) in wrong.items()})
