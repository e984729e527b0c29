"""The public register: figures by scheme and year of what holds today, numbers without names."""

from datetime import date, timedelta
from itertools import product

import pytest
from django.utils import timezone

from core.certificates.enums import CertificateStatus
from core.certificates.models import Certificate
from core.certificates.register import certificates_of_year, holding, place_of, register_figures
from core.certificates.standing import status_now
from tests.factories.certificates import lay_certificate, make_past_certificate, more_certificates
from tests.factories.schemes import make_scheme

pytestmark = pytest.mark.django_db


@pytest.fixture
def today() -> date:
    return timezone.localdate()


def test_the_condition_on_rows_says_what_the_one_rule_says(certificate, today):
    standings = list(product((-1, 0, 30, 400), CertificateStatus.values, (None, -1, 0, 5)))
    rows = more_certificates(certificate, len(standings))
    for row, (days_left, row.status, suspended_for) in zip(rows, standings, strict=True):
        row.valid_until = today + timedelta(days=days_left)
        row.suspended_until = None if suspended_for is None else today + timedelta(days=suspended_for)
    Certificate.objects.bulk_update(rows, ["valid_until", "status", "suspended_until"])

    found = set(Certificate.objects.filter(holding(today)))

    assert found == {row for row in [certificate, *rows] if status_now(row, today).holds}
    assert len(found) == 1 + 3 * 4 + 3


@pytest.fixture
def certificate() -> Certificate:
    return lay_certificate()


def test_figures_by_scheme_and_year(certificate, today):
    rows = more_certificates(certificate, 5)
    Certificate.objects.filter(pk__in=[row.pk for row in rows[:3]]).update(issued_on=date(2024, 5, 1))
    Certificate.objects.filter(pk=rows[4].pk).update(status="dicabut")
    other = make_scheme()
    Certificate.objects.filter(pk=rows[3].pk).update(scheme=other.scheme, issued_on=date(2025, 1, 1))

    own, foreign = sorted(register_figures(today), key=lambda row: -row.total)

    assert (own.scheme, own.total, own.by_year[2024]) == (certificate.scheme, 4, 3)
    assert (foreign.scheme, foreign.by_year) == (other.scheme, {2025: 1})


def test_figures_cost_three_queries(certificate, today, django_assert_num_queries):
    more_certificates(certificate, 20)
    with django_assert_num_queries(3):
        register_figures(today)


def test_the_paper_years_count_as_well(certificate, today):
    make_past_certificate(scheme=certificate.scheme, issued_on=date(2019, 5, 1))
    make_past_certificate(scheme=certificate.scheme, issued_on=date(2019, 6, 1), status="dicabut")
    make_past_certificate(scheme=certificate.scheme, days_left=-1)

    (figures,) = register_figures(today)

    assert figures.by_year == {certificate.issued_on.year: 1, 2019: 1}


def test_the_numbers_of_a_year_are_walked_page_by_page(certificate, django_assert_num_queries):
    """Also across the day on which the paper ended and this system began."""
    rows = more_certificates(certificate, 9)
    day = certificate.issued_on
    Certificate.objects.filter(pk__in=[row.pk for row in rows[6:]]).update(issued_on=day.replace(month=1, day=1))
    for _ in range(3):
        make_past_certificate(scheme=certificate.scheme, issued_on=day)
        make_past_certificate(scheme=certificate.scheme, issued_on=day.replace(month=1, day=1))
    with django_assert_num_queries(2):
        everything = certificates_of_year(certificate.scheme, day.year)
        labels = [(row.number, status_now(row).label) for row in everything]
    assert len(labels) == 16

    walked, behind = [], None
    while page := certificates_of_year(certificate.scheme, day.year, behind=behind, limit=3):
        walked += page
        behind = place_of(page[-1])
    assert [row.number for row in walked] == [number for number, _label in labels]
    assert certificates_of_year(certificate.scheme, day.year - 5) == []
