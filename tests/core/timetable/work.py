"""What the jobs of the tests do."""

from core.common.exceptions import DomainError

done: list[str] = []


def well() -> str:
    done.append("well")
    return "3 surat terkirim"


def refused() -> str:
    raise DomainError("Tempat cadangan tidak menjawab.")


def broken() -> str:
    raise ZeroDivisionError("Budi Santoso, 3171234567890001")
