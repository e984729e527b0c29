"""Papers as PDF: what stands on them, that they are kept, and what readers from outside see."""

import io

import pytest
from pypdf import PdfReader

from core.assessments.models import FilledForm, FormVersion
from core.assessments.papers.layout import layout
from core.assessments.papers.printing import render_paper, stored_paper
from core.assessments.papers.sample import sample_paper
from core.assessments.services.papers import save_answers, sign_form, upload_scan
from core.documents.models import Document
from core.schemes.queries import units_in_order
from tests.factories.corridor import make_case
from tests.factories.documents import pdf_bytes
from tests.factories.forms import (
    AGREEMENT,
    CHECKLIST,
    assessor_of,
    fill_in_paper,
    fresh,
    make_paper,
    make_report,
    make_signed_paper,
)

pytestmark = pytest.mark.django_db


def text_of(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def bytes_of(document: Document) -> bytes:
    with document.file.open("rb") as file:
        return file.read()


def plain(text: str) -> str:
    """Without white space, which a line break on paper adds or takes."""
    return "".join(text.split())


def test_every_question_and_answer_stands_on_the_paper():
    paper = make_signed_paper()

    printed = plain(text_of(bytes_of(stored_paper(paper))))

    for section in layout(paper).sections:
        assert section.is_within or plain(section.title) in printed  # what is drawn within another needs no heading
        for instance in section.instances:
            if instance.subject:
                assert plain(instance.subject.title) in printed
            for question in instance.questions:
                assert plain(question.line.label) in printed
                if question.line.kind in ("teks", "teks-panjang"):
                    assert plain(question.value) in printed
    assert "31Maret2026" in printed


def test_signatures_stand_with_their_code_below_the_head_with_the_facts():
    paper = make_signed_paper(*CHECKLIST)
    code = paper.signatures.get().signature.code

    printed = text_of(bytes_of(stored_paper(paper)))

    assert f"/verifikasi/{code}/" in printed
    for _label, value in layout(paper).head:
        assert plain(value) in plain(printed)


def test_a_signed_paper_is_rendered_once_and_stays_the_same():
    paper = make_signed_paper(*CHECKLIST)

    first = stored_paper(paper)

    assert stored_paper(fresh(paper)) == first
    assert first.owner == paper.application.candidate.user
    assert render_paper(fresh(paper)).content == render_paper(fresh(paper)).content
    assert FilledForm.objects.get(pk=paper.pk).document == first


def test_of_a_scanned_paper_the_scan_is_what_counts():
    paper = make_paper(*CHECKLIST)
    scanned = upload_scan(form=paper, stream=io.BytesIO(pdf_bytes()), file_name="a.pdf", by=assessor_of(paper))

    assert stored_paper(scanned) == scanned.document
    assert scanned.document.uploaded_by_id != paper.application.candidate.user_id


def test_a_paper_not_signed_yet_has_room_for_signatures_by_hand():
    paper = fill_in_paper(make_paper(*AGREEMENT, filled_by="keduanya", stage="sebelum"))

    filled = text_of(render_paper(paper).content)
    empty = text_of(render_paper(paper, empty=True).content)

    assert "☑ Observasi" in filled
    assert "☐ Observasi" in empty
    for printed in (filled, empty):
        assert "Belum ditandatangani secara elektronik" in printed
        assert printed.count("Tanda tangan dan tanggal") == 2


def test_after_the_first_signature_the_other_place_is_still_empty():
    paper = fill_in_paper(make_paper(*AGREEMENT, filled_by="keduanya", stage="sebelum"))
    sign_form(form=paper, by=assessor_of(paper))

    printed = text_of(render_paper(fresh(paper)).content)

    assert printed.count("Ditandatangani secara elektronik oleh") == 1
    assert printed.count("Tanda tangan dan tanggal") == 1


def test_readers_from_outside_see_no_number_or_address_that_points_at_a_person():
    paper = make_paper(("bagian", "Catatan", {}), ("teks-panjang", "Catatan", {"key": "catatan-lain"}))
    words = "Hubungi sari@contoh.id atau 081234567890 sebelum pukul 10"
    save_answers(form=paper, answers={"catatan-lain": words}, edit=0, by=assessor_of(paper))
    sign_form(form=paper, by=assessor_of(paper))

    printed = text_of(render_paper(fresh(paper), masked=True).content)

    assert "sari@contoh.id" not in printed
    assert "081234567890" not in printed
    assert "sebelum pukul 10" in printed
    assert "disamarkan" in printed


def test_a_report_about_a_session_lists_its_cases():
    case = make_case("assessed", full_name="Sari Wulandari")

    printed = text_of(render_paper(make_report(case)).content)

    assert "Sari Wulandari" in printed
    assert f"Kode jadwal {case.session.number}" in printed


def test_the_units_of_its_scheme_stand_on_a_report_about_a_session():
    case = make_case("assessed")

    printed = plain(text_of(render_paper(make_report(case)).content))

    for unit in units_in_order(case.application.scheme_version):
        assert unit.code in printed
        assert plain(unit.title) in printed


def test_what_is_asked_of_an_element_stands_below_its_title_before_its_kuk():
    lines = (("bagian", "Acuan", {"repeat": "elemen"}), ("teks", "Standar", {"key": "acuan"}), *CHECKLIST)
    paper = fill_in_paper(make_paper(*lines))
    section = layout(paper).sections[1]
    _element, (about,), (first, *_others) = section.by_unit[0].parts[0]

    printed = plain(text_of(render_paper(paper).content))

    assert section.per_element.is_within
    assert printed.index(plain(f"Standar: {about.value}")) < printed.index(plain(first.subject.title))
    assert printed.count(plain(about.value)) == 1


def test_one_question_by_itself_is_no_table():
    paper = fill_in_paper(make_paper(("bagian", "Akhir", {}), ("k-bk", "Rekomendasi", {"key": "akhir"})))

    printed = text_of(render_paper(paper).content)

    assert "☑ Kompeten" in printed
    assert "☐ Belum kompeten" in printed
    assert "Pertanyaan" not in printed


def test_a_draft_shows_as_a_blank_form_over_real_units_and_leaves_nothing_behind():
    before = (FilledForm.objects.count(), Document.objects.count())
    version = FormVersion.objects.get(definition__code="fr-ia-01")

    printed = text_of(sample_paper(version).content)

    assert "CONTOH" in printed
    assert "O.842340." in printed
    assert "Tanda tangan dan tanggal" in printed
    assert "☑" not in printed
    assert (FilledForm.objects.count(), Document.objects.count()) == before


@pytest.mark.parametrize("code", ["fr-ak-01", "fr-ak-02", "fr-ak-03", "fr-ak-04", "fr-ak-05"])
def test_every_form_of_bnsp_prints_blank(code):
    version = FormVersion.objects.get(definition__code=code)
    printed = plain(text_of(sample_paper(version).content))
    for line in version.lines.exclude(kind="bagian"):
        assert plain(line.label) in printed
