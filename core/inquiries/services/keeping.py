"""How tickets end: emptied when their time is over, or with the person who asked to be forgotten.

Number, kind, topic and dates stay, so that what was counted stays counted.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from core.accounts.models import User
from core.common.text import FORGOTTEN
from core.inquiries.enums import TicketStatus
from core.inquiries.models import Ticket, TicketMessage
from core.inquiries.queries import tickets_of
from core.inquiries.services.letters import forget_letters_about
from core.policy.queries import system_policy

NOWHERE = "dihapus@dihapus.invalid"


def wipe_old_tickets(*, held: Q | None = None, batch: int = 500) -> int:
    """Empty what is over and older than the policy keeps it; how many. `held` is what must stay for now."""
    months = system_policy().ticket_months
    if not months:
        return 0
    before = timezone.now() - timedelta(days=months * 365.25 / 12)
    old = Ticket.objects.filter(emptied_at=None, last_at__lt=before).exclude(status=TicketStatus.OPEN)
    if held is not None:
        old = old.exclude(held)
    wiped = 0
    while keys := list(old.order_by("pk").values_list("pk", flat=True)[:batch]):
        wiped += _empty(keys)
    return wiped


def forget_tickets(*, person: User) -> int:
    """Everything that a person sent and was answered, in the caller's transaction; how many tickets."""
    return _empty(list(tickets_of(person).order_by().values_list("pk", flat=True)))


@transaction.atomic
def _empty(keys: list[int]) -> int:
    tickets = Ticket.objects.filter(pk__in=keys)
    forget_letters_about(keys)
    TicketMessage.objects.filter(ticket__in=tickets).update(text="")
    now = timezone.now()
    tickets.filter(closed_at=None).update(closed_at=now)
    return tickets.update(
        name=FORGOTTEN,
        email=NOWHERE,
        phone="",
        about="",
        sender=None,
        status=TicketStatus.CLOSED,
        waiting_since=None,
        due_on=None,
        emptied_at=now,
    )
