"""What anybody may read: requirements, questions, announcements, files, schemes, the flow as a picture, the register."""

import re
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from core.activity.models import ActivityEntry
from core.assessments.models import Placement
from core.certificates.models import Certificate
from core.content.entries import Download, Question
from core.content.models import BUILT_IN, Page
from core.content.services import publish_page
from core.documents.models import Document
from core.schemes.queries import current_version
from tests.factories.accounts import make_user
from tests.factories.certificates import lay_certificate, more_certificates
from tests.factories.content import make_announcement, make_download, make_page, make_question
from tests.factories.corridor import make_case, make_session, make_venue
from tests.factories.schemes import make_scheme

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _counted_anew():
    cache.clear()


@pytest.fixture
def staff() -> Client:
    client = Client()
    client.force_login(make_user(role="sekretariat"), backend="django.contrib.auth.backends.ModelBackend")
    return client


def read(client: Client, address: str, **query) -> str:
    return client.get(address, query).content.decode()


# --- pages of their own ---------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", [slug for slug, place in BUILT_IN.items() if place.path])
def test_every_page_of_the_portal_reads_its_row_and_previews_its_draft(client, staff, slug):
    body = "1. **Isi kami** *Anda*" if slug == "alur" else "Isi **kami**."
    Page.objects.filter(slug=slug).update(title="Judul kami", summary="Ringkasan kami.", body=body)
    page = Page.objects.get(slug=slug)
    assert "Judul kami" in read(staff, page.preview_address)
    assert "Judul kami" not in read(client, page.address)

    publish_page(page=page, by=None)

    text = read(client, page.address)
    for words in ("Judul kami</h1>", "Ringkasan kami.", "kami</strong>"):
        assert words in text


def test_every_link_in_the_texts_that_ship_leads_somewhere(client):
    words = [page.body for page in Page.objects.all()] + [row.answer for row in Question.objects.all()]
    links = set(re.findall(r"\]\((/[^)#]*)\)", "\n".join(words))) - {"/kontak/"}
    assert len(links) > 5
    for link in links:
        assert client.get(link).status_code == 200, link


PAGES = (
    "/", "/skema/", "/skema/distribusi-bantuan/", "/skema/?cari=air", "/alur/", "/privasi/", "/tentang/", "/layanan/",
    "/persyaratan/", "/faq/", "/faq/?cari=foto", "/pengumuman/", "/unduhan/", "/register/",
)  # fmt: skip


def fill(*, times: int) -> None:
    for _n in range(times):
        make_announcement(is_pinned=True)
        make_question()
        make_session(
            scheme=current_version("distribusi-bantuan").scheme, venue=make_venue(), status="diumumkan",
            starts_at=timezone.now() + timedelta(days=3), ends_at=timezone.now() + timedelta(days=3, hours=8),
        )  # fmt: skip
        Download.objects.create(title="U", is_published=True, document=make_download().document)


@pytest.mark.parametrize("times", [1, 4])
def test_public_pages_ask_the_database_ten_times_at_most_however_much_there_is(
    client, django_assert_max_num_queries, times
):
    fill(times=times)
    for address in PAGES:
        with django_assert_max_num_queries(10):
            assert client.get(address).status_code == 200, address


@pytest.mark.parametrize("address", PAGES)
def test_readers_may_keep_a_page_for_a_minute_but_not_with_somebodys_name_on_it(client, staff, address):
    response = client.get(address)
    assert response["Cache-Control"] == "public, max-age=60"
    assert "Cookie" in response["Vary"]
    assert not response.cookies
    assert "private" in staff.get(address)["Cache-Control"]


def test_a_page_that_tells_one_reader_something_is_not_kept(client):
    client.force_login(make_user(role="asesi"), backend="django.contrib.auth.backends.ModelBackend")
    client.post("/keluar/")
    response = client.get("/")
    assert "Anda sudah keluar." in response.content.decode()
    assert "private" in response["Cache-Control"]
    assert client.get("/")["Cache-Control"] == "public, max-age=60"


# --- requirements ---------------------------------------------------------------------------------------


def test_requirements_come_from_the_schemes_themselves(client):
    version = make_scheme()
    version.requirements.update(title="Surat dari kepala desa")
    text = read(client, "/persyaratan/")
    assert version.scheme.title in text
    assert "Surat dari kepala desa" in text
    assert "<details" in text  # opens without a script


# --- questions ------------------------------------------------------------------------------------------


