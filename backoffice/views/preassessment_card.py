"""What the case page tells of the pre-assessment."""

from collections.abc import Mapping
from typing import Any

from core.applications.models import Application
from core.applications.queries import latest_submission
from core.assessments.queries import signed_preassessment
from core.assessments.services.preassessment import may_review
from core.assessments.vatm import CRITERIA, elements_of, review_rows


def preassessment_card(case: Application, by: Any, snapshot: Mapping[str, Any]) -> dict[str, Any]:
    """To its assessor the way there, to all what was signed."""
    review = signed_preassessment(case)
    found: dict[str, Any] = {"may_preassess": not may_review(case, by), "review": review}
    if review is not None:
        rows = elements_of(review_rows(latest_submission(case), review, snapshot=snapshot))
        found |= {
            "review_lacks": [
                (row, [CRITERIA[name][2] for name in row.lacking]) for row in rows if row.lacking or not row.evidence
            ],
            "review_judged": sum(row.is_judged for row in rows),
        }
    return found
