"""Entry control: every hostile or broken file gets its answer, every honest one comes in clean."""

import io
import struct
import zipfile
import zlib

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from core.common.exceptions import DomainError
from core.documents.intake import MAX_IMAGE_SIDE, clean_file_name, inspect_upload
from tests.factories.documents import jpeg_bytes, pdf_bytes


def inspect(content: bytes, name: str = "berkas.jpg"):
    return inspect_upload(io.BytesIO(content), file_name=name)


def picture(kind: str, mode: str = "RGB", size=(40, 30), **save) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, kind, **save)
    return out.getvalue()


def zip_bytes() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", b"0" * 1_000_000)
    return out.getvalue()


def pdf_with(act) -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(width=100, height=100)
    act(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def on_opening(kind: str, key: str, value: str):
    """A writer's act: when the file is opened, do this."""

    def act(writer: PdfWriter) -> None:
        action = DictionaryObject({NameObject("/S"): NameObject(kind), NameObject(key): TextStringObject(value)})
        writer._root_object[NameObject("/OpenAction")] = writer._add_object(action)

    return act


def huge_png() -> bytes:
    """A PNG that declares 50,000 × 50,000 points in 60 bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


HOSTILE = {
    "empty": (lambda: b"", "file.empty"),
    "one byte": (lambda: b"x", "file.wrong_type"),
    "program": (lambda: b"MZ\x90\0" + b"\0" * 400, "file.program"),
    "elf program": (lambda: b"\x7fELF" + b"\0" * 400, "file.program"),
    "shell script": (lambda: b"#!/bin/sh\nrm -rf /\n", "file.program"),
    "html": (lambda: b"<!doctype html><script>alert(1)</script>", "file.web_page"),
    "svg with script": (lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', "file.web_page"),
    "zip": (zip_bytes, "file.archive"),
    "gif": (lambda: picture("GIF"), "file.wrong_type"),
    "bmp": (lambda: picture("BMP"), "file.wrong_type"),
    "tiff": (lambda: picture("TIFF"), "file.tiff"),
    "text": (lambda: b"Ini bukan foto", "file.wrong_type"),
    "php behind a jpeg start": (lambda: b"\xff\xd8\xff\xe0<?php system($_GET[1]); ?>", "file.broken_picture"),
    "jpeg cut off": (lambda: jpeg_bytes(size=(900, 900))[:2000], "file.broken_picture"),
    "png cut off": (lambda: picture("PNG", size=(900, 900))[:60], "file.broken_picture"),
    "png of 2.5 thousand million points": (huge_png, "file.pixel_flood"),
    "pdf cut off": (lambda: pdf_bytes(pages=3)[:120], "file.broken_pdf"),
    "pdf in name only": (lambda: b"%PDF-1.7\n" + b"x" * 300, "file.broken_pdf"),
    "pdf without pages": (lambda: pdf_bytes(pages=0), "file.broken_pdf"),
    "pdf with password": (lambda: pdf_with(lambda w: w.encrypt("rahasia")), "file.encrypted_pdf"),
    "pdf with script": (lambda: pdf_with(on_opening("/JavaScript", "/JS", "app.alert(1)")), "file.active_pdf"),
    "pdf that starts a program": (lambda: pdf_with(on_opening("/Launch", "/F", "cmd.exe")), "file.active_pdf"),
    "pdf with an attachment": (lambda: pdf_with(lambda w: w.add_attachment("a.exe", b"MZ")), "file.active_pdf"),
    "pdf of 201 pages": (lambda: pdf_bytes(pages=201), "file.too_many_pages"),
    "null bytes": (lambda: b"\0" * 5000, "file.wrong_type"),
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("file_name", ["foto.jpg", "surat.pdf"])
def test_hostile_and_broken_files_are_refused_with_a_sentence(name, file_name):
    make, code = HOSTILE[name]

    with pytest.raises(DomainError) as refusal:
        inspect(make(), file_name)

    assert (refusal.value.code, refusal.value.field) == (code, "file")
    assert refusal.value.message.endswith(".")


def test_a_file_over_the_limit_is_refused_unread(settings):
    settings.DOCUMENT_MAX_BYTES = 2 * 1024 * 1024

    with pytest.raises(DomainError, match="lebih besar dari 2 MB"):
        inspect(b"\xff\xd8\xff" + b"\0" * (2 * 1024 * 1024))


HONEST = {
    "jpeg": lambda: jpeg_bytes(),
    "png": lambda: picture("PNG"),
    "webp": lambda: picture("WEBP"),
    "transparent png": lambda: picture("PNG", mode="RGBA"),
    "palette png": lambda: picture("PNG", mode="P"),
    "grey png of 16 bit": lambda: picture("PNG", mode="I;16"),
    "cmyk jpeg": lambda: picture("JPEG", mode="CMYK"),
    "one-point png": lambda: picture("PNG", size=(1, 1)),
    "jpeg with a zip behind it": lambda: jpeg_bytes() + zip_bytes(),
}


@pytest.mark.parametrize("name", HONEST)
def test_any_honest_picture_becomes_a_clean_jpeg_whatever_it_is_called(name):
    taken = inspect(HONEST[name](), "halaman.html")

    assert (taken.content_type, taken.file_name, taken.pages) == ("image/jpeg", "halaman.jpg", None)
    assert Image.open(io.BytesIO(taken.content)).mode == "RGB"
    assert b"PK\x03\x04" not in taken.content  # what hid behind the picture is gone


def test_a_phone_photograph_is_turned_upright_shrunk_and_loses_its_position():
    exif = Image.Exif()
    exif[0x0112] = 6  # rotate by 90 degrees
    exif[0x8825] = {1: "S", 2: (3.0, 41.0, 0.0)}  # where it was taken
    taken = inspect(picture("JPEG", size=(4000, 3000), exif=exif), "IMG.jpg")

    clean = Image.open(io.BytesIO(taken.content))
    assert clean.size == (1500, MAX_IMAGE_SIDE)
    assert not clean.getexif()


def test_transparent_parts_become_white():
    assert Image.open(io.BytesIO(inspect(picture("PNG", mode="RGBA")).content)).getpixel((5, 5)) == (255, 255, 255)


def test_a_pdf_is_kept_byte_for_byte():
    content = pdf_bytes(pages=3)

    taken = inspect(content, "Surat Tugas.PDF")

    assert (taken.content, taken.pages, taken.file_name) == (content, 3, "Surat Tugas.pdf")
    assert len(PdfReader(io.BytesIO(taken.content)).pages) == 3


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\Users\\siti\\ktp.png", "ktp.jpg"),
        ("foto\u202egpj.exe", "fotogpj.jpg"),  # reads backwards in some viewers
        ("a\x00b\nc.jpg", "ab c.jpg"),
        ("ijazah 🌊 Aïsyah.jpeg", "ijazah 🌊 Aïsyah.jpg"),
        ('<img src=x onerror="1">.jpg', "img src=x onerror=1.jpg"),
        ("x" * 300 + ".jpg", "x" * 100 + ".jpg"),
        ("", "dokumen.jpg"),
        ("...", "dokumen.jpg"),
    ],
)  # fmt: skip
def test_names_are_safe_to_show_and_to_save_under(name, clean):
    assert clean_file_name(name, ".jpg") == clean