def test_questions_stand_in_groups_and_are_found_by_their_words(client):
    row = make_question(group="Uji coba", question="Bolehkah memakai zirkonium?", answer="Ya, **boleh**.")
    make_question(question="Masih draf?", is_published=False)
    text = read(client, "/faq/")
    assert "<h2>Uji coba</h2>" in text
    assert f'<details class="faq" id="tanya-{row.pk}">' in text
    assert "<strong>boleh</strong>" in text
    assert "Masih draf?" not in text

    found = read(client, "/faq/", cari="ZIRKONIUM boleh")
    assert found.count('<details class="faq"') == 1
    assert f'id="tanya-{row.pk}" open>' in found
    assert "1 pertanyaan memuat" in found
    assert "0 pertanyaan memuat" in read(client, "/faq/", cari="<b>")


# --- announcements --------------------------------------------------------------------------------------


def test_announcements_are_read_while_they_are_shown(client):
    shown = make_announcement(title="Libur nasional", body="Sekretariat **tutup**.")
    draft = make_announcement(is_published=False)
    later = make_announcement(live_from=timezone.now() + timedelta(days=1))
    over = make_announcement(
        live_from=timezone.now() - timedelta(days=9), ends_on=timezone.localdate() - timedelta(days=1)
    )
    assert "Libur nasional" in read(client, "/pengumuman/")
    assert "<strong>tutup</strong>" in read(client, shown.address)
    for hidden in (draft, later, over):
        assert client.get(f"/pengumuman/{hidden.slug or 'x'}/").status_code == 404
        assert hidden.title not in read(client, "/pengumuman/")


def test_the_landing_page_shows_the_latest_three_the_pinned_one_first(client):
    rows = [make_announcement(live_from=timezone.now() - timedelta(days=9 - n)) for n in range(4)]
    pinned = make_announcement(live_from=timezone.now() - timedelta(days=99), is_pinned=True)
    text = read(client, "/")
    found = re.findall(r'href="(/pengumuman/[^"]+/)"', text)
    assert found == [row.address for row in (pinned, rows[3], rows[2])]


# --- downloads ------------------------------------------------------------------------------------------


