"""What a draft asks: head data, units, requirements. Each act locks the scheme, so that nobody publishes in between."""

import hashlib
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.activity.services import record_activity
from core.common.exceptions import DomainError, StaleVersion
from core.common.text import clean_line, within
from core.documents.models import DocumentType
from core.schemes.enums import RequirementSection
from core.schemes.models import CompetencyUnit, Requirement, Scheme, SchemeUnit, SchemeVersion
from core.schemes.rules import CODE_DIGITS, code_refusal, dates_refusal, is_editable
from core.schemes.services.versions import locked

ENGLISH_FIELDS = ("title_en", "group_en", "summary_en")
SCHEME_FIELDS = ("title", "number", "kind", "group", "kbli_code", "kbji_code", "kkni_level", "summary", *ENGLISH_FIELDS)
#: Written on several lines.
LONG_FIELDS = ("summary", "summary_en")
#: What the LSP may still say about a version that is published.
OPEN_FIELDS = ("registration_opens_on", "registration_closes_on", "is_confirmed", "confirmation_note")
REQUIREMENT_FIELDS = ("section", "title", "document_type", "is_required", "help_text", "is_confirmed")

#: The longest help text of a requirement, in characters.
HELP_LENGTH = 1000


def seen_state(row: Any, fields: tuple[str, ...]) -> str:
    """A short mark of what a form showed; saving with an older mark is refused."""
    words = "\n".join(str(getattr(row, name)) for name in fields)
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def head_state(version: SchemeVersion) -> str:
    """The mark of the head form: the scheme's own words, the version's and its purposes."""
    purposes = ",".join(map(str, sorted(purpose.pk for purpose in version.purposes.all())))
    mark = seen_state(version.scheme, SCHEME_FIELDS) + seen_state(version, ("validity_months", *OPEN_FIELDS))
    return hashlib.sha256(f"{mark}{purposes}".encode()).hexdigest()[:16]


def requirement_state(requirement: Requirement) -> str:
    return seen_state(requirement, ("section", "title", "document_type_id", "is_required", "help_text", "is_confirmed"))


def _draft(version: SchemeVersion) -> SchemeVersion:
    version = locked(version)
    if not is_editable(version):
        raise DomainError(
            _("Versi %(n)d sudah terbit, jadi isinya tidak berubah lagi. Siapkan versi berikutnya.")
            % {"n": version.number},
            code="scheme_version.not_draft",
        )
    return version


@transaction.atomic
def save_scheme(*, version: SchemeVersion, seen: str, values: Mapping[str, Any], by: Any) -> SchemeVersion:
    """The head data of a scheme and one of its versions.

    `values` holds SCHEME_FIELDS and OPEN_FIELDS; for a draft also `validity_months` and `purposes`.
    """
    version = locked(version)
    scheme = version.scheme
    if seen != head_state(version):
        raise StaleVersion(
            _("Data ini baru saja diubah orang lain. Bandingkan, lalu simpan lagi bila isian Anda yang benar."),
            code="save_scheme.stale",
        )
    if refusal := dates_refusal(values["registration_opens_on"], values["registration_closes_on"]):
        raise DomainError(refusal, code="save_scheme.dates", field="registration_closes_on")
    title = clean_line(values["title"])
    if Scheme.objects.filter(title__iexact=title).exclude(pk=scheme.pk).exists():
        raise DomainError(_("Sudah ada skema berjudul itu."), code="scheme.same_title", field="title")
    for name in CODE_DIGITS:
        if refusal := code_refusal(name, values[name]):
            raise DomainError(refusal, code="save_scheme.bad_code", field=name)
    for name in SCHEME_FIELDS:
        value = values[name]
        if isinstance(value, str):
            value = value.strip() if name in LONG_FIELDS else clean_line(value)
        setattr(scheme, name, value)
    scheme.save()
    for name in OPEN_FIELDS:
        setattr(version, name, values[name])
    if is_editable(version):
        version.validity_months = values["validity_months"]
        version.purposes.set(values["purposes"])
    version.save()
    record_activity("scheme.save", by=by, subject=version)
    return version


# --- units ------------------------------------------------------------------------------------------


@transaction.atomic
def add_scheme_unit(*, version: SchemeVersion, unit: CompetencyUnit, by: Any) -> SchemeUnit:
    version = _draft(version)
    if version.scheme_units.filter(unit=unit).exists():
        raise DomainError(_("Unit %(code)s sudah ada di draf ini.") % {"code": unit.code}, code="add_scheme_unit.twice")
    last = version.scheme_units.order_by("-position").values_list("position", flat=True).first() or 0
    link = SchemeUnit.objects.create(scheme_version=version, unit=unit, position=last + 1)
    version.save(update_fields=["updated_at"])
    record_activity("scheme.add_unit", by=by, subject=version, unit=unit.code)
    return link


@transaction.atomic
def remove_scheme_unit(*, version: SchemeVersion, unit: CompetencyUnit, by: Any) -> None:
    version = _draft(version)
    link = version.scheme_units.filter(unit=unit).first()
    if link is None:
        raise DomainError(
            _("Unit %(code)s sudah tidak ada di draf ini.") % {"code": unit.code}, code="remove_scheme_unit.gone"
        )
    link.delete()
    in_order(version.scheme_units.order_by("position", "pk"))
    version.save(update_fields=["updated_at"])
    record_activity("scheme.remove_unit", by=by, subject=version, unit=unit.code)


