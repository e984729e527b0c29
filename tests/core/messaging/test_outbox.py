"""The outbox: a message is a row first and mail afterwards, never lost, never doubled, never a danger."""

import json
import socket
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction

from core.activity.models import ActivityEntry
from core.messaging.models import MessageTemplate, OutboxAttachment, OutboxMessage, OutboxStatus
from core.messaging.services import (
    MAX_SAME_PER_HOUR,
    RETRY_AFTER,
    Attachment,
    forget_letters,
    queue_message,
    render,
    resend_message,
    send_message,
    send_waiting,
    take_back_letters,
    wipe_last_letters,
    wipe_old_bodies,
)
from core.reference import REFERENCE_DIR
from tests.core.helpers import at_once, refused
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db

VALUES = {"nama": "Siti", "nomor": "APL-2026-000001", "skema": "Distribusi", "tautan": "https://lsp/x", "catatan": "-"}


class RefusesOneAddress(EmailBackend):
    """A mail server that knows no mailbox "penuh@contoh.id"."""

    def send_messages(self, messages):
        if any("penuh@contoh.id" in message.to for message in messages):
            raise OSError("mailbox unavailable")
        return super().send_messages(messages)


class ForgetsItsReader(EmailBackend):
    """While a letter is on its way, its reader is forgotten."""

    def send_messages(self, messages):
        forget_letters(person=OutboxMessage.objects.get().recipient)
        return super().send_messages(messages)


class ForgetsAndRefuses(ForgetsItsReader):
    """… and then the mail server says no."""

    def send_messages(self, messages):
        super().send_messages(messages)
        raise OSError("mailbox unavailable")


