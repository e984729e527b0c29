"""Two at the same moment; on MariaDB they truly meet."""

from uuid import uuid4

import pytest

from core.common.exceptions import StaleVersion
from core.inquiries.models import Ticket, TicketMessage
from core.inquiries.queries import last_line
from core.inquiries.services import answer_ticket, assign_ticket
from core.messaging.models import OutboxMessage
from tests.core.helpers import at_once
from tests.factories.accounts import make_user
from tests.factories.inquiries import make_ticket

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_double_click_is_one_ticket_and_one_number():
    form = uuid4()
    first, second = at_once(*[lambda: make_ticket(submission=form, email="a@contoh.id")] * 2)
    assert first == second
    assert Ticket.objects.count() == TicketMessage.objects.count() == OutboxMessage.objects.count() == 1
    assert make_ticket().number.endswith("00002")


def test_two_clerks_who_answer_at_once_do_not_both_write_to_the_sender():
    ticket = make_ticket()
    seen = last_line(ticket)
    clerks = [make_user(role="sekretariat") for _clerk in range(2)]
    done = at_once(
        *[
            lambda clerk=clerk, number=number: answer_ticket(ticket=ticket, text=f"{number}", seen=seen, by=clerk)
            for number, clerk in enumerate(clerks)
        ]
    )
    assert sorted(isinstance(outcome, StaleVersion) for outcome in done) == [False, True]
    assert OutboxMessage.objects.filter(template_key="ticket-answered").count() == 1


def test_answering_while_somebody_assigns_loses_neither():
    ticket, clerk, colleague = make_ticket(), make_user(role="sekretariat"), make_user(role="sekretariat")
    at_once(
        lambda: answer_ticket(ticket=ticket, text="Ya", seen=last_line(ticket), by=clerk),
        lambda: assign_ticket(ticket=ticket, assignee=colleague, by=clerk),
    )
    ticket.refresh_from_db()
    assert (ticket.status, ticket.assignee) == ("dijawab", colleague)
