"""What a long check or writing tells on its way, whoever listens."""

from typing import Protocol


class Progress(Protocol):
    def begin(self, total: int, what: str = "") -> None: ...

    def step(self, n: int = 1) -> None:
        """May raise what ends the work: then nothing of it stays."""
