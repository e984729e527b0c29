"""Files: real ones, made here."""

import io
from itertools import count

from PIL import Image
from pypdf import PdfWriter

from core.accounts.models import User
from core.documents.models import Document, DocumentType
from core.documents.services import store_upload

_tints = count(1)


def jpeg_bytes(*, size: tuple[int, int] = (80, 60), color: str | tuple = "") -> bytes:
    """A JPEG; a different colour each time unless one is given, since equal bytes are one document."""
    number = next(_tints)
    out = io.BytesIO()
    Image.new("RGB", size, color or (number % 256, number // 256 % 256, 120)).save(out, "JPEG", quality=95)
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
