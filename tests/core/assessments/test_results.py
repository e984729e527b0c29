"""Results per unit: kept as a draft, signed once, corrected only by a further signed record."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from core.activity.models import ActivityEntry
from core.assessments import services
from core.assessments.methods import Evidence, Method, register, registry
from core.assessments.models import AssessmentRecord, AssessmentResult
from core.assessments.queries import record_in_force, results_by_unit
from core.assessments.rules import derived_recommendation, has_assessed, unit_outcome
from core.common.exceptions import DomainError, StaleVersion
from core.decisions.enums import PlenaryStatus
from core.decisions.models import Decision, Plenary
from core.schemes.models import CompetencyUnit
from core.schemes.queries import units_in_order
from tests.core.helpers import at_once
from tests.factories.accounts import make_user
from tests.factories.assessments import make_assessor
from tests.factories.corridor import make_case, make_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def quiz(monkeypatch):
    monkeypatch.setattr(registry, "_methods", dict(registry._methods))
    return register(Method("kuis-daring", "Kuis daring", Evidence.WRITTEN, is_automatic=True)).key


def judge_all(case, outcome="K", methods=("observasi",), **more):
    """The draft of the case's assessor with all units judged alike."""
    by = case.assessor.user
    record = services.open_record(application=case.application, by=by)
    units = units_in_order(case.application.scheme_version)
    values = {"recommendation": outcome} | more
    return services.save_results(
        record=record, results={unit.pk: (outcome, list(methods), "") for unit in units}, by=by, **values
    )


def sign(case, record, **more):
    return services.sign_results(record=record, by=case.assessor.user, **more)


def refused(act, **arguments) -> DomainError:
    with pytest.raises(DomainError) as refusal:
        act(**arguments)
    assert len(refusal.value.message) > 20
    return refusal.value


def replace_assessor(case):
    """The secretariat gives the case to somebody else on the day."""
    successor = make_assessor()
    services.assign_assessor(application=case.application, assessor=successor, reason="Sakit", by=case.clerk)
    return successor


def write_down(case, status=PlenaryStatus.RECORDED):
    """A plenary with this case on its agenda."""
    is_recorded = status != PlenaryStatus.PREPARING
    plenary = Plenary.objects.create(
        title="Pleno November",
        held_on=timezone.localdate(),
        status=status,
        opened_by=case.clerk,
        recorded_by=case.clerk if is_recorded else None,
        recorded_at=timezone.now() if is_recorded else None,
    )
    Decision.objects.create(plenary=plenary, application=case.application, record=case.record, outcome="K")


# --- rules ------------------------------------------------------------------------------------------


def result(outcome, by=1):
    return AssessmentResult(outcome=outcome, recorded_by_id=by)


@pytest.mark.parametrize(
    ("results", "outcome"),
    [
        ([], ""),
        ([result("K"), result("K")], "K"),
        ([result("K"), result("BK")], "BK"),
        ([result("")], ""),
        ([result("K", by=None)], "K"),
        ([result("K", by=None), result("BK", by=None)], "BK"),
        ([result("BK", by=None), result("K")], "K"),  # the assessor's judgement goes before the machine's
        ([result("K", by=None), result("BK")], "BK"),
        ([result("K", by=None), result("")], "K"),  # a method chosen is no judgement yet
    ],
)
def test_the_outcome_of_a_unit(results, outcome):
    assert unit_outcome(results) == outcome


@pytest.mark.parametrize(
    ("outcomes", "recommendation"), [([], ""), (["K", ""], ""), (["K", "K"], "K"), (["K", "BK"], "BK"), (["BK"], "BK")]
)
def test_the_recommendation_follows_from_the_units(outcomes, recommendation):
    assert derived_recommendation(outcomes) == recommendation


# --- drafts -----------------------------------------------------------------------------------------


def test_opening_twice_leads_to_one_draft():
    case = make_case("scheduled")
    first, second = (services.open_record(application=case.application, by=case.assessor.user) for _press in range(2))
    assert first == second
    assert (first.sequence, first.in_force, first.status) == (1, True, "draf")


