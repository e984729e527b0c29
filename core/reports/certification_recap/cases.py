"""How cases are counted: from the kept sums, or one by one where no sum knows (server_docs/decisions/0036).

A *group* is what comes out: of one value of the dimension and one status, how many cases and how many days.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from core.applications.models import Application
from core.applications.queries import keys_of_cases
from core.reports.certification_recap.figures import CertificationRecap
from core.reports.certification_recap.rows import ROWS, Group
from core.reports.certification_recap.scope import DIMENSIONS, Scope
from core.reports.models import EVERY_MONTH, RANKED, ApplicationTally, Facet, FacetTally, TallyMove
from core.reports.tally import GIVEN, month_of, value_of, with_given
from core.schemes.models import SchemeVersion

#: Rows of a dimension that has more values than a page has room for; the others share one.
MOST_VALUES = 100
#: How many cases are counted one by one while somebody waits: along the index alone, and joined to what they are given.
MOST_ROWS, MOST_JOINED_ROWS = 200_000, 50_000


def count_cases(found: CertificationRecap, *, first: Iterable = ()) -> None:
    """The total, the rows, and what has no row of its own. `first`: whose rows come first where not all have room."""
    asked = found.scope
    for _value, status, number, days in _tally(asked, "status") if asked.own is None else _counted(asked, "status"):
        found.total.add(status, number, days)
    groups = _groups(found, first)
    if groups is None:
        return
    is_endless = asked.dimension.facet in (*RANKED, Facet.SESSION)
    found.rows = ROWS[asked.dimension.key](asked, _with_room(asked, groups, first) if is_endless else groups)
    if is_endless:
        rest = found.total.without(found.rows)
        found.others = rest if rest.registered else None


def _with_room(asked: Scope, groups: list[Group], first: Iterable) -> list[Group]:
    """Those of the values that get a row: the latest sessions, of all else the largest. Others are not even named."""
    cases: dict[Any, int] = defaultdict(int)
    for value, _status, number, _days in groups:
        cases[value] += number
    if asked.dimension.facet == Facet.SESSION:
        kept = sorted(cases, key=lambda value: (value > 0, -value))
    else:
        kept = sorted(cases, key=lambda value: (-cases[value], value))
    chosen = set(_at_most([*first, *kept]))
    return [group for group in groups if group[0] in chosen]


def _at_most(values: list) -> list:
    return list(dict.fromkeys(values))[:MOST_VALUES]


def _groups(found: CertificationRecap, first: Iterable) -> list[Group] | None:
    """None: more would have to be counted one by one than anybody waits for."""
    asked = found.scope
    dimension = asked.dimension
    if asked.own is not None:
        return _counted(asked, dimension.key)
    if dimension.facet is None:
        return _tally(asked, dimension.key)
    if asked.province is None and (asked.scheme is None or dimension.facet == Facet.VERSION):
        return _facet(asked, first)
    if found.total.registered > (MOST_JOINED_ROWS if dimension.facet in GIVEN else MOST_ROWS):
        found.too_many = found.total.registered
        return None
    return _counted(asked, dimension.key)


def _tally(asked: Scope, key: str) -> list[Group]:
    """From the kept sums by month, scheme, province and status."""
    which = Q(month__gte=asked.since, month__lte=asked.until)
    if asked.scheme:
        which &= Q(scheme=asked.scheme.pk)
    if asked.province:
        which &= Q(province=asked.province.pk)
    column = {"status": "status", "skema": "scheme", "provinsi": "province"}.get(key, "month")
    return _sums(ApplicationTally.objects.filter(which), TallyMove.objects.filter(which), column)


def _facet(asked: Scope, first: Iterable) -> list[Group]:
    """From the kept sums of one facet; only the values that get a row."""
    facet = asked.dimension.facet
    which = Q(month__gte=asked.since, month__lte=asked.until)
    moves = TallyMove.objects.filter(which)
    values = _values(asked, moves)
    cells = FacetTally.objects.filter(which, facet=facet)
    if values is not None:
        values = _at_most([*first, *values]) if facet in (*RANKED, Facet.SESSION) else values
        cells, moves = cells.filter(value__in=values), moves.filter(**{f"{facet}__in": values})
    return _sums(cells, moves, "value", str(facet))


def _sums(cells: QuerySet, moves: QuerySet, column: str, moved_as: str = "") -> list[Group]:
    """One statement: what is being folded is counted once, not twice."""
    columns = ("status",) if column == "status" else (column, "status")
    folded = cells.order_by().values_list(*columns).annotate(n=Sum("count"), d=Sum("days"))
    columns = columns if column == "status" else (moved_as or column, "status")
    moved = moves.order_by().values_list(*columns).annotate(n=Sum("change"), d=Sum("days"))
    sums: dict[tuple[Any, str], list[int]] = defaultdict(lambda: [0, 0])
    for *key, number, days in folded.union(moved, all=True):
        pair = sums[key[0], key[-1]]
        pair[0], pair[1] = pair[0] + int(number), pair[1] + int(days)
    return [(value, status, number, days) for (value, status), (number, days) in sums.items() if number]


def _values(asked: Scope, moves: QuerySet) -> list[int] | None:
    """Which values of the facet get a row; None: all of them."""
    facet = asked.dimension.facet
    if facet in RANKED:
        ranked = FacetTally.objects.filter(facet=facet, month=EVERY_MONTH, count__gt=0)
        known = list(ranked.order_by("-count", "value").values_list("value", flat=True)[: MOST_VALUES + 1])
        if len(known) <= MOST_VALUES:  # so few that those of the last minutes have room too
            known = list({*known, *moves.order_by().values_list(facet, flat=True).distinct()[:MOST_VALUES]})
        return known[:MOST_VALUES]
    if facet == Facet.SESSION:
        cells = FacetTally.objects.filter(facet=Facet.SESSION, month__gte=asked.since, month__lte=asked.until)
        latest = cells.filter(value__gt=0).order_by("-value").values_list("value", flat=True).distinct()
        moved = moves.filter(session__gt=0).order_by("-session").values_list("session", flat=True).distinct()
        return [0, *sorted({*latest[:MOST_VALUES], *moved[:MOST_VALUES]}, reverse=True)[:MOST_VALUES]]
    if facet == Facet.VERSION and asked.scheme:
        return list(asked.scheme.versions.values_list("pk", flat=True))
    return None


def cases_of_scope(asked: Scope) -> QuerySet[Application]:
    """The cases that are counted, one by one."""
    cases = Application.objects.filter(registered_on__gte=asked.since, registered_on__lte=asked.until)
    if asked.own is not None:
        cases = cases.filter(pk__in=keys_of_cases(asked.own))
    if asked.scheme:
        versions = SchemeVersion.objects.filter(scheme=asked.scheme).order_by()
        cases = cases.filter(scheme_version__in=list(versions.values_list("pk", flat=True)))
    if asked.province:
        cases = cases.filter(province=asked.province)
    return cases.order_by()


def _counted(asked: Scope, key: str) -> list[Group]:
    """From the rows themselves."""
    dimension = DIMENSIONS[key]
    cases = cases_of_scope(asked)
    if dimension.facet:
        cases, value = with_given(cases, dimension.facet), value_of(dimension.facet)
    else:
        value = {
            "status": Value(""),
            "skema": Coalesce("scheme_version__scheme_id", Value(0)),
            "provinsi": Coalesce("province_id", Value("")),
        }.get(key) or month_of("registered_on")
    rows = cases.values_list(value, "status").annotate(n=Count("pk"), d=Coalesce(Sum("days_taken"), 0))
    return [(value, status, number, int(days)) for value, status, number, days in rows]
