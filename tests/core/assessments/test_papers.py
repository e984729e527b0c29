"""Papers of a case: spread over its units, filled in, signed, scanned, corrected."""

import io
import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.activity.models import ActivityEntry
from core.applications.queries import latest_submission
from core.applications.snapshot import content_hash
from core.assessments.enums import FilledFormStatus, FormParty, LineKind
from core.assessments.form_sets import forms_needed, lacks_forms
from core.assessments.models import AssessmentSession, FilledForm, FormVersion
from core.assessments.papers.answers import AnswersRefused
from core.assessments.papers.layout import SILENT, layout, units_of
from core.assessments.papers.queries import own_papers, papers_for, papers_of_case, papers_waiting_for, ready_to_sign
from core.assessments.papers.rules import may_read, why_not_sign
from core.assessments.services import place_applications
from core.assessments.services.papers import (
    correct_form,
    lay_in_paper,
    lay_in_papers,
    lay_in_session_papers,
    prepare_papers,
    save_answers,
    sign_form,
    tell_candidate,
    upload_scan,
)
from core.common.exceptions import DomainError, StaleVersion
from core.documents.models import Signature
from core.messaging.models import OutboxMessage
from core.reports.papers import paper_of_signature
from core.schemes.models import Element, PerformanceCriterion
from tests.factories.accounts import make_user
from tests.factories.assessments import make_assessor
from tests.factories.corridor import make_case, make_session
from tests.factories.documents import jpeg_bytes, pdf_bytes
from tests.factories.forms import (
    AGREEMENT,
    CHECKLIST,
    FEEDBACK,
    REPORT,
    Needed,
    all_answers,
    assessor_of,
    fill_in_paper,
    fresh,
    lay_in,
    make_agreement,
    make_form_definition,
    make_paper,
    make_report,
    make_signed_paper,
)

pytestmark = pytest.mark.django_db


def candidate_of(paper):
    return paper.application.candidate.user


def refusal(act, **arguments) -> DomainError:
    with pytest.raises(DomainError) as caught:
        act(**arguments)
    return caught.value


# --- spreading ------------------------------------------------------------------------------------------


def test_every_repeat_asks_for_every_subject_of_the_frozen_scheme():
    paper = make_paper()
    units = units_of(latest_submission(paper.application).snapshot)
    elements = [element for _id, unit in units for element in unit["elements"]]
    criteria = [criterion for element in elements for criterion in element["criteria"]]

    first, once, per_unit, per_element, per_criterion = layout(paper).sections

    assert (first.title, [line.label for line in first.lines]) == ("", ["Petunjuk sebelum bagian pertama"])
    assert len(once.instances) == 1
    assert [i.subject.code for i in per_unit.instances] == [unit["code"] for _id, unit in units]
    assert [i.subject.title for i in per_element.instances] == [element["title"] for element in elements]
    assert [i.subject.title for i in per_criterion.instances] == [criterion["text"] for criterion in criteria]
    assert len(criteria) > len(elements) > len(units) > 1


def test_every_kind_of_line_is_asked_and_notes_are_not():
    once = layout(make_paper()).sections[1]
    asked = {question.line.kind for question in once.instances[0].questions}

    assert asked == set(LineKind) - SILENT
    assert [getattr(item, "kind", "") for item in once.instances[0].items].count("petunjuk") == 1


def test_a_scheme_that_changes_changes_no_paper_of_a_case_under_way():
    paper = make_paper(*CHECKLIST)
    before = [i.subject.title for i in layout(paper).sections[0].instances]

    PerformanceCriterion.objects.update(text="Diganti")
    Element.objects.update(title="Diganti")

    assert [i.subject.title for i in layout(fresh(paper)).sections[0].instances] == before


def test_the_head_tells_facts_that_nobody_types():
    paper = make_paper()
    session = AssessmentSession.objects.get(placements__application=paper.application)
    assessor = paper.application.assignments.get().assessor

    values = dict(layout(paper).head)

    assert values["Nama asesi"] == candidate_of(paper).full_name
    assert values["Nama asesor"] == assessor.user.full_name
    assert values["No. Reg. asesor"] == assessor.registration_number
    assert values["TUK"].startswith(session.venue.name)
    assert str(timezone.localtime(session.starts_at).year) in values["Tanggal asesmen"]


