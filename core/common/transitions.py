"""The engine of every workflow table: which act leads from which state to which, and who may.

A room lists its rows in `transitions.py` as `Transition` objects. Buttons are drawn from
`available()`, services change state only through `apply()`, and the tests walk the table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from core.common.exceptions import DomainError

#: A guard looks at (object, person) and returns a sentence why not, or "" when all is well.
Guard = Callable[[Any, Any], str]


@dataclass(frozen=True)
class Transition:
    """One row of a workflow table.

    `name` is also the name of the service, the admin action, the activity code and the test.
    `permission` is the codename a member of staff needs; None means: nobody by role.
    `actor` names a predicate for people who act by relation (the candidate who owns the case).
    """

    name: str
    sources: frozenset[str]
    target: str
    label: str
    permission: str | None = None
    actor: Callable[[Any, Any], bool] | None = None
    guards: tuple[Guard, ...] = field(default_factory=tuple)
    tone: str = "primary"
    hint: str = ""

    def permits(self, obj: Any, by: Any) -> bool:
        """Whether this person may ever do this to this object, whatever its state."""
        if not by.is_active:
            return False
        if self.actor is not None and self.actor(obj, by):
            return True
        return self.permission is not None and by.has_perm(f"core.{self.permission}")

    def refusal(self, obj: Any, by: Any) -> str:
        """Why not now: a sentence, or "" when the act may go ahead."""
        if not self.permits(obj, by):
            return _("Anda tidak berhak melakukan tindakan ini.")
        if obj.status not in self.sources:
            return _("Tindakan “%(act)s” tidak dapat dilakukan pada status “%(status)s”.") % {
                "act": self.label,
                "status": obj.get_status_display(),
            }
        for guard in self.guards:
            if reason := guard(obj, by):
                return reason
        return ""


class Workflow:
    """A table of transitions over one status field."""

    def __init__(self, rows: Iterable[Transition]):
        self.rows = {row.name: row for row in rows}

    def __iter__(self):
        return iter(self.rows.values())

    def __getitem__(self, name: str) -> Transition:
        return self.rows[name]

    def available(self, obj: Any, by: Any) -> list[Transition]:
        """The acts that this person can do to this object now, in the order of the table."""
        return [row for row in self if not row.refusal(obj, by)]

    def apply(self, obj: Any, name: str, by: Any) -> Transition:
        """Set the new status on a row the caller has locked; raise DomainError when the table says no.

        The caller saves: it knows which other fields belong to the act.
        """
        row = self.rows[name]
        if reason := row.refusal(obj, by):
            raise DomainError(reason, code=f"{name}.refused")
        obj.status = row.target
        return row
