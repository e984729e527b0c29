"""What was read about a case that is loaded: a page that asks twenty small questions of it reads its rows once.

Kept with the instance. Services are safe from it: they lock, which reads the case anew
(`applications.services.lock`).
"""

from collections.abc import Callable
from typing import Any

from core.accounts.models import AssessorProfile
from core.applications.models import Application
from core.assessments.models import AssessmentSession


def _facts(application: Application) -> dict[str, Any]:
    return application.__dict__.setdefault("_known", {})


def once(application: Application, name: str, read: Callable[[Application], Any]) -> Any:
    """Read at the first question."""
    facts = _facts(application)
    if name not in facts:
        facts[name] = read(application)
    return facts[name]


def know(application: Application, *, seat: AssessmentSession | None, holder: AssessorProfile | None) -> None:
    """Whoever has read them, for one case or for many at once, says so here."""
    _facts(application).update(seat=seat, holder=holder)


def holder_is_known(application: Application) -> bool:
    return "holder" in _facts(application)


def known_holder(application: Application) -> AssessorProfile | None:
    return _facts(application)["holder"]
