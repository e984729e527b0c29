"""`make reports`: nothing of a report is lost on its way into the file that people edit."""

import re

import docx
import pytest
from docx.enum.text import WD_COLOR_INDEX

from core.manual.pages import ManualPage, to_html
from scripts.reports_docx import BLANK, write_docx
from tests.server_docs.reading import ROOT

REPORTS = sorted((ROOT / "server_docs" / "reports").glob("*.md"))


def written(page, tmp_path):
    write_docx(page, tmp_path / "laporan.docx", subtitle="Versi 1")
    return docx.Document(tmp_path / "laporan.docx")


def page_of(text):
    return ManualPage("laporan", "Laporan", to_html(text), f"# Laporan\n{text}")


def paragraphs(document):
    yield from document.paragraphs
    for table in document.tables:
        for cell in table._cells:
            yield from cell.paragraphs


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem)
def test_every_word_of_a_report_stands_in_the_docx_and_every_blank_is_marked(path, tmp_path):
    report = ManualPage.read(path.stem, path, to_html)
    document = written(report, tmp_path)
    words = " ".join(paragraph.text for paragraph in paragraphs(document))
    assert report.title in words
    for line in report.source.splitlines():
        if line.startswith("#"):
            assert line.lstrip("# ") in words
    marked = {
        run.text
        for paragraph in paragraphs(document)
        for run in paragraph.runs
        if run.font.highlight_color == WD_COLOR_INDEX.YELLOW
    }
    assert marked == set(BLANK.findall(" ".join(report.source.split())))


def test_words_tables_and_lists_keep_their_form(tmp_path):
    document = written(
        page_of(
            "\n## Bagian\n\nSatu **tebal** dan `perintah`.\n\n- butir\n\n| a | b |\n|---|---|\n| 1 | [2](x.md) |\n"
        ),
        tmp_path,
    )
    bold = [run.text for paragraph in document.paragraphs for run in paragraph.runs if run.bold]
    assert bold == ["tebal"]
    assert [p.text for p in document.paragraphs if p.style.name == "List Bullet"] == ["butir"]
    assert [[cell.text for cell in row.cells] for row in document.tables[0].rows] == [["a", "b"], ["1", "2"]]


def test_the_contents_name_every_heading_and_lead_to_its_page(tmp_path):
    document = written(page_of("\n## Satu\n\nKata.\n\n### Satu koma lima\n\n## Dua\n\nKata.\n"), tmp_path)
    xml = document.element.xml
    links = re.findall(r'<w:hyperlink w:anchor="([^"]+)">.*?<w:t>([^<]+)</w:t>', xml, re.DOTALL)
    places = re.findall(r'<w:bookmarkStart [^>]*w:name="([^"]+)"', xml)
    assert [words for _place, words in links] == ["Satu", "Satu koma lima", "Dua"]
    assert [place for place, _words in links] == places == re.findall(r"PAGEREF (\S+)", xml)
    assert " dari " in document.sections[0].footer.paragraphs[0].text


def test_a_column_is_as_wide_as_its_words_ask_and_a_table_as_the_page(tmp_path):
    table = "\n| kegiatan | 1–2 | 3–4 |\n|---|---|---|\n| Koordinasi, kebutuhan, batas sistem | ■ | |\n"
    widths = [column.width.cm for column in written(page_of(table), tmp_path).tables[0].columns]
    assert sum(widths) == pytest.approx(17, abs=0.01)
    assert widths[0] > 2 * widths[1]


def test_the_second_numbered_list_begins_at_one(tmp_path):
    lists = "\n1. satu\n2. dua\n\nKata.\n\n1. satu\n"
    items = [p for p in written(page_of(lists), tmp_path).paragraphs if p.style.name == "List Number"]
    one, two, again = [item._p.pPr.numPr.numId.val for item in items]
    assert one == two != again


def test_what_the_writer_does_not_know_stops_it(tmp_path):
    with pytest.raises(LookupError, match="blockquote"):
        written(page_of("\n> kutipan\n"), tmp_path)
