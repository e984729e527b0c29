"""Writing spreadsheets: templates with drop-downs, exports, and the file handed back with its faults marked."""

import csv
import io
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from tempfile import TemporaryFile
from typing import IO, Any

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from core.imports.reading import Book, Sheet
from core.imports.report import Fault
from core.imports.tables import FAULT_COLUMN, HEADING_WITHIN, ColumnSpec, heading_key
from core.imports.values import plain

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE = "text/csv; charset=utf-8"
#: A cell that begins with one of these is taken for a formula by some spreadsheet.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

_HEAD = Font(bold=True, color="FFFFFF")
_HEAD_FILL = PatternFill("solid", fgColor="1F4E9E")
_REQUIRED_FILL = PatternFill("solid", fgColor="173B78")
_FAULT_FILL = PatternFill("solid", fgColor="FFD9D6")
_WRAP = Alignment(wrap_text=True, vertical="top")
_LAST_ROW = 10_001


def neutral(value: Any) -> Any:
    """A text that a spreadsheet would run is shown instead: with an apostrophe in front. Our import takes it off."""
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("", value)
        # A text that begins with apostrophes of its own gets one more, so that taking one off gives it back.
        return f"'{value}" if value.lstrip("'").startswith(FORMULA_STARTS) else value
    return value


@dataclass
class SheetOut:
    """A sheet to write. `marks` are {(row index, column index): why}."""

    name: str
    columns: Sequence[ColumnSpec]
    rows: Iterable[Sequence[Any]] = ()
    marks: dict[tuple[int, int], str] = field(default_factory=dict)


def xlsx(sheets: Sequence[SheetOut], *, with_help: bool = False, intro: Sequence[str] = ()) -> bytes:
    """A workbook; with `with_help` also an explanation of every column and drop-downs where there are choices."""
    book = Workbook()
    book.remove(book.active)
    choices: dict[tuple[str, ...], str] = {}
    for sheet in sheets:
        _write_sheet(book.create_sheet(sheet.name), sheet, choices if with_help else None)
    if with_help:
        _write_choices(book, choices)
        _write_help(book, sheets, intro)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write_sheet(target: Any, sheet: SheetOut, choices: dict | None) -> None:
    for place, column in enumerate(sheet.columns, start=1):
        letter = get_column_letter(place)
        cell = target.cell(
            1, place, f"{column.title} *" if column.is_required and choices is not None else column.title
        )
        cell.font, cell.fill, cell.alignment = _HEAD, _REQUIRED_FILL if column.is_required else _HEAD_FILL, _WRAP
        target.column_dimensions[letter].width = column.width
        if choices is not None:
            target.column_dimensions[letter].number_format = "@"  # digits stay digits, also when typed later
            if column.choices and (labels := tuple(map(str, column.choices()))):
                where = choices.setdefault(labels, get_column_letter(len(choices) + 1))
                rule = DataValidation(
                    type="list",
                    formula1=f"=Pilihan!${where}$2:${where}${len(labels) + 1}",
                    allow_blank=True,
                    showErrorMessage=False,  # a list of several values is allowed where the column says so
                )
                target.add_data_validation(rule)
                rule.add(f"{letter}2:{letter}{_LAST_ROW}")
    target.freeze_panes = "A2"
    for number, row in enumerate(sheet.rows):
        for place, value in enumerate(row):
            if value in (None, "") and (number, place) not in sheet.marks:
                continue
            cell = target.cell(number + 2, place + 1, _cell_value(value))
            if isinstance(value, str):
                cell.number_format = "@"
                if len(value) > 40:
                    cell.alignment = _WRAP
            elif isinstance(value, (date, datetime)):
                cell.number_format = "dd-mm-yyyy"
            if why := sheet.marks.get((number, place)):
                cell.fill = _FAULT_FILL
                cell.comment = Comment(why[:500], "LSP")


def _cell_value(value: Any) -> Any:
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value).replace(tzinfo=None)
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    return neutral(value)


def _write_choices(book: Workbook, choices: dict[tuple[str, ...], str]) -> None:
    if not choices:
        return
    sheet = book.create_sheet("Pilihan")
    for labels, letter in choices.items():
        sheet[f"{letter}1"] = f"Daftar {letter}"
        sheet[f"{letter}1"].font = Font(bold=True)
        sheet.column_dimensions[letter].width = 36
        for number, label in enumerate(labels, start=2):
            sheet[f"{letter}{number}"] = neutral(label)