def test_only_the_assessor_who_holds_the_case_opens_it():
    case = make_case("scheduled")
    for person in (case.clerk, make_assessor().user, case.application.candidate.user):
        assert refused(services.open_record, application=case.application, by=person).code == "results.not_holder"


@pytest.mark.parametrize("status", ["preassessed", "not_yet_competent", "certified"])
def test_results_wait_for_a_seat_in_a_session(status):
    case = make_case(status)
    assert refused(services.open_record, application=case.application, by=case.assessor.user).code == "results.closed"


def test_a_draft_may_be_incomplete_and_keeps_all_that_was_said():
    case = make_case("scheduled")
    by = case.assessor.user
    first, second, *_rest = units_in_order(case.application.scheme_version)
    record = services.open_record(application=case.application, by=by)

    services.save_results(
        record=record,
        results={first.pk: ("BK", ["lisan", "portofolio"], "Belum lancar"), second.pk: ("", ["lisan"], "Besok")},
        recommendation="BK",
        note="Diulang",
        follow_up="Pelatihan",
        by=by,
    )

    record.refresh_from_db()
    found = results_by_unit(record)
    assert [(r.method, r.outcome, r.note) for r in found[first.pk]] == [
        ("lisan", "BK", "Belum lancar"),
        ("portofolio", "BK", "Belum lancar"),
    ]
    assert [(r.method, r.outcome, r.note) for r in found[second.pk]] == [("lisan", "", "Besok")]
    assert (record.recommendation, record.note, record.follow_up) == ("BK", "Diulang", "Pelatihan")

    services.save_results(record=record, results={first.pk: ("K", ["observasi"], "")}, by=by)

    found = results_by_unit(record)
    assert [(r.method, r.outcome, r.note) for r in found[first.pk]] == [("observasi", "K", "")]
    assert found[second.pk][0].note == "Besok"  # what was not named stays


def test_what_is_said_again_in_the_same_words_keeps_its_time():
    case = make_case("scheduled")
    first, second, *_rest = units_in_order(case.application.scheme_version)
    before = {r.unit_id: (r.pk, r.recorded_at) for r in judge_all(case).results.all()}
    record = judge_all(case)
    services.save_results(
        record=record,
        results={first.pk: ("K", ["observasi"], ""), second.pk: ("BK", ["observasi"], "")},
        by=case.assessor.user,
    )
    after = {r.unit_id: (r.pk, r.recorded_at) for r in record.results.all()}
    assert after[first.pk] == before[first.pk]
    assert after[second.pk][0] == before[second.pk][0]
    assert after[second.pk][1] > before[second.pk][1]


def test_a_second_tab_is_noticed():
    case = make_case("scheduled")
    record = judge_all(case, edit=0)
    assert record.edit == 1
    with pytest.raises(StaleVersion):
        judge_all(case, outcome="BK", edit=0)
    assert set(record.results.values_list("outcome", flat=True)) == {"K"}


@pytest.mark.parametrize(
    ("judgement", "code"),
    [
        (("K", [], ""), "results.no_method"),
        (("X", ["lisan"], ""), "results.unknown"),
        (("K", ["ramalan"], ""), "method.unknown"),
        (("K", ["kuis-daring"], ""), "results.unknown"),
        (("K", ["lisan"], "x" * 501), "text.too_long"),
    ],
)
def test_what_no_screen_would_send_is_refused_and_nothing_is_kept(quiz, judgement, code):
    case = make_case("scheduled")
    by = case.assessor.user
    first, second, *_rest = units_in_order(case.application.scheme_version)
    record = services.open_record(application=case.application, by=by)
    results = {first.pk: ("K", ["lisan"], ""), second.pk: judgement}
    assert refused(services.save_results, record=record, results=results, by=by).code == code
    assert not record.results.exists()


