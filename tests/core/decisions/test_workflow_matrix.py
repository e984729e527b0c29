"""Every state × every act of decisions × every kind of person, as in tests/core/applications."""

import pytest

from core.applications.enums import ApplicationStatus
from core.decisions.transitions import WORKFLOW
from tests.factories.accounts import make_user
from tests.factories.applications import make_application
from tests.factories.corridor import make_case

pytestmark = pytest.mark.django_db

#: (state, act) → who may do it, and where it leads.
ALLOWED = {
    ("assessed", "declare_competent"): ({"clerk", "other clerk"}, "competent"),
    ("assessed", "declare_not_yet_competent"): ({"clerk", "other clerk"}, "not_yet_competent"),
    ("not_yet_competent", "appeal"): ({"owner"}, "appealed"),
    ("appealed", "withdraw_appeal"): ({"owner"}, "not_yet_competent"),
}


@pytest.mark.parametrize("state", ApplicationStatus.values)
def test_every_state_act_and_person(state):
    clerk = make_user(role="sekretariat")
    later = state not in ("draft", "submitted", "under_review", "returned", "accepted", "rejected", "withdrawn")
    application = (
        make_case(state, officer=clerk).application if later else make_application(status=state, officer=clerk)
    )
    people = {
        "owner": application.candidate.user,
        "clerk": clerk,
        "other candidate": make_user(role="asesi"),
        "other clerk": make_user(role="sekretariat"),
        "disabled clerk": make_user(role="sekretariat", is_active=False),
        **{role: make_user(role=role) for role in ("administrator", "asesor", "bnsp")},
    }
    for row in WORKFLOW:
        may, target = ALLOWED.get((state, row.name), (set(), None))
        assert {name for name, person in people.items() if not row.refusal(application, person)} == may, row.name
        assert target in (None, row.target)
