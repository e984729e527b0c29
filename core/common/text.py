"""Cleaning of what people type."""

import re
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from django.utils.encoding import punycode
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from core.common.exceptions import DomainError

#: What stands in the place of a name that was erased.
FORGOTTEN = "Data dihapus"
# Characters that show nothing but can hide or reorder text (control, bidi override, zero width).
_INVISIBLE = {
    "\u061c",
    "\u200b",
    "\u200e",
    "\u200f",
    "\u2060",
    "\ufeff",
    *map(chr, range(0x202A, 0x202F)),
    *map(chr, range(0x2066, 0x206A)),
}

#: What stands in the place of something that this reader may not see.
HIDDEN = "•••"
#: What people write into names of files: addresses, and numbers long enough for a NIK or a telephone.
_IDENTIFIER = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\+?\d(?:[ ._-]?\d){7,}")
_BETWEEN_WORDS = re.compile(r"[\W_]+")
_ENDING = re.compile(r"\.(?:jpe?g|png|pdf)$", re.IGNORECASE)


def clean_line(value: str) -> str:
    """One line: NFC (so that é typed in two ways is one name), no invisible characters, single spaces."""
    return " ".join(clean_text(value).split())


def clean_address(value: str) -> str:
    """An e-mail address as it is kept and compared: small letters, the domain as mail servers write it (xn--…).

    To MariaDB é and e are one letter, to mail servers two domains: whoever owns the one must not pass for somebody at
    the other.
    """
    name, at, domain = value.strip().lower().rpartition("@")
    if not domain.isascii():
        with suppress(UnicodeError):  # no domain; whoever takes it in says so
            domain = punycode(domain)
    return f"{name}{at}{domain}"


def mid_sentence(title: str) -> str:
    """A title as it reads within a sentence: “Rapat pleno” begins small, “LSP” and “XI” do not."""
    return title[:1].lower() + title[1:] if title[1:2].islower() else title


def clean_text(value: str) -> str:
    """Many lines: NFC, no invisible or control characters except line ends; joiners of emoji are kept."""
    if value.isprintable():  # nothing hidden, on one line: nearly every cell of a spreadsheet
        return unicodedata.normalize("NFC", value).strip()
    lines = value.replace("\r\n", "\n").replace("\r", "\n")
    kept = (c for c in lines if c == "\n" or c == "\t" or (c not in _INVISIBLE and unicodedata.category(c) != "Cc"))
    return unicodedata.normalize("NFC", "".join(kept)).strip()  # last: what was hidden may have stood in between


def search_words(text: str) -> list[str]:
    """The words a name is found by: small letters, without accents, in the order they stand, each once."""
    plain = text.casefold()
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    words = _BETWEEN_WORDS.sub(" ", plain.replace("'", "").replace("’", "")).split()
    return list(dict.fromkeys(word[:40] for word in words))


def folded(text: str) -> str:
    """What MariaDB takes for the same where a code may stand once only: whatever its capitals, accents and end."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c)).rstrip()


def folded_key(key: Iterable[Any]) -> tuple[Any, ...]:
    """The same of a key of several parts, of which some may be rows."""
    return tuple(folded(part) if isinstance(part, str) else part for part in key)


def hide_identifiers(text: str) -> str:
    """A text without the addresses and long numbers in it, which may point at a person."""
    return _IDENTIFIER.sub(HIDDEN, text)


def without_identifiers(name: str) -> str:
    """A file's name as its owner wrote it, but for numbers and addresses that point at a person."""
    ending = _ENDING.search(name)
    stem = name[: ending.start()] if ending else name
    return hide_identifiers(stem) + (ending[0] if ending else "")


def grouped(number: int) -> str:
    """83333 → 83.333"""
    return number_format(number, force_grouping=True)


def is_number(text: str) -> bool:
    """Whether a text from a form or an address can be made an int that fits the database."""
    return text.isascii() and text.isdigit() and len(text) <= 18


def within(text: str, limit: int, *, field: str) -> str:
    """The text without outer space; refused, never cut, when it is longer than `limit` characters."""
    text = clean_text(text)
    if len(text) > limit:
        raise DomainError(
            _("Paling banyak %(limit)d karakter, yang diisi %(count)d. Ringkas lalu simpan lagi.")
            % {"limit": limit, "count": len(text)},
            code="text.too_long",
            field=field,
        )
    return text
