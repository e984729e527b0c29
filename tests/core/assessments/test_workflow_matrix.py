"""Every state × every act of the assessors × every kind of person, written by hand as in the rooms before."""

import pytest

from core.applications.enums import ApplicationStatus
from core.assessments import services
from core.assessments.queries import record_in_progress
from core.assessments.transitions import WORKFLOW
from core.schemes.queries import units_in_order
from tests.core.workflow_matrix import check_act
from tests.factories.accounts import make_user
from tests.factories.applications import STATES, make_application
from tests.factories.assessments import make_assessor
from tests.factories.corridor import make_case

pytestmark = pytest.mark.django_db

#: (state, act) → who may do it, and where it leads.
ALLOWED = {("scheduled", "assess"): ({"assessor"}, "assessed"), ("appealed", "assess"): ({"assessor"}, "assessed")}


def assess(application, by) -> None:
    """Sign whatever results the case has: the assessor's own draft, else what lies in it already."""
    holder = application.assignments.filter(in_force=True).first()
    draft = record_in_progress(application, holder.assessor) if holder else None
    record = draft or application.records.order_by("sequence").last()
    if record is None:
        services.open_record(application=application, by=by)
    services.sign_results(record=record, by=by)


ACTS = {"assess": assess}


def world(state: str):
    """A case in `state`; where results may be written its assessor has filled them in, ready to be signed.

    The assessor has it from a former one, who (in an appeal) signed the results of the first round.
    """
    clerk = make_user(role="sekretariat")
    former, assessor = make_assessor(), make_assessor()
    if state in STATES:
        application = make_application(status="ready" if state == "draft" else state, officer=clerk)
    else:
        application = make_case(state, officer=clerk, assessor=former).application
        application.assignments.update(in_force=None)
        application.assignments.create(assessor=assessor, assigned_by=clerk)
    if state in ("scheduled", "appealed"):
        record = services.open_record(application=application, by=assessor.user)
        units = units_in_order(application.scheme_version)
        results = {unit.pk: ("K", ["observasi"], "") for unit in units}
        services.save_results(record=record, results=results, recommendation="K", by=assessor.user)
    people = {
        "owner": application.candidate.user,
        "clerk": clerk,
        "assessor": assessor.user,
        "former assessor": former.user,
        "other candidate": make_user(role="asesi"),
        "other clerk": make_user(role="sekretariat"),
        "disabled assessor": make_user(role="asesor", is_active=False),
        "other assessor": make_assessor().user,
        **{role: make_user(role=role) for role in ("administrator", "bnsp")},
    }
    return application, people


@pytest.mark.parametrize("state", ApplicationStatus.values)
def test_every_state_act_and_person(state):
    application, people = world(state)
    for act in ACTS:
        may, target = ALLOWED.get((state, act), (set(), state))
        check_act(
            WORKFLOW, application, people, act=act, code=f"application.{act}", may=may, target=target,
            do=lambda person, act=act: ACTS[act](application, person),
        )  # fmt: skip
