"""The text of a unit: written line by line, guarded where candidates already read it."""

import hashlib
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from core.activity.services import record_activity
from core.activity.versions import keep_deleted
from core.common.exceptions import DomainError, StaleVersion
from core.schemes.models import CompetencyUnit
from core.schemes.rules import deletion_refusal, is_in_force
from core.schemes.unit_text import changed_lines, parse_unit_text, text_of, write_unit_text


def unit_state(unit: CompetencyUnit) -> str:
    """A short mark of the text that a form showed."""
    return hashlib.sha256(text_of(unit).encode()).hexdigest()[:16]


@transaction.atomic
def save_unit_text(*, unit: CompetencyUnit, text: str, seen: str, is_compared: bool = False, by: Any) -> CompetencyUnit:
    """Elements and criteria as written (see `unit_text`); lines that stay keep their rows.

    The text of a decree is a norm: where a published scheme prints the unit, whoever changes it says
    that it was compared with the standard.
    """
    unit = CompetencyUnit.objects.select_for_update().get(pk=unit.pk)
    elements, faults = parse_unit_text(text)
    if faults:
        raise DomainError(
            _("Baris %(line)d: %(fault)s") % {"line": faults[0].line, "fault": faults[0].sentence},
            code="save_unit_text.faults",
            field="text",
        )
    if seen != unit_state(unit):
        raise StaleVersion(
            _("Teks unit ini baru saja diubah orang lain. Periksa perubahannya di bawah, lalu simpan lagi."),
            code="save_unit_text.stale",
        )
    if not changed_lines(unit, elements):
        return unit
    if is_in_force(unit) and not is_compared:
        raise DomainError(
            _("Unit ini dipakai skema yang terbit. Cocokkan dengan standarnya, lalu centang pernyataan itu."),
            code="save_unit_text.norm",
            field="is_compared",
        )
    try:
        with transaction.atomic():
            write_unit_text(unit, elements)
    except ProtectedError as error:
        raise DomainError(
            _("Elemen yang hilang sudah dijawab asesi dalam FR.APL-02, jadi tidak dapat dihapus."),
            code="save_unit_text.answered",
            field="text",
        ) from error
    unit = CompetencyUnit.objects.get(pk=unit.pk)
    unit.save()
    record_activity("unit.save_text", by=by, subject=unit)
    return unit


@transaction.atomic
def number_criteria(*, unit: CompetencyUnit) -> None:
    """Criteria follow their element when it was moved: 2.3 becomes 1.3. Gaps stay as the decree has them."""
    for element in unit.elements.prefetch_related("criteria"):
        for criterion in element.criteria.all():
            prefix, dot, place = criterion.number.partition(".")
            if dot and prefix.strip() != str(element.number):
                criterion.number = f"{element.number}.{place.strip()}"
                criterion.save(update_fields=["number"])


@transaction.atomic
def delete_unit(*, unit: CompetencyUnit, by: Any) -> None:
    """Only a unit that no scheme holds and nobody answered."""
    unit = CompetencyUnit.objects.select_for_update().get(pk=unit.pk)
    if refusal := deletion_refusal(unit):
        raise DomainError(refusal, code="delete_unit.used")
    record_activity("unit.delete", by=by, subject=unit)
    try:
        keep_deleted(row=unit, by=by)
        unit.delete()
    except ProtectedError as error:
        raise DomainError(
            _("Unit %(code)s sudah dijawab asesi dalam FR.APL-02, jadi tidak dapat dihapus.") % {"code": unit.code},
            code="delete_unit.answered",
        ) from error
