"""The wording of letters as the program ships it, read from the reference data."""

import json
from functools import cache

from django.conf import settings


def shipped_wording(key: str) -> dict[str, str] | None:
    """{subject, body} of one template; None for one that is not shipped."""
    return _shipped().get(key)


@cache
def _shipped() -> dict[str, dict[str, str]]:
    found = {}
    for path in sorted((settings.BASE_DIR / "fixtures" / "reference").glob("*_message_templates.json")):
        for row in json.loads(path.read_text(encoding="utf-8"))["templates"]:
            found[row["key"]] = {"subject": row["subject"], "body": row["body"]}
    return found
