"""Reads of tickets: who may see which, what waits, whose they are."""

from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from core.accounts.models import User
from core.accounts.queries import staff_users
from core.applications.models import Application
from core.certificates.models import Certificate
from core.certificates.queries import find_public
from core.codelists.models import CodeListEntry
from core.inquiries.enums import TOPIC_LISTS, Origin, TicketKind, TicketStatus
from core.inquiries.models import AnswerTemplate, Ticket, TicketMessage


def tickets_for(by: Any) -> QuerySet[Ticket]:
    """What somebody of the office sees: those who answer everything, overseers the complaints."""
    if by.has_perm("core.answer_ticket"):
        return Ticket.objects.all()
    if by.has_perm("core.view_ticket"):
        return Ticket.objects.filter(kind=TicketKind.COMPLAINT)
    return Ticket.objects.none()


def tickets_of(person: User) -> QuerySet[Ticket]:
    """What a person sent: signed in, or from the address that they have since confirmed (see `rules.owns_ticket`)."""
    own = Q(sender=person)
    if person.email_confirmed_at:
        own |= Q(sender=None, email=person.email)
    return Ticket.objects.filter(own).order_by("-pk")


def find_by_link(number: str, key: str) -> Ticket | None:
    """The ticket that a link in a letter opens; a wrong key answers like a number that does not exist."""
    ticket = Ticket.objects.filter(number=number).select_related("topic").first()
    return ticket if ticket is not None and constant_time_compare(ticket.link_key, key) else None


def topics_of(kind: str) -> QuerySet[CodeListEntry]:
    """What one may choose from, in the order of the list."""
    return CodeListEntry.objects.filter(code_list__code=TOPIC_LISTS[TicketKind(kind)], is_active=True)


def find_subject(number: str) -> tuple[Application | None, Certificate | None]:
    """The case or the certificate of a number that somebody typed; at most one of the two."""
    words = " ".join(number.split())
    if not words:
        return None, None
    application = Application.objects.filter(number__iexact=words).first()
    return (application, None) if application is not None else (None, find_public(words))


def thread(ticket: Ticket, *, with_notes: bool) -> QuerySet[TicketMessage]:
    """The lines in the order in which they were written; notes only for those who answer."""
    lines = TicketMessage.objects.filter(ticket=ticket).select_related("by").order_by("pk")
    return lines if with_notes else lines.exclude(origin=Origin.NOTE)


def last_line(ticket: Ticket) -> int:
    """The key of the newest line; what an answer was written on top of."""
    return TicketMessage.objects.filter(ticket=ticket).order_by("-pk").values_list("pk", flat=True).first() or 0


def waiting_tickets() -> QuerySet[Ticket]:
    """What waits for an answer, the longest first."""
    return Ticket.objects.filter(status=TicketStatus.OPEN).order_by("waiting_since", "pk")


def late_tickets() -> QuerySet[Ticket]:
    return waiting_tickets().filter(due_on__lt=timezone.localdate())


def open_work(by: Any) -> dict[str, QuerySet]:
    """What the sidebar and the home count of this room."""
    found = waiting_tickets() if by.has_perm("core.answer_ticket") else Ticket.objects.none()
    late = late_tickets() if by.has_perm("core.answer_ticket") else Ticket.objects.none()
    return {"tickets": found.order_by(), "late_tickets": late.order_by()}


def colleagues() -> QuerySet[User]:
    """Those to whom a ticket may be assigned."""
    return staff_users().filter(groups__name__in=["sekretariat", "administrator"]).order_by("full_name")


def answer_templates() -> QuerySet[AnswerTemplate]:
    return AnswerTemplate.objects.filter(is_active=True)


def with_thread(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """With the lines that their sender may read, as `told`: the same two questions however many there are."""
    told = TicketMessage.objects.exclude(origin=Origin.NOTE).order_by("pk")
    return tickets.select_related("topic").prefetch_related(Prefetch("messages", told, to_attr="told"))
