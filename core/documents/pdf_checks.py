"""Whether a PDF may be kept as it is: readable, of sane size, and with nothing in it that acts by itself.

Every object is looked at, also those packed into object streams; every packed stream is unpacked, but
never further than an honest one would need. A hostile file may cost seconds, not the server.
"""

import io
import math
import re
import time
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from PIL import Image
from pypdf import PdfReader, apply_configuration
from pypdf.errors import LimitReachedError
from pypdf.filters import decode_stream_data
from pypdf.generic import DictionaryObject, NameObject, StreamObject

from core.common.exceptions import DomainError

MAX_PAGES = 200
#: Objects in one file; two hundred pages of a word processor have some ten thousand.
MAX_OBJECTS = 100_000
#: No viewer shows a page with a longer side (200 inches, ISO 32000-1, annex C).
MAX_PAGE_SIDE = 14_400
#: Points of a picture in a PDF: A3 at 800 dots per inch.
MAX_PICTURE_PIXELS = 100_000_000
#: Bytes that one packed stream, and all of a file together, may unpack to.
MAX_STREAM = 64 * 1024 * 1024
MAX_UNPACKED = 1024 * 1024 * 1024
#: Packed with LZW, which was given up in the nineties and is slow to read: only little of it.
MAX_LZW = 2 * 1024 * 1024
#: Seconds that a file may be looked at.
PATIENCE = 20

#: As the key of a dictionary or as a value (/S /Launch, /Subtype /RichMedia), direct or in an object of its own.
_ACTIVE = frozenset(
    {
        "/JavaScript", "/JS", "/Launch", "/GoToR", "/GoToE", "/SubmitForm", "/ImportData", "/Rendition", "/Movie",
        "/Sound", "/RichMedia", "/3D", "/XFA", "/EmbeddedFile", "/EmbeddedFiles", "/EF", "/Collection",
    }
)  # fmt: skip
#: What may happen by itself, when a file or a page is opened.
_HARMLESS_BY_ITSELF = frozenset({"/GoTo", "/Named", "/SetOCGState"})
#: Where a link that a person presses may lead.
_HARMLESS_LINK = re.compile(r"(https?|mailto|tel):|(?![a-z][a-z0-9+.-]*:|[/\\]{2})", re.IGNORECASE)
_FLATE = frozenset({"/FlateDecode", "/Fl"})
_LZW = frozenset({"/LZWDecode", "/LZW"})
_UNPACKED_BY_PYPDF = frozenset(
    {"/ASCIIHexDecode", "/AHx", "/ASCII85Decode", "/A85", "/RunLengthDecode", "/RL", *_FLATE, *_LZW}
)
_JPEG = frozenset({"/DCTDecode", "/DCT", "/JPXDecode"})


def _refuse(message: str, code: str) -> DomainError:
    return DomainError(message, code=f"file.{code}", field="file")


def _bomb() -> DomainError:
    return _refuse(
        _(
            "PDF ini mengembang terlalu besar saat dibuka. Cetak ke PDF baru (Print → Save as PDF), atau pindai ulang "
            "dengan resolusi lebih rendah."
        ),
        "pdf_bomb",
    )


def _active() -> DomainError:
    return _refuse(
        _(
            "PDF ini memuat skrip, lampiran, atau perintah membuka berkas lain. Cetak ke PDF baru (Print → Save as "
            "PDF) lalu unggah."
        ),
        "active_pdf",
    )


def check_pdf(raw: bytes) -> int:
    """The number of pages of a PDF that may be kept; DomainError (field "file") for any other."""
    broken = _refuse(_("PDF ini rusak atau tidak lengkap. Simpan ulang lalu unggah kembali."), "broken_pdf")
    if _is_archive_too(raw):
        raise _refuse(
            _("Berkas ini PDF dan arsip sekaligus. Cetak ke PDF baru (Print → Save as PDF) lalu unggah."), "disguised"
        )
    try:
        with apply_configuration(
            zlib_maximum_output_length=MAX_STREAM,
            lzw_maximum_output_length=MAX_STREAM,
            run_length_maximum_output_length=MAX_STREAM,
            zlib_maximum_recovery_input_length=0,
            jbig2dec_binary=None,
        ):
            return _Inspection(raw).pages()
    except DomainError:
        raise
    except (LimitReachedError, MemoryError) as error:
        raise _bomb() from error
    except Exception as error:  # a hostile file can make the parser fail in any way; all mean the same
        raise broken from error


