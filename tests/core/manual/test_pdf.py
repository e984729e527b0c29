"""The manuals in print: contents with page numbers, pictures, links that lead within."""

import io
from datetime import date

import pytest
from django.core.management import call_command
from pypdf import PdfReader

from core.manual import shelf
from core.manual.books import book_of
from core.manual.pages import read_page
from core.manual.pdf import pages_pdf

DAY = date(2026, 11, 25)


@pytest.fixture(scope="module")
def printed() -> PdfReader:
    pages = [read_page("antrean"), read_page("verifikasi")]
    made = pages_pdf("Manual Coba", "Dua halaman saja.", pages, version="9.9.9", day=DAY)
    return PdfReader(io.BytesIO(made.content))


def test_the_contents_name_the_page_on_which_each_chapter_begins(printed):
    contents = printed.pages[1].extract_text()
    begins = next(
        number
        for number, page in enumerate(printed.pages[2:], 3)
        if "Memeriksa satu permohonan" in page.extract_text()[:200]
    )
    assert "Daftar isi" in contents
    assert f"Memeriksa satu permohonan\n{begins}" in contents


def test_each_page_has_its_number_and_the_version(printed):
    last = printed.pages[-1].extract_text()
    assert f"Halaman {len(printed.pages)} dari {len(printed.pages)}" in last
    assert "9.9.9" in last


def test_pictures_are_printed(printed):
    assert any(page.images for page in printed.pages)


def test_a_reader_finds_the_chapters_beside_the_text(printed):
    titles = [item.title for item in printed.outline if not isinstance(item, list)]
    assert titles == ["Antrean permohonan", "Memeriksa satu permohonan"]


def test_the_command_puts_a_book_on_the_shelf_for_each_role(tmp_path, settings, monkeypatch, capsys):
    settings.MANUAL_ROOT = tmp_path
    monkeypatch.setattr("core.management.commands.build_manuals.books", lambda: [book_of("bnsp")])
    call_command("build_manuals")
    assert "manual-bnsp.pdf" in capsys.readouterr().out
    assert shelf.printed_book(book_of("bnsp")).read_bytes().startswith(b"%PDF")
    assert shelf.printed_book(book_of("asesi")) is None
