"""The secretariat's verdicts: given by one clerk, on what was handed in, and signed."""

import json

import pytest

from core.accounts.services import assign_role
from core.activity.models import ActivityEntry
from core.applications.models import Application, RequirementEvidence, Review
from core.applications.queries import evidence_rows, latest_submission, next_waiting, paper_of_signature
from core.applications.services import (
    accept_application,
    check_requirement,
    reject_application,
    return_application,
    take_application,
    take_over_application,
    withdraw_application,
)
from core.applications.snapshot import canonical, content_hash
from core.common.exceptions import DomainError
from core.messaging.models import OutboxMessage
from tests.core.helpers import at_once, refused
from tests.factories.accounts import make_user
from tests.factories.applications import judge_all, make_application
from tests.factories.schemes import make_scheme

pytestmark = pytest.mark.django_db


def clerk_and_case(status: str = "under_review", requirements=("ktp", "ijazah")):
    clerk = make_user(role="sekretariat", full_name="Dewi Lestari")
    return clerk, make_application(status=status, officer=clerk, scheme=make_scheme(requirements=requirements))


def judge(case, verdict, by, kind="ktp", note=""):
    requirement = case.scheme_version.requirements.get(document_type__code=kind)
    return check_requirement(application=case, requirement=requirement, verdict=verdict, note=note, by=by)


def make_optional(case, kind):
    case.scheme_version.requirements.filter(document_type__code=kind).update(is_required=False)


def hand_in_nothing(case, kind):
    case.requirement_evidence.filter(requirement__document_type__code=kind).delete()


# --- who works on it ---------------------------------------------------------------------------------------------


def test_a_case_belongs_to_the_clerk_who_took_it():
    clerk, case = clerk_and_case("submitted")

    take_application(application=case, by=clerk)

    case.refresh_from_db()
    assert (case.status, case.officer) == ("under_review", clerk)
    with refused("take.refused"):
        take_application(application=case, by=make_user(role="sekretariat"))


@pytest.mark.django_db(transaction=True)
def test_of_two_clerks_at_the_same_moment_one_gets_the_case():
    _clerk, case = clerk_and_case("submitted")
    clerks = [make_user(role="sekretariat") for _clerk in range(3)]

    results = at_once(*[lambda by=by: take_application(application=case, by=by) for by in clerks])

    taken = [result for result in results if isinstance(result, Application)]
    case.refresh_from_db()
    assert len(taken) == 1
    assert case.officer == clerks[results.index(taken[0])]
    assert ActivityEntry.objects.filter(code="application.take").count() == 1


def test_a_colleague_has_to_take_over_first_and_is_told_from_whom():
    _clerk, case = clerk_and_case()
    colleague = make_user(role="sekretariat")

    for act in (
        lambda: judge(case, "memenuhi", colleague),
        lambda: accept_application(application=case, by=colleague),
        lambda: reject_application(application=case, reason="x", by=colleague),
        lambda: return_application(application=case, parts={"purpose": "x"}, by=colleague),
    ):
        with pytest.raises(DomainError, match="sedang diperiksa oleh Dewi Lestari"):
            act()

    take_over_application(application=case, by=colleague)
    assert judge(case, "memenuhi", colleague).checked_by == colleague


def test_the_clerk_before_has_no_more_say():
    clerk, case = clerk_and_case()
    take_over_application(application=case, by=make_user(role="sekretariat"))

    with refused("check_requirement.taken"):
        judge(case, "memenuhi", clerk)

    with refused("take_over.refused"):
        take_over_application(application=case, by=Application.objects.get(pk=case.pk).officer)


def test_nobody_rules_on_their_own_application():
    _clerk, case = clerk_and_case("submitted")
    owner = case.candidate.user
    assign_role(user=owner, role="sekretariat", by=None)

    with pytest.raises(DomainError, match="permohonan Anda sendiri"):
        take_application(application=case, by=owner)

    assert next_waiting(owner) is None
    assert Application.objects.get(pk=case.pk).status == "submitted"


def test_next_comes_what_waits_longest_and_nobody_else_has(time_machine):
    cases = []
    for day in (1, 2, 3):
        time_machine.move_to(f"2026-06-0{day}T03:00:00Z", tick=False)
        cases.append(clerk_and_case("submitted", requirements=("ktp",))[1])
    clerk, other = make_user(role="sekretariat"), make_user(role="sekretariat")
    take_application(application=cases[0], by=other)

    assert next_waiting(clerk) == cases[1]
    assert next_waiting(clerk, after=cases[1]) == cases[2]
    assert next_waiting(other) == cases[0]


