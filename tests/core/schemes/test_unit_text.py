"""Elements and criteria written or pasted as text."""

import pytest

from core.activity.models import ActivityEntry
from core.common.exceptions import StaleVersion
from core.schemes.models import CompetencyUnit
from core.schemes.services import delete_unit, save_unit_text
from core.schemes.services.units import unit_state
from core.schemes.unit_text import changed_lines, parse_unit_text, text_of
from tests.core.helpers import refused
from tests.factories.accounts import make_user
from tests.factories.applications import make_application
from tests.factories.schemes import make_scheme, make_unit


def read(text: str) -> list[tuple]:
    """What the parser understood, and that it found no fault."""
    elements, faults = parse_unit_text(text)
    assert faults == []
    return [(element.number, element.title, element.criteria) for element in elements]


def faults_of(text: str) -> list[tuple[int, str]]:
    return [(fault.line, fault.sentence) for fault in parse_unit_text(text)[1]]


# --- reading ------------------------------------------------------------------------------------------------


def test_one_line_per_element_and_criterion():
    assert read("1. Menilai situasi\n1.1 Lokasi dikenali.\n1.2 Bahaya dicatat.\n2. Melapor\n2.1 Laporan dikirim.") == [
        (1, "Menilai situasi", [("1.1", "Lokasi dikenali."), ("1.2", "Bahaya dicatat.")]),
        (2, "Melapor", [("2.1", "Laporan dikirim.")]),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "1. Menilai\n1.1 Lokasi dikenali.",
        "1) Menilai\n1.1) Lokasi dikenali.",
        "1 Menilai\n1.1. Lokasi dikenali.",
        "Elemen 1: Menilai\nKUK 1.1: Lokasi dikenali.",
        "1.\tMenilai\t1.1\tLokasi dikenali.",
        "ELEMEN KOMPETENSI\tKRITERIA UNJUK KERJA\n1. Menilai 1.1 Lokasi dikenali.",
        "\r\n  1. Menilai \r\n\r\n 1 . 1  Lokasi\u200b dikenali.\r\n",
        "1.\nMenilai\n1.1\nLokasi dikenali.",
        "1. Menilai\n1.1 Lokasi\ndikenali.",
    ],
    ids=["plain", "brackets", "bare", "words", "tabs", "table", "untidy", "numbers alone", "wrapped"],
)
def test_copies_of_a_decree_are_understood_however_they_were_pasted(text):
    assert read(text) == [(1, "Menilai", [("1.1", "Lokasi dikenali.")])]


def test_a_wrapped_line_that_begins_with_a_number_begins_no_element():
    found = read("1. Menilai\n1.1 Regu terdiri atas sedikitnya\n3 orang relawan.")
    assert found == [(1, "Menilai", [("1.1", "Regu terdiri atas sedikitnya 3 orang relawan.")])]


def test_gaps_in_the_numbering_stay_as_the_decree_has_them():
    assert read("2. Melapor\n2.2 Laporan\n2.5 Arsip") == [(2, "Melapor", [("2.2", "Laporan"), ("2.5", "Arsip")])]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "Belum ada elemen"),
        ("Menilai situasi\n1.1 Lokasi", 1, "Baris pertama harus bernomor"),
        ("1. Menilai\n2.1 Lokasi", 2, "mendahului elemennya"),
        ("1. Menilai\n1.1 A\n1.1 B", 3, "1.1 sudah ada"),
        ("1. Menilai\n1.1 A\n1. Melapor", 3, "Elemen 1 sudah ada"),
        ("1. " + "a" * 301, 1, "paling banyak 300"),
        ("0. Menilai", 1, "dimulai dari 1"),
    ],
)
def test_faults_name_their_line(text, line, words):
    found = faults_of(text)
    assert found[0][0] == line
    assert words in found[0][1]


def test_every_fault_is_told_at_once():
    assert [line for line, _words in faults_of("1. A\n2.1 B\n1.1 C\n1.1 D\n1. E")] == [2, 4, 5]


