"""Comparing a workbook with the database, and writing it: one walk does both, so they cannot disagree."""

from typing import Any

from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from core.activity.services import record_activity
from core.common.exceptions import DomainError
from core.common.text import folded, folded_key
from core.documents.models import DocumentType
from core.imports.report import CHANGED, NEW, REMOVED, Difference, Fault, Report
from core.imports.values import plain
from core.schemes.enums import RequirementSection, VersionStatus
from core.schemes.models import (
    AssessmentPurpose,
    CompetencyStandard,
    CompetencyUnit,
    Element,
    PerformanceCriterion,
    Requirement,
    Scheme,
    SchemeUnit,
    SchemeVersion,
)
from core.schemes.queries import units_in_published_versions
from core.schemes.services import draft_next_version
from core.schemes.workbook import SHEETS, Contents, Line, read_workbook, requirements_in_order, same

#: Where criteria wait while they change places: their positions are unique within an element.
PARKED = 10_000
NEEDED = ("core.add_scheme", "core.change_scheme", "core.change_schemeversion", "core.change_competencyunit")

HEAD = ("number", "title", "kind", "group", "summary")
TERMS = ("validity_months", "registration_opens_on", "registration_closes_on", "is_confirmed", "confirmation_note")


def check_workbook(content: bytes) -> Report:
    """All faults, or all differences from what is stored. Writes nothing."""
    return _Walk(read_workbook(content), by=None, writes=False).go()


@transaction.atomic
def import_workbook(*, content: bytes, by: Any, change_published_text: bool = False) -> Report:
    """Write a workbook wholly or not at all: standards and units as they stand, schemes into a draft.

    Published versions keep their units and requirements. The text of a unit that a published version
    uses changes only where `change_published_text` says so: a decree's text is a norm.
    """
    if not by.has_perms(NEEDED):
        raise DomainError(_("Anda tidak berhak mengimpor skema."), code="import_workbook.forbidden")
    walk = _Walk(read_workbook(content), by=by, writes=True)
    report = walk.go()
    if report.faults:
        raise DomainError(_("Buku kerja ini masih memuat kesalahan."), code="import_workbook.faults")
    if report.extra["locked_units"] and not change_published_text:
        raise DomainError(
            _(
                "Teks unit yang dipakai skema terbit akan berubah (%(codes)s). Centang “ubah juga teks unit yang "
                "dipakai skema terbit” bila memang dimaksud."
            )
            % {"codes": ", ".join(report.extra["locked_units"][:5])},
            code="import_workbook.published_text",
        )
    return report


