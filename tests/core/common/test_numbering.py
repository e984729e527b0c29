"""Numbers of papers: their pattern, the turn of the year, no gap and no double."""

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from core.common.models import NumberingCounter, NumberingRule
from core.common.numbering import format_number, next_number
from tests.core.helpers import at_once


def take_number(key: str = "application") -> str:
    with transaction.atomic():
        return next_number(key)


@pytest.mark.parametrize(
    ("pattern", "number"),
    [
        ("APL-{tahun}-{urut:06d}", "APL-2026-000042"),
        ("{urut}/LSP-BNPB/{bulan_romawi}/{tahun}", "42/LSP-BNPB/XI/2026"),
        ("{tahun}{bulan}{urut:04d}", "2026110042"),
    ],
)
def test_a_pattern_is_filled(pattern, number):
    assert format_number(pattern, serial=42, year=2026, month=11) == number


def test_months_are_counted_in_roman_figures():
    months = [format_number("{bulan_romawi}", serial=1, year=2026, month=month) for month in range(1, 13)]

    assert months == ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"]


@pytest.mark.parametrize(
    "pattern",
    [
        "APL-{tahun}",  # every number would be the same
        "APL-{urut:06d}",  # restarts yearly, and the year is not in it
        "APL-{tahun}-{nomor}",
        "APL-{tahun}-{urut:06x!}",
        "APL-{tahun}-{urut",
        "APL-{tahun}-{0}",
        "APL-{tahun}-{urut.tidak_ada}",
        "APL/{tahun}/{urut}",  # stands in the address of a page
    ],
)
@pytest.mark.django_db
def test_a_pattern_that_cannot_work_is_refused_beside_its_field(pattern):
    rule = NumberingRule.objects.get(key="application")
    rule.pattern = pattern

    with pytest.raises(ValidationError) as refusal:
        rule.clean()

    assert list(refusal.value.message_dict) == ["pattern"]


@pytest.mark.django_db
def test_numbers_run_and_start_again_with_the_year_of_jakarta(time_machine):
    time_machine.move_to("2026-12-31T16:59:00Z", tick=False)  # 23.59 in Jakarta
    last_of_the_year = [take_number(), take_number()]

    time_machine.move_to("2026-12-31T17:00:00Z", tick=False)  # midnight in Jakarta

    assert last_of_the_year == ["APL-2026-000001", "APL-2026-000002"]
    assert take_number() == "APL-2027-000001"


@pytest.mark.django_db
def test_a_rule_that_does_not_restart_runs_on(time_machine):
    NumberingRule.objects.create(key="surat", title="Surat", pattern="{urut:03d}/{tahun}", restarts_yearly=False)
    time_machine.move_to("2026-06-01", tick=False)
    first = take_number("surat")

    time_machine.move_to("2027-06-01", tick=False)

    assert (first, take_number("surat")) == ("001/2026", "002/2027")


@pytest.mark.django_db
def test_a_new_pattern_goes_on_counting(time_machine):
    time_machine.move_to("2026-06-01", tick=False)
    take_number()

    NumberingRule.objects.filter(key="application").update(pattern="P-{tahun}-{urut}")

    assert take_number() == "P-2026-2"


@pytest.mark.django_db
def test_no_number_comes_twice_when_the_restart_is_switched_off_and_on(time_machine):
    rule = NumberingRule.objects.filter(key="application")
    time_machine.move_to("2026-06-01", tick=False)
    given = [take_number()]

    for restarts in (False, True, True, False, True):
        rule.update(restarts_yearly=restarts)
        given.append(take_number())

    assert [int(number[-6:]) for number in given] == [1, 2, 3, 4, 5, 6]
    time_machine.move_to("2027-06-01", tick=False)
    assert take_number() == "APL-2027-000001"


@pytest.mark.django_db
def test_a_number_whose_paper_was_not_written_is_given_again(time_machine):
    time_machine.move_to("2026-06-01", tick=False)
    take_number()

    with transaction.atomic():
        lost = next_number("application")
        transaction.set_rollback(True)

    assert lost == "APL-2026-000002"
    assert take_number() == "APL-2026-000002"


@pytest.mark.django_db(transaction=True)
def test_a_number_is_given_only_inside_the_transaction_of_its_paper():
    with pytest.raises(RuntimeError):
        next_number("application")

    assert not NumberingCounter.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_from_the_first_number_on_get_forty_numbers_without_gap_or_double():
    def five():
        return [take_number() for _time in range(5)]

    given = sum(at_once(*[five] * 8), [])

    assert sorted(int(number[-6:]) for number in given) == list(range(1, 41))
