"""Telephone numbers as people type them."""

import pytest

from core.accounts.phone import normalise_phone
from tests.core.helpers import refused


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("081234567890", "+6281234567890"),
        ("0812-3456-7890", "+6281234567890"),
        ("0812 3456 7890", "+6281234567890"),
        ("0812.3456.7890", "+6281234567890"),
        ("6281234567890", "+6281234567890"),
        ("+62 812 3456 7890", "+6281234567890"),
        ("+62 (0)812 3456 7890", "+6281234567890"),
        ("0062 812 3456 7890", "+6281234567890"),
        ("+0812 3456 7890", "+6281234567890"),
        ("81234567890", "+6281234567890"),
        ("(021) 8281 2345", "+622182812345"),
        ("021/8281234", "+62218281234"),
        ("+65 6123 4567", "+6561234567"),
        ("0065 6123 4567", "+6561234567"),
        (" +1\u00a0202 555 0123 ", "+12025550123"),
    ],
)
def test_one_number_however_it_was_typed(typed, number):
    assert normalise_phone(typed, field="phone_mobile") == number


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "12345",
        "0812 345 678 901 234 567",
        "0812abc4567",
        "0812 3456 7890 ext 12",
        "٠٨١٢٣٤٥٦٧٨٩٠",
        "0000000000",
        "+-()  /.",
    ],
)
def test_what_cannot_be_dialled_is_refused_beside_its_field(typed):
    with refused("phone.invalid", field="phone_office"):
        normalise_phone(typed, field="phone_office")
