"""Which pages make the manual of which role, and where words are found in it."""

import re
from dataclasses import dataclass
from functools import cache

from core.manual.pages import ManualPage, plain, read_page, slugs

#: The roles that have a manual, in the order in which they are offered.
ROLES = ("asesi", "instansi", "sekretariat", "asesor", "administrator", "bnsp")
#: Those outside the LSP: search engines lead to their manuals, not to those of the staff.
OUTSIDE = ("asesi", "instansi")
_LISTED = re.compile(r"^- \[[^\]]+\]\(([a-z0-9-]+)\.md\)", re.MULTILINE)


@dataclass(frozen=True)
class Book:
    """`front` is its first page; `parts` are headings of the front page with the pages that their bullets name."""

    role: str
    front: ManualPage
    parts: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def title(self) -> str:
        return self.front.title

    @property
    def summary(self) -> str:
        """The first paragraph of the front page."""
        paragraph = self.front.source.partition("\n")[2].strip().split("\n\n", 1)[0]
        return " ".join(plain(line) for line in paragraph.splitlines())

    @property
    def slugs(self) -> tuple[str, ...]:
        """Its pages in reading order, each once, without the front page."""
        return tuple(dict.fromkeys(slug for _title, listed in self.parts for slug in listed))

    def pages(self) -> list[ManualPage]:
        return [page for slug in self.slugs if (page := read_page(slug)) is not None]


def book_of(role: str) -> Book | None:
    """The manual of a role; None when there is none of that name. Of names that visitors make up nothing is kept."""
    return _book(role) if role in ROLES else None


@cache
def _book(role: str) -> Book | None:
    front = read_page(front_slug(role))
    if front is None:
        return None
    parts = re.split(r"^## ", front.source, flags=re.MULTILINE)[1:]
    listed = ((part.splitlines()[0].strip(), tuple(_LISTED.findall(part))) for part in parts)
    return Book(role, front, tuple((title, slugs) for title, slugs in listed if slugs))


def front_slug(role: str) -> str:
    return f"manual-{role}"


def books() -> list[Book]:
    return [book for role in ROLES if (book := book_of(role)) is not None]


def books_with(slug: str) -> list[Book]:
    return [book for book in books() if slug in book.slugs]


def all_slugs() -> list[str]:
    """Every page that lies in the folder, front pages too."""
    return sorted(slugs())


def search(words: str, book: Book | None = None) -> list[tuple[Book, ManualPage, str]]:
    """Pages that hold all the words, with the line that holds most of them; in one book, or each in its first book.

    Titles that match come first, then pages that have the words as typed most often.
    """
    wanted = list(dict.fromkeys(words.casefold().split()))  # a word that is typed forty times is asked for once
    if not wanted:
        return []
    found: list[tuple[Book, ManualPage, str]] = []
    seen: set[str] = set()
    for shelf in [book] if book else books():
        for page in shelf.pages():
            if page.slug not in seen and all(word in page.folded for word in wanted):
                seen.add(page.slug)
                lines = [(line.casefold(), line) for line in map(plain, page.source.splitlines()[1:])]
                best = max(lines, key=lambda line: sum(word in line[0] for word in wanted), default=("", ""))[1]
                found.append((shelf, page, best))

    def rank(hit: tuple[Book, ManualPage, str]) -> tuple[bool, int]:
        page = hit[1]
        is_named = any(word in page.title.casefold() for word in wanted)
        return not is_named, -page.folded.count(" ".join(wanted))

    return sorted(found, key=rank)
