"""The picture that messengers show: the committed one is the one that the script draws."""

import pytest
from django.conf import settings
from PIL import Image, ImageChops

from public_site.sharing import LOCALES, PICTURE_SIZE
from scripts.sharing_picture import draw

FOLDER = settings.BASE_DIR / "public_site/static/public_site/img"
#: A messenger fetches it over the same poor link.
MAX_BYTES = 40_000


@pytest.mark.parametrize("language", LOCALES)
def test_the_committed_picture_is_the_drawn_one(language):
    path = FOLDER / f"sharing-{language}.png"
    with Image.open(path) as committed:
        assert committed.size == PICTURE_SIZE
        difference = ImageChops.difference(committed.convert("RGB"), draw(language).convert("RGB"))
    assert difference.getbbox() is None, "jalankan: python scripts/sharing_picture.py"
    assert path.stat().st_size < MAX_BYTES
