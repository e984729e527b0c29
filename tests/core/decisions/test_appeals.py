"""Banding: in time, once, by the candidate; another assessor looks, a plenary decides."""

from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone

from core.accounts.models import AssessorProfile
from core.activity.models import ActivityEntry
from core.applications.snapshot import content_hash
from core.assessments.enums import FormParty
from core.assessments.models import AssessmentRecord
from core.assessments.rules import may_assess
from core.assessments.services import assign_assessor
from core.common.exceptions import DomainError
from core.decisions.models import Appeal, Decision
from core.decisions.queries import (
    agenda,
    appeal_questions,
    appeals_waiting_for_assessor,
    appeals_waiting_for_decision,
    waiting_for_decision,
)
from core.decisions.rules import last_day_to_appeal, may_appeal
from core.decisions.services import Seat, confirm_plenary, file_appeal, record_plenary, reopen_plenary, withdraw_appeal
from core.documents.models import Signature
from core.documents.services import sign
from core.journey import withdraw_case
from core.messaging.models import OutboxMessage
from core.policy.models import SystemPolicy
from tests.core.decisions.conftest import held
from tests.factories.accounts import make_user
from tests.factories.assessments import make_assessor
from tests.factories.corridor import Case, make_case

pytestmark = pytest.mark.django_db
REASON = "Rekaman praktik hari kedua belum dilihat asesor."


def file(case: Case) -> Appeal:
    answers = {line.key: "ya" for line in appeal_questions()}
    return file_appeal(application=case.application, reason=REASON, answers=answers, by=case.application.candidate.user)


def assess_again(case: Case, outcome: str, by: AssessorProfile | None = None) -> Case:
    """Another assessor is chosen and signs results."""
    other = by or make_assessor()
    case.application.refresh_from_db()
    assign_assessor(application=case.application, assessor=other, by=case.clerk)
    content = f'{{"recommendation":"{outcome}","again":true}}'
    record = AssessmentRecord.objects.create(
        application=case.application,
        assessor=other,
        sequence=2,
        status="ditandatangani",
        recommendation=outcome,
        content=content,
        sha256=content_hash(content),
        signature=sign(by=other.user, role="Asesor", meaning="uji", content_sha256=content_hash(content)),
    )
    case.application.status = "assessed"
    case.application.save()
    return Case(case.application, case.clerk, other, record=record)


def test_an_appeal_sets_decision_results_and_assessor_aside():
    case = make_case("not_yet_competent")
    appeal = file(case)
    for row in (case.application, case.decision, case.record):
        row.refresh_from_db()
    assert case.application.status == "appealed"
    assert case.decision.in_force is None
    assert case.record.in_force is None
    assert not case.application.assignments.filter(in_force=True).exists()
    assert list(appeals_waiting_for_assessor()) == [appeal]
    assert Signature.objects.filter(meaning__startswith="FR.AK.04", signer=case.application.candidate.user).exists()
    assert OutboxMessage.objects.filter(template_key="appeal-filed").count() == 1
    assert appeal.deadline == last_day_to_appeal(case.decision)


def test_the_appeal_is_fr_ak_04_filled_in_and_signed():
    form = file(make_case("not_yet_competent")).form
    assert form.status == "ditandatangani"
    assert REASON in form.answers
    assert form.signatures.get(party=FormParty.CANDIDATE).signature.content_sha256 == form.sha256


def test_what_fr_ak_04_asks_besides_stays_open_and_the_appeal_stands():
    case = make_case("not_yet_competent")
    form = file_appeal(application=case.application, reason=REASON, by=case.application.candidate.user).form
    assert form.status == "diisi"
    assert REASON in form.answers
    case.application.refresh_from_db()
    assert case.application.status == "appealed"


@pytest.mark.parametrize(("days", "refused"), [(13, False), (14, False), (15, True)])
def test_the_last_day_counts_by_the_offices_clock(days, refused):
    """Decided late in the evening in Jakarta, when it still is the same day in London, and early, when it is not."""
    case = make_case("not_yet_competent")
    SystemPolicy.objects.update(appeal_days=14)
    today = timezone.localdate()
    for hour in (time(0, 30), time(23, 30)):
        decided = timezone.make_aware(datetime.combine(today - timedelta(days=days), hour))
        Decision.objects.filter(pk=case.decision.pk).update(decided_at=decided)
        assert bool(may_appeal(case.application, case.application.candidate.user)) is refused
    if refused:
        with pytest.raises(DomainError, match="Batas waktu banding berakhir"):
            file(case)
    else:
        assert file(case).status == "diajukan"


def test_only_the_candidate_appeals():
    case = make_case("not_yet_competent")
    for person in (make_user(role="asesi"), case.clerk, case.assessor.user):
        with pytest.raises(DomainError, match="tidak berhak"):
            file_appeal(application=case.application, reason=REASON, by=person)


def test_an_appeal_says_why():
    case = make_case("not_yet_competent")
    with pytest.raises(DomainError) as refusal:
        file_appeal(application=case.application, reason="Tidak setuju", by=case.application.candidate.user)
    assert refusal.value.field == "reason"
    case.application.refresh_from_db()
    assert case.application.status == "not_yet_competent"


@pytest.mark.parametrize("status", ["assessed", "competent", "appealed"])
def test_only_a_case_that_is_not_yet_competent_is_appealed(status):
    case = make_case(status)
    with pytest.raises(DomainError):
        file(case)


