"""The registry itself."""

import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.assessments.methods.evidence import Evidence
from core.common.exceptions import DomainError

#: As long as the column that names it.
_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_MAX_KEY = 40


@dataclass(frozen=True)
class Method:
    """One way of assessing.

    `evidence` is the column of FR.AK.02 in which it is ticked. An automatic method is written by a
    machine and by nobody else, so that a signed record tells whose judgement is whose.
    """

    key: str
    title: Any
    evidence: Evidence
    is_automatic: bool = False


_methods: dict[str, Method] = {}


def register(method: Method) -> Method:
    """Make a method known, at start-up. Naming two methods alike is a mistake of the program."""
    if len(method.key) > _MAX_KEY or not _KEY.fullmatch(method.key):
        raise ValueError(f"{method.key!r}: small letters, digits and hyphens, at most {_MAX_KEY}")
    if _methods.setdefault(method.key, method) != method:
        raise ValueError(f"{method.key!r} is taken by another assessment method")
    return method


def find_method(key: str) -> Method:
    """The method behind a key; a key that nobody registered is refused."""
    if method := _methods.get(key):
        return method
    raise DomainError(
        _("Metode asesmen “%(key)s” tidak dikenal. Muat ulang halaman, lalu pilih lagi.") % {"key": key},
        code="method.unknown",
        field="method",
    )


def all_methods() -> list[Method]:
    return list(_methods.values())


def manual_methods() -> list[Method]:
    """Those that an assessor may tick, in the order of FR.AK.02."""
    return [method for method in _methods.values() if not method.is_automatic]
