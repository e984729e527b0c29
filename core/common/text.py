"""Cleaning of what people type."""

import unicodedata

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


def clean_line(value: str) -> str:
    """One line: NFC (so that é typed in two ways is one name), no invisible characters, single spaces."""
    return " ".join(clean_text(value).split())


def clean_text(value: str) -> str:
    """Many lines: NFC, no invisible or control characters except line ends; joiners of emoji are kept."""
    if value.isprintable():  # nothing hidden, on one line: nearly every cell of a spreadsheet
        return unicodedata.normalize("NFC", value).strip()
    lines = value.replace("\r\n", "\n").replace("\r", "\n")
    kept = (c for c in lines if c == "\n" or c == "\t" or (c not in _INVISIBLE and unicodedata.category(c) != "Cc"))
    return unicodedata.normalize("NFC", "".join(kept)).strip()  # last: what was hidden may have stood in between


def search_words(text: str) -> list[str]:
    """The words a name is found by: small letters, without accents, in the order they stand, each once."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    words = "".join(c if c.isalnum() else " " for c in plain.replace("'", "").replace("’", "")).split()
    return list(dict.fromkeys(word[:40] for word in words))


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
