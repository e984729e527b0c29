"""Files of any make: what can be read is read, all else is told in a sentence."""

import io
import zipfile

import openpyxl
import pytest

from core.imports.reading import read_book
from core.imports.tables import ColumnSpec, best_sheet, read_table
from core.imports.writing import SheetOut, csv_bytes, marked, xlsx
from tests.core.helpers import refused

COLUMNS = [ColumnSpec("Kode", True), ColumnSpec("Nama", True), ColumnSpec("Catatan")]


def table_of(content: bytes):
    book = read_book(content)
    return read_table(book, best_sheet(book, COLUMNS), COLUMNS)


def rows_of(content: bytes) -> list[dict]:
    table = table_of(content)
    assert table.faults == []
    return [row.values for row in table.rows]


def excel(*rows, change=None, name="Lembar1") -> bytes:
    book = openpyxl.Workbook()
    book.active.title = name
    for row in rows:
        book.active.append(row)
    if change:
        change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_columns_beyond_what_is_read_are_refused_not_left_out():
    with refused("spreadsheet.too_many_columns", field="file"):
        read_book(excel(["Kode", "Nama", *[None] * 58, "Catatan"]))


def test_a_separator_that_is_none_is_read_as_a_line_of_the_file():
    (sheet,) = read_book(b'sep="\nKode;Nama\n').sheets
    assert sheet.rows[0].cells[0].startswith("sep=")


# --- CSV ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_encodings_and_delimiters_are_found(encoding, delimiter):
    text = "Kode;Nama\r\na-1;René Wijaya\r\n".replace(";", delimiter)
    assert rows_of(text.encode(encoding)) == [{"Kode": "a-1", "Nama": "René Wijaya"}]


def test_a_guessed_encoding_is_told():
    assert "Windows-1252" in read_book("Kode;Nama\na;René\n".encode("cp1252")).notices[0]
    assert read_book("Kode;Nama\na;René\n".encode("utf-16")).notices == []


def test_excels_line_about_the_separator_is_no_heading():
    assert rows_of(b"sep=;\r\nKode;Nama\r\na;b,c\r\n") == [{"Kode": "a", "Nama": "b,c"}]


def test_quoted_line_ends_stay_in_their_cell_and_rows_keep_their_number():
    table = table_of(b'Kode;Nama\na;"satu\ndua"\n\nb;tiga\n')
    assert [(row.number, row.values["Nama"]) for row in table.rows] == [(2, "satu\ndua"), (4, "tiga")]


def test_a_formula_in_a_csv_is_a_fault():
    (fault,) = table_of(b"Kode;Nama\na;=HYPERLINK(1)\n").faults
    assert (fault.row, fault.column) == (2, "Nama")
    assert "rumus" in fault.message


# --- Excel --------------------------------------------------------------------------------------------


def test_titles_above_the_headings_and_stars_of_the_template_do_not_matter():
    content = excel(["Daftar unit 2026"], [], ["Kode *", " nama ", "Catatan"], ["a", "b", None])
    assert rows_of(content) == [{"Kode": "a", "Nama": "b", "Catatan": None}]


def test_the_template_itself_can_be_read():
    content = xlsx([SheetOut("Data", COLUMNS, [["a", "b", "c"]])], with_help=True, intro=["Petunjuk"])
    assert rows_of(content) == [{"Kode": "a", "Nama": "b", "Catatan": "c"}]


def test_the_sheet_that_fits_is_taken_and_hidden_ones_are_told():
    def change(book):
        other = book.create_sheet("Anggaran")
        other.append(["Pos", "Jumlah"])
        secret = book.create_sheet("Rahasia")
        secret.append(["Kode", "Nama"])
        secret.sheet_state = "hidden"
        book.move_sheet("Anggaran", -1)

    content = excel(["Kode", "Nama"], ["a", "b"], change=change)
    book = read_book(content)
    assert best_sheet(book, COLUMNS).name == "Lembar1"
    assert "Rahasia" in book.notices[0]


def test_formulas_are_read_by_their_last_result_or_refused():
    content = excel(["Kode", "Nama"], ["a", "=UPPER(A2)"])
    (fault,) = table_of(content).faults  # written by a program: no result is kept
    assert (fault.row, fault.column) == (2, "Nama")

    computed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(computed, "w") as new:
        for part in old.infolist():
            data = old.read(part)
            if part.filename.endswith("sheet1.xml"):
                data = (
                    data.replace(b"<v></v>", b"<v>A</v>")
                    .replace(b"<v />", b"<v>A</v>")
                    .replace(b'<c r="B2">', b'<c r="B2" t="str">')
                )
            new.writestr(part, data)
    table = table_of(computed.getvalue())
    assert table.rows[0].values["Nama"] == "A"
    assert "B2" in table.notices[0]


