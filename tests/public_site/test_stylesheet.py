"""The portal's look: contrasts counted from the token sheet, no colour beside it, every component on the style page."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from public_site.tokens import PAIRS, SHEET, colors, contrast, tokens

FOLDER = Path(settings.BASE_DIR) / "public_site"
TEMPLATES = FOLDER / "templates/public_site"
#: Drawn by tags and scripts under names that are put together.
COMPOSED = ("is-", "icon--")
#: Parts of the frame, which the style page wears itself; those that show nothing of their own.
FRAME = {
    "account",
    "logo",
    "nav_links",
    "messages",
    "head_links",
    "language_switch",
    "help_link",
    "indonesian_only",
    "field_error",
    "guard",
}


def rules() -> str:
    return re.sub(r"/\*.*?\*/", "", SHEET.read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize(("words", "ground", "least"), PAIRS)
def test_words_and_signs_stand_out_from_their_ground(look, words, ground, least):
    sheet = tokens()[look]
    assert contrast(sheet[words], sheet[ground]) >= least


def test_contrast_is_counted_as_wcag_counts_it():
    assert contrast("#000", "#fff") == pytest.approx(21)
    assert contrast("#777", "#fff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#0b2c55", "#0b2c55") == 1


def test_every_colour_of_the_sheet_is_held_against_another():
    decoration = {"line", "accent", "ring"}  # lines between rows, the orange marks, the inner of two focus rings
    held = {name for pair in PAIRS for name in pair[:2]}
    assert set(colors()) - held - decoration == set()


def test_colours_stand_in_the_sheet_only():
    """Elsewhere a rule names a token, so that dark and light change together; paper is black on white."""
    screen = rules().split("@media print")[0]
    beginning = screen.index("*, ::before")
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?![^{]*\{)", screen[beginning:]) == []


def test_every_token_is_used_and_every_used_one_is_there():
    text = rules()
    defined, used = set(re.findall(r"(?<![\w-])--([\w-]+):", text)), set(re.findall(r"var\(--([\w-]+)", text))
    assert used - defined == set()
    assert defined - used == set()


def test_no_rule_is_left_of_something_that_is_gone():
    sources = [path for kind in ("html", "js", "py") for path in FOLDER.rglob(f"*.{kind}")]
    words = set(re.findall(r"[\w-]+", " ".join(path.read_text(encoding="utf-8") for path in sources)))
    selectors = re.sub(r"\{[^{}]*\}", " ", rules())
    classes = set(re.findall(r"\.([a-z][\w-]*)", selectors))
    assert {name for name in classes - words if not name.startswith(COMPOSED)} == set()


def test_every_component_is_on_the_style_page():
    """What is drawn in one place only is no component, and what is one is looked at here in all its states."""
    page = (TEMPLATES / "style_page.html").read_text(encoding="utf-8")
    tags = {"field": "{% field ", "error_summary": "{% error_summary "}
    missing = [
        path.stem
        for path in sorted((TEMPLATES / "components").glob("*.html"))
        if path.stem not in FRAME
        and f"components/{path.stem}.html" not in page
        and tags.get(path.stem, "\0") not in page
    ]
    assert missing == []


def test_every_section_of_the_stylesheet_stands_outside_of_every_condition():
    depth = 0
    for number, line in enumerate(SHEET.read_text(encoding="utf-8").splitlines(), start=1):
        if re.match(r"/\* \d+ ──", line):
            assert depth == 0, f"line {number}: a brace before this section was never closed"
        depth += line.count("{") - line.count("}")
    assert depth == 0


@pytest.mark.parametrize("wish", ["prefers-reduced-motion: reduce", "forced-colors: active", "print"])
def test_what_people_ask_of_their_screen_is_heard(wish):
    assert f"@media ({wish})" in rules() or f"@media {wish}" in rules()