def test_progress_counts_kuk_where_a_paper_has_some():
    paper = make_paper(*CHECKLIST)
    total = len(layout(paper).sections[0].instances)
    name = next(layout(paper).questions()).name

    save_answers(form=paper, answers={name: "ya"}, edit=0, by=assessor_of(paper))

    assert layout(fresh(paper)).progress == {"done": 1, "total": total, "is_kuk": True}


# --- laying in ------------------------------------------------------------------------------------------


def test_laying_in_twice_lays_in_once():
    case = make_case("preassessed")
    definitions = [make_form_definition(*FEEDBACK), make_form_definition(*CHECKLIST)]
    lay_in(case, *definitions)

    again = lay_in_papers(application=case.application, needed=[Needed(d) for d in definitions], by=case.clerk)

    assert again == []
    assert [p.status for p in papers_of_case(case.application)] == [FilledFormStatus.EMPTY] * 2


def test_papers_of_appeals_and_of_sessions_and_unpublished_ones_are_not_laid_in_with_the_others():
    case = make_case("preassessed")
    unpublished = make_form_definition(*FEEDBACK)
    FormVersion.objects.filter(definition=unpublished).update(status="draf")
    needed = [
        make_form_definition(*FEEDBACK, stage="banding"),
        make_form_definition(*REPORT, subject="jadwal"),
        make_form_definition(*FEEDBACK, is_active=False),
        unpublished,
    ]

    assert lay_in(case, *needed) == []
    assert refusal(lay_in_paper, application=case.application, definition=unpublished, by=case.clerk).code == (
        "paper.unpublished"
    )


def test_a_case_older_than_its_forms_gets_them_by_hand_once_and_for_its_own_people_alone():
    case = make_case("scheduled")
    needed = {row.definition.code for row in forms_needed(case.application.scheme_version.scheme, subject="permohonan")}

    laid = prepare_papers(application=case.application, by=case.assessor.user)

    assert {paper.definition.code for paper in laid} == needed - {"fr-ak-04"}
    assert prepare_papers(application=case.application, by=case.clerk) == []
    assert not lacks_forms(case.application.scheme_version.scheme, {paper.definition_id for paper in laid})
    stranger = make_assessor().user
    assert "sekretariat atau asesor" in refusal(prepare_papers, application=case.application, by=stranger).message
    early = make_case("accepted")
    assert "setelah pra-asesmen" in refusal(prepare_papers, application=early.application, by=early.clerk).message


def test_a_case_that_is_placed_has_the_papers_that_were_published_since_its_pre_assessment():
    case = make_case("preassessed")
    session = make_session(scheme=case.application.scheme_version.scheme)

    place_applications(session=session, applications=[case.application], accept_warnings=True, by=case.clerk)

    assert "fr-ak-01" in {paper.definition.code for paper in papers_of_case(case.application)}


def test_a_session_gets_one_report_for_each_assessor_who_has_a_case_in_it():
    case = make_case("scheduled")
    make_case("scheduled", session=case.session)
    make_case("scheduled", session=case.session, assessor=case.assessor)
    needed = [Needed(make_form_definition(*REPORT, subject="jadwal", stage="sesudah"))]

    assert len(lay_in_session_papers(session=case.session, needed=needed, by=case.clerk)) == 2
    assert lay_in_session_papers(session=case.session, needed=needed, by=case.clerk) == []


# --- filling in -------------------------------------------------------------------------------------------


def test_a_draft_may_be_incomplete_and_comes_back_as_it_was():
    paper = make_paper()

    saved = save_answers(
        form=paper, answers={"alat": "  Tenda\u200b  regu ", "bukti": ["Lisan", "Observasi"]}, edit=0,
        by=assessor_of(paper),
    )  # fmt: skip

    assert (saved.status, saved.edit) == (FilledFormStatus.DRAFT, 1)
    answers = {
        question.line.key: question.value for question in layout(fresh(paper)).sections[1].instances[0].questions
    }
    assert answers["alat"] == "Tenda regu"
    assert answers["bukti"] == ["Observasi", "Lisan"]
    assert "Tenda" not in FilledForm.objects.filter(pk=paper.pk).values_list("pk", "sha256").first()
    assert ActivityEntry.objects.filter(code="form.save", subject_id=str(paper.pk)).count() == 1


