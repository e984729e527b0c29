"""The numbered lines of a page as steps, for the picture of the flow."""

import re
from dataclasses import dataclass

_STEP = re.compile(r"^\d+\.\s+(.+)$")
_TITLE = re.compile(r"^\*\*(.+?)\*\*(?:\s*\*([^*]+)\*)?")
_MARKS = re.compile(r"[*_`]|\[([^\]]*)\]\([^)]*\)")


@dataclass(frozen=True)
class Step:
    """`who` is what the author wrote in italics behind the bold words: who has to do it."""

    number: int
    title: str
    who: str


def steps_of(body: str) -> list[Step]:
    """In the order of the text, counted from one as Markdown counts them."""
    lines = (match[1] for line in body.splitlines() if (match := _STEP.match(line)))
    return [Step(number, *_read(line)) for number, line in enumerate(lines, start=1)]


def _read(line: str) -> tuple[str, str]:
    bold = _TITLE.match(line.strip())
    title, who = (bold[1], bold[2] or "") if bold else (line, "")
    return _plain(title), _plain(who)


def _plain(words: str) -> str:
    return _MARKS.sub(lambda match: match[1] or "", words).strip(" .,:–-")
