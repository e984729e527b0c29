"""The only writers of questions and complaints."""

from core.inquiries.services.conversation import open_ticket, write_to_ticket
from core.inquiries.services.handling import (
    add_note,
    answer_ticket,
    assign_ticket,
    close_ticket,
    link_ticket,
    reopen_ticket,
)
from core.inquiries.services.keeping import forget_tickets, wipe_old_tickets

__all__ = [
    "add_note",
    "answer_ticket",
    "assign_ticket",
    "close_ticket",
    "forget_tickets",
    "link_ticket",
    "open_ticket",
    "reopen_ticket",
    "wipe_old_tickets",
    "write_to_ticket",
]
