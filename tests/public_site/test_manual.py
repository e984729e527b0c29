"""The manuals at /bantuan/: open to everybody, without a script, each page in the book of its reader."""

import pytest

from core.manual.books import book_of, books
from public_site.views import manual

pytestmark = pytest.mark.django_db


def text(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def test_the_front_offers_every_manual(client):
    front = text(client, "/bantuan/")
    for book in books():
        assert f'href="/bantuan/{book.role}/"' in front
        assert book.summary in front


def test_every_page_of_every_manual_opens_for_everybody(client):
    for book in books():
        assert f"<h1>{book.title}</h1>" in text(client, f"/bantuan/{book.role}/")
        for page in book.pages():
            assert f"<h1>{page.title}</h1>" in text(client, f"/bantuan/{book.role}/{page.slug}/")


def test_a_page_of_another_book_is_shown_there(client):
    assert "tuk" not in book_of("asesor").slugs
    answer = client.get("/bantuan/asesor/tuk/")
    assert answer.url == "/bantuan/sekretariat/tuk/"


def test_the_front_page_of_a_book_has_one_address(client):
    assert client.get("/bantuan/asesor/manual-asesor/").url == "/bantuan/asesor/"


@pytest.mark.parametrize(
    "address", ["/bantuan/tidak-ada/", "/bantuan/asesor/tidak-ada/", "/bantuan/tidak-ada/antrean/"]
)
def test_what_does_not_exist_is_not_found(client, address):
    assert client.get(address).status_code == 404


def test_words_are_found_in_all_manuals_or_in_one(client):
    assert 'href="/bantuan/sekretariat/pola-nomor/"' in text(client, "/bantuan/?q=pola+nomor")
    assert 'href="/bantuan/administrator/pola-nomor/"' in text(client, "/bantuan/administrator/?q=pola+nomor")
    nothing = text(client, "/bantuan/bnsp/?q=kata-yang-tidak-ada")
    assert "Tidak ada halaman yang memuat kata itu" in nothing
    assert 'href="/bantuan/?q=kata-yang-tidak-ada"' in nothing


def test_the_search_of_a_book_stands_above_its_page_and_its_contents_below(client):
    page = text(client, "/bantuan/sekretariat/antrean/")
    places = [page.index(part) for part in ('type="search"', "<article", 'class="manual__side"')]
    assert places == sorted(places)
    assert page.count('type="search"') == 1
    assert '<label class="sr-only" for="q">Cari dalam Manual Sekretariat</label>' in page


def test_one_reads_on_to_the_page_before_and_after(client):
    first, second, third = book_of("sekretariat").slugs[:3]
    page = text(client, f"/bantuan/sekretariat/{second}/")
    assert f'rel="prev" href="/bantuan/sekretariat/{first}/"' in page
    assert f'rel="next" href="/bantuan/sekretariat/{third}/"' in page


def test_what_is_for_staff_is_left_out_by_search_engines(client):
    assert 'name="robots" content="noindex"' in text(client, "/bantuan/sekretariat/antrean/")
    assert "noindex" not in text(client, "/bantuan/asesi/")


def test_a_printed_manual_is_offered_and_given_out(client, tmp_path, settings):
    settings.MANUAL_ROOT = tmp_path
    assert "manual.pdf" not in text(client, "/bantuan/asesi/")
    assert client.get("/bantuan/asesi/manual.pdf").status_code == 404
    (tmp_path / "manual-asesi.pdf").write_bytes(b"%PDF-1.4 contoh")
    assert 'href="/bantuan/asesi/manual.pdf"' in text(client, "/bantuan/asesi/")
    answer = client.get("/bantuan/asesi/manual.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert b"".join(answer.streaming_content).startswith(b"%PDF")


@pytest.mark.parametrize("address", ["/bantuan/?q=nomor", "/bantuan/asesi/?q=nomor", "/bantuan/asesi/manual.pdf"])
def test_a_machine_that_asks_without_end_is_slowed_down_and_readers_are_not(
    client, tmp_path, settings, monkeypatch, address
):
    settings.MANUAL_ROOT = tmp_path
    monkeypatch.setattr(manual, "LIMIT", 3)  # 60 cost seconds
    (tmp_path / "manual-asesi.pdf").write_bytes(b"%PDF-1.4 contoh")
    here, elsewhere = {"REMOTE_ADDR": "203.0.113.7"}, {"REMOTE_ADDR": "198.51.100.9"}

    answers = [client.get(address, **here) for _time in range(4)] + [client.get(address, **elsewhere)]
    assert all(answer.getvalue() for answer in answers)  # read to the end, else the files stay open
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 200]
    slow = answers[3]
    assert (slow["Retry-After"], "Tunggu satu menit" in slow.content.decode()) == ("60", True)
    for reading in ("/bantuan/", "/bantuan/asesi/", "/bantuan/asesi/asesi-mendaftar/"):
        assert client.get(reading, **here).status_code == 200


@pytest.mark.parametrize("made_up", ["x" * 300, "..", "%2e%2e", "README", "gambar", "-"])
def test_a_name_that_somebody_makes_up_leads_nowhere(client, made_up):
    for address in (f"/bantuan/{made_up}/tuk/", f"/bantuan/asesor/{made_up}/"):
        assert client.get(address).status_code in (301, 404)


def test_what_is_searched_for_is_shown_as_text_and_kept_for_nobody_else(client):
    answer = client.get("/bantuan/", {"q": '"><script>alert(1)</script>'})
    assert "<script>alert" not in answer.content.decode()
    assert "Cookie" in answer["Vary"]
    assert not answer.cookies
