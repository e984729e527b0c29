"""Every picture of the manual shows a screen that is there. `make manual` takes them all anew (RETAKE=1)."""

import os

import pytest

from core.manual.pages import PICTURES as FOLDER
from tests.manual.picture import keep, take
from tests.manual.recipes import PICTURES


@pytest.mark.parametrize("role", PICTURES)
def test_every_picture_of_a_manual_can_be_taken(demo_site, browser, role):
    """The others are taken, too, when one fails: all that is gone is told at once."""
    only, is_kept = os.environ.get("ONLY", ""), bool(os.environ.get("RETAKE"))
    gone: list[str] = []
    for picture in PICTURES[role]:
        if not picture.name.startswith(only):
            continue
        try:
            taken = take(picture, demo_site, browser, is_kept=is_kept)
        except Exception as error:
            gone.append(f"{picture.name}: {str(error).splitlines()[0][:200]}")
            continue
        if taken is not None and keep(picture, taken):
            print(f"{picture.name}: baru")
    assert gone == [], f"pictures in {FOLDER}"