def test_merged_cells_among_the_data_are_a_fault_above_it_they_are_not():
    def below(book):
        book.active.merge_cells("A3:A4")

    def above(book):
        book.active.merge_cells("A1:C1")

    rows = (["Judul"], ["Kode", "Nama"], ["a", "b"], ["c", "d"])
    assert "A3:A4" in table_of(excel(*rows, change=below)).faults[0].message
    assert table_of(excel(*rows, change=above)).faults == []


def test_formatted_emptiness_is_no_data():
    def paint(book):
        for row in (2, 500):
            for column in range(1, 50):
                book.active.cell(row, column).number_format = "@"

    assert rows_of(excel(["Kode", "Nama"], ["a", "b"], change=paint)) == [{"Kode": "a", "Nama": "b"}]


# --- layout -------------------------------------------------------------------------------------------


def test_missing_columns_name_what_was_found_and_the_nearest():
    table = table_of(b"Kode;Nam\na;b\n")
    (fault,) = table.faults
    assert fault.column == "Nama"
    assert "Kode, Nam" in fault.message
    assert "Mungkin maksudnya “Nam”" in fault.message
    assert not table.is_readable


def test_unknown_unheaded_and_double_columns():
    table = table_of(b"Kode;Nama;Warna;;Kode\na;b;merah;lepas;z\n")
    assert "Warna" in table.notices[0]
    assert "Kolom D" in table.notices[1]
    assert table.faults[0].message == "Kolom ini ada dua kali. Hapus salah satunya."


def test_headings_without_rows():
    assert "Tidak ada baris data" in table_of(b"Kode;Nama\n").faults[0].message


# --- what is no spreadsheet -----------------------------------------------------------------------------


def archive(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b" \r\n ", "empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "old_excel"),
        (b"%PDF-1.7 ...", "pdf"),
        (archive(word__document_xml=b"<w/>"), "not_excel"),
        (archive(catatan=b"x"), "not_excel"),
        (b"PK\x03\x04 terpotong", "broken"),
        (archive(xl__workbook_xml=b"<rusak"), "broken"),
        (archive(xl__workbook_xml=b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'), "doctype"),
        (archive(xl__workbook_xml=b"<x/>", xl__bom_xml=b"0" * (61 * 1024 * 1024)), "unpacks_too_large"),
        (b"\x81\x8d\x8f;\x00\xff\xfe\x01", "undecodable"),
        (bytes(range(256)) * 8, "undecodable"),
        (b"a" * (5 * 1024 * 1024 + 1), "too_large"),
        (b"Kode;Nama\n" + b"a;b\n" * 10_020, "too_many_rows"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_all_else_is_refused_in_a_sentence(content, code):
    with refused(f"spreadsheet.{code}", field="file") as caught:
        read_book(content)
    assert caught.value.message.endswith(".") or caught.value.message.endswith("CSV.")


# --- writing ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_nothing_that_we_write_is_run_by_a_spreadsheet(start):
    evil = f"{start}cmd|' /C calc'!A0"
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx([SheetOut("Data", COLUMNS, [[evil]])])))["Data"]
    cell = sheet["A2"]
    assert cell.data_type == "s"
    assert cell.value.startswith("'")
    assert csv_bytes(["Kode"], [[evil]]).decode("utf-8-sig").splitlines()[1].strip('"').startswith("'")


def test_the_marked_file_has_every_row_in_its_place_and_a_column_of_faults():
    content = excel(["Kode", "Nama"], ["a", "b"], [], ["c", "=1+1"])
    table = table_of(content)
    sheet = openpyxl.load_workbook(io.BytesIO(marked(read_book(content), table.faults))).active
    assert (sheet["C1"].value, sheet["A4"].value) == ("Kesalahan", "c")
    assert "Nama: Sel berisi rumus" in sheet["C4"].value
    assert sheet["C2"].value is None

    again = marked(read_book(b"Kode;Nama\na;=1\n"), table_of(b"Kode;Nama\na;=1\n").faults)
    assert again.decode("utf-8-sig").splitlines()[0] == "Kode;Nama;Kesalahan"
    assert table_of(again).notices == []  # the column of faults may stay when the file comes back