def test_a_unit_of_another_scheme_is_refused():
    case = make_case("scheduled")
    ours = case.application.scheme_version.units.values("pk")
    strange = CompetencyUnit.objects.exclude(pk__in=ours).first()
    record = services.open_record(application=case.application, by=case.assessor.user)
    arguments = {"record": record, "results": {strange.pk: ("K", ["lisan"], "")}, "by": case.assessor.user}
    assert refused(services.save_results, **arguments).code == "results.unknown_unit"


# --- one result by one method ---------------------------------------------------------------------------


def test_a_machine_writes_by_its_method_before_the_assessor_begins(quiz):
    case = make_case("scheduled")
    unit = case.application.scheme_version.units.first()

    for score in (40, 80):  # the candidate tried twice
        services.record_result(
            application=case.application, unit=unit, method=quiz, outcome="K" if score > 70 else "BK", score=score
        )

    record = services.open_record(application=case.application, by=case.assessor.user)
    found = record.results.get()
    assert (found.outcome, found.score, found.recorded_by) == ("K", Decimal(80), None)
    assert (record.edit, record.assessor) == (0, case.assessor)  # no page grows stale by it


def test_saving_a_page_leaves_what_machines_wrote(quiz):
    case = make_case("scheduled")
    unit = case.application.scheme_version.units.first()
    services.record_result(application=case.application, unit=unit, method=quiz, outcome="BK", score=10)
    record = judge_all(case)
    assert set(record.results.filter(unit=unit).values_list("method", "outcome")) == {(quiz, "BK"), ("observasi", "K")}
    assert sign(case, record).status == "ditandatangani"  # the assessor's K goes before the machine's BK


def test_people_and_machines_do_not_write_for_each_other(quiz):
    case = make_case("scheduled")
    unit = case.application.scheme_version.units.first()
    common = {"application": case.application, "unit": unit, "outcome": "K"}
    wrong = "results.wrong_writer"
    assert refused(services.record_result, method=quiz, by=case.assessor.user, **common).code == wrong
    assert refused(services.record_result, method="observasi", by=None, **common).code == wrong
    assert refused(services.record_result, method="lisan", by=case.clerk, **common).code == "results.not_holder"
    assert not AssessmentResult.objects.exists()


def test_a_person_writes_a_single_result_and_open_pages_hear_of_it():
    case = make_case("scheduled")
    unit = case.application.scheme_version.units.first()
    found = services.record_result(
        application=case.application, unit=unit, method="lisan", outcome="K", score="87.5", by=case.assessor.user
    )
    assert (found.score, found.recorded_by) == (Decimal("87.50"), case.assessor.user)
    assert AssessmentRecord.objects.get().edit == 1


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"score": -1}, "results.score"),
        ({"score": Decimal("NaN")}, "results.score"),
        ({"outcome": ""}, "results.outcome"),
    ],
)
def test_a_result_that_is_none_is_refused(quiz, more, code):
    case = make_case("scheduled")
    values = {"application": case.application, "method": quiz, "outcome": "K"} | more
    values["unit"] = case.application.scheme_version.units.first()
    assert refused(services.record_result, **values).code == code


def test_a_case_without_an_assessor_takes_no_results(quiz):
    case = make_case("scheduled")
    services.release_assessor(application=case.application, reason="Sakit", by=case.clerk)
    unit = case.application.scheme_version.units.first()
    arguments = {"application": case.application, "unit": unit, "method": quiz, "outcome": "K"}
    assert refused(services.record_result, **arguments).code == "results.no_assessor"


# --- signing ----------------------------------------------------------------------------------------


def test_signing_freezes_what_was_judged_and_hands_the_case_on():
    case = make_case("scheduled")
    record = sign(case, judge_all(case, methods=("observasi", "lisan"), follow_up="Pelatihan lanjutan"))

    case.application.refresh_from_db()
    record.refresh_from_db()
    assert case.application.status == "assessed"
    assert record_in_force(case.application) == record
    assert has_assessed(case.application, case.assessor.user_id)
    content = json.loads(record.content)
    assert content["number"] == case.application.number
    assert content["assessor"]["registration_number"] == case.assessor.registration_number
    assert content["session"]["number"] == case.session.number
    assert [unit["outcome"] for unit in content["units"]] == ["K"] * case.application.scheme_version.units.count()
    assert content["units"][0]["results"][1] == {
        "method": "lisan",
        "title": "Lisan",
        "evidence": "lisan",
        "outcome": "K",
        "score": "",
        "note": "",
        "by": case.assessor.user.full_name,
    }
    assert (content["recommendation"], content["follow_up"]) == ("K", "Pelatihan lanjutan")
    assert record.signature.content_sha256 == record.sha256
    entry = ActivityEntry.objects.latest("pk")
    assert (entry.code, entry.actor, entry.data["recommendation"]) == ("application.assess", case.assessor.user, "K")


