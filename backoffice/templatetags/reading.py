"""What is shown of a text depends on who reads it."""

from typing import Any

from django import template

from core.applications.privacy import written_words

register = template.Library()


@register.filter
def read_by(words: str, viewer: Any) -> str:
    """A note or reason that somebody wrote freely: `{{ row.note|read_by:request.user }}`."""
    return written_words(words, viewer=viewer) if words else ""
