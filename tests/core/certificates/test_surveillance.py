"""What is planned when a certificate is issued, and what is written down when it was done."""

from datetime import date

import pytest
from django.utils import timezone

from core.activity.models import ActivityEntry
from core.certificates.aftercare_queries import due_surveillances, overdue_surveillances
from core.certificates.services import plan_surveillance, record_surveillance
from core.common.dates import add_months
from core.policy.models import SystemPolicy
from tests.core.certificates.helpers import refused
from tests.factories.accounts import make_user
from tests.factories.certificates import lay_certificate, make_surveillance

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    return make_user(role="sekretariat")


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 11, 26), 36, date(2029, 11, 26)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
    ],
)
def test_months_are_counted_on_the_calendar(day, months, later):
    assert add_months(day, months) == later


def test_a_certificate_of_three_years_is_looked_at_every_year_while_it_holds(time_machine):
    time_machine.move_to("2026-11-26T03:00:00Z", tick=False)
    certificate = lay_certificate(issued_on=date(2026, 11, 26), valid_until=date(2029, 11, 26))

    plan_surveillance(certificate)
    plan_surveillance(certificate)  # twice adds nothing

    days = [row.due_on for row in certificate.surveillances.all()]
    assert days == [date(2027, 11, 26), date(2028, 11, 26)]  # none on the day it ends


def test_the_interval_is_the_policys_and_none_means_none(time_machine):
    time_machine.move_to("2026-11-26T03:00:00Z", tick=False)
    certificate = lay_certificate(issued_on=date(2026, 11, 26), valid_until=date(2029, 11, 26))
    SystemPolicy.objects.update(surveillance_months=0)
    assert plan_surveillance(certificate) == []
    SystemPolicy.objects.update(surveillance_months=18)
    assert [row.due_on for row in plan_surveillance(certificate)] == [date(2028, 5, 26)]


def test_days_that_have_passed_are_not_planned(time_machine):
    time_machine.move_to("2028-01-15T03:00:00Z", tick=False)
    replacement = lay_certificate(issued_on=date(2026, 11, 26), valid_until=date(2029, 11, 26))
    assert [row.due_on for row in plan_surveillance(replacement)] == [date(2028, 11, 26)]


def test_what_was_found_is_written_down_once(clerk):
    row, today = make_surveillance(), timezone.localdate()

    row = record_surveillance(surveillance=row, outcome="terpelihara", done_on=today, by=clerk)

    assert (row.outcome, row.done_on, row.recorded_by) == ("terpelihara", today, clerk)
    entry = ActivityEntry.objects.get(code="surveillance.record")
    assert (entry.subject_label, entry.data) == (row.certificate.number, {"outcome": "kompetensi terpelihara"})
    assert refused(record_surveillance, surveillance=row, outcome="tindakan", note="x", done_on=today, by=clerk)


def test_whoever_did_not_answer_may_still_do_so(clerk):
    row, today = make_surveillance(), timezone.localdate()
    record_surveillance(surveillance=row, outcome="tidak-menjawab", note="Dua surat.", done_on=today, by=clerk)
    row = record_surveillance(surveillance=row, outcome="terpelihara", done_on=today, by=clerk)
    assert row.outcome == "terpelihara"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"outcome": ""}, "outcome"),
        ({"outcome": "terlewat"}, "outcome"),  # the system's own word
        ({"done_on": None}, "done_on"),
        ({"done_on": date.max}, "done_on"),
        ({"done_on": date(2000, 1, 1)}, "done_on"),
        ({"outcome": "tindakan", "note": "  "}, "note"),
        ({"note": "x" * 2001}, "note"),
    ],
)
def test_a_fault_is_told_beside_its_field(clerk, wrong, field):
    values = {"outcome": "terpelihara", "note": "", "done_on": timezone.localdate()} | wrong
    row = make_surveillance()
    assert refused(record_surveillance, surveillance=row, by=clerk, **values).field == field
    row.refresh_from_db()
    assert row.outcome == ""


@pytest.mark.parametrize("role", ["administrator", "asesor", "bnsp", "asesi"])
def test_only_the_secretariat_writes_it_down(role):
    today = timezone.localdate()
    assert refused(
        record_surveillance,
        surveillance=make_surveillance(),
        outcome="terpelihara",
        done_on=today,
        by=make_user(role=role),
    )


@pytest.mark.parametrize("status", ["dicabut", "diganti"])
def test_nothing_is_written_down_for_what_is_over(clerk, status):
    row = make_surveillance(certificate=lay_certificate(status=status))
    assert refused(record_surveillance, surveillance=row, outcome="terpelihara", done_on=timezone.localdate(), by=clerk)


def test_due_and_overdue_by_the_offices_day():
    late, soon, far = make_surveillance(due_in=-1), make_surveillance(due_in=30), make_surveillance(due_in=31)
    today_row = make_surveillance(due_in=0)
    assert set(overdue_surveillances()) == {late}
    assert set(due_surveillances()) == {late, soon, today_row}
    assert far not in due_surveillances()
