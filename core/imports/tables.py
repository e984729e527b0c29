"""From a sheet to rows with named columns: which column is which, and what is missing."""

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter, range_boundaries

from core.imports.reading import MAX_ROWS, Book, Sheet
from core.imports.report import Fault
from core.imports.values import is_blank, plain

#: How far down the headings may stand: titles and logos come first in many offices.
HEADING_WITHIN = 10
#: The column of a file that is handed back with its faults.
FAULT_COLUMN = "Kesalahan"


@dataclass(frozen=True)
class ColumnSpec:
    """A column of a table, as the template explains it."""

    title: str
    is_required: bool = False
    help: str = ""
    example: str = ""
    choices: Callable[[], Sequence[str]] | None = None
    width: int = 22
    also: tuple[str, ...] = ()  # what other offices call it: proposed when a file's columns are matched


@dataclass
class TableRow:
    """One row with its place in the file; `values` holds only the columns that the file has."""

    number: int
    values: dict[str, Any]


@dataclass
class Table:
    sheet: str
    rows: list[TableRow] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    is_readable: bool = True  # false: a column that everything hangs on is missing
    is_sound: bool = True  # false: a fault of the layout, which cannot be left out with its row
    notices: list[str] = field(default_factory=list)


def heading_key(heading: Any) -> str:
    return " ".join(plain(heading).replace("*", " ").strip(" :").casefold().split())


def best_sheet(book: Book, columns: Sequence[ColumnSpec], name: str = "") -> Sheet:
    """The sheet with that name, else the one whose headings fit best."""
    for sheet in book.sheets:
        if name and sheet.name.strip().casefold() == name.casefold():
            return sheet
    return max(book.sheets, key=lambda sheet: _heading(sheet, columns)[1])


def _heading(sheet: Sheet, columns: Sequence[ColumnSpec]) -> tuple[int, int]:
    """Index of the row with the headings, and how many of our columns it names."""
    known = {heading_key(column.title) for column in columns}
    scores = [len(known & {heading_key(cell) for cell in row.cells}) for row in sheet.rows[:HEADING_WITHIN]]
    best = max(scores, default=0)
    return (scores.index(best), best) if best else (0, 0)


@dataclass(frozen=True)
class Matching:
    """Which of a file's columns holds what: the number of the row with the headings, and {our title: place}."""

    row: int
    places: Mapping[str, int]


def _index_of(sheet: Sheet, number: int) -> int:
    return next((place for place, row in enumerate(sheet.rows[:HEADING_WITHIN]) if row.number == number), 0)


def read_table(book: Book, sheet: Sheet, columns: Sequence[ColumnSpec], matching: Matching | None = None) -> Table:
    """Rows by column title, and every fault of the layout at once; with `matching` whatever the headings say."""
    table = Table(sheet.name)
    if not sheet.rows:
        table.faults.append(Fault(sheet.name, 1, "", "", _("Lembar ini kosong. Isi mulai dari baris kedua templat.")))
        return table
    start = _heading(sheet, columns)[0] if matching is None else _index_of(sheet, matching.row)
    heading = sheet.rows[start]
    if matching is None:
        places = _places(table, heading.cells, heading.number, columns)
    else:
        places = {place: title for title, place in matching.places.items()}
        table.columns = [column.title for column in columns if column.title in matching.places]
        table.is_readable = all(column.title in matching.places for column in columns if column.is_required)
    body = sheet.rows[start + 1 :]
    if len(body) > MAX_ROWS:
        table.faults.append(
            Fault(
                sheet.name,
                body[MAX_ROWS].number,
                "",
                "",
                _("Paling banyak 10.000 baris. Pecah menjadi beberapa berkas."),
            )
        )
        body = body[:MAX_ROWS]
    _note_unheaded(table, heading.cells, body)
    _note_merged(table, sheet, heading.number)
    table.is_sound = not table.faults
    _note_formulas(table, book, sheet, places, heading.number, body)
    for row in body:
        values = {title: row.cells[place] if place < len(row.cells) else None for place, title in places.items()}
        if not all(is_blank(value) for value in values.values()):
            table.rows.append(TableRow(row.number, values))
    if not table.rows and not table.faults:
        table.faults.append(
            Fault(sheet.name, heading.number + 1, "", "", _("Tidak ada baris data di bawah judul kolom."))
        )
    return table


