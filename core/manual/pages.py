"""Pages of Markdown that ship with the program: title, HTML, and the words to be searched."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import markdown
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from PIL import Image

MANUAL = settings.BASE_DIR / "server_docs" / "manual"
PICTURES = MANUAL / "gambar"
#: The pictures are taken with so many dots to a point of the screen (tests/manual).
DOTS = 1.5
#: A picture as a paragraph of its own, from wherever in server_docs it is named: words, file, caption.
FIGURE = re.compile(
    r'<p>\s*<img alt="([^"]*)" src="(?:(?:\.\./)+manual/)?gambar/([a-z0-9-]+\.webp)"(?: title="([^"]*)")?\s*/?>\s*</p>'
)


@dataclass(frozen=True)
class ManualPage:
    """One page: its title is the first heading, `html` the rest, `source` the Markdown of both."""

    slug: str
    title: str
    html: SafeString
    source: str

    @cached_property
    def folded(self) -> str:
        """The source as it is searched: small letters only, made once."""
        return self.source.casefold()

    @classmethod
    def read(cls, slug: str, path: Path, to_html: Callable[[str], str]) -> "ManualPage":
        """A file of the program: its first line is the title, the rest becomes HTML by `to_html`."""
        source = path.read_text(encoding="utf-8")
        heading, _newline, body = source.partition("\n")
        title = heading.removeprefix("#").strip()
        return cls(slug, title, mark_safe(to_html(body)), source)  # noqa: S308 - our own files, part of the program


@cache
def slugs() -> frozenset[str]:
    """Every page that lies in the folder, front pages too."""
    return frozenset(path.stem for path in MANUAL.glob("*.md"))


def read_page(slug: str) -> ManualPage | None:
    """A page of the manual as it is shown on screens; None when there is none of that name.

    Visitors ask for whatever name they make up: of those that do not exist nothing is kept, and no file is sought.
    """
    return _page(slug) if slug in slugs() else None


@cache
def _page(slug: str) -> ManualPage:
    """Read once per process: it ships with the code. Links lead to pages of the same book."""
    return ManualPage.read(slug, MANUAL / f"{slug}.md", _to_html)


def to_html(body: str) -> str:
    """Markdown as HTML, with headings that can be linked to; pictures and links are left as they stand."""
    return markdown.markdown(body, extensions=["tables", "toc", "sane_lists", "fenced_code"])


def _to_html(body: str) -> str:
    html = re.sub(r'href="([a-z0-9-]+)\.md(#[^"]*)?"', r'href="../\1/\2"', to_html(body))
    html = re.sub(r"<table>.*?</table>", r'<div class="table-wrap" tabindex="0">\g<0></div>', html, flags=re.DOTALL)
    return FIGURE.sub(_figure, html)


def _figure(found: re.Match[str]) -> str:
    """A picture with its size, so that nothing jumps when it comes, and a way to see it as large as it was taken."""
    words, name, caption = found.groups()
    width, height = picture_size(name)
    address = escape(static(f"manual/{name}"))
    kind = ' class="phone"' if width < 500 else ""
    below = f"<figcaption>{caption}</figcaption>" if caption else ""
    return (
        f'<figure{kind}><a href="{address}"><img alt="{words}" src="{address}" width="{width}" height="{height}"'
        f' loading="lazy" decoding="async"></a>{below}</figure>'
    )


def picture_size(name: str) -> tuple[int, int]:
    """Width and height of a picture in points of the screen on which it was taken."""
    with Image.open(PICTURES / name) as picture:
        return round(picture.width / DOTS), round(picture.height / DOTS)


def plain(line: str) -> str:
    """A line of Markdown as it is read: without the marks, of links only the words, of pictures nothing."""
    words = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", re.sub(r"!\[[^\]]*\]\([^)]*\)", "", line))
    return re.sub(r"^\d+\. ", "", words.replace("**", "").replace("`", "").replace(" | ", " · ").strip("#-| "))
