"""Files: real ones, made here."""

import io
from itertools import count

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont
from pypdf import PdfWriter
from reportlab.pdfgen import canvas

from core.accounts.models import User
from core.documents.models import Document, DocumentType
from core.documents.services import store_upload

FONT = settings.BASE_DIR / "core" / "documents" / "fonts" / "DejaVuSans.ttf"
_numbers = count(1)


def jpeg_bytes(*, size: tuple[int, int] = (80, 60), color: str | tuple = "") -> bytes:
    """A JPEG; a different one each time unless a colour is given, since equal bytes are one document.

    The running number stands in it as black and white squares: shades would be one picture again
    once the repository has written them anew.
    """
    picture = Image.new("RGB", size, color or "grey")
    if not color:
        number = next(_numbers)
        for bit in range(16):
            shade = "white" if number >> bit & 1 else "black"
            picture.paste(shade, (bit % 8 * 10, bit // 8 * 20, bit % 8 * 10 + 8, bit // 8 * 20 + 16))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=95)
    return out.getvalue()


def pdf_bytes(*, pages: int = 1) -> bytes:
    writer = PdfWriter()
    for _page in range(pages):
        writer.add_blank_page(width=595, height=842)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def make_document(
    *, owner: User, kind: str = "ktp", content: bytes | None = None, file_name: str = "berkas.jpg"
) -> Document:
    """An uploaded file of `owner`."""
    return store_upload(
        stream=io.BytesIO(content if content is not None else jpeg_bytes()),
        file_name=file_name,
        document_type=DocumentType.objects.get(code=kind),
        owner=owner,
        by=owner,
    )


def text_pdf(*lines: str, pages: int = 1) -> bytes:
    """A PDF whose text can be selected."""
    out = io.BytesIO()
    paper = canvas.Canvas(out)
    for _page in range(pages):
        for number, line in enumerate(lines):
            paper.drawString(72, 760 - 20 * number, line)
        paper.showPage()
    paper.save()
    return out.getvalue()


def scan(*lines: str, turned: int = 0, as_pdf: bool = False) -> bytes:
    """A page with print on it as a scanner sends it: a picture, or a PDF that is nothing but the picture."""
    page = Image.new("L", (1240, 1754), "white")
    draw = ImageDraw.Draw(page)
    font = ImageFont.truetype(FONT, 40)
    for number, line in enumerate(lines):
        draw.text((120, 140 + 80 * number), line, fill="black", font=font)
    out = io.BytesIO()
    page.rotate(turned, expand=True, fillcolor="white").save(out, "PDF" if as_pdf else "JPEG", resolution=150)
    return out.getvalue()
