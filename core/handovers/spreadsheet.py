"""The list as BNSP's template wants it: one sheet, headings, a row for each case.

Every text is stored as a text (digits of a NIK stay digits, an address that begins with "=" is no formula, and
stays none when somebody clicks into the cell), every day as a day. Nothing is put in front of a value, as our own
exports do: BNSP's system reads the cells as they stand.
"""

import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from core.handovers.enums import DATES

SHEET_NAME = "Asesi"
DAY_FORMAT = "dd-mm-yyyy"
#: A cell that begins so would be a formula once it is typed again.
_FORMULA_STARTS = ("=", "+", "-", "@")
_HEAD = Font(bold=True)
_HEAD_FILL = PatternFill("solid", fgColor="DDE6F3")
_WRAP = Alignment(wrap_text=True, vertical="top")


def write_list(columns: Sequence[dict[str, Any]], rows: Iterable[Sequence[str]]) -> bytes:
    """`columns`: {heading, source} as they were frozen; `rows`: their cells as texts, days in ISO form."""
    book = Workbook()
    sheet = book.active
    sheet.title = SHEET_NAME
    sheet.freeze_panes = "A2"
    for place, column in enumerate(columns, start=1):
        cell = sheet.cell(1, place)
        _put_text(cell, column["heading"])
        cell.font, cell.fill, cell.alignment = _HEAD, _HEAD_FILL, _WRAP
        sheet.column_dimensions[get_column_letter(place)].width = max(12, min(34, len(column["heading"]) + 6))
    days = {place for place, column in enumerate(columns) if column["source"] in DATES}
    for number, row in enumerate(rows, start=2):
        for place, value in enumerate(row):
            if value == "":
                continue
            cell = sheet.cell(number, place + 1)
            if place in days:
                cell.value, cell.number_format = date.fromisoformat(value), DAY_FORMAT
            else:
                _put_text(cell, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _put_text(cell: Any, text: str) -> None:
    text = ILLEGAL_CHARACTERS_RE.sub("", text)
    cell.value, cell.data_type, cell.number_format = text, "s", "@"
    if text.startswith(_FORMULA_STARTS):
        cell.quotePrefix = True
