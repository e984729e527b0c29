"""Telephone numbers as people in Indonesia type them."""

from django.utils.translation import gettext as _

from core.common.exceptions import DomainError


def normalise_phone(text: str, *, field: str) -> str:
    """`0812-3456 789`, `62812…` and `+62 812…` all become `+62812…`; other countries keep their `+`.

    Raises DomainError for the named field when it cannot be a number (7 to 15 digits, E.164).
    """
    digits = "".join(c for c in text if c.isascii() and c.isdigit())
    if not set(text) <= set("+0123456789 .-()/\u00a0") or not 7 <= len(digits) <= 15:
        raise DomainError(
            _("Nomor telepon hanya angka, 7 sampai 15 angka. Contoh: 0812 3456 7890."),
            code="phone.invalid",
            field=field,
        )
    if text.strip().startswith("+"):
        return f"+{digits}"
    if digits.startswith("62"):
        return f"+{digits}"
    return f"+62{digits.lstrip('0')}"
