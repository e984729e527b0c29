"""The only writers of assessments: who assesses whom, when and where, what was found."""

from core.assessments.services.announcing import seat_changed
from core.assessments.services.assignments import (
    assign_assessor,
    end_assignment,
    release_assessor,
    replace_assessor_in_session,
)
from core.assessments.services.sessions import (
    change_session,
    create_session,
    end_placement,
    lock_session,
    lock_session_of,
    move_applications,
    place_applications,
    unplace_application,
)

__all__ = [
    "assign_assessor",
    "change_session",
    "create_session",
    "end_assignment",
    "end_placement",
    "lock_session",
    "lock_session_of",
    "move_applications",
    "place_applications",
    "release_assessor",
    "replace_assessor_in_session",
    "seat_changed",
    "unplace_application",
]
