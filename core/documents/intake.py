"""Entry control: what an upload really is, and the clean bytes that are kept.

The type is decided by the content, never by the name or by what the browser says (OWASP ASVS 5.0,
5.2.2). Pictures are decoded and written anew: that drops position data, anything hidden behind the
picture, and most of the weight of a phone's photograph. PDF is kept as it is, once it is known to
be readable, unencrypted and without active content.
"""

import hashlib
import io
import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from core.activity.refused_files import noting_refused_files
from core.common.exceptions import DomainError
from core.common.text import clean_line
from core.documents.pdf_checks import check_pdf

#: A4 at 170 dpi: small print stays readable, a phone's photograph shrinks to a few hundred KB.
MAX_IMAGE_SIDE = 2000
#: Beyond this many pixels a picture is refused unread: it would fill the memory (pixel flood).
MAX_IMAGE_PIXELS = 60_000_000
JPEG_QUALITY = 82
ACCEPTED = ".pdf, .jpg, .jpeg, .png, .webp"
BOTH_KINDS = frozenset({"pdf", "picture"})
#: A logo is shown at 44 pixels on screens and at 1 cm on paper: this is sharp on both and weighs little.
LOGO_BOX = (480, 240)
MAX_LOGO_BYTES = 2 * 1024 * 1024
MAX_LOGO_PIXELS = 25_000_000
MIN_LOGO_SIDE = 48
#: A logo heavier than this gets by with 256 colours: every page of the portal carries it.
LIGHT_LOGO_BYTES = 24 * 1024
#: What a file that is neither PDF nor picture begins with, and what it is then.
_KNOWN = (
    (rb"PK(\x03\x04|\x05\x06|\x07\x08)", "archive"),
    (rb"Rar!\x1a\x07", "archive"),
    (rb"7z\xbc\xaf\x27\x1c", "archive"),
    (rb"\x1f\x8b|BZh|\xfd7zXZ\x00|\x28\xb5\x2f\xfd|MSCF", "archive"),
    (rb".{257}ustar", "archive"),
    (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1|\{\\rtf", "office"),
    (rb".{4}ftyp(heic|heix|heim|heis|hevc|hevx|mif1|msf1|avif|avis)", "heic"),
    (rb".{4}ftyp|\x1aE\xdf\xa3|RIFF.{4}AVI ", "video"),
    (rb"II\*\x00|MM\x00\*|II\+\x00|MM\x00\+", "tiff"),
    (rb"MZ|\x7fELF|\xca\xfe\xba\xbe|[\xce\xcf]\xfa\xed\xfe|#!", "program"),
    (rb"(\xef\xbb\xbf)?\s*<(!|\?xml|html|svg|script|head|body)", "web_page"),
)
#: Members of an archive that make it a document of an office program.
_OFFICE_PARTS = (b"[Content_Types].xml", b"mimetypeapplication/vnd.oasis.opendocument", b"word/", b"xl/", b"ppt/")
#: Names that Windows keeps for devices: a file of such a name cannot be saved there.
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))})
#: Bytes of a stem: with its ending it fits every file system.
MAX_STEM_BYTES = 200


@dataclass(frozen=True)
class Intake:
    """Clean content, ready for the repository. `pages` is None for pictures."""

    content: bytes
    content_type: str
    file_name: str
    sha256: str
    pages: int | None


def _refuse(message: str, code: str) -> DomainError:
    return DomainError(message, code=f"file.{code}", field="file")


