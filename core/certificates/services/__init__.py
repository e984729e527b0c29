"""The only writers of certificates."""

from core.certificates.services.issuing import (
    Issued,
    issue_certificate,
    issue_for_plenary,
    record_blank_number,
    record_blank_numbers,
    replace_certificate,
)

__all__ = [
    "Issued",
    "issue_certificate",
    "issue_for_plenary",
    "record_blank_number",
    "record_blank_numbers",
    "replace_certificate",
]
