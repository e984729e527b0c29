"""Questions and complaints."""

from itertools import count
from typing import Any
from uuid import uuid4

from core.inquiries.models import Ticket
from core.inquiries.queries import last_line, topics_of
from core.inquiries.services import answer_ticket, open_ticket

_numbers = count(1)


def make_ticket(*, kind: str = "pertanyaan", by: Any = None, **more: Any) -> Ticket:
    """From somebody without an account, unless `by` says who."""
    given = {
        "topic": topics_of(kind).first(),
        "name": "Yohana Tambunan",
        "email": f"yohana{next(_numbers)}@contoh.id",
        "text": "Apakah foto KTP boleh dari ponsel?",
        "submission": uuid4(),
    }
    return open_ticket(kind=kind, by=by, **given | more)


def make_answer(ticket: Ticket, *, by: Any, text: str = "Boleh, asal terbaca.", **more: Any):
    return answer_ticket(ticket=ticket, text=text, seen=last_line(ticket), by=by, **more)
