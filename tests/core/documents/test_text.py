"""What is read out of files: text layers, scans with the real tesseract, and what hostile files get."""

import io
import os
from importlib import import_module

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command

from core.documents import ocr
from core.documents.models import Document, DocumentState, DocumentText, TextSource
from core.documents.text import MAX_ATTEMPTS, MAX_BODY, claim, clean_body, forget_text
from core.documents.words import written
from core.reports.document_words import read_waiting
from tests.factories.accounts import make_user
from tests.factories.documents import jpeg_bytes, make_document, pdf_bytes, scan, text_pdf

pytestmark = pytest.mark.django_db
needs_tesseract = pytest.mark.skipif(
    ocr.LANGUAGE not in ocr.languages() and not os.environ.get("REQUIRE_TESSERACT"),
    reason="tesseract-ocr-ind is not installed",
)


@pytest.fixture
def without_tesseract(monkeypatch, tmp_path):
    """A server on which no such program is."""
    monkeypatch.setenv("PATH", str(tmp_path))


def a_document(content: bytes, *, kind: str = "bukti-kerja", file_name: str = "laporan.pdf") -> Document:
    return make_document(owner=make_user(role="asesi"), kind=kind, content=content, file_name=file_name)


def read(document: Document) -> DocumentText:
    """Its text after everything that waits was read."""
    read_waiting(seconds=600)
    return DocumentText.objects.get(document=document)


def test_words_of_before_become_what_is_written_now():
    document = a_document(text_pdf("Satu"))
    DocumentText.objects.filter(document=document).update(words=" yyapl yy123 zzsurat zztugas ")
    import_module("core.migrations.0025_blocks_of_texts").write_blocks(apps, None)
    text = DocumentText.objects.get(document=document)
    assert text.words == written(document.pk, ["Surat tugas"], ["APL 123"])


# --- files as they come ---------------------------------------------------------------------------------------


def test_the_text_of_a_pdf_is_read():
    text = read(a_document(text_pdf("Laporan dapur umum di Cianjur", "Pengungsi 412 jiwa")))
    assert text.source == TextSource.LAYER
    assert text.body == "Laporan dapur umum di Cianjur\nPengungsi 412 jiwa"
    assert {" zzcianjur ", " zz412 "} <= {f" {word} " for word in text.words.split()}
    assert not text.is_stale


@needs_tesseract
@pytest.mark.parametrize("turned", [0, 90])
def test_a_photographed_letter_is_read_also_when_it_lies_on_its_side(turned):
    lines = ["SURAT TUGAS", "Kepala BPBD Lumajang menugaskan", "relawan untuk distribusi bantuan"] * 3
    text = read(a_document(scan(*lines, turned=turned), file_name="surat.jpg"))
    assert text.source == TextSource.OCR
    assert {"zzlumajang", "zzdistribusi", "zzmenugaskan"} <= set(text.words.split())


@needs_tesseract
def test_a_pdf_that_is_nothing_but_a_scan_is_read_page_by_page():
    lines = ["Sertifikat Pelatihan", "Pengelolaan Posko Darurat", "diberikan kepada peserta di Palu"]
    text = read(a_document(scan(*lines, as_pdf=True)))
    assert text.source == TextSource.OCR
    assert {"zzposko", "zzdarurat", "zzpalu"} <= set(text.words.split())


@needs_tesseract
def test_a_picture_without_print_holds_no_words():
    text = read(a_document(jpeg_bytes(), file_name="foto.jpg"))
    assert (text.source, text.body) == (TextSource.NONE, "")


def test_an_empty_page_is_no_scan():
    assert read(a_document(pdf_bytes())).source == TextSource.NONE


def test_an_identity_paper_is_not_read_but_found_by_its_owner():
    document = a_document(text_pdf("NIK 3171011505900001"), kind="cv")
    text = read(document)
    assert (text.source, text.body) == (TextSource.NOT_READ, "")
    assert f" zz{document.owner.full_name.split()[0].lower()} " in text.words


# --- without tesseract -----------------------------------------------------------------------------------------


def test_scans_wait_and_the_command_says_what_is_missing(without_tesseract, capsys):
    picture = a_document(scan("SURAT"), file_name="surat.jpg")
    paper = a_document(scan("SURAT", as_pdf=True))
    a_document(text_pdf("Laporan"))
    with pytest.raises(CommandError, match=r"2 pindaian menunggu.*tesseract-ocr-ind") as refusal:
        call_command("extract_text")
    assert refusal.value.returncode == 1
    assert "3 dokumen dibaca, 0 belum." in capsys.readouterr().out
    for document in (picture, paper):
        assert DocumentText.objects.get(document=document).source == TextSource.SCAN
    assert read_waiting(seconds=600) == 0  # they are not opened again and again