def _is_archive_too(raw: bytes) -> bool:
    """Whether an unpacker would find files in it: archives are read from their end."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            return bool(archive.namelist())
    except Exception:  # of a hostile archive too; then nothing unpacks it
        return False


class _Inspection:
    def __init__(self, raw: bytes) -> None:
        self.until = time.monotonic() + PATIENCE
        self.unpacked = self.lzw = 0
        self.reader = PdfReader(io.BytesIO(raw), strict=False)
        if self.reader.is_encrypted and not self.reader.decrypt(""):  # many diplomas are only closed to editing
            raise _refuse(_("PDF ini dikunci dengan kata sandi. Unggah PDF tanpa kata sandi."), "encrypted_pdf")

    def pages(self) -> int:
        count = len(self.reader.pages)
        if count == 0:
            raise ValueError("no pages")
        if count > MAX_PAGES:
            raise _refuse(
                _("PDF ini lebih dari %(limit)d halaman. Unggah hanya halaman yang diperlukan.") % {"limit": MAX_PAGES},
                "too_many_pages",
            )
        for page in self.reader.pages:
            self._check_size(page)
        for value in self._objects():
            if _names_active(value):
                raise _active()
            if isinstance(value, StreamObject):
                self._check_stream(value)
        return count

    def _objects(self) -> Iterator[object]:
        numbers = [n for generation in self.reader.xref.values() for n in generation] + list(self.reader.xref_objStm)
        if len(numbers) > MAX_OBJECTS:
            raise _bomb()
        yield self.reader.trailer
        for number in numbers:
            if time.monotonic() > self.until:
                raise _bomb()
            yield self.reader.get_object(number)

    def _check_size(self, page: Any) -> None:
        unit = float(page.get("/UserUnit", 1))
        for box in (page.mediabox, page.cropbox):
            for side in (abs(float(box.width)) * unit, abs(float(box.height)) * unit):
                if not math.isfinite(side) or side == 0:
                    raise ValueError("a page without size")
                if side > MAX_PAGE_SIDE:
                    raise _refuse(
                        _("Halaman PDF ini lebih besar dari 5 meter. Cetak ke ukuran kertas biasa, misalnya A4."),
                        "huge_page",
                    )

    def _check_stream(self, stream: StreamObject) -> None:
        limit = MAX_STREAM
        if stream.get("/Subtype") == "/Image":
            limit = max(limit, 8 * _check_picture(stream))  # eight bytes a point: four colours of sixteen bits
        names = _filters(stream)
        if names and names <= _FLATE and not isinstance(stream.get("/Filter"), list):
            self._count(_inflated_length(stream._data, min(limit, MAX_UNPACKED - self.unpacked)))
        elif names & _LZW and self._too_much_lzw(stream):
            raise _bomb()
        elif names and names <= _UNPACKED_BY_PYPDF:
            try:
                self._count(len(decode_stream_data(stream)))
            except LimitReachedError:
                raise
            except Exception:  # nothing comes out of it in a viewer either
                return

    def _too_much_lzw(self, stream: StreamObject) -> bool:
        self.lzw += len(stream._data)
        return self.lzw > MAX_LZW

    def _count(self, length: int) -> None:
        self.unpacked += length
        if self.unpacked > MAX_UNPACKED:
            raise _bomb()


def _filters(stream: StreamObject) -> frozenset[str]:
    wanted = stream.get("/Filter")
    if wanted is None:
        return frozenset()
    return frozenset(str(name) for name in wanted) if isinstance(wanted, list) else frozenset({str(wanted)})


def _check_picture(stream: StreamObject) -> int:
    """How many points a picture has, by what it says of itself and, for a JPEG, by what it is."""
    pixels = int(stream.get("/Width", 0)) * int(stream.get("/Height", 0))
    parameters = stream.get("/DecodeParms")
    for each in parameters if isinstance(parameters, list) else [parameters]:
        each = each.get_object() if each is not None else None
        if isinstance(each, DictionaryObject):
            pixels = max(pixels, int(each.get("/Columns", 0)) * int(each.get("/Rows", 0)))
    if _filters(stream) & _JPEG:
        try:
            with Image.open(io.BytesIO(stream._data), formats=("JPEG", "JPEG2000")) as picture:
                pixels = max(pixels, picture.width * picture.height)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise _bomb() from error
        except Exception:  # noqa: S110 (a viewer shows nothing then)
            pass
    if pixels > MAX_PICTURE_PIXELS:
        raise _bomb()
    return pixels


def _inflated_length(packed: bytes, limit: int) -> int:
    """How long a deflated stream is once unpacked, a piece at a time, never beyond the limit."""
    unpacker, length = zlib.decompressobj(), 0
    try:
        while True:
            length += len(unpacker.decompress(packed, 1024 * 1024))
            if length > limit:
                raise _bomb()
            packed = unpacker.unconsumed_tail
            if not packed:
                return length
    except zlib.error:  # it unpacks up to here
        return length


def _names_active(value: object, depth: int = 0) -> bool:
    """Looks through direct dictionaries and lists; indirect objects are reached by the caller's loop."""
    if depth > 20:
        return True  # nothing honest nests this deep
    if isinstance(value, NameObject):
        return value in _ACTIVE
    if isinstance(value, dict):
        return (
            _acts_by_itself(value)
            or _leads_astray(value)
            or any(key in _ACTIVE or _names_active(item, depth + 1) for key, item in dict.items(value))
        )
    if isinstance(value, list):
        return any(_names_active(item, depth + 1) for item in list.__iter__(value))
    return False


def _acts_by_itself(value: dict) -> bool:
    """Whether opening a file or a page sets something off that goes beyond this file."""
    acts = [value["/OpenAction"].get_object()] if "/OpenAction" in value else []
    if "/AA" in value:
        more = value["/AA"].get_object()
        acts += [more[key].get_object() for key in more] if isinstance(more, dict) else []
    return any(isinstance(act, dict) and act.get("/S") not in _HARMLESS_BY_ITSELF for act in acts)


def _leads_astray(value: dict) -> bool:
    """Whether it is a link to a script or to a file of the reader's own network."""
    return value.get("/S") == "/URI" and not _HARMLESS_LINK.match(str(value.get("/URI", "")).strip())
