"""The letters about tickets, all through the outbox."""

from django.conf import settings
from django.utils.formats import date_format

from core.inquiries.models import Ticket
from core.messaging.services import queue_message


def link_of(ticket: Ticket) -> str:
    """Where its sender goes on: on their desk, or for somebody without one by the secret link."""
    if ticket.sender_id is not None:
        return f"{settings.SITE_URL}/akun/pesan/{ticket.number}/"
    return f"{settings.SITE_URL}/pesan/{ticket.number}/{ticket.link_key}/"


def tell_sender(ticket: Ticket, template: str, *, answer: str = "", event: int | None = None) -> None:
    """A letter to whoever wrote, once for each event."""
    queue_message(
        template,
        recipient=ticket.sender,
        address=ticket.email,
        values={
            "nama": ticket.name,
            "nomor": ticket.number,
            "topik": ticket.topic.title,
            "batas": date_format(ticket.due_on, "j F Y") if ticket.due_on else "",
            "jawaban": answer,
            "tautan": link_of(ticket),
        },
        dedupe_key=f"{template}-{ticket.pk}-{event or 0}",
    )
