"""What a reader from outside the LSP (BNSP) sees of a case: everything but personal identifiers."""

import json

import pytest
from pypdf import PdfReader

from core.accounts.services import save_profile
from core.applications.forms import form_for
from core.applications.models import FormDocument
from core.applications.privacy import HIDDEN, masked_snapshot, snapshot_for, without_identifiers
from core.applications.queries import changes_since_last_submission, documents_for, latest_submission
from core.applications.services import return_application, submit_application
from tests.factories.accounts import make_nik, make_user
from tests.factories.applications import make_application
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
    assert masked["evidence"] == snapshot["evidence"]
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
        ("KTP 3171011505900001.jpg", f"KTP {HIDDEN}.jpg"),
        ("ijazah_budi 0812-8872-1495.pdf", f"ijazah_budi {HIDDEN}.pdf"),
        ("CV budi.santoso@contoh.id", f"CV {HIDDEN}"),
        ("lahir 12-05-1990.jpg", f"lahir {HIDDEN}.jpg"),
        ("Sertifikat SAR 2024 (2).jpg", "Sertifikat SAR 2024 (2).jpg"),
        ("surat-tugas.jpg", "surat-tugas.jpg"),
    ],
)
def test_names_of_files_carry_no_numbers_or_addresses_that_point_at_a_person(name, shown):
    assert without_identifiers(name) == shown


def test_a_masked_snapshot_names_no_person_in_a_files_name(case):
    snapshot = latest_submission(case).snapshot
    key = next(iter(snapshot["evidence"]))
    snapshot["evidence"][key] |= {"title": "Bukti 3171011505900001", "file_name": "081288721495.jpg"}
    masked = masked_snapshot(snapshot)["evidence"][key]
    assert (masked["title"], masked["file_name"]) == (f"Bukti {HIDDEN}", f"{HIDDEN}.jpg")
