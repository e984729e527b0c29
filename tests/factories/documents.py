"""Files: real ones, made here."""

import io
from itertools import count

from PIL import Image
from pypdf import PdfWriter

from core.accounts.models import User
from core.documents.models import Document, DocumentType
from core.documents.services import store_upload

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
