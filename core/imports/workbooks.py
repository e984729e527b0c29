"""Workbooks of any length, row by row: written by XlsxWriter in its mode of constant memory.

`writing.xlsx` makes the small ones that come back to us, with choices in cells and marked faults; these only go out.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from typing import IO, Any

from django.utils import timezone
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from core.imports.tables import ColumnSpec
from core.imports.writing import neutral

#: Rows of a sheet below its heading; Excel knows no more, the rest goes on in a further sheet.
MAX_ROWS = 1_048_575
#: Cells of a sheet: what is packed stays well below 4 GB, from which on Excel distrusts the archive.
MAX_CELLS = 20_000_000
#: Characters of one cell; Excel refuses the file for a longer one.
MAX_TEXT = 32_767
#: What Excel knows no sheet by.
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")


class BookWriter:
    """Writes a workbook into a file that can be sought. Used with `with`; the book is whole when that ends well."""

    def __init__(self, file: IO[bytes]):
        self._book = Workbook(file, {"constant_memory": True})
        self._head = self._book.add_format(
            {"bold": True, "font_color": "#FFFFFF", "bg_color": "#1F4E9E", "valign": "top", "text_wrap": True}
        )
        self._text, self._day, self._moment = (
            self._book.add_format({"num_format": form}) for form in ("@", r"dd\-mm\-yyyy", r"dd\-mm\-yyyy\ hh:mm")
        )
        self._zone = timezone.get_current_timezone()

    def __enter__(self) -> "BookWriter":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        if kind is None:
            self._book.close()

    def add_sheet(self, name: str, columns: Sequence[ColumnSpec], rows: Iterable[Sequence[Any]]) -> None:
        """A heading that stays in sight and filters; goes on as “name (2)” where one sheet cannot hold all rows."""
        rows, part, name = iter(rows), 1, _NOT_IN_NAMES.sub(" ", name)[:31]
        while (left := self._write_sheet(name if part == 1 else f"{name[:26]} ({part})", columns, rows)) is not None:
            rows, part = chain([left], rows), part + 1

    def _write_sheet(self, name: str, columns: Sequence[ColumnSpec], rows: Iterator[Sequence[Any]]) -> Any:
        """As many rows as fit; the first that does not, if there is one."""
        sheet = self._book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
            sheet.write_string(0, place, column.title, self._head)
        number, most = 0, min(MAX_ROWS, MAX_CELLS // len(columns))
        while (row := next(rows, None)) is not None and number < most:
            number += 1
            for place, value in enumerate(row):
                self._write_cell(sheet, number, place, value)
        sheet.autofilter(0, 0, number, len(columns) - 1)
        return row

    def _write_cell(self, sheet: Worksheet, row: int, place: int, value: Any) -> None:
        if value is None or value == "":
            return
        if isinstance(value, bool):
            value = "ya" if value else "tidak"
        if isinstance(value, (int, float, Decimal)):
            sheet.write_number(row, place, value)
        elif isinstance(value, datetime):
            local = value.astimezone(self._zone).replace(tzinfo=None) if value.tzinfo else value
            sheet.write_datetime(row, place, local, self._moment)
        elif isinstance(value, date):
            sheet.write_datetime(row, place, value, self._day)
        else:
            sheet.write_string(row, place, _fitting(neutral(str(value))), self._text)


def _fitting(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if len(text) <= MAX_TEXT else f"{text[: MAX_TEXT - 1]}…"
