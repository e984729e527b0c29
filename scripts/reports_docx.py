"""A page of Markdown as a DOCX that word processors edit: headings, paragraphs, lists, tables, blanks marked yellow.

Only what Markdown of ours becomes in HTML is known (core.manual.pages.to_html); anything else raises LookupError, so
that nothing is left out of a paper without a word.
"""

import re
from pathlib import Path

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_COLOR_INDEX
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml import html as lxml_html
from lxml.html import HtmlElement

from core.manual.pages import ManualPage, to_html
from core.manual.pdf import column_shares

#: What people fill in; "[diisi: …]" only speaks of such places.
BLANK = re.compile(r"(\[diisi(?:: (?!…\])[^\]]+)?\])")
FONT, NAVY, GREY = "Calibri", RGBColor(0x0B, 0x2C, 0x55), RGBColor(0x47, 0x54, 0x67)
#: Points of the letters of headings by level (0: the title), of a table, and of the lines of a program.
HEADINGS, TABLE_SIZE, CODE_SIZE = {0: 24, 1: 15, 2: 12, 3: 11}, 9, 9
#: Centimetres between the margins of the page.
TEXT_WIDTH = 17.0
MARKS = {"strong": "bold", "em": "italic", "b": "bold", "i": "italic"}
LISTS = {"ul": "List Bullet", "ol": "List Number"}


def write_docx(page: ManualPage, path: Path, *, subtitle: str) -> None:
    """The page on A4, after a first page with its title and contents; page numbers below."""
    blocks = lxml_html.fragments_fromstring(to_html(page.source.partition("\n")[2]), no_leading_text=True)
    document = docx.Document()
    document.core_properties.title = page.title
    document.core_properties.author = "LSP BNPB"
    document.core_properties.language = "id-ID"
    _dress(document)
    _foot(document, page.title)
    document.add_heading(page.title, 0)
    document.add_paragraph(subtitle).runs[0].font.color.rgb = GREY
    _contents(document, [block for block in blocks if block.tag in ("h2", "h3")])
    for block in blocks:
        _block(document, block)
    document.save(path)


def _dress(document: Document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(10.5)
    normal.paragraph_format.space_after, normal.paragraph_format.line_spacing = Pt(6), 1.1
    normal.element.get_or_add_rPr().append(_element("w:lang", val="id-ID"))  # or every word is underlined as misspelt
    foot = document.styles["Footer"]
    foot.font.size, foot.font.color.rgb = Pt(8), GREY
    for level, size in HEADINGS.items():
        style = document.styles[f"Heading {level}" if level else "Title"]
        style.font.name, style.font.size, style.font.color.rgb = FONT, Pt(size), NAVY
        fonts = style.element.rPr.rFonts
        for part in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):  # they would win over the name
            fonts.attrib.pop(qn(f"w:{part}"), None)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(14 if level else 0), Pt(4)


def _foot(document: Document, title: str) -> None:
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    paragraph.add_run(f"{title} · halaman ")
    _field(paragraph, "PAGE")
    paragraph.add_run(" dari ")
    _field(paragraph, "NUMPAGES")


def _contents(document: Document, headings: list[HtmlElement]) -> None:
    """Headings with the numbers of their pages, which the word processor counts; each leads to its place."""
    document.add_paragraph("Daftar isi", style="TOC Heading")
    for number, heading in enumerate(headings):
        line = document.add_paragraph()
        line.paragraph_format.space_after = Pt(1)
        line.paragraph_format.left_indent = Cm(0.6 if heading.tag == "h3" else 0)
        line.paragraph_format.tab_stops.add_tab_stop(Cm(TEXT_WIDTH), alignment=2, leader=1)  # right, dots
        link = _element("w:hyperlink", anchor=_place(number))
        line._p.append(link)
        words = Paragraph(line._p, line._parent)
        for piece in (heading.text_content(), "\t"):
            link.append(words.add_run(piece)._r)
        _field(words, f"PAGEREF {_place(number)} \\h")
        link.append(words.runs[-1]._r)
        heading.set("place", str(number))
    document.add_page_break()


def _place(number: int) -> str:
    return f"bagian_{number}"


