"""Tables of figures in a PDF, drawn directly: xhtml2pdf makes a paragraph with a style of its own of every cell, which
takes ten times as long. A template says where one stands with `<p>{{ grid.place }}</p>`, `render_pdf` puts it there.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.lib.colors import HexColor, black
from reportlab.lib.utils import simpleSplit
from reportlab.platypus import Flowable, Table

#: The names under which xhtml2pdf registers the faces of `base_form.html`.
REGULAR, BOLD = "dejavu form_00", "dejavu form_10"
SIZE, NARROW, LEADING = 7.6, 5.2, 1.28


@dataclass(frozen=True)
class Grid:
    """`head`: titles with their share of the width in percent; the first column is text, the others are figures."""

    place: str
    head: Sequence[tuple[str, float]]
    rows: Sequence[Sequence[str]]
    foot: Sequence[str] = ()
    is_wide: bool = False

    def flowable(self, width: float) -> Flowable:
        whole = sum(share for _title, share in self.head)
        widths = [width * share / whole for _title, share in self.head]
        padding, size, face = (1.5, NARROW, REGULAR) if self.is_wide else (3.5, SIZE, BOLD)
        head = [
            _lines(title, face, size, room - 2 * padding)
            for (title, _share), room in zip(self.head, widths, strict=True)
        ]
        body = [*self.rows, *([self.foot] if self.foot else [])]
        first = widths[0] - 2 * padding
        style = [
            ("FONT", (0, 1), (-1, -1), REGULAR, SIZE, SIZE * LEADING),
            ("FONT", (0, 0), (-1, 0), face, size, size * LEADING),
            ("GRID", (0, 0), (-1, -1), 0.5, black),
            ("BACKGROUND", (0, 0), (-1, 0), HexColor("#dedede")),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("VALIGN", (0, 0), (-1, 0), "MIDDLE"),
            ("ALIGN", (1, 0), (-1, -1), "RIGHT"),
            ("LEFTPADDING", (0, 0), (-1, -1), padding),
            ("RIGHTPADDING", (0, 0), (-1, -1), padding),
            ("TOPPADDING", (0, 0), (-1, -1), 1.8),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 1.8),
        ]
        if self.foot:
            style += [
                ("FONT", (0, -1), (-1, -1), BOLD, SIZE, SIZE * LEADING),
                ("BACKGROUND", (0, -1), (-1, -1), HexColor("#f3f3f3")),
            ]
        cells = [head, *([_lines(title, REGULAR, SIZE, first), *figures] for title, *figures in body)]
        return Table(cells, widths, repeatRows=1, style=style, spaceAfter=5, hAlign="LEFT")


def _lines(text: str, face: str, size: float, width: float) -> str:
    """Broken where it is wider than its column."""
    return "\n".join(simpleSplit(text, face, size, width))
