"""A page of Markdown as a DOCX that word processors edit: headings, paragraphs, lists, tables, blanks marked yellow.

Only what Markdown of ours becomes in HTML is known (core.manual.pages.to_html); anything else raises LookupError, so
that nothing is left out of a paper without a word.
"""

import re
from pathlib import Path

import docx
from docx.document import Document
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml import html as lxml_html
from lxml.html import HtmlElement

from core.manual.pages import ManualPage, to_html

#: What people fill in; "[diisi: …]" only speaks of such places.
BLANK = re.compile(r"(\[diisi(?:: (?!…\])[^\]]+)?\])")
#: Points of a table's letters.
TABLE_SIZE = 8.5
MARKS = {"strong": "bold", "em": "italic", "b": "bold", "i": "italic"}
LISTS = {"ul": "List Bullet", "ol": "List Number"}


def write_docx(page: ManualPage, path: Path, *, subtitle: str) -> None:
    """The page on A4, with a table of contents that the word processor fills in and page numbers."""
    document = docx.Document()
    document.core_properties.title = page.title
    document.core_properties.author = "LSP BNPB"
    document.styles["Normal"].font.name = "Calibri"
    document.styles["Normal"].font.size = Pt(10.5)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2)
    _field(section.footer.paragraphs[0], "PAGE")
    document.add_heading(page.title, 0)
    document.add_paragraph(subtitle)
    _field(
        document.add_paragraph(), r'TOC \o "1-2" \h \z \u', "Klik kanan di sini, lalu “Update Field”, untuk daftar isi."
    )
    for block in lxml_html.fragments_fromstring(to_html(page.source.partition("\n")[2]), no_leading_text=True):
        _block(document, block)
    document.save(path)


def _block(document: Document, block: HtmlElement) -> None:
    if re.fullmatch(r"h[2-4]", block.tag):
        document.add_heading(level=int(block.tag[1]) - 1)
        _inline(document.paragraphs[-1], block)
    elif block.tag == "p":
        _inline(document.add_paragraph(), block)
    elif block.tag in LISTS:
        for item in block:
            _inline(document.add_paragraph(style=LISTS[block.tag]), item)
    elif block.tag == "table":
        _table(document, block)
    elif block.tag == "pre":
        document.add_paragraph(block.text_content().rstrip(), style="No Spacing")
    else:
        raise LookupError(f"<{block.tag}> is not known to scripts/reports_docx.py")


def _table(document: Document, block: HtmlElement) -> None:
    """The head is repeated on each page; a head without words is left out."""
    lines = [line for line in block.iter("tr") if line.text_content().strip()]
    table = document.add_table(rows=0, cols=max(len(line) for line in lines), style="Table Grid")
    for line in lines:
        cells = table.add_row().cells
        for cell, found in zip(cells, line, strict=True):
            _inline(cell.paragraphs[0], found, bold=found.tag == "th" or None)
            for run in cell.paragraphs[0].runs:
                run.font.size = Pt(TABLE_SIZE)
    if lines[0].find("th") is not None:
        _repeat_head(table)
    document.add_paragraph()


def _repeat_head(table: Table) -> None:
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _inline(paragraph: Paragraph, element: HtmlElement, **marks: bool | None) -> None:
    """The words of an element and of all within it; links are printed as their words."""
    _words(paragraph, element.text, marks)
    for child in element:
        if child.tag == "br":
            paragraph.add_run().add_break()
        else:
            _inline(paragraph, child, **marks, **({MARKS[child.tag]: True} if child.tag in MARKS else {}))
        _words(paragraph, child.tail, marks)


def _words(paragraph: Paragraph, text: str | None, marks: dict[str, bool | None]) -> None:
    for piece in BLANK.split(re.sub(r"\s+", " ", text or "")):
        if piece:
            run = paragraph.add_run(piece)
            run.bold, run.italic = marks.get("bold"), marks.get("italic")
            if BLANK.fullmatch(piece):
                run.font.highlight_color = WD_COLOR_INDEX.YELLOW


def _field(paragraph: Paragraph, code: str, until_then: str = "") -> None:
    """Something that the word processor counts itself: a page number, a table of contents."""
    run = paragraph.add_run()
    for kind in ("begin", None, "separate", "text", "end"):
        if kind is None:
            part = OxmlElement("w:instrText")
            part.text = code
        elif kind == "text":
            part = OxmlElement("w:t")
            part.text = until_then
        else:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        run._r.append(part)
