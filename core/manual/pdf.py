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
from core.manual.pages import DOTS, PICTURES, ManualPage, to_html

#: What fits between the margins of a page of A4, in points of the screen (at 96 to the inch).
_WIDTH, _HEIGHT = 640, 620
_FIGURE = re.compile(
    r'<p>\s*<img alt="([^"]*)" src="((?:\.\./manual/)?gambar/[a-z0-9-]+\.webp)"(?: title="([^"]*)")?\s*/?>\s*</p>'
)


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
    return mark_safe(_FIGURE.sub(_figure, html))  # noqa: S308 - our own files, part of the program


def _link(link: re.Match[str], inside: frozenset[str]) -> str:
    slug = link[1].partition("#")[0].removesuffix(".md")
    if slug in inside:
        return f'<a href="#{slug}">{link[2]}</a>'
    return link[0] if link[1].startswith("https://") else link[2]


def _figure(found: re.Match[str]) -> str:
    words, name, caption = found.groups()
    data, width, height = picture_for_print(PICTURES / Path(name).name)
    below = f'<p class="caption">{caption}</p>' if caption else ""
    return f'<p class="figure"><img alt="{words}" src="{data}" width="{width}" height="{height}"></p>{below}'


def picture_for_print(path: Path) -> tuple[str, int, int]:
    """A picture as the address `data:` of a JPEG, and the size in which it fits on a page."""
    with Image.open(path) as picture:
        width, height = picture.width / DOTS, picture.height / DOTS
        fits = min(1.0, _WIDTH / width, _HEIGHT / height)
        out = io.BytesIO()
        picture.convert("RGB").save(out, "JPEG", quality=82, optimize=True)
    data = base64.b64encode(out.getvalue()).decode("ascii")
    return f"data:image/jpeg;base64,{data}", round(width * fits), round(height * fits)