def test_a_published_file_is_given_to_everybody_with_its_size_and_kind(client):
    row = make_download(title="Panduan peserta", version="Rev. 2")
    text = read(client, "/unduhan/")
    assert f'href="{row.address}"' in text
    for words in ("Rev. 2", "PDF", "1 halaman"):
        assert words in text

    before = ActivityEntry.objects.count()
    response = client.get(row.address)
    assert response.getvalue().startswith(b"%PDF")
    assert response["Cache-Control"] == "public, max-age=60"
    assert "panduan.pdf" in response["Content-Disposition"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert ActivityEntry.objects.count() == before  # nobody is named in it

    again = client.get(row.address, headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_file_that_is_not_published_is_given_to_nobody(client, staff):
    row = make_download(is_published=False)
    for reader in (client, staff):
        assert reader.get(row.address).status_code == 404
    assert row.title not in read(client, "/unduhan/")


def test_a_file_that_waits_for_the_scanner_or_was_destroyed_is_not_given(client):
    row = make_download()
    for state in ("menunggu", "ditolak", "dimusnahkan"):
        Document.objects.filter(pk=row.document_id).update(state=state)
        assert client.get(row.address).status_code == 404
        assert row.title not in read(client, "/unduhan/")


def test_no_other_document_is_reached_by_that_address(client):
    case = make_case("accepted").application
    paper = Document.objects.filter(owner=case.candidate.user).first()
    assert client.get(f"/unduhan/{paper.public_id}/").status_code == 404


# --- previews of rows -----------------------------------------------------------------------------------


def test_rows_are_previewed_in_their_place_as_they_stand_in_the_form(staff, client):
    question = make_question(is_published=False, question="Draf tanya?")
    news = make_announcement(is_published=False, title="Draf kabar")
    file = make_download(is_published=False, title="Draf berkas")
    typed = {
        question: {"question": "Sedang ditulis?", "answer": "*Ya*"},
        news: {"title": "Sedang ditulis", "body": "<b>x</b>"},
        file: {"title": "Sedang ditulis", "description": "Ya"},
    }
    for row, words in typed.items():
        assert client.get(row.preview_address).status_code == 404
        assert escape(str(row)) in read(staff, row.preview_address)
        response = staff.post(row.preview_address, words)
        assert "Sedang ditulis" in response.content.decode()
        assert "no-store" in response["Cache-Control"]
        assert "<b>x</b>" not in response.content.decode()
        row.refresh_from_db()
        assert str(row).startswith("Draf")
    assert staff.get("/pratinjau/skema/1/").status_code == 404


# --- schemes --------------------------------------------------------------------------------------------


def test_schemes_are_found_by_title_unit_group_and_whether_they_are_open(client):
    version, other = make_scheme(units=1), make_scheme(units=1)
    for one, title in ((version, "Perbaikan Perahu Karet"), (other, "Dapur Umum Keliling")):
        one.scheme.title = title
        one.scheme.save()
    unit = version.units.first()
    for words in ("perahu", unit.code, "KARET perbaikan"):
        text = read(client, "/skema/", cari=words)
        assert "Perbaikan Perahu Karet" in text, words
        assert "Dapur Umum Keliling" not in text, words
    assert "0 skema ditemukan" in read(client, "/skema/", cari="tidak-ada-sama-sekali")

    other.registration_closes_on = timezone.localdate() - timedelta(days=1)
    other.save()
    text = read(client, "/skema/", dibuka="1")
    assert "Perbaikan Perahu Karet" in text
    assert "Dapur Umum Keliling" not in text

    scheme = version.scheme
    scheme.group = "Kelompok air"
    scheme.save()
    assert "1 skema ditemukan" in read(client, "/skema/", kelompok="Kelompok air")


def test_a_scheme_shows_its_next_sessions_with_free_seats_and_no_more_than_anybody_may_know(client):
    case = make_case("preassessed")
    version = case.application.scheme_version
    soon = timezone.now() + timedelta(days=7)
    times = {"starts_at": soon, "ends_at": soon + timedelta(hours=8), "quota": 3}
    told = make_session(
        scheme=version.scheme, status="diumumkan", venue=make_venue(name="TUK Ambon", contact_name="Ibu Rahasia"),
        note="Catatan peserta", **times,
    )  # fmt: skip
    Placement.objects.create(session=told, application=case.application, placed_by=case.clerk)
    make_session(scheme=version.scheme, status="rencana", venue=make_venue(name="TUK Rencana"), **times)
    online = make_session(
        scheme=version.scheme, status="diumumkan", venue=None, mode="jarak-jauh", meeting_url="https://rapat.id/x", **times
    )  # fmt: skip
    assert online.meeting_url

    text = read(client, f"/skema/{version.scheme.code}/")

    for words in ("TUK Ambon", "2 dari 3 kursi", "Jarak jauh", "3 dari 3 kursi"):
        assert words in text, words
    for words in (
        "TUK Rencana",
        "Ibu Rahasia",
        "rapat.id",
        "Catatan peserta",
        case.application.candidate.user.full_name,
    ):
        assert words not in text, words
    assert "TUK Ambon" in read(client, "/")


def test_a_full_session_says_so(client):
    case = make_case("preassessed")
    soon = timezone.now() + timedelta(days=7)
    scheme = case.application.scheme_version.scheme
    session = make_session(
        scheme=scheme, status="diumumkan", starts_at=soon, ends_at=soon + timedelta(hours=1), quota=1
    )
    Placement.objects.create(session=session, application=case.application, placed_by=case.clerk)
    assert "Penuh" in read(client, f"/skema/{scheme.code}/")


def test_a_scheme_says_what_it_asks_and_how_long_it_lasts(client):
    version = make_scheme()
    text = read(client, f"/skema/{version.scheme.code}/")
    for words in (version.units.first().title, version.requirements.first().title, f"{version.validity_months} bulan"):
        assert escape(words) in text
    assert "Ajukan permohonan" in text
    assert " open>" not in text  # the criteria are opened on demand


# --- the flow as a picture ------------------------------------------------------------------------------


def test_the_steps_are_drawn_twice_with_their_words_for_those_who_do_not_see_it(client):
    text = read(client, "/alur/")
    assert text.count('<svg class="flow__') == 2
    assert text.count('class="flow__card"') == 14
    assert '<title id="alur-tall-judul">Alur sertifikasi dalam 7 langkah</title>' in text
    assert "1. Buat akun (Anda). 2. Isi permohonan" in text
    assert "flow__card" in read(client, "/")


def test_what_is_drawn_follows_the_text_and_is_only_text(client):
    page = Page.objects.get(slug="alur")
    page.body = "1. **Satu & <script>** *Anda*\n2. **Langkah yang judulnya sangat panjang dan tidak muat sebaris**"
    Page.objects.filter(pk=page.pk).update(body=page.body.replace("<script>", ""))
    publish_page(page=Page.objects.get(pk=page.pk), by=None)
    text = read(client, "/alur/")
    assert text.count('class="flow__card"') == 4
    assert "Satu &amp;" in text


def test_a_flow_without_steps_has_no_picture(client):
    Page.objects.filter(slug="alur").update(body="Akan ditulis.")
    publish_page(page=Page.objects.get(slug="alur"), by=None)
    assert '<svg class="flow' not in read(client, "/alur/")


# --- the register ---------------------------------------------------------------------------------------


@pytest.fixture
def certificate() -> Certificate:
    return lay_certificate(full_name="Siti Rahmawati", issued_on=date(2025, 3, 2))


def test_the_register_counts_by_scheme_and_year_and_names_nobody(client, certificate):
    rows = more_certificates(certificate, 3)
    Certificate.objects.filter(pk=rows[0].pk).update(status="dicabut")
    lay_certificate(issued_on=date(2024, 3, 2))
    address = f"/register/{certificate.scheme.code}/2025/"

    text = read(client, "/register/")
    assert f'href="{address}"' in text
    assert ">3</a>" in text
    assert "2024 1, 2025 3" in text  # the picture in words
    assert '<svg class="chart"' in text
    numbers = read(client, address)
    assert certificate.number in numbers
    assert "Dicabut" in numbers
    for page in (text, numbers):
        assert "Siti" not in page
        assert "Rahmawati" not in page


def test_each_number_leads_to_the_check_where_the_name_is_masked(client, certificate):
    text = read(client, f"/register/{certificate.scheme.code}/2025/")
    link = re.search(r'href="(/verifikasi/\?kode=[^"]+)"', text)[1]
    response = client.get(link)
    assert "Siti R*******" in response.content.decode()
    assert response["X-Robots-Tag"] == "noindex"


def test_pages_of_numbers_are_not_for_search_engines_and_not_for_machines(client, certificate):
    address = f"/register/{certificate.scheme.code}/2025/"
    response = client.get(address)
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Cache-Control"] == "no-store"
    for _n in range(29):
        client.get(address)
    slow = client.get(address)
    assert (slow.status_code, slow["Retry-After"]) == (429, "60")
    assert "Tunggu satu menit" in slow.content.decode()


def test_many_numbers_are_walked_page_by_page(client, certificate, django_assert_max_num_queries):
    more_certificates(certificate, 60)
    address, seen = f"/register/{certificate.scheme.code}/2025/", []
    following = ""
    for _page in range(2):
        with django_assert_max_num_queries(10):
            text = read(client, address + following)
        seen += re.findall(r'kode=[^"]+">([^<]+)</a>', text)
        match = re.search(r'href="(\?sesudah=[^"]+)"', text)
        following = match[1] if match else ""
    assert (len(seen), len(set(seen)), following) == (61, 61, "")


@pytest.mark.parametrize("asked", ["x", "2025-02-30.1", "2025-01-01", "2025-01-01.9999999999999999999999", "."])
def test_an_address_that_was_bent_begins_at_the_front(client, certificate, asked):
    text = read(client, f"/register/{certificate.scheme.code}/2025/", sesudah=asked)
    assert certificate.number in text


def test_years_and_schemes_without_certificates_are_not_found(client, certificate):
    code = certificate.scheme.code
    for address in (f"/register/{code}/2024/", f"/register/{code}/1/", f"/register/{code}/9999/", "/register/x/2025/"):
        assert client.get(address).status_code == 404


def test_figures_are_counted_anew_after_a_while_not_for_every_reader(client, certificate):
    read(client, "/register/")
    more_certificates(certificate, 1)
    assert ">1</a>" in read(client, "/register/")
    cache.clear()
    assert ">2</a>" in read(client, "/register/")


def test_an_empty_register_says_so(client):
    assert "Belum ada sertifikat yang berlaku." in read(client, "/register/")


# --- the landing page -----------------------------------------------------------------------------------


def test_the_landing_page_says_what_one_can_do_here(client):
    make_page(slug="x", published=True)
    text = read(client, "/")
    for words in ("Mengajukan sertifikasi", "Melanjutkan permohonan", "Memeriksa sertifikat"):
        assert words in text
    assert 'action="/verifikasi/"' in text
