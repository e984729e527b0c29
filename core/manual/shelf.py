"""Where the printed manuals lie: made by `manage.py build_manuals`, given out as they are."""

from datetime import date
from pathlib import Path

from django.conf import settings

from core.common.version import version
from core.manual.books import Book
from core.manual.pdf import book_pdf


def printed_book(book: Book) -> Path | None:
    """None: not made yet."""
    path = settings.MANUAL_ROOT / f"{book.front.slug}.pdf"
    return path if path.is_file() else None


def print_book(book: Book, day: date) -> tuple[Path, int]:
    """Make it anew; readers of the one before are not disturbed. Returns where it lies and its number of pages."""
    made = book_pdf(book, version=version(), day=day)
    settings.MANUAL_ROOT.mkdir(parents=True, exist_ok=True)
    path = settings.MANUAL_ROOT / f"{book.front.slug}.pdf"
    part = path.with_suffix(".part")
    part.write_bytes(made.content)
    part.replace(path)
    return path, made.pages
