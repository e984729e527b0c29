"""The officer's file: every fault at once by row and column, and what is never taken in."""

import io

import openpyxl
import pytest

from core.common.exceptions import DomainError
from core.imports.models import ImportRun
from core.imports.reading import read_book
from core.imports.report import Report
from core.imports.writing import csv_bytes, marked
from core.institutions.people_file import MAX_PEOPLE, check_file, open_schemes, read_people, template
from core.institutions.services import check_upload
from core.schemes.models import SchemeVersion
from tests.core.helpers import refusal_code
from tests.factories.accounts import make_user
from tests.factories.institutions import HEAD, OPEN_SCHEME, make_batch, make_officer, people_csv, person_row

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(db):
    return make_officer()


@pytest.fixture
def check(officer):
    def checked(*rows: list[str]) -> Report:
        return check_file(people_csv(*rows), institution=officer.officer.institution)

    return checked


def faults(report: Report) -> list[tuple[int, str, str]]:
    return [(fault.row, fault.column, fault.message) for fault in report.faults]


def test_a_good_file_names_whom_it_would_invite(check):
    report = check(person_row("Budi Santoso", "BUDI@Contoh.id"), person_row(scheme="distribusi-bantuan"))

    assert (report.faults, report.counts["baru"]) == ([], 2)
    assert report.differences[0].label == "Budi Santoso"
    assert ["E-mail", "", "budi@contoh.id"] in report.differences[0].changes


def test_every_fault_is_told_at_once_by_row_and_column(check):
    report = check(
        ["", "kosong@contoh.id", "", OPEN_SCHEME],
        ["Budi", "budi@", "", OPEN_SCHEME],
        ["Citra", "", "", "Skema Yang Tidak Ada"],
        ["Dian", "dian@contoh.id", "x" * 101, "Distribusi Bantua"],
        ["Eko", "eko@contoh.id", "", OPEN_SCHEME],
        ["Eko", "eko@contoh.id", "", OPEN_SCHEME],
        ["Fajar", "eko@contoh.id", "", ""],
        ["gita@contoh.id", "gita@contoh.id", "", OPEN_SCHEME],
    )

    assert [(row, column) for row, column, _message in faults(report)] == [
        (2, "Nama lengkap"),
        (3, "E-mail"),
        (4, "E-mail"),
        (4, "Skema"),
        (5, "Jabatan"),
        (5, "Skema"),
        (7, "E-mail"),
        (8, "E-mail"),
        (8, "Skema"),
        (9, "Nama lengkap"),
    ]
    told = {(row, column): message for row, column, message in faults(report)}
    assert told[5, "Skema"].endswith("Mungkin maksudnya “Distribusi Bantuan”.")
    assert told[7, "E-mail"] == "Orang dan skema ini sama dengan baris 6. Hapus salah satunya."
    assert "orang lain pada baris 6" in told[8, "E-mail"]
    assert [difference.row for difference in report.differences] == [6]  # the good row stands beside the faults


def test_a_scheme_that_takes_nobody_now_is_said_to_be_closed(check):
    SchemeVersion.objects.filter(scheme__code="distribusi-bantuan").update(status="ditutup")

    assert faults(check(person_row()))[0][2].startswith("Pendaftaran skema ini sedang ditutup.")


def test_whether_a_stranger_has_an_account_is_not_told(check):
    make_user(role="asesi", email="ada@contoh.id")
    make_user(role="sekretariat", email="staf@contoh.id")
    known = check(person_row("Ada", "ada@contoh.id"), person_row("Staf", "staf@contoh.id"))
    unknown = check(person_row("Ada", "tiada@contoh.id"), person_row("Staf", "tiada2@contoh.id"))

    assert known.counts == unknown.counts
    assert [one.notices for one in known.differences] == [one.notices for one in unknown.differences] == [[], []]


