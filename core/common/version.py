"""Which version of the product this is."""

import re
from functools import cache

from django.conf import settings


@cache
def version() -> str:
    """The newest that CHANGELOG.md names, such as “1.4.0”."""
    found = re.search(r"^## (\S+)", (settings.BASE_DIR / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    return found[1] if found else "?"