class _Walk:
    """Goes through the file from standards to requirements; `writes` decides whether rows are saved."""

    def __init__(self, contents: Contents, *, by: Any, writes: bool):
        self.contents, self.by, self.writes = contents, by, writes
        self.report = Report(columns=list(SHEETS), rows=contents.rows, faults=contents.faults, notices=contents.notices)
        self.locked: set[str] = set()
        #: Keys of rows that have a fault of their own: what refers to them is not told a second time.
        self.unsure: dict[str, set[Any]] = {name: set() for name in SHEETS}

    def go(self) -> Report:
        self._load()
        self._standards()
        self._units()
        self._schemes()
        if self.contents.faults:
            self.report.differences.clear()  # nothing is shown of a file that cannot be applied
        self.report.extra["locked_units"] = sorted(self.locked)
        self.report.extra["sheets"] = {name: len(lines) for name, lines in self.contents.lines.items()}
        self.report.sort()
        return self.report

    # --- what is stored -----------------------------------------------------------------------------

    def _load(self) -> None:
        def lines(sheet: str, attribute: str) -> set[Any]:
            return {line[attribute] for line in self.contents.lines.get(sheet, [])}

        lock = (lambda rows: rows.select_for_update()) if self.writes else (lambda rows: rows)
        standards = lines("Standar", "code") | lines("Unit", "standard")
        self.standards = {row.code: row for row in lock(CompetencyStandard.objects.filter(code__in=standards))}
        codes = lines("Unit", "code") | lines("Elemen", "unit") | lines("KUK", "unit") | lines("Unit skema", "unit")
        units = lock(CompetencyUnit.objects.filter(code__in=codes)).prefetch_related("standard", "elements__criteria")
        self.units = {row.code: row for row in units}
        self.published = units_in_published_versions(self.units)
        named = lines("Skema", "code") | lines("Unit skema", "scheme") | lines("Persyaratan", "scheme")
        self.schemes = {row.code: row for row in lock(Scheme.objects.filter(code__in=named))}
        self.kinds = {row.code: row for row in DocumentType.objects.all()}
        titles = [row.title.casefold() for row in self.kinds.values()]
        self.kinds_by_title = {
            row.title.casefold(): row for row in self.kinds.values() if titles.count(row.title.casefold()) == 1
        }
        self.purposes = {row.code: row for row in AssessmentPurpose.objects.all()}
        for sheet, stored in (("Standar", self.standards), ("Unit", self.units), ("Skema", self.schemes)):
            self._other_spellings(sheet, stored)
        titles_of = {line["code"]: line["title"] for line in self.contents.lines.get("Skema", [])}
        self.home = {
            line["unit"]: _("Skema %(title)s")
            % {
                "title": titles_of.get(line["scheme"])
                or getattr(self.schemes.get(line["scheme"]), "title", line["scheme"])
            }
            for line in reversed(self.contents.lines.get("Unit skema", []))
        }

    def _other_spellings(self, sheet: str, stored: dict[str, Any]) -> None:
        """A code that MariaDB takes for one in use, though it is written otherwise, could never be written."""
        known = {folded(code): code for code in stored}
        for line in self.contents.lines.get(sheet, []):
            code = line["code"]
            if code and code not in stored and (found := known.get(folded(code))):
                self.contents.fault(
                    line, "code", _("Di sistem tertulis “%(stored)s”. Tulis sama persis.") % {"stored": found}
                )

    # --- small tools --------------------------------------------------------------------------------

    def _save(self, row: models.Model) -> None:
        if self.writes:
            row.save()

    def _tell(self, sheet: str, row: int | None, label: str, kind: str, path: list[str], changes: Any = ()) -> None:
        self.report.differences.append(Difference(sheet, row, label, kind, path, [list(c) for c in changes]))

    def _once(self, sheet: str, *attributes: str) -> list[Line]:
        """The rows of a sheet; a key that stands twice is a fault that names both rows."""
        seen: dict[Any, Line] = {}
        for line in self.contents.lines.get(sheet, []):
            key = tuple(line[attribute] for attribute in attributes)
            if line.is_broken:
                self.unsure[sheet].add(key if len(key) > 1 else key[0])
                continue
            alike = folded_key(key)
            if first := seen.get(alike):
                self.contents.fault(
                    line, attributes[-1], _("Sama dengan baris %(row)d. Hapus salah satunya.") % {"row": first.row}
                )
            else:
                seen[alike] = line
        return list(seen.values())

    def _is_unsure(self, sheet: str, key: Any) -> bool:
        """Whether a row with this key stands in the file with a fault (None: with a key that cannot be read)."""
        return key in self.unsure[sheet] or None in self.unsure[sheet]

    def _set(self, row: models.Model, line: Line, names: tuple[str, ...]) -> list[list[str]]:
        """Put the values that the file has onto a row; what changed, as a person reads it."""
        titles = {column.attribute: column.title for column in SHEETS[line.sheet]}
        changes = []
        for name in names:
            if name not in line.values:
                continue
            new, old = line[name], getattr(row, name)
            if new in (None, ""):
                new = _blank_of(row, name)
            if not same(old, new):
                is_new = row._state.adding
                setattr(row, name, new)
                changes.append([titles[name], "" if is_new else _shown(row, name, old), _shown(row, name, new)])
        return changes

    # --- standards and units ------------------------------------------------------------------------

    def _standards(self) -> None:
        for line in self._once("Standar", "code"):
            known = self.standards.get(line["code"])
            row = known or CompetencyStandard(code=line["code"])
            changes = self._set(row, line, ("title", "kind", "legal_basis"))
            self.standards[row.code] = row
            if changes or not known:
                self._save(row)
                self._tell("Standar", line.row, row.code, CHANGED if known else NEW, [row.code], changes)
            else:
                self.report.unchanged += 1

    def _units(self) -> None:
        for line in self._once("Unit", "code"):
            self._unit(line)
        elements, criteria = self._by_unit("Elemen", "number"), self._by_unit("KUK", "element", "number")
        for code in dict.fromkeys([*elements, *criteria]):
            unit = self.units.get(code)
            if self._is_unsure("Unit", code):
                continue
            if unit is None:
                for line in (*elements.get(code, []), *criteria.get(code, []))[:1]:
                    self.contents.fault(line, "unit", _("Unit ini tidak ada di lembar Unit maupun di sistem."))
                continue
            self._elements(unit, elements.get(code), criteria.get(code))

    def _by_unit(self, sheet: str, *key: str) -> dict[str, list[Line]]:
        found: dict[str, list[Line]] = {}
        for line in self._once(sheet, "unit", *key):
            found.setdefault(line["unit"], []).append(line)
        return found

    def _path(self, unit: CompetencyUnit) -> list[str]:
        return [self.home.get(unit.code) or unit.standard.code, f"{unit.code} {unit.title}"]

    def _unit(self, line: Line) -> None:
        standard = self.standards.get(line["standard"])
        if standard is None:
            self.unsure["Unit"].add(line["code"])
            if not self._is_unsure("Standar", line["standard"]):
                self.contents.fault(line, "standard", _("Standar ini tidak ada di lembar Standar maupun di sistem."))
            return
        known = self.units.get(line["code"])
        row = known or CompetencyUnit(code=line["code"], standard=standard)
        changes = []
        if known and known.standard_id != standard.pk:
            changes.append([_("Standar"), known.standard.code, standard.code])
            row.standard = standard
        text = self._set(row, line, ("title", "description"))
        changes += text + self._set(row, line, ("completeness", "source", "source_note"))
        self.units[row.code] = row
        if known and text:
            self._lock(row)
        if changes or not known:
            row.standard = standard  # saved by now: an unsaved one has no key to refer to
            self._save(row)
            self._tell("Unit", line.row, row.code, CHANGED if known else NEW, self._path(row), changes)
        else:
            self.report.unchanged += 1

    def _lock(self, unit: CompetencyUnit) -> None:
        if unit.code in self.published:
            self.locked.add(unit.code)

    def _elements(self, unit: CompetencyUnit, lines: list[Line] | None, criteria: list[Line] | None) -> None:
        """Where a sheet names a unit, it is the whole truth about that unit's elements (or criteria)."""
        stored = {row.number: row for row in unit.elements.all()} if unit.pk else {}
        path = self._path(unit)
        elements = dict(stored)
        for line in lines or []:
            known = stored.get(line["number"])
            row = known or Element(unit=unit, number=line["number"])
            changes = self._set(row, line, ("title",))
            elements[row.number] = row
            if changes or not known:
                row.unit = unit
                self._save(row)
                self._lock(unit)
                self._tell("Elemen", line.row, _elem(row), CHANGED if known else NEW, [*path, _elem(row)], changes)
            else:
                self.report.unchanged += 1
        if lines is not None:
            broken = {key[1] for key in self.unsure["Elemen"] if key[0] == unit.code}
            kept = broken | {line["number"] for line in lines}
            gone = [row for number, row in stored.items() if number not in kept]
            self._remove_elements(unit, gone, lines[0])
            for row in gone:
                elements.pop(row.number)
        if criteria is not None:
            self._criteria(unit, elements, criteria)

    def _remove_elements(self, unit: CompetencyUnit, gone: list[Element], line: Line) -> None:
        answered = _pointed_at(Element, [row.pk for row in gone])
        for row in gone:
            if row.pk in answered:
                self.contents.faults.append(
                    Fault(
                        "Elemen",
                        line.row,
                        "No. elemen",
                        str(row.number),
                        _(
                            "Elemen %(number)d unit %(unit)s sudah dijawab asesi, sehingga tidak dapat dihapus. "
                            "Tulis kembali barisnya."
                        )
                        % {"number": row.number, "unit": unit.code},
                    )
                )
                continue
            self._lock(unit)
            self._tell(
                "Elemen",
                None,
                _elem(row),
                REMOVED,
                [*self._path(unit), _elem(row)],
                [[_("Elemen kompetensi"), row.title, ""]],
            )
            if self.writes:
                row.delete()

    def _criteria(self, unit: CompetencyUnit, elements: dict[int, Element], lines: list[Line]) -> None:
        by_element: dict[int, list[Line]] = {number: [] for number in elements}
        for line in lines:
            if line["element"] in by_element:
                by_element[line["element"]].append(line)
            elif not any(key[0] in (unit.code, None) for key in self.unsure["Elemen"]):
                self.contents.fault(line, "element", _("Elemen ini tidak ada pada unit tersebut."))
        for number, element in elements.items():
            self._criteria_of(unit, element, by_element[number])

    def _criteria_of(self, unit: CompetencyUnit, element: Element, lines: list[Line]) -> None:
        stored = {row.number: row for row in element.criteria.all()} if element.pk and not element._state.adding else {}
        path = [*self._path(unit), _elem(element)]
        wanted = [line["number"] for line in lines]
        gone = [row for number, row in stored.items() if number not in wanted]
        is_same_list = list(stored) == wanted
        moved = [number for number in stored if number in wanted] != [number for number in wanted if number in stored]
        for row in gone:
            self._lock(unit)
            change = [_("Kriteria unjuk kerja"), row.text, ""]
            self._tell("KUK", None, row.number, REMOVED, [*path, row.number], [change])
            if self.writes:
                row.delete()
        if self.writes and not is_same_list:
            element.criteria.update(position=F("position") + PARKED)
        for position, line in enumerate(lines, start=1):
            known = stored.get(line["number"])
            row = known or PerformanceCriterion(element=element, number=line["number"])
            changes = self._set(row, line, ("text",))
            if known and moved and row.position != position:
                changes.append([_("Urutan"), str(row.position), str(position)])
            row.element = element
            if not is_same_list:
                row.position = position
            if changes or not known:
                self._lock(unit)
                self._tell("KUK", line.row, row.number, CHANGED if known else NEW, [*path, row.number], changes)
            else:
                self.report.unchanged += 1
            if changes or not is_same_list:
                self._save(row)

    # --- schemes ------------------------------------------------------------------------------------

    def _schemes(self) -> None:
        heads = {line["code"]: line for line in self._once("Skema", "code")}
        units, requirements = self._by_scheme("Unit skema", "unit"), self._by_scheme("Persyaratan", "section", "title")
        for code in dict.fromkeys([*heads, *units, *requirements]):
            first = (*([heads[code]] if code in heads else []), *units.get(code, []), *requirements.get(code, []))[0]
            if self._is_unsure("Skema", code) and code not in self.schemes:
                continue
            if code not in heads and code not in self.schemes:
                self.contents.fault(first, "scheme", _("Skema ini tidak ada di lembar Skema maupun di sistem."))
                continue
            self._scheme(code, heads.get(code), units.get(code), requirements.get(code))

    def _by_scheme(self, sheet: str, *key: str) -> dict[str, list[Line]]:
        found: dict[str, list[Line]] = {}
        for line in self._once(sheet, "scheme", *key):
            found.setdefault(line["scheme"], []).append(line)
        return found

    def _scheme(self, code: str, head: Line | None, units: list[Line] | None, requirements: list[Line] | None) -> None:
        known = self.schemes.get(code)
        scheme = known or Scheme(code=code, position=Scheme.objects.count() + 1)
        changes: list = []
        if head is not None:
            if not known and not _is_slug(code):
                self.contents.fault(
                    head, "code", _("Kode hanya huruf kecil, angka, dan tanda hubung: distribusi-bantuan.")
                )
            changes = self._set(scheme, head, HEAD)
        path = [_("Skema %(title)s") % {"title": scheme.title}]
        if changes or not known:
            self._save(scheme)
            self._tell("Skema", head.row if head else None, scheme.title, CHANGED if known else NEW, path, changes)
        elif head is not None:
            self.report.unchanged += 1
        self._version(scheme, path, head, units, requirements)

    def _version(self, scheme: Scheme, path: list[str], head: Line | None, units: Any, requirements: Any) -> None:
        """Into the draft if there is one, else into a new one, and only when something differs."""
        base = scheme.versions.order_by("-number").first() if scheme.pk else None
        before = len(self.report.differences)
        version = base or SchemeVersion(scheme=scheme, number=1)
        terms = self._terms(version, head)
        purposes = self._purposes(version, head)
        if terms or (purposes is not None and base):
            old = "" if base is None else ", ".join(sorted(p.code for p in base.purposes.all()))
            extra = (
                [[_("Tujuan asesmen"), old, ", ".join(sorted(p.code for p in purposes))]]
                if purposes is not None
                else []
            )
            self._tell(
                "Skema",
                head.row,
                _("Ketentuan versi"),
                CHANGED if base else NEW,
                [*path, _("Ketentuan")],
                [*terms, *extra],
            )
        links = self._links(version, path, units)
        papers = self._papers(version, path, requirements)
        if base is not None and len(self.report.differences) == before:
            return
        is_draft = base is not None and base.status == VersionStatus.DRAFT
        if not is_draft:
            number = base.number + 1 if base else 1
            self._tell(
                "Skema",
                head.row if head else None,
                _("Draf versi %(n)d") % {"n": number},
                NEW,
                [*path, _("Draf versi %(n)d") % {"n": number}],
            )
        if self.writes:
            self._write_version(scheme, base, is_draft, head, purposes, links, papers)

    def _terms(self, version: SchemeVersion, head: Line | None) -> list[list[str]]:
        """What of the version's own fields differs; the version itself stays as it is until it is written."""
        if head is None:
            return []
        probe = SchemeVersion(**{name: getattr(version, name) for name in TERMS})
        probe._state.adding = version._state.adding
        return self._set(probe, head, TERMS)

    def _purposes(self, version: SchemeVersion, head: Line | None) -> list[AssessmentPurpose] | None:
        """The purposes that the file asks for; None when they stay."""
        codes = head["purposes"] if head is not None else None
        if not codes:
            if version._state.adding and head is not None:
                self.contents.fault(
                    head,
                    "purposes",
                    _("Skema baru memerlukan sedikitnya satu tujuan: %(codes)s.") % {"codes": ", ".join(self.purposes)},
                )
            return None
        if unknown := [code for code in codes if code not in self.purposes]:
            self.contents.fault(
                head,
                "purposes",
                _("Tujuan tidak dikenal: %(unknown)s. Yang ada: %(codes)s.")
                % {"unknown": ", ".join(unknown), "codes": ", ".join(self.purposes)},
            )
            return None
        wanted = [self.purposes[code] for code in dict.fromkeys(codes)]
        if version.pk and {row.pk for row in wanted} == set(version.purposes.values_list("pk", flat=True)):
            return None
        return wanted

    def _links(self, version: SchemeVersion, path: list[str], lines: list[Line] | None) -> list[CompetencyUnit] | None:
        """The units in their order; None when they stay."""
        if lines is None:
            return None
        wanted = []
        for line in lines:
            unit = self.units.get(line["unit"])
            if self._is_unsure("Unit", line["unit"]):
                continue
            if unit is None:
                self.contents.fault(line, "unit", _("Unit ini tidak ada di lembar Unit maupun di sistem."))
            else:
                wanted.append((line, unit))
        stored = _codes_of(version)
        codes = [unit.code for _line, unit in wanted]
        moved = [code for code in stored if code in codes] != [code for code in codes if code in stored]
        for place, (line, unit) in enumerate(wanted, start=1):
            label = f"{unit.code} {unit.title}"
            if unit.code not in stored:
                self._tell(
                    "Unit skema", line.row, label, NEW, [*path, label], [[_("Unit skema"), "", _("ditambahkan")]]
                )
            elif moved and stored.index(unit.code) + 1 != place:
                change = [_("Urutan"), str(stored.index(unit.code) + 1), str(place)]
                self._tell("Unit skema", line.row, label, CHANGED, [*path, label], [change])
            else:
                self.report.unchanged += 1
        for code in stored:
            if code not in codes:
                self._tell("Unit skema", None, code, REMOVED, [*path, code], [[_("Unit skema"), code, ""]])
        return [unit for _line, unit in wanted] if stored != codes else None

    def _papers(self, version: SchemeVersion, path: list[str], lines: list[Line] | None) -> list[Requirement] | None:
        """The requirements in their order, as unsaved rows; None when they stay."""
        if lines is None:
            return None
        stored = {(row.section, row.title): row for row in requirements_in_order(version)} if version.pk else {}
        lines = sorted(lines, key=lambda line: line["section"] != RequirementSection.BASIC)
        wanted, differs = [], False
        for place, line in enumerate(lines, start=1):
            known = stored.get((line["section"], line["title"]))
            kind = self.kinds.get(line["document_type"]) or self.kinds_by_title.get(
                (line["document_type"] or "").casefold()
            )
            if kind is None:
                self.contents.fault(
                    line, "document_type", _("Jenis dokumen ini tidak ada. Pilih kuncinya dari lembar Pilihan.")
                )
                continue
            row = Requirement(section=line["section"], title=line["title"], position=place, document_type=kind)
            for name in ("help_text", "is_required", "is_confirmed"):
                if known:
                    setattr(row, name, getattr(known, name))
            row._state.adding = known is None
            changes = self._set(row, line, ("help_text", "is_required", "is_confirmed"))
            if known and known.document_type_id != kind.pk:
                changes.append([_("Jenis dokumen"), known.document_type.code, kind.code])
            row._state.adding = True
            wanted.append(row)
            label = _("Persyaratan: %(title)s") % {"title": row.title}
            if changes or not known:
                differs = True
                self._tell("Persyaratan", line.row, row.title, CHANGED if known else NEW, [*path, label], changes)
            else:
                self.report.unchanged += 1
        keys = [(row.section, row.title) for row in wanted]
        for key, row in stored.items():
            if key not in keys:
                label = _("Persyaratan: %(title)s") % {"title": row.title}
                self._tell("Persyaratan", None, row.title, REMOVED, [*path, label], [[_("Persyaratan"), row.title, ""]])
        if [key for key in stored if key in keys] != [key for key in keys if key in stored]:
            label = _("Urutan persyaratan")
            self._tell("Persyaratan", None, label, CHANGED, [*path, label])
        return wanted if differs or list(stored) != keys else None

    def _write_version(
        self,
        scheme: Scheme,
        base: SchemeVersion | None,
        is_draft: bool,
        head: Line | None,
        purposes: list[AssessmentPurpose] | None,
        links: list[CompetencyUnit] | None,
        papers: list[Requirement] | None,
    ) -> None:
        if base is None:
            version = SchemeVersion(scheme=scheme, number=1)
        else:
            version = base if is_draft else draft_next_version(version=base, by=self.by)
        if head is not None:
            self._set(version, head, TERMS)
        version.save()
        if base is None:
            record_activity("scheme.draft_version", by=self.by, subject=version)
        if purposes is not None:
            version.purposes.set(purposes)
        if links is not None:
            _write_links(version, links)
        if papers is not None:
            _write_papers(version, papers)


