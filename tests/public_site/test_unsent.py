"""Forms that are sent as a whole: kept while they are typed, sent once, from whichever device."""

import re

import pytest
from django.test import Client

from core.common.models import UnsentForm
from core.decisions.models import Appeal
from core.decisions.queries import appeal_questions
from core.inquiries.models import Ticket
from core.inquiries.queries import topics_of
from core.privacy.models import PrivacyRequest
from public_site.forms.guard import new_stamp
from tests.factories.accounts import make_candidate, make_user
from tests.factories.corridor import make_case

pytestmark = pytest.mark.django_db

BY_ITSELF = {"headers": {"accept": "application/json"}}
CORRECTION = "/akun/data/permintaan/perbaikan/"
WORDS = "Tempat lahir saya Ambon, bukan Amban."


@pytest.fixture
def phone(client) -> Client:
    client.force_login(make_candidate(full_name="Siti Rahmawati").user)
    return client


def page(client: Client, address: str) -> dict[str, str]:
    content = client.get(address).content.decode()
    return {name: re.search(rf'name="{name}" value="([^"]*)"', content)[1] for name in ("version", "writer")}


def shown(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def complaint(**more) -> dict:
    """As the phone sends it whose button was pressed without network."""
    given = {
        "topic": topics_of("pengaduan").first().pk,
        "text": "Jadwal berubah tanpa kabar.",
        "about": "",
        "phone": "",
    }
    return given | {"pressed": 1, "stamp": new_stamp(seconds_ago=60)} | more


@pytest.mark.parametrize("address", [CORRECTION, "/kontak/", "/pengaduan/"])
def test_a_form_keeps_what_is_typed_and_shows_it_on_another_device(phone, address):
    field = "words" if address == CORRECTION else "text"

    answer = phone.post(address, page(phone, address) | {field: WORDS, "sending": 1}, **BY_ITSELF)

    assert answer.json() == {"number": 1, "faults": []}
    assert WORDS in shown(phone, address)
    assert "data-sign" in shown(phone, address)
    assert not PrivacyRequest.objects.exists()
    assert not Ticket.objects.exists()


def test_nobody_is_in_and_nothing_is_kept(client):
    assert "data-draft-key" not in shown(client, "/kontak/")
    assert client.post("/kontak/", {"text": WORDS}, **BY_ITSELF).status_code == 401
    client.force_login(make_candidate().user)
    other = make_user(role="asesi")
    assert client.post("/kontak/", {"text": WORDS, "owner": other.pk}, **BY_ITSELF).status_code == 401
    assert not UnsentForm.objects.exists()


def test_an_appeal_is_kept_question_by_question_and_its_tick_is_not(client):
    case = make_case("not_yet_competent")
    client.force_login(case.application.candidate.user)
    address = f"/permohonan/{case.application.number}/banding/"
    first = f"line-{appeal_questions()[0].key}"
    drawn = page(client, address)

    client.post(address, drawn | {"reason": WORDS, first: "tidak", "agreed": "on", "sending": 1}, **BY_ITSELF)

    again = shown(client, address)
    assert WORDS in again
    assert re.search(rf'name="{first}" value="tidak"[^>]*checked', again)
    assert not re.search(r'name="agreed"[^>]*checked', again)
    whole = {"reason": WORDS, "agreed": "on"} | {f"line-{line.key}": "ya" for line in appeal_questions()}
    client.post(address, drawn | whole | {"sending": 2})
    assert Appeal.objects.get().reason == WORDS
    assert UnsentForm.objects.get().answers == {}
    late = client.post(address, drawn | {"reason": "lama", "sending": 1}, **BY_ITSELF)
    assert late.status_code == 410  # its case says what became of it


def test_a_press_without_network_is_sent_when_the_link_is_back_and_counts_once(phone):
    sent = page(phone, "/pengaduan/") | complaint(sending=3)

    answers = [phone.post("/pengaduan/", sent, **BY_ITSELF) for _time in range(2)]

    assert [answer.json()["sent"] for answer in answers] == ["/kontak/terkirim/"] * 2
    assert Ticket.objects.get().number in shown(phone, "/kontak/terkirim/")
    assert "Jadwal berubah" not in shown(phone, "/pengaduan/")


def test_a_press_that_is_refused_says_why_and_keeps_the_words(phone):
    sent = page(phone, "/pengaduan/") | complaint(topic="", sending=1)

    answer = phone.post("/pengaduan/", sent, **BY_ITSELF)

    assert (answer.status_code, answer.json()["message"]) == (422, "Pilih topiknya.")
    assert not Ticket.objects.exists()


def test_words_that_come_again_after_they_were_sent_are_no_draft(phone):
    """The answer to the button was lost: the phone brings the same once more."""
    sent = page(phone, CORRECTION) | {"words": WORDS, "sending": 2}
    phone.post(CORRECTION, sent)

    answer = phone.post(CORRECTION, sent, **BY_ITSELF)

    assert answer.json()["sent"] == "/akun/data/"
    assert WORDS not in shown(phone, CORRECTION)
    assert PrivacyRequest.objects.count() == 1


def test_two_devices_are_compared_and_comparing_sends_nothing(phone):
    here, there = page(phone, CORRECTION), page(phone, CORRECTION)
    phone.post(CORRECTION, there | {"words": "dari laptop", "sending": 1}, **BY_ITSELF)

    refused = phone.post(CORRECTION, here | {"words": "dari ponsel", "sending": 1}, **BY_ITSELF)
    assert refused.status_code == 409
    compared = phone.post(CORRECTION, here | {"words": "dari ponsel", "compare": "1"}).content.decode()
    assert "dari laptop" in compared
    assert "dari ponsel" in compared
    newest = {name: re.search(rf'name="{name}" value="([^"]*)"', compared)[1] for name in ("version", "writer")}
    chosen = {"compared": 1, "differing": "words", "label": "Data", "words": "dari ponsel", "choose-words": "here"}
    answer = phone.post(CORRECTION, newest | chosen)

    assert answer.url == CORRECTION
    assert "dari ponsel" in shown(phone, CORRECTION)
    assert not PrivacyRequest.objects.exists()


def test_without_a_script_the_button_alone_sends(phone):
    phone.post(CORRECTION, page(phone, CORRECTION) | {"words": WORDS, "sending": ""})
    assert PrivacyRequest.objects.get().words == WORDS
