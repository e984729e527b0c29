"""What the case page tells of the pre-assessment."""

from collections.abc import Mapping
from typing import Any

from core.applications.enums import ApplicationStatus as S
from core.applications.models import Application, Submission
from core.assessments.queries import signed_preassessment
from core.assessments.services.preassessment import may_review
from core.assessments.transitions import WORKFLOW
from core.assessments.vatm import CRITERIA, elements_of, review_rows

#: Nobody has reviewed anything yet.
BEFORE = frozenset({S.SUBMITTED, S.UNDER_REVIEW, S.RETURNED, S.REJECTED})


def preassessment_card(
    case: Application, by: Any, submission: Submission, snapshot: Mapping[str, Any]
) -> dict[str, Any]:
    """To its assessor the way there, to all what was signed; `snapshot` is the sending's as this reader may see it."""
    is_due = case.status in WORKFLOW["continue"].sources
    review = None if is_due or case.status in BEFORE else signed_preassessment(case)
    found: dict[str, Any] = {"may_preassess": is_due and not may_review(case, by), "review": review}
    if review is not None:
        rows = elements_of(review_rows(submission, review, snapshot=snapshot))
        found |= {
            "review_lacks": [
                (row, [CRITERIA[name][2] for name in row.lacking]) for row in rows if row.lacking or not row.evidence
            ],
            "review_judged": sum(row.is_judged for row in rows),
        }
    return found
