"""Telephone numbers as people in Indonesia type them."""

from django.utils.translation import gettext as _

from core.common.exceptions import DomainError


def normalise_phone(text: str, *, field: str) -> str:
    """`0812-3456 789`, `62812…` and `+62 812…` all become `+62812…`; other countries keep their `+`.

    Raises DomainError for the named field when it cannot be a number (7 to 15 digits, E.164).
    """
    digits = "".join(c for c in text if c.isascii() and c.isdigit())
    number = digits.removeprefix("00")  # the prefix of calls abroad stands for the +
    is_international = number != digits or text.strip().startswith("+")
    if number.startswith("62"):
        number = f"62{number[2:].lstrip('0')}"  # +62 (0)812
    elif number.startswith("0") or not is_international:  # no country code begins with 0
        number = f"62{number.lstrip('0')}"
    if not set(text) <= set("+0123456789 .-()/\u00a0") or len(digits) < 7 or not 7 <= len(number) <= 15:
        raise DomainError(
            _("Nomor telepon hanya angka, 7 sampai 15 angka. Contoh: 0812 3456 7890."),
            code="phone.invalid",
            field=field,
        )
    return f"+{number}"
