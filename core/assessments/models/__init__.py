"""Where and when is assessed, by whom, on which papers, with what result."""

from core.assessments.models.assignments import AssessorQualification, Assignment, AssignmentLetter
from core.assessments.models.forms import (
    FilledForm,
    FormDefinition,
    FormLine,
    FormRequirement,
    FormSignature,
    FormVersion,
)
from core.assessments.models.preassessment import EvidenceReview, PreAssessment
from core.assessments.models.results import AssessmentRecord, AssessmentResult
from core.assessments.models.sessions import AssessmentSession, Placement
from core.assessments.models.venues import Venue

__all__ = [
    "AssessmentRecord",
    "AssessmentResult",
    "AssessmentSession",
    "AssessorQualification",
    "Assignment",
    "AssignmentLetter",
    "EvidenceReview",
    "FilledForm",
    "FormDefinition",
    "FormLine",
    "FormRequirement",
    "FormSignature",
    "FormVersion",
    "Placement",
    "PreAssessment",
    "Venue",
]
