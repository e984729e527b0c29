"""Finding one record: by what somebody has in hand, and only what they may see."""

import pytest

from core.accounts.models import AssessorProfile
from core.reports.search import find_records
from tests.factories.accounts import make_user
from tests.factories.applications import make_application

pytestmark = pytest.mark.django_db


def found(text: str, by) -> list[tuple]:
    """Without the papers, which come last."""
    return [(record.model, record.pk) for record in find_records(text, by=by) if record.model != "document"]


@pytest.fixture
def clerk():
    return make_user(role="sekretariat", full_name="Ratna Puspita")


@pytest.fixture
def case():
    return make_application(full_name="Yohana Tambunan")


def test_a_case_is_found_by_number_its_beginning_or_the_running_number(clerk, case):
    running = str(int(case.number.rsplit("-", 1)[1]))
    for text in (case.number, case.number.lower(), case.number[:-2], running.zfill(2)):
        assert ("application", case.pk) in found(text, clerk), text


def test_a_person_is_found_by_name_and_mail_with_what_they_sent(clerk, case):
    person = [("application", case.pk), ("candidateprofile", case.candidate.pk)]
    for text in ("yohana tam", "  Yohana  ", case.candidate.user.email):
        assert found(text, clerk) == person, text


def test_a_nik_is_found_whole_however_it_is_grouped_and_never_shown(clerk, case):
    nik = case.candidate.nik
    for text in (nik, f"{nik[:6]} {nik[6:12]} {nik[12:]}", f"{nik[:6]}.{nik[6:12]}.{nik[12:]}"):
        assert found(text, clerk) == [("candidateprofile", case.candidate.pk), ("application", case.pk)]
    assert found(nik[:15], clerk) == []
    assert not any(nik in record.title + record.detail for record in find_records(nik, by=clerk))


def test_drafts_are_found_by_nobody(clerk):
    draft = make_application(status="ready", full_name="Yohana Tambunan")
    assert ("application", draft.pk) not in found("yohana", clerk)


def test_roles_find_what_they_may_see(clerk, case):
    bnsp, assessor, candidate = (make_user(role=role) for role in ("bnsp", "asesor", "asesi"))
    assert found("yohana", bnsp) == [("application", case.pk)]
    assert found(case.candidate.user.email, bnsp) == found(case.candidate.nik, bnsp) == []
    for nobody in (assessor, candidate):
        for text in ("yohana", case.number, case.candidate.nik):
            assert found(text, nobody) == [], text
    assert [model for model, _pk in found("distribusi", assessor)] == ["scheme"]
    assert found("ratna", make_user(role="administrator")) == [("user", clerk.pk)]
    assert found("ratna", bnsp) == []


def test_assessors_schemes_and_units_are_found(clerk):
    person = make_user(role="asesor", full_name="Bambang Prasetyo")
    profile = AssessorProfile.objects.create(user=person, registration_number="MET.000.001234 2024")
    assert ("assessorprofile", profile.pk) in found("MET.000.0012", clerk)
    assert ("assessorprofile", profile.pk) in found("prasetyo", clerk)
    assert "scheme" in {model for model, _pk in found("air bersih", clerk)}


@pytest.mark.parametrize("text", ["", " ", "a", "%", "_%", "zzzz", "'", "٣٣٣", "\u200b", "x" * 500])
def test_odd_words_find_nothing_and_do_no_harm(clerk, case, text):
    assert found(text, clerk) == []


def test_papers_come_last_and_are_told_apart_by_kind_owner_and_day(clerk, case):
    papers = [record for record in find_records("yohana ktp", by=clerk) if record.model == "document"]
    assert [(paper.title, paper.detail.split(" · ")[1]) for paper in papers] == [("KTP", "Yohana Tambunan")]
    models = [record.model for record in find_records("yohana", by=clerk)]
    assert models == sorted(models, key=lambda model: model == "document")
    assert [
        record for record in find_records("yohana ktp", by=make_user(role="bnsp")) if record.model == "document"
    ] == []
