"""Tables in print: columns hold their words."""

from datetime import date

import pypdfium2

from core.manual.pages import ManualPage, to_html
from core.manual.pdf import pages_pdf

LONG = "tests/backoffice/test_certification_recap.py"


def printed(table):
    """The last page of a document that holds this table: its words with their places."""
    page = ManualPage("uji", "Uji", to_html(table), f"# Uji\n{table}")
    document = pypdfium2.PdfDocument(pages_pdf("Uji", "Ringkasan", [page], version="1", day=date(2026, 11, 27)).content)
    return document[len(document) - 1].get_textpage()


def box(text_page, words):
    """(left, bottom, right, top) of the first place where the words stand, in points from the lower left corner."""
    index, count = text_page.search(words).get_next()
    edges = [text_page.get_charbox(place) for place in range(index, index + count)]
    return min(e[0] for e in edges), min(e[1] for e in edges), max(e[2] for e in edges), max(e[3] for e in edges)


def test_a_long_word_does_not_run_into_the_next_column():
    page = printed(f"\n| nomor | berkas | di sebelahnya |\n|---|---|---|\n| 1 | `{LONG}` | sesudahnya |\n")
    assert box(page, LONG)[2] < box(page, "sesudahnya")[0]
    assert box(page, "sesudahnya")[2] < 595 - 56  # the right margin of A4
