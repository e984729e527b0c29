"""“Berikutnya” on the page of a case: in every state a sentence, and the way there for whoever does it."""

import re

import pytest
from django.urls import reverse

from core.applications.enums import ApplicationStatus
from core.assessments.models import AssessmentSession, Assignment
from core.decisions.services import file_appeal, record_plenary, withdraw_appeal
from tests.backoffice.conftest import case_url
from tests.core.decisions.conftest import held
from tests.factories.accounts import make_user
from tests.factories.applications import make_application
from tests.factories.corridor import make_case

pytestmark = pytest.mark.django_db


def shown(browser, case) -> tuple[str, str]:
    """(what happens next, where its button leads)"""
    page = browser.get(case_url(getattr(case, "application", case))).content.decode()
    block = re.search(r'<div class="bo-next">(.*?)</div>', page, re.DOTALL).group(1)
    link = re.search(r'href="([^"]+)"', block)
    return " ".join(re.sub("<[^>]+>", " ", block).split()), link.group(1) if link else ""


@pytest.mark.parametrize("status", [status for status in ApplicationStatus.values if status != "draft"])
def test_every_state_says_what_happens_next_and_leads_readers_to_no_act(as_role, status):
    case = make_application(status=status, officer=make_user(role="sekretariat"))
    for role in ("sekretariat", "administrator", "bnsp"):
        text, link = shown(as_role(role), case)
        assert len(text) > len("Berikutnya: "), role
        assert role == "sekretariat" or link == "", role


@pytest.mark.parametrize(
    ("status", "sentence", "page"),
    [
        ("accepted", "Sekretariat menunjuk asesor.", "/asesor/"),
        ("preassessed", "menempatkan asesi dalam jadwal uji", "?skema="),
        ("assessed", "memasukkan permohonan ke agenda", "/plenary/agenda/"),
        ("competent", "menerbitkan sertifikatnya", "/terbitkan/?kasus="),
    ],
)
def test_the_desk_is_led_to_what_it_does_next(desk, status, sentence, page):
    case = make_case(status)
    if status == "accepted":
        Assignment.objects.update(in_force=None)
    text, link = shown(desk, case)
    assert sentence in text
    assert page in link


def test_the_assessor_of_the_case_is_led_to_the_sheets(sign_in):
    for status, page in (("accepted", "preassessment"), ("scheduled", "results"), ("appealed", "results")):
        case = make_case(status)
        if status == "appealed":  # another one holds it now
            case.application.records.update(in_force=None)
        _text, link = shown(sign_in(case.assessor.user), case)
        assert link == reverse(f"admin:core_application_{page}", args=[case.application.pk])


def test_a_session_that_nobody_was_told_of_is_announced_first(desk):
    case = make_case("scheduled")
    AssessmentSession.objects.update(status="rencana")
    text, link = shown(desk, case)
    assert "mengumumkan jadwal uji" in text
    assert link == reverse("admin:core_assessmentsession_change", args=[case.session.pk])


def test_a_case_on_an_agenda_names_the_meeting_and_then_the_second_person(desk, clerk):
    case = make_case("assessed")
    plenary = held(by=clerk, cases=[case])
    assert "Rapat pleno “Rapat pleno uji” memutuskannya" in shown(desk, case)[0]
    record_plenary(plenary=plenary, by=clerk)
    text, link = shown(desk, case)
    assert "Orang kedua mengesahkan" in text
    assert link == reverse("admin:core_plenary_change", args=[plenary.pk])


def test_what_waits_is_put_onto_the_agenda_that_is_being_prepared_or_onto_a_new_one(desk, clerk):
    _text, link = shown(desk, make_case("assessed"))
    assert desk.get(link).url == reverse("admin:core_plenary_add")
    plenary = held(by=clerk)
    assert desk.get(link).url == reverse("admin:core_plenary_cases", args=[plenary.pk])


def test_not_yet_competent_says_until_when_an_appeal_may_come_and_that_none_can(desk):
    case = make_case("not_yet_competent")
    assert "Berikutnya: Tidak ada, kecuali asesi mengajukan banding; batasnya" in shown(desk, case)[0]
    person = case.application.candidate.user
    file_appeal(application=case.application, reason="Bukti hari kedua belum dilihat.", by=person)
    assert "asesor lain" in shown(desk, case)[0]
    withdraw_appeal(application=case.application, by=person)
    assert "tidak dapat dibanding lagi" in shown(desk, case)[0]
