"""A book as PDF: cover, contents with page numbers, every page of the manual as a chapter, its pictures.

Made by `manage.py build_manuals` when a version is put in place, not when somebody asks: a book takes some ten seconds.
"""

import base64
import io
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.utils.safestring import SafeString, mark_safe
from PIL import Image

from core.documents.rendering import LARGE, RenderedPdf, render_pdf
from core.manual.books import Book
from core.manual.pages import DOTS, FIGURE, PICTURES, ManualPage, to_html

#: How large a picture is printed at most, in points of the screen (96 to the inch): the width between the margins, and
#: half a page; a narrower one, of a phone, at a size in which its words are as large as those beside it.
_DESK, _PHONE, _NARROW = (640, 460), (250, 400), 400
_TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)
_CELL = re.compile(r"<(?:td|th)[^>]*>(.*?)</(?:td|th)>", re.DOTALL)
#: So many characters fit between the margins in one line.
_LINE = 86


@dataclass(frozen=True)
class Chapter:
    slug: str
    title: str
    html: SafeString


def book_pdf(book: Book, *, version: str, day: date) -> RenderedPdf:
    """The manual of a role. `version` and `day` stand on the cover."""
    return pages_pdf(book.title, book.summary, [book.front, *book.pages()], version=version, day=day)


def pages_pdf(title: str, summary: str, pages: list[ManualPage], *, version: str, day: date) -> RenderedPdf:
    """Pages of Markdown as one document; links among them lead within it, other links are printed as their words."""
    inside = frozenset(page.slug for page in pages)
    chapters = [Chapter(page.slug, page.title, _chapter_html(page, inside)) for page in pages]
    context = {"title": title, "summary": summary, "chapters": chapters, "version": version, "day": day}
    return render_pdf("core/manual/book.html", context, policy=LARGE)


def _chapter_html(page: ManualPage, inside: frozenset[str]) -> SafeString:
    html = to_html(page.source.partition("\n")[2])
    html = re.sub(r' id="([^"]*)"', "", html)  # headings of two pages may have one name
    html = re.sub(r'<a href="([^"]*)">(.*?)</a>', lambda link: _link(link, inside), html, flags=re.DOTALL)
    html = _TABLE.sub(_table, html)
    return mark_safe(FIGURE.sub(_figure, html))  # noqa: S308 - our own files, part of the program


def _table(found: re.Match[str]) -> str:
    """A table with widths of its columns: xhtml2pdf makes all alike. A head without words is left out."""
    html = re.sub(r"<thead>(?:<[^>]*>|\s)*</thead>", "", found[0])
    rows = [_CELL.findall(row) for row in html.split("</tr>") if _CELL.search(row)]
    widths = column_shares([[re.sub(r"<[^>]*>", "", cell) for cell in row] for row in rows])
    shares = iter([f"{100 * width:.1f}%" for width in widths])
    return re.sub(r"<(td|th)\b", lambda cell: f'{cell[0]} width="{next(shares)}"', html, count=len(widths))


def column_shares(rows: list[list[str]]) -> list[float]:
    """Which part of the width each column gets: room for its longest word, and of the rest by the length of its texts.

    A word that is longer than its column would run into the next.
    """
    asked = [[_asked(text) for text in row] for row in rows]
    columns = [tuple(map(max, zip(*column, strict=True))) for column in zip(*asked, strict=True)]
    least = [1.1 * word + 2 for word, _text in columns]
    left, more = max(0, _LINE - sum(least)), sum(text - word for word, text in columns) or 1
    widths = [start + left * (text - word) / more for start, (word, text) in zip(least, columns, strict=True)]
    return [width / sum(widths) for width in widths]


def _asked(text: str) -> tuple[int, int]:
    """Characters of a cell's longest word, and of all it says (at least one more, at most a line)."""
    word = max((len(word) for word in text.split()), default=1)
    return word, max(word + 1, min(len(text), _LINE))


def _link(link: re.Match[str], inside: frozenset[str]) -> str:
    slug = link[1].partition("#")[0].removesuffix(".md")
    if slug in inside:
        return f'<a href="#{slug}">{link[2]}</a>'
    return link[0] if link[1].startswith("https://") else link[2]


def _figure(found: re.Match[str]) -> str:
    words, name, caption = found.groups()
    data, width, height = picture_for_print(PICTURES / name)
    below = f'<p class="caption">{caption}</p>' if caption else ""
    return f'<p class="figure"><img alt="{words}" src="{data}" width="{width}" height="{height}"></p>{below}'


def picture_for_print(path: Path) -> tuple[str, int, int]:
    """A picture as the address `data:` of a JPEG, and the size in which it fits on a page."""
    with Image.open(path) as picture:
        width, height = picture.width / DOTS, picture.height / DOTS
        wide, high = _PHONE if width < _NARROW else _DESK
        fits = min(1.0, wide / width, high / height)
        out = io.BytesIO()
        picture.convert("RGB").save(out, "JPEG", quality=82, optimize=True)
    data = base64.b64encode(out.getvalue()).decode("ascii")
    return f"data:image/jpeg;base64,{data}", round(width * fits), round(height * fits)
