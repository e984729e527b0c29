"""The only writers of plenaries, decisions and appeals."""

from core.decisions.services.agenda import (
    Choice,
    add_cases,
    follow_recommendations,
    leave_agenda,
    remove_case,
    save_decisions,
)
from core.decisions.services.appeals import file_appeal, withdraw_appeal
from core.decisions.services.closing import cancel_plenary, confirm_plenary, record_plenary, reopen_plenary
from core.decisions.services.plenaries import Seat, change_plenary, create_plenary, lock_plenary, save_members

__all__ = [
    "Choice",
    "Seat",
    "add_cases",
    "cancel_plenary",
    "change_plenary",
    "confirm_plenary",
    "create_plenary",
    "file_appeal",
    "follow_recommendations",
    "leave_agenda",
    "lock_plenary",
    "record_plenary",
    "remove_case",
    "reopen_plenary",
    "save_decisions",
    "save_members",
    "withdraw_appeal",
]
