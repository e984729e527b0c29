"""How the words of a document are written for the full-text search, and what somebody typed is looked for.

In front stands the block of documents it lies in (`blocks.py`), then what the cases add in whose files it lies, then
`yy`, then what the document says itself. Every word is folded (small letters, no accents), stands once in its part,
between blanks, behind the mark `zz`. With the mark no word is too short for a server's index nor on its list of stop
words ("k", "01", "com", "the"), and both databases cut words in the same places. A word typed must begin a word of
the document; one or two letters stand for themselves.
"""

import re
from collections.abc import Iterable

from core.common.text import search_words
from core.documents.blocks import block_of, block_word

MARK = "zz"
#: Behind it stands what the document says itself.
OWN = "yy"
#: A word of so many letters ("K", "BK", "01") is no beginning of others.
WHOLE = 2
#: Words of one document; a file of nothing but different words is cut off.
MAX_WORDS = 6000
#: Words that one search asks for.
MAX_WANTED = 8


def written(document: int, own: Iterable[str], case: Iterable[str] = ()) -> str:
    """The words of some texts as `DocumentText.words` holds them."""
    added = [f"{MARK}{word}" for word in search_words(" ".join(case))]
    said = [f"{MARK}{word}" for word in search_words(" ".join(own))]
    return f" {' '.join([block_word(block_of(document)), *added, OWN, *said][:MAX_WORDS])} "


def wanted(typed: str) -> list[str]:
    """The words that somebody typed, the longest first: they are rarest."""
    words = search_words(typed[:200])[:MAX_WANTED]
    return sorted(words, key=len, reverse=True)


def part(word: str) -> str:
    """What `words` must contain for a word typed."""
    return f" {MARK}{word} " if len(word) <= WHOLE else f" {MARK}{word}"


def asked(word: str) -> str:
    """A word typed, as the full-text index is asked for it."""
    return f"{MARK}{word}" if len(word) <= WHOLE else f"{MARK}{word}*"


def pattern(words: Iterable[str]) -> re.Pattern[str] | None:
    """Finds what was typed in a text as people read it, at the beginning of words."""
    kinds = [re.escape(word) + (r"\b" if len(word) <= WHOLE else r"\w*") for word in words]
    return re.compile(rf"(?<!\w)(?:{'|'.join(kinds)})", re.IGNORECASE) if kinds else None


def marked(text: str, found: re.Pattern[str] | None) -> list[tuple[str, bool]]:
    """The whole text in pieces, each with whether it is what was looked for."""
    pieces, end = [], 0
    for hit in found.finditer(text) if found else ():
        pieces += [(text[end : hit.start()], False), (hit[0], True)]
        end = hit.end()
    return [piece for piece in (*pieces, (text[end:], False)) if piece[0]]


def fragments(text: str, found: re.Pattern[str] | None, *, most: int = 2, around: int = 70) -> list[str]:
    """Up to so many pieces of a long text in which something was found, on one line each."""
    taken: list[tuple[int, int]] = []
    for hit in found.finditer(text) if found else ():
        if taken and hit.start() < taken[-1][1]:
            continue
        if len(taken) == most:
            break
        start, end = max(0, hit.start() - around), min(len(text), hit.end() + around)
        start = (start and text.find(" ", start, hit.start()) + 1) or start
        end = end if end == len(text) else max(text.rfind(" ", hit.end(), end), hit.end())
        taken.append((start, end))
    return [
        f"{'… ' if start else ''}{' '.join(text[start:end].split())}{' …' if end < len(text) else ''}"
        for start, end in taken
    ]
