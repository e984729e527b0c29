"""What was written freely is read by BNSP without the numbers and addresses that point at a person."""

import pytest
from django.urls import reverse
from django.utils import timezone

from core.assessments.models import AssessmentRecord, AssessmentResult, PreAssessment
from core.certificates.services import record_surveillance, suspend_certificate
from tests.backoffice.conftest import case_url
from tests.factories.accounts import make_user
from tests.factories.certificates import make_certificate, make_past_certificate
from tests.factories.corridor import make_case

pytestmark = pytest.mark.django_db

PHONE, MAIL = "081234567890", "rumah@contoh.id"
WORDS = f"Hubungi keluarganya di {PHONE} atau {MAIL}."


def address(row, page: str = "change") -> str:
    return reverse(f"admin:core_{row._meta.model_name}_{page}", args=[row.pk])


@pytest.fixture
def certificate():
    certificate = make_certificate()
    clerk, today = make_user(role="sekretariat"), timezone.localdate()
    check = certificate.surveillances.first()
    record_surveillance(surveillance=check, outcome="tidak-menjawab", note=WORDS, done_on=today, by=clerk)
    suspend_certificate(certificate=certificate, reason=WORDS, by=clerk)
    return certificate


def test_on_the_page_of_a_certificate(desk, as_role, certificate):
    for client, number in ((desk, 2), (as_role("bnsp"), 0)):
        page = client.get(address(certificate)).content.decode()
        assert page.count("Hubungi keluarganya di") == 2
        assert (page.count(PHONE), page.count(MAIL)) == (number, number)


def test_on_the_pages_of_a_case_its_session_and_its_plenary(desk, as_role):
    case = make_case("not_yet_competent")
    application, plenary, session = case.application, case.decision.plenary, case.session
    type(application).objects.filter(pk=application.pk).update(note=WORDS)
    application.requirement_evidence.update(note=WORDS)
    PreAssessment.objects.update(note=WORDS)
    AssessmentRecord.objects.update(note=WORDS, follow_up=WORDS, correction_reason=WORDS)
    AssessmentResult.objects.update(note=WORDS)
    application.decisions.update(note=WORDS)
    type(plenary).objects.filter(pk=plenary.pk).update(note=WORDS)
    type(session).objects.filter(pk=session.pk).update(note=WORDS, cancel_reason=WORDS)
    pages = [case_url(application), address(plenary), address(session)]
    pages += [address(application, "evidence"), address(application, "file")]

    bnsp = as_role("bnsp")
    for page in pages:
        whole, masked = desk.get(page).content.decode(), bnsp.get(page).content.decode()
        assert PHONE in whole, page
        assert masked.count("Hubungi keluarganya di •••") == whole.count("Hubungi keluarganya di"), page
        assert PHONE not in masked, page
        assert MAIL not in masked, page


def test_notes_of_the_old_register_and_of_a_cancelled_session_stay_in_the_house(desk, as_role):
    row = make_past_certificate(note=WORDS)
    session = make_case("scheduled").session
    type(session).objects.filter(pk=session.pk).update(cancel_reason=WORDS)
    bnsp = as_role("bnsp")
    assert PHONE not in bnsp.get(address(row)).content.decode()
    for kind in ("pastcertificate", "assessmentsession"):
        export = reverse(f"admin:core_{kind}_export_rows")
        whole, masked = (c.post(export, {"tindakan": "semua", "format": "csv"}).getvalue() for c in (desk, bnsp))
        assert PHONE in whole.decode(), kind
        assert PHONE not in masked.decode(), kind
