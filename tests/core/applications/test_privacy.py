"""What a reader from outside the LSP (BNSP) sees of a case: everything but personal identifiers."""

import json
from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from core.accounts.services import save_profile
from core.applications.forms import form_for
from core.applications.models import FormDocument, Review
from core.applications.privacy import masked_snapshot, snapshot_for, without_identifiers
from core.applications.queries import changes_since_last_submission, latest_submission
from core.applications.services import return_application, submit_application
from core.assessments.models import PreAssessment
from core.assessments.preassessment_form import paper_for
from core.reports.repository import documents_for
from tests.factories.accounts import make_nik, make_user
from tests.factories.applications import make_application
from tests.factories.corridor import make_case
from tests.factories.documents import make_document

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return make_application(status="accepted")


def pdf_text(document) -> str:
    with document.file.open("rb") as stream:
        return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(stream).pages)


def secrets_of(case) -> list[str]:
    profile = case.candidate
    return [profile.nik, profile.user.email, profile.home_address, profile.phone_mobile, profile.birth_date.isoformat()]


def test_a_masked_snapshot_holds_no_identifier_and_keeps_the_rest(case):
    snapshot = latest_submission(case).snapshot
    masked = masked_snapshot(snapshot)

    text = json.dumps(masked, ensure_ascii=False)
    assert [secret for secret in secrets_of(case) if secret in text] == []
    assert masked["sections"]["personal"]["full_name"] == case.candidate.user.full_name
    assert masked["sections"]["personal"]["birth_date"] == "1990"
    assert masked["sections"]["address"]["home_region"] == snapshot["sections"]["address"]["home_region"]
    assert masked["sections"]["address"]["phone_home"] == ""  # nothing to hide stays nothing
    assert {k: v["sha256"] for k, v in masked["evidence"].items()} == {
        k: v["sha256"] for k, v in snapshot["evidence"].items()
    }
    assert {k: v for k, v in masked["sections"].items() if k.startswith("unit-")} == {
        k: v for k, v in snapshot["sections"].items() if k.startswith("unit-")
    }
    assert snapshot == latest_submission(case).snapshot  # the original was left alone


@pytest.mark.parametrize(
    ("role", "sees_nik", "sees_address"),
    [("sekretariat", True, True), ("administrator", False, True), ("asesor", False, True), ("bnsp", False, False)],
)
def test_each_role_sees_what_its_work_needs(case, role, sees_nik, sees_address):
    snapshot = latest_submission(case).snapshot
    seen = json.dumps(snapshot_for(snapshot, viewer=make_user(role=role), profile=case.candidate), ensure_ascii=False)

    assert (case.candidate.nik in seen) is sees_nik
    assert (case.candidate.home_address in seen) is sees_address


def test_bnsp_gets_a_masked_paper_of_its_own_and_never_the_original(case):
    bnsp, clerk = make_user(role="bnsp"), make_user(role="sekretariat")
    submission = latest_submission(case)

    masked = form_for(submission=submission, form="fr-apl-01", viewer=bnsp)
    original = form_for(submission=submission, form="fr-apl-01", viewer=clerk)

    assert masked != original
    text = pdf_text(masked)
    assert [secret for secret in secrets_of(case) if secret in text] == []
    assert "disamarkan" in text
    assert case.candidate.user.full_name in text
    assert case.candidate.nik in pdf_text(original)
    assert masked in documents_for(bnsp)
    assert original not in documents_for(bnsp)
    assert form_for(submission=submission, form="fr-apl-01", viewer=bnsp) == masked  # rendered once
    assert FormDocument.objects.filter(submission=submission, form="fr-apl-01").count() == 2


def test_notes_on_a_masked_paper_name_no_telephone(case):
    submission = latest_submission(case)
    review = submission.review
    words = "Ditelepon 0812 3456 7890."
    requirement = str(case.requirement_evidence.first().requirement_id)
    content = json.dumps({requirement: {"verdict": "memenuhi", "note": words}})
    Review.objects.filter(pk=review.pk).update(note=words, content=content)
    submission = latest_submission(case)

    masked, original = (
        pdf_text(form_for(submission=submission, form="fr-apl-01", viewer=make_user(role=role)))
        for role in ("bnsp", "sekretariat")
    )

    assert (original.count(words), masked.count(words), masked.count("Ditelepon •••.")) == (2, 0, 2)


def test_the_foot_of_a_masked_self_assessment_names_no_telephone():
    application = make_case("preassessed").application
    PreAssessment.objects.update(note="Ditelepon 0812 3456 7890.")

    text = " ".join(page.extract_text() for page in PdfReader(_paper_for_bnsp(application)).pages)

    assert "Ditelepon •••." in text


def _paper_for_bnsp(application) -> BytesIO:
    submission = latest_submission(application)
    return BytesIO(paper_for(submission=submission, form="fr-apl-02", viewer=make_user(role="bnsp")).content)


def test_bnsp_opens_no_identity_paper(case):
    bnsp = make_user(role="bnsp")
    papers = {
        row.requirement.document_type.code: row.documents.first()
        for row in case.requirement_evidence.select_related("requirement__document_type")
        if row.documents.exists()
    }

    assert papers["ktp"] not in documents_for(bnsp)
    assert papers["surat-tugas"] in documents_for(bnsp)
    assert papers["ktp"] in documents_for(make_user(role="administrator"))
    assert make_document(owner=case.candidate.user, kind="surat-tugas") not in documents_for(bnsp)  # in no case


def test_a_change_of_something_hidden_still_shows_as_a_change():
    officer = make_user(role="sekretariat")
    case = make_application(status="under_review", officer=officer)
    person, old = case.candidate.user, case.candidate.nik
    return_application(application=case, parts={"personal": "NIK keliru."}, by=officer)
    new = make_nik()
    save_profile(profile=person.candidate, values={"nik": new}, version=None, by=person)
    submit_application(application=case, by=person)

    seen = changes_since_last_submission(case, viewer=make_user(role="bnsp"))

    assert [row["label"] for row in seen] == ["NIK"]
    assert not {old, new} & {seen[0]["before"], seen[0]["after"]}


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("ktp 8171015205900001.jpg", "ktp •••.jpg"),
        ("KTP_8171-0152-0590-0001.pdf", "KTP_•••.pdf"),
        ("cv +62 812 3456 7890.pdf", "cv •••.pdf"),
        ("surat siti.rahma@contoh.id.pdf", "surat •••.pdf"),
        ("laporan kegiatan 2026.pdf", "laporan kegiatan 2026.pdf"),
        ("IMG_2026.jpg", "IMG_2026.jpg"),
    ],
)
def test_numbers_and_addresses_in_names_of_files_are_hidden(name, shown):
    assert without_identifiers(name) == shown


def test_bnsp_reads_names_of_files_without_identifiers_wherever_they_stand(case, client):
    paper = case.requirement_evidence.get(requirement__document_type__code="surat-tugas").documents.first()
    type(paper).objects.filter(pk=paper.pk).update(file_name="tugas 8171015205900001.jpg")
    client.force_login(make_user(role="bnsp"))

    for address in (reverse("admin:core_document_changelist"), reverse("admin:core_document_change", args=[paper.pk])):
        page = client.get(address).content.decode()
        assert "8171015205900001" not in page
        assert "tugas •••.jpg" in page
    sent = client.get(reverse("admin:document", args=[paper.public_id]))
    sent.getvalue()
    assert "8171015205900001" not in sent["Content-Disposition"]
