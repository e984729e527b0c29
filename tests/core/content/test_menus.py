"""Menus: one target each, never a broken one, never one to a page that nobody can read."""

import pytest
from django.core.exceptions import ValidationError

from core.content.models import BUILT_IN, MAX_HEADER_ITEMS, MenuItem, Page, PortalPage
from core.content.queries import menus
from core.content.services import withdraw_page
from tests.factories.accounts import make_user
from tests.factories.content import make_page

pytestmark = pytest.mark.django_db


def item(**values) -> MenuItem:
    return MenuItem(**{"place": "bawah", "label": "Uji", **values})


def refusal_of(entry: MenuItem) -> str:
    with pytest.raises(ValidationError) as refusal:
        entry.full_clean()
    return " ".join(refusal.value.messages)


def labels(place: str) -> list[str]:
    return [entry.label for entry in menus()[place]]


def test_the_portal_starts_with_its_menus():
    assert labels("atas") == ["Skema", "Alur", "Persyaratan", "Tanya jawab", "Periksa dokumen", "Kontak"]
    assert {entry.address for entry in menus()["bawah"]} >= {page.path for page in BUILT_IN.values() if page.path} - {
        "/"
    }


def test_every_page_that_a_menu_may_lead_to_is_there(client):
    for address in PortalPage.values:
        assert client.get(address).status_code == 200, address


def test_exactly_one_target():
    page = make_page(published=True)
    assert "tepat satu tujuan" in refusal_of(item())
    assert "tepat satu tujuan" in refusal_of(item(page=page, url="https://bnsp.go.id"))
    item(page=page).full_clean()
    item(url="https://bnsp.go.id").full_clean()
    item(portal_page="/daftar/").full_clean()


@pytest.mark.parametrize(
    "url", ["http://bnsp.go.id", "javascript:alert(1)", "ftp://bnsp.go.id", "bnsp", "https://bnsp.go.id@jahat.id"]
)
def test_a_broken_or_unsafe_address_is_refused(url):
    refusal_of(item(url=url))


def test_a_text_without_an_address_of_its_own_is_no_target():
    assert "tidak mempunyai alamat" in refusal_of(item(page=Page.objects.get(slug="kaki-halaman")))


def test_two_entries_of_one_menu_never_lead_to_the_same_page():
    assert "sudah menuju ke sana" in refusal_of(item(portal_page="/skema/"))
    assert "sudah menuju ke sana" in refusal_of(item(page=Page.objects.get(slug="alur")))  # the same address
    item(portal_page="/daftar/").full_clean()


def test_the_header_holds_what_fits():
    for number in range(MAX_HEADER_ITEMS - len(labels("atas"))):
        item(place="atas", label=f"M{number}", url=f"https://contoh.id/{number}").save()
    assert "paling banyak 6" in refusal_of(item(place="atas", url="https://contoh.id/lagi"))
    item(place="atas", url="https://contoh.id/lagi", is_active=False).full_clean()


def test_an_entry_shows_only_while_its_page_is_published():
    page = make_page(title="Jadwal")
    item(label="Jadwal", page=page, position=99).save()
    assert "Jadwal" not in labels("bawah")

    published = make_page(slug="terbit", published=True)
    item(label="Terbit", page=published, position=98).save()
    assert labels("bawah")[-1] == "Terbit"

    withdraw_page(page=published, by=make_user(role="sekretariat"))
    assert "Terbit" not in labels("bawah")


def test_hidden_entries_and_the_order():
    MenuItem.objects.filter(label="Alur").update(is_active=False)
    MenuItem.objects.filter(label="Periksa dokumen", place="atas").update(position=0)
    assert labels("atas") == ["Periksa dokumen", "Skema", "Persyaratan", "Tanya jawab", "Kontak"]


def test_menus_cost_one_query(django_assert_num_queries):
    for number in range(5):
        item(label=f"P{number}", page=make_page(slug=f"p-{number}", published=True)).save()
    with django_assert_num_queries(1):
        assert [entry.address for entry in menus()["bawah"]]
