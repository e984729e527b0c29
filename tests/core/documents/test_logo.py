"""Entry control of a logo: small, clean, a PNG, or refused in a sentence."""

import io
import struct
import zlib

import pytest
from PIL import Image, PngImagePlugin

from core.common.exceptions import DomainError
from core.documents.intake import LIGHT_LOGO_BYTES, inspect_logo
from tests.core.helpers import refused
from tests.factories.content import png_bytes
from tests.factories.documents import jpeg_bytes, pdf_bytes


def inspect(content: bytes):
    return inspect_logo(io.BytesIO(content))


def png_header(width: int, height: int) -> bytes:
    """A PNG that says it is huge and holds nothing: the picture bomb."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    start = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return start + struct.pack(">I", 1000) + b"IDAT" + bytes(20)


def test_a_jpeg_becomes_a_png():
    logo = inspect(jpeg_bytes(size=(300, 200)))
    assert (logo.content_type, Image.open(io.BytesIO(logo.content)).format) == ("image/png", "PNG")
    assert logo.file_name == f"{logo.sha256}.png"


def test_transparency_stays_and_metadata_goes():
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "rahasia <script>")
    out = io.BytesIO()
    Image.new("RGBA", (100, 100), (0, 0, 0, 0)).save(out, "PNG", pnginfo=notes)

    logo = inspect(out.getvalue() + b"<script>tersembunyi</script>")

    assert b"rahasia" not in logo.content
    assert b"tersembunyi" not in logo.content
    assert Image.open(io.BytesIO(logo.content)).convert("RGBA").getpixel((5, 5))[3] == 0


def test_a_busy_picture_gets_by_with_fewer_colours():
    noise = Image.effect_noise((480, 240), 90).convert("RGB")
    noise = Image.merge("RGB", (noise.getchannel(0), noise.getchannel(0).rotate(90), noise.getchannel(0).rotate(180)))
    out = io.BytesIO()
    noise.save(out, "PNG")
    assert len(inspect(out.getvalue()).content) < len(out.getvalue()) // 2
    assert len(inspect(png_bytes(size=(480, 240))).content) < LIGHT_LOGO_BYTES


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "wrong_type"),
        (b"GIF89a" + bytes(50), "wrong_type"),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 ", "wrong_type"),
        (bytes(2 * 1024 * 1024 + 1), "too_large"),
        (png_header(30_000, 30_000), "pixel_flood"),
        (png_header(6000, 6000), "pixel_flood"),
        (png_header(100, 100), "broken_picture"),
        (png_bytes()[:60], "broken_picture"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_logo_is_refused(content, code):
    with refused(f"logo.{code}", field="new_logo"):
        inspect(content)


def test_a_pdf_and_a_speck_are_refused():
    for content in (pdf_bytes(), png_bytes(size=(20, 20))):
        with pytest.raises(DomainError) as refusal:
            inspect(content)
        assert refusal.value.field == "new_logo"
