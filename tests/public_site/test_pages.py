"""Pages that staff write, as readers and as their authors see them."""

import io

import pytest
from django.core.cache import cache
from django.test import Client

from core.content.models import MenuItem, OfficeData, Page
from core.content.services import publish_page, set_logo, withdraw_page
from tests.factories.accounts import make_user
from tests.factories.content import make_page, png_bytes

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Client:
    client = Client()
    client.force_login(make_user(role="sekretariat"), backend="django.contrib.auth.backends.ModelBackend")
    return client


def rewrite(slug: str, **words) -> Page:
    Page.objects.filter(slug=slug).update(**words)
    return Page.objects.get(slug=slug)


def read(client: Client, address: str) -> str:
    return client.get(address).content.decode()


@pytest.mark.parametrize(
    ("slug", "address"), [("beranda", "/"), ("skema", "/skema/"), ("alur", "/alur/"), ("privasi", "/privasi/")]
)
def test_the_portals_own_pages_read_what_was_published(client, slug, address):
    page = rewrite(slug, title="Judul kami", summary="Ringkasan kami.", body="Isi **kami**.")
    assert "Judul kami" not in read(client, address)

    publish_page(page=page, by=None)

    text = read(client, address)
    for words in ("<h1>Judul kami</h1>", "Ringkasan kami.", "Isi <strong>kami</strong>."):
        assert words in text


def test_the_foot_of_every_page_reads_what_was_published(client):
    publish_page(page=rewrite("kaki-halaman", title="Balai kami", summary="Satu kalimat."), by=None)
    assert "Balai kami" in read(client, "/alur/")
    assert "Balai kami" in read(client, "/masuk/")


def test_the_steps_of_the_flow_stay_a_numbered_list(client):
    assert read(client, "/alur/").split('ways-text">')[1].split("</div>")[0].count("<li>") == 7


def test_an_own_page_opens_when_it_is_published_and_closes_when_withdrawn(client):
    page = make_page(slug="jadwal-uji", title="Jadwal uji", body="- 3 Desember")
    assert client.get("/info/jadwal-uji/").status_code == 404

    publish_page(page=page, by=None)
    response = client.get("/info/jadwal-uji/")
    assert "<li>3 Desember</li>" in response.content.decode()
    assert "<title>Jadwal uji – LSP BNPB</title>" in response.content.decode()

    withdraw_page(page=page, by=make_user(role="sekretariat"))
    assert client.get("/info/jadwal-uji/").status_code == 404


def test_texts_of_the_portal_have_no_second_address(client):
    assert client.get("/info/alur/").status_code == 404


def test_a_page_may_be_kept_for_a_minute_but_not_with_somebodys_name_on_it(client, staff):
    make_page(slug="jadwal", published=True)
    response = client.get("/info/jadwal/")
    assert response["Cache-Control"] == "public, max-age=60"
    assert "Cookie" in response["Vary"]
    assert not response.cookies
    assert "private" in staff.get("/info/jadwal/")["Cache-Control"]


def test_a_draft_is_seen_by_those_who_write_it_and_by_nobody_else(client, staff):
    make_page(slug="rahasia", title="Belum terbit", body="Isi draf")
    assert client.get("/pratinjau/rahasia/").status_code == 404
    response = staff.get("/pratinjau/rahasia/")
    assert "Isi draf" in response.content.decode()
    assert "Pratinjau draf" in response.content.decode()
    assert "no-store" in response["Cache-Control"]


def test_what_stands_in_the_form_is_drawn_and_not_saved(staff):
    page = make_page(slug="rahasia", body="Tersimpan")
    response = staff.post(
        "/pratinjau/rahasia/", {"title": "Judul", "body": "Sedang *ditulis* <script>alert(1)</script>"}
    )
    text = response.content.decode()
    assert "Sedang <em>ditulis</em>" in text
    assert "<script>alert" not in text
    assert "Content-Security-Policy" in response
    page.refresh_from_db()
    assert page.body == "Tersimpan"


def test_the_foot_of_the_page_is_previewed_in_place(staff):
    assert "Kaki baru" in staff.post("/pratinjau/kaki-halaman/", {"title": "Kaki baru"}).content.decode()


def test_the_preview_of_each_place_shows_the_draft(staff):
    for slug in ("beranda", "skema", "alur", "privasi"):
        rewrite(slug, title=f"Draf {slug}")
        assert f"<h1>Draf {slug}</h1>" in read(staff, f"/pratinjau/{slug}/")


def test_menus_are_drawn_from_the_rows(client):
    MenuItem.objects.create(place="atas", label="Situs BNSP", url="https://bnsp.go.id", position=9)
    MenuItem.objects.filter(place="atas", label="Alur").delete()
    text = read(client, "/")
    assert '<a href="https://bnsp.go.id" >Situs BNSP</a>' in text
    assert text.count(">Alur</a>") == 0


def test_where_one_is_stands_marked_in_the_menu(client):
    MenuItem.objects.create(place="atas", label="Depan", portal_page="/", position=9)
    text = read(client, "/alur/")
    assert '<a href="/alur/" aria-current="page">Alur</a>' in text
    assert '<a href="/" >Depan</a>' in text
    assert '<a href="/" aria-current="page">Depan</a>' in read(client, "/")


def test_the_logo_is_at_an_address_of_its_own_for_good(client):
    office = OfficeData.objects.get()
    set_logo(office=office, stream=io.BytesIO(png_bytes(color="red")), by=make_user(role="sekretariat"))
    address = OfficeData.objects.get().logo_url
    assert f'src="{address}"' in read(client, "/")

    response = client.get(address)
    assert b"".join(response.streaming_content).startswith(b"\x89PNG")
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response["Content-Type"] == "image/png"

    set_logo(office=office, stream=io.BytesIO(png_bytes(color="blue")), by=make_user(role="sekretariat"))
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("name", ["x.png", "..%2Flsp.sqlite3", "0" * 64 + ".png", "%2e%2e%2f%2e%2e%2fetc%2fpasswd"])
def test_that_address_holds_nothing_but_the_logo(client, name):
    assert client.get(f"/logo/{name}").status_code == 404


def test_kinds_of_documents_say_what_they_take(client):
    from core.documents.models import DocumentType
    from tests.factories.applications import make_application

    DocumentType.objects.update(accepts="pdf", max_megabytes=3)
    case = make_application(status="draft")
    client.force_login(case.candidate.user, backend="django.contrib.auth.backends.ModelBackend")
    text = read(client, f"/permohonan/{case.reference}/bukti/")
    assert "Hanya PDF, paling besar 3 MB." in text
    assert 'accept="application/pdf"' in text


def test_public_pages_ask_the_database_a_fixed_number_of_times(client, django_assert_max_num_queries):
    for number in range(8):
        make_page(slug=f"p-{number}", published=True)
    cache.clear()
    for address in ("/", "/alur/", "/info/p-3/"):
        with django_assert_max_num_queries(8):
            client.get(address)