def test_what_one_saving_does_not_name_stays_and_saving_the_same_counts_no_edit():
    paper = make_paper()
    by = assessor_of(paper)
    save_answers(form=paper, answers={"alat": "Tenda"}, edit=0, by=by)
    save_answers(form=paper, answers={"aman": "ya"}, edit=1, by=by)

    saved = save_answers(form=paper, answers={"aman": "ya"}, edit=2, by=by)

    assert saved.edit == 2
    assert json.loads(saved.answers) == {"alat": "Tenda", "aman": "ya"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("tersedia", "mungkin"),
        ("kesan", "C"),
        ("tempat", "Bulan"),
        ("bukti", ["Lisan", "Ramalan"]),
        ("lancar", "9"),
        ("hari", "2026-02-30"),
        ("alat", "x" * 301),
        ("uraian", "x" * 4001),
        ("alat", ["dua", "nilai"]),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_beside_its_question_and_nothing_is_kept(name, value):
    paper = make_paper()

    error = refusal(save_answers, form=paper, answers={name: value, "aman": "ya"}, edit=0, by=assessor_of(paper))

    assert isinstance(error, AnswersRefused)
    assert list(error.errors) == [name]
    assert fresh(paper).answers == ""


@pytest.mark.parametrize("name", ["tidak-ada", "tampak.1-1-999", "tampak", "baris-3"])
def test_a_question_that_the_paper_does_not_ask_is_refused(name):
    paper = make_paper()

    assert refusal(save_answers, form=paper, answers={name: "ya"}, edit=0, by=assessor_of(paper)).code == (
        "paper.unknown_answer"
    )


def test_two_tabs_do_not_overwrite_each_other():
    paper = make_paper()
    by = assessor_of(paper)
    save_answers(form=paper, answers={"alat": "Tab pertama"}, edit=0, by=by)

    error = refusal(save_answers, form=paper, answers={"alat": "Tab kedua"}, edit=0, by=by)

    assert isinstance(error, StaleVersion)
    assert json.loads(fresh(paper).answers)["alat"] == "Tab pertama"


def test_the_same_sent_twice_is_kept_once():
    paper = make_paper()
    by = assessor_of(paper)
    save_answers(form=paper, answers={"alat": "Tenda"}, edit=0, by=by)

    again = save_answers(form=paper, answers={"alat": "Tenda"}, edit=0, by=by)

    assert again.edit == 1


def test_only_the_assessor_who_has_the_case_fills_in_the_assessors_part():
    paper = make_paper()
    for stranger in (candidate_of(paper), make_assessor().user, make_user(role="sekretariat"), make_user(role="bnsp")):
        assert refusal(save_answers, form=paper, answers={"aman": "ya"}, edit=0, by=stranger).code == (
            "paper.not_fillable"
        )
    assert fresh(paper).answers == ""


def test_each_party_writes_its_own_lines_only():
    paper = make_paper(*AGREEMENT, ("ya-tidak", "Saya setuju", {"key": "setuju", "filled_by": "asesi"}),
                       filled_by="keduanya", stage="sebelum")  # fmt: skip

    code = refusal(save_answers, form=paper, answers={"setuju": "ya"}, edit=0, by=assessor_of(paper)).code
    assert code == "paper.unknown_answer"
    code = refusal(save_answers, form=paper, answers={"bukti": ["Observasi"]}, edit=0, by=candidate_of(paper)).code
    assert code == "paper.unknown_answer"
    save_answers(form=paper, answers={"setuju": "ya"}, edit=0, by=candidate_of(paper))


def test_whoever_is_asked_nothing_fills_in_nothing():
    feedback = make_paper(*FEEDBACK, filled_by="asesi", stage="sesudah")
    agreement = make_paper(*AGREEMENT, filled_by="keduanya", stage="sebelum")

    for paper, person in ((feedback, assessor_of(feedback)), (agreement, candidate_of(agreement))):
        error = refusal(save_answers, form=paper, answers={}, edit=0, by=person)
        assert error.message == "Tidak ada yang perlu Anda isi pada formulir ini."


def test_a_paper_of_the_assessment_waits_for_its_day():
    case = make_case("scheduled")
    tomorrow = timezone.now() + timedelta(days=1)
    AssessmentSession.objects.filter(pk=case.session.pk).update(
        starts_at=tomorrow, ends_at=tomorrow + timedelta(hours=8)
    )
    during, before = make_paper(case=case), make_paper(*AGREEMENT, case=case, stage="sebelum", filled_by="keduanya")

    error = refusal(save_answers, form=during, answers={"aman": "ya"}, edit=0, by=case.assessor.user)

    assert "mulai hari uji" in error.message
    save_answers(form=before, answers={"bukti": ["Observasi"]}, edit=0, by=case.assessor.user)


# --- signing ----------------------------------------------------------------------------------------------


def test_signing_needs_all_that_is_required():
    paper = make_paper(*CHECKLIST)

    assert "isian wajib belum dijawab" in refusal(sign_form, form=paper, by=assessor_of(paper)).message

    signed = sign_form(form=fill_in_paper(paper), by=assessor_of(paper))
    assert signed.status == FilledFormStatus.SIGNED
    assert signed.completed_at is not None


def test_the_signature_covers_the_frozen_content():
    paper = make_signed_paper()
    signature = paper.signatures.get().signature

    content = json.loads(paper.content)

    assert signature.content_sha256 == paper.sha256
    assert (signature.role, signature.signer) == ("Asesor", assessor_of(paper))
    assert content["number"] == paper.application.number
    assert content["sections"][1]["instances"][0]["answers"]["alat"] == "Isi alat"
    assert json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")) == paper.content


def test_both_parties_sign_the_same_words():
    paper = fill_in_paper(make_paper(*AGREEMENT, filled_by="keduanya", stage="sebelum"))

    first = sign_form(form=paper, by=assessor_of(paper))
    assert first.status == FilledFormStatus.PARTLY_SIGNED
    assert first.completed_at is None
    assert refusal(sign_form, form=paper, by=assessor_of(paper)).message == "Anda sudah menandatangani formulir ini."

    signed = sign_form(form=paper, by=candidate_of(paper))
    assert signed.status == FilledFormStatus.SIGNED
    hashes = {row.signature.content_sha256 for row in fresh(paper).signatures.all()}
    assert hashes == {signed.sha256}


def test_a_candidate_does_not_sign_before_the_assessor_has_done_their_part():
    paper = make_paper(*AGREEMENT, filled_by="keduanya", stage="sebelum")

    assert why_not_sign(paper, candidate_of(paper)) == "Asesor belum melengkapi bagiannya."
    assert not may_read(paper, candidate_of(paper))
    assert may_read(fill_in_paper(paper), candidate_of(paper))


def test_what_the_system_filled_in_is_not_yet_the_assessors_word():
    paper = _agreement_with_the_day()
    assert not layout(paper).missing()

    assert why_not_sign(paper, candidate_of(paper)) == "Asesor belum melengkapi bagiannya."
    assert own_papers(paper.application)["waiting"] == []
    assert sign_form(form=paper, by=assessor_of(paper)).status == FilledFormStatus.PARTLY_SIGNED
    assert own_papers(paper.application)["waiting"] == [paper]
    assert sign_form(form=paper, by=candidate_of(paper)).status == FilledFormStatus.SIGNED


def test_the_agreement_names_the_day_and_place_of_the_session_or_the_invitation_to_come():
    session = AssessmentSession.objects.get(placements__application=(placed := _agreement_with_the_day()).application)
    answers = {question.line.key: question.value for question in layout(placed).questions()}
    assert session.venue.name in answers["tempat-uji"]
    assert str(timezone.localtime(session.starts_at).year) in answers["hari-tanggal"]

    answers = {q.line.key: q.value for q in layout(_agreement_with_the_day(status="preassessed")).questions()}
    assert set(answers.values()) == {"Sesuai undangan jadwal uji"}


def test_the_agreement_ticks_the_evidence_that_the_cases_other_forms_collect():
    case = make_case("preassessed")
    prepare_papers(application=case.application, by=case.clerk)
    agreement = fresh(FilledForm.objects.get(application=case.application, definition__code="fr-ak-01"))

    evidence = next(question for question in layout(agreement).questions() if question.line.key == "bukti")

    assert evidence.value == ["Hasil Observasi Langsung"]
    assert evidence.is_filled_in


def test_the_candidate_gets_one_letter_for_each_paper_that_waits():
    paper = _agreement_with_the_day()
    letters = OutboxMessage.objects.filter(template_key="paper-waiting")
    assert not letters.exists()

    sign_form(form=paper, by=assessor_of(paper))
    tell_candidate(paper.application)

    letter = letters.get()
    assert letter.recipient == candidate_of(paper)
    assert f"/permohonan/{paper.application.reference}/berkas/{paper.pk}/" in letter.body
    assert paper.definition.title in letter.subject


def test_what_waits_for_an_assessor_is_what_is_due_and_not_signed_by_them():
    case = make_case("scheduled")
    during = make_paper(*CHECKLIST, case=case)
    agreement = make_paper(*AGREEMENT, case=case, filled_by="keduanya", stage="sebelum")
    make_paper(*FEEDBACK, case=case, filled_by="asesi", stage="sesudah")
    record = make_paper(*CHECKLIST, case=case, stage="sesudah")  # waits for the results
    report = make_report(case)
    me = case.assessor.user
    assert {paper.pk for paper in papers_waiting_for(me)} == {during.pk, agreement.pk}  # the report: after the results
    assert papers_waiting_for(make_assessor().user) == []

    sign_form(form=fill_in_paper(agreement), by=me)
    case.application.status = "assessed"
    case.application.save()

    assert {paper.pk for paper in papers_waiting_for(me)} == {during.pk, record.pk, report.pk}
    assert {paper.pk for paper in papers_waiting_for(me, case.application)} == {during.pk, record.pk}
    assert ready_to_sign(me, case.application) is None
    fill_in_paper(record)
    assert ready_to_sign(me, case.application) == record


def test_what_waits_costs_the_same_for_few_and_many_papers(django_assert_num_queries):
    case = make_case("scheduled")
    make_paper(*CHECKLIST, case=case)
    with CaptureQueriesContext(connection) as few:
        papers_waiting_for(case.assessor.user)
    for _n in range(3):
        other = make_case("scheduled", assessor=case.assessor)
        make_paper(*CHECKLIST, case=other)
        make_paper(*AGREEMENT, case=other, filled_by="keduanya", stage="sebelum")
    with django_assert_num_queries(len(few)):
        assert len(papers_waiting_for(case.assessor.user)) == 7


def _agreement_with_the_day(status: str = "scheduled"):
    lines = [
        ("bagian", "Pelaksanaan asesmen disepakati pada", {}),
        *(("teks", key, {"key": key, "filled_by": "asesor"}) for key in ("hari-tanggal", "waktu", "tempat-uji")),
    ]
    return make_paper(*lines, status=status, filled_by="keduanya", stage="sebelum")


def test_nobody_signs_for_somebody_else():
    paper = fill_in_paper(make_paper(*CHECKLIST))

    for stranger in (candidate_of(paper), make_assessor().user, make_user(role="sekretariat"), make_user(role="bnsp")):
        assert "ditandatangani oleh asesor" in refusal(sign_form, form=paper, by=stranger).message
    assert fresh(paper).status == FilledFormStatus.DRAFT


def test_what_changed_since_it_was_read_is_not_signed():
    paper = fill_in_paper(make_paper(*CHECKLIST))

    assert isinstance(refusal(sign_form, form=paper, shown="0" * 64, by=assessor_of(paper)), StaleVersion)
    assert fresh(paper).signatures.count() == 0


def test_after_the_first_signature_nothing_changes_any_more():
    paper = fill_in_paper(make_paper(*AGREEMENT, filled_by="keduanya", stage="sebelum"))
    sign_form(form=paper, by=assessor_of(paper))
    for status in ("sebagian", "ditandatangani"):
        assert fresh(paper).status == status
        error = refusal(save_answers, form=paper, answers={"bukti": []}, edit=1, by=assessor_of(paper))
        assert "Pakai “Koreksi”" in error.message
        if status == "sebagian":
            sign_form(form=paper, by=candidate_of(paper))


def test_an_assessor_who_took_over_does_not_finish_what_a_colleague_began():
    paper = fill_in_paper(make_paper(*AGREEMENT, filled_by="keduanya", stage="sebelum"))
    sign_form(form=paper, by=candidate_of(paper))
    other = make_assessor()
    paper.application.assignments.update(assessor=other)

    assert "Asesor sudah diganti" in refusal(sign_form, form=paper, by=other.user).message


# --- correcting ---------------------------------------------------------------------------------------------


def test_a_correction_is_a_new_paper_and_the_old_one_stays_readable():
    paper = make_signed_paper(*CHECKLIST)
    by = assessor_of(paper)
    content = paper.content

    new = correct_form(form=paper, reason="Salah centang KUK 1.2", by=by)

    old = fresh(paper)
    assert (old.in_force, old.content, old.status) == (None, content, FilledFormStatus.SIGNED)
    assert (new.replaces, new.status, new.answers) == (old, FilledFormStatus.DRAFT, old.answers)
    (shown,) = papers_of_case(paper.application)
    assert (shown, shown.earlier) == (new, [old])
    assert "sudah diganti koreksinya" in refusal(correct_form, form=paper, reason="Lagi", by=by).message
    assert sign_form(form=new, by=by).status == FilledFormStatus.SIGNED


def test_a_correction_says_why_and_only_what_is_signed_is_corrected():
    paper = make_signed_paper(*CHECKLIST)
    assert refusal(correct_form, form=paper, reason="  ", by=assessor_of(paper)).code == "paper.no_reason"
    assert "sekretariat" in refusal(correct_form, form=paper, reason="x", by=candidate_of(paper)).message

    draft = make_paper(*CHECKLIST)
    assert "ubah saja isinya" in refusal(correct_form, form=draft, reason="x", by=assessor_of(draft)).message


# --- scans --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("content", "name"), [(pdf_bytes(), "ak01.pdf"), (jpeg_bytes(), "foto.jpg")])
def test_a_scan_is_as_final_as_a_signature(content, name):
    paper = make_paper(*CHECKLIST)

    scanned = upload_scan(form=paper, stream=io.BytesIO(content), file_name=name, by=make_user(role="sekretariat"))

    assert scanned.status == FilledFormStatus.SCANNED
    assert scanned.document.document_type == paper.definition.document_type
    assert scanned.sha256 == scanned.document.sha256
    error = refusal(save_answers, form=paper, answers={}, edit=0, by=assessor_of(paper))
    assert "Pakai “Koreksi”" in error.message


def test_a_scan_of_a_paper_that_one_party_signed_here_keeps_what_that_signature_covers():
    paper = fill_in_paper(make_paper(*AGREEMENT, filled_by="keduanya", stage="sebelum"))
    signed = sign_form(form=paper, by=assessor_of(paper))

    scanned = upload_scan(form=signed, stream=io.BytesIO(pdf_bytes()), file_name="a.pdf", by=assessor_of(paper))

    assert scanned.signatures.get().signature.content_sha256 == content_hash(scanned.content)


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"MZ\x90\x00 bukan PDF", "ak01.pdf"), (b"%PDF-1.7 rusak", "ak01.pdf"), (b"<svg onload='x'/>", "foto.jpg")],
)
def test_a_hostile_scan_is_refused_and_the_paper_stays_open(content, name):
    paper = make_paper(*CHECKLIST)

    error = refusal(upload_scan, form=paper, stream=io.BytesIO(content), file_name=name, by=assessor_of(paper))

    assert error.field == "file"
    assert fresh(paper).status == FilledFormStatus.EMPTY


