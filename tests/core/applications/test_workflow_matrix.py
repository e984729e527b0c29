"""Every state × every act × every kind of person: what is allowed is written here, everything else is refused.

The expectation is stated by hand, apart from the workflow table that it checks.
"""

import pytest
from django.db import transaction

from core.activity.models import ActivityEntry
from core.applications import services
from core.applications.enums import ApplicationStatus
from core.applications.transitions import WORKFLOW
from core.common.exceptions import DomainError
from tests.factories.accounts import make_user
from tests.factories.applications import judge_all, make_application

pytestmark = pytest.mark.django_db

PEOPLE = ("owner", "other candidate", "clerk", "other clerk", "disabled clerk", "administrator", "asesor", "bnsp")

#: (state, act) → who may do it, and where it leads.
ALLOWED = {
    ("draft", "submit"): ({"owner"}, "submitted"),
    ("draft", "withdraw"): ({"owner"}, "withdrawn"),
    ("submitted", "take"): ({"clerk", "other clerk"}, "under_review"),
    ("submitted", "withdraw"): ({"owner"}, "withdrawn"),
    ("under_review", "take_over"): ({"other clerk"}, "under_review"),
    ("under_review", "accept"): ({"clerk"}, "accepted"),
    ("under_review", "return"): ({"clerk"}, "returned"),
    ("under_review", "reject"): ({"clerk"}, "rejected"),
    ("under_review", "withdraw"): ({"owner"}, "withdrawn"),
    ("returned", "submit"): ({"owner"}, "submitted"),
    ("returned", "withdraw"): ({"owner"}, "withdrawn"),
    ("accepted", "withdraw"): ({"owner"}, "withdrawn"),
    ("preassessed", "withdraw"): ({"owner"}, "withdrawn"),
    ("scheduled", "withdraw"): ({"owner"}, "withdrawn"),
    ("assessed", "withdraw"): ({"owner"}, "withdrawn"),
}


def act_of(name: str, application, by) -> None:
    """Call the service of an act with what it needs."""
    needs = {"reject": {"reason": "Belum memenuhi."}, "return": {"parts": {"purpose": "Pilih tujuan lain."}}}
    getattr(services, f"{name}_application")(application=application, by=by, **needs.get(name, {}))


def refusal_of(name: str, application, by) -> str:
    try:
        act_of(name, application, by)
    except DomainError as refusal:
        return refusal.message
    return ""


def world(state: str):
    """A complete case in `state` (all judged when under review), and everybody around it."""
    clerk = make_user(role="sekretariat")
    application = make_application(status="ready" if state == "draft" else state, officer=clerk)
    if state == "under_review":
        judge_all(application, by=clerk)
    people = {
        "owner": application.candidate.user,
        "clerk": clerk,
        "other candidate": make_user(role="asesi"),
        "other clerk": make_user(role="sekretariat"),
        "disabled clerk": make_user(role="sekretariat", is_active=False),
        **{role: make_user(role=role) for role in ("administrator", "asesor", "bnsp")},
    }
    return application, people


@pytest.mark.parametrize("state", ApplicationStatus.values)
def test_every_state_act_and_person(state):
    application, people = world(state)
    for act in [row.name for row in WORKFLOW]:
        _check(application, people, state, act)


def _check(application, people: dict, state: str, act: str) -> None:
    may, target = ALLOWED.get((state, act), (set(), state))
    offered, done = set(), set()

    for name in PEOPLE:
        log_before = ActivityEntry.objects.latest("pk").pk
        if act in {row.name for row in WORKFLOW.available(application, people[name])}:
            offered.add(name)
        with transaction.atomic():
            refusal = refusal_of(act, application, people[name])
            new_entries = ActivityEntry.objects.filter(pk__gt=log_before)
            if refusal:
                assert len(refusal) > 20  # a sentence, not a code
                assert not new_entries.exists()
            else:
                done.add(name)
                application.refresh_from_db()
                assert application.status == target
                assert new_entries.get(code=f"application.{act}").actor == people[name]
            transaction.set_rollback(True)  # the next person finds the case as it was
        application.refresh_from_db()
        assert application.status == state

    assert (offered, done) == (may, may), act
