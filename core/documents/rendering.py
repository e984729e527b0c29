"""Turns a Django template into a PDF: xhtml2pdf with our own fonts, no network, no other files.

The same template and context give the same bytes. Fonts are read once per process.
"""

import logging
import re
import unicodedata
from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import segno
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from pypdf import PdfReader
from reportlab import rl_config
from reportlab.lib.units import cm
from reportlab.pdfbase.ttfonts import TTFontFile
from reportlab.platypus import Flowable
from xhtml2pdf import document as xhtml2pdf_document
from xhtml2pdf.config.resources import ResourceAccessPolicy
from xhtml2pdf.xhtml2pdf_reportlab import PmlBaseDoc, PmlParagraph

from core.documents.grids import REGULAR, Grid

FONT_DIR = Path(__file__).resolve().parent / "fonts"
#: The faces that `base_form.html` declares. A character must be in all of them to be printed.
FONT_FILES = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")
#: Stands for a character that the fonts lack, such as an emoji.
MISSING_GLYPH = "□"

#: What a document may read: its fonts. xhtml2pdf checks this at every read, also where it does not
#: ask the link callback, and stops a document that takes too long.
POLICY = ResourceAccessPolicy.server(FONT_DIR, allow_remote=False)
#: The same for books of our own that nobody waits for: pictures inside, a hundred pages.
LARGE = replace(POLICY, max_render_seconds=600, max_document_bytes=200_000_000, max_local_bytes=20_000_000)

# No time stamps and no random identifiers, so that a form rendered twice is one file in the
# repository; binary streams are a fifth smaller than ASCII ones. ReportLab knows only switches for
# the whole process.
rl_config.invariant = 1
rl_config.useA85 = 0
_FIXED_DATE = b"D:20000101000000+00'00'"

_DROPPED = re.compile(
    "[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"  # joiners, directions, variants: nothing to see
    "\U0001f3fb-\U0001f3ff"  # skin colours
    "\U000e0000-\U000e0fff"  # tags, further variants
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"
)

logger = logging.getLogger(__name__)


class RenderingError(RuntimeError):
    """The PDF could not be made. A fault of ours or of the template, never of the person."""


@dataclass(frozen=True)
class RenderedPdf:
    content: bytes
    pages: int


#: The grids of the document that is being made, by their places; pisaDocument hands nothing on.
_grids: ContextVar[dict[str, Grid]] = ContextVar("grids")


def _place_of(flowable: Flowable) -> str:
    return flowable.getPlainText().strip() if isinstance(flowable, PmlParagraph) else ""


class _NumberedDocument(PmlBaseDoc):
    """Prints “Halaman X dari Y” at the foot of every page.

    xhtml2pdf's own <pdf:pagecount> lays the whole document out twice, which takes half as long
    again. Here each page refers to a line of its own that is drawn when the last page is known.
    """

    SIZE, RIGHT, BASELINE, WIDTH = 6.4, 1.8 * cm, 1.4785 * cm, 100

    def build(self, flowables: list[Flowable], *args: Any, **options: Any) -> None:
        if grids := _grids.get():
            width = self.pagesize[0] - 2 * self.RIGHT
            flowables = [
                grids[place].flowable(width) if (place := _place_of(flowable)) in grids else flowable
                for flowable in flowables
            ]
        super().build(flowables, *args, **options)

    def afterPage(self) -> None:
        super().afterPage()
        self.last_page = self.page
        self.canv.saveState()
        self.canv.translate(self.pagesize[0] - self.RIGHT - self.WIDTH, self.BASELINE)
        self.canv.doForm(f"page-{self.page}")
        self.canv.restoreState()

    def _endBuild(self) -> None:
        is_saved_here = getattr(self, "_doSave", 1)  # with contents it is laid out until their numbers stand
        self._doSave = 0
        super()._endBuild()
        for page in range(1, self.last_page + 1):
            self.canv.beginForm(f"page-{page}", 0, -2, self.WIDTH, self.SIZE)
            self.canv.setFont(REGULAR, self.SIZE)
            text = _("Halaman %(page)d dari %(last_page)d") % {"page": page, "last_page": self.last_page}
            self.canv.drawRightString(self.WIDTH, 0, text)
            self.canv.endForm()
        if is_saved_here:
            self.canv.save()


# pisaDocument makes its document by this name and offers no argument for it.
xhtml2pdf_document.PmlBaseDoc = _NumberedDocument


def render_pdf(
    template_name: str,
    context: dict,
    *,
    made_at: datetime | None = None,
    grids: Iterable[Grid] = (),
    policy: ResourceAccessPolicy = POLICY,
) -> RenderedPdf:
    """Render a template that extends `core/documents/base_form.html`; `grids` are laid where it names them.

    Title, author and language of the PDF are taken from the HTML head. `made_at` becomes its
    creation date; without it the PDF bears a fixed one. `policy`: how large it may be, LARGE for books. Raises
    RenderingError.
    """
    html = printable(render_to_string(template_name, context))
    buffer = BytesIO()
    laid = _grids.set({grid.place: grid for grid in grids})
    try:
        status = xhtml2pdf_document.pisaDocument(
            html, buffer, encoding="utf-8", link_callback=_resolve, resource_policy=policy
        )
    except RenderingError:
        raise
    except Exception as error:
        raise RenderingError(f"{template_name}: {error}") from error
    finally:
        _grids.reset(laid)
    if status.err:
        raise RenderingError(f"{template_name}: {status.err} errors, see the log of xhtml2pdf")
    content = buffer.getvalue()
    if made_at is not None:
        # Same length, so that the offsets in the file stay right.
        content = content.replace(_FIXED_DATE, _pdf_date(made_at))
    return RenderedPdf(content=content, pages=len(PdfReader(BytesIO(content)).pages))


def qr_png_data_uri(text: str, *, error: str = "m", border: int = 2) -> str:
    """A QR code as a PNG inside a data: address; the error correction is at least that (l, m, q, h)."""
    return segno.make(text, error=error, micro=False).png_data_uri(scale=4, border=border)


def printable(text: str) -> str:
    """Composed characters where they exist, and MISSING_GLYPH for what the fonts cannot draw."""
    text = _DROPPED.sub("", unicodedata.normalize("NFC", text))
    missing = {ord(character) for character in set(text)} - _code_points()
    return text.translate(dict.fromkeys(missing, MISSING_GLYPH)) if missing else text


@cache
def _code_points() -> frozenset[int]:
    """The characters that every face has, and the white space that needs no glyph."""
    faces = (set(TTFontFile(str(FONT_DIR / name), charInfo=1).charToGlyph) for name in FONT_FILES)
    return frozenset(set.intersection(*faces) | {ord(c) for c in "\t\n\r "})


def _resolve(uri: str, _relative_to: str | None) -> str:
    """The only addresses a template may use: `fonts/<file>` and data:."""
    if uri.startswith("data:"):
        return uri
    folder, _slash, name = uri.partition("/")
    if folder == "fonts" and name in FONT_FILES:
        return str(FONT_DIR / name)
    raise RenderingError(f"a form may not read {uri[:120]!r}")


def _pdf_date(moment: datetime) -> bytes:
    offset = moment.strftime("%z") or "+0000"
    return f"{moment:D:%Y%m%d%H%M%S}{offset[:3]}'{offset[3:5]}'".encode()
