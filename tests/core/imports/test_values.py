"""What a cell says, and how a refusal tells what to write instead."""

from datetime import date, datetime

import pytest

from core.imports import values
from core.imports.values import BadValue


@pytest.mark.parametrize(
    "cell",
    [
        "2026-11-24",
        "24-11-2026",
        "24/11/2026",
        "24.11.2026",
        " 24-11-2026 ",
        date(2026, 11, 24),
        datetime(2026, 11, 24),
        "24 Nov 2026",
        "24 November 2026",
        "24-nop-2026",
        46350,  # an Excel date in a cell that shows numbers
    ],
)
def test_days_as_people_and_spreadsheets_write_them(cell):
    assert values.day(cell) == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("11/24/2026", "Tidak ada bulan 24"),
        ("24-11-26", "Tahun dua angka"),
        ("31-02-2026", "tidak ada di kalender"),
        ("kemarin", "tidak dapat dibaca"),
        (12, "tidak dapat dibaca"),
        ("24 Desa 2026 x", "tidak dapat dibaca"),
    ],
)
def test_days_that_cannot_be_read_say_why(cell, said):
    with pytest.raises(BadValue, match=said):
        values.day(cell)


def test_a_text_that_may_be_two_days_is_told():
    assert "dibaca 3 April 2027" in values.day_notice("03/04/2027")
    assert [values.day_notice(cell) for cell in ("24/11/2026", "04/04/2027", "2027-04-03", date(2027, 4, 3))] == [
        ""
    ] * 4


@pytest.mark.parametrize(
    ("cell", "text"), [("0812", "0812"), (7, "7"), (7.0, "7"), (1.5, "1.5"), (None, ""), (True, "ya")]
)
def test_text_keeps_its_digits(cell, text):
    assert values.text(cell) == text


@pytest.mark.parametrize("cell", [3201234567890123, 3.20123456789012e15, "3.2E+15", "3,20123E+15"])
def test_a_nik_that_excel_made_a_number_is_explained(cell):
    with pytest.raises(BadValue, match="format kolom menjadi Teks"):
        values.text(cell)


@pytest.mark.parametrize("cell", ["#N/A", "#REF!", datetime(2026, 1, 2)])
def test_errors_and_dates_are_no_text(cell):
    with pytest.raises(BadValue):
        values.text(cell)


def test_the_apostrophe_of_our_own_files_is_taken_off():
    assert values.text("'+62812") == "+62812"
    assert values.text("'=1+1") == "=1+1"
    assert values.text("''=x") == "'=x"
    assert values.text("'tulisan") == "'tulisan"


@pytest.mark.parametrize(("cell", "answer"), [("Ya", True), ("TIDAK", False), (True, True), (0, False), ("", None)])
def test_yes_and_no(cell, answer):
    assert values.yes_no(cell) is answer


def test_a_choice_lists_what_may_stand_there():
    assert values.choice(" kkni ", {"KKNI": "kkni"}) == "kkni"
    with pytest.raises(BadValue, match="KKNI, Klaster"):
        values.choice("Diploma", {"KKNI": "kkni", "Klaster": "klaster"})


@pytest.mark.parametrize("cell", ["tiga", "1.5", -1, "36 bulan", 40000, "²"])
def test_whole_numbers_only(cell):
    with pytest.raises(BadValue, match="bilangan bulat"):
        values.whole_number(cell)