def _block(document: Document, block: HtmlElement) -> None:
    if re.fullmatch(r"h[2-4]", block.tag):
        document.add_heading(level=int(block.tag[1]) - 1)
        _inline(document.paragraphs[-1], block)
        if number := block.get("place"):
            _mark_place(document.paragraphs[-1], int(number))
    elif block.tag == "p":
        _inline(document.add_paragraph(), block)
    elif block.tag in LISTS:
        numbering = _begin_numbers(document) if block.tag == "ol" else None
        for item in block:
            paragraph = document.add_paragraph(style=LISTS[block.tag])
            paragraph.paragraph_format.space_after = Pt(3)
            if numbering is not None:
                paragraph._p.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = numbering
            _inline(paragraph, item)
    elif block.tag == "table":
        _table(document, block)
    elif block.tag == "pre":
        run = document.add_paragraph(style="No Spacing").add_run(block.text_content().rstrip())
        run.font.name, run.font.size = "Consolas", Pt(CODE_SIZE)
    else:
        raise LookupError(f"<{block.tag}> is not known to scripts/reports_docx.py")


def _mark_place(paragraph: Paragraph, number: int) -> None:
    paragraph._p.insert(1, _element("w:bookmarkStart", id=str(number), name=_place(number)))
    paragraph._p.append(_element("w:bookmarkEnd", id=str(number)))


def _begin_numbers(document: Document) -> int:
    """A numbering of its own, or the second list would go on counting where the first ended."""
    lists = document.part.numbering_part.element
    style = document.styles[LISTS["ol"]].element.pPr.numPr.numId.val
    pattern = next(one for one in lists.num_lst if one.numId == style).abstractNumId.val
    begun = lists.add_num(pattern)
    begun.add_lvlOverride(ilvl=0).add_startOverride(1)
    return begun.numId


def _table(document: Document, block: HtmlElement) -> None:
    """The head is repeated on each page; a head without words is left out; no row is torn between two pages."""
    lines = [line for line in block.iter("tr") if line.text_content().strip()]
    shares = column_shares([[cell.text_content() for cell in line] for line in lines])
    widths = [Cm(TEXT_WIDTH * share) for share in shares]
    table = document.add_table(rows=0, cols=len(widths), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for line in lines:
        row = table.add_row()
        row._tr.get_or_add_trPr().append(_element("w:cantSplit"))
        for cell, found, width in zip(row.cells, line, widths, strict=True):
            cell.width = width
            is_head = found.tag == "th"
            if is_head:
                cell._tc.get_or_add_tcPr().append(_element("w:shd", val="clear", color="auto", fill="E8EDF4"))
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after, paragraph.paragraph_format.line_spacing = Pt(0), 1.0
            _inline(paragraph, found, bold=is_head or None)
            for run in paragraph.runs:
                run.font.size = Pt(TABLE_SIZE)
    _frame(table)
    if lines[0].find("th") is not None:
        table.rows[0]._tr.get_or_add_trPr().append(_element("w:tblHeader"))
        for cell in table.rows[0].cells:  # the head does not stay behind alone
            cell.paragraphs[0].paragraph_format.keep_with_next = True
    document.add_paragraph().paragraph_format.space_after = Pt(2)


def _frame(table: Table) -> None:
    """Thin grey lines, and air around the words."""
    properties = table._tbl.tblPr
    borders = _element("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        borders.append(_element(f"w:{side}", val="single", sz="4", space="0", color="98A2B3"))
    margins = _element("w:tblCellMar")
    for side, twentieths in (("top", 40), ("left", 85), ("bottom", 40), ("right", 85)):
        margins.append(_element(f"w:{side}", w=str(twentieths), type="dxa"))
    look = properties.find(qn("w:tblLook"))
    layout = properties.find(qn("w:tblLayout"))
    layout.addprevious(borders)
    look.addprevious(margins)


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


def _field(paragraph: Paragraph, code: str) -> None:
    """A number that the word processor counts itself, when it opens the file."""
    run = paragraph.add_run()
    for kind in ("begin", None, "separate", "end"):
        if kind is None:
            part = OxmlElement("w:instrText")
            part.text = code
        else:
            part = _element("w:fldChar", fldCharType=kind)
            if kind == "begin":
                part.set(qn("w:dirty"), "true")
        run._r.append(part)


def _element(tag: str, /, **values: str) -> BaseOxmlElement:
    """An element of WordprocessingML with attributes of its namespace."""
    element = OxmlElement(tag)
    for key, value in values.items():
        element.set(qn(f"w:{key}"), value)
    return element
