"""The recap of certification: how many cases of which kind stand where, and how their certificates stand today.

The only place where these figures are computed: screen, print, export and letter draw from one `CertificationRecap`,
and the links behind the figures use the same columns (server_docs/decisions/0036). Kept sums answer whatever has one
dimension beside the period, scheme and province (`reports.tally`). Only a facet within one scheme or province is
counted from the rows, along an index that holds all it needs; how many rows that will be is known beforehand, and
beyond `MOST_ROWS` it is not begun.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, Count, OuterRef, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.enums import Sex
from core.accounts.models import AssessorProfile
from core.accounts.rules import role_of
from core.applications.enums import REACHED_STATUSES, STAGE_STATUSES, AgeBand, ApplicationStatus, Stage
from core.applications.models import Application, Employer
from core.applications.queries import keys_of_cases
from core.assessments.models import AssessmentSession, Assignment, Placement
from core.certificates.enums import CertificateState, CertificateStatus
from core.certificates.models import Certificate
from core.certificates.standing import SOON_DAYS
from core.codelists.models import Region
from core.common.lookups import found_in
from core.common.text import is_number
from core.reports.document_recap import cases_named_by
from core.reports.models import (
    EVERY_MONTH,
    ApplicationTally,
    CaseTally,
    CertificateMove,
    CertificateTally,
    Facet,
    FacetTally,
    TallyMove,
)
from core.reports.queries import SEE_ALL, month_before
from core.reports.recount import COMPLETE
from core.reports.tally import SEXES, month_of, value_of, with_given
from core.schemes.models import CompetencyUnit, Scheme, SchemeUnit, SchemeVersion

MONTHS, MAX_MONTHS = 12, 120
#: Rows of a dimension that has more values than a page has room for; the others share one.
MOST_VALUES = 100
#: How many cases are counted one by one while somebody waits: along the index alone, and joined to what they are given.
MOST_ROWS, MOST_JOINED_ROWS = 200_000, 50_000
#: What the statuses of a case come to, in the order of a table's columns.
SENT_STATUSES = tuple(str(status) for status in ApplicationStatus if status != ApplicationStatus.DRAFT)


@dataclass(frozen=True)
class Dimension:
    """What the rows of the table are. `parameter`: the filter of the list that narrows to one of them."""

    key: str
    title: Any
    parameter: str = ""
    step: int = 0  # months of one row
    facet: Facet | None = None


DIMENSIONS = {
    dimension.key: dimension
    for dimension in (
        Dimension("bulan", gettext_lazy("Bulan"), step=1),
        Dimension("triwulan", gettext_lazy("Triwulan"), step=3),
        Dimension("tahun", gettext_lazy("Tahun"), step=12),
        Dimension("status", gettext_lazy("Status"), "status"),
        Dimension("skema", gettext_lazy("Skema"), "skema"),
        Dimension("unit", gettext_lazy("Unit kompetensi"), "unit", facet=Facet.VERSION),
        Dimension("provinsi", gettext_lazy("Provinsi"), "provinsi"),
        Dimension("institusi", gettext_lazy("Institusi"), "tempat-kerja", facet=Facet.EMPLOYER),
        Dimension("kelamin", gettext_lazy("Jenis kelamin"), "kelamin", facet=Facet.SEX),
        Dimension("usia", gettext_lazy("Usia saat mendaftar"), "usia", facet=Facet.AGE),
        Dimension("asesor", gettext_lazy("Asesor"), "asesor", facet=Facet.ASSESSOR),
        Dimension("jadwal", gettext_lazy("Jadwal uji"), "jadwal", facet=Facet.SESSION),
    )
}
#: What stands in an address for “none” of a facet: no assessor yet, nothing filled in.
NONE = "kosong"


# --- what is asked for --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Scope:
    """Whole months of registration, one dimension, and what narrows them. `own`: the viewer's cases only."""

    since: date
    until: date
    dimension: Dimension
    scheme: Scheme | None = None
    province: Region | None = None
    compare: str = ""  # a key of COMPARED
    own: Any = None

    @property
    def months(self) -> int:
        return (self.until.year - self.since.year) * 12 + self.until.month - self.since.month + 1

    @property
    def periods(self) -> list[tuple[date, date]]:
        """The rows of the calendar; the first and the last no longer than what was asked for."""
        step, found, first = self.dimension.step or 1, [], self.since
        while first <= self.until:
            after = month_before(date(first.year, (first.month - 1) // step * step + 1, 1), -step)
            found.append((first, min(after - date.resolution, self.until)))
            first = after
        return found


COMPARED = {
    "sebelumnya": gettext_lazy("Jangka waktu sebelumnya"),
    "tahun-lalu": gettext_lazy("Jangka waktu yang sama setahun sebelumnya"),
}
PRESETS = {
    "bulan-ini": gettext_lazy("Bulan ini"),
    "bulan-lalu": gettext_lazy("Bulan lalu"),
    "12-bulan": gettext_lazy("12 bulan terakhir"),
    "tahun-ini": gettext_lazy("Tahun ini"),
    "tahun-lalu": gettext_lazy("Tahun lalu"),
    "bebas": gettext_lazy("Pilih bulan sendiri"),
}


def period_of(
    preset: str, since: date | None = None, until: date | None = None, *, today: date | None = None
) -> tuple[date, date]:
    """First and last day. Months of one's own: in order, ten years at most."""
    month = (today or timezone.localdate()).replace(day=1)
    if preset == "bulan-ini":
        first, last = month, month
    elif preset == "bulan-lalu":
        first = last = month_before(month, 1)
    elif preset == "tahun-ini":
        first, last = month.replace(month=1), month
    elif preset == "tahun-lalu":
        first, last = date(month.year - 1, 1, 1), date(month.year - 1, 12, 1)
    elif preset == "bebas" and (since or until):
        first, last = sorted(((since or until).replace(day=1), (until or month).replace(day=1)))
        first = max(first, month_before(last, MAX_MONTHS - 1))
    else:
        first, last = month_before(month, MONTHS - 1), month
    return first, month_before(last, -1) - date.resolution


def month_from(text: str) -> date | None:
    """“2026-08”, as the field for months sends it; typed by hand also “08-2026”."""
    if found := re.fullmatch(r"(\d{4})-(\d{1,2})|(\d{1,2})[-/](\d{4})", text.strip()):
        year, month = int(found[1] or found[4]), int(found[2] or found[3])
        if 1990 <= year <= timezone.localdate().year + 1 and 1 <= month <= 12:
            return date(year, month, 1)
    return None


def period_asked(asked: Mapping[str, str], *, today: date | None = None) -> tuple[str, date, date]:
    """The preset, and the first and last day that an address asks for; what it says wrongly is left out."""
    since, until = month_from(asked.get("dari", "")), month_from(asked.get("sampai", ""))
    preset = asked.get("jangka") or ("bebas" if since or until else "12-bulan")
    return preset, *period_of(preset, since, until, today=today)


def scope_for(
    viewer: Any,
    *,
    since: date,
    until: date,
    dimension: str = "bulan",
    scheme: Scheme | None = None,
    province: Region | None = None,
    compare: str = "",
) -> Scope:
    """An assessor's recap is of their own cases, whatever else it asks."""
    return Scope(
        since,
        until,
        DIMENSIONS.get(dimension, DIMENSIONS["bulan"]),
        scheme,
        province,
        compare if compare in COMPARED else "",
        None if role_of(viewer) in SEE_ALL else viewer,
    )


# --- what is told -------------------------------------------------------------------------------------


@dataclass
class Figures:
    """Cases by status, and how long those that are over took."""

    by_status: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    days: int = 0
    complete: int = 0
    lacking: int = 0

    @property
    def registered(self) -> int:
        return sum(self.by_status.values())

    def of(self, statuses: Iterable[str]) -> int:
        return sum(self.by_status.get(str(status), 0) for status in statuses)

    def stage(self, stage: Stage) -> int:
        return self.of(STAGE_STATUSES[stage])

    @property
    def mean_days(self) -> int | None:
        """From registration to the end, over cases that are over."""
        over = self.registered - self.stage(Stage.RUNNING) - self.stage(Stage.COMPETENT)
        return round(self.days / over) if over else None

    def add(self, status: str, number: int, days: int) -> None:
        self.by_status[status] += number
        self.days += days

    def without(self, others: Iterable["Figures"]) -> "Figures":
        """What is left when these are taken away."""
        rest = Figures(defaultdict(int, self.by_status), self.days)
        for other in others:
            rest.days -= other.days
            for status, number in other.by_status.items():
                rest.by_status[status] -= number
        return rest


@dataclass
class Row(Figures):
    """One line of the table. `query` narrows a list to it; None where no filter says so much."""

    key: Any = None
    title: str = ""
    query: dict[str, str] | None = field(default_factory=dict)
    before: Figures | None = None


@dataclass
class Holdings:
    """Certificates by how they stand today."""

    title: str
    query: dict[str, str]
    by_state: dict[str, int] = field(default_factory=lambda: dict.fromkeys(CertificateState.values, 0))

    @property
    def total(self) -> int:
        return sum(self.by_state.values())


@dataclass
class CertificationRecap:
    """Every figure of the recap. `too_many`: so many cases would have to be counted one by one, and were not."""

    scope: Scope
    as_of: datetime
    rows: list[Row] = field(default_factory=list)
    total: Figures = field(default_factory=Figures)
    others: Figures | None = None  # what has no row of its own
    before: Figures | None = None
    too_many: int = 0
    has_files: bool = False  # whether files that are complete were counted row by row
    certificates: list[Holdings] = field(default_factory=list)
    all_certificates: Holdings | None = None

    @property
    def statuses(self) -> list[str]:
        """Those that occur, in the order of a case's journey."""
        return [status for status in SENT_STATUSES if self.total.by_status.get(status)]


# --- counting -----------------------------------------------------------------------------------------

#: One group that was counted: its value, its status, how many, how many days.
Group = tuple[Any, str, int, int]


def certification_recap(asked: Scope) -> CertificationRecap:
    """All figures of one scope. As many questions for ten cases as for a million."""
    found = CertificationRecap(asked, timezone.now())
    _count(found)
    _count_files(found)
    if asked.own is None and asked.province is None:
        _count_certificates(found)
    if asked.compare:
        _compare(found)
    return found


def _count(found: CertificationRecap) -> None:
    asked = found.scope
    groups = _groups(found)
    for _value, status, number, days in _tally(asked, "status") if asked.own is None else _counted(asked, "status"):
        found.total.add(status, number, days)
    if groups is None:
        return
    found.rows = _ROWS[asked.dimension.key](asked, groups)
    if asked.dimension.facet in (Facet.EMPLOYER, Facet.SESSION):
        del found.rows[MOST_VALUES:]
        rest = found.total.without(found.rows)
        found.others = rest if rest.registered else None


def _groups(found: CertificationRecap) -> list[Group] | None:
    asked = found.scope
    dimension = asked.dimension
    if asked.own is not None:
        return _counted(asked, dimension.key)
    if dimension.facet is None:
        return _tally(asked, dimension.key)
    if asked.province is None and (asked.scheme is None or dimension.facet == Facet.VERSION):
        return _facet(asked)
    number = sum(number for _value, _status, number, _days in _tally(asked, "status"))
    joined = dimension.facet in (Facet.ASSESSOR, Facet.SESSION)
    if number > (MOST_JOINED_ROWS if joined else MOST_ROWS):
        found.too_many = number
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


def _facet(asked: Scope) -> list[Group]:
    """From the kept sums of one facet; only the values that get a row."""
    facet = asked.dimension.facet
    which = Q(month__gte=asked.since, month__lte=asked.until)
    moves = TallyMove.objects.filter(which)
    values = _values(asked, moves)
    cells = FacetTally.objects.filter(which, facet=facet)
    if values is not None:
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
    if asked.dimension.facet == Facet.EMPLOYER:
        ranked = FacetTally.objects.filter(facet=Facet.EMPLOYER, month=EVERY_MONTH, count__gt=0)
        known = list(ranked.order_by("-count", "value").values_list("value", flat=True)[: MOST_VALUES + 1])
        if len(known) <= MOST_VALUES:  # so few that those of the last minutes have room too
            known = list({*known, *moves.order_by().values_list("employer", flat=True).distinct()[:MOST_VALUES]})
        return known[:MOST_VALUES]
    if asked.dimension.facet == Facet.SESSION:
        cells = FacetTally.objects.filter(facet=Facet.SESSION, month__gte=asked.since, month__lte=asked.until)
        latest = cells.filter(value__gt=0).order_by("-value").values_list("value", flat=True).distinct()
        moved = moves.filter(session__gt=0).order_by("-session").values_list("session", flat=True).distinct()
        return [0, *sorted({*latest[:MOST_VALUES], *moved[:MOST_VALUES]}, reverse=True)[:MOST_VALUES]]
    if asked.dimension.facet == Facet.VERSION and asked.scheme:
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


# --- rows ---------------------------------------------------------------------------------------------


def _by_value(groups: Iterable[Group]) -> dict[Any, Row]:
    rows: dict[Any, Row] = defaultdict(Row)
    for value, status, number, days in groups:
        rows[value].key = value
        rows[value].add(status, number, days)
    return dict(rows)


def _calendar(asked: Scope, groups: list[Group]) -> list[Row]:
    """One row for every period, also where nobody registered."""
    rows = [
        Row(key=first, title=period_title(first, last), query=days_query(first, last)) for first, last in asked.periods
    ]
    places = [row.key for row in rows]
    for month, status, number, days in groups:
        place = max(index for index, first in enumerate(places) if first <= month)
        rows[place].add(status, number, days)
    return rows


def period_title(first: date, last: date) -> str:
    """“Agustus 2026”, “Triwulan III 2026”, “2026”, “Agustus–Oktober 2026”."""
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if months == 1:
        return date_format(first, "F Y")
    if months == 12 and first.month == 1:
        return str(first.year)
    if months == 3 and first.month % 3 == 1:
        return _("Triwulan %(quarter)s %(year)s") % {
            "quarter": ("I", "II", "III", "IV")[first.month // 3],
            "year": first.year,
        }
    return _("%(first)s sampai %(last)s") % {"first": date_format(first, "F Y"), "last": date_format(last, "F Y")}


def days_query(first: date, last: date, column: str = "registered_on") -> dict[str, str]:
    return {f"{column}_from": f"{first:%d-%m-%Y}", f"{column}_to": f"{last:%d-%m-%Y}"}


def _named(
    titles: Callable[[list], dict[Any, tuple[str, str]]], *, none: Any = ""
) -> Callable[[Scope, list[Group]], list[Row]]:
    """Rows named by `titles(values) → {value: (what the filter says, title)}`, those with the most cases first."""

    def rows_of(asked: Scope, groups: list[Group]) -> list[Row]:
        rows = _by_value(groups)
        known = titles([value for value in rows if value])
        for value, row in rows.items():
            word, row.title = known.get(value) or (NONE, str(none))
            row.query = {asked.dimension.parameter: word}
        return sorted(rows.values(), key=lambda row: (not row.key, -row.registered, row.title))

    return rows_of


def _statuses(asked: Scope, groups: list[Group]) -> list[Row]:
    rows = {status: Row(key=status, title=str(ApplicationStatus(status).label)) for status in SENT_STATUSES}
    for _value, status, number, days in groups:
        rows[status].add(status, number, days)
        rows[status].query = {"status": status}
    return [row for row in rows.values() if row.registered]


def _units(asked: Scope, groups: list[Group]) -> list[Row]:
    """A case counts with each unit of its version, so that the rows come to more than there are cases."""
    by_version = _by_value(groups)
    rows: dict[int, Row] = {}
    links = SchemeUnit.objects.filter(scheme_version__in=list(by_version)).order_by()
    for version, unit in links.values_list("scheme_version", "unit").distinct():
        row = rows.setdefault(unit, Row(key=unit))
        for status, number in by_version[version].by_status.items():
            row.add(status, number, 0)
        row.days += by_version[version].days
    titles = CompetencyUnit.objects.filter(pk__in=list(rows)).values_list("pk", "code", "title")
    for pk, code, title in titles:
        rows[pk].title, rows[pk].query = f"{code} {title}", {"unit": code}
    return sorted(rows.values(), key=lambda row: (-row.registered, row.title))


def _bands(asked: Scope, groups: list[Group]) -> list[Row]:
    rows = _by_value(groups)
    for value, row in rows.items():
        row.title, row.query = str(AgeBand(value).label), {"usia": str(value)}
    return sorted(rows.values(), key=lambda row: (row.key == AgeBand.UNKNOWN, row.key))


def _scheme_titles(keys: list) -> dict[Any, tuple[str, str]]:
    return {
        pk: (code, title) for pk, code, title in Scheme.objects.filter(pk__in=keys).values_list("pk", "code", "title")
    }


def _province_titles(keys: list) -> dict[Any, tuple[str, str]]:
    return {code: (code, name) for code, name in Region.objects.filter(pk__in=keys).values_list("pk", "name")}


def _employer_titles(keys: list) -> dict[Any, tuple[str, str]]:
    return {pk: (str(pk), name) for pk, name in Employer.objects.filter(pk__in=keys).values_list("pk", "name")}


def _sex_titles(keys: list) -> dict[Any, tuple[str, str]]:
    return {SEXES[sex]: (str(sex), str(sex.label)) for sex in Sex}


def _assessor_titles(keys: list) -> dict[Any, tuple[str, str]]:
    found = AssessorProfile.objects.filter(pk__in=keys).order_by()
    return {pk: (str(pk), name) for pk, name in found.values_list("pk", "user__full_name")}


def _session_titles(keys: list) -> dict[Any, tuple[str, str]]:
    found = AssessmentSession.objects.filter(pk__in=keys).order_by().select_related("venue")
    return {
        session.pk: (
            session.number,
            " · ".join(
                (
                    session.number,
                    date_format(timezone.localtime(session.starts_at), "j M Y"),
                    session.venue.name if session.venue else _("jarak jauh"),
                )
            ),
        )
        for session in found
    }


_ROWS: dict[str, Callable[[Scope, list[Group]], list[Row]]] = {
    "bulan": _calendar,
    "triwulan": _calendar,
    "tahun": _calendar,
    "status": _statuses,
    "skema": _named(_scheme_titles),
    "unit": _units,
    "provinsi": _named(_province_titles, none=gettext_lazy("Tidak diisi")),
    "institusi": _named(_employer_titles, none=gettext_lazy("Tidak diisi")),
    "kelamin": _named(_sex_titles, none=gettext_lazy("Tidak diisi")),
    "usia": _bands,
    "asesor": _named(_assessor_titles, none=gettext_lazy("Belum ada asesor")),
    "jadwal": _named(_session_titles, none=gettext_lazy("Belum dijadwalkan")),
}


# --- files, certificates, comparison ------------------------------------------------------------------


def _count_files(found: CertificationRecap) -> None:
    """Files that are complete and that are not, as their checklists said last; not within a province, nor of one's
    own, which the kept sums do not tell apart."""
    asked = found.scope
    if asked.own is not None or asked.province is not None:
        return
    cells = CaseTally.objects.filter(document_type=0, month__gte=asked.since, month__lte=asked.until).order_by()
    if asked.scheme:
        cells = cells.filter(scheme=asked.scheme.pk)
    found.has_files = bool(asked.dimension.step) or asked.dimension.key == "skema"
    by_key = {row.key: row for row in found.rows}
    firsts = sorted(by_key) if asked.dimension.step else []
    for month, scheme, state, number in cells.values_list("month", "scheme", "state").annotate(n=Sum("cases")):
        key = max(first for first in firsts if first <= month) if firsts else scheme
        rows = [found.total, by_key.get(key)] if found.has_files else [found.total]
        for row in rows:
            if row is not None and state == COMPLETE:
                row.complete += int(number)
            elif row is not None:
                row.lacking += int(number)


def _count_certificates(found: CertificationRecap) -> None:
    """Those that were issued in the period, by how they stand today (`standing.state_on`); row by row where the rows
    are schemes or periods."""
    asked, today = found.scope, timezone.localdate()
    which = Q(month__gte=asked.since, month__lte=asked.until)
    if asked.scheme:
        which &= Q(scheme=asked.scheme.pk)
    own = {"skema": "scheme"}.get(asked.dimension.key, "month")
    state = Case(
        When(status=CertificateStatus.WITHDRAWN, then=Value(CertificateState.WITHDRAWN.value)),
        When(status=CertificateStatus.REPLACED, then=Value(CertificateState.REPLACED.value)),
        When(valid_until__lt=today, then=Value(CertificateState.EXPIRED.value)),
        When(status=CertificateStatus.SUSPENDED, then=Value(CertificateState.SUSPENDED.value)),
        When(valid_until__lte=today + timedelta(days=SOON_DAYS), then=Value(CertificateState.ENDING.value)),
        default=Value(CertificateState.VALID.value),
    )
    cells = CertificateTally.objects.filter(which).order_by().values_list(own, state).annotate(n=Sum("count"))
    moves = CertificateMove.objects.filter(which).order_by().values_list(own, state).annotate(n=Sum("change"))
    sums: dict[tuple[Any, str], int] = defaultdict(int)
    for key, name, number in cells.union(moves, all=True):
        sums[key, name] += int(number)
    _reinstate(asked, own, sums, today)
    query = days_query(asked.since, asked.until, "issued_on")
    if asked.scheme:
        query["skema"] = asked.scheme.code
    found.all_certificates = total = Holdings(_("Semua"), query)
    rows: dict[Any, Holdings] = {}
    if asked.dimension.step:
        firsts = [first for first, _last in asked.periods]
        rows = {
            first: Holdings(period_title(first, last), query | days_query(first, last, "issued_on"))
            for first, last in asked.periods
        }
    elif own == "scheme":
        titles = _scheme_titles(sorted({key for key, _name in sums}))
        rows = {key: Holdings(title, query | {"skema": code}) for key, (code, title) in titles.items()}
    for (key, name), number in sums.items():
        total.by_state[name] += number
        place = max(first for first in firsts if first <= key) if asked.dimension.step else key
        if place in rows:
            rows[place].by_state[name] += number
    found.certificates = [row for row in rows.values() if row.total]


def _reinstate(asked: Scope, own: str, sums: dict[tuple[Any, str], int], today: date) -> None:
    """A suspension whose last day has passed no longer counts; those few are read one by one."""
    ended = Certificate.objects.filter(
        status=CertificateStatus.SUSPENDED, suspended_until__lt=today, valid_until__gte=today,
        issued_on__gte=asked.since, issued_on__lte=asked.until,
    )  # fmt: skip
    if asked.scheme:
        ended = ended.filter(scheme=asked.scheme)
    for issued_on, scheme, valid_until in ended.order_by().values_list("issued_on", "scheme_id", "valid_until"):
        key = scheme if own == "scheme" else issued_on.replace(day=1)
        ends_soon = valid_until <= today + timedelta(days=SOON_DAYS)
        sums[key, CertificateState.SUSPENDED.value] -= 1
        sums[key, (CertificateState.ENDING if ends_soon else CertificateState.VALID).value] += 1


def compared_scope(asked: Scope) -> Scope:
    """The period before, as long as this one; or the same one a year before."""
    back = 12 if asked.compare == "tahun-lalu" else asked.months
    since = month_before(asked.since, back)
    return replace(asked, since=since, until=month_before(since, -asked.months) - date.resolution, compare="")


def _compare(found: CertificationRecap) -> None:
    """What each row was then: periods by their place, all else by what they are."""
    before = CertificationRecap(compared_scope(found.scope), found.as_of)
    _count(before)
    found.before = before.total
    if found.scope.dimension.step:
        for row, former in zip(found.rows, before.rows, strict=False):
            row.before = former
    else:
        former = {row.key: row for row in before.rows}
        for row in found.rows:
            row.before = former.get(row.key, Figures())


# --- the lists behind the figures ---------------------------------------------------------------------


def in_stage(cases: QuerySet[Application], stage: str) -> QuerySet[Application]:
    """A `Stage`, or how far they came (`Reached`)."""
    statuses = STAGE_STATUSES | REACHED_STATUSES
    return cases.filter(status__in=[str(status) for status in statuses[stage]])  # type: ignore[index]


def with_unit(cases: QuerySet[Application], code: str) -> QuerySet[Application]:
    """Of a version that holds this unit; the versions by key, as for schemes."""
    versions = SchemeUnit.objects.filter(unit__code=code).order_by().values_list("scheme_version", flat=True)
    return cases.filter(scheme_version_id__in=set(versions))


def with_employer(cases: QuerySet[Application], word: str) -> QuerySet[Application]:
    if word == NONE:
        return cases.filter(employer=None)
    return cases.filter(employer_id=int(word)) if is_number(word) else cases.none()


def with_assessor(cases: QuerySet[Application], word: str) -> QuerySet[Application]:
    """Given to this assessor now, or to none."""
    return _given(cases, Assignment, {"assessor_id": int(word)} if is_number(word) else {}, word)


def in_session(cases: QuerySet[Application], word: str) -> QuerySet[Application]:
    """With a seat in the session of this number now, or with none."""
    session = AssessmentSession.objects.filter(number=word).values_list("pk", flat=True).first()
    return _given(cases, Placement, {"session_id": session} if session else {}, word)


def _given(cases: QuerySet[Application], model: Any, which: dict[str, int], word: str) -> QuerySet[Application]:
    rows = model.objects.filter(in_force=True)
    if word == NONE:
        return cases.alias(is_given=found_in(rows.filter(application=OuterRef("pk")))).filter(is_given=None)
    return cases_named_by(cases, rows.filter(**which), "application") if which else cases.none()
