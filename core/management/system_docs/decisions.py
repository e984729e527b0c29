"""The decisions of the house, one line each."""

import re

from django.conf import settings

HEAD = """# Decisions

Why things are as they are. One decision, one file: the question, what was decided, what else was weighed, what it costs.
A decision that no longer holds gets a new one that says so; numbers are not used twice. This list is made by
`python manage.py system_docs`.

| | |
|---|---|
"""


def page() -> str:
    return HEAD + "".join(f"| [{path.stem[:4]}]({path.name}) | {_title(path)} |\n" for path in files())


def files() -> list:
    return sorted((settings.BASE_DIR / "server_docs" / "decisions").glob("[0-9]*.md"))


def _title(path) -> str:
    """The heading without its number, which some write "4." and some "0004:"."""
    return re.sub(r"^#\s*\d+[.:]?\s*", "", path.read_text(encoding="utf-8").splitlines()[0])