def _write_help(book: Workbook, sheets: Sequence[SheetOut], intro: Sequence[str]) -> None:
    target = book.create_sheet("Petunjuk")
    for line in intro:
        target.append([line])
    target.append([])
    target.append(["Lembar", "Kolom", "Wajib", "Isi", "Contoh"])
    for cell in target[target.max_row]:
        cell.font, cell.fill = _HEAD, _HEAD_FILL
    for sheet in sheets:
        for column in sheet.columns:
            target.append(
                [sheet.name, column.title, "ya" if column.is_required else "", column.help, neutral(column.example)]
            )
    for letter, width in zip("ABCDE", (18, 26, 8, 70, 36), strict=True):
        target.column_dimensions[letter].width = width
    for row in target.iter_rows(min_row=len(intro) + 2):
        for cell in row:
            cell.alignment = _WRAP


def xlsx_file(sheets: Iterable[SheetOut]) -> IO[bytes]:
    """A workbook for reading, row by row into a temporary file that is gone when it is closed."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        target = book.create_sheet(sheet.name)
        target.freeze_panes = "A2"
        for place, column in enumerate(sheet.columns, start=1):
            target.column_dimensions[get_column_letter(place)].width = column.width
        target.append([_head_cell(target, column.title) for column in sheet.columns])
        for row in sheet.rows:
            target.append([_cell_value(value) for value in row])
    file = TemporaryFile()  # noqa: SIM115 - closed with the answer that sends it
    book.save(file)
    file.seek(0)
    return file


def _head_cell(target: Any, title: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(target, neutral(title))
    cell.font, cell.fill, cell.alignment = _HEAD, _HEAD_FILL, _WRAP
    return cell


def csv_bytes(titles: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """The whole table at once."""
    return b"".join(csv_lines(titles, rows))


def csv_lines(titles: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Semicolons and a byte order mark: what Excel opens in columns where the comma is the decimal sign."""
    writer = csv.writer(_Line(), delimiter=";")
    yield b"\xef\xbb\xbf"
    for row in itertools.chain([titles], rows):  # titles too: of a file handed back they are anybody's words
        yield writer.writerow([_csv_value(value) for value in row]).encode()


class _Line:
    """What the csv module writes to: gives each line back."""

    def write(self, line: str) -> str:
        return line


def _csv_value(value: Any) -> Any:
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%d-%m-%Y %H:%M") if timezone.is_aware(value) else f"{value:%d-%m-%Y}"
    if isinstance(value, date):
        return f"{value:%d-%m-%Y}"
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    return "" if value is None else neutral(value)


def marked(book: Book, faults: Sequence[Fault]) -> bytes:
    """The file as it was handed in, every row where it stood, with a last column that says what is wrong."""
    if book.format == "csv":
        return _marked_csv(book.sheets[0], faults)
    out = Workbook()
    out.remove(out.active)
    for sheet in book.sheets:
        _mark_sheet(out.create_sheet(sheet.name), sheet, [fault for fault in faults if fault.sheet in ("", sheet.name)])
    target = io.BytesIO()
    out.save(target)
    return target.getvalue()


def _sentences(faults: Sequence[Fault]) -> dict[int, str]:
    found: dict[int, list[str]] = {}
    for fault in faults:
        found.setdefault(fault.row, []).append(f"{fault.column}: {fault.message}" if fault.column else fault.message)
    return {row: " | ".join(messages) for row, messages in found.items()}


def _width(sheet: Sheet) -> int:
    return max((len(row.cells) for row in sheet.rows), default=0)


def _mark_sheet(target: Any, sheet: Sheet, faults: Sequence[Fault]) -> None:
    last = _width(sheet) + 1
    places = {
        heading_key(cell): place for row in sheet.rows[:HEADING_WITHIN] for place, cell in enumerate(row.cells, start=1)
    }
    for row in sheet.rows:
        for place, value in enumerate(row.cells, start=1):
            if value is not None:
                cell = target.cell(row.number, place, _cell_value(value))
                if isinstance(value, str):
                    cell.number_format = "@"
    head = target.cell(sheet.rows[0].number if sheet.rows else 1, last, FAULT_COLUMN)
    head.font, head.fill = _HEAD, _HEAD_FILL
    for number, sentence in _sentences(faults).items():
        cell = target.cell(number, last, neutral(sentence))
        cell.alignment, cell.fill = _WRAP, _FAULT_FILL
    for fault in faults:
        if place := places.get(heading_key(fault.column)):
            target.cell(fault.row, place).fill = _FAULT_FILL
    target.column_dimensions[get_column_letter(last)].width = 70


def _marked_csv(sheet: Sheet, faults: Sequence[Fault]) -> bytes:
    last, sentences = _width(sheet), _sentences(faults)
    rows = {row.number: [plain(cell) for cell in row.cells] for row in sheet.rows}
    lines = []
    for number in range(1, max([*rows, *sentences], default=1) + 1):
        cells = rows.get(number, [])
        cells += [""] * (last - len(cells))
        lines.append([*cells, FAULT_COLUMN if number == min(rows, default=1) else sentences.get(number, "")])
    return csv_bytes(lines[0], lines[1:])