# --- verdicts ------------------------------------------------------------------------------------------------------


def test_a_verdict_is_kept_with_its_note_and_who_gave_it():
    clerk, case = clerk_and_case()

    row = judge(case, "tidak_memenuhi", clerk, note="  Foto buram.  ")

    row.refresh_from_db()
    assert (row.verdict, row.note, row.checked_by) == ("tidak_memenuhi", "Foto buram.", clerk)
    assert row.checked_at is not None
    entry = ActivityEntry.objects.latest("pk")
    assert entry.code == "application.check_requirement"
    assert entry.data == {"requirement": row.requirement_id, "verdict": "tidak_memenuhi"}  # and not the note


def test_a_verdict_can_be_changed_and_taken_back():
    clerk, case = clerk_and_case()

    verdicts = [judge(case, verdict, clerk).verdict for verdict in ("memenuhi", "tidak_memenuhi", "")]

    assert verdicts == ["memenuhi", "tidak_memenuhi", ""]
    assert RequirementEvidence.objects.filter(application=case, requirement__document_type__code="ktp").count() == 1


def test_what_was_not_handed_in_cannot_meet():
    clerk, case = clerk_and_case()
    hand_in_nothing(case, "ijazah")

    with refused("check_requirement.no_evidence") as refusal:
        judge(case, "memenuhi", clerk, kind="ijazah")

    assert "Ijazah terakhir" in refusal.value.message
    assert judge(case, "tidak_ada", clerk, kind="ijazah").verdict == "tidak_ada"


@pytest.mark.parametrize("verdict", ["MEMENUHI", "ya", "None", " "])
def test_an_unknown_verdict_is_refused(verdict):
    clerk, case = clerk_and_case()

    with refused("check_requirement.unknown"):
        judge(case, verdict, clerk)


def test_a_requirement_of_another_scheme_is_refused():
    clerk, case = clerk_and_case()
    foreign = make_scheme().requirements.get()

    with refused("check_requirement.unknown"):
        check_requirement(application=case, requirement=foreign, verdict="tidak_ada", note="", by=clerk)


@pytest.mark.parametrize("status", ["submitted", "returned", "accepted", "rejected", "withdrawn"])
def test_verdicts_are_given_only_during_verification(status):
    clerk, case = clerk_and_case(status)

    with refused("check_requirement.not_under_review"):
        judge(case, "tidak_memenuhi", clerk)


@pytest.mark.parametrize("role", ["administrator", "asesor", "bnsp", "asesi"])
def test_verdicts_are_given_only_by_the_secretariat(role):
    _clerk, case = clerk_and_case()

    with refused("check_requirement.not_under_review"):
        judge(case, "memenuhi", make_user(role=role))


def test_a_long_note_is_refused_and_not_cut():
    clerk, case = clerk_and_case()

    with refused("text.too_long", field="note"):
        judge(case, "memenuhi", clerk, note="x" * 501)

    assert judge(case, "memenuhi", clerk, note="x" * 500).note == "x" * 500


def test_every_requirement_of_the_scheme_is_listed_also_where_nothing_was_handed_in():
    _clerk, case = clerk_and_case(requirements=("ktp", "ijazah", "cv"))
    hand_in_nothing(case, "ijazah")

    rows = [(row.requirement.document_type.code, row.pk is not None) for row in evidence_rows(case)]

    assert rows == [("ktp", True), ("ijazah", False), ("cv", True)]


# --- acceptance --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ktp", "ijazah", "optional", "words"),
    [
        ("", "memenuhi", False, "Belum dinilai: KTP."),
        ("", "", False, "Belum dinilai: KTP; Ijazah terakhir."),
        ("tidak_memenuhi", "memenuhi", False, "Persyaratan wajib yang belum memenuhi: KTP."),
        ("memenuhi", "tidak_ada", False, "Persyaratan wajib yang belum memenuhi: Ijazah terakhir."),
        ("memenuhi", "", True, "Belum dinilai: Ijazah terakhir."),  # also what is optional is looked at
    ],
)
def test_a_case_is_not_accepted_before_every_requirement_was_judged_and_meets(ktp, ijazah, optional, words):
    clerk, case = clerk_and_case()
    if optional:
        make_optional(case, "ijazah")
    judge(case, ktp, clerk, kind="ktp")
    judge(case, ijazah, clerk, kind="ijazah")

    with refused("accept.refused") as refusal:
        accept_application(application=case, by=clerk)

    assert refusal.value.message.startswith(words)
    assert not Review.objects.exists()


