"""What somebody who asks or complains can do, with an account and without."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from core.activity.models import ActivityEntry
from core.common.dates import add_working_days
from core.common.models import Holiday, NumberingRule
from core.common.numbering import coming_numbers
from core.inquiries.models import Ticket, TicketMessage
from core.inquiries.queries import find_by_link, tickets_of, topics_of
from core.inquiries.rules import LinkHolder
from core.inquiries.services import write_to_ticket
from core.inquiries.services.conversation import MAX_FROM_HERE, MAX_FROM_MAIL, MAX_IN_TICKET
from core.messaging.models import OutboxMessage
from core.policy.models import SystemPolicy
from tests.core.helpers import everything_in_the_database, from_address, refused
from tests.factories.accounts import make_user
from tests.factories.applications import make_application
from tests.factories.certificates import lay_certificate
from tests.factories.inquiries import make_answer, make_ticket

pytestmark = pytest.mark.django_db


def letters() -> list[str]:
    return list(OutboxMessage.objects.order_by("pk").values_list("template_key", flat=True))


# --- the first message ------------------------------------------------------------------------------------


def test_a_question_gets_a_number_a_day_to_be_answered_by_and_a_letter_with_a_link():
    ticket = make_ticket(email="Yohana@Contoh.id", phone="0812 3456 7890", text="Apakah foto KTP boleh dari ponsel?")

    assert ticket.number.startswith("TIK-")
    assert (ticket.status, ticket.kind, ticket.email, ticket.phone) == (
        "terbuka", "pertanyaan", "yohana@contoh.id", "+6281234567890",
    )  # fmt: skip
    assert ticket.due_on == add_working_days(timezone.localdate(), 3)
    letter = OutboxMessage.objects.get(template_key="ticket-received")
    assert letter.address == "yohana@contoh.id"
    assert ticket.number in letter.subject
    assert f"/pesan/{ticket.number}/{ticket.link_key}/" in letter.body
    assert "KTP" not in letter.body  # anybody may type anybody's address: what they typed does not go there


def test_a_complaint_has_its_own_deadline_and_follows_the_policy():
    SystemPolicy.objects.update(complaint_days=5)
    assert make_ticket(kind="pengaduan").due_on == add_working_days(timezone.localdate(), 5)


@pytest.mark.parametrize(
    ("day", "days", "due"),
    [
        (date(2026, 11, 26), 3, date(2026, 12, 1)),  # Thursday: Friday, Monday, Tuesday
        (date(2026, 11, 28), 1, date(2026, 11, 30)),  # what comes on a Saturday begins on Monday
        (date(2026, 11, 27), 10, date(2026, 12, 11)),
    ],
)
def test_working_days_leave_out_saturdays_and_sundays(day, days, due):
    assert add_working_days(day, days) == due


@pytest.mark.parametrize(
    ("day", "days", "due"),
    [
        (date(2026, 12, 24), 1, date(2026, 12, 28)),  # Christmas on a Friday, then a weekend
        (date(2026, 12, 30), 2, date(2027, 1, 4)),  # and a new year: 31 December, then Monday
        (date(2027, 4, 30), 1, date(2027, 5, 3)),  # 1 May on a Saturday takes no day away twice
    ],
)
def test_working_days_pass_over_the_holidays_of_the_state(day, days, due):
    assert add_working_days(day, days) == due


def test_a_day_that_the_secretariat_writes_down_counts_from_then_on():
    Holiday.objects.create(day=date(2026, 11, 27), name="Cuti bersama")
    assert add_working_days(date(2026, 11, 26), 1) == date(2026, 11, 30)


def test_a_candidate_who_is_signed_in_writes_in_their_own_name():
    person = make_user(role="asesi", full_name="Siti Rahmawati")
    ticket = make_ticket(by=person, name="Orang lain", email="lain@contoh.id")

    assert (ticket.sender, ticket.name, ticket.email) == (person, "Siti Rahmawati", person.email)
    letter = OutboxMessage.objects.get(recipient=person, template_key="ticket-received")
    assert f"/akun/pesan/{ticket.number}/" in letter.body
    assert ticket.link_key not in letter.body  # their desk asks for their password; a link would not


def test_the_same_form_sent_twice_is_one_ticket():
    form = uuid4()
    first = make_ticket(submission=form, email="a@contoh.id")
    again = make_ticket(submission=form, email="a@contoh.id")

    assert again == first
    assert Ticket.objects.count() == TicketMessage.objects.count() == 1
    assert letters() == ["ticket-received"]


def test_the_same_form_with_another_text_loses_nothing():
    form = uuid4()
    first = make_ticket(submission=form)
    with refused("open_ticket.sent") as refusal:
        make_ticket(submission=form, text="Satu pertanyaan lagi.")
    assert first.number in refusal.value.message


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        ({"text": " \n"}, "open_ticket.words", "text"),
        ({"text": "x" * 4001}, "text.too_long", "text"),
        ({"name": " "}, "open_ticket.name", "name"),
        ({"name": "Menang undian www.judi.example"}, "open_ticket.name", "name"),
        ({"phone": "rahasia"}, "phone.invalid", "phone"),
        ({"topic": None}, "open_ticket.topic", "topic"),
    ],
)
def test_what_cannot_be_sent_is_told_beside_its_field(wrong, code, field):
    with refused(code, field=field):
        make_ticket(**wrong)
    assert letters() == []


def test_a_topic_of_the_other_form_or_one_that_was_taken_out_is_none():
    topic = topics_of("pengaduan").first()
    with refused("open_ticket.topic", field="topic"):
        make_ticket(topic=topic)
    topic.is_active = False
    topic.save()
    with refused("open_ticket.topic", field="topic"):
        make_ticket(kind="pengaduan", topic=topic)


def test_a_number_that_is_known_is_linked_and_one_that_is_not_is_kept_as_it_was_typed():
    case = make_application(status="submitted")
    certificate = lay_certificate(days_left=100)
    assert make_ticket(about=f" {case.number.lower()} ").application == case
    assert make_ticket(about=certificate.number).certificate == certificate
    unknown = make_ticket(about="APL-1999-1")
    assert (unknown.about, unknown.application, unknown.certificate) == ("APL-1999-1", None, None)


def test_one_address_gets_few_letters_in_an_hour():
    for _time in range(MAX_FROM_MAIL):
        make_ticket(email="korban@contoh.id")
    with refused("open_ticket.mail", field="email"):
        make_ticket(email="KORBAN@contoh.id")
    Ticket.objects.update(created_at=timezone.now() - timedelta(hours=2))
    make_ticket(email="korban@contoh.id")


def test_one_network_address_opens_few_tickets_in_an_hour():
    for _time in range(MAX_FROM_HERE):
        from_address("203.0.113.9", make_ticket)
    with refused("open_ticket.here"):
        from_address("203.0.113.9", make_ticket)
    from_address("203.0.113.10", make_ticket)


def test_numbers_go_on_where_they_stood_when_a_ticket_is_refused():
    make_ticket()
    rule = NumberingRule.objects.get(key="ticket")
    before = coming_numbers(rule, count=1)
    with refused("open_ticket.words", field="text"):
        make_ticket(text="")
    assert coming_numbers(rule, count=1) == before
    rule.pattern = "TIK/{tahun}/{urut}"
    with pytest.raises(Exception, match="garis miring"):
        rule.full_clean()


def test_neither_the_log_nor_a_stolen_database_tells_what_was_written():
    ticket = make_ticket(text="Nomor sandi brankas 4711", name="Yohana Tambunan", email="yo@contoh.id")
    log = str(list(ActivityEntry.objects.values_list("code", "subject_label", "data")))
    assert ticket.number in log
    assert "Yohana" not in log
    assert "yo@contoh.id" not in log
    stored = everything_in_the_database()
    assert "brankas" not in stored
    letter = OutboxMessage.objects.get()
    assert stored.count(ticket.link_key) == letter.body.count(ticket.link_key) == 1  # in the letter that waits, only


# --- going on ---------------------------------------------------------------------------------------------


def test_the_link_opens_its_own_ticket_and_no_other():
    ticket, other = make_ticket(), make_ticket()
    assert find_by_link(ticket.number, ticket.link_key) == ticket
    assert find_by_link(ticket.number, other.link_key) is None
    assert find_by_link("TIK-1", ticket.link_key) is None
    assert find_by_link(ticket.number, "") is None


def test_whoever_holds_the_link_goes_on_and_the_lsp_owes_an_answer_again():
    clerk = make_user(role="sekretariat")
    ticket = make_ticket()
    make_answer(ticket, by=clerk)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.due_on, ticket.waiting_since) == ("dijawab", None, None)

    write_to_ticket(ticket=ticket, text="Terima kasih. Dan pasfoto?", by=LinkHolder(ticket.pk))

    ticket.refresh_from_db()
    assert ticket.status == "terbuka"
    assert ticket.due_on == add_working_days(timezone.localdate(), 3)
    assert list(ticket.messages.values_list("origin", "by")) == [
        ("pengirim", None), ("lsp", clerk.pk), ("pengirim", None),
    ]  # fmt: skip


def test_who_writes_again_before_the_answer_keeps_the_old_deadline():
    ticket = make_ticket()
    Ticket.objects.update(due_on=date(2026, 1, 5))
    write_to_ticket(ticket=ticket, text="Mohon segera.", by=LinkHolder(ticket.pk))
    ticket.refresh_from_db()
    assert ticket.due_on == date(2026, 1, 5)


def test_a_closed_ticket_opens_again_when_its_sender_writes():
    clerk = make_user(role="sekretariat")
    ticket = make_ticket()
    make_answer(ticket, by=clerk, closes=True)
    write_to_ticket(ticket=ticket, text="Belum selesai.", by=LinkHolder(ticket.pk))
    ticket.refresh_from_db()
    assert (ticket.status, ticket.closed_at) == ("terbuka", None)


def test_the_same_reply_twice_is_one_line_and_an_edited_one_is_two():
    ticket, form = make_ticket(), uuid4()
    for text in ("Sama", "Sama", "Lain"):
        write_to_ticket(ticket=ticket, text=text, submission=form, by=LinkHolder(ticket.pk))
    assert ticket.messages.count() == 3  # the first, "Sama", "Lain"


def test_nobody_writes_in_somebody_elses_ticket():
    person, other = make_user(role="asesi"), make_user(role="asesi")
    ticket = make_ticket(by=person)
    for stranger in (other, make_user(role="sekretariat"), LinkHolder(make_ticket().pk)):
        with refused("write.refused"):
            write_to_ticket(ticket=ticket, text="Saya juga.", by=stranger)
    write_to_ticket(ticket=ticket, text="Saya sendiri.", by=person)


def test_what_came_from_a_confirmed_address_stands_on_its_owners_desk():
    ticket = make_ticket(email="siti@contoh.id")
    person = make_user(role="asesi", email="siti@contoh.id")
    unconfirmed = make_user(role="asesi", email="lain@contoh.id", email_confirmed_at=None)
    make_ticket(email="lain@contoh.id")
    assert list(tickets_of(person)) == [ticket]
    assert list(tickets_of(unconfirmed)) == []
    write_to_ticket(ticket=ticket, text="Dari meja saya.", by=person)


def test_one_ticket_takes_so_many_messages_in_an_hour():
    ticket = make_ticket()
    for number in range(MAX_IN_TICKET - 1):
        write_to_ticket(ticket=ticket, text=f"Pesan {number}", by=LinkHolder(ticket.pk))
    with refused("write.too_many", field="text"):
        write_to_ticket(ticket=ticket, text="Satu lagi", by=LinkHolder(ticket.pk))
