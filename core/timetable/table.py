"""The timetable as the settings say it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings

from core.timetable.expressions import Expression, parse


@dataclass(frozen=True)
class Entry:
    """One job: when it is due, how long it may take, and the function that does it and says in words what it did."""

    name: str
    expression: Expression
    limit: timedelta
    title: Any
    sentence: Any
    function: str


def timetable() -> dict[str, Entry]:
    """{name: entry}, in the order of the settings."""
    return {
        name: Entry(name, parse(expression), timedelta(seconds=limit), title, sentence, function)
        for name, expression, limit, title, sentence, function in settings.TIMETABLE
    }


def entry_of(name: str) -> Entry | None:
    """None for a job that this version of the program does not know."""
    return timetable().get(name)
