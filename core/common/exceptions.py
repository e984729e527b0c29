"""Refusals that are fit for a person to read."""

from django.http import Http404


class DomainError(Exception):
    """A rule said no.

    `message` is a whole sentence in Bahasa Indonesia that says what is wrong and how to go on; both
    faces show it as it is. `code` is stable and meant for tests and logs; `field` names the form
    field beside which the sentence belongs, if there is one.
    """

    def __init__(self, message: str, *, code: str = "refused", field: str | None = None):
        super().__init__(message)
        self.message = str(message)
        self.code = code
        self.field = field


class StaleVersion(DomainError):
    """Somebody (often the same person in another tab) saved the row after it was read."""


class NoLongerYours(Http404):
    """What somebody had on their screen is theirs no more; the page of the error says `sentence`."""

    def __init__(self, sentence: str):
        super().__init__(sentence)
        self.sentence = sentence
