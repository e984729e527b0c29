"""What a list of people must not bring along: data that its owner tells themselves, after they agreed (UU PDP)."""

import re
from collections.abc import Iterator

from core.imports.reading import Book, Sheet
from core.imports.tables import HEADING_WITHIN, heading_key
from core.imports.values import plain

#: Headings of such columns, as `tables.heading_key` folds them.
PERSONAL_COLUMNS = frozenset(
    {
        "nik", "no. ktp", "no ktp", "nomor ktp", "tanggal lahir", "tgl lahir", "tempat lahir", "nomor hp", "no hp",
        "no. hp", "telepon", "alamat", "alamat rumah",
    }
)  # fmt: skip
_LONG_NUMBER = re.compile(r"(?<!\d)\d(?:[ .-]?\d){15}(?!\d)")


def personal_headings(sheet: Sheet) -> list[str]:
    """The headings of a sheet that name such a column."""
    cells = (cell for row in sheet.rows[:HEADING_WITHIN] for cell in row.cells)
    return [plain(cell).strip() for cell in cells if heading_key(cell) in PERSONAL_COLUMNS]


def identity_numbers(book: Book) -> Iterator[tuple[str, int]]:
    """(sheet, row) of cells that hold sixteen digits in a row, as a NIK has."""
    for sheet in book.sheets:
        for row in sheet.rows:
            if any(_LONG_NUMBER.search(plain(cell)) for cell in row.cells if cell is not None):
                yield sheet.name, row.number
