"""Assessment forms that ask something."""

from itertools import count

from django.utils import timezone

from core.assessments.models import FormDefinition, FormLine, FormRequirement, FormVersion
from core.documents.models import DocumentType
from core.schemes.enums import VersionStatus

_numbers = count(1)

#: What a line says unless a test says otherwise.
LINE = {
    "kind": "teks",
    "label": "Catatan",
    "help_text": "",
    "options": "",
    "repeat": "sekali",
    "filled_by": "",
    "is_required": True,
    "asks_comment": False,
}


def make_form(*, published: bool = True, needed: bool = True, lines: int = 1, **fields) -> FormVersion:
    """Version 1 of a new form: a section, and as many questions below it as wished."""
    number = next(_numbers)
    kind = DocumentType.objects.create(
        code=f"formulir-uji-{number}", title=f"Formulir uji {number}", is_personal_evidence=False
    )
    values = {"code": f"fr-uji-{number}", "title": f"FR.UJI.{number}", "stage": "sesudah", "filled_by": "asesor"}
    form = FormDefinition.objects.create(document_type=kind, position=100 + number, **values | fields)
    version = FormVersion.objects.create(
        definition=form,
        number=1,
        status=VersionStatus.PUBLISHED if published else VersionStatus.DRAFT,
        published_at=timezone.now() if published else None,
    )
    FormLine.objects.create(version=version, position=1, key="bagian", kind="bagian", label="Bagian satu")
    for place in range(1, lines + 1):
        FormLine.objects.create(
            version=version, position=place + 1, key=f"isian-{place}", kind="teks", label=f"Isian {place}"
        )
    if needed:
        FormRequirement.objects.create(definition=form)
    return version
