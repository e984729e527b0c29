"""Pages of the portal and pictures for a logo."""

import io
from itertools import count

from PIL import Image

from core.content.models import Page
from core.content.services import publish_page

_numbers = count(1)


def make_page(*, slug: str = "", title: str = "Jadwal uji", body: str = "Isi.", published: bool = False) -> Page:
    """A page of the LSP's own; a draft unless `published`."""
    page = Page.objects.create(slug=slug or f"halaman-{next(_numbers)}", title=title, body=body)
    if published:
        publish_page(page=page, by=None)
    return page


def png_bytes(*, size: tuple[int, int] = (200, 200), color: str = "navy", mode: str = "RGBA") -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, color).save(out, "PNG")
    return out.getvalue()
