"""How certificates are counted: by how they stand today (`standing.state_on`), those of this system and those of the
paper years each in their own register.

Kept sums answer by month of issue and scheme, or by month of issue and province. A scheme and a province together are
counted from the certificates, along an index that holds all it needs; so is the old register, which does not grow.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, Count, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from core.certificates.aftercare_queries import ended_suspensions
from core.certificates.enums import CertificateState, CertificateStatus
from core.certificates.models import Certificate, PastCertificate
from core.reports.certification_recap.figures import IN_USE, CertificationRecap, Holdings, Register
from core.reports.certification_recap.rows import province_titles, scheme_titles
from core.reports.certification_recap.scope import NONE, Scope, days_query, period_title
from core.reports.models import CertificateMove, CertificateProvinceTally, CertificateTally
from core.reports.tally import month_of

#: {(what the row is, state): how many}
Sums = dict[tuple[Any, str], int]


def count_certificates(found: CertificationRecap) -> None:
    """The old register says of nobody where they lived, so that it has no part in what is narrowed to a province."""
    asked, today = found.scope, timezone.localdate()
    by = _rows_are(asked)
    has_province = by == "province" or asked.province is not None
    if has_province and (by == "scheme" or asked.scheme is not None):
        sums = _from_rows(Certificate.objects.all(), asked, by, today)
    else:
        sums = _from_sums(CertificateProvinceTally if has_province else CertificateTally, asked, by, today)
    found.certificates = _register(asked, by, sums, today)
    if asked.province is None:
        by = "" if by == "province" else by
        past = _register(asked, by, _from_rows(PastCertificate.objects.all(), asked, by, today), today)
        found.past = past if past.total.total else None


def _rows_are(asked: Scope) -> str:
    """What of a certificate the rows of the recap tell apart; nothing, where they are of its case alone. Months are
    those of issue."""
    if asked.dimension.step:
        return "month" if asked.is_issued_in else ""
    return {"skema": "scheme", "provinsi": "province"}.get(asked.dimension.key, "")


def _within(asked: Scope, since: str, until: str) -> Q:
    which = Q()
    if asked.is_issued_in:
        which &= Q(**{since: asked.since, until: asked.until})
    if asked.scheme:
        which &= Q(scheme=asked.scheme.pk)
    if asked.province:
        which &= Q(province=asked.province.pk)
    return which


def _state(asked: Scope, today: date, suspended: Q) -> Case:
    """The same as `standing.state_on`, in the database's words."""
    return Case(
        When(status=CertificateStatus.WITHDRAWN, then=Value(CertificateState.WITHDRAWN.value)),
        When(status=CertificateStatus.REPLACED, then=Value(CertificateState.REPLACED.value)),
        When(valid_until__lt=today, then=Value(CertificateState.EXPIRED.value)),
        When(suspended, then=Value(CertificateState.SUSPENDED.value)),
        When(valid_until__lte=today + timedelta(days=asked.near_days), then=Value(CertificateState.ENDING.value)),
        default=Value(CertificateState.VALID.value),
    )


def _from_sums(model: Any, asked: Scope, by: str, today: date) -> Sums:
    which, key = _within(asked, "month__gte", "month__lte"), by or Value("")
    state = _state(asked, today, Q(status=CertificateStatus.SUSPENDED))
    cells = model.objects.filter(which).order_by().values_list(key, state).annotate(n=Sum("count"))
    moves = CertificateMove.objects.filter(which).order_by().values_list(key, state).annotate(n=Sum("change"))
    sums: Sums = defaultdict(int)
    for value, name, number in cells.union(moves, all=True):
        sums[value, name] += int(number)
    _reinstate(asked, by, sums, today)
    return sums


def _reinstate(asked: Scope, by: str, sums: Sums, today: date) -> None:
    """A suspension whose last day has passed no longer counts; those few are read one by one."""
    ended = ended_suspensions(today).filter(_within(asked, "issued_on__gte", "issued_on__lte")).order_by()
    for issued_on, scheme, province, valid_until in ended.values_list(
        "issued_on", "scheme_id", "province_id", "valid_until"
    ):
        value = {"month": issued_on.replace(day=1), "scheme": scheme, "province": province or ""}.get(by, "")
        is_near = valid_until <= today + timedelta(days=asked.near_days)
        sums[value, CertificateState.SUSPENDED.value] -= 1
        sums[value, (CertificateState.ENDING if is_near else CertificateState.VALID).value] += 1


def _from_rows(certificates: QuerySet, asked: Scope, by: str, today: date) -> Sums:
    suspended = Q(status=CertificateStatus.SUSPENDED) & (Q(suspended_until=None) | Q(suspended_until__gte=today))
    key = {"month": month_of("issued_on"), "province": Coalesce("province_id", Value(""))}.get(by, by or Value(""))
    rows = certificates.filter(_within(asked, "issued_on__gte", "issued_on__lte")).order_by()
    return {
        (value, name): number
        for value, name, number in rows.values_list(key, _state(asked, today, suspended)).annotate(n=Count("pk"))
    }


# --- rows ---------------------------------------------------------------------------------------------


def _register(asked: Scope, by: str, sums: Sums, today: date) -> Register:
    query = days_query(asked.since, asked.until, "issued_on") if asked.is_issued_in else {}
    if asked.scheme:
        query["skema"] = asked.scheme.code
    if asked.province:
        query["provinsi"] = asked.province.pk
    of_state = _queries(asked, today)
    total = Holdings(_("Semua"), query, of_state)
    rows: dict[Any, Holdings] = {
        value: Holdings(title, query | narrowed, of_state)
        for value, title, narrowed in _titles(asked, by, {value for value, _name in sums})
    }
    firsts = sorted(rows) if by == "month" else []
    for (value, name), number in sums.items():
        total.by_state[name] += number
        place = max(first for first in firsts if first <= value) if firsts else value
        if place in rows:
            rows[place].by_state[name] += number
    return Register(total, [row for row in rows.values() if row.total])


def _titles(asked: Scope, by: str, values: set) -> Iterable[tuple[Any, str, dict[str, str]]]:
    """Of every row its value, its name, and what narrows a list to it."""
    if by == "month":
        return [
            (first, period_title(first, last), days_query(first, last, "issued_on")) for first, last in asked.periods
        ]
    if by == "scheme":
        found = scheme_titles(list(values))
        return [(value, title, {"skema": code}) for value, (code, title) in _by_title(found)]
    if by == "province":
        found = province_titles([value for value in values if value])
        named = [(value, title, {"provinsi": code}) for value, (code, title) in _by_title(found)]
        return [*named, ("", _("Tidak diisi"), {"provinsi": NONE})]
    return []


def _by_title(found: dict[Any, tuple[str, str]]) -> list[tuple[Any, tuple[str, str]]]:
    return sorted(found.items(), key=lambda item: item[1][1])


def _queries(asked: Scope, today: date) -> dict[str, dict[str, str]]:
    """What narrows a list to each state. What is near its end is the reader's choice, so that the days say it."""
    near = today + timedelta(days=asked.near_days)
    return {
        **{state: {"keadaan": state} for state in (*CertificateState.values, IN_USE)},
        CertificateState.VALID.value: {"keadaan": IN_USE, "valid_until_from": f"{near + date.resolution:%d-%m-%Y}"},
        CertificateState.ENDING.value: {"keadaan": IN_USE, "valid_until_to": f"{near:%d-%m-%Y}"},
    }