# --- saving -------------------------------------------------------------------------------------------------


@pytest.fixture
def clerk(db):
    return make_user(role="sekretariat")


def save(unit, text, clerk, **more):
    unit = CompetencyUnit.objects.get(pk=unit.pk)
    return save_unit_text(unit=unit, text=text, by=clerk, **{"seen": unit_state(unit), **more})


def test_text_read_back_is_the_text_written(clerk):
    unit = make_unit(elements=3, criteria=4)
    elements, faults = parse_unit_text(text_of(unit))
    assert (faults, changed_lines(unit, elements)) == ([], [])
    save(unit, text_of(unit), clerk)
    assert not ActivityEntry.objects.filter(code="unit.save_text").exists()  # nothing changed, nothing told


def test_lines_that_stay_keep_their_rows_and_change_places(clerk):
    unit = make_unit(elements=2, criteria=3)
    kept = {c.number: c.pk for e in unit.elements.all() for c in e.criteria.all()}
    save(unit, "1. Elemen 1\n1.3 Kriteria 3\n1.1 Diubah\n1.4 Baru\n2. Elemen 2\n2.1 Kriteria 1", clerk)
    first, second = CompetencyUnit.objects.get(pk=unit.pk).elements.all()
    rows = list(first.criteria.values_list("position", "number", "text", "pk"))
    assert [row[:3] for row in rows] == [(1, "1.3", "Kriteria 3"), (2, "1.1", "Diubah"), (3, "1.4", "Baru")]
    assert [row[3] for row in rows[:2]] == [kept["1.3"], kept["1.1"]]
    assert second.criteria.count() == 1
    assert ActivityEntry.objects.filter(code="unit.save_text", actor=clerk).exists()


def test_faulty_text_saves_nothing(clerk):
    unit = make_unit()
    before = text_of(unit)
    with refused("save_unit_text.faults", field="text"):
        save(unit, "1. Baru\n3.1 Salah", clerk)
    assert text_of(CompetencyUnit.objects.get(pk=unit.pk)) == before


def test_the_second_of_two_writers_is_told(clerk):
    unit = make_unit(elements=1, criteria=1)
    seen = unit_state(unit)
    save(unit, "1. Elemen 1\n1.1 Dari Ratna", clerk)
    with pytest.raises(StaleVersion):
        save(unit, "1. Elemen 1\n1.1 Dari Dewi", clerk, seen=seen)
    assert "Dari Ratna" in text_of(CompetencyUnit.objects.get(pk=unit.pk))


def test_the_text_of_a_published_scheme_is_a_norm(clerk):
    unit = make_scheme().units.get()
    text = text_of(unit).replace("Kriteria 1", "Kriteria satu")
    with refused("save_unit_text.norm", field="is_compared"):
        save(unit, text, clerk)
    save(unit, text, clerk, is_compared=True)
    assert "Kriteria satu" in text_of(CompetencyUnit.objects.get(pk=unit.pk))


def test_an_element_that_was_answered_stays(clerk):
    case = make_application(status="submitted")
    unit = case.scheme_version.units.first()
    first = unit.elements.first()
    rest = text_of(unit).split(f"{first.number + 1}. ", 1)[1]
    with refused("save_unit_text.answered", field="text"):
        save(unit, f"{first.number + 1}. {rest}", clerk, is_compared=True)
    assert unit.elements.filter(pk=first.pk).exists()


# --- deleting -----------------------------------------------------------------------------------------------


def test_only_a_unit_that_nobody_uses_is_deleted(clerk):
    version, free = make_scheme(published=False), make_unit()
    with refused("delete_unit.used") as refusal:
        delete_unit(unit=version.units.get(), by=clerk)
    assert str(version) in refusal.value.message
    delete_unit(unit=free, by=clerk)
    assert not CompetencyUnit.objects.filter(pk=free.pk).exists()
