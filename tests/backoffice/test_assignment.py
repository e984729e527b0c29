"""Choosing an assessor on the case's screen, the assessor's home, and what BNSP sees instead."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.assessments.queries import assignment_in_force
from tests.backoffice.conftest import case_url, said
from tests.factories.applications import make_application
from tests.factories.assessments import assign, make_assessor

pytestmark = pytest.mark.django_db


def assign_url(case) -> str:
    return reverse("admin:core_application_assign", args=[case.pk])


@pytest.fixture
def case():
    return make_application(status="accepted", full_name="Sari Wulandari")


def test_one_press_and_one_choice_assign_an_assessor(desk, case):
    assessor = make_assessor(full_name="Yohana Latuconsina")
    assert assign_url(case) in desk.get(case_url(case)).content.decode()

    answer = desk.post(assign_url(case), {"assessor": assessor.pk})

    assert answer.url == case_url(case)
    assert "Yohana Latuconsina ditunjuk" in said(answer)
    assert "Yohana Latuconsina" in desk.get(case_url(case)).content.decode()


def test_the_dialog_says_why_somebody_cannot_be_chosen_and_puts_them_last(desk, case):
    make_assessor(full_name="A Kedaluwarsa", expires=timezone.localdate() - timedelta(days=1))
    make_assessor(full_name="B Layak", institution=case.candidate.institution or "BPBD")

    page = desk.get(assign_url(case), headers={"HX-Request": "true"}).content.decode()

    assert page.index("B Layak") < page.index("A Kedaluwarsa")
    assert "Sertifikat asesor berakhir" in page
    assert "<html" not in page


def test_a_long_list_of_assessors_can_be_searched_and_a_short_one_is_read(desk, case):
    make_assessor(full_name="Yohana Latuconsina")
    assert "data-people-search" not in desk.get(assign_url(case)).content.decode()
    for number in range(7):
        make_assessor(full_name=f"Asesor {number}")

    page = desk.get(assign_url(case)).content.decode()

    assert 'aria-controls="orang" data-people-search' in page
    assert page.count('name="assessor"') == 8, "all of them are there; the search only hides"


def test_replacing_without_a_reason_keeps_the_choice_and_says_what_is_missing(desk, case):
    former, successor = make_assessor(), make_assessor()
    assign(case, former)

    answer = desk.post(assign_url(case), {"assessor": successor.pk, "reason": " "})

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Tulis alasan" in page
    assert f'value="{successor.pk}" checked' in page
    assert assignment_in_force(case).assessor == former


def test_whoever_was_relieved_while_the_page_was_open_reads_why_and_goes_on(client, desk, case):
    former, successor = make_assessor(), make_assessor()
    assign(case, former)
    desk.post(assign_url(case), {"assessor": successor.pk, "reason": "Sakit mendadak."})
    client.force_login(former.user)

    answer = client.get(case_url(case))

    assert answer.status_code == 404
    page = answer.content.decode()
    assert f"Permohonan {case.number} tidak ditugaskan kepada Anda lagi" in page
    assert "Alasannya: Sakit mendadak. Yang sudah Anda simpan tetap tersimpan." in page
    assert f'href="{reverse("admin:index")}"' in page
    assert "tidak ditugaskan" not in client.get(case_url(make_application(status="accepted"))).content.decode()


def test_nobody_chosen_is_said(desk, case):
    assert "Pilih satu asesor." in desk.post(assign_url(case), {}).content.decode()
    assert "Pilih satu asesor." in desk.post(assign_url(case), {"assessor": "x"}).content.decode()


def test_taking_back_tells_why(desk, case):
    assign(case, make_assessor(full_name="Surya Nasution"))

    desk.post(assign_url(case), {"release": "1", "reason": "Berhalangan"})

    page = desk.get(case_url(case)).content.decode()
    assert "Sebelumnya Surya Nasution" in page
    assert "Berhalangan" in page


def test_the_assessor_finds_the_case_at_home_and_in_the_list_and_may_only_read_it(case, sign_in):
    assessor = make_assessor()
    other = make_application(status="accepted", full_name="Orang Lain")
    assign(case, assessor)
    client = sign_in(assessor.user)

    home = client.get(reverse("admin:index")).content.decode()
    listed = client.get(reverse("admin:core_application_changelist")).content.decode()
    page = client.get(case_url(case)).content.decode()

    for shown in (home, listed, page):
        assert "Sari Wulandari" in shown
        assert "Orang Lain" not in shown
    assert "Tunjuk asesor" not in page
    assert case.candidate.nik not in page
    assert client.get(case_url(other)).status_code == 404
    assert client.post(assign_url(case), {"assessor": assessor.pk}).status_code == 403


def test_an_assessor_is_told_that_the_certificate_ends(sign_in):
    assessor = make_assessor(expires=timezone.localdate() + timedelta(days=20))

    assert (
        "Sertifikat asesor Anda berlaku sampai" in sign_in(assessor.user).get(reverse("admin:index")).content.decode()
    )


def test_accepted_cases_without_an_assessor_have_a_tab(desk, case):
    taken = make_application(status="accepted", full_name="Sudah Ada")
    assign(taken, make_assessor())

    page = desk.get(reverse("admin:core_application_changelist"), {"antrean": "perlu-asesor"}).content.decode()

    assert "Sari Wulandari" in page
    assert "Sudah Ada" not in page


def test_bnsp_sees_no_identifier_on_the_case_screen(case, as_role):
    bnsp = as_role("bnsp")
    page = bnsp.get(case_url(case)).content.decode()
    profile = case.candidate

    for secret in (profile.nik, profile.user.email, profile.home_address, profile.phone_mobile, "12 Mei 1990"):
        assert secret not in page
    assert "Sari Wulandari" in page
    assert "disamarkan" in page
    paper = case.requirement_evidence.get(requirement__document_type__code="ktp").documents.first()
    assert str(paper.public_id) not in page
    assert bnsp.get(reverse("admin:document", args=[paper.public_id])).status_code == 404
