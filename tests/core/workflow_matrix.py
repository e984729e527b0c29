"""One act of a workflow tried by everybody: what is offered, what is done, and that a refusal leaves nothing behind."""

from collections.abc import Callable
from typing import Any

from django.db import models, transaction

from core.accounts.models import User
from core.activity.models import ActivityEntry
from core.common.exceptions import DomainError
from core.common.transitions import Workflow


def nothing_else(*_: Any) -> None:
    """Where the row and the log tell everything."""


def check_act(
    workflow: Workflow,
    row: models.Model,
    people: dict[str, User],
    *,
    act: str,
    code: str,
    do: Callable[[User], Any],
    may: set[str],
    target: str,
    after_it: Callable[[User], None] = nothing_else,
    after_a_refusal: Callable[[], None] = nothing_else,
) -> None:
    """Each of the people tries `do`, and the next one finds the row as it was.

    may: those who are offered the act and can do it, nobody else; it leads to `target` and leaves one entry `code`.
    """
    status = row.status
    offered, done = set(), set()
    for name, person in people.items():
        log_before = ActivityEntry.objects.latest("pk").pk
        if act in {one.name for one in workflow.available(row, person)}:
            offered.add(name)
        with transaction.atomic():
            new_entries = ActivityEntry.objects.filter(pk__gt=log_before)
            if said := _refusal(do, person):
                assert len(said) > 20  # a sentence, not a code
                assert not new_entries.exists()
                after_a_refusal()
            else:
                done.add(name)
                row.refresh_from_db()
                assert row.status == target
                assert new_entries.get(code=code).actor == person
                after_it(person)
            transaction.set_rollback(True)
        row.refresh_from_db()
        assert row.status == status
    assert (offered, done) == (may, may), act


def _refusal(do: Callable[[User], Any], person: User) -> str:
    try:
        do(person)
    except DomainError as refusal:
        return refusal.message
    return ""
