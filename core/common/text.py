"""Cleaning of what people type."""

import unicodedata

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
    lines = value.replace("\r\n", "\n").replace("\r", "\n")
    kept = (c for c in lines if c == "\n" or c == "\t" or (c not in _INVISIBLE and unicodedata.category(c) != "Cc"))
    return unicodedata.normalize("NFC", "".join(kept)).strip()  # last: what was hidden may have stood in between
