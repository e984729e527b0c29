"""Loads what is true in every installation from fixtures/reference/, in the order of the file names.

Idempotent: rows are found by their natural key and created where they are missing. What staff may
edit (schemes, units, forms, lists, templates, numbering, texts) is never overwritten; only the names of regions,
the placeholders that a template knows, and a standard's own title follow the files. English that came with a later
release is added to rows that nobody ever edited.
"""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from core.accounts.models import ConsentText
from core.accounts.services import lay_roles_ready
from core.activity.queries import versions_of
from core.applications.models import ExpectedDocument
from core.assessments.enums import SILENT_KINDS
from core.assessments.models import FormDefinition, FormLine, FormRequirement, FormVersion
from core.assessments.services.definitions import publish_form_version
from core.codelists.models import CodeList, CodeListEntry, Region
from core.common.models import Holiday, NumberingRule
from core.content.entries import Question
from core.content.models import MenuItem, OfficeData, Page, PageEdition
from core.documents.models import DocumentType
from core.handovers.models import HandoverColumn, HandoverLayout
from core.inquiries.models import AnswerTemplate
from core.messaging.models import MessageTemplate
from core.policy.models import SystemPolicy
from core.savedviews.models import SavedView
from core.schemes.enums import VersionStatus
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
from core.timetable.services import lay_timetable_ready

REFERENCE_DIR = settings.BASE_DIR / "fixtures" / "reference"


def load_reference(folder: Path = REFERENCE_DIR) -> dict[str, int]:
    """Load all files in one transaction; {key in the files: rows read}."""
    counts: dict[str, int] = {}
    with transaction.atomic():
        lay_roles_ready()
        lay_timetable_ready()
        for path in sorted(folder.glob("*.json")):
            for key, rows in json.loads(path.read_text(encoding="utf-8")).items():
                if loader := LOADERS.get(key):
                    loader(rows)
                    counts[key] = counts.get(key, 0) + len(rows)
    return counts


def _load_provinces(rows: list[dict]) -> None:
    _upsert_regions([Region(code=row["code"], name=row["name"]) for row in rows])


def _load_regencies(rows: list[dict]) -> None:
    _upsert_regions([Region(code=r["code"], name=r["name"], province_id=r["code"][:2]) for r in rows])


def _load_retired_regions(rows: list[dict]) -> None:
    """Codes that only stand in old NIK; their province may itself be gone from the list."""
    known = set(Region.objects.values_list("code", flat=True))
    _upsert_regions(
        [
            Region(
                code=r["code"],
                name=r["name"],
                is_current=False,
                province_id=r["code"][:2] if len(r["code"]) == 4 and r["code"][:2] in known else None,
            )
            for r in rows
        ]
    )


def _upsert_regions(regions: list[Region]) -> None:
    known = Region.objects.in_bulk([region.code for region in regions])
    changed = [
        region
        for region in regions
        if region.code in known
        and (known[region.code].name, known[region.code].is_current) != (region.name, region.is_current)
    ]
    Region.objects.bulk_create([region for region in regions if region.code not in known], batch_size=200)
    Region.objects.bulk_update(changed, ["name", "is_current"], batch_size=200)


def _add_english(row: Model, shipped: dict) -> bool:
    """Give a row the English of the files; whether it did.

    Only to one that has none, says in Indonesian what the files say, and was never saved by anybody: English that
    the secretariat emptied stays empty, and no translation stands beside other words than those it translates.
    """
    words = {name: shipped.get(name, "") for name in row.twins()}
    if not any(words.values()) or any(getattr(row, name) for name in words):
        return False
    if any(getattr(row, name) != shipped.get(name, "") for name in row.in_english):
        return False
    if versions_of(type(row), row.pk).exists():
        return False
    type(row)._default_manager.filter(pk=row.pk).update(**words)
    for name, value in words.items():
        setattr(row, name, value)
    return True


def _load_code_lists(rows: list[dict]) -> None:
    for row in rows:
        code_list, _created = CodeList.objects.get_or_create(
            code=row["code"],
            defaults={
                "title": row["title"],
                "source": row.get("source", ""),
                "is_confirmed": row.get("confirmed", False),
            },
        )
        known = {entry.code: entry for entry in code_list.entries.all()}
        CodeListEntry.objects.bulk_create(
            [
                CodeListEntry(code_list=code_list, position=position, **entry)
                for position, entry in enumerate(row["entries"], start=1)
                if entry["code"] not in known
            ]
        )
        for entry in row["entries"]:
            if entry["code"] in known:
                _add_english(known[entry["code"]], entry)


def _create_missing(model, key: str, rows: list[dict]) -> None:
    for position, row in enumerate(rows, start=1):
        defaults = {name: value for name, value in row.items() if name != key}
        if hasattr(model, "position"):
            defaults.setdefault("position", position)
        model.objects.get_or_create(**{key: row[key]}, defaults=defaults)


