"""Planning sessions, giving seats, taking them back, and what happens when two clerks are at it at once."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from core.activity.models import ActivityEntry
from core.applications.enums import ApplicationStatus
from core.applications.models import Application
from core.assessments import services
from core.assessments.enums import SessionStatus
from core.assessments.models import AssessmentSession, AssessorQualification, Assignment, Placement
from core.assessments.queries import (
    assignment_in_force,
    seats_in,
    sessions_for,
    sessions_in,
    waiting_for_schedule,
    with_seats_taken,
)
from core.assessments.transitions import WORKFLOW
from core.common.exceptions import DomainError
from core.messaging.models import OutboxMessage
from core.schemes.queries import current_version
from tests.core.helpers import at_once, refused
from tests.factories.accounts import make_user
from tests.factories.assessments import make_assessor
from tests.factories.corridor import make_case, make_session, make_venue

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    return make_user(role="sekretariat")


@pytest.fixture
def scheme():
    return current_version("distribusi-bantuan").scheme


def qualified(scheme, **fields):
    """An assessor against whom nothing speaks."""
    assessor = make_assessor(**fields)
    AssessorQualification.objects.create(assessor=assessor, scheme=scheme)
    return assessor


@pytest.fixture
def fit(scheme):
    return qualified(scheme)


def plan(scheme, **fields):
    start = timezone.now() + timedelta(days=7)
    values = {
        "scheme": scheme, "mode": "luring", "meeting_url": "", "note": "",
        "starts_at": start, "ends_at": start + timedelta(hours=8), "quota": 10,
    }  # fmt: skip
    if "venue" not in fields:
        values["venue"] = make_venue()
    return values | fields


def status_of(case) -> str:
    return Application.objects.get(pk=case.application.pk).status


# --- planning -------------------------------------------------------------------------------------------


def test_a_session_gets_its_number_and_stands_in_the_log(scheme, clerk):
    session = services.create_session(**plan(scheme), by=clerk)

    assert session.number == f"JDW-{timezone.localdate().year}-0001"
    assert session.status == SessionStatus.PLANNED
    assert ActivityEntry.objects.get(code="session.create").subject_id == str(session.pk)


@pytest.mark.parametrize("role", ["administrator", "asesor", "bnsp", "asesi"])
def test_only_the_secretariat_plans(scheme, role):
    with refused("session.refused"):
        services.create_session(**plan(scheme), by=make_user(role=role))
    with refused("session.refused"):
        services.change_session(session=make_session(scheme=scheme), quota=5, by=make_user(role=role))


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        (lambda now: {"starts_at": now - timedelta(minutes=1)}, "session.past", "starts_at"),
        (lambda now: {"ends_at": now}, "session.times", "ends_at"),
        (lambda now: {"ends_at": now + timedelta(days=365)}, "session.length", "ends_at"),  # the year after, by a slip
        (
            lambda now: {"starts_at": now + timedelta(days=800), "ends_at": now + timedelta(days=801)},
            "session.far",
            "starts_at",
        ),
        (lambda now: {"venue": None}, "session.venue", "venue"),
        (lambda now: {"mode": "jarak-jauh"}, "session.venue", "venue"),
        (lambda now: {"venue": make_venue(is_active=False)}, "session.venue", "venue"),
        (lambda now: {"venue": make_venue(capacity=9)}, "session.venue", "quota"),
        (lambda now: {"quota": 0}, "session.quota", "quota"),
    ],
)
def test_a_plan_that_cannot_work_is_refused_beside_its_field(scheme, clerk, fields, code, field):
    with refused(code, field=field), transaction.atomic():
        services.create_session(**plan(scheme, **fields(timezone.now())), by=clerk)
    assert not AssessmentSession.objects.exists()


def test_a_change_counts_up_the_calendar_entry_and_an_unchanged_form_does_not(scheme, clerk):
    session = services.create_session(**plan(scheme), by=clerk)

    services.change_session(session=session, quota=session.quota, note=session.note, by=clerk)
    session.refresh_from_db()
    assert session.sequence == 0

    services.change_session(session=session, quota=12, by=clerk)
    session.refresh_from_db()
    assert (session.sequence, session.quota) == (1, 12)
    assert ActivityEntry.objects.get(code="session.change").data == {"fields": ["quota"]}


def test_a_session_that_takes_longer_is_extended_while_it_runs(scheme, clerk):
    now = timezone.now()
    session = make_session(scheme=scheme, starts_at=now - timedelta(hours=2), ends_at=now + timedelta(hours=1))

    services.change_session(session=session, ends_at=now + timedelta(hours=3), by=clerk)

    session.refresh_from_db()
    assert session.ends_at == now + timedelta(hours=3)
    with refused("session.past", field="ends_at"):
        services.change_session(session=session, ends_at=now - timedelta(minutes=1), by=clerk)
    with refused("session.past", field="starts_at"):
        services.change_session(session=session, starts_at=now - timedelta(hours=1), by=clerk)


@pytest.mark.parametrize("status", [SessionStatus.CLOSED, SessionStatus.CANCELLED])
def test_what_is_closed_or_cancelled_stays_as_it_was(scheme, clerk, fit, status):
    session = make_session(scheme=scheme, status=status)
    case = make_case("preassessed", assessor=fit).application

    with refused("session.closed"):
        services.change_session(session=session, quota=5, by=clerk)
    with refused("session.closed"):
        services.place_applications(session=session, applications=[case], by=clerk)


def test_the_quota_never_falls_below_the_seats_taken(scheme, clerk, fit):
    session = make_session(scheme=scheme)
    cases = [make_case("preassessed", assessor=fit).application for _number in range(2)]
    services.place_applications(session=session, applications=cases, by=clerk)

    with refused("change_session.quota", field="quota"):
        services.change_session(session=session, quota=1, by=clerk)
    services.change_session(session=session, quota=2, by=clerk)


def test_a_session_does_not_move_to_where_its_assessor_is_elsewhere(scheme, clerk, fit):
    session, other = make_session(scheme=scheme), make_session(
        scheme=scheme, starts_at=timezone.now() + timedelta(days=9)
    )  # fmt: skip
    services.place_applications(
        session=session, applications=[make_case("preassessed", assessor=fit).application], by=clerk
    )
    services.place_applications(
        session=other, applications=[make_case("preassessed", assessor=fit).application], by=clerk
    )

    with refused("change_session.conflict", field="starts_at") as refusal:
        services.change_session(session=session, starts_at=other.starts_at, ends_at=other.ends_at, by=clerk)
    assert other.number in refusal.value.message


def test_the_scheme_stays_while_somebody_has_a_seat(scheme, clerk, fit):
    session = make_session(scheme=scheme)
    services.place_applications(
        session=session, applications=[make_case("preassessed", assessor=fit).application], by=clerk
    )

    with refused("change_session.scheme", field="scheme"):
        services.change_session(
            session=session, scheme=current_version("pelayanan-pertolongan-pertama").scheme, by=clerk
        )


# --- seats ----------------------------------------------------------------------------------------------


def test_cases_are_placed_together_or_not_at_all(scheme, clerk, fit):
    session = make_session(scheme=scheme)
    cases = [make_case("preassessed", assessor=fit) for _number in range(2)]
    late = make_case("preassessed", assessor=qualified(scheme, expires=timezone.localdate()))

    with refused("schedule.conflict") as refusal, transaction.atomic():
        services.place_applications(
            session=session, applications=[case.application for case in [*cases, late]], by=clerk
        )
    assert late.application.number in refusal.value.message
    assert cases[0].application.number not in refusal.value.message
    assert {status_of(case) for case in cases} == {"preassessed"}

    seats = services.place_applications(session=session, applications=[case.application for case in cases], by=clerk)

    assert {status_of(case) for case in cases} == {"scheduled"}
    assert [seat.application for seat in seats_in(session)] == [seat.application for seat in seats]
    assert {entry.data["session"] for entry in ActivityEntry.objects.filter(code="application.schedule")} == {
        session.number
    }
    assert not waiting_for_schedule(scheme).exclude(pk=late.application.pk).exists()


def test_a_warning_is_accepted_knowingly(scheme, clerk):
    session = make_session(scheme=scheme)
    case = make_case("preassessed")  # nothing is recorded of its assessor

    with refused("schedule.warned", field="accept") as refusal, transaction.atomic():
        services.place_applications(session=session, applications=[case.application], by=clerk)
    assert "belum dicatat" in refusal.value.message

    services.place_applications(session=session, applications=[case.application], accept_warnings=True, by=clerk)
    assert status_of(case) == "scheduled"


def test_a_seat_in_what_has_begun_is_given_knowingly(scheme, clerk, fit):
    session = make_session(scheme=scheme, starts_at=timezone.now() - timedelta(hours=1))
    case = make_case("preassessed", assessor=fit).application

    with refused("schedule.warned", field="accept") as refusal, transaction.atomic():
        services.place_applications(session=session, applications=[case], by=clerk)

    assert "sudah dimulai" in refusal.value.message
    services.place_applications(session=session, applications=[case], accept_warnings=True, by=clerk)


def test_more_cases_than_seats_are_refused(scheme, clerk, fit):
    session = make_session(scheme=scheme, quota=1)
    cases = [make_case("preassessed", assessor=fit).application for _number in range(2)]

    with refused("schedule.quota"), transaction.atomic():
        services.place_applications(session=session, applications=cases, by=clerk)
    services.place_applications(session=session, applications=cases[:1], by=clerk)
    with refused("schedule.quota"):
        services.place_applications(session=session, applications=cases[1:], by=clerk)


def test_nothing_ticked_is_said(scheme, clerk):
    with refused("schedule.none"):
        services.place_applications(session=make_session(scheme=scheme), applications=[], by=clerk)
    with refused("schedule.none"):
        services.move_applications(session=make_session(scheme=scheme), applications=[], by=clerk)


def test_a_case_is_taken_out_with_a_reason_and_waits_again(scheme, clerk, fit):
    session = make_session(scheme=scheme)
    case = make_case("preassessed", assessor=fit)
    services.place_applications(session=session, applications=[case.application], by=clerk)

    with refused("unschedule.reason", field="reason"), transaction.atomic():
        services.unplace_application(application=case.application, reason=" ", by=clerk)
    seat = services.unplace_application(application=case.application, reason="Berhalangan sakit", by=clerk)

    assert (seat.in_force, seat.end_reason) == (None, "Berhalangan sakit")
    assert status_of(case) == "preassessed"
    assert case.application in waiting_for_schedule(scheme)
    services.place_applications(session=session, applications=[case.application], by=clerk)  # and may come back


def test_a_case_moves_to_another_session_in_one_act(scheme, clerk, fit):
    """At the same time too: who moves is not in two places."""
    here = make_session(scheme=scheme)
    there = make_session(scheme=scheme, starts_at=here.starts_at)
    case = make_case("preassessed", assessor=fit)
    services.place_applications(session=here, applications=[case.application], by=clerk)

    services.move_applications(session=there, applications=[case.application], by=clerk)

    assert [seat.application for seat in seats_in(there)] == [case.application]
    assert not seats_in(here).exists()
    assert there.number in Placement.objects.get(session=here).end_reason
    with refused("move.same"):
        services.move_applications(session=there, applications=[case.application], by=clerk)


def test_a_move_that_is_refused_leaves_the_case_where_it_was(scheme, clerk, fit):
    here, full = (
        make_session(scheme=scheme),
        make_session(scheme=scheme, quota=1, starts_at=timezone.now() + timedelta(days=5)),
    )
    case, other = (make_case("preassessed", assessor=fit) for _number in range(2))
    services.place_applications(session=here, applications=[case.application], by=clerk)
    services.place_applications(session=full, applications=[other.application], by=clerk)

    with refused("schedule.quota"):
        services.move_applications(session=full, applications=[case.application], by=clerk)

    assert [seat.application for seat in seats_in(here)] == [case.application]
    assert status_of(case) == "scheduled"


def test_a_withdrawn_case_frees_its_seat(scheme, clerk, fit):
    from core.journey import withdraw_case

    session = make_session(scheme=scheme, quota=1)
    case = make_case("preassessed", assessor=fit)
    services.place_applications(session=session, applications=[case.application], by=clerk)

    withdraw_case(application=case.application, by=case.application.candidate.user)

    assert with_seats_taken(sessions_for(clerk)).get().taken == 0


# --- every state, act and person ------------------------------------------------------------------------

ACTS = {("preassessed", "schedule"): "scheduled", ("scheduled", "unschedule"): "preassessed"}


def refusal_of(act, application, session, by) -> str:
    try:
        if act == "schedule":
            services.place_applications(session=session, applications=[application], accept_warnings=True, by=by)
        else:
            services.unplace_application(application=application, reason="Berhalangan", by=by)
    except DomainError:
        return "refused"
    return ""


@pytest.mark.parametrize("act", ["schedule", "unschedule"])
@pytest.mark.parametrize("state", ApplicationStatus.values)
def test_every_state_and_person(state, act):
    from tests.factories.applications import STATES, make_application
    from tests.factories.corridor import Case

    case = Case(make_application(status=state), make_user(), None) if state in STATES else make_case(state)
    application = case.application
    session = make_session(scheme=application.scheme_version.scheme)
    people = {role: make_user(role=role) for role in ("sekretariat", "administrator", "asesor", "bnsp", "asesi")}
    people |= {"owner": application.candidate.user, "closed": make_user(role="sekretariat", is_active=False)}
    if case.assessor:
        people["own assessor"] = case.assessor.user
    target = ACTS.get((state, act))

    for name, person in people.items():
        may = name == "sekretariat" and target is not None
        assert (act in {row.name for row in WORKFLOW.available(application, person)}) is may
        with transaction.atomic():
            assert refusal_of(act, application, session, person) == ("" if may else "refused")
            if may:
                assert status_of(case) == target
                assert ActivityEntry.objects.filter(code=f"application.{act}").latest("pk").actor == person
            transaction.set_rollback(True)
        application.refresh_from_db()
        assert application.status == state


# --- two at once ----------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_clerks_at_once_never_exceed_the_quota():
    scheme = current_version("distribusi-bantuan").scheme
    session = make_session(scheme=scheme, quota=3)
    # Each with an assessor of their own: nothing but the session makes the two clerks wait for each other.
    cases = [make_case("preassessed", assessor=qualified(scheme)).application for _number in range(4)]
    clerks = [make_user(role="sekretariat") for _number in range(2)]

    answers = at_once(
        lambda: services.place_applications(session=session, applications=cases[:2], by=clerks[0]),
        lambda: services.place_applications(session=session, applications=cases[2:], by=clerks[1]),
    )

    assert sorted(getattr(answer, "code", "placed") for answer in answers) == ["placed", "schedule.quota"]
    assert Placement.objects.filter(session=session, in_force=True).count() == 2
    assert Application.objects.filter(status="scheduled").count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_sessions_at_the_same_time_do_not_get_the_same_assessor():
    scheme = current_version("distribusi-bantuan").scheme
    start = timezone.now() + timedelta(days=2)
    sessions = [make_session(scheme=scheme, starts_at=start) for _number in range(2)]
    fit = qualified(scheme)
    cases = [make_case("preassessed", assessor=fit).application for _number in range(2)]
    clerk = make_user(role="sekretariat")

    answers = at_once(
        lambda: services.place_applications(session=sessions[0], applications=cases[:1], by=clerk),
        lambda: services.place_applications(session=sessions[1], applications=cases[1:], by=clerk),
    )

    assert sorted(getattr(answer, "code", "placed") for answer in answers) == ["placed", "schedule.conflict"]


@pytest.mark.django_db(transaction=True)
def test_the_same_case_dragged_twice_has_one_seat():
    scheme = current_version("distribusi-bantuan").scheme
    session = make_session(scheme=scheme)
    case = make_case("preassessed", assessor=qualified(scheme)).application
    clerk = make_user(role="sekretariat")

    answers = at_once(*[lambda: services.place_applications(session=session, applications=[case], by=clerk)] * 2)

    assert sorted(getattr(answer, "code", "placed") for answer in answers) == ["placed", "schedule.refused"]
    assert Placement.objects.count() == 1


# --- the assessor of a session --------------------------------------------------------------------------


def test_an_assessor_who_cannot_come_is_replaced_in_one_act(scheme, clerk, fit):
    session, elsewhere = make_session(scheme=scheme), make_session(
        scheme=scheme, starts_at=timezone.now() + timedelta(days=9)
    )  # fmt: skip
    successor, third = qualified(scheme), qualified(scheme)
    gone = [make_case("preassessed", assessor=fit).application for _number in range(2)]
    stays = make_case("preassessed", assessor=third).application
    later = make_case("preassessed", assessor=fit).application
    services.place_applications(session=session, applications=[*gone, stays], by=clerk)
    services.place_applications(session=elsewhere, applications=[later], by=clerk)

    with refused("release_assessor.reason", field="reason"), transaction.atomic():
        services.replace_assessor_in_session(session=session, old=fit, new=successor, reason="", by=clerk)
    services.replace_assessor_in_session(session=session, old=fit, new=successor, reason="Sakit", by=clerk)

    assert {assignment_in_force(case).assessor for case in gone} == {successor}
    assert assignment_in_force(stays).assessor == third
    assert assignment_in_force(later).assessor == fit  # only this session
    assert {case.status for case in Application.objects.filter(pk__in=[case.pk for case in gone])} == {"scheduled"}
    letter = OutboxMessage.objects.get(template_key="session-assessor-assigned")
    assert letter.recipient == successor.user
    assert all(case.number in letter.body for case in gone)
    assert "Sakit" in OutboxMessage.objects.get(template_key="session-assessor-released").body
    assert not OutboxMessage.objects.filter(template_key="assessor-assigned").exists()


def test_a_successor_who_is_not_fit_takes_over_nothing(scheme, clerk, fit):
    session = make_session(scheme=scheme)
    services.place_applications(
        session=session, applications=[make_case("preassessed", assessor=fit).application], by=clerk
    )
    busy = qualified(scheme)
    at_same_time = make_session(scheme=scheme, starts_at=session.starts_at)
    services.place_applications(
        session=at_same_time, applications=[make_case("preassessed", assessor=busy).application], by=clerk
    )
    unfit = {
        "assign_assessor.busy": busy,
        "assign_assessor.unfit": qualified(scheme, expires=timezone.localdate()),  # until today, and it is tomorrow
        "replace_assessor.same": fit,
    }

    for code, new in unfit.items():
        with refused(code, field="assessor"), transaction.atomic():
            services.replace_assessor_in_session(session=session, old=fit, new=new, reason="Sakit", by=clerk)
    with refused("replace_assessor.none"):
        services.replace_assessor_in_session(session=session, old=busy, new=fit, reason="Sakit", by=clerk)


def test_one_case_of_a_session_gets_another_assessor(scheme, clerk, fit):
    session = make_session(scheme=scheme)
    cases = [make_case("preassessed", assessor=fit).application for _number in range(2)]
    services.place_applications(session=session, applications=cases, by=clerk)
    successor = qualified(scheme)

    services.assign_assessor(application=cases[0], assessor=successor, reason="Satu unit kerja", by=clerk)

    assert [assignment_in_force(case).assessor for case in cases] == [successor, fit]


def test_an_appealed_case_goes_to_somebody_who_has_not_judged_it(clerk):
    case = make_case("appealed")
    Assignment.objects.filter(application=case.application).update(in_force=None)

    with refused("assign_assessor.unfit", field="assessor") as refusal, transaction.atomic():
        services.assign_assessor(application=case.application, assessor=case.assessor, by=clerk)
    assert "pernah menilai" in refusal.value.message
    services.assign_assessor(application=case.application, assessor=make_assessor(), by=clerk)


@pytest.mark.parametrize("status", ["preassessed", "scheduled"])
def test_an_assessor_is_taken_back_from_later_states(clerk, status):
    case = make_case(status)

    services.release_assessor(application=case.application, reason="Konflik kepentingan", by=clerk)

    assert assignment_in_force(case.application) is None


@pytest.mark.parametrize("status", ["assessed", "competent", "certified"])
def test_nobody_is_assigned_once_results_are_signed(clerk, status):
    with refused("assign_assessor.refused"):
        services.assign_assessor(application=make_case(status).application, assessor=make_assessor(), by=clerk)


# --- reads ----------------------------------------------------------------------------------------------


def test_the_longest_waiting_case_comes_first(scheme):
    first, second = (make_case("preassessed").application for _number in range(2))
    second.closed_at = first.closed_at - timedelta(days=1)
    second.save()
    elsewhere = make_case("preassessed", scheme=current_version("pelayanan-pertolongan-pertama")).application

    assert list(waiting_for_schedule(scheme)) == [second, first]
    assert elsewhere in waiting_for_schedule()


def test_the_sessions_of_a_month_by_the_clock_of_jakarta(scheme, time_machine):
    time_machine.move_to("2026-11-20T03:00:00+00:00")
    from datetime import UTC, date, datetime

    before = make_session(scheme=scheme, starts_at=datetime(2026, 11, 30, 16, 59, tzinfo=UTC))
    inside = make_session(scheme=scheme, starts_at=datetime(2026, 11, 30, 17, 0, tzinfo=UTC))  # 1 December, 00.00
    after = make_session(scheme=scheme, starts_at=datetime(2026, 12, 31, 17, 0, tzinfo=UTC))

    assert list(sessions_in(date(2026, 12, 15))) == [inside]
    assert list(sessions_in(date(2026, 11, 1))) == [before]
    assert list(sessions_in(date(2027, 1, 31))) == [after]


def test_assessors_see_the_sessions_of_their_own_cases(scheme, clerk, fit):
    mine, other = make_session(scheme=scheme), make_session(scheme=scheme)
    services.place_applications(
        session=mine, applications=[make_case("preassessed", assessor=fit).application], by=clerk
    )

    assert list(sessions_for(fit.user)) == [mine]
    for role in ("administrator", "bnsp", "sekretariat"):
        assert set(sessions_for(make_user(role=role))) == {mine, other}
    assert not sessions_for(make_user(role="asesi")).exists()
