"""Which language a page is read in, and rows whose words may stand beside the Indonesian ones in English."""

from typing import Any, ClassVar

from django.utils.translation import get_language

INDONESIAN, ENGLISH = "id", "en"


def reads_english() -> bool:
    """Whether the page that is being made is read in English."""
    return get_language() == ENGLISH


class Bilingual:
    """A mixin for models: each field named in `in_english` has a twin `<name>_en`, which may stay empty.

    A row is English as a whole or not at all: readers never find half a text. Templates write
    `{{ row|said:"title" }}`.
    """

    in_english: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def twins(cls) -> tuple[str, ...]:
        """The fields that hold the English words."""
        return tuple(f"{name}_en" for name in cls.in_english)

    @property
    def has_english(self) -> bool:
        """Whether a reader of English finds all that a reader of Indonesian finds."""
        return all(self._twin(name).strip() or not getattr(self, name).strip() for name in self.in_english)

    @property
    def language(self) -> str:
        """The language in which the row speaks on the page that is being made."""
        return ENGLISH if reads_english() and self.has_english else INDONESIAN

    def said(self, name: str) -> str:
        return self._twin(name) if self.language == ENGLISH else getattr(self, name)

    @property
    def is_half_english(self) -> bool:
        """Whether the English was begun and something is left out, so that its readers still get Indonesian."""
        return not self.has_english and any(self._twin(name).strip() for name in self.in_english)

    def _twin(self, name: str) -> str:
        twin: Any = getattr(self, f"{name}_en")
        return twin
