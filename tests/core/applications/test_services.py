"""Drafts, sending, returning: nothing is lost, nothing doubled, nothing changed afterwards."""

import threading

import pytest
from django.db import connection

from core.applications import services
from core.applications.models import Application, RequirementEvidence, Submission
from core.applications.queries import changes_since_last_submission, latest_submission
from core.applications.snapshot import canonical, content_hash
from core.common.exceptions import DomainError, StaleVersion
from core.messaging.models import MessageTemplate, OutboxMessage
from core.schemes.enums import VersionStatus
from core.schemes.models import CompetencyUnit, SchemeVersion
from core.schemes.queries import current_version
from tests.factories.accounts import make_user
from tests.factories.applications import fill_in, judge_all, make_application
from tests.factories.documents import make_document

pytestmark = pytest.mark.django_db


# --- drafts -------------------------------------------------------------------------------------------


def test_opening_a_scheme_twice_goes_on_with_the_same_case():
    draft = make_application(status="draft")

    again = services.open_draft(scheme_version=draft.scheme_version, by=draft.candidate.user)

    assert again == draft


def test_a_closed_scheme_and_staff_cannot_begin():
    version = current_version("distribusi-bantuan")
    with pytest.raises(DomainError):
        services.open_draft(scheme_version=version, by=make_user(role="sekretariat"))
    version.status = VersionStatus.RETIRED
    with pytest.raises(DomainError, match="ditutup"):
        services.open_draft(scheme_version=version, by=make_user(role="asesi"))


def test_a_second_application_brings_papers_and_answers_along():
    first = make_application(status="submitted")
    person = first.candidate.user

    second = services.open_draft(scheme_version=current_version("pelayanan-pertolongan-pertama"), by=person)

    ktp = second.requirement_evidence.get(requirement__title="KTP").documents.get()
    assert ktp in first.requirement_evidence.get(requirement__title="KTP").documents.all()
    unit = second.scheme_version.units.get()  # shared by both schemes
    assert second.answers.filter(outcome="K").count() == unit.elements.count()


def test_another_tab_is_noticed_and_the_same_page_is_not_stopped_by_itself():
    draft = make_application(status="draft")
    purpose = draft.scheme_version.purposes.get(code="sertifikasi")
    save = {"application": draft, "purpose": purpose, "explanation": "", "by": draft.candidate.user}
    services.save_purpose(**save, version=0, writer="tab A")

    services.save_purpose(**save, version=0, writer="tab A")
    with pytest.raises(StaleVersion):
        services.save_purpose(**save, version=0, writer="tab B")


def test_other_peoples_files_cannot_be_attached():
    draft = make_application(status="draft")
    foreign = make_document(owner=make_user(role="asesi"))

    with pytest.raises(DomainError):
        services.attach_evidence(
            application=draft, requirement=draft.scheme_version.requirements.first(), documents=[foreign],
            by=draft.candidate.user,
        )  # fmt: skip
    assert not RequirementEvidence.objects.filter(documents=foreign).exists()


def test_another_purpose_has_to_be_explained():
    draft = make_application(status="draft")
    other = draft.scheme_version.purposes.get(code="lainnya")

    with pytest.raises(DomainError) as refusal:
        services.save_purpose(application=draft, purpose=other, explanation=" ", version=None, by=draft.candidate.user)

    assert refusal.value.field == "purpose_explanation"


# --- sending ------------------------------------------------------------------------------------------


def test_sending_freezes_signs_numbers_and_confirms():
    ready = make_application(status="ready")

    submission = services.submit_application(application=ready, by=ready.candidate.user)

    ready.refresh_from_db()
    assert (ready.status, ready.number[:4], ready.completeness) == ("submitted", "APL-", 100)
    assert submission.sha256 == content_hash(canonical(submission.snapshot)) == submission.signature.content_sha256
    assert not ready.sections.filter(is_open=True).exists()
    letter = OutboxMessage.objects.get(template_key="application-submitted")
    assert ready.number in letter.subject
    assert letter.recipient == ready.candidate.user


def test_an_incomplete_case_is_refused_naming_the_parts():
    draft = make_application(status="draft")

    with pytest.raises(DomainError, match="Tujuan asesmen, Bukti persyaratan, Memberi Layanan Tanggap Darurat"):
        services.submit_application(application=draft, by=draft.candidate.user)

    assert Application.objects.get(pk=draft.pk).number is None