@pytest.mark.parametrize("verdict", ["tidak_ada", "tidak_memenuhi", "memenuhi"])
def test_what_is_optional_may_fail(verdict):
    clerk, case = clerk_and_case()
    make_optional(case, "ijazah")
    judge(case, "memenuhi", clerk)
    judge(case, verdict, clerk, kind="ijazah")

    assert accept_application(application=case, by=clerk).status == "accepted"


def test_the_recommendation_is_signed_over_the_submission_and_the_verdicts():
    clerk, case = clerk_and_case()
    judge_all(case, by=clerk)

    accept_application(application=case, note=" Selamat. ", by=clerk)

    review, submission = Review.objects.get(), latest_submission(case)
    signed = canonical(
        {
            "submission": submission.sha256,
            "is_accepted": True,
            "note": "Selamat.",
            "verdicts": json.loads(review.content),
        }
    )
    assert review.signature.content_sha256 == content_hash(signed)
    assert (review.signature.signer, review.signature.role) == (clerk, "Admin LSP")
    assert {row["verdict"] for row in review.verdicts.values()} == {"memenuhi"}
    paper = paper_of_signature(review.signature)
    assert (paper["number"], str(paper["status"])) == (submission.application.number, "Diterima")


@pytest.mark.parametrize(
    ("act", "template", "status"),
    [
        (
            lambda case, by: accept_application(application=case, note="Datang tepat waktu.", by=by),
            "accepted",
            "accepted",
        ),
        (
            lambda case, by: reject_application(application=case, reason="Datang tepat waktu.", by=by),
            "rejected",
            "rejected",
        ),
    ],
    ids=["accepted", "rejected"],
)
def test_the_candidate_reads_the_words_of_the_clerk_as_they_are(act, template, status):
    clerk, case = clerk_and_case()
    judge_all(case, by=clerk)

    act(case, clerk)

    case.refresh_from_db()
    assert (case.status, case.note, case.closed_at is not None) == (status, "Datang tepat waktu.", True)
    letter = OutboxMessage.objects.get(template_key=f"application-{template}")
    assert "Datang tepat waktu." in letter.body
    assert letter.recipient == case.candidate.user


@pytest.mark.parametrize("reason", ["", "   ", "\n\t"])
def test_a_refusal_without_a_reason_is_refused(reason):
    clerk, case = clerk_and_case()

    with refused("reject.no_reason", field="reason"):
        reject_application(application=case, reason=reason, by=clerk)

    assert Application.objects.get(pk=case.pk).status == "under_review"


def test_a_rejected_case_keeps_the_verdicts_it_was_rejected_on():
    clerk, case = clerk_and_case()
    judge(case, "tidak_memenuhi", clerk, note="Bukan KTP.")

    reject_application(application=case, reason="Tidak lengkap.", by=clerk)

    review = Review.objects.get()
    ktp = case.scheme_version.requirements.get(document_type__code="ktp")
    assert not review.is_accepted
    assert review.verdicts[str(ktp.pk)] == {"verdict": "tidak_memenuhi", "note": "Bukan KTP."}


@pytest.mark.django_db(transaction=True)
def test_accepting_and_rejecting_at_the_same_moment_leave_one_signature():
    clerk, case = clerk_and_case()
    judge_all(case, by=clerk)

    at_once(
        lambda: accept_application(application=case, by=clerk),
        lambda: reject_application(application=case, reason="x", by=clerk),
        lambda: accept_application(application=case, by=clerk),
    )

    case.refresh_from_db()
    review = Review.objects.get()
    assert case.status == ("accepted" if review.is_accepted else "rejected")
    assert OutboxMessage.objects.filter(template_key__in=["application-accepted", "application-rejected"]).count() == 1


# --- withdrawal --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("status", "letters"), [("draft", 0), ("submitted", 1), ("under_review", 1), ("accepted", 1)])
def test_a_withdrawal_closes_the_case_and_is_confirmed_once_it_was_sent(status, letters):
    case = make_application(status=status, scheme=make_scheme())

    withdraw_application(application=case, by=case.candidate.user)

    case.refresh_from_db()
    assert (case.status, case.closed_at is not None) == ("withdrawn", True)
    assert not case.sections.filter(is_open=True).exists()
    assert OutboxMessage.objects.filter(template_key="application-withdrawn").count() == letters
    assert case.candidate.user.documents.count() == (0 if status == "draft" else 1)  # the papers stay
