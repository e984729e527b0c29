"""Workbooks row by row: read back by somebody else's reader, cell by cell."""

import io
import zipfile
from datetime import UTC, date, datetime

import openpyxl
import pytest

from core.imports import workbooks
from core.imports.tables import ColumnSpec
from core.imports.workbooks import BookWriter

HEAD = [ColumnSpec("Nama", width=30), ColumnSpec("Isi", width=12)]


def written(*rows, name="Data"):
    file = io.BytesIO()
    with BookWriter(file) as book:
        book.add_sheet(name, HEAD, rows)
    return openpyxl.load_workbook(file)


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("3171234567890001", "3171234567890001"),
        ("=1+1", "'=1+1"),
        (" <b>&amp;\u0007 é 🚑 ", " <b>&amp; é 🚑 "),
        ("dua\r\nbaris", "dua\nbaris"),
        (17, 17),
        (12.5, 12.5),
        (True, "ya"),
        (date(1990, 5, 12), datetime(1990, 5, 12)),
        (datetime(2026, 11, 26, 1, 30, tzinfo=UTC), datetime(2026, 11, 26, 8, 30)),
        (None, None),
        ("", None),
        ("x" * 40_000, "x" * 32_766 + "…"),
    ],
)
def test_every_kind_of_cell_comes_back(value, read):
    cell = written(["Baris", value])["Data"]["B2"]
    assert cell.value == read
    if isinstance(value, str) and value:
        assert (cell.data_type, cell.number_format) == ("s" if cell.data_type == "s" else "inlineStr", "@")


def test_the_heading_stays_in_sight_and_filters():
    sheet = written(["a", 1], ["b", 2])["Data"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet["A1"].font.b) == ("A2", "A1:B3", True)
    assert round(sheet.column_dimensions["A"].width) in (30, 31)
    assert [cell.number_format for cell in written([date(2026, 1, 2), datetime(2026, 1, 2, 3, 4)])["Data"][2]] == [
        r"dd\-mm\-yyyy", r"dd\-mm\-yyyy\ hh:mm",
    ]  # fmt: skip


@pytest.mark.parametrize(("count", "sizes"), [(3, [3]), (4, [3, 1]), (7, [3, 3, 1]), (0, [0])])
def test_what_one_sheet_cannot_hold_goes_on_in_a_further_one(count, sizes, monkeypatch):
    monkeypatch.setattr(workbooks, "MAX_ROWS", 3)
    book = written(*[[str(number), number] for number in range(count)])
    assert book.sheetnames == ["Data", "Data (2)", "Data (3)"][: len(sizes)]
    assert [sheet.max_row - 1 for sheet in book] == sizes
    assert [row[1].value for sheet in book for row in sheet.iter_rows(min_row=2)] == list(range(count))


def test_a_text_that_looks_like_an_escape_is_escaped():
    file = io.BytesIO()
    with BookWriter(file) as book:
        book.add_sheet("Data", HEAD, [["_x0041_", 1]])
    assert "_x005F_x0041_" in zipfile.ZipFile(file).read("xl/worksheets/sheet1.xml").decode()
