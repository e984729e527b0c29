"""What the office does with a ticket, and what its overseers see of it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from core.activity.models import ActivityEntry
from core.common.exceptions import StaleVersion
from core.inquiries import services
from core.inquiries.enums import TicketStatus
from core.inquiries.models import Ticket
from core.inquiries.queries import last_line, late_tickets, open_work, thread, tickets_for, waiting_tickets
from core.inquiries.rules import LinkHolder, conflict_of, told_text
from core.inquiries.transitions import WORKFLOW
from core.messaging.models import OutboxMessage
from tests.core.helpers import refused
from tests.factories.accounts import make_user
from tests.factories.applications import make_application
from tests.factories.inquiries import make_answer, make_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    return make_user(role="sekretariat", full_name="Dewi Lestari")


def last_letter() -> OutboxMessage:
    return OutboxMessage.objects.latest("pk")


def test_an_answer_goes_to_the_sender_as_it_stands_and_takes_a_ticket_that_is_nobodys(clerk):
    ticket = make_ticket()
    make_answer(ticket, by=clerk, text="Boleh, asal <b>terbaca</b>.")
    ticket.refresh_from_db()
    assert (ticket.status, ticket.assignee, ticket.waiting_since) == ("dijawab", clerk, None)
    letter = last_letter()
    assert letter.template_key == "ticket-answered"
    assert "asal <b>terbaca</b>." in letter.body  # plain text from end to end
    assert f"/pesan/{ticket.number}/{ticket.link_key}/" in letter.body


def test_whoever_did_not_read_what_came_meanwhile_reads_it_first(clerk):
    """Two at once: the second is told, and sends again."""
    ticket, second = make_ticket(), make_user(role="administrator")
    seen = last_line(ticket)
    services.answer_ticket(ticket=ticket, text="Boleh.", seen=seen, by=clerk)
    with pytest.raises(StaleVersion, match="Belum terkirim"):
        services.answer_ticket(ticket=ticket, text="Tidak boleh.", seen=seen, by=second)
    with pytest.raises(StaleVersion):
        services.close_ticket(ticket=ticket, seen=seen, by=second)
    assert OutboxMessage.objects.filter(template_key="ticket-answered").count() == 1
    services.answer_ticket(ticket=ticket, text="Tambahan.", seen=last_line(ticket), by=second)
    ticket.refresh_from_db()
    assert ticket.assignee == clerk  # who began goes on


def test_an_answer_sent_twice_goes_out_once(clerk):
    ticket, form = make_ticket(), uuid4()
    seen = last_line(ticket)
    for _click in range(2):
        services.answer_ticket(ticket=ticket, text="Boleh.", seen=seen, submission=form, closes=True, by=clerk)
    assert OutboxMessage.objects.filter(template_key="ticket-closed").count() == 1


def test_answering_and_closing_in_one_tells_both_in_one_letter(clerk):
    ticket = make_ticket()
    make_answer(ticket, by=clerk, closes=True)
    ticket.refresh_from_db()
    assert ticket.status == "ditutup"
    assert ticket.closed_at == ticket.answered_at
    assert last_letter().template_key == "ticket-closed"


def test_what_was_never_answered_is_closed_with_a_reason_that_stays_inside(clerk):
    ticket = make_ticket()
    with refused("close.reason", field="reason"):
        services.close_ticket(ticket=ticket, seen=last_line(ticket), by=clerk)
    services.close_ticket(ticket=ticket, reason="Iklan.", seen=last_line(ticket), by=clerk)
    assert last_letter().template_key == "ticket-received"
    assert [line.text for line in thread(ticket, with_notes=False)] == ["Apakah foto KTP boleh dari ponsel?"]
    assert [line.text for line in thread(ticket, with_notes=True)][-1] == "Iklan."


def test_an_answered_ticket_is_closed_without_words_and_opened_again(clerk):
    ticket = make_ticket()
    make_answer(ticket, by=clerk)
    services.close_ticket(ticket=ticket, seen=last_line(ticket), by=clerk)
    services.reopen_ticket(ticket=ticket, by=clerk)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.closed_at) == ("terbuka", None)
    assert ticket.due_on is not None


def test_a_note_is_read_by_the_office_alone(clerk):
    ticket = make_ticket()
    services.add_note(ticket=ticket, text="Sudah ditelepon.", by=clerk)
    assert last_letter().template_key == "ticket-received"
    assert not thread(ticket, with_notes=False).filter(origin="catatan").exists()
    with refused("add_note.words", field="note"):
        services.add_note(ticket=ticket, text="", by=clerk)


def test_assigning_is_for_colleagues_who_answer(clerk):
    ticket, colleague = make_ticket(), make_user(role="sekretariat")
    services.assign_ticket(ticket=ticket, assignee=colleague, by=clerk)
    ticket.refresh_from_db()
    assert ticket.assignee == colleague
    with refused("assign.unknown", field="assignee"):
        services.assign_ticket(ticket=ticket, assignee=make_user(role="asesor"), by=clerk)
    services.assign_ticket(ticket=ticket, assignee=None, by=clerk)
    ticket.refresh_from_db()
    assert ticket.assignee is None
    codes = ActivityEntry.objects.filter(code__startswith="ticket.").order_by("pk").values_list("code", flat=True)
    assert list(codes) == ["ticket.open", "ticket.assign", "ticket.release"]


def test_a_ticket_is_linked_by_number_and_unlinked(clerk):
    ticket, case = make_ticket(), make_application(status="submitted")
    with refused("link.unknown", field="about"):
        services.link_ticket(ticket=ticket, about="APL-0", by=clerk)
    services.link_ticket(ticket=ticket, about=case.number, by=clerk)
    ticket.refresh_from_db()
    assert ticket.application == case
    services.link_ticket(ticket=ticket, about="", by=clerk)
    ticket.refresh_from_db()
    assert (ticket.about, ticket.application) == ("", None)


def test_a_complaint_about_a_case_that_one_handled_is_better_answered_by_somebody_else(clerk):
    case = make_application(status="under_review", officer=clerk)
    complaint = make_ticket(kind="pengaduan", about=case.number)
    assert "rekan yang tidak terlibat" in conflict_of(complaint, clerk)
    assert conflict_of(complaint, make_user(role="sekretariat")) == ""
    assert conflict_of(make_ticket(about=case.number), clerk) == ""


# --- who may what -----------------------------------------------------------------------------------------

ROLES = ("sekretariat", "administrator", "bnsp", "asesor", "asesi")


@pytest.mark.parametrize("act", ["answer", "close", "reopen", "note", "assign", "link"])
@pytest.mark.parametrize("role", ROLES)
def test_only_those_who_answer_act(role, act):
    by = make_user(role=role)
    ticket = make_ticket()
    if act == "reopen":
        make_answer(ticket, by=make_user(role="sekretariat"), closes=True)
    seen = last_line(ticket)
    acts = {
        "answer": lambda: services.answer_ticket(ticket=ticket, text="Ya", seen=seen, by=by),
        "close": lambda: services.close_ticket(ticket=ticket, reason="Iklan", seen=seen, by=by),
        "reopen": lambda: services.reopen_ticket(ticket=ticket, by=by),
        "note": lambda: services.add_note(ticket=ticket, text="x", by=by),
        "assign": lambda: services.assign_ticket(ticket=ticket, assignee=None, by=by),
        "link": lambda: services.link_ticket(ticket=ticket, about="", by=by),
    }
    before = ticket.messages.count()
    if role in ("sekretariat", "administrator"):
        acts[act]()
        return
    with refused(f"{act}.refused" if act in ("answer", "close", "reopen") else "ticket.forbidden"):
        acts[act]()
    assert ticket.messages.count() == before


@pytest.mark.parametrize("act", [row.name for row in WORKFLOW])
@pytest.mark.parametrize("status", TicketStatus.values)
def test_every_act_in_every_state(clerk, act, status):
    ticket = make_ticket()
    ticket.status = status
    by = LinkHolder(ticket.pk) if act == "write" else clerk
    assert (WORKFLOW[act].refusal(ticket, by) == "") is (status in WORKFLOW[act].sources)


def test_overseers_read_complaints_and_assessors_nothing(clerk):
    question, complaint = make_ticket(), make_ticket(kind="pengaduan")
    assert set(tickets_for(clerk)) == {question, complaint}
    assert list(tickets_for(make_user(role="bnsp"))) == [complaint]
    assert list(tickets_for(make_user(role="asesor"))) == list(tickets_for(make_user(role="asesi"))) == []


def test_overseers_read_words_without_the_person_behind_them(clerk):
    text = "Saya Yohana, NIK 3171 0101 0190 0001, HP 0812-3456-7890, yohana@contoh.id. Ruang uji TUK bocor. tambunan"
    ticket = make_ticket(kind="pengaduan", text=text, name="Yohana Br. Tambunan")
    line = ticket.messages.get()
    assert told_text(line, ticket, clerk) == text
    told = told_text(line, ticket, make_user(role="bnsp"))
    assert "Ruang uji TUK bocor." in told
    for secret in ("Yohana", "3171", "0812", "@contoh.id", "ambunan"):
        assert secret not in told


# --- what waits -------------------------------------------------------------------------------------------


def test_what_waits_longest_comes_first_and_what_is_late_is_counted(clerk):
    young, old, answered = make_ticket(), make_ticket(), make_ticket()
    make_answer(answered, by=clerk)
    yesterday = timezone.localdate() - timedelta(days=1)
    Ticket.objects.filter(pk=old.pk).update(waiting_since=timezone.now() - timedelta(days=9), due_on=yesterday)
    assert list(waiting_tickets()) == [old, young]
    assert list(late_tickets()) == [old]
    assert {name: rows.count() for name, rows in open_work(clerk).items()} == {"tickets": 2, "late_tickets": 1}
    assert {name: rows.count() for name, rows in open_work(make_user(role="bnsp")).items()} == {
        "tickets": 0, "late_tickets": 0,
    }  # fmt: skip
