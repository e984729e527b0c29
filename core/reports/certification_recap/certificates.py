"""How certificates are counted: by how they stand today."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, Q, Sum, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from core.certificates.enums import CertificateState, CertificateStatus
from core.certificates.models import Certificate
from core.certificates.standing import SOON_DAYS
from core.reports.certification_recap.figures import CertificationRecap, Holdings
from core.reports.certification_recap.rows import scheme_titles
from core.reports.certification_recap.scope import Scope, days_query, period_title
from core.reports.models import CertificateMove, CertificateTally


def count_certificates(found: CertificationRecap) -> None:
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
        titles = scheme_titles(sorted({key for key, _name in sums}))
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
