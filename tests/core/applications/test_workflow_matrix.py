"""Every state × every act × every kind of person: what is allowed is written here, everything else is refused.

The expectation is stated by hand, apart from the workflow table that it checks.
"""

import pytest

from core.applications import services
from core.applications.enums import ApplicationStatus
from core.applications.transitions import WORKFLOW
from tests.core.workflow_matrix import check_act
from tests.factories.accounts import make_user
from tests.factories.applications import judge_all, make_application

pytestmark = pytest.mark.django_db

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
        may, target = ALLOWED.get((state, act), (set(), state))
        check_act(
            WORKFLOW, application, people, act=act, code=f"application.{act}", may=may, target=target,
            do=lambda person, act=act: act_of(act, application, person),
        )  # fmt: skip
