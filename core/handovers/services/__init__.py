"""The only writers of hand-overs."""

from core.handovers.services.cases import add_decisions, remove_cases
from core.handovers.services.closing import (
    check_handover,
    correct_handover,
    hand_over,
    reopen_handover,
    withdraw_handover,
)
from core.handovers.services.forgetting import forget_rows
from core.handovers.services.preparing import attach_letter, detach_letter, prepare_handover, set_session_codes

__all__ = [
    "add_decisions",
    "attach_letter",
    "check_handover",
    "correct_handover",
    "detach_letter",
    "forget_rows",
    "hand_over",
    "prepare_handover",
    "remove_cases",
    "reopen_handover",
    "set_session_codes",
    "withdraw_handover",
]
