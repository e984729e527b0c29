"""Papers at the desk and on an assessor's phone: the card, filling in, signing, scanning, correcting, printing."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.assessments.enums import FilledFormStatus
from core.assessments.models import AssessmentSession
from core.assessments.papers.layout import layout
from core.assessments.services.papers import save_answers, sign_form
from tests.backoffice.conftest import case_url, said
from tests.factories.corridor import make_case
from tests.factories.documents import pdf_bytes
from tests.factories.forms import (
    AGREEMENT,
    CHECKLIST,
    FEEDBACK,
    RATED,
    all_answers,
    assessor_of,
    fill_in_paper,
    fresh,
    make_paper,
    make_report,
    make_signed_paper,
)

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def url(paper, name: str = "paper") -> str:
    return reverse(f"admin:{name}", args=[paper.pk])


@pytest.fixture
def paper():
    return make_paper(*CHECKLIST)


@pytest.fixture
def phone(paper, sign_in):
    """The browser of the assessor who has the case."""
    return sign_in(assessor_of(paper))


def test_the_case_shows_every_paper_with_its_state_who_is_to_act_and_what_one_may_do(paper, phone, desk):
    make_paper(*AGREEMENT, case=_case(paper), filled_by="keduanya", stage="sebelum")

    assessors = phone.get(case_url(paper.application)).content.decode()
    clerks = desk.get(case_url(paper.application)).content.decode()

    assert "Berkas asesmen" in assessors
    assert "Menunggu asesor." in assessors
    assert "Menunggu asesor dan asesi." in assessors
    for name in ("paper", "paper_scan", "paper_print"):
        assert f'href="{url(paper, name)}"' in assessors
    assert f'href="{url(paper)}"' not in clerks
    assert f'href="{url(paper, "paper_scan")}"' in clerks


def test_the_page_of_a_case_asks_the_same_of_the_database_for_two_papers_and_for_six(
    paper, phone, django_assert_max_num_queries
):
    for _n in range(5):
        make_paper(*CHECKLIST, case=_case(paper))
    with django_assert_max_num_queries(30):
        phone.get(case_url(paper.application))


def test_what_is_typed_is_kept_without_javascript(paper, phone):
    name = next(layout(paper).questions()).name

    page = phone.get(url(paper)).content.decode()
    answer = phone.post(url(paper), {"edit": "0", name: "ya"})

    assert f'name="{name}"' in page
    assert "0 dari" in page
    assert answer.url == url(paper)
    assert "1 dari" in phone.get(url(paper)).content.decode()


def test_a_page_that_saves_by_itself_hears_the_new_count(paper, phone):
    name = next(layout(paper).questions()).name

    answer = phone.post(url(paper), {"edit": "0", name: "ya"}, headers=HTMX).content.decode()

    assert "Tersimpan" in answer
    assert 'name="edit" id="bo-paper-edit" value="1"' in answer
    assert "1 dari" in answer
    assert "<html" not in answer


def test_one_tap_answers_what_is_left_of_a_unit_and_keeps_a_deliberate_no(paper, phone):
    group = layout(paper).sections[0].by_unit[0]
    first, second = [q for q in group.questions if q.line.key == "tampak"][:2]

    answer = phone.post(url(paper), {"edit": "0", first.name: "tidak", "rest": f"1:{group.unit['id']}"})

    assert answer.url.endswith(f"#{group.anchor}")
    kept = json.loads(fresh(paper).answers)["tampak"]
    assert (kept[first.instance], kept[second.instance]) == ("tidak", "ya")
    others = [key for key in kept if not key.startswith(f"{group.unit['id']}-")]
    assert {kept[key] for key in others} == {""}


def test_a_second_tab_sees_both_values_and_may_save_again(paper, phone):
    question = next(q for q in layout(paper).questions() if q.line.key == "lanjut")
    save_answers(form=paper, answers={question.name: "dari ponsel"}, edit=0, by=assessor_of(paper))

    tapped = phone.post(url(paper), {"edit": "0", question.name: "dari laptop"}, headers=HTMX).content.decode()
    assert "Tekan “Simpan” untuk melihat keduanya." in tapped

    answer = phone.post(url(paper), {"edit": "0", question.name: "dari laptop"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "dari ponsel" in page
    assert 'value="dari laptop"' in page
    assert 'id="bo-paper-edit" value="1"' in page


def test_what_does_not_fit_stays_on_the_screen_with_the_reason(phone, paper):
    question = next(q for q in layout(paper).questions() if q.line.key == "lanjut")

    answer = phone.post(url(paper), {"edit": "0", question.name: "x" * 400})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "x" * 400 in page
    assert "Paling banyak 300 karakter" in page


def test_signing_shows_the_words_once_more_and_says_what_is_missing(paper, phone):
    assert "isian wajib belum dijawab" in phone.get(url(paper, "paper_sign")).content.decode()

    saved = phone.post(url(paper), {"edit": "0", "sign": "1", **all_answers(paper)})
    assert saved.url == url(paper, "paper_sign")
    page = phone.get(saved.url)
    assert page.context["blocked"] == ""

    signed = phone.post(saved.url, {"shown": page.context["shown"]})
    assert signed.url == case_url(paper.application)
    assert "ditandatangani" in said(signed)
    assert fresh(paper).status == FilledFormStatus.SIGNED
    assert f'href="{url(paper, "paper_correct")}"' in phone.get(signed.url).content.decode()


def test_one_signature_leads_to_the_paper_that_lacks_only_the_next(paper, phone):
    agreement = fill_in_paper(make_paper(*AGREEMENT, case=_case(paper), filled_by="keduanya", stage="sebelum"))
    fill_in_paper(paper)
    page = phone.get(url(paper, "paper_next"))
    assert page.url == url(paper, "paper_sign")

    signed = phone.post(page.url, {"shown": phone.get(page.url).context["shown"]})

    assert signed.url == url(agreement, "paper_sign")
    assert f"Berikutnya: {agreement.definition.title}" in said(signed)
    done = phone.post(signed.url, {"shown": phone.get(signed.url).context["shown"]})
    assert done.url == case_url(paper.application)


def test_the_way_to_a_paper_that_lacks_answers_leads_to_filling_it_in(paper, phone):
    assert phone.get(url(paper, "paper_next")).url == url(paper)


def test_home_says_which_papers_wait_and_leads_there(paper, phone):
    report = make_report(_scheduled(paper))

    paper.application.status = "assessed"
    paper.application.save()
    page = phone.get(reverse("admin:index"))

    assert page.context["papers"]["count"] == 2
    for waiting in (paper, report):
        assert f'href="{url(waiting, "paper_next")}"' in page.content.decode()


def test_papers_that_were_published_later_are_laid_in_with_one_button(sign_in):
    case = make_case("scheduled")
    button = reverse("admin:papers_prepare", args=[case.application.pk])
    for person in (case.assessor.user, case.clerk):
        assert f'action="{button}"' in sign_in(person).get(case_url(case.application)).content.decode()
    desk = sign_in(case.clerk)

    assert "formulir disiapkan" in said(desk.post(button))

    assert f'action="{button}"' not in desk.get(case_url(case.application)).content.decode()
    assert "Semua formulir sudah ada" in said(desk.post(button))


def test_what_changed_after_it_was_read_is_not_signed(paper, phone):
    fill_in_paper(paper)

    answer = phone.post(url(paper, "paper_sign"), {"shown": "0" * 64})

    assert answer.status_code == 422
    assert "Periksa sekali lagi" in answer.content.decode()


def test_a_change_after_signing_is_refused_with_the_way_to_correct(sign_in):
    paper = make_signed_paper(*CHECKLIST)
    phone = sign_in(assessor_of(paper))

    answer = phone.post(url(paper), {"edit": "1"})

    assert "Pakai “Koreksi”" in said(answer)
    assert "Buka PDF" in phone.get(url(paper)).content.decode()


def test_the_desk_files_a_scan_and_a_wrong_file_is_refused(paper, desk):
    wrong = desk.post(url(paper, "paper_scan"), {"file": SimpleUploadedFile("a.pdf", b"MZ")})
    assert wrong.status_code == 422
    assert "Pilih berkas" in desk.post(url(paper, "paper_scan")).content.decode()

    right = desk.post(url(paper, "paper_scan"), {"file": SimpleUploadedFile("a.pdf", pdf_bytes())})

    assert right.url == case_url(paper.application)
    assert fresh(paper).status == FilledFormStatus.SCANNED
    shown = desk.get(url(paper, "paper_print"))
    assert shown["Content-Type"] == "application/pdf"
    assert shown.getvalue() == pdf_bytes()


def test_a_correction_needs_a_reason_and_leads_to_the_new_paper(sign_in):
    paper = make_signed_paper(*CHECKLIST)
    phone = sign_in(assessor_of(paper))

    assert "Tulis apa yang salah" in phone.post(url(paper, "paper_correct"), {"reason": " "}).content.decode()
    answer = phone.post(url(paper, "paper_correct"), {"reason": "Salah centang"})

    new = fresh(paper).replaced_by
    assert answer.url == url(new)
    page = phone.get(case_url(paper.application)).content.decode()
    assert "Salah centang" in page
    assert "Yang digantikan" in page
    assert f'href="{url(paper, "paper_print")}"' in page


def test_printing_before_signing_gives_a_copy_to_sign_by_hand(paper, phone):
    for address in (url(paper, "paper_print"), url(paper, "paper_print") + "?kosong"):
        answer = phone.get(address)
        assert answer.content.startswith(b"%PDF")
        assert "no-store" in answer["Cache-Control"]


def test_bnsp_reads_signed_papers_without_identifiers_and_no_scans(as_role):
    lines = (("bagian", "Catatan", {}), ("teks-panjang", "Catatan", {"key": "catatan-lain"}))
    paper = make_paper(*lines)
    save_answers(form=paper, answers={"catatan-lain": "Telepon 081234567890"}, edit=0, by=assessor_of(paper))
    bnsp = as_role("bnsp")
    assert bnsp.get(url(paper)).status_code == 404

    sign_form(form=paper, by=assessor_of(paper))

    page = bnsp.get(url(paper)).content.decode()
    assert "Telepon •••" in page
    assert "081234567890" not in page
    assert bnsp.get(url(paper, "paper_print")).content.startswith(b"%PDF")
    assert fresh(paper).document is None
    assert bnsp.post(url(paper), {"edit": "1"}).status_code == 302
    assert bnsp.get(url(paper, "paper_correct")).status_code == 403


def test_an_assessor_sees_the_papers_of_own_cases_only(paper, as_role):
    stranger = as_role("asesor")
    for name in ("paper", "paper_sign", "paper_scan", "paper_correct", "paper_print"):
        assert stranger.get(url(paper, name)).status_code == 404


def test_a_report_about_a_session_is_filled_in_and_signed_by_its_assessor(sign_in):
    case = make_case("assessed", full_name="Sari Wulandari")
    report = make_report(case)
    phone = sign_in(case.assessor.user)

    assert "Sari Wulandari" in phone.get(url(report)).content.decode()
    phone.post(url(report), {"edit": "0", "jumlah-kompeten": "1", "aspek": "Tertib"})
    page = phone.get(url(report, "paper_sign"))
    phone.post(url(report, "paper_sign"), {"shown": page.context["shown"]})

    assert fresh(report).status == FilledFormStatus.SIGNED


def test_what_the_candidate_fills_in_is_not_the_assessors(sign_in):
    paper = make_paper(*FEEDBACK, filled_by="asesi", stage="sesudah", kind="fr-ak-03")

    page = sign_in(assessor_of(paper)).get(url(paper)).content.decode()

    assert "Formulir ini diisi oleh" not in page
    assert "Saya mendapat penjelasan yang cukup" in page
    assert '<input type="radio"' not in page


def test_a_comment_of_the_assessor_stays_folded_until_there_is_one(sign_in):
    paper = make_paper(*RATED)
    phone = sign_in(assessor_of(paper))

    empty = phone.get(url(paper)).content.decode()
    phone.post(url(paper), {"edit": "0", "penjelasan": "tidak", "penjelasan:catatan": "Terlalu singkat"})
    filled = phone.get(url(paper)).content.decode()

    assert empty.count('<details class="bo-result-note"><summary>Catatan/komentar') == 2
    assert filled.count('<details class="bo-result-note"><summary>Catatan/komentar') == 1
    assert filled.count('<details class="bo-result-note" open><summary>Catatan/komentar') == 1
    assert 'aria-label="Catatan atas “Penjelasan cukup” "' in filled


def _scheduled(paper):
    """The same with the session and the assessor that a report asks for."""

    class Same:
        session = AssessmentSession.objects.get(placements__application=paper.application)
        assessor = paper.application.assignments.get().assessor
        clerk = None

    return Same


def _case(paper):
    """The case of a paper, for further ones."""

    class Same:
        application = paper.application
        clerk = None

    return Same
