"""The only writers of assessments: who assesses whom, when and where, what was found."""

from core.assessments.services.announcing import (
    announce_session,
    cancel_session,
    reissue_letters,
    remind_sessions,
    seat_changed,
    tell_change,
)
from core.assessments.services.appeals import restore_record, set_record_aside
from core.assessments.services.assignments import (
    assign_assessor,
    assign_cases,
    end_assignment,
    release_assessor,
    replace_assessor_in_session,
)
from core.assessments.services.locking import lock_session
from core.assessments.services.preassessment import continue_application, discontinue_application, save_reviews
from core.assessments.services.results import (
    UnitJudgement,
    correct_results,
    open_record,
    record_result,
    save_results,
    sign_results,
)
from core.assessments.services.session_day import close_session, record_attendance
from core.assessments.services.sessions import (
    change_session,
    create_session,
    end_placement,
    lock_session_of,
    move_applications,
    place_applications,
    unplace_application,
)

__all__ = [
    "UnitJudgement",
    "announce_session",
    "assign_assessor",
    "assign_cases",
    "cancel_session",
    "change_session",
    "close_session",
    "continue_application",
    "correct_results",
    "create_session",
    "discontinue_application",
    "end_assignment",
    "end_placement",
    "lock_session",
    "lock_session_of",
    "move_applications",
    "open_record",
    "place_applications",
    "record_attendance",
    "record_result",
    "reissue_letters",
    "release_assessor",
    "remind_sessions",
    "replace_assessor_in_session",
    "restore_record",
    "save_results",
    "save_reviews",
    "seat_changed",
    "set_record_aside",
    "sign_results",
    "tell_change",
    "unplace_application",
]
