"""Reads of schemes."""

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from core.documents.models import DocumentType
from core.schemes.enums import VersionStatus
from core.schemes.models import CompetencyUnit, Requirement, SchemeVersion


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


def current_version(scheme_code: str) -> SchemeVersion | None:
    return published_versions().filter(scheme__code=scheme_code).first()


def units_in_order(version: SchemeVersion) -> list[CompetencyUnit]:
    """The units of a version with elements and criteria: five queries, however many there are."""
    links = version.scheme_units.order_by("position").prefetch_related(
        Prefetch("unit", CompetencyUnit.objects.prefetch_related("standard", "elements__criteria"))
    )
    return [link.unit for link in links]


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
