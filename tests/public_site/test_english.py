"""The public pages in English: at addresses of their own, wholly English or openly Indonesian."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from core.content.models import MenuItem, OfficeData, Page
from core.content.services import publish_page
from core.inquiries.models import Ticket
from core.inquiries.queries import topics_of
from core.messaging.models import OutboxMessage
from core.schemes.models import Scheme
from public_site.forms.guard import new_stamp
from tests.factories.accounts import make_user
from tests.factories.certificates import make_certificate
from tests.factories.content import make_announcement, make_download, make_page, make_question
from tests.factories.inquiries import make_answer

pytestmark = pytest.mark.django_db

BOTH = (
    "/", "/skema/", "/skema/distribusi-bantuan/", "/alur/", "/privasi/", "/tentang/", "/layanan/", "/persyaratan/", "/faq/",
    "/pengumuman/", "/unduhan/", "/register/", "/kontak/", "/pengaduan/", "/instansi/", "/verifikasi/",
    "/verifikasi/luring/",
)  # fmt: skip
MISSING = "This text is available in Indonesian only."


def read(client, address: str) -> str:
    return client.get(address).content.decode()


def only_indonesian(slug: str) -> None:
    page = Page.objects.get(slug=slug)
    page.title, page.title_en, page.summary_en, page.body_en = "Judul baru", "", "", ""
    page.save()
    publish_page(page=page, by=None)


@pytest.mark.parametrize("address", BOTH)
def test_a_public_page_has_a_twin_that_says_which_language_it_is_in(client, address):
    for language, path in (("id", address), ("en", f"/en{address}")):
        response = client.get(path)
        assert response.status_code == 200
        assert f'<html lang="{language}"' in response.content.decode()
        assert response["Content-Language"] == language


@pytest.mark.parametrize("address", BOTH[:-1])
def test_the_switch_is_a_plain_link_to_the_same_page(client, address):
    assert f'href="/en{address}" hreflang="en" lang="en">English</a>' in read(client, address)
    assert f'href="{address}" hreflang="id" lang="id">Bahasa Indonesia</a>' in read(client, f"/en{address}")


def test_what_was_asked_for_travels_with_the_switch(client):
    assert 'href="/en/verifikasi/?kode=" hreflang' in read(client, "/verifikasi/?kode=")


def test_an_english_page_leads_on_in_english(client):
    text = read(client, "/en/")
    for address in ("/en/skema/", "/en/skema/distribusi-bantuan/", "/en/alur/", "/en/verifikasi/"):
        assert f'href="{address}"' in text
    assert "Prove that you can handle a disaster" in text
    assert "Relief Distribution" in text
    assert ">How it works</a>" in text  # the menu, a row


def test_from_english_to_the_desk_the_way_leads_into_indonesian(client):
    text = read(client, "/en/")
    assert 'href="/daftar/"' in text
    assert client.get("/en/daftar/").status_code == 404
    assert client.get("/en/akun/").status_code == 404


@pytest.mark.parametrize("address", ["/daftar/", "/masuk/", "/lupa-sandi/"])
def test_pages_in_indonesian_only_have_no_switch(client, address):
    assert ">English</a>" not in read(client, address)


def test_neither_the_browser_nor_a_cookie_chooses_the_language(client):
    response = client.get("/alur/", headers={"accept-language": "en"})
    assert '<html lang="id"' in response.content.decode()
    assert "Accept-Language" not in response.get("Vary", "")


def test_a_text_without_english_is_shown_in_indonesian_and_says_so(client):
    only_indonesian("alur")
    text = read(client, "/en/alur/")
    assert MISSING in text
    assert '<h1 lang="id">Judul baru</h1>' in text
    assert MISSING not in read(client, "/alur/")
    assert ' lang="id">Judul' not in read(client, "/alur/")


def test_half_an_english_text_is_none(client):
    make_page(slug="jadwal", title="Jadwal", body="Isi kami")
    page = Page.objects.get(slug="jadwal")
    page.title_en = "Schedule"
    page.save()
    publish_page(page=page, by=None)
    text = read(client, "/en/info/jadwal/")
    assert MISSING in text
    assert "Schedule" not in text

    page.body_en = "Our **text**"
    page.save()
    publish_page(page=page, by=None)
    text = read(client, "/en/info/jadwal/")
    assert "<h1>Schedule</h1>" in text
    assert "Our <strong>text</strong>" in text


def test_an_edition_keeps_its_english_while_a_draft_is_written(client):
    page = Page.objects.get(slug="alur")
    page.title_en = "A new title"
    page.save()
    assert "A new title" not in read(client, "/en/alur/")
    publish_page(page=page, by=None)
    assert "<h1>A new title</h1>" in read(client, "/en/alur/")


def test_a_menu_entry_without_english_stays_as_it_is(client):
    MenuItem.objects.filter(label="Alur").update(label_en="")
    assert '<li lang="id"><a href="/en/alur/" >Alur</a></li>' in read(client, "/en/")


def test_the_name_of_a_scheme_is_the_indonesian_one_and_stands_beside_the_english(client):
    text = read(client, "/en/skema/distribusi-bantuan/")
    assert "Relief Distribution" in text
    assert '<strong lang="id">Distribusi Bantuan</strong>' in text
    assert 'class="faq" lang="id"' in text  # the units: a norm, word for word

    Scheme.objects.filter(code="distribusi-bantuan").update(title_en="")
    text = read(client, "/en/skema/distribusi-bantuan/")
    assert '<span lang="id">Distribusi Bantuan</span>' in text


def test_an_employer_abroad_reads_whether_a_certificate_counts(client):
    certificate = make_certificate()
    text = read(client, f"/en/verifikasi/{certificate.code}/")
    assert "This certificate is on record and valid" in text
    assert "<strong>Valid</strong>" in text


# --- what the secretariat lists ------------------------------------------------------------------------------


def test_questions_are_asked_answered_and_found_in_english(client):
    assert "<h2>Before you register</h2>" in read(client, "/en/faq/")
    found = read(client, "/en/faq/?cari=curriculum")
    assert "1 question contains “curriculum”." in found
    assert "What should I have ready?" in found
    assert "0 pertanyaan memuat" in read(client, "/faq/?cari=curriculum")


def test_a_question_without_english_stands_in_indonesian_among_the_others(client):
    row = make_question(question="Bolehkah?", group="Lain-lain", answer="Boleh.", question_en="May I?")
    text = read(client, "/en/faq/")
    assert '<h2 lang="id">Lain-lain</h2>' in text
    assert f'id="tanya-{row.pk}" lang="id"' in text
    assert "May I?" not in text


def test_an_announcement_is_read_in_english_from_the_list_to_its_end(client):
    words = {"title_en": "Office closed", "body_en": "See [the schemes](/skema/#buka)."}
    row = make_announcement(title="Libur", body="Tutup.", **words)
    make_announcement(title="Belum diterjemahkan")

    listed = read(client, "/en/pengumuman/")
    assert f'href="/en/pengumuman/{row.slug}/">Office closed</a>' in listed
    assert '<h2 class="dated__title" lang="id"><a href="/en/pengumuman/belum-diterjemahkan/">' in listed
    text = read(client, f"/en/pengumuman/{row.slug}/")
    assert "<span>Office closed</span></h1>" in text
    assert 'href="/en/skema/#buka"' in text  # the author wrote /skema/
    assert MISSING in read(client, "/en/pengumuman/belum-diterjemahkan/")

    listed_for_engines = read(client, "/sitemap.xml")
    assert f"/en/pengumuman/{row.slug}/" in listed_for_engines
    assert "/en/pengumuman/belum-diterjemahkan/" not in listed_for_engines


def test_lists_ask_the_database_as_often_with_many_announcements_as_with_one(client, django_assert_max_num_queries):
    words = {"title_en": "News", "body_en": "Text."}
    make_announcement(**words)
    read(client, "/en/pengumuman/")
    with CaptureQueriesContext(connection) as one:
        read(client, "/en/pengumuman/")
    for _n in range(5):
        make_announcement(**words)
    with django_assert_max_num_queries(len(one)):
        read(client, "/en/pengumuman/")


def test_a_file_is_described_in_english(client):
    row = make_download(title="Panduan", version="Rev. 2", title_en="Guide", description_en="")
    text = read(client, "/en/unduhan/")
    assert "Guide</a>" in text
    assert f'href="{row.address}"' in text  # one file for both
    assert "1 page" in text


def test_the_numbers_of_the_register_are_told_in_english(client):
    certificate = make_certificate()
    scheme, year = certificate.scheme, certificate.issued_on.year
    assert f'href="/en/register/{scheme.code}/{year}/"' in read(client, "/en/register/")
    text = read(client, f"/en/register/{scheme.code}/{year}/")
    assert certificate.number in text
    assert ">Valid</strong>" in text
    assert f'Official name: <strong lang="id">{scheme.title}</strong>' in text


def test_groups_of_schemes_stand_in_english_and_are_found_so(client):
    assert '<option value="Kerelawanan">' in read(client, "/en/skema/")
    found = read(client, "/en/skema/?cari=relief")
    assert "1 scheme found." in found


def test_the_office_says_in_english_when_it_is_open(client):
    OfficeData.objects.update(office_hours="Senin–Jumat, 08.00–16.00 WIB", office_hours_en="")
    assert '<span lang="id">Senin–Jumat' in read(client, "/en/kontak/")
    OfficeData.objects.update(office_hours_en="Monday to Friday, 8 a.m. to 4 p.m. (UTC+7)")
    assert "Monday to Friday" in read(client, "/en/kontak/")
    assert "Senin–Jumat" in read(client, "/kontak/")


# --- questions and complaints ----------------------------------------------------------------------------------


def write(client, address="/en/kontak/", **more):
    given = {"topic": topics_of("pertanyaan").first().pk, "text": "May I send a photo?", "name": "Ann Lee"}
    given |= {"email": "ann@example.org", "stamp": new_stamp(seconds_ago=60)}
    return client.post(address, given | more)


def test_a_form_sent_in_english_is_answered_in_english(client):
    assert ">Registration and account</option>" in read(client, "/en/kontak/")
    text = write(client, text="", email="ann", phone="12").content.decode()
    assert "<title>Something is wrong: Contact us" in text
    for sentence in ("Write your message first.", "Enter a complete e-mail address", "A phone number consists of"):
        assert sentence in text
    assert "press Send once more" in write(client, stamp=new_stamp()).content.decode()


def test_from_an_english_form_to_an_english_conversation_and_its_letters(client):
    sent = write(client)
    assert sent.url == "/en/kontak/terkirim/"
    assert "We will answer by" in read(client, sent.url)
    ticket, letter = Ticket.objects.get(), OutboxMessage.objects.get()
    assert letter.subject == f"We have received your message {ticket.number}"
    assert "about “Registration and account”" in letter.body
    address = f"/en/pesan/{ticket.number}/{ticket.link_key}/"
    assert address in letter.body

    with translation.override("id"):  # the back office
        make_answer(ticket, by=make_user(role="sekretariat"), text="Yes, if it can be read.")
    assert OutboxMessage.objects.latest("pk").subject == f"Our answer to your message {ticket.number}"
    thread = read(Client(), address)
    assert "Secretariat of the LSP" in thread
    assert "noindex" in thread
    answered = client.post(address, {"text": "Thank you."}, follow=True).content.decode()
    assert "Message sent." in answered
    assert client.post(address, {"text": " "}).content.decode().count("Write your message first.") == 2


def test_an_indonesian_form_keeps_its_indonesian_letters(client):
    write(client, "/kontak/")
    assert OutboxMessage.objects.get().subject.startswith("Pesan Anda kami terima")


def test_what_was_typed_survives_a_lost_cookie_in_english(client):
    strict = Client(enforce_csrf_checks=True, headers={"origin": "http://testserver"})
    text = write(strict).content.decode()
    assert "<h1>What you typed is still here</h1>" in text
    assert 'action="/en/kontak/"' in text


def test_what_is_not_there_is_told_in_english(client):
    response = client.get("/en/tidak-ada/")
    assert response.status_code == 404
    assert "<h1>Page not found</h1>" in response.content.decode()
    assert 'href="/en/"' in response.content.decode()


def test_staff_see_their_english_draft_before_they_publish(client):
    client.force_login(make_user(role="sekretariat"), backend="django.contrib.auth.backends.ModelBackend")
    words = {"title": "Alur", "body": "1. Satu", "title_en": "The way", "body_en": "1. One"}
    text = client.post("/en/pratinjau/alur/", words).content.decode()
    assert "<h1>The way</h1>" in text
    assert "One" in text
    assert "<h1>Alur</h1>" in client.post("/pratinjau/alur/", words).content.decode()


def test_staff_see_the_english_of_an_entry_too(client):
    client.force_login(make_user(role="sekretariat"), backend="django.contrib.auth.backends.ModelBackend")
    row = make_question(is_published=False)
    words = {"question": "Apa?", "answer": "Itu.", "question_en": "What?", "answer_en": "That."}
    assert "<span>What?</span>" in client.post(f"/en{row.preview_address}", words).content.decode()
    assert "<span>Apa?</span>" in client.post(row.preview_address, words).content.decode()


def test_the_back_office_stays_indonesian_after_an_english_page(client):
    client.get("/en/")
    assert 'lang="id"' in client.get("/admin/login/", follow=True).content.decode()
    assert translation.get_language() == "id"


def test_addresses_follow_the_language_of_the_page():
    assert reverse("public_site:flow") == "/alur/"
    with translation.override("en"):
        assert reverse("public_site:flow") == "/en/alur/"
        assert reverse("public_site:login") == "/masuk/"


def test_no_indonesian_sentence_of_the_frame_is_left_on_an_english_page(client):
    """Beside the catalogue's own test: words that never went through gettext."""
    for address in BOTH:
        text = re.sub(r'<(\w+)[^>]* lang="id".*?</\1>', "", read(client, f"/en{address}"), flags=re.DOTALL)
        visible = re.sub(r"<script.*?</script>|<style.*?</style>|<[^>]+>", " ", text, flags=re.DOTALL)
        found = set(re.findall(r"\b(yang|dan|atau|dengan|untuk|tidak|belum|sudah|Anda|pada)\b", visible))
        assert not found, (address, found)
