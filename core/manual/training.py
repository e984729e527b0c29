"""The papers of the training: exercises as a book, slides as a page and in print, sheets to be filled in by hand.

All of it is Markdown in server_docs/training. A slide ends at a line `---`; the first one is the cover. In a sheet a
row of a table that holds `{NN}` stands once for each participant, and a heading may end with the width of its column,
such as `{12%}`.
"""

import base64
import math
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from core.documents.rendering import LARGE, RenderedPdf, render_pdf
from core.manual.pages import FIGURE, PICTURES, ManualPage, picture_size, to_html
from core.manual.pdf import pages_pdf, picture_for_print

TRAINING = settings.BASE_DIR / "server_docs" / "training"
#: Key of a group → what its members are called.
GROUPS = {
    "sekretariat": "sekretariat",
    "asesor": "asesor",
    "administrator": "administrator teknis",
    "bnsp": "BNSP",
    "instansi": "petugas instansi",
}
#: Sheets that need the long side of the paper.
WIDE = frozenset({"daftar-hadir", "nilai-latihan"})
_WIDTH = re.compile(r"<th>([^<]*?) \{(\d+%)\}")
#: What is left of a printed slide below its heading, and what one line of its words takes, in points of the screen.
_AREA_WIDTH, _AREA_HEIGHT, _LINE_HEIGHT = 930, 510, 62
#: The widest that a picture gets beside words, and how many characters fit in a line of the whole width.
_BESIDE_WIDTH, _LINE = 490, 46


@dataclass(frozen=True)
class Slide:
    """HTML of a heading and of what stands below it; `picture` is the file of its picture, if it has one."""

    heading: SafeString
    words: SafeString
    picture: str = ""
    alt: str = ""

    @property
    def is_beside(self) -> bool:
        """The picture stands beside the words, not below them: where it is larger. Beside a table it never is."""
        return "<table" not in self.words and self._fits_beside > self._fits_below

    @property
    def on_screen(self) -> str:
        """The picture as an address `data:`."""
        return "data:image/webp;base64," + base64.b64encode((PICTURES / self.picture).read_bytes()).decode("ascii")

    @property
    def in_print(self) -> dict[str, str | int]:
        """The picture as an address `data:`, and the size in which it fits on the page."""
        width, height = picture_size(self.picture)
        fits = self._fits_beside if self.is_beside else self._fits_below
        src, *_as_in_a_book = picture_for_print(PICTURES / self.picture)
        return {"src": src, "width": round(width * fits), "height": round(height * fits)}

    @property
    def _fits_beside(self) -> float:
        width, height = picture_size(self.picture)
        return min(_BESIDE_WIDTH / width, _AREA_HEIGHT / height)

    @property
    def _fits_below(self) -> float:
        width, height = picture_size(self.picture)
        texts = re.findall(r"<(?:li|p|tr)>(.*?)</(?:li|p|tr)>", self.words, re.DOTALL)
        lines = sum(math.ceil(len(re.sub(r"<[^>]*>|\n", "", text)) / _LINE) for text in texts)
        return min(_AREA_WIDTH / width, (_AREA_HEIGHT - _LINE_HEIGHT * lines) / height)


def exercise_book(group: str, *, version: str, day: date) -> RenderedPdf:
    """Agenda and exercises of a group, with a cover and contents."""
    pages = [_page(f"agenda-{group}"), _page(f"latihan-{group}")]
    title = f"Pelatihan {GROUPS[group]}"
    return pages_pdf(title, "Agenda dan latihan dengan hasilnya.", pages, version=version, day=day)


def _page(slug: str) -> ManualPage:
    return ManualPage.read(slug, TRAINING / f"{slug}.md", to_html)


def decks() -> list[Path]:
    return sorted((TRAINING / "salindia").glob("*.md"))


def sheets() -> list[Path]:
    return sorted((TRAINING / "lembar").glob("*.md"))


def deck_page(path: Path) -> str:
    """The slides as one HTML file that needs nothing else."""
    title, slides = _slides(path)
    return render_to_string("core/manual/slides_screen.html", {"title": title, "slides": slides})


def deck_pdf(path: Path) -> RenderedPdf:
    title, slides = _slides(path)
    return render_pdf("core/manual/slides.html", {"title": title, "slides": slides}, policy=LARGE)


def sheet_pdf(path: Path, *, participants: int) -> RenderedPdf:
    heading, _newline, body = path.read_text(encoding="utf-8").partition("\n")
    rows = re.sub(r"^.*\{NN\}.*$\n?", lambda row: _numbered(row[0], participants), body, flags=re.MULTILINE)
    context = {
        "title": heading.removeprefix("#").strip(),
        "html": mark_safe(_WIDTH.sub(r'<th width="\2">\1', to_html(rows))),  # noqa: S308 - our own files, part of the program
        "is_wide": path.stem in WIDE,
    }
    return render_pdf("core/manual/sheet.html", context)


def _numbered(row: str, participants: int) -> str:
    return "".join(row.rstrip("\n").replace("{NN}", f"{number:02d}") + "\n" for number in range(1, participants + 1))


def _slides(path: Path) -> tuple[str, list[Slide]]:
    source = path.read_text(encoding="utf-8")
    title = source.partition("\n")[0].removeprefix("#").strip()
    return title, [_slide(part) for part in re.split(r"^---$", source, flags=re.MULTILINE)]


def _slide(source: str) -> Slide:
    html = re.sub(r' id="[^"]*"', "", to_html(source))
    html = re.sub(r'<a href="(?!https?:)[^"]*">(.*?)</a>', r"\1", html, flags=re.DOTALL)
    picture = FIGURE.search(html)
    heading, end, words = FIGURE.sub("", html, count=1).partition("</h1>" if "</h1>" in html else "</h2>")
    alt, file = (picture[1], picture[2]) if picture else ("", "")
    return Slide(mark_safe(heading + end), mark_safe(words.strip()), file, alt)  # noqa: S308 - our own files, part of the program