def _load_templates(rows: list[dict]) -> None:
    """Creates missing templates; which placeholders one knows follows the program, not the editor."""
    _create_missing(MessageTemplate, "key", rows)
    for row in rows:
        MessageTemplate.objects.filter(key=row["key"]).exclude(placeholders=row["placeholders"]).update(
            placeholders=row["placeholders"]
        )


def _load_office(row: dict) -> None:
    if not OfficeData.objects.exists():
        OfficeData.objects.create(**row)


def _load_policy(row: dict) -> None:
    if not SystemPolicy.objects.exists():
        SystemPolicy.objects.create(**row)


def _load_pages(rows: list[dict]) -> None:
    """Pages that are missing, with what they say published at once; so is English that is new."""
    for row in rows:
        page, created = Page.objects.get_or_create(slug=row["slug"], defaults=row)
        if created or (not page.editions.exclude(published_by=None).exists() and _add_english(page, row)):
            PageEdition.objects.create(page=page, live_from=timezone.now(), published_by=None, **page.words)


def _load_menus(rows: list[dict]) -> None:
    """Only where there is no menu yet: an entry that staff took out does not come back."""
    if not MenuItem.objects.exists():
        MenuItem.objects.bulk_create([MenuItem(position=place, **row) for place, row in enumerate(rows, start=1)])
    _add_english_to(MenuItem, rows, ("place", "portal_page"))


def _load_questions(rows: list[dict]) -> None:
    """The first questions, published; only where there are none: one that staff took out does not come back."""
    if not Question.objects.exists():
        Question.objects.bulk_create(
            [Question(position=place, is_published=True, **row) for place, row in enumerate(rows, start=1)]
        )
    _add_english_to(Question, rows, ("question",))


def _add_english_to(model: type[Model], rows: list[dict], key: tuple[str, ...]) -> None:
    """`_add_english` for rows that are found by these fields."""
    shipped = {tuple(row.get(name, "") for name in key): row for row in rows}
    for row in model._default_manager.all():
        if words := shipped.get(tuple(getattr(row, name) for name in key)):
            _add_english(row, words)


def _load_holidays(rows: list[dict]) -> None:
    """A year at a time, and only one of which nothing is known: a day that staff took out does not come back."""
    known = {day.year for day in Holiday.objects.values_list("day", flat=True)}
    days = [Holiday(day=date.fromisoformat(row["day"]), name=row["name"]) for row in rows]
    Holiday.objects.bulk_create([row for row in days if row.day.year not in known])


def _load_consent_texts(rows: list[dict]) -> None:
    for row in rows:
        ConsentText.objects.get_or_create(
            purpose=row["purpose"],
            version=row["version"],
            defaults={"title": row["title"], "body": row["body"], "published_at": timezone.now()},
        )


def _load_standards(rows: list[dict]) -> None:
    for row in rows:
        units = row.pop("units")
        standard, _created = CompetencyStandard.objects.update_or_create(code=row["code"], defaults=row)
        for unit in units:
            _load_unit(standard, unit)


def _load_unit(standard: CompetencyStandard, row: dict) -> None:
    unit, created = CompetencyUnit.objects.get_or_create(
        code=row["code"],
        defaults={
            "standard": standard,
            "title": row["title"],
            "description": row.get("description", ""),
            "completeness": row["completeness"],
            "source": "\n".join(row["sources"]),
            "source_note": row.get("note", ""),
        },
    )
    if not created:
        return  # completed or corrected in the back office meanwhile
    for element_number, element_row in enumerate(row["elements"], start=1):
        element = Element.objects.create(unit=unit, number=element_number, title=element_row["title"])
        for position, criterion in enumerate(element_row["criteria"], start=1):
            PerformanceCriterion.objects.update_or_create(
                element=element, position=position, defaults={"number": criterion["number"], "text": criterion["text"]}
            )


def _load_schemes(rows: list[dict]) -> None:
    for position, row in enumerate(rows, start=1):
        scheme, created = Scheme.objects.get_or_create(
            code=row["code"],
            defaults={
                "title": row["title"],
                "number": row.get("number", ""),
                "kind": row["kind"],
                "group": row.get("group", ""),
                "summary": row["summary"],
                "position": position,
            }
            | {f"{name}_en": row.get(f"{name}_en", "") for name in Scheme.in_english},
        )
        if created:
            _load_first_version(scheme, row)
        else:
            _add_english(scheme, row)


def _load_first_version(scheme: Scheme, row: dict) -> None:
    """The first version, published when it can be applied for, else a draft that waits for the LSP."""
    is_published = row["is_published"]
    version = SchemeVersion.objects.create(
        scheme=scheme,
        number=1,
        validity_months=row.get("validity_months", 36),
        is_confirmed=False,
        confirmation_note=row["confirmation_note"],
        status=VersionStatus.PUBLISHED if is_published else VersionStatus.DRAFT,
        published_at=timezone.now() if is_published else None,
    )
    version.purposes.set(AssessmentPurpose.objects.all())
    for position, code in enumerate(row["units"], start=1):
        SchemeUnit.objects.create(scheme_version=version, unit=CompetencyUnit.objects.get(code=code), position=position)
    for position, requirement in enumerate(row["requirements"], start=1):
        requirement = dict(requirement)
        document_type = DocumentType.objects.get(code=requirement.pop("document_type"))
        Requirement.objects.create(
            scheme_version=version, position=position, document_type=document_type, **requirement
        )


