"""A case, what was sent of it, and every paper that belongs in its file."""

from core.applications.models.case_files import CaseDocument, ExpectedDocument
from core.applications.models.cases import (
    COUNTED_BY,
    Application,
    ApplicationSection,
    Employer,
    FormDocument,
    RequirementEvidence,
    ReturnRequest,
    Review,
    SelfAssessmentAnswer,
    Submission,
    application_code,
)

__all__ = [
    "COUNTED_BY",
    "Application",
    "ApplicationSection",
    "CaseDocument",
    "Employer",
    "ExpectedDocument",
    "FormDocument",
    "RequirementEvidence",
    "ReturnRequest",
    "Review",
    "SelfAssessmentAnswer",
    "Submission",
    "application_code",
]
