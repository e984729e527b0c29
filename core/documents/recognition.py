"""Which kind of paper a file probably is, by its name: “KTP_Budi.jpg”, “scan ijazah-2.pdf”."""

import re
from collections.abc import Iterable

from core.documents.models import DocumentType

_BETWEEN = re.compile(r"[\s\-_.,()]+")


def recognise(file_name: str, kinds: Iterable[DocumentType]) -> DocumentType | None:
    """The kind whose longest word stands in the name; None where none does. Case and separators do not count.

    The code of a form counts before any plain word: “FR.AK.05 laporan” is no report of somebody's work.

    A word begins where a word of the name begins, and ends where letters end: “ktp2” is a KTP, “cvs” is no CV.
    Codes of forms are also found when they are written in one: “FRAK01”.
    """
    name = _plain(file_name.rsplit(".", 1)[0] if "." in file_name else file_name)
    best, longest = None, (False, 0)
    for kind in kinds:
        for word in kind.keywords.split(","):
            word = _plain(word)
            length = (any(c.isdigit() for c in word), len(word.replace(" ", "")))
            if length > longest and _stands_in(word, name):
                best, longest = kind, length
    return best


def _plain(text: str) -> str:
    return _BETWEEN.sub(" ", text.casefold()).strip()


def _stands_in(word: str, name: str) -> bool:
    if re.search(rf"(?<![^\W_]){re.escape(word)}(?![^\W\d_])", name):
        return True
    if not any(c.isdigit() for c in word):
        return False
    return re.search(rf"{re.escape(word.replace(' ', ''))}(?!\d)", name.replace(" ", "")) is not None