def _places(table: Table, cells: list[Any], number: int, columns: Sequence[ColumnSpec]) -> dict[int, str]:
    """{place: column title}; tells of columns that are missing, double or unknown."""
    titles = {heading_key(column.title): column.title for column in columns}
    found: dict[int, str] = {}
    unknown: list[str] = []
    for place, cell in enumerate(cells):
        if is_blank(cell):
            continue
        title = titles.get(heading_key(cell))
        if title is None and heading_key(cell) == heading_key(FAULT_COLUMN):
            continue  # a file that we handed back with its faults
        if title is None:
            unknown.append(plain(cell).strip())
        elif title in found.values():
            table.faults.append(
                Fault(table.sheet, number, title, plain(cell), _("Kolom ini ada dua kali. Hapus salah satunya."))
            )
        else:
            found[place] = title
    table.columns = [title for title in titles.values() if title in found.values()]
    missing = [column.title for column in columns if column.is_required and column.title not in found.values()]
    table.is_readable = not missing
    for title in missing:
        near = difflib.get_close_matches(title.casefold(), [name.casefold() for name in unknown], n=1, cutoff=0.6)
        near_name = next((name for name in unknown if near and name.casefold() == near[0]), "")
        hint = _(" Mungkin maksudnya “%(name)s”: ganti judul kolom itu.") % {"name": near_name} if near_name else ""
        seen = ", ".join([*found.values(), *unknown][:12]) or _("tidak ada")
        table.faults.append(
            Fault(
                table.sheet,
                number,
                title,
                "",
                _("Kolom wajib ini tidak ada. Judul yang ditemukan: %(seen)s.%(hint)s") % {"seen": seen, "hint": hint},
            )
        )
    if unknown:
        table.notices.append(_("Kolom tidak dikenal dan tidak dibaca: %(names)s.") % {"names": ", ".join(unknown[:12])})
    return found


def _note_unheaded(table: Table, heading: list[Any], body: list[Any]) -> None:
    """Data under no heading would be lost without a word."""
    seen: dict[int, int] = {}
    for row in body:
        for place, cell in enumerate(row.cells):
            if not is_blank(cell) and (place >= len(heading) or is_blank(heading[place])):
                seen.setdefault(place, row.number)
    if len(seen) > 0:
        names = ", ".join(get_column_letter(place + 1) for place in sorted(seen)[:12])
        table.notices.append(
            _("Kolom %(names)s berisi data tetapi tidak berjudul, sehingga tidak dibaca.") % {"names": names}
        )


def _note_merged(table: Table, sheet: Sheet, heading_number: int) -> None:
    for ref in sheet.merged:
        _left, _top, _right, bottom = range_boundaries(ref)
        if bottom >= heading_number:
            table.faults.append(
                Fault(
                    table.sheet,
                    _top,
                    get_column_letter(_left),
                    ref,
                    _("Sel digabung (%(ref)s). Pisahkan (Unmerge Cells) dan isi setiap sel.") % {"ref": ref},
                )
            )


def _note_formulas(
    table: Table, book: Book, sheet: Sheet, places: dict[int, str], heading_number: int, body: list[Any]
) -> None:
    """Excel keeps what a formula came to; where it does not (and in a CSV) there is nothing to read."""
    letters = {get_column_letter(place + 1): (place, title) for place, title in places.items()}
    rows = {row.number: row for row in body}
    computed = []
    for cell in sheet.formulas:
        letter = cell.rstrip("0123456789")
        number = int(cell[len(letter) :])
        if number <= heading_number or letter not in letters:
            continue
        place, title = letters[letter]
        row = rows.get(number)
        value = row.cells[place] if row is not None and place < len(row.cells) else None
        if book.format == "csv" or is_blank(value):
            table.faults.append(
                Fault(
                    table.sheet,
                    number,
                    title,
                    plain(value),
                    _("Sel berisi rumus. Salin, lalu tempel sebagai nilai (Paste Values)."),
                )
            )
        else:
            computed.append(cell)
    if computed:
        more = _(" dan %(count)d lainnya") % {"count": len(computed) - 8} if len(computed) > 8 else ""
        table.notices.append(
            _("Sel berisi rumus dibaca menurut hasil terakhirnya: %(cells)s%(more)s.")
            % {"cells": ", ".join(computed[:8]), "more": more}
        )
