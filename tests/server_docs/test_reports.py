"""Reports to the client: what people still have to fill in is listed whole, and figures are those of the documents they name."""

import re

import pytest

from tests.server_docs.reading import ROOT, Page, pages

REPORTS = [page for page in pages() if page.path.parent == ROOT / "server_docs" / "reports"]
BLANK = re.compile(r"\[diisi: ([^\]…]+)\]")
LAST_PART = "\n## Yang masih harus diisi\n"
#: A number with its separators: 12.481, 1,3, 0.
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def rows(table: str) -> list[list[str]]:
    """The cells of each row of tables, without their heads and lines."""
    lines = [line for line in table.splitlines() if line.startswith("|")]
    return [
        [cell.strip() for cell in line.strip("|").split("|")] for line in lines if not re.match(r"\|[\s:|-]+$", line)
    ]


def digits(number: str) -> str:
    """Indonesian and English write the same number with the separators exchanged."""
    return re.sub(r"[.,]", "", number)


@pytest.mark.parametrize("name", ["laporan-awal", "laporan-pengembangan"])
def test_what_is_left_to_people_is_listed_whole_at_the_end(name):
    """The report on the training is a form as a whole: its blanks are its tables."""
    report = next(report for report in REPORTS if report.path.stem == name)
    text, _heading, last = report.prose.partition(LAST_PART)
    blanks = {" ".join(blank.split()) for blank in BLANK.findall(text)}
    listed = [row[0] for row in rows(last)][1:]
    assert blanks
    assert sorted(listed) == sorted(blanks), "each once, no more and no less"


def figures(report: Page) -> list[tuple[str, str]]:
    """(what a cell under “angka” says, document beside it) of tables whose head is apa, angka, sumber."""
    found, is_figures = [], False
    for row in rows(report.prose):
        if len(row) == 3 and row[1:] == ["angka", "sumber"]:
            is_figures = True
        elif len(row) != 3 or not (source := re.search(r"\]\(([^)#]+)\)", row[2])):
            is_figures = False
        elif is_figures:
            found.append((row[1], source[1]))
    return found


def test_every_figure_of_the_report_on_development_stands_in_the_document_it_names():
    report = next(report for report in REPORTS if report.path.stem == "laporan-pengembangan")
    assert len(figures(report)) > 15
    for told, source in figures(report):
        there = {digits(number) for number in NUMBER.findall((report.path.parent / source).read_text(encoding="utf-8"))}
        lacking = {number for number in NUMBER.findall(re.sub(r"p\d\d", "", told)) if digits(number) not in there}
        assert not lacking, f"{source} does not say {sorted(lacking)}: {told}"