def _load_assessment_forms(rows: list[dict]) -> None:
    """Forms that are missing, published at once, and newer versions of those that are still as they shipped.

    A form that staff prepared a version of, or that the LSP confirmed, stays as it is.
    """
    for position, row in enumerate(rows, start=1):
        form, created = FormDefinition.objects.get_or_create(
            code=row["code"],
            defaults={name: row[name] for name in ("title", "subject", "stage", "filled_by")}
            | {"document_type": DocumentType.objects.get(code=row["code"]), "position": position},
        )
        number = row.get("version", 1)
        if created:
            draft = _draft_form(form, number, row["lines"])
            FormVersion.objects.filter(pk=draft.pk).update(status=VersionStatus.PUBLISHED, published_at=timezone.now())
            FormRequirement.objects.create(definition=form, is_required=row["is_required"])
        elif _is_as_shipped(form, before=number):
            publish_form_version(version=_draft_form(form, number, row["lines"]), by=None)


def _is_as_shipped(form: FormDefinition, *, before: int) -> bool:
    newest = form.versions.order_by("-number").first()
    return (
        newest is not None
        and newest.number < before
        and newest.status == VersionStatus.PUBLISHED
        and not newest.is_confirmed
    )


def _draft_form(form: FormDefinition, number: int, lines: list[dict]) -> FormVersion:
    draft = FormVersion.objects.create(definition=form, number=number)
    FormLine.objects.bulk_create(
        FormLine(
            version=draft,
            position=place,
            **line
            | {
                "options": "\n".join(line.get("options", ())),
                "is_required": line["kind"] not in SILENT_KINDS and line.get("is_required", True),
            },
        )
        for place, line in enumerate(lines, start=1)
    )
    return draft


def _load_expected_documents(rows: list[dict]) -> None:
    """What the file of every case should hold, at the first loading only: lines that staff took out stay out."""
    if not ExpectedDocument.objects.exists():
        kinds = DocumentType.objects.in_bulk([row["document_type"] for row in rows], field_name="code")
        ExpectedDocument.objects.bulk_create(
            [
                ExpectedDocument(position=n, **row | {"document_type": kinds[row["document_type"]]})
                for n, row in enumerate(rows, start=1)
            ]
        )


def _load_saved_views(rows: list[dict]) -> None:
    """Useful views of each role, at the first loading only: what a role took away does not come back."""
    if not SavedView.objects.filter(owner=None).exists():
        SavedView.objects.bulk_create([SavedView(position=n, **row) for n, row in enumerate(rows, start=1)])


def _load_answer_templates(rows: list[dict]) -> None:
    """Only where there is none yet: one that staff deleted does not come back."""
    if not AnswerTemplate.objects.exists():
        AnswerTemplate.objects.bulk_create(AnswerTemplate(position=n, **row) for n, row in enumerate(rows, start=1))


def _load_handover_layouts(rows: list[dict]) -> None:
    """Only where there is none: the columns are the secretariat's, who follow what BNSP asks for."""
    if not HandoverLayout.objects.exists():
        lists = CodeList.objects.in_bulk(field_name="code")
        for row in rows:
            columns = row.pop("columns")
            layout = HandoverLayout.objects.create(**row)
            HandoverColumn.objects.bulk_create(
                HandoverColumn(layout=layout, position=n, **one | {"code_list": lists.get(one.get("code_list"))})
                for n, one in enumerate(columns, start=1)
            )


LOADERS: dict[str, Callable] = {
    "provinces": _load_provinces,
    "regencies": _load_regencies,
    "retired": _load_retired_regions,
    "lists": _load_code_lists,
    "document_types": lambda rows: _create_missing(DocumentType, "code", rows),
    "expected_documents": _load_expected_documents,
    "purposes": lambda rows: _create_missing(AssessmentPurpose, "code", rows),
    "standards": _load_standards,
    "schemes": _load_schemes,
    "assessment_forms": _load_assessment_forms,
    "templates": _load_templates,
    "numbering": lambda rows: _create_missing(NumberingRule, "key", rows),
    "office": _load_office,
    "policy": _load_policy,
    "pages": _load_pages,
    "menus": _load_menus,
    "questions": _load_questions,
    "holidays": _load_holidays,
    "consent_texts": _load_consent_texts,
    "saved_views": _load_saved_views,
    "answer_templates": _load_answer_templates,
    "handover_layouts": _load_handover_layouts,
}