def test_a_unit_without_an_outcome_is_named():
    case = make_case("scheduled")
    first, second, *_rest = units_in_order(case.application.scheme_version)
    record = judge_all(case)
    services.save_results(
        record=record, results={first.pk: ("", [], ""), second.pk: ("", ["lisan"], "")}, by=case.assessor.user
    )
    refusal = refused(services.sign_results, record=record, by=case.assessor.user)
    assert refusal.message == f"Belum dinilai: {first.code}, {second.code}."


@pytest.mark.parametrize(
    ("outcome", "recommendation", "note", "code"),
    [
        ("K", "", "", "sign_results.no_recommendation"),
        ("K", "BK", "", "sign_results.unexplained"),
        ("BK", "K", "Tetap layak", "sign_results.disagrees"),
        ("K", "BK", "Sikap kerja belum sesuai", ""),
        ("BK", "BK", "", ""),
        ("K", "K", "", ""),
    ],
)
def test_the_recommendation_agrees_or_says_why_not(outcome, recommendation, note, code):
    case = make_case("scheduled")
    record = judge_all(case, outcome, recommendation=recommendation, note=note)
    if code:
        assert refused(services.sign_results, record=record, by=case.assessor.user).code == code
        case.application.refresh_from_db()
        assert case.application.status == "scheduled"
    else:
        assert sign(case, record).recommendation == recommendation


def test_what_changed_since_the_last_look_is_not_signed():
    case = make_case("scheduled")
    record = judge_all(case)
    shown = services.results.fingerprint(services.results.record_content(record))
    judge_all(case, "BK")
    with pytest.raises(StaleVersion):
        sign(case, record, shown=shown)


def test_a_clock_that_is_set_wrong_signs_nothing():
    case = make_case("scheduled")
    case.session.starts_at = timezone.now() + timedelta(days=2)
    case.session.save()
    refusal = refused(services.sign_results, record=judge_all(case), by=case.assessor.user)
    assert refusal.code == "assess.refused"
    assert case.session.number in refusal.message
    assert "jam server sekarang" in refusal.message


def test_who_did_not_come_is_not_assessed():
    case = make_case("scheduled")
    record = judge_all(case)
    case.application.placements.update(attendance="tidak-hadir")
    assert "tercatat tidak hadir" in refused(services.sign_results, record=record, by=case.assessor.user).message
    case.application.placements.update(attendance="hadir")
    assert sign(case, record).status == "ditandatangani"


def test_a_second_press_signs_nothing_more():
    case = make_case("scheduled")
    record = sign(case, judge_all(case))
    assert refused(services.sign_results, record=record, by=case.assessor.user).code == "results.signed"
    assert ActivityEntry.objects.filter(code="application.assess").count() == 1


# --- after signing ------------------------------------------------------------------------------------


def test_signed_results_are_not_changed_and_the_refusal_says_how_to_correct(quiz):
    case = make_case("scheduled")
    record = sign(case, judge_all(case))
    unit = case.application.scheme_version.units.first()
    by = case.assessor.user
    case.application.refresh_from_db()
    for refusal in (
        refused(services.save_results, record=record, results={unit.pk: ("BK", ["lisan"], "")}, by=by),
        refused(services.record_result, application=case.application, unit=unit, method="lisan", outcome="BK", by=by),
        refused(services.record_result, application=case.application, unit=unit, method=quiz, outcome="BK"),
        refused(services.open_record, application=case.application, by=by),
    ):
        assert "tekan “Koreksi hasil”" in refusal.message
    assert set(record.results.values_list("outcome", flat=True)) == {"K"}


