"""How tickets end: by the policy, with the person, and what their owner takes along before."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.inquiries import services
from core.inquiries.models import Ticket
from core.inquiries.rules import LinkHolder
from core.messaging.models import OutboxMessage
from core.messaging.services import send_waiting
from core.policy.models import SystemPolicy
from core.privacy.own_data import collect
from core.privacy.services import place_hold, wipe_tickets
from core.privacy.services.forgetting import erase_person
from tests.core.helpers import everything_in_the_database, refused
from tests.factories.accounts import make_user
from tests.factories.applications import make_application
from tests.factories.inquiries import make_answer, make_ticket
from tests.factories.privacy import make_request

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    return make_user(role="sekretariat")


def aged(*tickets: Ticket, months: int = 25) -> None:
    """As if the last word in them were so old."""
    Ticket.objects.filter(pk__in=[one.pk for one in tickets]).update(
        last_at=timezone.now() - timedelta(days=31 * months)
    )


def test_what_is_over_and_old_is_emptied_and_stays_counted(clerk):
    over, answered, waiting, young = (make_ticket(about="APL-1") for _time in range(4))
    for ticket in (over, young):
        make_answer(ticket, by=clerk, closes=True)
    make_answer(answered, by=clerk)
    send_waiting()
    aged(over, answered, waiting)

    assert wipe_tickets() == 2
    assert wipe_tickets() == 0

    over.refresh_from_db()
    assert (over.name, over.email, over.phone, over.about) == ("Data dihapus", "dihapus@dihapus.invalid", "", "")
    assert set(over.messages.values_list("text", flat=True)) == {""}
    letters = OutboxMessage.objects.filter(address="dihapus@dihapus.invalid")
    assert sorted(letters.values_list("template_key", flat=True)) == [
        "ticket-answered", "ticket-closed", "ticket-received", "ticket-received",
    ]  # fmt: skip
    assert (over.topic, over.status) == (young.topic, "ditutup")
    for ticket in (waiting, young):
        ticket.refresh_from_db()
        assert ticket.emptied_at is None
    with refused("write.refused"):
        services.write_to_ticket(ticket=over, text="Lagi", by=LinkHolder(over.pk))
    with refused("reopen.refused"):
        services.reopen_ticket(ticket=over, by=clerk)


def test_a_policy_of_nought_keeps_for_ever(clerk):
    ticket = make_ticket()
    make_answer(ticket, by=clerk, closes=True)
    aged(ticket, months=200)
    SystemPolicy.objects.update(ticket_months=0)
    assert wipe_tickets() == 0


def test_what_is_held_is_kept(clerk):
    case = make_application(status="submitted")
    person = make_user(role="asesi")
    about, sent, free = make_ticket(about=case.number), make_ticket(by=person), make_ticket()
    for ticket in (about, sent, free):
        make_answer(ticket, by=clerk, closes=True)
    aged(about, sent, free)
    place_hold(application=case, reason="Sengketa", by=clerk)
    place_hold(person=person, reason="Audit", by=clerk)
    assert wipe_tickets() == 1
    free.refresh_from_db()
    assert free.emptied_at is not None


def test_a_copy_of_ones_data_holds_ones_tickets_without_the_notes_of_the_office(clerk):
    person = make_user(role="asesi", email="siti@contoh.id")
    ticket = make_ticket(by=person, text="Kapan uji saya?")
    before = make_ticket(email="siti@contoh.id", text="Bagaimana mendaftar?")
    make_answer(ticket, by=clerk, text="Minggu depan.")
    services.add_note(ticket=ticket, text="Rewel.", by=clerk)

    found = collect(person)["pesan_dan_pengaduan"]

    assert [row["nomor"] for row in found] == [ticket.number, before.number]
    assert "Kapan uji saya?" in found[0]["percakapan"]
    assert "Minggu depan." in found[0]["percakapan"]
    assert "Rewel" not in str(found)


def test_an_erasure_takes_the_tickets_and_their_letters_along(clerk):
    person = make_user(role="asesi", email="siti@contoh.id", full_name="Siti Rahmawati")
    own = make_ticket(by=person, text="Rahasia saya.")
    make_ticket(email="siti@contoh.id", name="Siti R.", text="Sebelum punya akun.")
    make_answer(own, by=clerk, text="Jawaban untuk Siti.")
    somebody = make_ticket(text="Pesan orang lain.")

    erase_person(request=make_request(person=person, kind="penghapusan"), by=clerk)

    last = OutboxMessage.objects.filter(template_key="privacy-erased")
    assert last.update(address="", body="") == 1  # emptied once it is sent
    stored = everything_in_the_database()
    assert not [word for word in ("siti@", "Siti", "Rahmawati") if word in stored]
    assert Ticket.objects.filter(sender=person).count() == 0
    somebody.refresh_from_db()
    assert somebody.emptied_at is None
