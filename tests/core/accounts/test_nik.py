"""The NIK: what is refused, and what a good one tells."""

from datetime import date

import pytest

from core.accounts.nik import mask_nik, nik_hash, parse_nik
from core.accounts.queries import find_candidate_by_nik
from core.accounts.rules import can_see_nik
from core.accounts.services import save_profile
from core.codelists.models import Region
from tests.core.helpers import everything_in_the_database, refused
from tests.factories.accounts import make_candidate, make_user

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "nik.length"),
        ("817101120590000", "nik.length"),
        ("81710112059000011", "nik.length"),
        ("817101120590000O", "nik.not_digits"),  # the letter O
        ("٨١٧١٠١١٢٠٥٩٠٠٠٠١", "nik.not_digits"),  # digits of another script
        ("8171011205９00001", "nik.not_digits"),  # a full-width nine
        ("8171/01/120590/0001", "nik.not_digits"),
        ("0071011205900001", "nik.region"),
        ("9971011205900001", "nik.region"),
        ("8100011205900001", "nik.region"),  # regency 00
        ("8171001205900001", "nik.region"),  # district 00
        ("8171010005900001", "nik.date"),  # day 0
        ("8171013205900001", "nik.date"),
        ("8171014005900001", "nik.date"),  # day 40 is neither a man's nor a woman's
        ("8171017205900001", "nik.date"),  # a woman's day 32
        ("8171011200900001", "nik.date"),  # month 0
        ("8171011213900001", "nik.date"),
        ("8171013104900001", "nik.date"),  # 31 April
        ("8171012902910001", "nik.date"),  # 1991 was no leap year
        ("8171016902910001", "nik.date"),  # nor for women
        ("8171011205900000", "nik.serial"),
    ],
)
def test_what_cannot_be_a_nik_is_refused_beside_its_field(typed, code):
    with refused(code, field="nik"):
        parse_nik(typed, today=TODAY)


def test_the_refusal_of_a_wrong_length_says_how_many_were_typed():
    with refused("nik.length", field="nik") as refusal:
        parse_nik("8171 0112 0590 000", today=TODAY)

    assert refusal.value.message == "NIK harus 16 angka, yang diisi 15 angka. Periksa kembali KTP Anda."


@pytest.mark.parametrize(
    ("number", "birth_date", "sex"),
    [
        ("8171011205900001", date(1990, 5, 12), "L"),
        ("8171015205900001", date(1990, 5, 12), "P"),  # women: day + 40
        ("8171013101850001", date(1985, 1, 31), "L"),
        ("8171017101850001", date(1985, 1, 31), "P"),
        ("8171014101850001", date(1985, 1, 1), "P"),
        ("8171012902920001", date(1992, 2, 29), "L"),
        ("8171016902000001", date(2000, 2, 29), "P"),
        ("8171012411260001", date(2026, 11, 24), "L"),  # born today
        ("8171012511260001", date(1926, 11, 25), "L"),  # tomorrow would be the future: a hundred years ago
        ("8171010101270001", date(1927, 1, 1), "L"),
        ("8171013112990001", date(1999, 12, 31), "L"),
    ],
)
def test_birth_date_and_sex_are_read_from_the_digits(number, birth_date, sex):
    nik = parse_nik(number, today=TODAY)

    assert (nik.birth_date, nik.sex) == (birth_date, sex)


@pytest.mark.parametrize(
    "typed", ["8171 0112 0590 0001", "8171.0112.0590.0001", "81-71-01-120590-0001", "8171\u00a001120590\t0001"]
)
def test_separators_are_ignored(typed):
    assert parse_nik(typed, today=TODAY).number == "8171011205900001"


@pytest.mark.parametrize("regency", ["6404", "8199"])
def test_a_retired_or_unknown_regency_is_accepted(regency):
    known = Region.objects.filter(code=regency, is_current=True)

    nik = parse_nik(f"{regency}011205900001", today=TODAY)

    assert not known.exists()
    assert (nik.province_code, nik.regency_code) == (regency[:2], regency)


@pytest.mark.parametrize("province", ["91", "94", "96"])
def test_the_provinces_of_papua_old_and_new_are_known(province):
    assert parse_nik(f"{province}01011205900001", today=TODAY).province_code == province


def test_the_masked_form_shows_province_and_last_two_digits():
    assert mask_nik("8171011205900042") == "81••••••••••••42"
    assert mask_nik("") == ""


def test_nik_is_readable_nowhere_in_the_database():
    make_candidate(nik="8171011205900777")

    stolen = everything_in_the_database()

    assert "Jalan Pattimura 5" in stolen  # the search does look at the profile
    assert "8171011205900777" not in stolen


def test_a_candidate_is_found_by_the_whole_number_and_by_nothing_else():
    profile = make_candidate(nik="8171011205900777")

    assert find_candidate_by_nik("8171011205900777") == profile
    assert find_candidate_by_nik("8171011205900778") is None
    assert find_candidate_by_nik("") is None
    assert profile.nik_hash == nik_hash("8171011205900777")


def test_a_nik_belongs_to_one_account():
    make_candidate(nik="8171011205900777")
    other = make_user(role="asesi").candidate

    with refused("nik.taken", field="nik") as refusal:
        save_profile(profile=other, values={"nik": "8171-0112-0590-0777"}, version=None, by=other.user)

    other.refresh_from_db()
    assert (other.nik, other.nik_hash) == ("", None)
    assert "sudah dipakai" not in refusal.value.message  # nobody learns who is registered


def test_a_nik_that_was_taken_out_is_free_again():
    profile = make_candidate(nik="8171011205900777")

    save_profile(profile=profile, values={"nik": ""}, version=None, by=profile.user)

    assert find_candidate_by_nik("8171011205900777") is None
    assert make_candidate(nik="8171011205900777").nik == "8171011205900777"


def test_the_nik_is_shown_to_its_owner_and_to_the_secretariat_only():
    profile = make_candidate()
    people = {role: make_user(role=role) for role in ("administrator", "sekretariat", "asesor", "bnsp", "asesi")}

    seen_by = {role for role, person in people.items() if can_see_nik(person, profile)}

    assert seen_by == {"sekretariat"}
    assert can_see_nik(profile.user, profile)
