"""The pages that a search engine should know, with their last change. What is new in the portal adds a source."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from core.content.entry_queries import shown_announcements
from core.content.models import BUILT_IN
from core.content.queries import live_editions
from core.manual.books import OUTSIDE, book_of
from core.schemes.queries import published_versions
from public_site.languages import english_address


@dataclass(frozen=True)
class Entry:
    """A page at its Indonesian address; `has_english` when its English twin says the same in English."""

    address: str
    changed: datetime | None = None
    has_english: bool = True

    @property
    def english(self) -> str:
        return english_address(self.address) if self.has_english else ""


def _texts() -> Iterator[Entry]:
    """Pages that staff write, and those of the portal itself; the newest edition of each comes first."""
    seen: set[str] = set()
    for edition in live_editions().select_related("page"):
        page = edition.page
        if page.slug in seen or not page.address:
            continue
        seen.add(page.slug)
        yield Entry(page.address, edition.live_from, edition.has_english)
    yield from (Entry(place.path) for slug, place in BUILT_IN.items() if place.path and slug not in seen)


def _services() -> Iterator[Entry]:
    yield from (Entry(reverse(f"public_site:{name}")) for name in ("verification_search", "verification_offline"))
    yield Entry(reverse("public_site:register"), has_english=False)


def _schemes() -> Iterator[Entry]:
    for version in published_versions():
        scheme = version.scheme
        changed = max(version.updated_at, scheme.updated_at)
        yield Entry(reverse("public_site:scheme_detail", args=[scheme.code]), changed, scheme.has_english)


def _announcements() -> Iterator[Entry]:
    for row in shown_announcements():
        yield Entry(row.address, row.updated_at, row.has_english)


def _manuals() -> Iterator[Entry]:
    yield Entry(reverse("public_site:manual_front"), has_english=False)
    for book in filter(None, map(book_of, OUTSIDE)):
        yield Entry(reverse("public_site:manual_book", args=[book.role]), has_english=False)
        for slug in book.slugs:
            yield Entry(reverse("public_site:manual_page", args=[book.role, slug]), has_english=False)


SOURCES: tuple[Callable[[], Iterator[Entry]], ...] = (_texts, _services, _schemes, _announcements, _manuals)


def entries() -> list[Entry]:
    return [entry for source in SOURCES for entry in source()]
