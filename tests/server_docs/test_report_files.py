"""`make reports`: nothing of a report is lost on its way into the file that people edit."""

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


def test_what_the_writer_does_not_know_stops_it(tmp_path):
    with pytest.raises(LookupError, match="blockquote"):
        written(page_of("\n> kutipan\n"), tmp_path)
