"""The public register: how many certificates hold, by scheme and year, and their numbers. It names nobody:
whoever holds a paper finds its holder's masked name under the number (`queries.public_view`).

Both questions are answered along one index (`certificate_register`) that holds all they need.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Q

from core.certificates.enums import CertificateStatus
from core.certificates.models import Certificate, PastCertificate
from core.schemes.models import Scheme

PAGE = 50


@dataclass
class SchemeFigures:
    """Of one scheme the certificates that hold, by the year in which they were issued."""

    scheme: Scheme
    by_year: dict[int, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.by_year.values())


def holding(today: date) -> Q:
    """What `standing.state_on` calls valid or ending, as a condition on rows."""
    suspended = Q(status=CertificateStatus.SUSPENDED, suspended_until__lt=today)
    return Q(Q(status=CertificateStatus.ACTIVE) | suspended, valid_until__gte=today)


def register_figures(today: date) -> list[SchemeFigures]:
    """Schemes with certificates that hold, in the order of the public list; three queries.

    Counted by day, in the order of the index, and summed up here: a year is no column. Those of the paper years
    count as well as those of this system.
    """
    found: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for model in (Certificate, PastCertificate):
        days = model.objects.filter(holding(today)).order_by("scheme_id", "issued_on")
        for scheme, day, count in days.values_list("scheme_id", "issued_on").annotate(n=Count("pk")):
            found[scheme][day.year] += count
    schemes = Scheme.objects.filter(pk__in=list(found)).order_by("position", "title")
    return [SchemeFigures(scheme, dict(found[scheme.pk])) for scheme in schemes]


@dataclass(frozen=True)
class Place:
    """Where a page of the list begins: behind this row. Of one day, those of the paper years come last."""

    day: date
    pk: int
    is_past: bool = False


def certificates_of_year(
    scheme: Scheme, year: int, *, behind: Place | None = None, limit: int = PAGE
) -> list[Certificate | PastCertificate]:
    """What was issued in a year, the newest first, from any place in the list without walking what lies before it:
    number, days and status, nothing of their holders."""
    issued = {"scheme": scheme, "issued_on__gte": date(year, 1, 1), "issued_on__lte": date(year, 12, 31)}
    shown = ("number", "issued_on", "valid_until", "status", "suspended_until")
    rows: list[Certificate | PastCertificate] = []
    for model in (Certificate, PastCertificate):
        found = model.objects.filter(**issued).only(*shown).order_by("-issued_on", "-pk")
        if behind is not None:
            found = found.filter(_behind(behind, is_past=model is PastCertificate))
        rows += found[:limit]
    rows.sort(key=lambda row: row.issued_on, reverse=True)  # stable: within a day as they were read
    return rows[:limit]


def place_of(row: Certificate | PastCertificate) -> Place:
    return Place(row.issued_on, row.pk, isinstance(row, PastCertificate))


def _behind(place: Place, *, is_past: bool) -> Q:
    earlier = Q(issued_on__lt=place.day)
    if is_past != place.is_past:  # the other kind: of that day all of it, or nothing
        return earlier | Q(issued_on=place.day) if is_past else earlier
    return earlier | Q(issued_on=place.day, pk__lt=place.pk)
