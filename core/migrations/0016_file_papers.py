from collections.abc import Iterator
from itertools import batched
from typing import Any

from django.db import migrations
from django.db.models import F, Max


def _papers(apps: Any) -> Iterator[tuple[int, int, bool]]:
    """(case, document, whether it is in force) of every paper that a room knew before there were files of cases."""

    def rows(model: str, *names: str, **conditions: Any) -> Iterator[tuple]:
        return apps.get_model("core", model).objects.filter(**conditions).values_list(*names).iterator()

    through = {
        "requirementevidence": apps.get_model("core", "RequirementEvidence").documents.through,
        "selfassessmentanswer": apps.get_model("core", "SelfAssessmentAnswer").documents.through,
    }
    for name, model in through.items():
        for application, document in model.objects.values_list(f"{name}__application", "document").iterator():
            yield application, document, True
    forms = (
        apps.get_model("core", "FormDocument")
        .objects.exclude(edition__in=["terkirim-s", "diperiksa-s"])
        .annotate(newest=Max("submission__application__submissions__sequence"), application=F("submission__application"))
    )
    for application, document, sequence, newest in forms.values_list(
        "application", "document", "submission__sequence", "newest"
    ).iterator():
        yield application, document, sequence == newest
    for application, document in rows("PreAssessment", "application", "document", document__isnull=False):
        yield application, document, True
    for model in ("FilledForm", "Certificate"):
        papers = rows(model, "application", "document", "in_force", document__isnull=False, application__isnull=False)
        for application, document, in_force in papers:
            yield application, document, in_force is True
    letters = rows("AssignmentLetter", "session__placements__application", "document", "in_force")
    for application, document, in_force in letters:
        yield application, document, in_force is True
    for application, document in rows("Decision", "application", "plenary__document"):
        yield application, document, True


def file_papers(apps: Any, schema_editor: Any) -> None:
    model = apps.get_model("core", "CaseDocument")
    known = (paper for paper in _papers(apps) if paper[0] and paper[1])
    for batch in batched(known, 2000):
        model.objects.bulk_create(
            [
                model(application_id=application, document_id=document, is_current=current)
                for application, document, current in batch
            ],
            ignore_conflicts=True,
        )


class Migration(migrations.Migration):
    dependencies = [("core", "0015_repository")]

    operations = [migrations.RunPython(file_papers, migrations.RunPython.noop, elidable=True)]
