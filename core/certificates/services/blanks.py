"""The numbers of the BNSP blanks that certificates were printed on: one blank, one certificate."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.activity.services import record_activity
from core.certificates.models import Certificate
from core.certificates.rules import blank_numbers, why_not_blank, why_not_in_series
from core.common.exceptions import DomainError
from core.common.text import clean_line

MAX_BLANK = 40


@transaction.atomic
def record_blank_number(*, certificate: Certificate, number: str, by: Any) -> Certificate:
    """Write down the number of the BNSP blank on which the certificate was printed; another one replaces it."""
    certificate = Certificate.objects.select_for_update().get(pk=certificate.pk)
    number = clean_line(number).upper()
    if reason := why_not_blank(certificate, by):
        raise DomainError(reason, code="record_blank.refused")
    if not number or len(number) > MAX_BLANK:
        raise DomainError(
            _("Tulis nomor blanko, paling panjang %(limit)d karakter.") % {"limit": MAX_BLANK},
            code="record_blank.number",
            field="blank_number",
        )
    _refuse_used([number], besides=[certificate.pk])
    if certificate.blank_number != number:
        _write(certificate, number, by)
    return certificate


@transaction.atomic
def record_blank_numbers(
    *, certificates: Iterable[Certificate], first: str, spoiled: Collection[str] = (), by: Any
) -> list[Certificate]:
    """Give sheets that follow one another to certificates in the order of their issue: all, or none.

    `first` is the number of the first sheet; `spoiled` names sheets in between that went wrong.
    """
    keys = [certificate.pk for certificate in certificates]
    rows = list(Certificate.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    if not rows:
        raise DomainError(_("Tidak ada yang dipilih."), code="record_blank.none")
    for row in rows:
        if reason := why_not_in_series(row, by):
            code = "record_blank.has_one" if row.blank_number else "record_blank.refused"
            raise DomainError(f"{row.number}: {reason}", code=code)
    numbers = free_blank_numbers(first=first, count=len(rows), spoiled=spoiled)
    for row, number in zip(rows, numbers, strict=True):
        _write(row, number, by)
    return rows


def _write(certificate: Certificate, number: str, by: Any) -> None:
    former, certificate.blank_number = certificate.blank_number, number
    try:
        with transaction.atomic():
            certificate.save(update_fields=["blank_number", "updated_at"])
    except IntegrityError as error:  # somebody wrote the same number down a moment ago
        raise DomainError(
            _("Blanko %(blank)s baru saja dicatat untuk sertifikat lain. Periksa lembarnya, lalu catat lagi.")
            % {"blank": number},
            code="record_blank.used",
            field="first",
        ) from error
    if former:  # BNSP asks after every sheet: the one that was spoiled stays named
        record_activity("certificate.replace_blank", by=by, subject=certificate, former=former, blank=number)
    else:
        record_activity("certificate.record_blank", by=by, subject=certificate)


def free_blank_numbers(*, first: str, count: int, spoiled: Collection[str] = ()) -> list[str]:
    """The numbers of so many sheets from the first one on; refused when one is unreadable or was used before."""
    try:
        numbers = blank_numbers(
            clean_line(first).upper(), count, spoiled=frozenset(clean_line(one).upper() for one in spoiled)
        )
    except ValueError as error:
        raise DomainError(
            _("Nomor blanko pertama harus berakhir dengan angka, misalnya 0012345."),
            code="record_blank.first",
            field="first",
        ) from error
    if max(map(len, numbers), default=0) > MAX_BLANK:
        raise DomainError(
            _("Tulis nomor blanko, paling panjang %(limit)d karakter.") % {"limit": MAX_BLANK},
            code="record_blank.number",
            field="first",
        )
    _refuse_used(numbers, field="first")
    return numbers


def _refuse_used(numbers: list[str], *, besides: Collection[int] = (), field: str = "blank_number") -> None:
    used = Certificate.objects.filter(blank_number__in=numbers).exclude(pk__in=besides).order_by("pk").first()
    if used is not None:
        raise DomainError(
            _("Blanko %(blank)s sudah dipakai untuk sertifikat %(number)s.")
            % {"blank": used.blank_number, "number": used.number},
            code="record_blank.used",
            field=field,
        )