def test_a_correction_is_a_further_record_and_takes_force_when_it_is_signed():
    case = make_case("assessed")
    by = case.assessor.user
    unit = case.application.scheme_version.units.first()

    draft = services.correct_results(application=case.application, reason="Salah tekan", by=by)
    again = services.correct_results(application=case.application, reason="Salah tekan", by=by)

    assert draft == again
    assert (draft.sequence, draft.corrects, draft.recommendation, draft.in_force) == (2, case.record, "K", None)
    assert draft.results.count() == case.record.results.count()
    assert record_in_force(case.application) == case.record  # meanwhile the signed one counts

    services.save_results(
        record=draft, results={unit.pk: ("BK", ["observasi"], "")}, recommendation="BK", note="Keliru", by=by
    )
    services.sign_results(record=draft, by=by)

    case.record.refresh_from_db()
    case.application.refresh_from_db()
    draft.refresh_from_db()
    assert record_in_force(case.application) == draft
    assert case.application.status == "assessed"
    assert set(case.record.results.values_list("outcome", flat=True)) == {"K"}  # the former stays as it was
    content = json.loads(draft.content)
    assert (content["corrects"], content["correction_reason"]) == (case.record.sha256, "Salah tekan")
    codes = ActivityEntry.objects.filter(code__startswith="application.").values_list("code", flat=True)
    assert list(codes.order_by("-pk")[:3]) == [
        "application.assess",
        "application.save_results",
        "application.correct_results",
    ]

    third = services.correct_results(application=case.application, reason="Sekali lagi", by=by)
    assert (third.sequence, third.corrects) == (3, draft)


def test_a_correction_needs_its_reason():
    case = make_case("assessed")
    refusal = refused(services.correct_results, application=case.application, reason="  ", by=case.assessor.user)
    assert (refusal.code, refusal.field) == ("correct_results.reason", "reason")


def test_only_the_assessor_corrects_and_only_while_the_decision_waits():
    case = make_case("assessed")
    for person in (case.clerk, make_assessor().user, make_user(role="administrator")):
        assert (
            "Hanya asesor"
            in refused(services.correct_results, application=case.application, reason="Keliru", by=person).message
        )
    for status in ("scheduled", "competent", "not_yet_competent", "appealed"):
        other = make_case(status)
        assert (
            "menunggu keputusan"
            in refused(
                services.correct_results, application=other.application, reason="Keliru", by=other.assessor.user
            ).message
        )


def test_once_a_plenary_wrote_its_decision_down_nothing_is_corrected():
    case = make_case("assessed")
    by = case.assessor.user
    draft = services.correct_results(application=case.application, reason="Salah tekan", by=by)
    write_down(case, PlenaryStatus.PREPARING)  # on an agenda: still open
    services.save_results(record=draft, results={}, recommendation="K", by=by)
    Plenary.objects.update(status=PlenaryStatus.RECORDED, recorded_by=case.clerk, recorded_at=timezone.now())

    for refusal in (
        refused(services.correct_results, application=case.application, reason="Salah tekan", by=by),
        refused(services.sign_results, record=draft, by=by),
        refused(services.save_results, record=draft, results={}, by=by),
    ):
        assert "Pleno November" in refusal.message
    assert record_in_force(case.application) == case.record


# --- another assessor -------------------------------------------------------------------------------------


