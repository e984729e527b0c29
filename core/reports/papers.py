"""What the code of a signature stands for, whichever room the paper comes from."""

from dataclasses import dataclass
from typing import Any

from core.applications.models import Application
from core.applications.queries import paper_of_signature as sent_form
from core.assessments.models import AssessmentSession
from core.documents.models import Signature


@dataclass(frozen=True)
class SignedPaper:
    """What anybody who holds a paper may learn from its code: no personal data.

    `status` is that of the case or the meeting today. `is_replaced`: a newer paper took its place.
    """

    scheme: str
    status: str
    is_replaced: bool = False


def paper_of_signature(signature: Signature) -> SignedPaper | None:
    """None where the signature hangs on nothing that this system issued."""
    if found := sent_form(signature):
        return SignedPaper(found["scheme"], found["status"], not found["is_latest"])
    if (row := getattr(signature, "preassessment", None)) is not None:
        return _of_case(row.application)
    if (row := getattr(signature, "assessment_record", None)) is not None:
        return _of_case(row.application, is_replaced=row.in_force is None)
    if (row := getattr(signature, "form_signature", None)) is not None:
        paper = row.form
        is_replaced = paper.in_force is None
        if paper.application is None:
            return _of_session(paper.session, is_replaced=is_replaced)
        return _of_case(paper.application, is_replaced=is_replaced)
    if (row := getattr(signature, "assignment_letter", None)) is not None:
        return _of_session(row.session, is_replaced=row.in_force is None)
    for name in ("plenary_recorded", "plenary_confirmed", "destruction_proposed", "destruction_approved", "handover"):
        if (signed := getattr(signature, name, None)) is not None:
            return SignedPaper("", signed.get_status_display())
    return None


def _of_case(application: Application, **more: Any) -> SignedPaper:
    return SignedPaper(application.scheme_version.scheme.title, application.get_status_display(), **more)


def _of_session(session: AssessmentSession, **more: Any) -> SignedPaper:
    return SignedPaper(session.scheme.title, session.get_status_display(), **more)
