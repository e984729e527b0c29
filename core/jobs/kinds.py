"""What can be done in the background. Each room registers its own kinds when it is loaded."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.jobs.models import Job
    from core.jobs.progress import Progress

Run = Callable[["Job", "Progress"], None]


@dataclass(frozen=True)
class Kind:
    """`restartable`: when the process was killed, the whole of it may simply be done again."""

    code: str
    title: Any
    restartable: bool
    run: Run


_KINDS: dict[str, Kind] = {}


def job_kind(code: str, *, title: Any, restartable: bool = False) -> Callable[[Run], Run]:
    """Decorates `def run(job, progress) -> None`, which does the work of one job."""

    def register(run: Run) -> Run:
        if code in _KINDS and _KINDS[code].run is not run:
            raise ValueError(f"two kinds of jobs are called {code}")
        _KINDS[code] = Kind(code, title, restartable, run)
        return run

    return register


def kind_of(code: str) -> Kind | None:
    """None for a kind that this version of the program does not know."""
    return _KINDS.get(code)


def kind_choices() -> list[tuple[str, Any]]:
    return [(kind.code, kind.title) for kind in _KINDS.values()]
