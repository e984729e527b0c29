"""Contact and complaint from the portal: what a person meets, with an account and without, and what machines meet."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.inquiries.models import Ticket
from core.inquiries.queries import topics_of
from core.inquiries.services import add_note
from core.messaging.models import OutboxMessage
from core.messaging.services import send_waiting
from public_site.forms.guard import FASTEST_SECONDS, MAX_AGE_SECONDS, new_stamp, read_stamp
from tests.factories.accounts import make_candidate, make_user
from tests.factories.applications import make_application
from tests.factories.inquiries import make_answer, make_ticket

pytestmark = pytest.mark.django_db

TEXT = "Apakah foto KTP boleh dari ponsel?\nTerima kasih."


def filled(kind: str = "pertanyaan", *, opened: int = 60, **more) -> dict:
    """The form as somebody fills it in who opened it so many seconds ago."""
    given = {
        "topic": topics_of(kind).first().pk,
        "text": TEXT,
        "name": "Yohana Tambunan",
        "email": "yohana@contoh.id",
        "phone": "",
        "about": "",
        "situs": "",
        "stamp": new_stamp(seconds_ago=opened),
    }
    return given | more


def send(client: Client, address: str = "/kontak/", **more):
    kind = "pengaduan" if address == "/pengaduan/" else "pertanyaan"
    return client.post(address, filled(kind, **more))


# --- the form ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("address", "kind"), [("/kontak/", "pertanyaan"), ("/pengaduan/", "pengaduan")])
def test_from_the_form_to_the_conversation_without_an_account(client, address, kind):
    page = client.get(address).content.decode()
    assert read_stamp(re.search(r'name="stamp" value="([^"]+)"', page)[1]) is not None

    answer = send(client, address)

    ticket = Ticket.objects.get()
    assert (ticket.kind, ticket.sender) == (kind, None)
    assert answer.url == "/kontak/terkirim/"
    sent = client.get(answer.url).content.decode()
    assert ticket.number in sent
    assert "yohana@contoh.id" in sent
    letter = OutboxMessage.objects.get()
    link = re.search(r"http\S+/pesan/\S+", letter.body)[0]
    thread = Client().get("/" + link.split("/", 3)[3])  # whoever has the letter, on whatever phone
    assert "Apakah foto KTP boleh dari ponsel?" in thread.content.decode()
    assert thread["Cache-Control"].count("no-store") == 1
    assert thread["X-Robots-Tag"] == "noindex, nofollow"


def test_the_next_person_at_a_shared_browser_is_not_shown_the_conversation(client):
    send(client)
    assert client.get("/kontak/terkirim/").status_code == 200
    Ticket.objects.update(created_at=timezone.now() - timedelta(hours=1))
    assert client.get("/kontak/terkirim/").url == "/kontak/"


def test_a_complaint_about_a_decision_is_led_to_the_appeal(client):
    page = client.get("/pengaduan/").content.decode()
    assert "Itu banding, bukan pengaduan" in page
    assert 'href="/akun/"' in page


def test_a_candidate_need_not_say_who_they_are(client):
    case = make_application(status="submitted")
    person = case.candidate.user
    client.force_login(person)
    assert f"/kontak/?tentang={case.number}" in client.get(f"/permohonan/{case.number}/").content.decode()
    page = client.get(f"/kontak/?tentang={case.number}").content.decode()
    assert f'value="{case.number}"' in page
    assert 'name="email"' not in page

    answer = client.post("/kontak/", filled(about=case.number, name="X", email="x@contoh.id"))

    ticket = Ticket.objects.get()
    assert (ticket.sender, ticket.email, ticket.application) == (person, person.email, case)
    assert f"/akun/pesan/{ticket.number}/" in client.get(answer.url).content.decode()


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"text": ""}, "Tulis pesannya dahulu."),
        ({"topic": ""}, "Pilih topiknya."),
        ({"email": "yohana@"}, "Tulis alamat e-mail yang lengkap"),
        ({"name": " "}, "Isi nama Anda."),
        ({"phone": "nanti"}, "Nomor telepon hanya angka"),
    ],
)
def test_a_fault_is_told_beside_its_field_and_nothing_is_lost(client, wrong, why):
    page = send(client, **wrong).content.decode()
    assert why in page
    assert wrong.keys() == {"text"} or "Apakah foto KTP boleh dari ponsel?" in page
    assert not Ticket.objects.exists()


def test_the_same_form_sent_twice_is_one_ticket(client):
    form = filled()
    for _click in range(2):
        assert client.post("/kontak/", form).url == "/kontak/terkirim/"
    assert Ticket.objects.count() == OutboxMessage.objects.count() == 1


def test_going_back_and_sending_something_else_is_asked_about_and_then_sent(client):
    form = filled()
    client.post("/kontak/", form)
    page = client.post("/kontak/", form | {"text": "Pertanyaan lain."})
    assert f"sudah terkirim dengan nomor {Ticket.objects.get().number}" in page.content.decode()
    stamp = page.context["form"]["stamp"].value()
    client.post("/kontak/", form | {"text": "Pertanyaan lain.", "stamp": stamp})
    assert Ticket.objects.count() == 2


# --- the guard --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sign", "words"),
    [
        ({"situs": "https://iklan.example"}, "isian tersembunyi"),
        ({"opened": FASTEST_SECONDS - 2}, "terlalu cepat"),
        ({"opened": MAX_AGE_SECONDS + 60}, "sudah lama terbuka"),
        ({"stamp": "dibuat-sendiri"}, "sudah lama terbuka"),
        ({"stamp": ""}, "sudah lama terbuka"),
    ],
)
def test_whoever_is_caught_keeps_the_text_and_gets_through_with_the_next_press(client, sign, words):
    page = send(client, **sign)
    assert page.status_code == 200
    assert words in page.content.decode()
    assert not Ticket.objects.exists()
    form = page.context["form"]
    assert form["text"].value() == TEXT
    assert not form["situs"].value()
    stamp = form["stamp"].value()
    again = new_stamp(seconds_ago=FASTEST_SECONDS) if "opened" in sign and sign["opened"] < 10 else stamp
    assert client.post("/kontak/", filled(stamp=again)).status_code == 302


def test_the_box_that_catches_machines_is_kept_from_people(client):
    page = client.get("/kontak/").content.decode()
    box = re.search(r'<div class="sr-only" aria-hidden="true">.*?</div>', page, re.DOTALL)[0]
    assert 'name="situs"' in box
    assert 'tabindex="-1"' in box
    assert 'autocomplete="off"' in box


def test_many_presses_in_a_minute_are_slowed_down_without_losing_the_text(client):
    answers = [send(client, email=f"a{number}@contoh.id") for number in range(7)]
    assert [answer.status_code for answer in answers] == [302] * 6 + [200]
    assert "tunggu sebentar" in answers[-1].content.decode()
    assert "Apakah foto KTP boleh dari ponsel?" in answers[-1].content.decode()


# --- the conversation -------------------------------------------------------------------------------------


def test_the_sender_reads_the_answer_and_goes_on(client):
    ticket = make_ticket(text="Satu <b>tebal</b> https://jahat.example")
    make_answer(ticket, by=make_user(role="sekretariat", full_name="Dewi Lestari"), text="Boleh.")
    address = reverse("public_site:conversation", args=[ticket.number, ticket.link_key])
    page = client.get(address).content.decode()
    assert "Boleh." in page
    assert "Dewi" not in page  # the LSP answers, not a person
    assert "&lt;b&gt;tebal&lt;/b&gt; https://jahat.example" in page
    assert 'href="https://jahat' not in page

    form = {"text": "Terima kasih.", "submission": client.get(address).context["form"]["submission"].value()}
    for _click in range(2):
        assert client.post(address, form).url == address

    assert client.get(address).content.decode().count("Terima kasih.") == 1
    ticket.refresh_from_db()
    assert ticket.status == "terbuka"


def test_a_wrong_link_opens_nothing(client):
    ticket, other = make_ticket(), make_ticket()
    for number, key in ((ticket.number, other.link_key), (ticket.number, "x"), ("TIK-0", ticket.link_key)):
        assert client.get(reverse("public_site:conversation", args=[number, key])).status_code == 404


def test_notes_of_the_office_are_not_told(client):
    ticket = make_ticket()
    add_note(ticket=ticket, text="Orang ini rewel.", by=make_user(role="sekretariat"))
    assert (
        "rewel"
        not in client.get(reverse("public_site:conversation", args=[ticket.number, ticket.link_key])).content.decode()
    )


# --- messages on the desk ---------------------------------------------------------------------------------


def test_letters_and_conversations_are_read_on_the_desk(client, settings):
    person = make_candidate(full_name="Siti Rahmawati").user
    client.force_login(person)
    ticket = make_ticket(by=person)
    letter = OutboxMessage.objects.get(recipient=person, template_key="ticket-received")
    page = client.get("/akun/pesan/").content.decode()
    for link in (f"/akun/pesan/{ticket.number}/", f"/akun/surat/{letter.pk}/"):
        assert link in page
    read = client.get(f"/akun/surat/{letter.pk}/").content.decode()
    assert f'<a href="/akun/pesan/{ticket.number}/">{settings.SITE_URL}/akun/pesan/{ticket.number}/</a>' in read


def test_only_addresses_of_this_site_become_links(client, settings):
    person = make_candidate().user
    client.force_login(person)
    body = f"Lihat {settings.SITE_URL}/akun/. Bukan https://jahat.example/ <script>x</script> {settings.SITE_URL}.jahat.example/a"
    letter = OutboxMessage.objects.create(
        recipient=person, address=person.email, template_key="x", subject="S", body=body, status="terkirim"
    )
    page = client.get(f"/akun/surat/{letter.pk}/").content.decode()
    assert re.findall(r'<a href="([^"]+)">http', page) == ["/akun/"]
    assert "&lt;script&gt;" in page


def test_letters_with_a_link_that_logs_in_and_those_of_others_do_not_exist(client):
    person, other = make_candidate().user, make_candidate().user
    client.force_login(person)
    hidden = {"address": "a@contoh.id", "template_key": "x", "subject": "S", "body": "B", "status": "terkirim"}
    for letter in (
        OutboxMessage.objects.create(recipient=person, is_secret=True, **hidden),
        OutboxMessage.objects.create(recipient=other, **hidden),
    ):
        assert client.get(f"/akun/surat/{letter.pk}/").status_code == 404
        assert f"/akun/surat/{letter.pk}/" not in client.get("/akun/pesan/").content.decode()
    assert client.get(f"/akun/pesan/{make_ticket(by=other).number}/").status_code == 404


def test_many_letters_come_in_pages_and_cost_the_same(client):
    person = make_candidate().user
    client.force_login(person)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/akun/pesan/").status_code == 200
        return len(queries)

    make_ticket(by=person)
    few = cost()
    for number in range(45):
        OutboxMessage.objects.create(
            recipient=person, address=person.email, template_key="x", subject=f"Surat {number}", body="B"
        )
    make_ticket(by=person)
    assert cost() == few
    page = client.get("/akun/pesan/?page=3").content.decode()
    assert "Surat 0" in page
    assert "Halaman 3 dari 3" in page


def test_a_letter_that_is_sent_says_what_its_template_says(client):
    send(client)
    send_waiting()
    assert Ticket.objects.get().number in mail.outbox[0].subject
