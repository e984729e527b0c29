"""The public register: how many certificates hold, by scheme and year, and their numbers. It names nobody:
whoever holds a paper finds its holder's masked name under the number (`queries.public_view`).

Both questions are answered along one index (`certificate_register`) that holds all they need.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Q, QuerySet

from core.certificates.enums import CertificateStatus
from core.certificates.models import Certificate
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
    """Schemes with certificates that hold, in the order of the public list; two queries.

    Counted by day, in the order of the index, and summed up here: a year is no column.
    """
    days = Certificate.objects.filter(holding(today)).order_by("scheme_id", "issued_on")
    found: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for scheme, day, count in days.values_list("scheme_id", "issued_on").annotate(n=Count("pk")):
        found[scheme][day.year] += count
    schemes = Scheme.objects.filter(pk__in=list(found)).order_by("position", "title")
    return [SchemeFigures(scheme, dict(found[scheme.pk])) for scheme in schemes]


def certificates_of_year(scheme: Scheme, year: int) -> QuerySet[Certificate]:
    """All that were issued in a year, the newest first: number, days and status, nothing of their holders."""
    return (
        Certificate.objects.filter(scheme=scheme, issued_on__gte=date(year, 1, 1), issued_on__lte=date(year, 12, 31))
        .only("number", "issued_on", "valid_until", "status", "suspended_until")
        .order_by("-issued_on", "-pk")
    )


def after(certificates: QuerySet[Certificate], day: date, pk: int) -> QuerySet[Certificate]:
    """What comes behind this row in their order, however deep in the list, without walking what lies before."""
    return certificates.filter(Q(issued_on__lt=day) | Q(issued_on=day, pk__lt=pk))
