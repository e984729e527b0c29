"""Refusals that are fit for a person to read."""


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
