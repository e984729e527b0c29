"""What all writers of tickets share: the lock, the words, the clock."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from core.common.dates import add_working_days
from core.common.exceptions import DomainError
from core.common.text import within
from core.inquiries.enums import Origin
from core.inquiries.models import MAX_TEXT, Ticket, TicketMessage
from core.policy.queries import system_policy


def lock(ticket: Ticket) -> Ticket:
    """The row as it is now with what belongs to it, locked until the transaction ends."""
    Ticket.objects.select_for_update().values_list("pk").get(pk=ticket.pk)
    return Ticket.objects.select_related("topic", "sender", "application").get(pk=ticket.pk)


def words_of(text: str, *, act: str, field: str = "text") -> str:
    text = within(text, MAX_TEXT, field=field)
    if not text:
        raise DomainError(_("Tulis pesannya dahulu."), code=f"{act}.words", field=field)
    return text


def add_line(
    ticket: Ticket, origin: Origin, text: str, *, by: Any = None, submission: UUID | None = None
) -> TicketMessage:
    person = by if by is not None and by.pk else None
    return TicketMessage.objects.create(ticket=ticket, origin=origin, text=text, by=person, submission=submission)


def start_clock(ticket: Ticket) -> None:
    """From now on somebody waits for an answer."""
    policy = system_policy()
    days = policy.complaint_days if ticket.is_complaint else policy.ticket_days
    ticket.waiting_since = timezone.now()
    ticket.due_on = add_working_days(timezone.localdate(), days)


def stop_clock(ticket: Ticket) -> None:
    ticket.waiting_since, ticket.due_on = None, None


def already_sent(submission: UUID | None) -> TicketMessage | None:
    """The message that this very form brought before."""
    if submission is None:
        return None
    return TicketMessage.objects.select_related("ticket__topic").filter(submission=submission).first()
