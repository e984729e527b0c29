"""The candidate's page of a case's papers: own ones only, in order, with what is missing."""

import io
import zipfile

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.applications.filing import file_by_desk
from tests.factories.accounts import make_user
from tests.factories.applications import make_application
from tests.factories.certificates import make_certificate
from tests.factories.corridor import make_case
from tests.factories.documents import make_document
from tests.factories.forms import CHECKLIST, make_agreement, make_report

pytestmark = pytest.mark.django_db


def page_of(case) -> str:
    client = Client()
    client.force_login(case.candidate.user)
    return client.get(reverse("public_site:case_file", args=[case.reference])).content.decode()


def test_own_papers_in_the_order_of_the_file_each_with_a_way_to_open_it():
    case = make_certificate().application
    page = page_of(case)
    ktp = case.requirement_evidence.get(requirement__document_type__code="ktp").documents.get()
    wanted = [
        reverse("public_site:form_pdf", args=[case.reference, "fr-apl-01"]),
        reverse("public_site:document", args=[ktp.public_id]),
        reverse("public_site:certificate_pdf", args=[case.reference, case.certificates.get().pk]),
    ]
    assert sorted(wanted, key=page.index) == wanted
    assert "Surat tugas asesor" not in page
    assert "Berita acara" not in page


def test_what_is_missing_is_said():
    case = make_application(status="accepted")
    case.requirement_evidence.get(requirement__title="KTP").documents.clear()
    case.case_documents.filter(document__document_type__code="ktp").delete()
    assert "Belum ada" in page_of(case)


def test_a_verdict_is_told_with_the_decision_and_not_before():
    case = make_application(status="under_review")
    case.requirement_evidence.filter(requirement__title="KTP").update(
        verdict="tidak_memenuhi", note="Foto KTP buram", checked_at=timezone.now()
    )
    assert "buram" not in page_of(case)
    assert "Tidak memenuhi" not in page_of(case)

    case.status = "returned"
    case.save()
    assert "Foto KTP buram" in page_of(case)


def test_signed_forms_are_listed_and_what_names_others_is_not():
    case = make_case("assessed")
    signed = make_agreement(case)
    report = make_report(case, *CHECKLIST)
    clerk = make_user(role="sekretariat")
    shared = make_document(owner=clerk, kind="daftar-hadir")
    file_by_desk(applications=[case.application.pk], document=shared, replaces=None, by=clerk)

    page = page_of(case.application)

    assert reverse("public_site:paper_pdf", args=[case.application.reference, signed.pk]) in page
    assert report.definition.title not in page
    assert str(shared.public_id) not in page


def test_the_case_leads_there():
    case = make_application(status="submitted")
    client = Client()
    client.force_login(case.candidate.user)
    page = client.get(reverse("public_site:case", args=[case.reference])).content.decode()
    assert reverse("public_site:case_file", args=[case.reference]) in page


def test_everything_is_taken_along_as_one_zip():
    case = make_application(status="accepted")
    client = Client()
    client.force_login(case.candidate.user)
    address = reverse("public_site:case_file_bundle", args=[case.reference])
    assert address in page_of(case)

    answer = client.post(address)

    assert answer["Content-Type"] == "application/zip"
    assert f"{case.number.replace('/', '-')}.zip" in answer["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as archive:
        assert archive.testzip() is None


def test_a_draft_has_nothing_to_take_along():
    draft = make_application(status="draft")
    assert "Unduh semua" not in page_of(draft)
    client = Client()
    client.force_login(draft.candidate.user)
    answer = client.post(reverse("public_site:case_file_bundle", args=[draft.reference]), follow=True)
    assert "masih draf" in answer.content.decode()
