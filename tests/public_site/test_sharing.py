"""What search engines and messengers read: one address that counts, facts, a map of the site, and what stays out."""

import json
import re
from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from core.content.models import OfficeData, Page
from core.content.services import publish_page, withdraw_page
from tests.factories.accounts import make_user
from tests.factories.applications import make_application
from tests.factories.certificates import make_certificate
from tests.factories.content import make_page

pytestmark = pytest.mark.django_db

SITE = "https://sertifikasi.contoh.id"
LISTED = (
    "/",
    "/skema/",
    "/skema/distribusi-bantuan/",
    "/alur/",
    "/privasi/",
    "/verifikasi/",
    "/en/",
    "/en/alur/",
    "/daftar/",
    "/tentang/",
    "/faq/",
    "/pengumuman/",
    "/kontak/",
    "/instansi/",
)
NOINDEX = '<meta name="robots" content="noindex">'
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture(autouse=True)
def _site(settings):
    settings.SITE_URL = SITE


def read(client, address: str) -> str:
    return client.get(address).content.decode()


def facts(text: str) -> list[dict]:
    return [json.loads(words) for words in re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)]


def meta(text: str, name: str) -> str:
    return re.search(rf'<meta (?:name|property)="{name}" content="([^"]*)"', text)[1]


@pytest.mark.parametrize("address", LISTED)
def test_a_page_worth_finding_says_all_that_is_asked(client, address):
    text = read(client, address)
    assert NOINDEX not in text
    assert f'<link rel="canonical" href="{SITE}{address}">' in text
    title = re.search(r"<title>(.*?) – LSP BNPB</title>", text)[1]
    assert 3 < len(title) < 60
    assert meta(text, "og:title") == title
    assert meta(text, "og:url") == SITE + address
    assert 30 < len(meta(text, "description")) < 170
    assert meta(text, "og:image").startswith(f"{SITE}/static/public_site/img/sharing-")
    assert meta(text, "twitter:card") == "summary_large_image"


def test_titles_and_descriptions_tell_pages_apart(client):
    texts = [read(client, address) for address in LISTED]
    assert len({meta(text, "og:title") for text in texts}) == len(LISTED)
    assert len({meta(text, "description") for text in texts}) == len(LISTED)


def test_words_of_the_address_line_do_not_make_another_page(client):
    assert f'<link rel="canonical" href="{SITE}/skema/">' in read(client, "/skema/?fbclid=1")


def test_both_languages_point_at_each_other(client):
    for address in ("/alur/", "/en/alur/"):
        text = read(client, address)
        for language, twin in (("id", "/alur/"), ("en", "/en/alur/"), ("x-default", "/alur/")):
            assert f'<link rel="alternate" hreflang="{language}" href="{SITE}{twin}">' in text


def test_an_english_page_without_english_text_points_to_the_indonesian_one(client):
    make_page(slug="jadwal", published=True)
    text = read(client, "/en/info/jadwal/")
    assert f'<link rel="canonical" href="{SITE}/info/jadwal/">' in text
    assert "hreflang" not in text.split("</head>")[0]


@pytest.mark.parametrize("address", ["/masuk/", "/lupa-sandi/", "/tidak-ada/", "/verifikasi/AAAABBBBCCCCDDDD/"])
def test_other_pages_ask_not_to_be_listed(client, address):
    text = read(client, address)
    assert NOINDEX in text
    assert "canonical" not in text


def test_what_was_checked_about_somebody_is_not_listed(client):
    certificate = make_certificate()
    for address in (f"/verifikasi/{certificate.code}/", f"/en/verifikasi/{certificate.code}/"):
        assert NOINDEX in read(client, address)
    assert NOINDEX in client.get("/verifikasi/", {"kode": certificate.number}).content.decode()


def test_the_desk_is_not_listed(client):
    case = make_application(status="draft")
    client.force_login(case.candidate.user, backend="django.contrib.auth.backends.ModelBackend")
    for address in ("/akun/", f"/permohonan/{case.reference}/"):
        assert NOINDEX in read(client, address)


def test_the_front_page_tells_who_the_lsp_is(client):
    (found,) = facts(read(client, "/"))
    assert "GovernmentOrganization" in found["@type"]
    assert (found["name"], found["url"]) == ("LSP BNPB", f"{SITE}/")
    assert "" not in found.values()


