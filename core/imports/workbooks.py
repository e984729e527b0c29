"""Workbooks of any length, row by row, in the memory of one row.

The sheets are written as XML straight into the archive, with the texts where they stand. That is all an
export needs of the format, and many times quicker than a library that can do everything (figures:
decision 0034). What reads it back in the tests is somebody else's reader.
"""

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import chain
from typing import IO, Any
from xml.sax.saxutils import escape, quoteattr

from django.utils import timezone
from openpyxl.utils import get_column_letter

from core.imports.tables import ColumnSpec
from core.imports.writing import neutral

#: Rows of a sheet below its heading; Excel knows no more, the rest goes on in a further sheet.
MAX_ROWS = 1_048_575
#: Bytes of a sheet before it is packed: below the size from which archives are written in a way that Excel distrusts.
MAX_BYTES = 1_900_000_000
#: Characters of one cell; Excel refuses the file for a longer one.
MAX_TEXT = 32_767
#: Rows that are packed at a time.
BATCH = 500

_DAY_ZERO, _MOMENT_ZERO, _ONE_DAY = date(1899, 12, 30), datetime(1899, 12, 30), timedelta(days=1)
_HEAD, _TEXT, _DAY, _MOMENT = 1, 2, 3, 4  # places in cellXfs below
_SPECIAL = re.compile(r"[&<>\r]|_x[0-9A-Fa-f]{4}_")
_CODE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")

