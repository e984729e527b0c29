"""The papers of the training: exercises as a book, slides as a page and in print, sheets to be filled in by hand.

All of it is Markdown in server_docs/training. A slide ends at a line `---`; the first one is the cover. In a sheet a
row of a table that holds `{NN}` stands once for each participant, and a heading may end with the width of its column,
such as `{12%}`.
"""

import base64
import re
from datetime import date
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from core.documents.rendering import LARGE, RenderedPdf, render_pdf
from core.manual.pages import FIGURE, PICTURES, ManualPage, to_html
from core.manual.pdf import pages_pdf, picture_for_print

TRAINING = settings.BASE_DIR / "server_docs" / "training"
GROUPS = ("sekretariat", "asesor", "administrator", "bnsp", "instansi")
#: Sheets that need the long side of the paper.
WIDE = frozenset({"daftar-hadir", "nilai-latihan"})
_WIDTH = re.compile(r"<th>([^<]*?) \{(\d+%)\}")
#: How large a picture may be on a slide in print, beside its heading and a line or two.
_SLIDE_WIDTH, _SLIDE_HEIGHT = 760, 300


def exercise_book(group: str, *, version: str, day: date) -> RenderedPdf:
    """Agenda and exercises of a group, with a cover and contents."""
    pages = [_page(f"agenda-{group}"), _page(f"latihan-{group}")]
    return pages_pdf(f"Pelatihan {group}", "Agenda dan latihan dengan hasilnya.", pages, version=version, day=day)


def _page(slug: str) -> ManualPage:
    return ManualPage.read(slug, TRAINING / f"{slug}.md", to_html)


def decks() -> list[Path]:
    return sorted((TRAINING / "salindia").glob("*.md"))


def sheets() -> list[Path]:
    return sorted((TRAINING / "lembar").glob("*.md"))


def deck_page(path: Path) -> str:
    """The slides as one HTML file that needs nothing else."""
    title, slides = _slides(path)
    pictures = [FIGURE.sub(_inline, slide) for slide in slides]
    return render_to_string("core/manual/slides_screen.html", {"title": title, "slides": _safe(pictures)})


def deck_pdf(path: Path) -> RenderedPdf:
    title, slides = _slides(path)
    pictures = [FIGURE.sub(_printed, slide) for slide in slides]
    return render_pdf("core/manual/slides.html", {"title": title, "slides": _safe(pictures)}, policy=LARGE)


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


def _slides(path: Path) -> tuple[str, list[str]]:
    source = path.read_text(encoding="utf-8")
    parts = re.split(r"^---$", source, flags=re.MULTILINE)
    html = [re.sub(r' id="[^"]*"', "", to_html(part)) for part in parts]
    title = source.partition("\n")[0].removeprefix("#").strip()
    return title, [re.sub(r'<a href="(?!https?:)[^"]*">(.*?)</a>', r"\1", slide, flags=re.DOTALL) for slide in html]


def _safe(slides: list[str]) -> list[SafeString]:
    return [mark_safe(slide) for slide in slides]  # noqa: S308 - our own files, part of the program


def _inline(found: re.Match[str]) -> str:
    data = base64.b64encode((PICTURES / found[2]).read_bytes()).decode("ascii")
    return f'<img alt="{found[1]}" src="data:image/webp;base64,{data}">'


def _printed(found: re.Match[str]) -> str:
    data, width, height = picture_for_print(PICTURES / found[2])
    fits = min(1.0, _SLIDE_WIDTH / width, _SLIDE_HEIGHT / height)
    return f'<p><img alt="{found[1]}" src="{data}" width="{round(width * fits)}" height="{round(height * fits)}"></p>'