@pytest.fixture
def closed_port(settings):
    """A mail server that does not answer: a port that was just free."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 2


def queue(address: str = "siti@contoh.id", key: str = "application-submitted", **more) -> OutboxMessage | None:
    return queue_message(key, address=address, values=more.pop("values", VALUES), **more)


def fail_for_good(message: OutboxMessage, time_machine) -> None:
    time_machine.move_to("2026-06-01T08:00:00Z", tick=False)
    for _attempt in range(len(RETRY_AFTER) + 1):
        send_message(message.pk)
        time_machine.shift(timedelta(days=1))


# --- words --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("Yth. {{ nama }},", "Yth. Siti,"),
        ("{{nama}}{{  nama  }}", "SitiSiti"),
        ("{{ tidak_ada }}!", "!"),
        ("{% load static %}{% include 'x' %}", "{% load static %}{% include 'x' %}"),
        ("{{ nama.__class__ }}", "{{ nama.__class__ }}"),
        ("{{ nama|upper }}", "{{ nama|upper }}"),
        ("{nama} %(nama)s ${nama} {0.__class__}", "{nama} %(nama)s ${nama} {0.__class__}"),
    ],
)
def test_a_template_is_filled_and_can_run_nothing(template, text):
    assert render(template, VALUES) == text


def test_a_placeholder_inside_a_value_stays_as_it_was_typed():
    assert (
        render("Yth. {{ nama }}", {"nama": "{{ tautan }} \\1 \\g<0>", "tautan": "rahasia"})
        == "Yth. {{ tautan }} \\1 \\g<0>"
    )


@pytest.mark.parametrize(("field", "text"), [("subject", "Halo {{ nik }}"), ("body", "Kode: {{ sandi }}, {{ nama }}")])
def test_a_template_with_an_unknown_placeholder_cannot_be_saved(field, text):
    template = MessageTemplate.objects.get(key="application-submitted")
    setattr(template, field, text)

    with pytest.raises(ValidationError) as refusal:
        template.full_clean()

    assert list(refusal.value.message_dict) == [field]
    assert refusal.value.message_dict[field][0].startswith("Isian tidak dikenal: ")


def test_every_template_of_the_reference_data_knows_its_placeholders():
    for template in MessageTemplate.objects.all():
        template.full_clean()

    files = REFERENCE_DIR.glob("*_message_templates.json")
    shipped = {row["key"] for path in files for row in json.loads(path.read_text(encoding="utf-8"))["templates"]}
    assert set(MessageTemplate.objects.values_list("key", flat=True)) == shipped


@pytest.mark.parametrize(
    "evil", ["Siti\nBcc: semua@contoh.id", "Siti\r\nBcc: semua@contoh.id", "Siti\u2028Bcc: a@contoh.id"]
)
def test_no_header_can_be_slipped_in_through_the_subject(evil):
    MessageTemplate.objects.filter(key="application-submitted").update(subject="Untuk {{ nama }}")

    message = queue(values=VALUES | {"nama": evil})
    send_message(message.pk)

    sent = mail.outbox[0]
    assert sent.subject.startswith("Untuk Siti Bcc: ")
    assert sent.recipients() == ["siti@contoh.id"]
    assert "Bcc" not in sent.message()


def test_a_very_long_subject_is_cut_and_not_refused():
    MessageTemplate.objects.filter(key="application-submitted").update(subject="{{ nama }}")

    message = queue(values=VALUES | {"nama": "x" * 5000})

    assert len(message.subject) == 200


# --- queueing -----------------------------------------------------------------------------------------


def test_a_message_goes_to_the_address_of_its_recipient():
    user = make_user(email="siti@contoh.id")

    message = queue_message("application-submitted", recipient=user, values=VALUES)

    assert (message.address, message.recipient, message.status) == ("siti@contoh.id", user, "menunggu")
    assert "APL-2026-000001" in message.subject
    assert mail.outbox == []


def test_one_event_is_told_once():
    first, second, other = queue(dedupe_key="kasus-1"), queue(dedupe_key="kasus-1"), queue(dedupe_key="kasus-2")

    assert second is None
    assert set(OutboxMessage.objects.all()) == {first, other}


@pytest.mark.django_db(transaction=True)
def test_two_tellings_of_one_event_at_once_are_one_letter_and_undo_nothing():
    """The second waits for the first, as two doors do that are shut for one person at the same moment."""

    def act():
        with transaction.atomic():
            queue(address="budi@contoh.id")
            return queue(dedupe_key="kasus-1")

    told = at_once(*[act] * 4)

    assert sum(letter is not None for letter in told) == 1
    assert OutboxMessage.objects.filter(address="budi@contoh.id").count() == 4


def test_nobody_is_flooded_with_one_kind_of_letter(time_machine):
    time_machine.move_to("2026-06-01T08:00:00Z", tick=False)
    queued = [queue() for _time in range(MAX_SAME_PER_HOUR + 3)]
    others = [queue(address="budi@contoh.id"), queue(key="application-withdrawn"), queue(dedupe_key="kasus-1")]

    time_machine.shift(timedelta(hours=1, seconds=1))

    assert sum(message is not None for message in queued) == MAX_SAME_PER_HOUR == 5
    assert None not in others
    assert queue() is not None


def test_a_message_of_an_act_that_was_rolled_back_was_never_written():
    with transaction.atomic():
        queue()
        transaction.set_rollback(True)

    assert not OutboxMessage.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_with_sending_on_commit_the_letter_leaves_after_the_transaction(settings):
    settings.OUTBOX_SEND_ON_COMMIT = True

    with transaction.atomic():
        queue()
        before_commit = len(mail.outbox)

    assert (before_commit, len(mail.outbox)) == (0, 1)
    assert OutboxMessage.objects.get().status == OutboxStatus.SENT


@pytest.mark.django_db(transaction=True)
def test_a_mail_server_that_does_not_answer_does_not_undo_the_act(settings, closed_port):
    settings.OUTBOX_SEND_ON_COMMIT = True

    with transaction.atomic():
        queue()

    message = OutboxMessage.objects.get()
    assert (message.status, message.attempts, message.last_error) == ("menunggu", 1, "ConnectionRefusedError")


# --- sending ------------------------------------------------------------------------------------------


def test_what_waits_is_sent_oldest_first_and_only_once():
    for number in (1, 2, 3):
        queue(values=VALUES | {"nomor": f"APL-{number}"})

    assert send_waiting() == (3, 0)
    assert send_waiting() == (0, 0)

    assert [letter.subject for letter in mail.outbox] == [f"Permohonan APL-{n} sudah kami terima" for n in (1, 2, 3)]
    assert set(OutboxMessage.objects.values_list("status", "attempts")) == {("terkirim", 1)}
    assert not OutboxMessage.objects.filter(sent_at=None).exists()


def test_a_limit_leaves_the_rest_for_the_next_time():
    for _number in range(3):
        queue()

    assert send_waiting(limit=2) == (2, 0)
    assert send_waiting(limit=2) == (1, 0)


@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_send_one_letter():
    message = queue()

    sent = at_once(*[lambda: send_message(message.pk)] * 4)

    assert sorted(sent) == [False, False, False, True]
    assert len(mail.outbox) == 1


def test_a_refused_letter_does_not_hold_up_the_others(settings):
    settings.EMAIL_BACKEND = f"{__name__}.RefusesOneAddress"
    queue("penuh@contoh.id")
    queue("siti@contoh.id")

    assert send_waiting() == (1, 1)

    states = dict(OutboxMessage.objects.values_list("address", "status"))
    assert states == {"penuh@contoh.id": "menunggu", "siti@contoh.id": "terkirim"}
    assert OutboxMessage.objects.get(address="penuh@contoh.id").last_error == "OSError"


def test_the_waits_between_attempts_grow_until_it_counts_as_failed(closed_port, time_machine):
    time_machine.move_to("2026-06-01T08:00:00Z", tick=False)
    message, waits = queue(), []
    for wait in RETRY_AFTER:
        send_message(message.pk)
        message.refresh_from_db()
        waits.append(round(wait.total_seconds() / 60))
        time_machine.shift(wait - timedelta(seconds=1))
        assert send_message(message.pk) is False
        assert OutboxMessage.objects.get(pk=message.pk).attempts == len(waits)  # too early: not even tried
        time_machine.shift(timedelta(seconds=1))

    send_message(message.pk)

    message.refresh_from_db()
    assert waits == [1, 5, 15, 60, 240, 720]
    assert (message.status, message.attempts, message.next_attempt_at) == ("gagal", 7, None)
    assert send_waiting() == (0, 0)


def test_after_an_outage_the_letter_arrives(closed_port, settings, time_machine):
    time_machine.move_to("2026-06-01T08:00:00Z", tick=False)
    message = queue()
    assert send_waiting() == (0, 1)

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    time_machine.shift(timedelta(minutes=1))

    assert send_waiting() == (1, 0)
    message.refresh_from_db()
    assert (message.status, message.attempts, message.last_error) == ("terkirim", 2, "")


# --- secrets and second chances ------------------------------------------------------------------------


def test_a_link_that_logs_in_is_wiped_once_it_was_sent():
    secret = queue(key="account-reset", values={"nama": "Siti", "tautan": "https://lsp/sandi-baru/abc"}, is_secret=True)
    plain = queue()

    send_waiting()

    assert "https://lsp/sandi-baru/abc" in mail.outbox[0].body
    secret.refresh_from_db()
    plain.refresh_from_db()
    assert "sandi-baru" not in secret.body
    assert "APL-2026-000001" in plain.body


def test_a_failed_letter_is_sent_again_on_request(settings, time_machine):
    settings.EMAIL_BACKEND = f"{__name__}.RefusesOneAddress"
    clerk, message = make_user(role="sekretariat"), queue("penuh@contoh.id")
    fail_for_good(message, time_machine)

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    resend_message(message=message, by=clerk)

    assert send_waiting() == (1, 0)
    entry = ActivityEntry.objects.latest("pk")
    assert (entry.code, entry.actor) == ("message.resend", clerk)


@pytest.mark.parametrize("is_sent", [False, True], ids=["waiting", "sent"])
def test_only_a_failed_letter_is_sent_again(is_sent):
    message = queue()
    if is_sent:
        send_message(message.pk)

    with refused("resend_message.not_failed"):
        resend_message(message=message, by=make_user(role="sekretariat"))

    assert not ActivityEntry.objects.filter(code="message.resend").exists()


def test_a_letter_without_its_words_is_not_sent_again(time_machine):
    """The letter would say that its own words were taken out."""
    time_machine.move_to("2026-06-01T08:00:00Z", tick=False)
    message = queue(key="account-reset", values={"nama": "Siti", "tautan": "https://lsp/sandi-baru/a"}, is_secret=True)
    time_machine.shift(timedelta(days=1))
    assert send_waiting() == (0, 1)  # its link is dead

    with refused("resend_message.not_failed"):
        resend_message(message=message, by=make_user(role="sekretariat"))


# --- readers who are forgotten --------------------------------------------------------------------------


def test_what_was_emptied_while_it_was_on_its_way_stays_empty(settings):
    settings.EMAIL_BACKEND = f"{__name__}.ForgetsItsReader"
    message = queue_message("application-submitted", recipient=make_user(role="asesi"), values=VALUES)

    assert send_message(message.pk)

    message.refresh_from_db()
    assert (message.status, message.address) == ("terkirim", "dihapus@dihapus.invalid")
    assert "Siti" not in message.body


def test_what_could_not_leave_before_its_reader_was_forgotten_is_gone(settings):
    settings.EMAIL_BACKEND = f"{__name__}.ForgetsAndRefuses"
    message = queue_message("application-submitted", recipient=make_user(role="asesi"), values=VALUES)

    assert not send_message(message.pk)

    assert not OutboxMessage.objects.exists()


@pytest.mark.parametrize("is_failed", [False, True], ids=["waiting", "failed"])
@pytest.mark.parametrize(
    "forget", [lambda letter: forget_letters(person=letter.recipient), lambda letter: take_back_letters([letter.pk])]
)
def test_a_forgotten_reader_leaves_no_failed_letter_for_the_office(forget, is_failed, time_machine, settings):
    reader = make_user(role="asesi", email="penuh@contoh.id")
    message = queue_message("application-submitted", recipient=reader, values=VALUES)
    if is_failed:
        settings.EMAIL_BACKEND = f"{__name__}.RefusesOneAddress"
        fail_for_good(message, time_machine)

    forget(message)

    assert not OutboxMessage.objects.exists()


def test_the_last_letter_goes_too_when_no_mailbox_took_it(settings, time_machine):
    settings.EMAIL_BACKEND = f"{__name__}.RefusesOneAddress"
    time_machine.move_to("2026-06-01T08:00:00Z", tick=False)
    message = queue("penuh@contoh.id", "privacy-erased", values={"nama": "Siti", "nomor": "PDP-1", "jawaban": "-"})
    fail_for_good(message, time_machine)
    assert wipe_last_letters() == 0  # the office may still try

    time_machine.shift(timedelta(days=31))

    assert wipe_last_letters() == 1
    assert not OutboxMessage.objects.exists()


# --- attachments --------------------------------------------------------------------------------------


def test_a_file_goes_out_with_its_message_and_is_emptied_with_it():
    entry = Attachment("jadwal.ics", "text/calendar; method=REQUEST", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    message = queue(attachments=[entry])
    send_message(message.pk)

    part = list(mail.outbox[0].message().walk())[-1]
    assert (part.get_content_type(), part.get_param("method")) == ("text/calendar", "REQUEST")
    assert part.get_payload(decode=True).split() == [b"BEGIN:VCALENDAR", b"END:VCALENDAR"]

    OutboxMessage.objects.update(sent_at=message.created_at - timedelta(days=9000))
    wipe_old_bodies()
    file = message.attachments.get()
    assert (bytes(file.content), file.size, file.is_kept) == (b"", len(entry.content), False)


def test_a_message_that_is_not_queued_leaves_no_file():
    entry = Attachment("a.ics", "text/calendar", b"x")
    queue(dedupe_key="satu", attachments=[entry])
    queue(dedupe_key="satu", attachments=[entry])
    assert OutboxAttachment.objects.count() == 1
