"""What the candidate reads about the decision, and how an appeal is filed from a phone."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from core.assessments.models import FormLine
from core.decisions.models import Appeal, Decision
from core.decisions.queries import appeal_questions
from core.decisions.services import file_appeal
from tests.factories.corridor import make_case

pytestmark = pytest.mark.django_db
REASON = "Rekaman praktik hari kedua belum dilihat asesor."


@pytest.fixture
def page_of(client):
    """The case's page in its owner's browser."""

    def page_of(case) -> str:
        client.force_login(case.application.candidate.user)
        return client.get(f"/permohonan/{case.application.number}/").content.decode()

    return page_of


def appeal_url(case) -> str:
    return f"/permohonan/{case.application.number}/banding/"


def words(reason: str) -> dict[str, str]:
    """Everything that FR.AK.04 asks."""
    return {"reason": reason, "agreed": "on"} | {f"line-{line.key}": "ya" for line in appeal_questions()}


def test_a_competent_candidate_reads_it_and_what_comes_next(page_of):
    page = page_of(make_case("competent"))
    assert "Anda dinyatakan kompeten" in page
    assert "Sertifikat Anda sedang disiapkan" in page
    assert "Ajukan banding" not in page


def test_whoever_is_not_yet_competent_reads_the_units_and_until_when_to_appeal(page_of):
    case = make_case("not_yet_competent")
    page = page_of(case)
    unit = case.application.scheme_version.scheme_units.first().unit
    assert f"{unit.code} {unit.title}" in page
    assert appeal_url(case) in page
    assert page.count("Ajukan permohonan baru") == 1


def test_before_the_decision_nothing_of_the_result_shows(page_of):
    case = make_case("assessed", outcome="BK")
    page = page_of(case)
    assert "menunggu keputusan" in page
    assert case.application.scheme_version.scheme_units.first().unit.code not in page


def test_an_appeal_is_signed_once_and_its_steps_are_told(client, page_of):
    case = make_case("not_yet_competent")
    page_of(case)
    form = client.get(appeal_url(case)).content.decode()
    assert "Alasan banding" in form
    unsigned = client.post(appeal_url(case), {"reason": REASON})
    assert "Centang pernyataan" in unsigned.content.decode()
    assert REASON in unsigned.content.decode()
    answer = client.post(appeal_url(case), words(REASON))
    assert answer.status_code == 302
    assert Appeal.objects.get().reason == REASON
    assert "Sekretariat menunjuk asesor lain" in page_of(case)
    client.post(appeal_url(case), words(REASON))  # a double click
    assert Appeal.objects.count() == 1


def test_a_reason_of_two_words_is_asked_for_again(client, page_of):
    case = make_case("not_yet_competent")
    page_of(case)
    answer = client.post(appeal_url(case), words("Tidak setuju"))
    assert "sedikitnya 20 karakter" in answer.content.decode()


def test_after_the_last_day_the_page_says_so_and_the_form_is_gone(client, page_of):
    case = make_case("not_yet_competent")
    Decision.objects.update(decided_at=timezone.now() - timedelta(days=30))
    page = page_of(case)
    assert "Batas waktu banding berakhir" in page
    assert appeal_url(case) not in page
    assert client.get(appeal_url(case)).status_code == 302
    client.post(appeal_url(case), words(REASON))
    assert not Appeal.objects.exists()


def test_somebody_elses_case_does_not_exist(client):
    case, other = make_case("not_yet_competent"), make_case("not_yet_competent")
    client.force_login(other.application.candidate.user)
    assert client.get(appeal_url(case)).status_code == 404
    assert client.post(appeal_url(case), words(REASON)).status_code == 404


def test_a_question_of_the_appeal_may_ask_for_a_comment(client):
    case = make_case("not_yet_competent")
    line = appeal_questions()[0]
    FormLine.objects.filter(pk=line.pk).update(asks_comment=True)
    client.force_login(case.application.candidate.user)

    client.post(appeal_url(case), words(REASON) | {f"line-{line.key}:catatan": "Hanya lewat telepon"})

    assert json.loads(Appeal.objects.get().form.answers)[f"{line.key}:catatan"] == "Hanya lewat telepon"


def test_an_appealed_decision_stays_readable(page_of):
    case = make_case("not_yet_competent")
    file_appeal(application=case.application, reason=REASON, by=case.application.candidate.user)
    page = page_of(case)
    assert "Anda belum kompeten" in page
    assert "Banding Anda" in page


def test_an_appeal_is_taken_back_after_being_asked_once_more(client, page_of):
    case = make_case("not_yet_competent")
    file_appeal(application=case.application, reason=REASON, by=case.application.candidate.user)
    page = page_of(case)
    withdraw = f"{appeal_url(case)}cabut/"
    assert withdraw in page
    assert f"/permohonan/{case.application.number}/batalkan/" not in page  # the case was decided
    assert "Cabut banding ini?" in client.get(withdraw).content.decode()
    assert Appeal.objects.get().status == "diajukan"  # looking changes nothing
    client.post(withdraw)
    assert Appeal.objects.get().status == "dicabut"
    page = page_of(case)
    assert "Banding Anda cabut" in page
    assert "Ajukan banding" not in page
    assert client.post(withdraw).status_code == 302  # a double click
    assert client.get(withdraw).status_code == 302


def test_nobody_takes_back_what_is_not_there_or_not_theirs(client, page_of):
    case, other = make_case("not_yet_competent"), make_case("not_yet_competent")
    page_of(case)
    assert client.post(f"{appeal_url(case)}cabut/").status_code == 302
    assert client.post(f"{appeal_url(other)}cabut/").status_code == 404
    case.application.refresh_from_db()
    assert case.application.status == "not_yet_competent"
