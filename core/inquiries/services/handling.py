"""What the office does with a ticket: answer, note, assign, link, close, reopen."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.accounts.models import User
from core.activity.services import record_activity
from core.common.exceptions import DomainError, StaleVersion
from core.common.text import clean_line, within
from core.inquiries.enums import Origin
from core.inquiries.models import MAX_TEXT, Ticket, TicketMessage
from core.inquiries.queries import colleagues, find_subject, last_line
from core.inquiries.services.base import add_line, already_sent, lock, start_clock, stop_clock, words_of
from core.inquiries.services.letters import tell_sender
from core.inquiries.transitions import WORKFLOW


@transaction.atomic
def answer_ticket(
    *, ticket: Ticket, text: str, seen: int, submission: UUID | None = None, closes: bool = False, by: Any
) -> TicketMessage:
    """Answer, and tell the sender by letter; with `closes` the ticket is over with it.

    `seen` is the newest line that stood on the writer's screen. When somebody wrote meanwhile, nothing is sent:
    the writer reads that first. Whoever answers a ticket that is nobody's takes it.
    """
    ticket = lock(ticket)
    text = words_of(text, act="answer")
    if (sent := already_sent(submission)) is not None and sent.is_same(ticket, text, by):
        return sent
    WORKFLOW.apply(ticket, "answer", by)
    _must_have_read(ticket, seen)
    stop_clock(ticket)
    ticket.answered_at = ticket.last_at = timezone.now()
    ticket.assignee = ticket.assignee or by
    if closes:
        WORKFLOW.apply(ticket, "close", by)
        ticket.closed_at = ticket.last_at
    ticket.save()
    line = add_line(ticket, Origin.OFFICE, text, by=by, submission=None if sent else submission)
    record_activity("ticket.answer", by=by, subject=ticket)
    if closes:
        record_activity("ticket.close", by=by, subject=ticket)
    tell_sender(ticket, "ticket-closed" if closes else "ticket-answered", answer=text, event=line.pk)
    return line


def _must_have_read(ticket: Ticket, seen: int) -> None:
    if last_line(ticket) > seen:
        raise StaleVersion(
            _(
                "Belum terkirim: selama Anda menulis, ada pesan baru dalam percakapan ini (ditandai “Baru”). "
                "Baca dahulu, sesuaikan tulisan Anda, lalu kirim lagi."
            ),
            code="answer.stale",
            field="text",
        )


@transaction.atomic
def add_note(*, ticket: Ticket, text: str, by: Any) -> TicketMessage:
    """A line that only the office reads."""
    ticket = _handled(ticket, by)
    line = add_line(ticket, Origin.NOTE, words_of(text, act="add_note", field="note"), by=by)
    record_activity("ticket.note", by=by, subject=ticket)
    return line


@transaction.atomic
def assign_ticket(*, ticket: Ticket, assignee: User | None, by: Any) -> Ticket:
    """Who sees to it; nobody takes it off everybody's hands."""
    ticket = _handled(ticket, by)
    if assignee is not None and not colleagues().filter(pk=assignee.pk).exists():
        raise DomainError(_("Pilih rekan yang menjawab pesan."), code="assign.unknown", field="assignee")
    if ticket.assignee_id == (assignee and assignee.pk):
        return ticket
    ticket.assignee = assignee
    ticket.save(update_fields=["assignee", "updated_at"])
    if assignee is None:
        record_activity("ticket.release", by=by, subject=ticket)
    else:
        record_activity("ticket.assign", by=by, subject=ticket)
    return ticket


@transaction.atomic
def link_ticket(*, ticket: Ticket, about: str, by: Any) -> Ticket:
    """Say which case or certificate it is about; an empty number takes the link away."""
    ticket = _handled(ticket, by)
    about = clean_line(within(about, 80, field="about"))
    application, certificate = find_subject(about)
    if about and application is None and certificate is None:
        raise DomainError(
            _("Tidak ada permohonan atau sertifikat dengan nomor ini."), code="link.unknown", field="about"
        )
    ticket.about, ticket.application, ticket.certificate = about, application, certificate
    ticket.save(update_fields=["about", "application", "certificate", "updated_at"])
    record_activity("ticket.link", by=by, subject=ticket)
    return ticket


@transaction.atomic
def close_ticket(*, ticket: Ticket, reason: str = "", seen: int, by: Any) -> Ticket:
    """Nothing is owed any more. What was never answered is closed with a reason, which stays a note of the office."""
    ticket = lock(ticket)
    was_open = ticket.is_open
    WORKFLOW.apply(ticket, "close", by)
    _must_have_read(ticket, seen)
    reason = within(reason, MAX_TEXT, field="reason")
    if was_open and not reason:
        raise DomainError(
            _("Pesan ini belum dijawab. Jawab dahulu, atau tulis mengapa tidak perlu dijawab."),
            code="close.reason",
            field="reason",
        )
    stop_clock(ticket)
    ticket.closed_at = timezone.now()
    ticket.save()
    if reason:
        add_line(ticket, Origin.NOTE, reason, by=by)
    record_activity("ticket.close", by=by, subject=ticket)
    return ticket


@transaction.atomic
def reopen_ticket(*, ticket: Ticket, by: Any) -> Ticket:
    """Back into the queue, with a new day to answer by."""
    ticket = lock(ticket)
    WORKFLOW.apply(ticket, "reopen", by)
    start_clock(ticket)
    ticket.closed_at = None
    ticket.save()
    record_activity("ticket.reopen", by=by, subject=ticket)
    return ticket


def _handled(ticket: Ticket, by: Any) -> Ticket:
    """Locked, for an act that leads to no other state."""
    if not by.has_perm("core.answer_ticket"):
        raise DomainError(_("Anda tidak berhak melakukan tindakan ini."), code="ticket.forbidden")
    return lock(ticket)
