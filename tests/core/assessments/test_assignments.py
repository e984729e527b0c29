"""Who assesses whom: assigning, replacing, taking back, and what an assessor may see by it."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from core.activity.models import ActivityEntry
from core.applications.queries import applications_for
from core.assessments.models import Assignment
from core.assessments.queries import assessors_with_load, assignment_in_force, own_assignments, waiting_for_assessor
from core.assessments.rules import shares_institution
from core.assessments.services import assign_assessor, assign_cases, release_assessor
from core.common.exceptions import DomainError
from core.messaging.models import OutboxMessage
from core.reports.repository import documents_for
from tests.factories.accounts import make_user
from tests.factories.applications import STATES, make_application
from tests.factories.assessments import assign, make_assessor
from tests.factories.corridor import make_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    return make_user(role="sekretariat")


@pytest.fixture
def case():
    return make_application(status="accepted")


def test_assigning_gives_the_case_to_the_assessor_and_writes_to_them(case, clerk):
    assessor = make_assessor()

    assign_assessor(application=case, assessor=assessor, by=clerk)

    assert list(applications_for(assessor.user)) == [case]
    assert [row.application for row in own_assignments(assessor.user)] == [case]
    letter = OutboxMessage.objects.get(template_key="assessor-assigned")
    assert letter.recipient == assessor.user
    assert case.number in letter.body
    assert case.candidate.user.full_name not in letter.body
    entry = ActivityEntry.objects.get(code="application.assign_assessor")
    assert (entry.actor, entry.subject_id) == (clerk, str(case.pk))


def test_an_assessor_sees_the_papers_of_assigned_cases_only(case):
    mine, theirs = make_assessor(), make_assessor()
    assign(case, mine)
    paper = case.requirement_evidence.first().documents.first()

    assert paper in documents_for(mine.user)
    assert paper not in documents_for(theirs.user)
    assert not applications_for(theirs.user).exists()


def test_the_same_choice_twice_is_one_assignment_and_one_letter(case, clerk):
    assessor = make_assessor()

    first = assign_assessor(application=case, assessor=assessor, by=clerk)
    second = assign_assessor(application=case, assessor=assessor, by=clerk)

    assert first == second
    assert Assignment.objects.count() == 1
    assert OutboxMessage.objects.filter(template_key="assessor-assigned").count() == 1


def test_many_cases_given_in_one_act_are_one_letter_that_names_them(clerk):
    cases = [make_application(status="accepted") for _number in range(3)]
    assessor, other = make_assessor(), make_assessor()
    assign(cases[1], other)

    refused = assign_cases(applications=[*cases, cases[0]], assessor=assessor, by=clerk)

    assert refused == {cases[1].pk: "Sudah mempunyai asesor; gantilah dari halaman permohonannya."}
    assert {assignment_in_force(case).assessor for case in (cases[0], cases[2])} == {assessor}
    assert assignment_in_force(cases[1]).assessor == other
    letter = OutboxMessage.objects.get(recipient=assessor.user)
    assert letter.template_key == "assessor-assigned-many"
    assert [case.number in letter.body for case in cases] == [True, False, True]
    assert f"{settings.SITE_URL}/admin/core/application/\n" in letter.body
    assert cases[0].candidate.user.full_name not in letter.body


def test_a_single_case_among_many_is_told_as_one(clerk):
    case, assessor = make_application(status="accepted"), make_assessor()

    assert assign_cases(applications=[case], assessor=assessor, by=clerk) == {}
    assert list(assign_cases(applications=[case], assessor=assessor, by=clerk)) == [case.pk]  # pressed twice

    letter = OutboxMessage.objects.get(recipient=assessor.user)
    assert (letter.template_key, case.number in letter.subject) == ("assessor-assigned", True)


def test_where_nobody_may_be_assigned_no_letter_is_written(clerk):
    cases = [make_application(status="submitted"), make_application(status="accepted")]
    ended = make_assessor(expires=timezone.localdate() - timedelta(days=1))

    refused = assign_cases(applications=cases, assessor=ended, by=clerk)

    assert set(refused) == {case.pk for case in cases}
    assert not Assignment.objects.exists()
    assert not OutboxMessage.objects.filter(recipient=ended.user).exists()


def test_a_new_assessor_relieves_the_former_one_with_a_reason(case, clerk):
    former, successor = make_assessor(), make_assessor()
    assign(case, former)

    with pytest.raises(DomainError) as refusal:
        assign_assessor(application=case, assessor=successor, by=clerk)
    assert refusal.value.code == "release_assessor.reason"
    assert assignment_in_force(case).assessor == former

    assign_assessor(application=case, assessor=successor, reason="Berhalangan sakit", by=clerk)

    assert assignment_in_force(case).assessor == successor
    assert not applications_for(former.user).exists()
    ended = former.assignments.get()
    assert (ended.in_force, ended.end_reason) == (None, "Berhalangan sakit")
    assert "Berhalangan sakit" in OutboxMessage.objects.get(template_key="assessor-released").body


def test_a_case_taken_back_waits_for_an_assessor_again(case, clerk):
    assessor = make_assessor()
    assign(case, assessor)
    assert case not in waiting_for_assessor(applications_for(clerk))

    release_assessor(application=case, reason="Menyatakan konflik kepentingan", by=clerk)

    assert case in waiting_for_assessor(applications_for(clerk))
    with pytest.raises(DomainError) as refusal:
        release_assessor(application=case, reason="Lagi", by=clerk)
    assert refusal.value.code == "release_assessor.none"


def test_a_case_can_go_back_to_an_assessor_who_had_it_before(case, clerk):
    first, second = make_assessor(), make_assessor()
    assign(case, first)
    assign_assessor(application=case, assessor=second, reason="Cuti", by=clerk)

    assign_assessor(application=case, assessor=first, reason="Kembali", by=clerk)

    assert assignment_in_force(case).assessor == first
    assert Assignment.objects.count() == 3


@pytest.mark.parametrize("status", [status for status in STATES if status not in ("accepted", "draft", "ready")])
def test_only_accepted_cases_get_an_assessor(clerk, status):
    with pytest.raises(DomainError) as refusal:
        assign_assessor(application=make_application(status=status), assessor=make_assessor(), by=clerk)

    assert refusal.value.code == "assign_assessor.refused"
    assert not Assignment.objects.exists()


@pytest.mark.parametrize("role", ["administrator", "asesor", "bnsp", "asesi"])
def test_only_the_secretariat_assigns(case, role):
    with pytest.raises(DomainError):
        assign_assessor(application=case, assessor=make_assessor(), by=make_user(role=role))
    assert not Assignment.objects.exists()


def test_an_expired_certificate_is_refused_until_it_is_renewed(case, clerk):
    yesterday = timezone.localdate() - timedelta(days=1)
    assessor = make_assessor(expires=yesterday)

    with pytest.raises(DomainError) as refusal:
        assign_assessor(application=case, assessor=assessor, by=clerk)
    assert (refusal.value.code, refusal.value.field) == ("assign_assessor.unfit", "assessor")

    assessor.certificate_expires_on = timezone.localdate()  # its last day still counts
    assessor.save()
    assign_assessor(application=case, assessor=assessor, by=clerk)


def test_nobody_assesses_themselves_and_no_closed_account_assesses(case, clerk):
    own = make_assessor()
    case.candidate.user = own.user  # somebody who is candidate and assessor at once
    case.candidate.save()
    closed = make_assessor()
    closed.user.is_active = False
    closed.user.save()

    for unfit in (own, closed):
        with pytest.raises(DomainError) as refusal:
            assign_assessor(application=case, assessor=unfit, by=clerk)
        assert refusal.value.code == "assign_assessor.unfit"


def test_a_shared_institution_is_a_warning(case):
    case.candidate.institution = "BPBD Kota Padang"

    assert shares_institution(make_assessor(institution="bpbd kota padang "), case)
    assert not shares_institution(make_assessor(institution="BPBD Garut"), case)
    assert not shares_institution(make_assessor(), case)


def test_the_least_burdened_assessor_comes_first(case):
    busy, idle = make_assessor(full_name="A Sibuk"), make_assessor(full_name="B Luang")
    assign(case, busy)

    assert [(row.user.full_name, row.load) for row in assessors_with_load()] == [("B Luang", 0), ("A Sibuk", 1)]
    assert idle in assessors_with_load()


def test_a_case_that_was_decided_is_no_burden_any_more():
    decided = make_case("certified")
    make_case("scheduled", assessor=decided.assessor)
    assert assessors_with_load().get(pk=decided.assessor.pk).load == 1
