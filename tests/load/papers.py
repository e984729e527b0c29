"""Papers as people hand them in: photographs as a phone's browser sends them, and scanned PDF; 200 to 900 KB each."""

import io
import random
from functools import cache

from PIL import Image
from pypdf import PdfWriter

#: Sides of a photograph that was made smaller before it was sent.
SIZE = (1400, 1050)


@cache
def _noise(shade: int) -> Image.Image:
    return Image.effect_noise(SIZE, shade).convert("RGB")


def photograph(number: int) -> bytes:
    """A JPEG; each number gives another picture, also after it was written anew."""
    chance = random.Random(number)
    picture = _noise(chance.choice((20, 32, 44))).copy()
    picture.paste(tuple(chance.randrange(256) for _band in range(3)), (100, 100, 1300, 400))
    for bit in range(24):
        shade = "white" if number >> bit & 1 else "black"
        picture.paste(shade, (110 + 45 * bit, 110, 150 + 45 * bit, 390))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=chance.choice((70, 78, 84)))
    return out.getvalue()


@cache
def _scan(kind: int) -> bytes:
    out = io.BytesIO()
    _noise((24, 36, 48)[kind]).convert("L").save(out, "PDF", resolution=120, quality=(60, 75, 85)[kind])
    return out.getvalue()


def scan(number: int) -> bytes:
    """A PDF that is nothing but a picture; each number gives other bytes."""
    return _scan(number % 3) + b"\n%% %d\n" % number


def small_pdf(number: int) -> bytes:
    """For crowds whose papers need no weight."""
    writer = PdfWriter()
    writer.add_blank_page(width=595, height=842)
    writer.add_metadata({"/Title": f"Berkas {number}"})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