def test_scans_come_from_the_assessor_or_the_desk():
    paper = make_paper(*CHECKLIST)
    for stranger in (
        candidate_of(paper),
        make_assessor().user,
        make_user(role="bnsp"),
        make_user(role="administrator"),
    ):
        error = refusal(upload_scan, form=paper, stream=io.BytesIO(pdf_bytes()), file_name="a.pdf", by=stranger)
        assert error.code == "paper.not_scannable"


# --- what the system fills in ---------------------------------------------------------------------------------


def test_results_of_the_record_come_filled_in_and_may_be_changed_until_signed():
    case = make_case("assessed", outcome="BK")
    paper = make_paper(case=case)
    section = layout(paper).sections[2]
    hasil, metode = section.instances[0].questions

    assert (hasil.value, hasil.is_filled_in) == ("BK", True)
    assert metode.value == ["Observasi demonstrasi"]

    save_answers(form=paper, answers={hasil.name: "K"}, edit=0, by=case.assessor.user)

    changed = layout(fresh(paper)).sections[2].instances[0].questions[0]
    assert (changed.value, changed.differs, changed.suggestion) == ("K", True, "BK")


def test_what_was_filled_in_is_signed_with_the_rest():
    case = make_case("assessed")
    paper = make_paper(("bagian", "Hasil", {"repeat": "unit"}), ("k-bk", "Hasil", {"key": "hasil"}), case=case)

    signed = sign_form(form=paper, by=case.assessor.user)

    answers = json.loads(signed.answers)["hasil"]
    assert set(answers.values()) == {"K"}
    assert len(answers) == case.application.scheme_version.units.count()


