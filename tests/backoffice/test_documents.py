"""Private files: who may look, how they are sent, and that every look is written down."""

import hashlib
import uuid
from pathlib import Path

import pytest
from django.urls import reverse

from core.activity.models import ActivityEntry
from core.applications.enums import FormCode
from core.applications.services import submit_application
from tests.factories.accounts import make_candidate
from tests.factories.applications import make_application
from tests.factories.documents import make_document, pdf_bytes

pytestmark = pytest.mark.django_db


def url_of(document) -> str:
    return reverse("admin:document", args=[document.public_id])


def look(client, address):
    """The response with its file read (the test client closes it then)."""
    response = client.get(address)
    response.body = b"".join(response.streaming_content)
    return response


def a_document_of(case, kind="ktp"):
    return case.requirement_evidence.get(requirement__document_type__code=kind).documents.first()


@pytest.mark.parametrize(("role", "kind"), [("sekretariat", "ktp"), ("administrator", "ktp"), ("bnsp", "surat-tugas")])
def test_evidence_of_a_sent_case_is_shown_and_the_look_recorded(as_role, role, kind):
    document = a_document_of(make_application(), kind)
    client = as_role(role)
    response = look(client, url_of(document))
    assert hashlib.sha256(response.body).hexdigest() == document.sha256
    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Disposition"].startswith("inline")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert "private" in response["Cache-Control"]
    assert "no-store" in response["Cache-Control"]
    assert response["Content-Security-Policy"].startswith("default-src 'none'")
    assert "sandbox" in response["Content-Security-Policy"]
    entry = ActivityEntry.objects.get(code="document.view")
    assert (entry.actor_id, entry.subject_id) == (int(client.session["_auth_user_id"]), str(document.pk))


def test_a_pdf_may_run_nothing_but_is_not_sandboxed(desk):
    candidate = make_candidate()
    document = make_document(owner=candidate.user, kind="cv", content=pdf_bytes(), file_name="cv.pdf")
    response = look(desk, url_of(document))
    assert response["Content-Type"] == "application/pdf"
    assert "sandbox" not in response["Content-Security-Policy"]
    assert "script-src" not in response["Content-Security-Policy"]  # falls back to 'none'


@pytest.mark.parametrize("status", ["ready", None])
def test_bnsp_does_not_find_what_was_never_sent(as_role, status):
    document = a_document_of(make_application(status=status)) if status else make_document(owner=make_candidate().user)
    assert as_role("bnsp").get(url_of(document)).status_code == 404
    assert not ActivityEntry.objects.filter(code="document.view").exists()


def test_assessor_does_not_find_a_case_of_somebody_else(as_role):
    assert as_role("asesor").get(url_of(a_document_of(make_application()))).status_code == 404


def test_candidates_and_strangers_are_asked_to_log_in(as_role, client):
    address = url_of(a_document_of(make_application()))
    for visitor in (as_role("asesi"), client):
        assert visitor.get(address).url.startswith("/admin/login/")


def test_unknown_documents_and_posts_are_refused(desk):
    assert desk.get(reverse("admin:document", args=[uuid.uuid4()])).status_code == 404
    assert desk.post(url_of(a_document_of(make_application()))).status_code == 405


def test_a_lost_file_is_a_404_and_no_look(desk):
    document = a_document_of(make_application())
    Path(document.file.path).unlink()
    assert desk.get(url_of(document)).status_code == 404
    assert not ActivityEntry.objects.filter(code="document.view").exists()


@pytest.mark.parametrize("form", FormCode.values)
def test_forms_are_rendered_once_and_lead_to_the_document(desk, form):
    case = make_application()
    address = reverse("admin:core_application_form", args=[case.pk, 1, form])
    first, second = desk.get(address), desk.get(address)
    assert first.url == second.url
    assert look(desk, first.url)["Content-Type"] == "application/pdf"


def test_forms_of_unknown_sendings_are_not_found(desk):
    case = make_application()
    for sequence, form in ((2, "fr-apl-01"), (1, "fr-apl-99")):
        assert desk.get(reverse("admin:core_application_form", args=[case.pk, sequence, form])).status_code == 404


@pytest.mark.parametrize(("role", "is_shown"), [("sekretariat", True), ("bnsp", False)])
def test_a_nik_in_a_files_name_is_not_read_by_bnsp(as_role, role, is_shown):
    document = a_document_of(make_application(), "surat-tugas")
    type(document).objects.filter(pk=document.pk).update(
        file_name="tugas 3171011505900001.jpg", title="Bukti 081288721495"
    )
    client = as_role(role)
    rows = client.get(reverse("admin:core_document_changelist")).content.decode()
    page = client.get(reverse("admin:core_document_change", args=[document.pk])).content.decode()
    saved_as = look(client, url_of(document))["Content-Disposition"]
    assert ("3171011505900001" in rows) is ("3171011505900001" in page) is is_shown
    assert ("3171011505900001" in saved_as) is is_shown
    assert ("081288721495" in page) is is_shown


@pytest.mark.parametrize("page", ["change", "evidence"])
def test_a_number_in_a_files_name_is_not_read_by_bnsp_on_the_case_either(as_role, desk, page):
    case = make_application(status="ready")
    case.requirement_evidence.get(requirement__document_type__code="surat-tugas").documents.update(
        file_name="tugas 3171011505900001.jpg"
    )
    submit_application(application=case, by=case.candidate.user)
    address = reverse(f"admin:core_application_{page}", args=[case.pk])
    assert "3171011505900001" in desk.get(address).content.decode()
    assert "3171011505900001" not in as_role("bnsp").get(address).content.decode()


def test_bnsp_reads_the_cases_number_in_the_name_of_a_form(as_role):
    case, bnsp = make_application(), as_role("bnsp")
    bnsp.get(reverse("admin:core_application_form", args=[case.pk, 1, FormCode.APL_01.value]))
    assert f"{case.number} (disamarkan).pdf" in bnsp.get(reverse("admin:core_document_changelist")).content.decode()
