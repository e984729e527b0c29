"""Forgetting what the papers of an assessment hold: when their retention is over, or because the person asked.

What stays: that there was a paper, who signed it when, the hash of what was signed, and the results (K or BK).
"""

from core.applications.models import Application
from core.assessments.models import (
    AssessmentRecord,
    AssessmentResult,
    AssignmentLetter,
    EvidenceReview,
    FilledForm,
    PreAssessment,
)
from core.documents.models import Document


def forget_paper(document: Document) -> None:
    """A printed paper was destroyed: what it was printed from goes with it."""
    FilledForm.objects.filter(document=document).update(answers="", content="")
    PreAssessment.objects.filter(document=document).update(content="")
    AssignmentLetter.objects.filter(document=document).update(content="")


def forget_assessment(application: Application) -> None:
    """What assessor and candidate wrote in one case."""
    FilledForm.objects.filter(application=application).update(answers="", content="", correction_reason="")
    PreAssessment.objects.filter(application=application).update(content="", note="")
    EvidenceReview.objects.filter(preassessment__application=application).update(note="")
    AssessmentRecord.objects.filter(application=application).update(
        content="", note="", follow_up="", correction_reason=""
    )
    AssessmentResult.objects.filter(record__application=application).update(note="")
