"""Schemes with text that says what it is."""

from itertools import count

from django.utils import timezone

from core.documents.models import DocumentType
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

_numbers = count(1)


def make_unit(*, elements: int = 2, criteria: int = 2) -> CompetencyUnit:
    number = next(_numbers)
    standard, _created = CompetencyStandard.objects.get_or_create(code="SKKNI Uji", defaults={"title": "Standar uji"})
    unit = CompetencyUnit.objects.create(
        standard=standard, code=f"X.000000.{number:03d}.01", title=f"Unit uji {number}"
    )
    for element_number in range(1, elements + 1):
        element = Element.objects.create(unit=unit, number=element_number, title=f"Elemen {element_number}")
        for position in range(1, criteria + 1):
            PerformanceCriterion.objects.create(
                element=element, position=position, number=f"{element_number}.{position}", text=f"Kriteria {position}"
            )
    return unit


def make_scheme(
    *, units: int = 1, elements: int = 2, requirements: tuple[str, ...] = ("ktp",), published: bool = True
) -> SchemeVersion:
    """Version 1 of a new scheme, open for registration; one required paper per kind in `requirements`."""
    number = next(_numbers)
    scheme = Scheme.objects.create(code=f"skema-uji-{number}", title=f"Skema Uji {number}")
    version = SchemeVersion.objects.create(
        scheme=scheme,
        number=1,
        status=VersionStatus.PUBLISHED if published else VersionStatus.DRAFT,
        published_at=timezone.now() if published else None,
    )
    version.purposes.set(AssessmentPurpose.objects.all())
    for position in range(1, units + 1):
        SchemeUnit.objects.create(scheme_version=version, unit=make_unit(elements=elements), position=position)
    for position, kind in enumerate(requirements, start=1):
        document_type = DocumentType.objects.get(code=kind)
        Requirement.objects.create(
            scheme_version=version,
            section="administratif",
            position=position,
            title=document_type.title,
            document_type=document_type,
        )
    return version
