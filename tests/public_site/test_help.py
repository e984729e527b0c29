"""“Bantuan” in the strip of every page of the portal: it leads to the page of the manual about that page."""

import re

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver

from core.manual.books import book_of
from public_site import help as manual
from public_site.urls import urlpatterns
from tests.factories.accounts import make_user
from tests.factories.applications import make_application

MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"
#: Addresses without a page of the manual, and why.
NO_PAGE = {
    "pages that explain themselves": {
        "home", "flow", "privacy", "about", "services", "requirements", "faq", "announcements", "announcement",
        "downloads", "info",
    },
    "seen by staff only, who have their own manual": {"preview", "preview_row"},
    "the manual itself": {"manual_front", "manual_book", "manual_pdf", "manual_page"},
    "a page without the portal's frame, to be kept on a phone": {"verification_offline"},
    "files and pictures": {
        "download", "logo", "document", "calendar", "form_pdf", "paper_pdf", "case_file_bundle", "certificate_pdf",
        "certificate_badge", "schedule_calendar", "institution_template", "institution_faults",
    },
    "for programs": {
        "verification_keys", "verification_key", "verification_issuer", "verification_status", "health", "metrics",
        "service_worker", "robots", "sitemap", "security_txt", "uploads", "upload", "derive_from_nik",
    },
    "a press that leads to another page": {"logout", "end_sessions", "forget_devices", "share_result"},
    "not part of an installation": {"demo_mailbox", "demo_letter", "demo_attachment", "style_page"},
}  # fmt: skip


def addresses(patterns) -> set[str]:
    found: set[str] = set()
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            found |= addresses(pattern.url_patterns)
        elif isinstance(pattern, URLPattern) and pattern.name:
            found.add(pattern.name)
    return found


def help_link(client: Client, address: str) -> tuple[str, bool]:
    """Where “Bantuan” of this page leads, and whether to another tab."""
    response = client.get(address)
    assert response.status_code == 200, address
    found = re.findall(r'<a data-help href="([^"]+)"([^>]*)>', response.content.decode())
    assert len(found) == 1, address
    return found[0][0], 'target="_blank"' in found[0][1]


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend=MODEL_BACKEND)
    return client


def test_every_address_of_the_portal_has_a_page_of_the_manual_or_a_reason_why_not():
    without = set().union(*NO_PAGE.values())
    explained = set(manual.PAGE_OF_ADDRESS)
    assert addresses(urlpatterns) - without - explained == set()
    assert without & explained == set()
    assert explained - addresses(urlpatterns) == set()


def test_every_page_that_is_named_stands_in_the_manual_of_its_role():
    slugs = {*manual.PAGE_OF_ADDRESS.values(), *manual.PAGE_OF_STATUS.values(), "instansi-data"}
    assert [slug for slug in sorted(slugs) if slug not in book_of(slug.partition("-")[0]).slugs] == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "explained"),
    [
        ("/skema/", "asesi/asesi-skema/"),
        ("/daftar/", "asesi/asesi-mendaftar/"),
        ("/masuk/", "asesi/asesi-lupa-sandi/"),
        ("/verifikasi/", "asesi/asesi-keaslian/"),
        ("/kontak/", "asesi/asesi-bertanya/"),
        ("/instansi/daftar/", "instansi/instansi-mendaftar/"),
    ],
)
def test_what_is_typed_stays_while_somebody_reads_how_to(client, address, explained):
    assert help_link(client, address) == (f"/bantuan/{explained}", True)
    assert client.get(f"/bantuan/{explained}").status_code == 200


@pytest.mark.django_db
def test_a_page_without_one_of_its_own_leads_to_all_manuals(client):
    assert help_link(client, "/alur/") == ("/bantuan/", False)


@pytest.mark.django_db
def test_there_is_none_where_it_would_lead_to_the_wrong_language_or_to_itself(client):
    for address in ("/en/", "/en/verifikasi/", "/bantuan/", "/bantuan/asesi/"):
        assert "data-help" not in client.get(address).content.decode(), address


@pytest.mark.django_db
def test_a_page_that_does_not_exist_offers_all_manuals(client):
    assert 'data-help href="/bantuan/"' in client.get("/tidak-ada/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "slug"), [("draft", "asesi-apl-01"), ("returned", "asesi-memperbaiki"), ("submitted", "asesi-mengikuti")]
)
def test_the_page_of_a_case_is_explained_as_far_as_it_is(status, slug):
    case = make_application(status=status)
    client = signed_in(case.candidate.user)
    assert help_link(client, f"/permohonan/{case.reference}/")[0] == f"/bantuan/asesi/{slug}/"


@pytest.mark.django_db
def test_an_officer_reads_about_the_account_in_the_manual_for_officers():
    assert help_link(signed_in(make_user(role="instansi")), "/akun/data/")[0] == "/bantuan/instansi/instansi-data/"
    candidate = make_application(status="draft").candidate.user
    assert help_link(signed_in(candidate), "/akun/data/")[0] == "/bantuan/asesi/asesi-data-pribadi/"