def too_large(limit: int) -> DomainError:
    return _refuse(
        _("Berkas lebih besar dari %(limit)d MB. Kecilkan atau foto ulang dengan mutu lebih rendah.")
        % {"limit": limit // (1024 * 1024)},
        "too_large",
    )


@noting_refused_files()
def inspect_upload(
    stream: IO[bytes], *, file_name: str, max_bytes: int | None = None, kinds: frozenset[str] = BOTH_KINDS
) -> Intake:
    """Decide what an upload is and return clean bytes; raise DomainError (field "file") if it can't be taken.

    `kinds` says which of "pdf" and "picture" may come in, `max_bytes` how much (at most the server's own limit).
    """
    limit = min(max_bytes or settings.DOCUMENT_MAX_BYTES, settings.DOCUMENT_MAX_BYTES)
    raw = stream.read(limit + 1)
    if not raw:
        raise _refuse(_("Berkas ini kosong (0 byte). Pilih berkas lain atau ambil foto ulang."), "empty")
    if len(raw) > limit:
        raise too_large(limit)
    if raw[:1024].lstrip()[:5] == b"%PDF-":
        if "pdf" not in kinds:
            raise _refuse(_("Dokumen ini diminta sebagai foto, bukan PDF. Unggah foto JPG, PNG, atau WEBP."), "no_pdf")
        content, content_type, pages = raw, "application/pdf", check_pdf(raw)
        suffix = ".pdf"
    else:
        if "picture" not in kinds:
            raise _refuse(_("Dokumen ini diminta sebagai PDF. Pindai menjadi PDF lalu unggah."), "no_picture")
        content, pages = _clean_picture(raw), None
        content_type, suffix = "image/jpeg", ".jpg"
    return Intake(content, content_type, clean_file_name(file_name, suffix), hashlib.sha256(content).hexdigest(), pages)


def _clean_picture(raw: bytes) -> bytes:
    """Any accepted picture as an upright JPEG without metadata, no side longer than MAX_IMAGE_SIDE."""
    too_many_pixels = _refuse(_("Ukuran gambar terlalu besar. Foto ulang dengan resolusi lebih rendah."), "pixel_flood")
    try:
        picture = Image.open(io.BytesIO(raw), formats=("JPEG", "PNG", "WEBP"))
        if picture.width * picture.height > MAX_IMAGE_PIXELS:
            raise too_many_pixels
        picture.draft("RGB", (MAX_IMAGE_SIDE, MAX_IMAGE_SIDE))  # decode a big JPEG at a smaller scale
        picture = ImageOps.exif_transpose(picture)
        if picture.mode.startswith("I"):  # 16 bits of grey: convert() would cut the bright half off
            picture = picture.point(lambda value: value * (1 / 256)).convert("L")
        if picture.has_transparency_data:
            picture = picture.convert("RGBA")
            white = Image.new("RGBA", picture.size, "white")
            picture = Image.alpha_composite(white, picture)
        picture = picture.convert("RGB")
        picture.thumbnail((MAX_IMAGE_SIDE, MAX_IMAGE_SIDE))
        picture.info = {}  # else Pillow copies a comment
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=JPEG_QUALITY, optimize=True)
    except DomainError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise too_many_pixels from error
    except UnidentifiedImageError as error:
        raise _no_picture(raw) from error
    except Exception as error:  # a truncated or hostile picture; Pillow raises many kinds
        raise _refuse(
            _("Gambar ini rusak atau tidak lengkap. Foto ulang lalu unggah kembali."), "broken_picture"
        ) from error
    return out.getvalue()


def _no_picture(raw: bytes) -> DomainError:
    """A sentence that fits what was sent instead, and says what to do with it."""
    code = next((code for start, code in _KNOWN if re.match(start, raw[:600], re.DOTALL | re.IGNORECASE)), "wrong_type")
    if code == "archive" and any(part in raw[:4096] for part in _OFFICE_PARTS):
        code = "office"
    sentence = {
        "archive": _("Arsip (ZIP, RAR, 7z) tidak diterima. Buka arsipnya, lalu unggah isinya satu per satu."),
        "office": _("Berkas Word, Excel, atau PowerPoint tidak diterima. Simpan sebagai PDF lalu unggah PDF-nya."),
        "heic": _(
            "Foto HEIC belum dapat dibaca. Pada iPhone pilih Pengaturan → Kamera → Format → Paling Kompatibel lalu "
            "foto ulang, atau unggah tangkapan layarnya."
        ),
        "video": _("Video tidak diterima. Unggah foto, atau PDF yang memuat tautan videonya."),
        "tiff": _("Gambar TIFF tidak diterima. Simpan sebagai PDF atau JPG lalu unggah."),
        "program": _("Berkas ini sebuah program, bukan dokumen. Unggah PDF, atau foto JPG, PNG, atau WEBP."),
        "web_page": _("Halaman web dan gambar SVG tidak diterima. Cetak ke PDF (Print → Save as PDF) lalu unggah."),
    }.get(code, _("Jenis berkas ini tidak dapat dibaca. Unggah PDF, atau foto JPG, PNG, atau WEBP."))
    return _refuse(sentence, code)