def test_a_scheme_tells_what_its_certificate_is_worth(client):
    trail, credential = facts(read(client, "/skema/distribusi-bantuan/"))
    assert [step["item"] for step in trail["itemListElement"]] == [
        f"{SITE}/", f"{SITE}/skema/", f"{SITE}/skema/distribusi-bantuan/",
    ]  # fmt: skip
    assert credential["@type"] == "EducationalOccupationalCredential"
    assert credential["validFor"] == "P36M"
    assert credential["competencyRequired"]


def test_facts_cannot_end_their_element(client):
    page = make_page(slug="jadwal", title="</script><b>x", published=True)
    text = read(client, f"/info/{page.slug}/")
    assert "</script><b>" not in text
    assert facts(text)[0]["itemListElement"][1]["name"] == "</script><b>x"


# --- robots.txt and the map ---------------------------------------------------------------------------


def addresses(client) -> dict[str, str]:
    response = client.get("/sitemap.xml")
    assert response["Content-Type"].startswith("application/xml")
    tree = ElementTree.fromstring(response.content)
    return {url.find(f"{MAP}loc").text: (url.findtext(f"{MAP}lastmod") or "") for url in tree}


def test_the_map_names_every_page_in_both_languages_and_when_it_changed(client):
    make_page(slug="jadwal", published=True)
    make_page(slug="draf")
    found = addresses(client)
    for address in (*LISTED, "/info/jadwal/", "/en/skema/distribusi-bantuan/"):
        assert SITE + address in found
    assert found[f"{SITE}/alur/"].startswith("20")
    assert found[f"{SITE}/skema/distribusi-bantuan/"].startswith("20")
    for address in ("/en/info/jadwal/", "/info/draf/", "/info/kaki-halaman/", "/en/daftar/", "/masuk/"):
        assert SITE + address not in found


def test_every_page_of_the_map_opens_and_wants_to_be_listed(client):
    for address in addresses(client):
        response = client.get(address.removeprefix(SITE))
        assert response.status_code == 200
        assert NOINDEX not in response.content.decode()


def test_a_withdrawn_page_leaves_the_map(client):
    page = make_page(slug="jadwal", published=True)
    withdraw_page(page=page, by=make_user(role="sekretariat"))
    assert f"{SITE}/info/jadwal/" not in addresses(client)


def test_the_map_costs_the_same_for_few_and_many_pages(client, django_assert_max_num_queries):
    for number in range(12):
        page = make_page(slug=f"p-{number}", published=True)
        Page.objects.filter(pk=page.pk).update(body="Lagi")
        publish_page(page=Page.objects.get(pk=page.pk), by=None)
    with django_assert_max_num_queries(4):
        client.get("/sitemap.xml")


def test_robots_are_told_what_is_closed_and_where_the_map_is(client):
    text = read(client, "/robots.txt")
    for path in ("/admin/", "/akun/", "/permohonan/", "/pratinjau/", "/en/pratinjau/"):
        assert f"Disallow: {path}\n" in text
    assert f"Sitemap: {SITE}/sitemap.xml" in text
    assert "Disallow: /verifikasi" not in text  # those pages say "noindex" themselves; a closed door would hide that


def test_who_found_a_weakness_reads_whom_to_tell_at_the_address_that_the_secretariat_set(client):
    """RFC 9116."""
    OfficeData.objects.update(email="sekretariat@lsp.contoh.id")
    response = client.get("/.well-known/security.txt")
    told = [line.split(": ", 1) for line in response.content.decode().splitlines()]

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert [value for name, value in told if name == "Contact"] == [
        "mailto:sekretariat@lsp.contoh.id",
        f"{SITE}/kontak/",
    ]
    assert dict(told)["Canonical"] == f"{SITE}/.well-known/security.txt"
    assert dict(told)["Preferred-Languages"] == "id, en"
    assert timedelta(days=30) < datetime.fromisoformat(dict(told)["Expires"]) - timezone.now() < timedelta(days=365)

    OfficeData.objects.update(email="")
    assert "mailto:" not in client.get("/.well-known/security.txt").content.decode()
