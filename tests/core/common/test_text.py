"""What people type is cleaned of what nobody can see, and of nothing else."""

import pytest

from core.common.text import clean_line, clean_text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Siti   Rahmawati ", "Siti Rahmawati"),
        ("Siti\tRahmawati\n", "Siti Rahmawati"),
        ("Jose\u0301", "José"),  # é typed as two characters
        ("Jose\u200b\u0301", "José"),  # with a zero width space hidden between the two
        ("Budi\u202egpj.exe", "Budigpj.exe"),  # right-to-left override
        ("\u2066Budi\u2069", "Budi"),  # isolates
        ("Bu\u061cdi", "Budi"),  # Arabic letter mark
        ("Bu\u200bdi\ufeff", "Budi"),  # zero width space, byte order mark
        ("Bu\x00di\x1b[31m", "Budi[31m"),  # control characters
        ("Budi\u00a0Santoso", "Budi Santoso"),  # no-break space
        ("Ni Luh 👩‍👩‍👧 Ayu", "Ni Luh 👩‍👩‍👧 Ayu"),  # joiners hold a family together
        ("Rumah 🇮🇩", "Rumah 🇮🇩"),
        ("Z̲ainab", "Z̲ainab"),  # a combining line that has no composed form
        ("李明", "李明"),
        ("محمد", "محمد"),
        ("", ""),
        (" \u200b ", ""),
    ],
)
def test_a_line_keeps_what_can_be_seen(typed, kept):
    assert clean_line(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("satu\r\ndua\rtiga\nempat", "satu\ndua\ntiga\nempat"),
        ("\n\n  satu\n\ndua  \n", "satu\n\ndua"),
        ("kolom\tkolom", "kolom\tkolom"),
        ("satu\x07\x7fdua", "satudua"),
        ("a" * 10_000, "a" * 10_000),
    ],
)
def test_a_text_keeps_its_lines(typed, kept):
    assert clean_text(typed) == kept