def test_a_report_lists_the_cases_of_its_assessor_with_their_results():
    case = make_case("assessed", full_name="Sari Wulandari")
    make_case("assessed", session=case.session, assessor=case.assessor, outcome="BK", full_name="Budi Latu")
    make_case("assessed", session=case.session, full_name="Orang Lain")

    paper = layout(make_report(case))

    assert [(p["name"], p["outcome"]) for p in paper.people] == [("Sari Wulandari", "K"), ("Budi Latu", "BK")]
    assert "O.842340.026.01" in paper.people[1]["note"]
    assert paper.people[0]["note"] == ""
    assert next(paper.questions()).value == "1"


# --- who sees what ------------------------------------------------------------------------------------------


def test_everybody_sees_the_papers_that_are_theirs_to_see():
    paper = make_signed_paper(*CHECKLIST)
    draft = make_paper(*FEEDBACK)
    report = make_report(make_case("scheduled"))

    assert set(papers_for(make_user(role="sekretariat"))) >= {paper, draft, report}
    assert set(papers_for(assessor_of(paper))) == {paper}
    assert set(papers_for(report.assessor.user)) == {report}
    assert set(papers_for(make_user(role="bnsp"))) == {paper}
    assert not papers_for(candidate_of(paper)).exists()


def test_a_candidate_sees_what_waits_for_them_and_what_is_complete():
    case = make_case("scheduled")
    make_paper(*CHECKLIST, case=case)
    feedback = make_paper(*FEEDBACK, case=case, filled_by="asesi", stage="sesudah")
    agreement = make_agreement(case)

    papers = own_papers(case.application)

    assert papers == {"waiting": [feedback], "done": [agreement]}


