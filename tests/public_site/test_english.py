"""The public pages in English: at addresses of their own, wholly English or openly Indonesian."""

import re

import pytest
from django.urls import reverse
from django.utils import translation

from core.content.models import MenuItem, Page
from core.content.services import publish_page
from core.schemes.models import Scheme
from tests.factories.accounts import make_user
from tests.factories.certificates import make_certificate
from tests.factories.content import make_page

pytestmark = pytest.mark.django_db

BOTH = ("/", "/skema/", "/skema/distribusi-bantuan/", "/alur/", "/privasi/", "/verifikasi/", "/verifikasi/luring/")
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