@needs_tesseract
def test_scans_that_waited_are_read_when_tesseract_is_there(monkeypatch, tmp_path):
    with monkeypatch.context() as bare:
        bare.setenv("PATH", str(tmp_path))
        document = a_document(scan("Kegiatan pemetaan wilayah rawan", "banjir bandang"), file_name="a.jpg")
        assert read(document).source == TextSource.SCAN
    ocr.cache.delete("ocr-languages")
    assert "zzpemetaan" in read(document).words.split()


# --- hostile text and files ------------------------------------------------------------------------------------


def test_text_is_stored_without_what_could_hurt():
    assert clean_body("a\x00b\x1b[31m \u202efoo\ud800") == "ab[31m foo"
    assert len(clean_body("x " * MAX_BODY)) <= MAX_BODY


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("NIK: 3171011505900001.", "NIK: •••."),
        ("3171 0115 0590 0001", "•••"),
        ("317101 150590 0001", "•••"),
        ("NIK 3 1 7 1 0 1 1 5 0 5 9 0 0 0 0 1", "NIK •••"),
        ("NIK 31710115O59OOOOl", "NIK •••"),
        ("Sertifikat 84234 5411 4 0000007 2026", "Sertifikat 84234 5411 4 0000007 2026"),
        ("APL-2026-000123 tanggal 24-11-2026", "APL-2026-000123 tanggal 24-11-2026"),
    ],
)
def test_a_nik_in_a_text_is_not_kept(text, stored):
    assert clean_body(text) == stored


def test_many_words_are_cut_off():
    text = read(a_document(text_pdf(*(" ".join(f"k{line}x{n}" for n in range(12)) for line in range(30)), pages=3)))
    assert len(text.words) < 100_000


def test_a_broken_file_fails_and_the_next_one_is_read():
    broken, whole = a_document(text_pdf("Satu")), a_document(text_pdf("Dua"))
    with open(broken.file.path, "wb") as file:
        file.write(b"%PDF-1.7\nnothing")
    assert read(broken).source == TextSource.FAILED
    assert read(whole).source == TextSource.LAYER


def test_a_lost_file_fails():
    document = a_document(text_pdf("Satu"))
    document.file.storage.delete(document.file.name)
    assert read(document).source == TextSource.FAILED


def test_a_file_on_which_the_reader_died_is_left_alone():
    document = a_document(text_pdf("Satu"))
    for _time in range(MAX_ATTEMPTS):
        assert claim(DocumentText.objects.get(document=document))  # and then the process was gone
    assert read(document).source == TextSource.FAILED


def test_of_two_that_want_to_read_a_file_one_does():
    document = a_document(text_pdf("Satu"))
    one, other = (DocumentText.objects.get(document=document) for _reader in range(2))
    assert claim(one)
    assert not claim(other)


def test_what_waits_for_the_virus_scanner_is_not_opened():
    document = a_document(text_pdf("Satu"))
    Document.objects.update(state=DocumentState.WAITING)
    assert read(document).source == TextSource.WAITING


@pytest.mark.parametrize("state", [DocumentState.DESTROYED, DocumentState.REFUSED])
def test_of_what_was_destroyed_no_word_is_kept(state):
    document = a_document(text_pdf("Rahasia"))
    read(document)
    Document.objects.filter(pk=document.pk).update(state=state)
    forget_text(document)
    text = DocumentText.objects.get(document=document)
    assert (text.body, text.words) == ("", "")
    DocumentText.objects.update(is_stale=True)
    assert read(document).words == ""


# --- the command ------------------------------------------------------------------------------------------------


def test_the_command_can_be_broken_off_and_goes_on(capsys):
    for number in range(3):
        a_document(text_pdf(f"Halaman {number}"))
    call_command("extract_text", "--seconds", "0")
    call_command("extract_text")
    call_command("extract_text", "--again", "semua")
    told = capsys.readouterr().out.splitlines()
    assert told == [
        "0 dokumen dibaca, 3 belum.",
        "3 dokumen dibaca, 0 belum.",
        "3 dokumen akan dibaca ulang.",
        "3 dokumen dibaca, 0 belum.",
    ]


def test_a_pdf_is_read_in_a_process_with_limits():
    """A page of a size that fills any memory when it is drawn; entry control refuses it today, older files may hold one."""
    from pypdf import PdfWriter
    from pypdf.generic import FloatObject, RectangleObject

    writer = PdfWriter()
    page = writer.add_blank_page(width=100, height=100)
    page.mediabox = RectangleObject([FloatObject(n) for n in (0, 0, 10_000_000, 10_000_000)])
    out = io.BytesIO()
    writer.write(out)
    document = a_document(text_pdf("Halaman biasa"))
    document.file.storage.delete(document.file.name)
    document.file.save(document.file_name, ContentFile(out.getvalue()), save=False)
    assert read(document).source in (TextSource.NONE, TextSource.FAILED)


def test_a_new_document_is_found_by_its_name_before_it_was_read():
    text = DocumentText.objects.get(document=a_document(text_pdf("Satu"), file_name="peta rawan banjir.pdf"))
    assert " zzpeta zzrawan zzbanjir " in text.words  # by its name at once
    assert text.source == TextSource.WAITING
