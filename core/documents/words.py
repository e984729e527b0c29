"""How the words of a document are written for the full-text search, and what somebody typed is looked for.

Every word is folded (small letters, no accents), stands once, between blanks, and begins with a mark: `zz`
for what the document itself says, `yy` for what the case adds whose file it lies in. With the mark no word
is too short for a server's index nor on its list of stop words ("k", "01", "com", "the"), and both databases
cut words in the same places. A word typed must begin a word of the document; one letter stands for itself.
"""

import re
from collections.abc import Iterable

from core.common.text import search_words

OWN, CASE = "zz", "yy"
#: Words of one document; a file of nothing but different words is cut off.
MAX_WORDS = 6000
#: Words that one search asks for.
MAX_WANTED = 8


def written(own: Iterable[str], case: Iterable[str] = ()) -> str:
    """The words of some texts as `DocumentText.words` holds them."""
    words = [f"{CASE}{word}" for word in search_words(" ".join(case))]
    words += [f"{OWN}{word}" for word in search_words(" ".join(own))]
    return f" {' '.join(words[:MAX_WORDS])} " if words else ""


def wanted(typed: str) -> list[str]:
    """The words that somebody typed, the longest first: they are rarest."""
    words = search_words(typed[:200])[:MAX_WANTED]
    return sorted(words, key=len, reverse=True)


def part(mark: str, word: str) -> str:
    """What `words` must contain for a word typed."""
    return f" {mark}{word} " if len(word) == 1 else f" {mark}{word}"


def pattern(words: Iterable[str]) -> re.Pattern[str] | None:
    """Finds what was typed in a text as people read it, at the beginning of words."""
    kinds = [re.escape(word) + (r"\b" if len(word) == 1 else r"\w*") for word in words]
    return re.compile(rf"(?<!\w)(?:{'|'.join(kinds)})", re.IGNORECASE) if kinds else None