@transaction.atomic
def move_scheme_unit(*, version: SchemeVersion, unit: CompetencyUnit, place: int, by: Any) -> None:
    """Put a unit at a place of the list, counted from 1."""
    version = _draft(version)
    link = version.scheme_units.filter(unit=unit).first()
    if link is None:
        raise DomainError(
            _("Unit %(code)s sudah tidak ada di draf ini.") % {"code": unit.code}, code="move_scheme_unit.gone"
        )
    if in_order(version.scheme_units.order_by("position", "pk"), moved=link, place=place):
        version.save(update_fields=["updated_at"])
        record_activity("scheme.move_unit", by=by, subject=version, unit=unit.code)


def in_order(rows: Any, *, moved: Any = None, place: int = 0) -> bool:
    """Number the rows 1, 2, 3 …, one of them put at `place`; whether anything changed."""
    lines = list(rows)
    if moved is not None:
        lines.remove(moved)
        lines.insert(max(0, min(place - 1, len(lines))), moved)
    changed = False
    for position, row in enumerate(lines, start=1):
        if row.position != position:
            rows.model.objects.filter(pk=row.pk).update(position=position)
            changed = True
    return changed


# --- requirements -------------------------------------------------------------------------------------


@transaction.atomic
def add_requirement(*, version: SchemeVersion, values: Mapping[str, Any], by: Any) -> Requirement:
    """A new last line of its section. `values` holds REQUIREMENT_FIELDS."""
    version = _draft(version)
    facts = _requirement_facts(version, values)
    last = version.requirements.filter(section=facts["section"]).order_by("-position").first()
    requirement = Requirement.objects.create(scheme_version=version, position=last.position + 1 if last else 1, **facts)
    version.save(update_fields=["updated_at"])
    record_activity("scheme.add_requirement", by=by, subject=version, requirement=requirement.title[:80])
    return requirement


@transaction.atomic
def change_requirement(*, requirement: Requirement, seen: str, values: Mapping[str, Any], by: Any) -> Requirement:
    version = _draft(requirement.scheme_version)
    requirement = _current(version, requirement)
    if seen != requirement_state(requirement):
        raise StaleVersion(
            _("Persyaratan ini baru saja diubah orang lain. Bandingkan, lalu simpan lagi bila isian Anda yang benar."),
            code="change_requirement.stale",
        )
    facts = _requirement_facts(version, values, without=requirement)
    if facts["section"] != requirement.section:  # to the end of the other table
        last = version.requirements.filter(section=facts["section"]).order_by("-position").first()
        requirement.position = last.position + 1 if last else 1
    for name, value in facts.items():
        setattr(requirement, name, value)
    requirement.save()
    version.save(update_fields=["updated_at"])
    record_activity("scheme.change_requirement", by=by, subject=version, requirement=requirement.title[:80])
    return requirement


@transaction.atomic
def remove_requirement(*, requirement: Requirement, by: Any) -> None:
    version = _draft(requirement.scheme_version)
    requirement = _current(version, requirement)
    title = requirement.title
    requirement.delete()
    version.save(update_fields=["updated_at"])
    record_activity("scheme.remove_requirement", by=by, subject=version, requirement=title[:80])


@transaction.atomic
def move_requirement(*, requirement: Requirement, place: int, by: Any) -> None:
    """Put a requirement at a place of its table, counted from 1."""
    version = _draft(requirement.scheme_version)
    requirement = _current(version, requirement)
    siblings = version.requirements.filter(section=requirement.section).order_by("position", "pk")
    if in_order(siblings, moved=requirement, place=place):
        version.save(update_fields=["updated_at"])
        record_activity("scheme.move_requirement", by=by, subject=version, requirement=requirement.title[:80])


def _current(version: SchemeVersion, requirement: Requirement) -> Requirement:
    found = version.requirements.filter(pk=requirement.pk).first()
    if found is None:
        raise DomainError(_("Persyaratan itu sudah tidak ada di draf ini."), code="requirement.gone")
    return found


def _requirement_facts(
    version: SchemeVersion, values: Mapping[str, Any], *, without: Requirement | None = None
) -> dict[str, Any]:
    """The values, cleaned; refused beside the field that is wrong."""
    title = clean_line(within(values["title"], 250, field="title"))
    document_type = values["document_type"]
    if not title:
        raise DomainError(_("Isi persyaratannya."), code="requirement.no_title", field="title")
    if values["section"] not in RequirementSection.values:
        raise DomainError(_("Pilih bagian formulir."), code="requirement.no_section", field="section")
    if not isinstance(document_type, DocumentType):
        raise DomainError(_("Pilih jenis dokumen."), code="requirement.no_type", field="document_type")
    same = version.requirements.filter(section=values["section"], title__iexact=title)
    if same.exclude(pk=without.pk if without else None).exists():
        raise DomainError(_("Persyaratan itu sudah ada di bagian ini."), code="requirement.twice", field="title")
    return {
        "section": values["section"],
        "title": title,
        "document_type": document_type,
        "is_required": bool(values["is_required"]),
        "help_text": within(values["help_text"], HELP_LENGTH, field="help_text"),
        "is_confirmed": bool(values["is_confirmed"]),
    }
