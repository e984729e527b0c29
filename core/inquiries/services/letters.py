"""The letters about tickets, all through the outbox."""

from collections.abc import Iterable

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format

from core.common.languages import ENGLISH
from core.inquiries.enums import Origin
from core.inquiries.models import Ticket, TicketMessage
from core.messaging.services import forget_events, queue_message


def link_of(ticket: Ticket) -> str:
    """Where its sender goes on: on their desk, or for somebody without one by the secret link."""
    if ticket.sender_id is not None:
        return f"{settings.SITE_URL}/akun/pesan/{ticket.number}/"
    portal = f"{settings.SITE_URL}/{ENGLISH}" if ticket.is_english else settings.SITE_URL
    return f"{portal}/pesan/{ticket.number}/{ticket.link_key}/"


def tell_sender(ticket: Ticket, template: str, *, answer: str = "", event: int | None = None) -> None:
    """A letter to whoever wrote, in the language in which they did, once for each event."""
    with translation.override(ticket.language):
        values = {
            "nama": ticket.name,
            "nomor": ticket.number,
            "topik": ticket.topic.said("title"),
            "batas": date_format(ticket.due_on, "j F Y") if ticket.due_on else "",
            "jawaban": answer,
            "tautan": link_of(ticket),
        }
    queue_message(
        f"{template}-{ENGLISH}" if ticket.is_english else template,
        recipient=ticket.sender,
        address=ticket.email,
        values=values,
        dedupe_key=_event(template, ticket.pk, event or 0),
    )


def _event(template: str, ticket: int, line: int) -> str:
    return f"{template}-{ticket}-{line}"


def forget_letters_about(tickets: Iterable[int]) -> int:
    """What was written about these tickets, by key, to whichever address; how many letters."""
    answers = TicketMessage.objects.filter(ticket__in=list(tickets), origin=Origin.OFFICE).values_list("ticket", "pk")
    events = [_event("ticket-received", ticket, 0) for ticket in tickets]
    events += [_event(kind, *line) for line in answers for kind in ("ticket-answered", "ticket-closed")]
    return forget_events(keys=events)
