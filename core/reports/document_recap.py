"""The recap of documents: how many of which kind, of which scheme, from when; what they weigh; which files lack what.

The only place where these figures are computed: screen, print and export draw from one `DocumentRecap`, and the
narrowings at the end are those that the lists behind the figures use. Kept sums answer (`reports.recount`); days
that are marked are counted as they are now. As many questions for ten documents as for a million.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Sum
from django.utils import timezone

from core.applications.models import Application, CaseDocument
from core.common.lookups import found_in
from core.documents.models import KEPT_STATES, Document, DocumentState, DocumentType, TextSource
from core.reports.dossier import LACKING as LACKING_STATES
from core.reports.dossier import PaperState
from core.reports.models import (
    EVERY_SCHEME,
    NO_CASE,
    CaseLack,
    CaseStanding,
    CaseTally,
    DocumentTally,
    MonthTally,
    RecapMark,
)
from core.reports.queries import month_before
from core.reports.recount import COMPLETE, Sum3, count_days, marked_days
from core.schemes.models import Scheme

#: Months of one row: month, quarter, year.
STEPS = (1, 3, 12)
MONTHS = 12
MAX_MONTHS = 120
#: Marked days that are counted when somebody asks; of more the last known figures are told, and that they are.
LIVE_DAYS = 31
#: Why papers are lacking, in the order of the dossier's states.
REASONS = tuple(state for state in PaperState if state in LACKING_STATES)


@dataclass(frozen=True)
class Scope:
    """What is asked for: whole months, by steps; of one kind or scheme, or of all."""

    since: date  # the first day of a period
    until: date  # the last day of one
    step: int = 1
    kind: DocumentType | None = None
    scheme: Scheme | None = None

    @property
    def periods(self) -> list[tuple[date, date]]:
        found, first = [], self.since
        while first <= self.until:
            after = month_before(first, -self.step)
            found.append((first, after - date.resolution))
            first = after
        return found


def scope(
    *,
    since: date | None = None,
    until: date | None = None,
    step: int = 1,
    kind: DocumentType | None = None,
    scheme: Scheme | None = None,
) -> Scope:
    """Widened to whole periods, put in order, ten years at most; without days the twelve months up to now."""
    step = step if step in STEPS else 1
    until = until or timezone.localdate()
    since = since or month_before(until.replace(day=1), MONTHS - 1)
    since, until = sorted((since, until))
    last = _beginning(until, step)
    first = max(_beginning(since, step), _beginning(month_before(last, MAX_MONTHS - step), step))
    return Scope(first, month_before(last, -step) - date.resolution, step, kind, scheme)


def _beginning(day: date, step: int) -> date:
    return date(day.year, (day.month - 1) // step * step + 1, 1)


class OfCases:
    """What counts cases by whether their files are complete."""

    complete: int
    lacking: int

    @property
    def cases(self) -> int:
        return self.complete + self.lacking


@dataclass
class Period(OfCases):
    """One row of the calendar: what came in, and all there was by its end."""

    since: date
    until: date
    added: Sum3 = field(default_factory=Sum3)
    total: Sum3 = field(default_factory=Sum3)
    complete: int = 0
    lacking: int = 0


@dataclass
class Kind:
    """One kind of document: what came in by state, what is kept of all that ever came, which files lack it and why."""

    code: str
    title: str
    by_state: dict[str, Sum3] = field(default_factory=lambda: defaultdict(Sum3))
    kept: Sum3 = field(default_factory=Sum3)
    lacks: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def added(self) -> Sum3:
        return _total(self.by_state.values())

    @property
    def lacking(self) -> int:
        return sum(self.lacks.values())


@dataclass
class OfScheme(OfCases):
    """One scheme: its documents and its cases. Without a code: what lies in no case that was sent."""

    code: str
    title: str
    added: Sum3 = field(default_factory=Sum3)
    complete: int = 0
    lacking: int = 0


@dataclass
class DocumentRecap(OfCases):
    """Every figure of the recap. `sources` is None where one scheme was asked for."""

    scope: Scope
    as_of: datetime
    periods: list[Period]
    kinds: list[Kind]
    schemes: list[OfScheme]
    sources: dict[str, int] | None
    is_behind: bool  # more days are marked than are counted at once
    waiting_cases: int  # cases that are marked and not examined yet, counted up to a thousand
    before: Sum3 = field(default_factory=Sum3)  # what had come in before the first period

    @property
    def added(self) -> Sum3:
        return _total(period.added for period in self.periods)

    @property
    def kept(self) -> Sum3:
        return _total(kind.kept for kind in self.kinds)

    @property
    def by_state(self) -> dict[str, Sum3]:
        return {
            state: _total(kind.by_state[state] for kind in self.kinds if state in kind.by_state)
            for state in DocumentState.values
        }

    @property
    def complete(self) -> int:
        return sum(period.complete for period in self.periods)

    @property
    def lacking(self) -> int:
        return sum(period.lacking for period in self.periods)


def _total(sums: Iterable[Sum3]) -> Sum3:
    total = Sum3()
    for one in sums:
        total.add(one)
    return total


def document_recap(asked: Scope) -> DocumentRecap:
    """All figures of one scope. The marks are read first: what they name is not taken from the kept sums."""
    marked = marked_days()
    live = [day for day in marked if day != RecapMark.ALL_DAYS][:LIVE_DAYS]
    waiting = RecapMark.objects.filter(application__isnull=False).values("application").distinct()[:1000].count()
    kinds = {pk: Kind(code, title) for pk, code, title in _named(DocumentType)}
    schemes = {pk: OfScheme(code, title) for pk, code, title in _named(Scheme)}
    schemes[NO_CASE] = OfScheme("", "")
    found = DocumentRecap(
        scope=asked,
        as_of=timezone.now(),
        periods=[Period(first, last) for first, last in asked.periods],
        kinds=[],
        schemes=[],
        sources=None if asked.scheme else dict.fromkeys(TextSource.values, 0),
        is_behind=len(marked) > len(live),
        waiting_cases=waiting,
    )
    _add_documents(found, kinds, schemes, live)
    _add_cases(found, kinds, schemes)
    found.kinds = sorted(
        (kind for kind in kinds.values() if kind.by_state or kind.kept.documents or kind.lacks),
        key=lambda kind: (-kind.added.documents, kind.title),
    )
    found.schemes = sorted(
        (scheme for scheme in schemes.values() if scheme.added.documents or scheme.cases),
        key=lambda scheme: (not scheme.code, -scheme.added.documents, scheme.title),
    )
    return found


def _named(model: Any) -> Any:
    return model.objects.order_by().values_list("pk", "code", "title")


def _add_documents(
    found: DocumentRecap, kinds: dict[int, Kind], schemes: dict[int, OfScheme], live: list[date]
) -> None:
    asked = found.scope
    own = asked.scheme.pk if asked.scheme else EVERY_SCHEME
    which = {"document_type": asked.kind.pk} if asked.kind else {}
    figures = {"n": Sum("documents"), "bytes": Sum("size"), "bytes_stored": Sum("stored")}
    add = _adding(found, kinds)
    # A month with a marked day is told by its other days; all others as a whole.
    months = {day.replace(day=1) for day in live}
    whole = MonthTally.objects.exclude(month__in=months)
    rest = DocumentTally.objects.filter(month__in=months).exclude(day__in=live)
    for cells in (whole, rest) if months else (whole,):
        cells = cells.filter(month__lte=asked.until, **which).order_by()
        for month, kind, state, source, *sums in (
            cells.filter(scheme=own).values_list("month", "document_type", "state", "source").annotate(**figures)
        ):
            add(month, kind, state, source, Sum3(*map(int, sums)))
        shown = [own] if asked.scheme else list(schemes)
        within = cells.filter(month__gte=asked.since, scheme__in=shown)
        for scheme, *sums in within.values_list("scheme").annotate(**figures):
            schemes[scheme].added.add(Sum3(*map(int, sums)))
    for cell, one in count_days(day for day in live if day <= asked.until).items():
        if which and cell.document_type != which["document_type"]:
            continue
        if cell.scheme == own:
            add(cell.day.replace(day=1), cell.document_type, cell.state, cell.source, one)
        is_shown = cell.scheme == own if asked.scheme else cell.scheme != EVERY_SCHEME
        if is_shown and cell.day >= asked.since and cell.scheme in schemes:
            schemes[cell.scheme].added.add(one)
    total = Sum3()
    total.add(found.before)
    for period in found.periods:
        total.add(period.added)
        period.total.add(total)


def _places(found: DocumentRecap) -> dict[date, Period]:
    """The period of each month."""
    return {month_before(period.since, -n): period for period in found.periods for n in range(found.scope.step)}


def _adding(found: DocumentRecap, kinds: dict[int, Kind]) -> Callable[[date, int, str, str, Sum3], None]:
    """Puts a sum of one month wherever it belongs."""
    places = _places(found)

    def add(month: date, kind: int, state: str, source: str, one: Sum3) -> None:
        if kind not in kinds:
            return
        if state in KEPT_STATES:
            kinds[kind].kept.add(one)
        if month not in places:
            found.before.add(one)
            return
        places[month].added.add(one)
        kinds[kind].by_state[state].add(one)
        if found.sources is not None and source in found.sources:
            found.sources[source] += one.documents

    return add


def _add_cases(found: DocumentRecap, kinds: dict[int, Kind], schemes: dict[int, OfScheme]) -> None:
    asked = found.scope
    cells = CaseTally.objects.filter(month__gte=asked.since, month__lte=asked.until).order_by()
    if asked.scheme:
        cells = cells.filter(scheme=asked.scheme.pk)
    places = _places(found)
    for month, scheme, state, number in (
        cells.filter(document_type=0).values_list("month", "scheme", "state").annotate(n=Sum("cases"))
    ):
        side = "complete" if state == COMPLETE else "lacking"
        for row in (places[month], schemes.get(scheme)):
            if row is not None:
                setattr(row, side, getattr(row, side) + number)
    lacks = cells.filter(document_type=asked.kind.pk) if asked.kind else cells.exclude(document_type=0)
    for kind, state, number in lacks.values_list("document_type", "state").annotate(n=Sum("cases")):
        if number and kind in kinds:
            kinds[kind].lacks[state] += number


# --- the lists behind the figures ---------------------------------------------------------------------------

#: Up to so many cases are gathered by key; of more, each is asked along the list's own order.
SOME_CASES = 5000


def in_no_case(documents: QuerySet[Document]) -> QuerySet[Document]:
    """What lies in the file of no case that was sent."""
    return documents.exclude(
        Exists(CaseDocument.objects.filter(document=OuterRef("pk"), application__number__isnull=False))
    )


def with_file(cases: QuerySet[Application], *, is_complete: bool) -> QuerySet[Application]:
    """Cases whose file was found complete, or lacking something."""
    return cases_named_by(cases, CaseStanding.objects.filter(is_complete=is_complete), "application")


def lacking(cases: QuerySet[Application], *, kind: str = "", reason: str = "") -> QuerySet[Application]:
    """Cases whose file lacks a kind of paper (by its code), or anything for a reason."""
    lacks = CaseLack.objects.all()
    if kind:
        lacks = lacks.filter(
            document_type__in=list(DocumentType.objects.filter(code=kind).values_list("pk", flat=True))
        )
    if reason:
        lacks = lacks.filter(state=reason)
    return cases_named_by(cases, lacks, "standing")


def cases_named_by(cases: QuerySet[Application], rows: QuerySet, name: str) -> QuerySet[Application]:
    """The cases that some of these rows name in a column."""
    some = list(rows.order_by().values_list(name, flat=True)[: SOME_CASES + 1])
    if len(some) <= SOME_CASES:
        return cases.filter(pk__in=set(some))
    return cases.alias(is_meant=found_in(rows.filter(**{name: OuterRef("pk")}))).filter(is_meant=1)