_HEADER = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_STYLES = (
    f'{_HEADER}<styleSheet xmlns="{_MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="dd\\-mm\\-yyyy"/>'
    '<numFmt numFmtId="165" formatCode="dd\\-mm\\-yyyy\\ hh:mm"/></numFmts><fonts count="2"><font><sz val="11"/>'
    '<name val="Calibri"/></font><font><b/><sz val="11"/><color rgb="FFFFFFFF"/><name val="Calibri"/></font></fonts>'
    '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FF1F4E9E"/><bgColor indexed="64"/></patternFill></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs '
    'count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="5"><xf numFmtId="0" '
    'fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="49" fontId="1" fillId="2" borderId="0" xfId="0" '
    'applyNumberFormat="1" applyFont="1" applyFill="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="164" '
    'fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="165" '
    'fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs><cellStyles count="1"><cellStyle '
    'name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


class BookWriter:
    """Writes a workbook into a file that can be sought. Used with `with`; the book is whole when that ends."""

    def __init__(self, file: IO[bytes]):
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
        self._sheets: list[tuple[str, str]] = []  # name, and the range that its filter covers
        self._zone = timezone.get_current_timezone()

    def __enter__(self) -> "BookWriter":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        if kind is None:
            self._finish()
        self._zip.close()

    def add_sheet(self, name: str, columns: Sequence[ColumnSpec], rows: Iterable[Sequence[Any]]) -> None:
        """A heading that stays in sight and filters; goes on as “name (2)” where one sheet cannot hold all rows."""
        rows, part = iter(rows), 1
        while (left := self._write_sheet(name if part == 1 else f"{name[:26]} ({part})", columns, rows)) is not None:
            rows, part = chain([left], rows), part + 1

    def _write_sheet(self, name: str, columns: Sequence[ColumnSpec], rows: Iterator[Sequence[Any]]) -> Any:
        """As many rows as fit; the first that does not, if there is one."""
        letters = [get_column_letter(place) for place in range(1, len(columns) + 1)]
        number, size = 1, 0
        with self._zip.open(f"xl/worksheets/sheet{len(self._sheets) + 1}.xml", "w") as out:
            out.write(_sheet_head(columns).encode())
            heads = "".join(
                f'<c r="{letter}1" s="{_HEAD}" t="inlineStr"><is>{_text(column.title)}</is></c>'
                for letter, column in zip(letters, columns, strict=True)
            )
            lines = [f'<row r="1">{heads}</row>']
            while (row := next(rows, None)) is not None and number <= MAX_ROWS and size < MAX_BYTES:
                number += 1
                lines.append(self._row(number, letters, row))
                if len(lines) == BATCH:
                    size += out.write("".join(lines).encode())
                    lines.clear()
            span = f"A1:{letters[-1]}{number}"
            lines.append(f'</sheetData><autoFilter ref="{span}"/></worksheet>')
            out.write("".join(lines).encode())
        self._sheets.append((name, f"$A$1:${letters[-1]}${number}"))
        return row

    def _row(self, number: int, letters: Sequence[str], row: Sequence[Any]) -> str:
        cells = []
        for letter, value in zip(letters, row, strict=True):
            if value is None or value == "":
                continue
            place = f"{letter}{number}"
            if isinstance(value, str):
                cells.append(f'<c r="{place}" s="{_TEXT}" t="inlineStr"><is>{_text(neutral(value))}</is></c>')
            elif isinstance(value, bool):
                cells.append(
                    f'<c r="{place}" s="{_TEXT}" t="inlineStr"><is>{_text("ya" if value else "tidak")}</is></c>'
                )
            elif isinstance(value, (int, float, Decimal)):
                cells.append(f'<c r="{place}"><v>{value}</v></c>')
            elif isinstance(value, datetime):
                if value.tzinfo is not None:
                    value = value.astimezone(self._zone).replace(tzinfo=None)
                cells.append(f'<c r="{place}" s="{_MOMENT}"><v>{(value - _MOMENT_ZERO) / _ONE_DAY:.10f}</v></c>')
            elif isinstance(value, date):
                cells.append(f'<c r="{place}" s="{_DAY}"><v>{(value - _DAY_ZERO).days}</v></c>')
            else:
                cells.append(f'<c r="{place}" s="{_TEXT}" t="inlineStr"><is>{_text(neutral(str(value)))}</is></c>')
        return f'<row r="{number}">{"".join(cells)}</row>'

    def _finish(self) -> None:
        """What holds the sheets together, last: only now it is known how many there are."""
        sheets, filters, parts, links = [], [], [], []
        for place, (name, span) in enumerate(self._sheets, start=1):
            quoted = "'" + name.replace("'", "''") + "'"
            sheets.append(f'<sheet name={quoteattr(name)} sheetId="{place}" r:id="rId{place}"/>')
            filters.append(
                f'<definedName name="_xlnm._FilterDatabase" localSheetId="{place - 1}" hidden="1">'
                f"{escape(quoted)}!{span}</definedName>"
            )
            parts.append(f'<Override PartName="/xl/worksheets/sheet{place}.xml" ContentType="{_KIND}.worksheet+xml"/>')
            links.append(_link(place, "worksheet", f"worksheets/sheet{place}.xml"))
        links.append(_link(len(self._sheets) + 1, "styles", "styles.xml"))
        self._zip.writestr("xl/styles.xml", _STYLES)
        self._zip.writestr(
            "xl/workbook.xml",
            f'{_HEADER}<workbook xmlns="{_MAIN}" xmlns:r="{_RELATED}"><sheets>{"".join(sheets)}</sheets>'
            f"<definedNames>{''.join(filters)}</definedNames></workbook>",
        )
        self._zip.writestr("xl/_rels/workbook.xml.rels", _links(links))
        self._zip.writestr("_rels/.rels", _links([_link(1, "officeDocument", "xl/workbook.xml")]))
        self._zip.writestr(
            "[Content_Types].xml",
            f'{_HEADER}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
            'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
            f'ContentType="{_KIND}.sheet.main+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/>{"".join(parts)}</Types>',
        )


def _sheet_head(columns: Sequence[ColumnSpec]) -> str:
    widths = "".join(
        f'<col min="{place}" max="{place}" width="{column.width}" customWidth="1"/>'
        for place, column in enumerate(columns, start=1)
    )
    return (
        f'{_HEADER}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" '
        'topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"<cols>{widths}</cols><sheetData>"
    )


def _text(value: str) -> str:
    if len(value) > MAX_TEXT:
        value = f"{value[: MAX_TEXT - 1]}…"
    space = ' xml:space="preserve"' if value[:1].isspace() or value[-1:].isspace() else ""
    if _SPECIAL.search(value):
        value = escape(_CODE.sub("_x005F_", value.replace("\r\n", "\n").replace("\r", "\n")))
    return f"<t{space}>{value}</t>"


def _link(number: int, kind: str, target: str) -> str:
    return f'<Relationship Id="rId{number}" Type="{_RELATED}/{kind}" Target="{target}"/>'


def _links(links: Sequence[str]) -> str:
    return f'{_HEADER}<Relationships xmlns="{_PACKAGE}/relationships">{"".join(links)}</Relationships>'
