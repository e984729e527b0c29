"""Which column of a file holds what: proposed from its headings, as their makers call them, and remembered."""

import difflib
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from core.common.text import search_words
from core.imports.reading import Sheet
from core.imports.tables import FAULT_COLUMN, HEADING_WITHIN, ColumnSpec, Matching, heading_key
from core.imports.values import is_blank, plain

#: How alike two headings must be to be proposed as the same; below that nothing is proposed.
ALIKE = 0.72
#: What headings abbreviate.
_SHORT = {
    "no": "nomor",
    "nomer": "nomor",
    "num": "nomor",
    "tgl": "tanggal",
    "reg": "registrasi",
    "sert": "sertifikat",
    "email": "surel",
}


@dataclass(frozen=True)
class Headings:
    """The row of a sheet that holds its headings: its number, and the heading of each place ("" where none is)."""

    row: int
    titles: list[str]

    @property
    def digest(self) -> str:
        """The same for every file with these headings in this order."""
        return hashlib.sha256("\n".join(heading_key(title) for title in self.titles).encode()).hexdigest()


def likeness(heading: str, column: ColumnSpec) -> float:
    """1 for the very title (or what else it is called), less for what only looks like it."""
    return max(_alike(heading_key(heading), heading_key(name)) for name in (column.title, *column.also))


@lru_cache(maxsize=4096)
def _alike(one: str, other: str) -> float:
    if one == other:
        return 1.0
    first, second = (tuple(_SHORT.get(word, word) for word in search_words(text)) for text in (one, other))
    if not first or not second:
        return 0.0
    if set(first) == set(second):
        return 0.98
    return 0.97 * difflib.SequenceMatcher(None, " ".join(sorted(first)), " ".join(sorted(second))).ratio()


def find_headings(sheet: Sheet, columns: Sequence[ColumnSpec]) -> Headings:
    """The row whose cells look most like our columns; the first one when none does."""

    def score(cells: list) -> float:
        texts = [plain(cell) for cell in cells if not is_blank(cell)]
        return sum(
            best for column in columns if (best := max((likeness(t, column) for t in texts), default=0)) >= ALIKE
        )

    row = max(sheet.rows[:HEADING_WITHIN], key=lambda row: score(row.cells))  # the first of equals
    return Headings(row.number, [plain(cell).strip() for cell in row.cells])


def propose(headings: Headings, columns: Sequence[ColumnSpec]) -> Matching:
    """Each column with the heading that looks most like it, the surest pairs first, each heading once."""
    pairs = sorted(
        (
            (-likeness(title, column), order, place)
            for place, title in enumerate(headings.titles)
            if title and heading_key(title) != heading_key(FAULT_COLUMN)
            for order, column in enumerate(columns)
        )
    )
    places: dict[str, int] = {}
    for minus, order, place in pairs:
        title = columns[order].title
        if -minus >= ALIKE and title not in places and place not in places.values():
            places[title] = place
    return Matching(headings.row, places)


def is_plain(headings: Headings, matching: Matching, columns: Sequence[ColumnSpec]) -> bool:
    """Whether there is nothing to choose: each column stands under its own title, and no needed one is missing."""
    own = all(heading_key(headings.titles[place]) == heading_key(title) for title, place in matching.places.items())
    return own and not missing(matching, columns)


def missing(matching: Matching, columns: Sequence[ColumnSpec]) -> list[str]:
    """Needed columns that no heading was chosen for."""
    return [column.title for column in columns if column.is_required and column.title not in matching.places]
