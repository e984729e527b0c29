"""The only writers of assessments: who assesses whom, when and where, what was found."""

from core.assessments.services.appeals import set_record_aside
from core.assessments.services.assignments import assign_assessor, end_assignment, release_assessor
from core.assessments.services.sessions import end_placement

__all__ = ["assign_assessor", "end_assignment", "end_placement", "release_assessor", "set_record_aside"]