def test_whom_this_institution_invited_is_left_out_and_whom_another_invited_is_not(officer, check):
    make_batch(person_row("Budi", "budi@contoh.id"), officer=officer)
    make_batch(person_row("Citra", "citra@contoh.id"))  # another office

    report = check(person_row("Budi", "budi@contoh.id"), person_row("Citra", "citra@contoh.id"))

    assert [one.kind for one in report.differences] == ["dilewati", "baru"]
    assert "tidak diundang dua kali" in report.differences[0].notices[0]


def test_a_slip_in_the_address_is_asked_about(check):
    assert check(person_row("Budi", "budi@gmial.com")).differences[0].notices == ["Mungkin maksudnya @gmail.com?"]


def test_too_many_rows_are_refused_whole(officer):
    report, people = read_people(
        people_csv(*(person_row() for _number in range(MAX_PEOPLE + 1))), institution=officer.officer.institution
    )

    assert faults(report) == [
        (MAX_PEOPLE + 2, "", "Lebih dari 1000 orang dalam satu berkas. Pecah menjadi beberapa berkas.")
    ]
    assert people == []


@pytest.mark.parametrize("heading", ["NIK", "No. KTP", "Tanggal lahir", "Alamat rumah *"])
def test_a_column_of_personal_data_is_turned_away_and_nothing_is_kept(officer, heading):
    content = csv_bytes([*HEAD, heading], [[*person_row(), "3508010101900001"]])

    code = refusal_code(
        check_upload, institution=officer.officer.institution, content=content, file_name="a.csv", by=officer
    )

    assert code == "people_file.personal_column"
    assert not ImportRun.objects.exists()


def test_a_nik_in_any_cell_is_turned_away_with_its_row(officer):
    content = people_csv(person_row(), person_row(position="NIK 3508 0101 0190 0001"))

    with pytest.raises(DomainError) as refusal:
        check_upload(institution=officer.officer.institution, content=content, file_name="a.csv", by=officer)

    assert refusal.value.code == "people_file.identity_number"
    assert "baris 3" in refusal.value.message
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7 x", b"PK\x03\x04 not a zip", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x00\x01\x02" * 50]
)
def test_a_hostile_or_wrong_file_ends_in_a_sentence(officer, content):
    assert refusal_code(
        check_upload, institution=officer.officer.institution, content=content, file_name="a.xlsx", by=officer
    ).startswith("spreadsheet.")


def test_the_template_has_instructions_choices_and_the_list_of_schemes_and_fits_its_own_check(officer):
    book = openpyxl.load_workbook(io.BytesIO(template("xlsx")))
    assert book.sheetnames == ["Orang", "Daftar skema", "Pilihan", "Petunjuk"]
    assert [cell.value for cell in book["Orang"][1]] == ["Nama lengkap *", "E-mail *", "Jabatan", "Skema *"]
    assert len(book["Orang"].data_validations.dataValidation) == 1
    assert book["Daftar skema"].max_row == len(open_schemes()) + 1
    book["Orang"].append(person_row())
    out = io.BytesIO()
    book.save(out)

    report = check_file(out.getvalue(), institution=officer.officer.institution)

    assert (report.faults, report.notices, report.counts["baru"]) == ([], [], 1)


def test_the_marked_file_shows_where_and_why(officer):
    book = openpyxl.load_workbook(io.BytesIO(template("xlsx")))
    book["Orang"].append(["Budi", "budi@", "", OPEN_SCHEME])
    out = io.BytesIO()
    book.save(out)
    report = check_file(out.getvalue(), institution=officer.officer.institution)

    back = openpyxl.load_workbook(io.BytesIO(marked(read_book(out.getvalue()), report.faults)))["Orang"]

    assert back["B2"].fill.fgColor.rgb == "00FFD9D6"
    assert back["E2"].value.startswith("E-mail: Alamat e-mail tidak lengkap")
    assert back["A2"].fill.fgColor.rgb != "00FFD9D6"
