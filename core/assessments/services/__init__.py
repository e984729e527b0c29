"""The only writers of assessments: who assesses whom, when and where, what was found."""

from core.assessments.services.assignments import assign_assessor, end_assignment, release_assessor
from core.assessments.services.results import (
    UnitJudgement,
    correct_results,
    open_record,
    record_result,
    save_results,
    sign_results,
)
from core.assessments.services.sessions import end_placement

__all__ = [
    "UnitJudgement",
    "assign_assessor",
    "correct_results",
    "end_assignment",
    "end_placement",
    "open_record",
    "record_result",
    "release_assessor",
    "save_results",
    "sign_results",
]