def _write_links(version: SchemeVersion, units: list[CompetencyUnit]) -> None:
    stored = {link.unit_id: link for link in version.scheme_units.all()}
    for link in stored.values():
        if link.unit_id not in {unit.pk for unit in units}:
            link.delete()
    for position, unit in enumerate(units, start=1):
        link = stored.get(unit.pk) or SchemeUnit(scheme_version=version, unit=unit)
        if link.pk is None or link.position != position:
            link.position = position
            link.save()


def _write_papers(version: SchemeVersion, wanted: list[Requirement]) -> None:
    stored = {(row.section, row.title): row for row in version.requirements.all()}
    keys = {(row.section, row.title) for row in wanted}
    for key, row in stored.items():
        if key not in keys:
            row.delete()
    for row in wanted:
        known = stored.get((row.section, row.title))
        row.pk, row.scheme_version = (known.pk if known else None), version
        row._state.adding = known is None
        row.save()


def _codes_of(version: SchemeVersion) -> list[str]:
    if not version.pk:
        return []
    return list(version.scheme_units.order_by("position", "pk").values_list("unit__code", flat=True))


def _pointed_at(model: type[models.Model], keys: list[Any]) -> set[Any]:
    """Which of these rows something else holds on to, so that they cannot be deleted."""
    held: set[Any] = set()
    if not keys:
        return held
    for field in model._meta.get_fields(include_hidden=True):
        if field.auto_created and not field.concrete and getattr(field, "on_delete", None) is models.PROTECT:
            name = field.field.attname
            rows = field.related_model._default_manager.filter(**{f"{field.field.name}__in": keys})
            held |= set(rows.order_by().values_list(name, flat=True).distinct())
    return held


def _blank_of(row: models.Model, name: str) -> Any:
    """What an empty cell means: the field's default for a choice, number or yes/no; nothing for a text or a day."""
    field = row._meta.get_field(name)
    if field.choices or not isinstance(field, (models.CharField, models.TextField, models.DateField)):
        return field.get_default()
    return None if field.null else ""


def _shown(row: models.Model, name: str, value: Any) -> str:
    labels = dict(row._meta.get_field(name).flatchoices)
    return str(labels.get(value, plain(value)))


def _elem(row: Element) -> str:
    return _("Elemen %(n)d. %(title)s") % {"n": row.number, "title": row.title}


def _is_slug(code: str) -> bool:
    return bool(code) and all(c in "abcdefghijklmnopqrstuvwxyz0123456789-" for c in code)
