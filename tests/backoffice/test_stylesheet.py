"""The desk's own stylesheet: a brace that is missing silently turns everything after it off."""

from pathlib import Path

from django.conf import settings

SHEET = Path(settings.BASE_DIR) / "backoffice/static/backoffice/backoffice.css"


def test_every_section_of_the_stylesheet_stands_outside_of_every_condition():
    """A media query left open would show the sections after it on phones only, and no page would say so."""
    depth = 0
    for number, line in enumerate(SHEET.read_text().splitlines(), start=1):
        if line.startswith("/* ---"):
            assert depth == 0, f"line {number}: a brace before this section was never closed"
        depth += line.count("{") - line.count("}")
    assert depth == 0
