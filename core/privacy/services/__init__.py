"""The only writers of holds, destructions and requests."""

from core.privacy.services.destruction import (
    approve_destruction,
    cancel_destruction,
    continue_all_destructions,
    continue_destruction,
    may_take_out,
    propose_destruction,
    propose_monthly,
    take_out,
)
from core.privacy.services.erasure import propose_erasure
from core.privacy.services.holds import lift_hold, place_hold
from core.privacy.services.requests import (
    add_note,
    answer_request,
    cancel_request,
    open_request,
    refuse_request,
    take_request,
)
from core.privacy.services.tickets import wipe_tickets

__all__ = [
    "add_note",
    "answer_request",
    "approve_destruction",
    "cancel_destruction",
    "cancel_request",
    "continue_all_destructions",
    "continue_destruction",
    "lift_hold",
    "may_take_out",
    "open_request",
    "place_hold",
    "propose_destruction",
    "propose_erasure",
    "propose_monthly",
    "refuse_request",
    "take_out",
    "take_request",
    "wipe_tickets",
]
