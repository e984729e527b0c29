"""Reads of schemes."""

from collections.abc import Iterable

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from core.schemes.enums import VersionStatus
from core.schemes.models import CompetencyUnit, SchemeUnit, SchemeVersion


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


def units_in_published_versions(codes: Iterable[str]) -> set[str]:
    """Which of these units a published version holds: candidates answer their very words."""
    links = SchemeUnit.objects.filter(unit__code__in=list(codes), scheme_version__status=VersionStatus.PUBLISHED)
    return set(links.order_by().values_list("unit__code", flat=True).distinct())


def units_in_order(version: SchemeVersion) -> list[CompetencyUnit]:
    """The units of a version with elements and criteria: five queries, however many there are."""
    links = version.scheme_units.order_by("position").prefetch_related(
        Prefetch("unit", CompetencyUnit.objects.prefetch_related("standard", "elements__criteria"))
    )
    return [link.unit for link in links]