def test_what_the_assessor_wrote_alone_is_the_candidates_to_read_after_the_decision():
    case = make_case("scheduled")
    record = make_signed_paper(*CHECKLIST, case=case)
    assert own_papers(case.application)["done"] == []
    assert not may_read(record, candidate_of(record))

    for status in ("not_yet_competent", "appealed", "certified"):  # an appeal takes away nothing that was read
        case.application.status = record.application.status = status
        assert own_papers(case.application)["done"] == [record]
        assert may_read(record, candidate_of(record))


def test_a_signature_tells_what_it_stands_for_without_a_name():
    paper = make_signed_paper(*CHECKLIST)
    signature = paper.signatures.get().signature

    told = paper_of_signature(signature)
    assert (told.scheme, told.is_replaced) == (paper.application.scheme_version.scheme.title, False)
    assert candidate_of(paper).full_name not in str(told)

    correct_form(form=paper, reason="Salah", by=assessor_of(paper))
    assert paper_of_signature(Signature.objects.get(pk=signature.pk)).is_replaced


def test_a_paper_takes_few_queries_however_many_kuk_it_has(django_assert_max_num_queries):
    paper = make_paper(*CHECKLIST)
    with django_assert_max_num_queries(12):
        list(layout(fresh(paper)).questions())


def test_every_party_of_a_paper_has_answers_that_fit():
    assert all_answers(make_paper(), FormParty.ASSESSOR)
