"""What the sender does: write the first message, and go on with it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.accounts.models import User
from core.accounts.phone import normalise_phone
from core.activity.queries import acts_from_here
from core.activity.services import record_activity
from core.codelists.models import CodeListEntry
from core.common.exceptions import DomainError
from core.common.languages import ENGLISH, INDONESIAN
from core.common.numbering import next_number
from core.common.text import clean_address, clean_line
from core.inquiries.enums import Origin
from core.inquiries.models import MAX_NAME, Ticket, TicketMessage
from core.inquiries.queries import find_subject, topics_of
from core.inquiries.services.base import add_line, already_sent, lock, start_clock, words_of
from core.inquiries.services.letters import tell_sender
from core.inquiries.transitions import WORKFLOW

HOUR = timedelta(hours=1)
#: New tickets from one network address within an hour; an office behind one address still fits.
MAX_FROM_HERE = 20
#: New tickets with one e-mail address within an hour: each sends a letter there, wanted or not.
MAX_FROM_MAIL = 3
#: Messages of the sender in one ticket within an hour.
MAX_IN_TICKET = 10


@transaction.atomic
def open_ticket(
    *,
    kind: str,
    topic: CodeListEntry,
    text: str,
    submission: UUID,
    by: Any = None,
    name: str = "",
    email: str = "",
    phone: str = "",
    about: str = "",
    language: str = INDONESIAN,
) -> Ticket:
    """Take a question or a complaint in, and confirm it by letter with its number.

    `by` is somebody who is signed in, whose name and address then count, or nobody. `language` is that of the
    form; the letters are written in it. The same `submission`
    twice is one ticket; with another text in it, it is refused, so that nothing typed is lost.
    """
    name, email, phone = _sender(by, name, email, phone)
    text = words_of(text, act="open_ticket")
    if topic is None or not topics_of(kind).filter(pk=topic.pk).exists():
        raise DomainError(_("Pilih topiknya."), code="open_ticket.topic", field="topic")
    if sent := already_sent(submission):
        return _the_same(sent, text)
    _slow_down(email)
    about = clean_line(about)[:80]
    application, certificate = find_subject(about)
    ticket = Ticket(
        kind=kind,
        topic=topic,
        sender=by,
        name=name,
        email=email,
        phone=phone,
        about=about,
        application=application,
        certificate=certificate,
        language=ENGLISH if language == ENGLISH else INDONESIAN,
    )
    start_clock(ticket)
    try:
        with transaction.atomic():  # a double click: the other may be first
            ticket.number = next_number("ticket")
            ticket.save()
            add_line(ticket, Origin.SENDER, text, by=by, submission=submission)
    except IntegrityError:
        sent = already_sent(submission)
        if sent is None:
            raise
        return _the_same(sent, text)
    record_activity("ticket.open", by=by, subject=ticket, kind=kind)
    tell_sender(ticket, "ticket-received")
    return ticket


def _sender(by: Any, name: str, email: str, phone: str) -> tuple[str, str, str]:
    if isinstance(by, User):
        name, email = by.full_name[:MAX_NAME], by.email
    name, email = clean_line(name), clean_address(email)
    if not name:
        raise DomainError(_("Isi nama Anda."), code="open_ticket.name", field="name")
    if not isinstance(by, User) and any(sign in name.lower() for sign in ("://", "www.", "@")):
        # The name stands in a letter to an address that anybody may type.
        raise DomainError(_("Tulis nama saja, tanpa alamat situs atau e-mail."), code="open_ticket.name", field="name")
    if len(name) > MAX_NAME:
        raise DomainError(_("Nama paling banyak 100 karakter."), code="open_ticket.name", field="name")
    return name, email, normalise_phone(phone, field="phone") if phone.strip() else ""


def _the_same(sent: TicketMessage, text: str) -> Ticket:
    if sent.text == text:
        return sent.ticket
    raise DomainError(
        _("Formulir ini sudah terkirim dengan nomor %(number)s. Bila ini pesan lain, tekan Kirim sekali lagi.")
        % {"number": sent.ticket.number},
        code="open_ticket.sent",
    )


def _slow_down(email: str) -> None:
    mails = Ticket.objects.filter(email=email, created_at__gt=timezone.now() - HOUR).count()
    if mails >= MAX_FROM_MAIL:
        raise DomainError(
            _(
                "Dari alamat e-mail ini baru saja masuk %(limit)d pesan. Tulis lanjutannya pada pesan yang sudah ada, "
                "lewat tautan di surat kami, atau coba lagi satu jam lagi. Tulisan Anda masih ada di bawah."
            )
            % {"limit": MAX_FROM_MAIL},
            code="open_ticket.mail",
            field="email",
        )
    if acts_from_here("ticket.open", HOUR) >= MAX_FROM_HERE:
        raise DomainError(
            _(
                "Terlalu banyak pesan dari sambungan internet ini. Coba lagi satu jam lagi, atau hubungi sekretariat. "
                "Tulisan Anda masih ada di bawah."
            ),
            code="open_ticket.here",
        )


@transaction.atomic
def write_to_ticket(*, ticket: Ticket, text: str, submission: UUID | None = None, by: Any) -> TicketMessage:
    """The sender goes on; what was answered or closed waits for the LSP again.

    `by` is the sender on their desk, or the holder of the link (`rules.LinkHolder`).
    """
    ticket = lock(ticket)
    text = words_of(text, act="write")
    if (sent := already_sent(submission)) is not None and sent.is_same(ticket, text, by):
        return sent
    was_open = ticket.is_open
    WORKFLOW.apply(ticket, "write", by)
    recent = ticket.messages.filter(origin=Origin.SENDER, at__gt=timezone.now() - HOUR).count()
    if recent >= MAX_IN_TICKET:
        raise DomainError(
            _("Sudah %(limit)d pesan dalam satu jam. Tunggu jawaban kami, atau coba lagi nanti.")
            % {"limit": MAX_IN_TICKET},
            code="write.too_many",
            field="text",
        )
    if not was_open:
        start_clock(ticket)
    ticket.closed_at, ticket.last_at = None, timezone.now()
    ticket.save()
    line = add_line(ticket, Origin.SENDER, text, by=by, submission=None if sent else submission)
    record_activity("ticket.write", by=by, subject=ticket)
    return line