def test_whoever_assessed_it_does_not_assess_it_again():
    case = make_case("not_yet_competent")
    file(case)
    case.application.refresh_from_db()
    assert "asesor lain" in may_assess(case.assessor, case.application)
    with pytest.raises(DomainError, match="asesor lain"):
        assign_assessor(application=case.application, assessor=case.assessor, by=case.clerk)
    assign_assessor(application=case.application, assessor=make_assessor(), by=case.clerk)
    assert not appeals_waiting_for_assessor().exists()


@pytest.mark.parametrize(
    ("outcome", "status", "letter"), [("K", "diterima", "appeal-granted"), ("BK", "ditolak", "appeal-dismissed")]
)
def test_a_plenary_decides_the_appeal_and_that_is_the_end(clerk, second, outcome, status, letter):
    case = make_case("not_yet_competent")
    appeal = file(case)
    again = assess_again(case, outcome)
    assert list(appeals_waiting_for_decision()) == [appeal]
    assert list(waiting_for_decision()) == [case.application]
    plenary = confirm_plenary(plenary=record_plenary(plenary=held(by=clerk, cases=[again]), by=clerk), by=second)
    appeal.refresh_from_db()
    assert (appeal.status, appeal.resolution) == (status, plenary.decisions.get())
    assert OutboxMessage.objects.filter(template_key=letter).count() == 1
    assert not OutboxMessage.objects.filter(template_key__startswith="decision-").exists()
    case.application.refresh_from_db()
    if outcome == "BK":
        with pytest.raises(DomainError, match="bersifat akhir"):
            file(case)


def test_the_minutes_name_both_assessors_as_recused(clerk):
    """Whoever assessed it the first time decides nothing on the appeal either."""
    case = make_case("not_yet_competent")
    file(case)
    again = assess_again(case, "K")
    seats = [Seat(name="Ketua", role="ketua"), Seat(user=case.assessor.user.pk), Seat(user=again.assessor.user.pk)]
    row = agenda(held(by=clerk, cases=[again], seats=seats))[0]
    assert row.is_appeal
    assert len(row.recused) == 2


def test_an_appeal_does_not_change_what_the_former_plenary_says(clerk, second):
    case = make_case("assessed", outcome="BK")
    other = make_assessor()
    seats = [Seat(name="Ketua", role="ketua"), Seat(user=other.user_id), Seat(name="Anggota")]
    plenary = confirm_plenary(
        plenary=record_plenary(plenary=held(by=clerk, cases=[case], seats=seats), by=clerk), by=second
    )
    case.application.refresh_from_db()
    file(case)
    assess_again(case, "K", by=other)
    row = agenda(plenary)[0]
    assert (row.is_appeal, row.recused, row.outcome) == (False, [], "BK")


# --- taking an appeal back ----------------------------------------------------------------------------


def test_an_appeal_that_is_taken_back_gives_the_former_decision_its_force_again():
    case = make_case("not_yet_competent")
    appeal = file(case)
    again = assess_again(case, "K")
    withdraw_appeal(application=case.application, by=case.application.candidate.user)
    for row in (case.application, case.decision, case.record, again.record, appeal):
        row.refresh_from_db()
    assert (appeal.status, appeal.get_status_display()) == ("dicabut", "Dicabut asesi")
    assert appeal.resolution is None
    assert case.application.status == "not_yet_competent"
    assert (case.decision.in_force, case.record.in_force, again.record.in_force) == (True, True, None)
    assert not case.application.assignments.filter(in_force=True).exists()
    assert not waiting_for_decision().exists()
    letters = OutboxMessage.objects.values_list("template_key", flat=True)
    assert "appeal-withdrawn" in letters
    assert "appeal-dismissed" not in letters
    assert ActivityEntry.objects.filter(code="application.withdraw_appeal").count() == 1


def test_an_appeal_is_taken_back_before_anybody_was_chosen_and_not_filed_again():
    case = make_case("not_yet_competent")
    file(case)
    withdraw_appeal(application=case.application, by=case.application.candidate.user)
    case.application.refresh_from_db()
    assert case.application.status == "not_yet_competent"
    with pytest.raises(DomainError, match="sudah Anda cabut"):
        file(case)
    with pytest.raises(DomainError):
        withdraw_appeal(application=case.application, by=case.application.candidate.user)


def test_taking_an_appeal_back_takes_the_case_off_the_agenda_until_it_was_written_down(clerk, second):
    case, other = make_case("not_yet_competent"), make_case("assessed")
    file(case)
    plenary = held(by=clerk, cases=[assess_again(case, "K"), other])
    record_plenary(plenary=plenary, by=clerk)
    case.application.refresh_from_db()
    with pytest.raises(DomainError, match="menunggu pengesahan"):
        withdraw_appeal(application=case.application, by=case.application.candidate.user)
    reopen_plenary(plenary=plenary, by=second)
    withdraw_appeal(application=case.application, by=case.application.candidate.user)
    assert [row.application for row in agenda(plenary)] == [other.application]


def test_a_decided_case_does_not_vanish_while_it_is_under_appeal():
    """Else a candidate would turn a BK into a case that was never decided."""
    case = make_case("not_yet_competent")
    file(case)
    assess_again(case, "BK")
    with pytest.raises(DomainError, match="Yang dapat dicabut adalah bandingnya"):
        withdraw_case(application=case.application, by=case.application.candidate.user)
    case.application.refresh_from_db()
    assert case.application.status == "assessed"
