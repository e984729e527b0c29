"""Small questions about tickets, asked by the workflow table and by both faces."""

import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.common.text import HIDDEN, hide_identifiers
from core.inquiries.models import Ticket, TicketMessage


@dataclass(frozen=True)
class LinkHolder:
    """Somebody of whom only this is known: they opened the ticket by the link in its letters."""

    ticket_id: int
    pk: None = None
    is_active: bool = True

    def has_perm(self, permission: str) -> bool:
        return False


def is_sender(ticket: Ticket, by: Any) -> bool:
    """Whoever holds the link of the letter, or owns the conversation."""
    if isinstance(by, LinkHolder):
        return by.ticket_id == ticket.pk
    return owns_ticket(ticket, by)


def owns_ticket(ticket: Ticket, by: Any) -> bool:
    """Whoever wrote it signed in, or whose confirmed address it was written from: the letters went there too."""
    if ticket.sender_id is not None:
        return ticket.sender_id == by.pk
    return bool(by.email_confirmed_at) and bool(ticket.email) and ticket.email == by.email


def is_kept(ticket: Ticket, by: Any) -> str:
    """What was emptied says nothing any more that could be answered."""
    if ticket.emptied_at is None:
        return ""
    return _("Masa simpan pesan ini sudah lewat dan isinya dihapus. Kirim pesan baru lewat formulir kontak.")


def may_see_sender(by: Any) -> bool:
    """Who answers knows whom; overseers read complaints without the person behind them."""
    return by.has_perm("core.answer_ticket")


def told_text(message: TicketMessage, ticket: Ticket, by: Any) -> str:
    """The words of a message for this reader: for overseers without what points at the sender."""
    if may_see_sender(by):
        return message.text
    words = [word for word in re.split(r"\W+", ticket.name) if len(word) > 2]
    text = hide_identifiers(message.text)
    if words:
        text = re.sub(rf"\b(?:{'|'.join(map(re.escape, words))})\b", HIDDEN, text, flags=re.IGNORECASE)
    return text


def conflict_of(ticket: Ticket, by: Any) -> str:
    """A word of warning where a complaint is about a case that this person handled (ISO/IEC 17024, 9.9)."""
    if not ticket.is_complaint or ticket.application is None or ticket.application.officer_id != by.pk:
        return ""
    if ticket.assignee_id not in (None, by.pk):
        return _("Anda memeriksa permohonan yang diadukan. Biarkan rekan yang ditugaskan menjawabnya.")
    return _("Anda memeriksa permohonan yang diadukan. Tugaskan pengaduan ini kepada rekan yang tidak terlibat.")