def test_a_scheme_that_closed_stops_the_first_sending_but_not_a_correction():
    ready, returned = make_application(status="ready"), make_application(status="returned")
    SchemeVersion.objects.update(status=VersionStatus.RETIRED)

    with pytest.raises(DomainError, match="sudah ditutup"):
        services.submit_application(application=ready, by=ready.candidate.user)
    services.submit_application(application=returned, by=returned.candidate.user)

    assert returned.submissions.count() == 2


def test_a_failure_in_the_middle_leaves_nothing():
    ready = make_application(status="ready")
    MessageTemplate.objects.filter(key="application-submitted").delete()

    with pytest.raises(MessageTemplate.DoesNotExist):
        services.submit_application(application=ready, by=ready.candidate.user)

    ready.refresh_from_db()
    assert (ready.status, ready.number, ready.submissions.count()) == ("draft", None, 0)


def test_later_edits_never_change_what_was_sent():
    sent = make_application(status="submitted")
    before = latest_submission(sent).content
    services.save_profile(
        profile=sent.candidate, values={"home_address": "Pindah rumah"}, version=None, by=sent.candidate.user
    )
    CompetencyUnit.objects.update(title="Judul lain")

    assert latest_submission(sent).content == before
    assert "Pindah rumah" not in before


def test_the_frozen_form_is_unreadable_in_the_database():
    sent = make_application(status="submitted")

    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM core_submission")
        stored = cursor.fetchone()[0]

    assert sent.candidate.nik not in stored
    assert sent.candidate.user.full_name not in stored


@pytest.mark.django_db(transaction=True)
def test_two_tabs_sending_at_once_make_one_submission():
    ready = make_application(status="ready")
    outcomes: list[str] = []

    def send() -> None:
        try:
            services.submit_application(application=ready, by=ready.candidate.user)
            outcomes.append("sent")
        except DomainError as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _tab in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["sent", *["submit.refused"] * 3]
    assert Submission.objects.filter(application=ready).count() == 1
    assert OutboxMessage.objects.filter(template_key="application-submitted").count() == 1


@pytest.mark.django_db(transaction=True)
def test_many_senders_get_numbers_without_gap_or_double():
    cases = [make_application(status="ready") for _person in range(6)]

    def send(case: Application) -> None:
        try:
            services.submit_application(application=case, by=case.candidate.user)
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=[case]) for case in cases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    numbers = sorted(int(n[-6:]) for n in Application.objects.values_list("number", flat=True))
    assert numbers == list(range(1, 7))


# --- returning ----------------------------------------------------------------------------------------


def returned_for(key: str = "purpose") -> Application:
    clerk = make_user(role="sekretariat")
    application = make_application(status="under_review", officer=clerk)
    judge_all(application, by=clerk)
    services.return_application(application=application, parts={key: "Periksa lagi."}, by=clerk)
    application.refresh_from_db()
    return application


def test_a_return_opens_just_what_was_named_and_says_why():
    application = returned_for("purpose")

    assert list(application.sections.filter(is_open=True).values_list("key", "return_note")) == [
        ("purpose", "Periksa lagi.")
    ]
    assert "Tujuan asesmen: Periksa lagi." in OutboxMessage.objects.get(template_key="application-returned").body


@pytest.mark.parametrize("parts", [{}, {"tidak-ada": "x"}, {"purpose": "  "}])
def test_a_return_without_a_part_or_a_note_is_refused(parts):
    clerk = make_user(role="sekretariat")
    application = make_application(status="under_review", officer=clerk)

    with pytest.raises(DomainError):
        services.return_application(application=application, parts=parts, by=clerk)


def test_a_part_that_was_not_named_stays_closed():
    application = returned_for("purpose")
    unit = application.scheme_version.units.first()

    with pytest.raises(DomainError, match="tidak dibuka"):
        services.save_unit_answers(
            application=application, unit=unit, answers={}, version=None, by=application.candidate.user
        )


