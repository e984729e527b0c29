"""The “?” in the head of every screen of the back office: it leads to the page about that screen, in the reader's manual."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.contrib import admin
from django.urls import URLPattern, URLResolver, reverse

from backoffice import help as manual
from core.manual.books import all_slugs, book_of, books_with

#: Addresses of the back office that draw no screen with a “?”, or only the manual itself.
WITHOUT_SCREEN = {
    "login", "logout", "jsi18n", "search", "autocomplete", "view_on_site", "app_list", "choices", "document",
    "toggle_sidebar", "end_sessions", "forget_devices", "second_factor", "second_factor_enrol",
}  # fmt: skip


def page_at(name: str) -> str:
    return manual.page_of(SimpleNamespace(resolver_match=SimpleNamespace(url_name=name)))


def addresses(patterns: list) -> Iterator[str]:
    """Names of all addresses of the back office."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield pattern.name


# --- every screen has a page ------------------------------------------------------------------------------


def test_every_list_has_a_page():
    lacking = {model._meta.model_name for model in admin.site._registry} - set(manual.PAGE_OF_MODEL)
    assert not lacking


def test_every_address_leads_to_a_page_that_stands_in_a_manual():
    names = set(addresses(admin.site.get_urls()))
    pages = {page_at(name) for name in names} - {""}
    assert [slug for slug in sorted(pages) if slug not in all_slugs() or not books_with(slug)] == []
    assert {name for name in names if not page_at(name)} <= WITHOUT_SCREEN


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("index", "beranda"),
        ("core_application_changelist", "antrean"),
        ("core_venue_changelist", "tuk"),
        ("core_venue_add", "tuk"),
        ("core_venue_import_rows", "impor-ekspor"),
        ("core_scheme_import_workbook", "impor-ekspor"),
        ("core_deletedrecord_changelist", "riwayat-versi"),
        ("security", "keamanan-akun"),
        ("setup", "pengaturan"),
    ],
)
def test_the_question_mark_of_a_screen_leads_to_its_page(desk, name, page):
    screen = desk.get(reverse(f"admin:{name}"))
    assert f'class="bo-help" href="/bantuan/sekretariat/{page}/"' in screen.content.decode()


@pytest.mark.django_db
def test_who_has_the_page_in_the_own_manual_reads_it_there(as_role):
    assert 'href="/bantuan/asesor/beranda/"' in as_role("asesor").get("/admin/").content.decode()
    assert 'href="/bantuan/bnsp/beranda/"' in as_role("bnsp").get("/admin/").content.decode()


@pytest.mark.django_db
def test_a_page_that_only_others_have_is_read_in_theirs(as_role):
    assert "tuk" not in book_of("bnsp").slugs
    screen = as_role("bnsp").get(reverse("admin:core_venue_changelist")).content.decode()
    assert 'class="bo-help" href="/bantuan/sekretariat/tuk/"' in screen
