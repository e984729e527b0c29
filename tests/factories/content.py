"""Pages of the portal and pictures for a logo."""

import io
from itertools import count

from PIL import Image

from core.content.entries import Announcement, Download, Question
from core.content.models import Page
from core.content.services import publish_page, set_download_file
from tests.factories.accounts import make_user
from tests.factories.documents import text_pdf

_numbers = count(1)


def make_page(*, slug: str = "", title: str = "Jadwal uji", body: str = "Isi.", published: bool = False) -> Page:
    """A page of the LSP's own; a draft unless `published`."""
    page = Page.objects.create(slug=slug or f"halaman-{next(_numbers)}", title=title, body=body)
    if published:
        publish_page(page=page, by=None)
    return page


def make_question(*, is_published: bool = True, **words) -> Question:
    number = next(_numbers)
    defaults = {"question": f"Pertanyaan {number}?", "answer": "Jawaban.", "position": 500 + number}
    return Question.objects.create(is_published=is_published, **defaults | words)


def make_announcement(*, is_published: bool = True, **fields) -> Announcement:
    """Shown from now on, unless told otherwise."""
    announcement = Announcement(
        is_published=is_published, **{"title": f"Pengumuman {next(_numbers)}", "body": "Isi."} | fields
    )
    announcement.full_clean()
    announcement.save()
    return announcement


def make_download(*, is_published: bool = True, content: bytes | None = None, **words) -> Download:
    """With a file behind it."""
    download = Download.objects.create(is_published=is_published, **{"title": f"Unduhan {next(_numbers)}"} | words)
    content = text_pdf(download.title) if content is None else content
    set_download_file(
        download=download, stream=io.BytesIO(content), file_name="panduan.pdf", by=make_user(role="sekretariat")
    )
    return download


def png_bytes(*, size: tuple[int, int] = (200, 200), color: str = "navy", mode: str = "RGBA") -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, color).save(out, "PNG")
    return out.getvalue()
