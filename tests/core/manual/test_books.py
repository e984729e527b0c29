"""Books: what each role needs, in order; and where words are found."""

import pytest

from core.manual.books import ROLES, all_slugs, book_of, books, front_slug, search


def test_every_role_has_a_manual_with_a_summary_and_pages_that_exist():
    assert [book.role for book in books()] == list(ROLES)
    for book in books():
        assert len(book.summary.split()) >= 8
        assert set(book.slugs) <= set(all_slugs())
        assert book.parts, book.role


def test_every_page_stands_in_a_manual():
    fronts = {front_slug(role) for role in ROLES}
    assert set(all_slugs()) - fronts == {slug for book in books() for slug in book.slugs}


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        ("pola nomor", "pola-nomor"),
        ("kirim ulang", "pesan"),
        ("pulihkan", "riwayat-versi"),
        ("ponsel hilang", "pengguna"),
    ],
)
def test_search_finds_the_page_by_all_words_titles_first(words, slug):
    assert slug in [page.slug for _book, page, _line in search(words)][:3]


def test_search_stays_in_a_book_when_it_is_asked_to():
    assert {book.role for book, _page, _line in search("asesor", book_of("bnsp"))} == {"bnsp"}


def test_a_page_of_several_books_is_found_once():
    slugs = [page.slug for _book, page, _line in search("kode pemulihan")]
    assert slugs.count("keamanan-akun") == 1


def test_what_search_shows_of_a_page_reads_as_text():
    for words in ("impor", "terbitkan", "asesor", "riwayat"):
        for _book, _page, line in search(words):
            assert "**" not in line
            assert "](" not in line


def test_nothing_is_found_for_words_that_stand_nowhere():
    assert search("kata-yang-tidak-ada") == []
    assert search("   ") == []