def test_a_correction_takes_over_only_the_named_parts():
    application = returned_for("purpose")
    person = application.candidate.user
    services.save_profile(
        profile=application.candidate, values={"home_address": "Alamat baru"}, version=None, by=person
    )
    purpose = application.scheme_version.purposes.get(code="rpl")
    services.save_purpose(application=application, purpose=purpose, explanation="", version=None, by=person)

    services.submit_application(application=application, by=person)

    first, second = (submission.snapshot for submission in application.submissions.order_by("sequence"))
    assert second["sections"]["address"] == first["sections"]["address"]
    assert [
        (row["label"], row["after"])
        for row in changes_since_last_submission(application, viewer=application.candidate.user)
    ] == [("Tujuan asesmen", "Rekognisi Pembelajaran Lampau (RPL)")]


def test_new_evidence_is_looked_at_anew_and_keeps_the_keys_of_the_old():
    application = returned_for("requirements")
    person = application.candidate.user
    requirement = application.scheme_version.requirements.get(title="KTP")
    old_keys = latest_submission(application).snapshot["evidence"]
    better = make_document(owner=person)
    services.attach_evidence(application=application, requirement=requirement, documents=[better], by=person)

    services.submit_application(application=application, by=person)

    verdicts = dict(application.requirement_evidence.values_list("requirement__title", "verdict"))
    assert verdicts["KTP"] == ""
    assert verdicts["Pasfoto terbaru"] == "memenuhi"
    new_keys = latest_submission(application).snapshot["evidence"]
    assert {key: new_keys[key] for key in old_keys} == old_keys
    assert len(new_keys) == len(old_keys) + 1


# --- verification ---------------------------------------------------------------------------------------


def test_nothing_meets_without_a_file_and_nothing_is_judged_before_it_is_taken():
    clerk = make_user(role="sekretariat")
    application = make_application(status="submitted")
    optional = application.scheme_version.requirements.get(title="Daftar riwayat hidup")
    judge = {"application": application, "requirement": optional, "note": "", "by": clerk}

    with pytest.raises(DomainError, match="Ambil permohonan ini dahulu"):
        services.check_requirement(**judge, verdict="tidak_ada")
    services.take_application(application=application, by=clerk)
    with pytest.raises(DomainError, match="belum mengunggah"):
        services.check_requirement(**judge, verdict="memenuhi")


def test_acceptance_needs_every_required_paper_to_meet():
    clerk = make_user(role="sekretariat")
    application = make_application(status="under_review", officer=clerk)
    judge_all(application, by=clerk)
    ktp = application.scheme_version.requirements.get(title="KTP")
    services.check_requirement(
        application=application, requirement=ktp, verdict="tidak_memenuhi", note="Buram", by=clerk
    )

    with pytest.raises(DomainError, match="KTP"):
        services.accept_application(application=application, by=clerk)


def test_acceptance_is_signed_over_the_submission_and_the_verdicts():
    application = make_application(status="accepted")

    review = latest_submission(application).review

    assert review.is_accepted
    assert set(review.verdicts) == {
        str(pk) for pk in application.scheme_version.requirements.values_list("pk", flat=True)
    }
    assert len(review.signature.content_sha256) == 64


def test_a_withdrawn_case_leaves_room_for_a_new_one():
    withdrawn = make_application(status="withdrawn")

    new = services.open_draft(scheme_version=withdrawn.scheme_version, by=withdrawn.candidate.user)
    fill_in(new)

    assert new != withdrawn


def test_a_key_that_once_stood_for_a_file_never_stands_for_another():
    application = returned_for("requirements")
    person, clerk = application.candidate.user, application.officer
    requirement = application.scheme_version.requirements.get(title="KTP")
    dropped = make_document(owner=person)
    change = {"application": application, "requirement": requirement, "by": person}
    services.attach_evidence(**change, documents=[dropped])
    services.submit_application(application=application, by=person)

    for act in (
        lambda: services.detach_evidence(**change, document=dropped),
        lambda: services.attach_evidence(**change, documents=[make_document(owner=person)]),
    ):
        services.take_application(application=application, by=clerk)
        services.return_application(application=application, parts={"requirements": "Ganti."}, by=clerk)
        act()
        services.submit_application(application=application, by=person)

    meanings: dict[str, set[str]] = {}
    for submission in application.submissions.all():
        for key, item in submission.snapshot["evidence"].items():
            meanings.setdefault(key, set()).add(item["document"])
    assert {len(documents) for documents in meanings.values()} == {1}
