"""A rapat pleno: who may do what when, and what counts once a second person has confirmed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.accounts.models import User
from core.activity.models import ActivityEntry
from core.applications.snapshot import content_hash
from core.assessments.models import AssessmentRecord
from core.common.exceptions import DomainError, StaleVersion
from core.common.lookups import count_all
from core.decisions.models import Decision
from core.decisions.queries import agenda, open_work, waiting_for_decision
from core.decisions.services import (
    Choice,
    Seat,
    add_cases,
    cancel_plenary,
    change_plenary,
    confirm_plenary,
    create_plenary,
    follow_recommendations,
    record_plenary,
    remove_case,
    reopen_plenary,
    save_decisions,
    save_members,
)
from core.documents.services import sign
from core.journey import withdraw_case
from core.messaging.models import OutboxMessage
from core.policy.models import SystemPolicy
from tests.core.decisions.conftest import held
from tests.factories.accounts import make_user
from tests.factories.assessments import make_assessor
from tests.factories.corridor import make_case

pytestmark = pytest.mark.django_db


def correct(case, outcome: str) -> AssessmentRecord:
    """The assessor signs a further record that corrects the one in force."""
    old = case.record
    AssessmentRecord.objects.filter(pk=old.pk).update(in_force=None)
    content = f'{{"recommendation":"{outcome}","sequence":2}}'
    return AssessmentRecord.objects.create(
        application=case.application,
        assessor=case.assessor,
        sequence=2,
        status="ditandatangani",
        recommendation=outcome,
        corrects=old,
        correction_reason="Salah ketik.",
        content=content,
        sha256=content_hash(content),
        signature=sign(by=case.assessor.user, role="Asesor", meaning="uji", content_sha256=content_hash(content)),
    )


def choice(case, outcome: str, note: str = "") -> Choice:
    return Choice(case.application.pk, case.record.pk, outcome, note)


# --- preparing ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["administrator", "asesor", "bnsp", "asesi"])
def test_only_the_secretariat_prepares_a_plenary(role):
    with pytest.raises(DomainError, match="tidak berhak"):
        create_plenary(title="Rapat", held_on=timezone.localdate(), by=make_user(role=role))


def test_a_plenary_needs_a_name(clerk):
    with pytest.raises(DomainError) as refusal:
        create_plenary(title="  ", held_on=timezone.localdate(), by=clerk)
    assert refusal.value.field == "title"


def test_members_have_an_account_or_a_name_and_one_chair(clerk):
    plenary = create_plenary(title="Rapat", held_on=timezone.localdate(), by=clerk)
    save_members(
        plenary=plenary, seats=[Seat(user=clerk.pk, role="ketua"), Seat(name="Pakar dari luar"), Seat()], by=clerk
    )
    assert [(m.name, m.user_id, m.role) for m in plenary.members.all()] == [
        ("Dewi Lestari", clerk.pk, "ketua"),
        ("Pakar dari luar", None, "anggota"),
    ]
    with pytest.raises(DomainError, match="satu ketua"):
        save_members(plenary=plenary, seats=[Seat(name="A", role="ketua"), Seat(name="B", role="ketua")], by=clerk)
    with pytest.raises(DomainError, match="dua kali"):
        save_members(plenary=plenary, seats=[Seat(name="Ani"), Seat(name="ani ")], by=clerk)
    for one_person in (
        [Seat(user=clerk.pk), Seat(name="dewi Lestari")],
        [Seat(name="Dewi lestari"), Seat(user=clerk.pk)],
    ):
        with pytest.raises(DomainError, match="dua kali"):
            save_members(plenary=plenary, seats=one_person, by=clerk)
    with pytest.raises(DomainError, match="tidak dikenal"):
        save_members(plenary=plenary, seats=[Seat(user=make_user(role="asesi").pk)], by=clerk)
    assert plenary.members.count() == 2


def test_who_sits_in_a_plenary_stays_though_the_account_was_closed(clerk):
    gone = make_user(role="sekretariat", full_name="Rudi Hartono")
    plenary = create_plenary(title="Rapat", held_on=timezone.localdate(), by=clerk)
    save_members(plenary=plenary, seats=[Seat(user=gone.pk, role="ketua"), Seat(name="Ani")], by=clerk)
    User.objects.filter(pk=gone.pk).update(is_active=False)

    save_members(plenary=plenary, seats=[Seat(user=gone.pk, role="ketua"), Seat(name="Budi")], by=clerk)

    assert [member.name for member in plenary.members.all()] == ["Rudi Hartono", "Budi"]
    later = create_plenary(title="Rapat", held_on=timezone.localdate(), by=clerk)
    with pytest.raises(DomainError, match="tidak dikenal"):
        save_members(plenary=later, seats=[Seat(user=gone.pk)], by=clerk)


def test_all_that_waits_can_be_put_on_an_agenda_and_lies_with_one_plenary(clerk):
    cases = [make_case("assessed"), make_case("assessed")]
    make_case("scheduled")
    assert set(waiting_for_decision()) == {case.application for case in cases}
    plenary = held(by=clerk)
    assert add_cases(plenary=plenary, applications=waiting_for_decision(), by=clerk) == 2
    assert add_cases(plenary=plenary, applications=[cases[0].application], by=clerk) == 0
    assert not waiting_for_decision().exists()
    with pytest.raises(DomainError, match="sudah ada pada agenda “Rapat pleno uji”"):
        add_cases(plenary=held(by=clerk), applications=[cases[0].application], by=clerk)
    remove_case(plenary=plenary, application=cases[0].application, by=clerk)
    assert list(waiting_for_decision()) == [cases[0].application]


def test_a_case_without_a_signed_result_has_nothing_to_decide(clerk):
    case = make_case("assessed")
    AssessmentRecord.objects.filter(pk=case.record.pk).update(status="draf", signature=None)
    with pytest.raises(DomainError, match="belum ditandatangani"):
        add_cases(plenary=held(by=clerk), applications=[case.application], by=clerk)
    with pytest.raises(DomainError, match="tidak menunggu keputusan"):
        add_cases(plenary=held(by=clerk), applications=[make_case("scheduled").application], by=clerk)


def test_another_decision_than_recommended_needs_a_note(clerk):
    case = make_case("assessed", outcome="K")
    plenary = held(by=clerk, cases=[case])
    with pytest.raises(DomainError, match="Tulis pertimbangan") as refusal:
        save_decisions(plenary=plenary, choices=[choice(case, "BK")], by=clerk)
    assert refusal.value.field == "note"
    save_decisions(plenary=plenary, choices=[choice(case, "BK", "Bukti tidak asli.")], by=clerk)
    assert plenary.decisions.get().outcome == "BK"


def test_one_click_follows_all_recommendations_that_are_still_open(clerk):
    able, not_yet, decided = (make_case("assessed", outcome=o) for o in ("K", "BK", "K"))
    plenary = held(by=clerk)
    add_cases(plenary=plenary, applications=[c.application for c in (able, not_yet, decided)], by=clerk)
    save_decisions(plenary=plenary, choices=[choice(decided, "BK", "Bukti tidak terkini.")], by=clerk)
    assert follow_recommendations(plenary=plenary, by=clerk) == 2
    assert [d.outcome for d in plenary.decisions.order_by("pk")] == ["K", "BK", "BK"]


def test_a_result_corrected_on_the_agenda_is_shown_and_decided_anew(clerk):
    case = make_case("assessed", outcome="K")
    plenary = held(by=clerk, cases=[case])
    newer = correct(case, "BK")
    row = agenda(plenary)[0]
    assert (row.is_corrected, row.recommendation, row.outcome) == (True, "BK", "")
    with pytest.raises(DomainError, match="dikoreksi"):
        record_plenary(plenary=plenary, by=clerk)
    with pytest.raises(StaleVersion):  # from a page that still showed the old result
        save_decisions(plenary=plenary, choices=[choice(case, "K")], by=clerk)
    assert follow_recommendations(plenary=plenary, by=clerk) == 1
    decision = plenary.decisions.get()
    assert (decision.record, decision.outcome) == (newer, "BK")
    record_plenary(plenary=plenary, by=clerk)


# --- recording ----------------------------------------------------------------------------------------


def test_recording_needs_cases_decisions_a_chair_and_a_quorum(clerk):
    case = make_case("assessed")
    plenary = held(by=clerk)
    with pytest.raises(DomainError, match="masih kosong"):
        record_plenary(plenary=plenary, by=clerk)
    add_cases(plenary=plenary, applications=[case.application], by=clerk)
    with pytest.raises(DomainError, match="Belum ada keputusan"):
        record_plenary(plenary=plenary, by=clerk)
    follow_recommendations(plenary=plenary, by=clerk)
    save_members(plenary=plenary, seats=[Seat(name="A"), Seat(name="B")], by=clerk)
    with pytest.raises(DomainError, match="ketua"):
        record_plenary(plenary=plenary, by=clerk)
    save_members(plenary=plenary, seats=[Seat(name="A", role="ketua"), Seat(name="B", is_present=False)], by=clerk)
    with pytest.raises(DomainError, match="sedikitnya 2 anggota"):
        record_plenary(plenary=plenary, by=clerk)
    SystemPolicy.objects.update(plenary_quorum=1)
    assert record_plenary(plenary=plenary, by=clerk).status == "tercatat"


def test_nothing_is_decided_before_the_meeting(clerk):
    plenary = held(timezone.localdate() + timedelta(days=1), by=clerk, cases=[make_case("assessed")])
    with pytest.raises(DomainError, match="baru diadakan"):
        record_plenary(plenary=plenary, by=clerk)


def test_what_is_recorded_is_frozen_until_it_is_opened_again(clerk):
    case = make_case("assessed")
    plenary = record_plenary(plenary=held(by=clerk, cases=[case]), by=clerk)
    assert content_hash(plenary.content) == plenary.sha256 == plenary.record_signature.content_sha256
    case.application.refresh_from_db()
    assert case.application.status == "assessed"  # nothing counts yet
    for act in (
        lambda: save_decisions(plenary=plenary, choices=[choice(case, "BK", "x")], by=clerk),
        lambda: remove_case(plenary=plenary, application=case.application, by=clerk),
        lambda: add_cases(plenary=plenary, applications=[], by=clerk),
        lambda: save_members(plenary=plenary, seats=[], by=clerk),
        lambda: change_plenary(plenary=plenary, title="Lain", held_on=plenary.held_on, by=clerk),
        lambda: record_plenary(plenary=plenary, by=clerk),
    ):
        with pytest.raises(DomainError, match="menunggu pengesahan"):
            act()
    reopened = reopen_plenary(plenary=plenary, by=clerk)
    assert (reopened.status, reopened.sha256, reopened.record_signature) == ("persiapan", "", None)


# --- impartiality -------------------------------------------------------------------------------------


def test_a_member_who_assessed_a_case_is_recused_from_it_by_account_and_by_name(clerk):
    case, other = make_case("assessed"), make_case("assessed")
    name = case.assessor.user.full_name
    seats = [
        Seat(name="Ketua", role="ketua"),
        Seat(user=case.assessor.user.pk),
        Seat(name=other.assessor.user.full_name),
    ]
    plenary = held(by=clerk, cases=[case, other], seats=seats)
    rows = agenda(plenary)
    assert [member.name for member in rows[0].recused] == [name]
    assert [member.name for member in rows[1].recused] == [other.assessor.user.full_name]


def test_a_case_that_all_present_members_assessed_cannot_be_decided(clerk):
    case = make_case("assessed")
    SystemPolicy.objects.update(plenary_quorum=1)
    seats = [Seat(user=case.assessor.user.pk, role="ketua"), Seat(name="Tidak hadir", is_present=False)]
    plenary = held(by=clerk, cases=[case], seats=seats)
    with pytest.raises(DomainError, match="tidak ada yang memutusnya"):
        record_plenary(plenary=plenary, by=clerk)


def test_whoever_assessed_a_case_neither_records_nor_confirms_it(clerk, second):
    """Somebody of the secretariat who used to be an assessor."""
    case = make_case("assessed")
    former = case.assessor.user
    from core.accounts.services import assign_role

    assign_role(user=former, role="sekretariat", by=None)
    plenary = held(by=clerk, cases=[case])
    with pytest.raises(DomainError, match="Anda menilai"):
        record_plenary(plenary=plenary, by=former)
    record_plenary(plenary=plenary, by=clerk)
    with pytest.raises(DomainError, match="Anda menilai"):
        confirm_plenary(plenary=plenary, by=former)
    confirm_plenary(plenary=plenary, by=second)


# --- confirming ---------------------------------------------------------------------------------------


def test_a_second_person_confirms_and_all_of_it_counts_at_once(clerk, second):
    able, not_yet = make_case("assessed", outcome="K"), make_case("assessed", outcome="BK")
    plenary = record_plenary(plenary=held(by=clerk, cases=[able, not_yet]), by=clerk)
    with pytest.raises(DomainError, match="orang kedua"):
        confirm_plenary(plenary=plenary, by=clerk)
    plenary = confirm_plenary(plenary=plenary, by=second)
    for case, status in ((able, "competent"), (not_yet, "not_yet_competent")):
        case.application.refresh_from_db()
        assert case.application.status == status
    assert plenary.status == "disahkan"
    assert "/BA-PLENO/" in plenary.number
    assert plenary.confirm_signature.content_sha256 == plenary.sha256
    assert set(plenary.decisions.values_list("decided_at", flat=True)) == {plenary.confirmed_at}
    letters = dict(
        OutboxMessage.objects.filter(template_key__startswith="decision").values_list("template_key", "body")
    )
    assert "KOMPETEN" in letters["decision-competent"]
    unit = not_yet.application.scheme_version.scheme_units.first().unit
    assert unit.code in letters["decision-not-yet-competent"]
    assert "banding sampai" in letters["decision-not-yet-competent"]
    codes = ActivityEntry.objects.filter(actor=second).values_list("code", flat=True)
    assert {"plenary.confirm", "application.declare_competent", "application.declare_not_yet_competent"} <= set(codes)
    for act in (confirm_plenary, reopen_plenary, cancel_plenary):
        with pytest.raises(DomainError):
            act(plenary=plenary, by=second)


@pytest.mark.parametrize("role", ["administrator", "asesor", "bnsp", "asesi"])
def test_only_the_secretariat_confirms(clerk, role):
    plenary = record_plenary(plenary=held(by=clerk, cases=[make_case("assessed")]), by=clerk)
    with pytest.raises(DomainError, match="tidak berhak"):
        confirm_plenary(plenary=plenary, by=make_user(role=role))


def test_a_result_corrected_after_recording_stops_the_confirmation(clerk, second):
    case, other = make_case("assessed"), make_case("assessed")
    plenary = record_plenary(plenary=held(by=clerk, cases=[case, other]), by=clerk)
    correct(case, "BK")
    with pytest.raises(DomainError, match=f"{case.application.number} dikoreksi"):
        confirm_plenary(plenary=plenary, by=second)
    other.application.refresh_from_db()
    assert other.application.status == "assessed"  # all or nothing


def test_a_candidate_who_withdraws_leaves_the_agenda_and_stops_the_confirmation(clerk, second):
    case, other = make_case("assessed"), make_case("assessed")
    plenary = record_plenary(plenary=held(by=clerk, cases=[case, other]), by=clerk)
    withdraw_case(application=case.application, by=case.application.candidate.user)
    with pytest.raises(DomainError, match="berubah sesudah dicatat"):
        confirm_plenary(plenary=plenary, by=second)
    reopen_plenary(plenary=plenary, by=second)
    record_plenary(plenary=plenary, by=clerk)
    confirm_plenary(plenary=plenary, by=second)
    other.application.refresh_from_db()
    assert other.application.status == "competent"


def test_a_cancelled_plenary_gives_its_cases_back(clerk):
    case = make_case("assessed")
    plenary = record_plenary(plenary=held(by=clerk, cases=[case]), by=clerk)
    cancel_plenary(plenary=plenary, by=clerk)
    assert list(waiting_for_decision()) == [case.application]
    again = held(by=clerk, cases=[case])
    assert again.decisions.count() == 1
    assert Decision.objects.filter(application=case.application).count() == 2


def test_numbers_of_minutes_have_no_gap(clerk, second):
    numbers = []
    for fails in (False, True, False):
        case = make_case("assessed")
        plenary = record_plenary(plenary=held(by=clerk, cases=[case]), by=clerk)
        if fails:
            correct(case, "BK")
            with pytest.raises(DomainError):
                confirm_plenary(plenary=plenary, by=second)
        else:
            numbers.append(int(confirm_plenary(plenary=plenary, by=second).number.split("/")[0]))
    assert numbers[1] == numbers[0] + 1


def test_the_agenda_asks_the_same_few_questions_however_long_it_is(clerk, django_assert_max_num_queries):
    """All cases of one scheme share their session; the units are the scheme's."""
    plenary = held(by=clerk, cases=[make_case("assessed", outcome="BK") for _i in range(5)])
    with django_assert_max_num_queries(6):
        rows = agenda(plenary)
        assert all(row.not_yet and row.record.assessor.user.full_name for row in rows)


def test_names_of_assessors_and_candidates_differ(clerk):
    """A candidate with the name of a member is another person; only the account counts there."""
    case = make_case("assessed", full_name="Ketua Komite", assessor=make_assessor())
    assert agenda(held(by=clerk, cases=[case]))[0].recused == []


def test_what_waits_is_counted_for_the_person_who_may_act_on_it(clerk, second):
    make_case("assessed")
    record_plenary(plenary=held(by=clerk, cases=[make_case("assessed")]), by=clerk)
    assert count_all(open_work(clerk)) == {"cases": 1, "to_confirm": 0, "appeals": 0}
    assert count_all(open_work(second)) == {"cases": 1, "to_confirm": 1, "appeals": 0}