@noting_refused_files()
def inspect_logo(stream: IO[bytes]) -> Intake:
    """A PNG or JPEG as a small PNG without metadata, named by its content; DomainError (field "new_logo") if not."""
    raw = stream.read(MAX_LOGO_BYTES + 1)
    if not raw:
        raise _refuse_logo(_("Berkas logo ini kosong (0 byte). Pilih berkas lain."), "empty")
    if len(raw) > MAX_LOGO_BYTES:
        raise _refuse_logo(
            _("Berkas logo lebih besar dari %(limit)d MB. Kecilkan dahulu.")
            % {"limit": MAX_LOGO_BYTES // (1024 * 1024)},
            "too_large",
        )
    too_many_pixels = _refuse_logo(_("Ukuran gambar logo terlalu besar. Kecilkan dahulu."), "pixel_flood")
    try:
        picture = Image.open(io.BytesIO(raw), formats=("PNG", "JPEG"))
        if picture.width * picture.height > MAX_LOGO_PIXELS:
            raise too_many_pixels
        if min(picture.size) < MIN_LOGO_SIDE:
            raise _refuse_logo(
                _("Logo ini terlalu kecil dan akan tampak buram. Sisi terpendek paling sedikit %(side)d piksel.")
                % {"side": MIN_LOGO_SIDE},
                "too_small",
            )
        picture = ImageOps.exif_transpose(picture)
        if picture.mode.startswith("I"):
            picture = picture.point(lambda value: value * (1 / 256)).convert("L")
        picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
        picture.thumbnail(LOGO_BOX)
        picture.info = {}
        content = _as_png(picture)
        if len(content) > LIGHT_LOGO_BYTES:
            content = _as_png(picture.quantize(256, method=Image.Quantize.FASTOCTREE))
    except DomainError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise too_many_pixels from error
    except UnidentifiedImageError as error:
        raise _refuse_logo(
            _("Logo harus berkas PNG atau JPG. Berkas SVG tidak diterima karena dapat memuat skrip."), "wrong_type"
        ) from error
    except Exception as error:  # a truncated or hostile picture; Pillow raises many kinds
        raise _refuse_logo(_("Gambar logo ini rusak. Pilih berkas lain."), "broken_picture") from error
    sha256 = hashlib.sha256(content).hexdigest()
    return Intake(content, "image/png", f"{sha256}.png", sha256, None)


def _refuse_logo(message: str, code: str) -> DomainError:
    return DomainError(message, code=f"logo.{code}", field="new_logo")


def _as_png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def clean_file_name(name: str, suffix: str) -> str:
    """A name that is safe to show and to save under: no path, no control or bidi characters, the true suffix."""
    stem = PurePath(clean_line(name).replace("\\", "/")).name
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", stem)
    stem = "".join(
        c for c in unicodedata.normalize("NFC", stem) if c not in '<>:"|?*%;' and unicodedata.category(c)[0] != "C"
    )
    stem = stem.strip(" .")[:100].encode()[:MAX_STEM_BYTES].decode(errors="ignore").strip(" .") or "dokumen"
    if stem.split(".")[0].strip().lower() in _DEVICES:
        stem = f"dokumen {stem}"
    return f"{stem}{suffix}"
