"""Reads of schemes."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery, prefetch_related_objects
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from core.common.languages import reads_english
from core.documents.models import DocumentType
from core.schemes.enums import VersionStatus
from core.schemes.models import AssessmentPurpose, CompetencyUnit, Requirement, Scheme, SchemeUnit, SchemeVersion


def published_versions() -> QuerySet[SchemeVersion]:
    """The version in force of each scheme, in the order of the public list, with its count of units."""
    return (
        SchemeVersion.objects.filter(status=VersionStatus.PUBLISHED)
        .select_related("scheme")
        .annotate(unit_count=Count("scheme_units"))
        .order_by("scheme__position", "scheme__title")
    )


def open_versions() -> QuerySet[SchemeVersion]:
    """Those of `published_versions` that take applications today (the same rule as `SchemeVersion.is_open`)."""
    today = timezone.localdate()
    return published_versions().filter(
        Q(registration_opens_on=None) | Q(registration_opens_on__lte=today),
        Q(registration_closes_on=None) | Q(registration_closes_on__gte=today),
    )


def find_versions(*, words: str = "", group: str = "", only_open: bool = False) -> QuerySet[SchemeVersion]:
    """Those of `published_versions` that somebody looks for: every word stands in the scheme or in one of its units.

    Readers of English find schemes by their English words too.
    """
    found = open_versions() if only_open else published_versions()
    if group:
        found = found.filter(scheme__group=group)
    for word in words.split()[:6]:
        units = SchemeUnit.objects.filter(Q(unit__title__icontains=word) | Q(unit__code__icontains=word))
        holds = (
            Q(scheme__title__icontains=word)
            | Q(scheme__number__icontains=word)
            | Q(scheme__summary__icontains=word)
            | Q(pk__in=units.order_by().values("scheme_version"))
        )
        if reads_english():
            holds |= Q(scheme__title_en__icontains=word) | Q(scheme__summary_en__icontains=word)
        found = found.filter(holds)
    return found


def versions_with_requirements() -> QuerySet[SchemeVersion]:
    """The published versions with what each asks for, in the order of FR.APL-01: two queries."""
    ordered = Requirement.objects.order_by("-section", "position", "pk")
    return published_versions().prefetch_related(Prefetch("requirements", ordered))


def current_version(scheme_code: str) -> SchemeVersion | None:
    return published_versions().filter(scheme__code=scheme_code).first()


def units_in_published_versions(codes: Iterable[str]) -> set[str]:
    """Which of these units a published version holds: candidates answer their very words."""
    links = SchemeUnit.objects.filter(unit__code__in=list(codes), scheme_version__status=VersionStatus.PUBLISHED)
    return set(links.order_by().values_list("unit__code", flat=True).distinct())


def units_in_order(version: SchemeVersion, *, with_criteria: bool = True) -> list[CompetencyUnit]:
    """The units of a version with elements and criteria: three queries, however many there are."""
    links = version.scheme_units.order_by("position", "pk").select_related("unit__standard")
    units = [link.unit for link in links]
    prefetch_related_objects(units, "elements__criteria" if with_criteria else "elements")
    return units


def requirements_asking_for(document_type: DocumentType) -> QuerySet[Requirement]:
    """Which requirements ask for this kind of document, in versions that are open or being prepared."""
    return (
        Requirement.objects.filter(document_type=document_type)
        .exclude(scheme_version__status=VersionStatus.RETIRED)
        .select_related("scheme_version__scheme")
        .order_by("scheme_version__scheme__position", "-scheme_version__number", "position")
    )


def with_usage(document_types: QuerySet[DocumentType]) -> QuerySet[DocumentType]:
    """Kinds of documents with `usage`: by how many such requirements each is asked for."""
    asked = (
        Requirement.objects.filter(document_type=OuterRef("pk"))
        .exclude(scheme_version__status=VersionStatus.RETIRED)
        .order_by()
        .values("document_type")
        .annotate(total=Count("pk"))
        .values("total")
    )
    return document_types.annotate(usage=Coalesce(Subquery(asked), 0))


@dataclass(frozen=True)
class VersionContent:
    """A version with all that it asks, read at one moment."""

    version: SchemeVersion
    units: list[CompetencyUnit]
    requirements: list[Requirement]
    purposes: list[AssessmentPurpose]


def content_of(version: SchemeVersion) -> VersionContent:
    """Six queries, however much the version holds."""
    prefetch_related_objects([version], "purposes")
    return VersionContent(
        version=version,
        units=units_in_order(version),
        requirements=list(
            version.requirements.order_by("-section", "position", "pk").prefetch_related("document_type")
        ),
        purposes=list(version.purposes.all()),
    )


def version_to_open(scheme: Scheme, number: int | None = None) -> SchemeVersion | None:
    """The version asked for, else the one that is worked on: the draft, the one in force, the newest."""
    versions = list(scheme.versions.all())
    if number is not None:
        return next((version for version in versions if version.number == number), None)
    for status in (VersionStatus.DRAFT, VersionStatus.PUBLISHED, VersionStatus.RETIRED):
        if found := next((version for version in versions if version.status == status), None):
            return found
    return None


def find_units(words: str, limit: int = 12) -> list[CompetencyUnit]:
    """Units whose code or title holds every word."""
    found = CompetencyUnit.objects.order_by("code").prefetch_related("standard")
    for word in words.split()[:6]:
        found = found.filter(Q(code__icontains=word) | Q(title__icontains=word))
    return list(found[:limit]) if words.strip() else []


def uses_of(unit: CompetencyUnit) -> QuerySet[SchemeVersion]:
    """The versions that hold a unit, those in force first."""
    return unit.scheme_versions.select_related("scheme").order_by("scheme__title", "-number")


def propose_scheme_code(title: str) -> str:
    """A code made of the title that no scheme has yet."""
    stem = slugify(title)[:55].strip("-") or "skema"
    taken = set(Scheme.objects.filter(code__startswith=stem).values_list("code", flat=True))
    return next(code for n in range(1, len(taken) + 3) if (code := stem if n == 1 else f"{stem}-{n}") not in taken)


# --- what a version changes -------------------------------------------------------------------------


@dataclass(frozen=True)
class Difference:
    """One line of the comparison of two versions. `kind` is baru, hilang or berubah."""

    kind: str
    subject: Any
    detail: str = ""


def differences(before: SchemeVersion, after: SchemeVersion) -> list[Difference]:
    """What `after` asks that `before` did not, and the other way round; units by code, requirements by wording."""
    old, new = _asked(before), _asked(after)
    rows = _differing_units(old["units"], new["units"])
    rows += _differing_requirements(old["requirements"], new["requirements"])
    for label, key in ((_("Tujuan asesmen"), "purposes"), (_("Masa berlaku sertifikat"), "validity")):
        if old[key] != new[key]:
            rows.append(Difference("berubah", label, f"{old[key] or '–'} → {new[key] or '–'}"))
    return rows


def _asked(version: SchemeVersion) -> dict[str, Any]:
    links = version.scheme_units.order_by("position", "pk").prefetch_related("unit")
    requirements = version.requirements.order_by("-section", "position", "pk").prefetch_related("document_type")
    return {
        "units": {link.unit.code: link.unit.title for link in links},
        "requirements": {
            (row.section, row.title): {
                _("jenis dokumen"): row.document_type.title,
                _("sifat"): _("wajib") if row.is_required else _("bila ada"),
                _("petunjuk"): row.help_text,
            }
            for row in requirements
        },
        "purposes": ", ".join(purpose.title for purpose in version.purposes.order_by("position")),
        "validity": _("%(n)d bulan") % {"n": version.validity_months},
    }


def _differing_units(old: dict[str, str], new: dict[str, str]) -> list[Difference]:
    rows = [Difference("baru", f"{code} {title}", _("Unit")) for code, title in new.items() if code not in old]
    rows += [Difference("hilang", f"{code} {title}", _("Unit")) for code, title in old.items() if code not in new]
    if [code for code in old if code in new] != [code for code in new if code in old]:
        rows.append(Difference("berubah", _("Urutan unit"), " → ".join(new)))
    return rows


def _differing_requirements(old: dict, new: dict) -> list[Difference]:
    rows = [Difference("baru", key[1], _("Persyaratan")) for key in new if key not in old]
    rows += [Difference("hilang", key[1], _("Persyaratan")) for key in old if key not in new]
    for key, facts in new.items():
        changed = [
            f"{name}: {old[key][name] or '–'} → {value or '–'}"
            for name, value in facts.items()
            if key in old and old[key][name] != value
        ]
        if changed:
            rows.append(Difference("berubah", key[1], "; ".join(changed)))
    return rows