def test_an_assessor_who_is_replaced_on_the_day_leaves_a_draft_that_ends(quiz):
    case = make_case("scheduled")
    unit = case.application.scheme_version.units.first()
    services.record_result(application=case.application, unit=unit, method=quiz, outcome="K", score=90)
    draft = judge_all(case, "BK")
    successor = replace_assessor(case)

    own = services.open_record(application=case.application, by=successor.user)

    draft.refresh_from_db()
    assert (draft.in_force, draft.status) == (None, "draf")
    assert (own.in_force, own.assessor, own.sequence) == (True, successor, 2)
    assert [(r.method, r.score) for r in own.results.all()] == [(quiz, Decimal(90))]  # facts go along, judgements not
    assert refused(services.sign_results, record=draft, by=case.assessor.user).code == "results.not_holder"
    assert refused(services.sign_results, record=draft, by=successor.user).code == "results.ended"

    services.assign_assessor(application=case.application, assessor=case.assessor, reason="Pulih", by=case.clerk)
    resumed = services.open_record(application=case.application, by=case.assessor.user)

    own.refresh_from_db()
    assert (resumed, resumed.in_force, own.in_force) == (draft, True, None)  # what was written is not lost
    assert sign(case, resumed).recommendation == "BK"


def test_an_appeal_is_judged_by_another_assessor_without_a_session():
    case = make_case("appealed")
    assert "asesor lain" in refused(services.sign_results, record=judge_all(case), by=case.assessor.user).message
    case.application.placements.all().delete()
    case.assessor = replace_assessor(case)
    draft = judge_all(case)
    assert record_in_force(case.application) == case.record

    record = sign(case, draft)

    case.application.refresh_from_db()
    assert case.application.status == "assessed"
    assert record_in_force(case.application) == record
    assert json.loads(record.content)["session"] is None


def test_a_draft_of_an_earlier_round_is_not_taken_up_in_an_appeal():
    case = make_case("scheduled")
    early = judge_all(case, "BK")
    stranger = case.assessor
    case.assessor = replace_assessor(case)
    sign(case, judge_all(case, "BK"))
    case.application.refresh_from_db()
    case.application.status = "appealed"
    case.application.save()
    services.assign_assessor(application=case.application, assessor=stranger, reason="Banding", by=case.clerk)
    assert services.open_record(application=case.application, by=stranger.user) != early


def test_a_remote_session_counts_like_any_other():
    scheme = make_case("preassessed").application.scheme_version
    session = make_session(
        scheme=scheme.scheme, mode="jarak-jauh", meeting_url="https://rapat.contoh.id/1", starts_at=timezone.now()
    )
    case = make_case("scheduled", session=session)
    content = json.loads(sign(case, judge_all(case)).content)
    assert content["session"] == {
        "number": session.number,
        "mode": "jarak-jauh",
        "venue": "",
        "starts_at": session.starts_at.isoformat(),
    }


# --- at the same moment -----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_double_click_on_the_first_saving_makes_one_record_and_on_signing_one_signature(quiz):
    case = make_case("scheduled")
    by = case.assessor.user
    unit = case.application.scheme_version.units.first()

    opened = at_once(
        lambda: services.open_record(application=case.application, by=by),
        lambda: services.open_record(application=case.application, by=by),
        lambda: services.record_result(application=case.application, unit=unit, method=quiz, outcome="K"),
    )

    assert AssessmentRecord.objects.count() == 1
    assert opened[0] == opened[1] == opened[2].record

    record = judge_all(case)
    signed = at_once(*[lambda: services.sign_results(record=record, by=by)] * 3)

    assert sorted(isinstance(answer, DomainError) for answer in signed) == [False, True, True]
    assert ActivityEntry.objects.filter(code="application.assess").count() == 1


def test_the_log_tells_of_a_draft_once_an_hour_and_of_a_machine_each_time_without_saying_the_outcome():
    case = make_case("scheduled")
    by = case.assessor.user
    unit = case.application.scheme_version.units.first()
    for note in ("Pertama", "Kedua"):
        record = services.open_record(application=case.application, by=by)
        services.save_results(record=record, results={unit.pk: ("K", ["observasi"], note)}, by=by)
    services.record_result(application=case.application, unit=unit, method="lisan", outcome="BK", note="Rahasia", by=by)

    told = ActivityEntry.objects.filter(code__in=["application.save_results", "application.record_result"])

    assert sorted(told.values_list("code", flat=True)) == ["application.record_result", "application.save_results"]
    assert told.get(code="application.record_result").data == {"unit": unit.code, "method": "lisan"}
    assert told.get(code="application.save_results").data == {}
