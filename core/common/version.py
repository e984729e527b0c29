"""Which version of the product this is: the release, as readers know it, and the state of the source that runs."""

import re
import subprocess
from functools import cache

from django.conf import settings


@cache
def version() -> str:
    """The newest that CHANGELOG.md names, such as “1.4.0”."""
    found = re.search(r"^## (\S+)", (settings.BASE_DIR / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    return found[1] if found else "?"


def program_version() -> str:
    """The state of the source that runs: what backups and reports of tests are held against. “” where nothing tells."""
    told = settings.BASE_DIR / "VERSION"
    if told.is_file():
        return told.read_text(encoding="utf-8").strip()[:40]
    try:
        found = subprocess.run(  # noqa: S603 - a fixed program
            ["git", "-C", str(settings.BASE_DIR), "describe", "--tags", "--always", "--dirty"],  # noqa: S607
            capture_output=True,
            text=True,
            timeout=10,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return found.stdout.strip()[:40] if found.returncode == 0 else ""
