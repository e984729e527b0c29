"""The documents on security promise only what a test holds: every test they name exists, every requirement has its row.

Read are server_docs/security.md and server_docs/security/*.md; the rows of OWASP ASVS 5.0.0 stand in asvs.md.
"""

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "server_docs/security.md", *sorted((ROOT / "server_docs/security").glob("*.md"))]
ASVS = ROOT / "server_docs/security/asvs.md"

#: OWASP ASVS 5.0.0 (30 May 2025): of each section the level of its requirements in order, so "5.2": "112333" says that
#: 5.2.1 and 5.2.2 are of level 1, 5.2.3 of level 2, and so on. Numbers are facts of the standard, no text of it.
LEVELS = {
    "5.1": "2", "5.2": "112333", "5.3": "113", "5.4": "222",
    "6.1": "122", "6.2": "111111112222", "6.3": "11223333", "6.4": "112233", "6.5": "22222333", "6.6": "2223", "6.7": "33",
    "6.8": "2222",
    "7.1": "222", "7.2": "1111", "7.3": "22", "7.4": "11222", "7.5": "223", "7.6": "22",
    "8.1": "1233", "8.2": "1123", "8.3": "133", "8.4": "23",
    "11.1": "2233", "11.2": "22233", "11.3": "11233", "11.4": "1222", "11.5": "23", "11.6": "23", "11.7": "33",
    "13.1": "2333", "13.2": "222223", "13.3": "2233", "13.4": "1222233",
    "16.1": "2", "16.2": "22222", "16.3": "2222", "16.4": "222", "16.5": "2223",
}  # fmt: skip
ITEMS = {
    f"{section}.{number}": level for section, levels in LEVELS.items() for number, level in enumerate(levels, start=1)
}
STATES = ("met", "partly", "open", "n/a")
REFERENCE = re.compile(
    r"`((?:tests|server_docs|core|backoffice|public_site|scripts|cron|requirements)/[\w./-]+)(?:::(\w+))?`"
)


def rows() -> dict[str, dict[str, str]]:
    """{"6.2.1": {"level", "asks", "state", "how", "held"}} as the page has them."""
    found = {}
    for line in ASVS.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if re.fullmatch(r"\d+\.\d+\.\d+", cells[0]):
            assert len(cells) == 6, line
            assert cells[0] not in found, f"{cells[0]} has two rows"
            found[cells[0]] = dict(zip(("level", "asks", "state", "how", "held"), cells[1:], strict=True))
    return found


@cache
def names_in(path: Path) -> frozenset[str]:
    return frozenset(re.findall(r"^(?:async )?def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.parametrize("document", PAGES, ids=lambda document: document.name)
def test_every_test_and_file_that_is_promised_exists(document):
    gone = []
    for name, test in REFERENCE.findall(document.read_text(encoding="utf-8")):
        path = ROOT / name
        if not path.exists() or (test and test not in names_in(path)):
            gone.append(f"{name}::{test}" if test else name)
    assert gone == []


def test_every_requirement_of_the_chapters_has_its_row_with_its_level():
    stated = {item: row["level"] for item, row in rows().items()}
    assert stated == ITEMS


def test_a_row_says_how_and_what_is_said_to_be_met_is_held_by_something():
    for item, row in rows().items():
        assert row["state"] in STATES, item
        assert row["asks"], item
        assert row["how"], f"{item}: say how it is met, or what is lacking, or why it does not apply"
        if row["state"] in ("met", "partly"):
            assert REFERENCE.search(row["held"]), f"{item}: name a test or a document"


def test_the_table_of_counts_is_the_sum_of_the_rows():
    counted = Counter((item.split(".")[0], row["state"]) for item, row in rows().items())
    told = re.findall(r"^\| V(\d+) [^|]*\|" + r" (\d+) \|" * 5 + "$", ASVS.read_text(encoding="utf-8"), re.MULTILINE)
    assert [chapter for chapter, *_numbers in told] == list(dict.fromkeys(item.split(".")[0] for item in ITEMS))
    for chapter, *numbers in told:
        wanted = [counted[chapter, state] for state in STATES]
        assert [int(number) for number in numbers] == [*wanted, sum(wanted)], f"V{chapter}"


def test_every_figure_says_when_it_was_seen_and_by_which_command():
    page = (ROOT / "server_docs/security.md").read_text(encoding="utf-8")
    figures = page.partition("## Figures")[2].partition("\n##")[0]
    assert re.match(r"\s*Seen on \d+ \w+ 20\d\d ", figures)
    rows = [line.strip("|").split("|") for line in figures.splitlines() if line.startswith("|")][2:]
    assert len(rows) > 10
    assert [what for what, command, _seen in rows if "`" not in command and command.strip() != "the same"] == []


def test_every_promise_and_every_lesson_names_its_test():
    page = (ROOT / "server_docs/security.md").read_text(encoding="utf-8")
    promises, _title, after = page.partition("## Figures")  # what was measured on a day names its command instead
    for line in (promises + after.partition("\n## ")[2]).splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and not set(line) <= set("|-: ") and cells[-1] not in ("held by", "open"):
            assert REFERENCE.search(cells[-1]) or cells[-1].startswith("open:"), line
