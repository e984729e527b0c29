"""The candidate's papers in the portal, without JavaScript: what waits, filling in, signing, keeping."""

import json
import re

import pytest
from django.test import Client
from django.urls import reverse

from core.assessments.enums import FilledFormStatus
from core.assessments.services.papers import correct_form, save_answers, sign_form
from tests.factories.corridor import make_case
from tests.factories.forms import (
    AGREEMENT,
    CHECKLIST,
    FEEDBACK,
    RATED,
    assessor_of,
    fill_in_paper,
    fresh,
    make_paper,
    make_signed_paper,
)

pytestmark = pytest.mark.django_db


def url(paper, name: str = "paper") -> str:
    return reverse(f"public_site:{name}", args=[paper.application.reference, paper.pk])


def case_url(paper) -> str:
    return reverse("public_site:case", args=[paper.application.reference])


def browser(paper) -> Client:
    client = Client()
    client.force_login(paper.application.candidate.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def feedback():
    return make_paper(*FEEDBACK, filled_by="asesi", stage="sesudah", kind="fr-ak-03")


@pytest.fixture
def agreement():
    """Filled in by the assessor: the candidate reads and signs."""
    return fill_in_paper(make_paper(*AGREEMENT, filled_by="keduanya", stage="sebelum", kind="fr-ak-01"))


def test_the_case_says_what_waits_for_the_candidate_and_nothing_that_does_not(feedback):
    other = make_paper(*CHECKLIST, case=_case(feedback))

    page = browser(feedback).get(case_url(feedback)).content.decode()

    assert "Yang perlu Anda isi" in page
    assert url(feedback) in page
    assert other.definition.title not in page
    way_back = re.search(
        r'<a class="back" href="([^"]+)">.*?</svg>(.*?)</a>',
        browser(feedback).get(url(feedback)).content.decode(),
        re.S,
    )
    assert way_back.groups() == (case_url(feedback), feedback.application.number)  # no list of tasks any more


def test_from_the_first_answer_to_the_signature(feedback):
    client = browser(feedback)
    client.get(url(feedback))

    answer = client.post(
        url(feedback), {"version": "0", "penjelasan": "ya", "catatan-asesi": "Terima kasih", "to_next": ""}
    )
    assert answer.url == url(feedback, "paper_sign")
    page = client.get(answer.url)
    assert "Terima kasih" in page.content.decode()
    done = client.post(answer.url, {"shown": page.context["shown"]})

    assert done.url == case_url(feedback)
    assert fresh(feedback).status == FilledFormStatus.SIGNED
    page = client.get(case_url(feedback)).content.decode()
    assert "Yang perlu Anda isi" not in page
    assert url(feedback, "paper_pdf") in page
    kept = client.get(url(feedback, "paper_pdf"))
    assert kept.getvalue().startswith(b"%PDF")
    assert client.post(url(feedback, "paper_sign")).url == case_url(feedback)


def test_each_row_has_room_for_a_comment_that_stays_folded_until_it_says_something():
    paper = make_paper(*RATED, filled_by="asesi", stage="sesudah", kind="fr-ak-03")
    client = browser(paper)
    assert client.get(url(paper)).content.decode().count('<details class="details details--below">') == 2

    typed = {"version": "0", "penjelasan": "tidak", "penjelasan:catatan": "a" * 301, "bukti": "ya", "bersedia": "ya"}
    refused = client.post(url(paper), typed).content.decode()
    answer = client.post(url(paper), typed | {"penjelasan:catatan": "Terlalu singkat"})

    assert "Catatan atas “Penjelasan cukup”: " in refused
    assert '<details class="details details--below" open>' in refused
    assert answer.url == url(paper, "paper_sign")
    assert "Catatan/komentar: Terlalu singkat" in client.get(answer.url).content.decode()
    assert client.get(url(paper)).content.decode().count('<details class="details details--below" open>') == 1


def test_what_is_missing_is_said_and_what_was_typed_is_kept(feedback):
    answer = browser(feedback).post(url(feedback), {"version": "0", "catatan-asesi": "Belum selesai", "to_next": ""})

    page = answer.content.decode()
    assert "Jawab: Saya mendapat penjelasan yang cukup" in page
    assert "Belum selesai" in page
    assert json.loads(fresh(feedback).answers)["catatan-asesi"] == "Belum selesai"


def test_a_page_may_be_left_and_taken_up_again(feedback):
    client = browser(feedback)

    answer = client.post(url(feedback), {"version": "0", "catatan-asesi": "Nanti", "to_list": ""})

    assert answer.url == case_url(feedback)
    assert "Nanti" in client.get(url(feedback)).content.decode()


def test_a_second_phone_sees_both_values(feedback):
    save_answers(
        form=feedback, answers={"catatan-asesi": "dari ponsel"}, edit=0, by=feedback.application.candidate.user
    )

    page = browser(feedback).post(url(feedback), {"version": "0", "catatan-asesi": "dari laptop"}).content.decode()

    assert "dari ponsel" in page
    assert "dari laptop" in page


def test_where_nothing_is_to_be_filled_in_one_reads_and_signs(agreement):
    client = browser(agreement)

    assert client.get(url(agreement)).url == url(agreement, "paper_sign")
    page = client.get(url(agreement, "paper_sign"))
    assert "Bukti dipakai hanya untuk asesmen ini." in page.content.decode()
    client.post(url(agreement, "paper_sign"), {"shown": page.context["shown"]})

    assert fresh(agreement).status == FilledFormStatus.PARTLY_SIGNED
    assert sign_form(form=agreement, by=assessor_of(agreement)).status == FilledFormStatus.SIGNED


def test_before_it_is_their_turn_a_paper_does_not_exist_for_candidates():
    paper = make_paper(*AGREEMENT, filled_by="keduanya", stage="sebelum")
    client = browser(paper)

    for name in ("paper", "paper_sign", "paper_pdf"):
        assert client.get(url(paper, name)).status_code == 404


def test_pages_are_light_and_need_no_script(feedback):
    page = browser(feedback).get(url(feedback)).content.decode()

    assert len(page) < 30_000
    assert not re.search(r"<button[^>]*type=\"button\"", page.split("<main")[1].split("</main>")[0])


def test_the_code_on_a_paper_leads_to_what_was_signed():
    paper = make_signed_paper(*CHECKLIST)
    address = reverse("public_site:verification", args=[paper.signatures.get().signature.code])

    page = Client().get(address).content.decode()
    assert paper.definition.title in page
    assert paper.sha256 in page
    assert paper.application.candidate.user.full_name not in page
    assert "sudah digantikan oleh versi yang lebih baru" not in page

    correct_form(form=paper, reason="Salah", by=assessor_of(paper))
    assert "sudah digantikan oleh versi yang lebih baru" in Client().get(address).content.decode()


def test_somebody_elses_paper_does_not_exist(feedback):
    stranger = make_case("preassessed").application
    client = Client()
    client.force_login(stranger.candidate.user, backend="django.contrib.auth.backends.ModelBackend")

    assert client.get(url(feedback)).status_code == 404
    own = reverse("public_site:paper", args=[stranger.reference, feedback.pk])
    assert client.get(own).status_code == 404


def _case(paper):
    class Same:
        application = paper.application
        clerk = None

    return Same
