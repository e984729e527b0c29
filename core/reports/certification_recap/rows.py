"""How groups become rows: one for each value, with its name and with what narrows a list to it."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.enums import Sex
from core.accounts.models import AssessorProfile
from core.applications.enums import AgeBand, ApplicationStatus
from core.applications.models import Employer
from core.assessments.models import AssessmentSession, Venue
from core.codelists.models import Region
from core.reports.certification_recap.figures import SENT_STATUSES, Row
from core.reports.certification_recap.scope import NONE, REMOTE_WORD, Scope, days_query, period_title
from core.reports.models import REMOTE
from core.reports.tally import SEXES
from core.schemes.models import CompetencyUnit, Scheme, SchemeUnit

#: One group that was counted: its value, its status, how many, how many days.
Group = tuple[Any, str, int, int]


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


def scheme_titles(keys: list) -> dict[Any, tuple[str, str]]:
    return {
        pk: (code, title) for pk, code, title in Scheme.objects.filter(pk__in=keys).values_list("pk", "code", "title")
    }


def province_titles(keys: list) -> dict[Any, tuple[str, str]]:
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
                    date_format(session.local_start, "j M Y"),
                    session.venue.name if session.venue else _("jarak jauh"),
                )
            ),
        )
        for session in found
    }


def _venue_titles(keys: list) -> dict[Any, tuple[str, str]]:
    found = {pk: (code, name) for pk, code, name in Venue.objects.filter(pk__in=keys).values_list("pk", "code", "name")}
    return {**found, REMOTE: (REMOTE_WORD, _("Jarak jauh, tanpa TUK"))}


ROWS: dict[str, Callable[[Scope, list[Group]], list[Row]]] = {
    "bulan": _calendar,
    "triwulan": _calendar,
    "tahun": _calendar,
    "status": _statuses,
    "skema": _named(scheme_titles),
    "unit": _units,
    "provinsi": _named(province_titles, none=gettext_lazy("Tidak diisi")),
    "institusi": _named(_employer_titles, none=gettext_lazy("Tidak diisi")),
    "kelamin": _named(_sex_titles, none=gettext_lazy("Tidak diisi")),
    "usia": _bands,
    "asesor": _named(_assessor_titles, none=gettext_lazy("Belum ada asesor")),
    "jadwal": _named(_session_titles, none=gettext_lazy("Belum dijadwalkan")),
    "tuk": _named(_venue_titles, none=gettext_lazy("Belum dijadwalkan")),
}
