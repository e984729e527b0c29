"""Every state × every act of the assessors × every kind of person, written by hand as in the rooms before."""

import pytest
from django.db import transaction

from core.activity.models import ActivityEntry
from core.applications.enums import ApplicationStatus
from core.assessments import services
from core.assessments.queries import record_in_progress
from core.assessments.transitions import WORKFLOW
from core.common.exceptions import DomainError
from core.schemes.queries import units_in_order
from tests.factories.accounts import make_user
from tests.factories.applications import STATES, make_application
from tests.factories.assessments import make_assessor
from tests.factories.corridor import make_case

pytestmark = pytest.mark.django_db

PEOPLE = (
    "owner", "other candidate", "clerk", "other clerk", "disabled assessor", "administrator", "assessor",
    "former assessor", "other assessor", "bnsp",
)  # fmt: skip

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


def refusal_of(act: str, application, by) -> str:
    try:
        ACTS[act](application, by)
    except DomainError as refusal:
        return refusal.message
    return ""


@pytest.mark.parametrize("state", ApplicationStatus.values)
def test_every_state_act_and_person(state):
    application, people = world(state)
    for act in ACTS:
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
