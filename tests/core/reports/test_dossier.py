"""The checklist of a case's file: what should be there, what is, and what one may open."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.applications.case_file import add_to_file
from core.applications.enums import FormCode
from core.applications.forms import ensure_form
from core.applications.models import Application, ExpectedDocument
from core.applications.queries import latest_submission
from core.applications.services import detach_evidence
from core.assessments.models import FilledForm
from core.documents.models import Document, DocumentType
from core.reports.dossier import PaperState, Part, checklist_of, checklists_of, is_complete
from tests.factories.accounts import make_user
from tests.factories.applications import make_application
from tests.factories.certificates import make_certificate
from tests.factories.corridor import make_case
from tests.factories.documents import jpeg_bytes, make_document
from tests.factories.forms import AGREEMENT, CHECKLIST, make_paper, make_report, make_signed_paper

pytestmark = pytest.mark.django_db


def item_of(case, title):
    return next(item for item in checklist_of(case).items if item.title.startswith(title))


def titles(checklist, part):
    return [item.title for item in dict(checklist.parts).get(part, [])]


def add(case, kind, *, by=None, **more):
    import io

    document, _new = add_to_file(
        application=case,
        document_type=DocumentType.objects.get(code=kind),
        stream=io.BytesIO(jpeg_bytes()),
        file_name="scan.jpg",
        by=by or make_user(role="sekretariat"),
        **more,
    )
    return document


# --- what should be there -------------------------------------------------------------------------------


def test_a_sent_case_holds_its_requirements_and_its_forms_before_anybody_looked_at_them():
    case = make_application(status="submitted")
    checklist = checklist_of(case)

    assert titles(checklist, Part.APPLICATION) == [
        "FR.APL-01 Permohonan Sertifikasi Kompetensi",
        "FR.APL-02 Asesmen Mandiri",
    ]
    assert [(part, len(items)) for part, items in checklist.parts][1] == (
        Part.EVIDENCE,
        case.scheme_version.requirements.count(),
    )
    form = item_of(case, "FR.APL-01")
    assert (form.state, form.papers[0].document, form.papers[0].source[0]) == (PaperState.THERE, None, "form")
    assert checklist.is_complete
    assert is_complete(case)


def test_a_requirement_without_evidence_is_missing_or_just_optional():
    case = make_application(status="submitted")
    required = case.requirement_evidence.filter(requirement__is_required=True, documents__isnull=False).first()
    required.documents.clear()

    item = next(i for i in checklist_of(case).items if i.key == f"syarat-{required.requirement_id}")
    optional = next(i for i in checklist_of(case).items if i.part == Part.EVIDENCE and not i.is_required)

    assert (item.state, item.lacks) == (PaperState.MISSING, True)
    assert (optional.state, optional.lacks) == (PaperState.OPTIONAL, False)
    assert not is_complete(case)


def test_evidence_that_was_found_wanting_is_rejected_with_the_note_until_something_newer_is_filed():
    case = make_application(status="under_review")
    row = case.requirement_evidence.get(requirement__title="KTP")
    row.verdict, row.note, row.checked_at = "tidak_memenuhi", "Buram", timezone.now()
    row.save()

    item = item_of(case, "KTP")
    assert (item.state, item.note, item.lacks) == (PaperState.REJECTED, "Buram", True)

    add(case, "ktp", replaces=row.documents.get())
    assert item_of(case, "KTP").state == PaperState.THERE


def test_a_paper_past_its_day_has_expired_as_long_as_the_case_is_open():
    case = make_application(status="accepted")
    ktp = case.requirement_evidence.get(requirement__title="KTP").documents.get()
    Document.objects.filter(pk=ktp.pk).update(valid_until=timezone.localdate() - timedelta(days=1))
    assert (item_of(case, "KTP").state, is_complete(case)) == (PaperState.EXPIRED, False)

    Document.objects.filter(pk=ktp.pk).update(valid_until=timezone.localdate())
    assert item_of(case, "KTP").state == PaperState.THERE

    Document.objects.filter(pk=ktp.pk).update(valid_until=timezone.localdate() - timedelta(days=1))
    closed = make_certificate().application
    old = closed.requirement_evidence.filter(documents__isnull=False).first().documents.first()
    Document.objects.filter(pk=old.pk).update(valid_until=timezone.localdate() - timedelta(days=1))
    assert PaperState.EXPIRED not in {item.state for item in checklist_of(closed).items}


@pytest.mark.parametrize(
    ("stored", "state"),
    [("menunggu", PaperState.SCANNING), ("ditolak", PaperState.REFUSED), ("dimusnahkan", PaperState.DESTROYED)],
)
def test_a_paper_that_nobody_can_open_does_not_count_as_there(stored, state):
    case = make_application(status="accepted")
    ktp = case.requirement_evidence.get(requirement__title="KTP").documents.get()
    Document.objects.filter(pk=ktp.pk).update(state=stored)
    assert item_of(case, "KTP").state == state
    assert item_of(case, "KTP").lacks is (stored != "dimusnahkan")


def test_forms_wait_for_their_signatures_and_are_there_once_signed_although_nobody_printed_them():
    case = make_case("scheduled")
    waiting = make_paper(*CHECKLIST, case=case, kind="fr-ia-01")
    assert item_of(case.application, waiting.definition.title).state == PaperState.LATER

    case.application.status = "assessed"
    case.application.save()
    assert item_of(case.application, waiting.definition.title).state == PaperState.MISSING

    FilledForm.objects.filter(pk=waiting.pk).update(status="sebagian")
    item = item_of(case.application, waiting.definition.title)
    assert (item.state, item.note) == (PaperState.UNSIGNED, "Menunggu asesor.")

    signed = make_signed_paper(*AGREEMENT, case=case, kind="fr-ak-01", filled_by="asesor")
    item = item_of(case.application, signed.definition.title)
    assert (item.state, item.papers[0].document, item.papers[0].source) == (
        PaperState.THERE,
        None,
        ("filled", signed.pk),
    )


def test_the_report_on_the_session_belongs_to_the_files_of_its_assessor():
    case, other = make_case("scheduled"), make_case("scheduled")
    report = make_report(case, *CHECKLIST)
    assert report.definition.title in {item.title for item in checklist_of(case.application).items}
    assert report.definition.title not in {item.title for item in checklist_of(other.application).items}


def test_what_is_expected_grows_with_the_stage_and_a_scheme_may_ask_for_more():
    early, late = make_application(status="accepted"), make_case("assessed").application
    letter = DocumentType.objects.get(code="surat-tugas-asesor")
    assert letter.title not in titles(checklist_of(early), Part.ASSESSMENT)
    assert item_of(late, letter.title).state == PaperState.MISSING

    line = ExpectedDocument.objects.get(document_type=letter)
    ExpectedDocument.objects.create(
        document_type=letter, scheme=late.scheme_version.scheme, from_status="scheduled", is_required=False
    )
    assert item_of(late, letter.title).state == PaperState.OPTIONAL
    assert line.is_required


def test_nothing_more_is_asked_of_a_case_that_ended_early():
    case = make_application(status="rejected")
    row = case.requirement_evidence.get(requirement__title="KTP")
    row.documents.clear()
    case.case_documents.all().delete()
    assert item_of(case, "KTP").state == PaperState.NOT_NEEDED
    assert is_complete(case)


def test_the_whole_way_to_the_certificate_in_order():
    case = make_certificate().application
    parts = [part for part, _items in checklist_of(case).parts]
    assert parts == [Part.APPLICATION, Part.EVIDENCE, Part.ASSESSMENT, Part.DECISION, Part.CERTIFICATE]
    assert item_of(case, "Sertifikat kompetensi").state == PaperState.THERE


# --- editions behind one another --------------------------------------------------------------------------


def test_the_better_copy_stands_in_front_of_the_one_it_replaced():
    case = make_application(status="accepted")
    old = case.requirement_evidence.get(requirement__title="KTP").documents.get()
    clerk = make_user(role="sekretariat")
    new = add(case, "ktp", replaces=old, by=clerk)

    item = item_of(case, "KTP")

    assert [paper.document for paper in item.papers] == [new]
    assert [paper.document for paper in item.earlier] == [old]
    assert item.papers[0].filed.filed_by == clerk


def test_evidence_taken_out_by_the_candidate_stands_behind_the_line_of_its_kind():
    draft = make_application(status="draft")
    requirement = draft.scheme_version.requirements.get(title="KTP")
    from core.applications.services import attach_evidence

    paper = make_document(owner=draft.candidate.user)
    attach_evidence(application=draft, requirement=requirement, documents=[paper], by=draft.candidate.user)
    detach_evidence(application=draft, requirement=requirement, document=paper, by=draft.candidate.user)

    item = item_of(draft, "KTP")
    assert (item.state, [p.document for p in item.earlier]) == (PaperState.MISSING, [paper])


def test_the_form_that_was_printed_before_the_review_stands_behind_the_one_that_will_be_printed():
    case = make_application(status="submitted")
    sent = ensure_form(submission=latest_submission(case), form=FormCode.APL_01)
    assert item_of(case, "FR.APL-01").papers[0].document == sent

    from tests.factories.applications import _verify

    _verify(case, "accepted", None)
    case.refresh_from_db()

    item = item_of(case, "FR.APL-01")
    assert (item.papers[0].document, [p.document for p in item.earlier]) == (None, [sent])


def test_a_paper_of_a_kind_that_nobody_asked_for_is_listed_at_the_end():
    case = make_application(status="accepted")
    extra = add(case, "bukti-kerja")
    other = DocumentType.objects.create(code="notulen", title="Notulen", is_personal_evidence=False)
    note = add(case, other.code)

    checklist = checklist_of(case)
    where = {p.document.pk: item.part for item in checklist.items for p in item.papers if p.document}
    assert where[note.pk] == Part.OTHER
    assert extra.pk in where


# --- cost, and who may open what ----------------------------------------------------------------------------


def test_many_files_cost_as_many_queries_as_one():
    first = make_case("assessed").application
    make_paper(*CHECKLIST, case=make_case("scheduled"), kind="fr-ia-01")

    def cost(cases):
        cases = Application.objects.filter(pk__in=[case.pk for case in cases]).select_related("scheme_version__scheme")
        cases = list(cases)
        with CaptureQueriesContext(connection) as spent:
            checklists_of(cases)
        return len(spent)

    one = cost([first])
    many = cost([first, *(make_case("certified").application for _number in range(4))])
    assert many <= one <= 24


def test_readers_from_outside_open_no_identity_paper_and_no_scan_of_another_kind():
    case = make_case("assessed").application
    add(case, "daftar-hadir")
    bnsp = make_user(role="bnsp")

    def visible(title):
        return [
            p.is_visible for i in checklist_of(case, viewer=bnsp).items if i.title.startswith(title) for p in i.papers
        ]

    assert visible("KTP") == [False]
    assert visible("Daftar hadir") == [False]
    assert visible("FR.APL-01") == [True]


def test_the_assessor_opens_what_the_desk_added_to_an_own_case():
    case = make_case("assessed")
    document = add(case.application, "bukti-kerja")

    def opens(user):
        papers = checklist_of(case.application, viewer=user).all_papers()
        return {p.document.pk for p in papers if p.document and p.is_visible}

    assert document.pk in opens(case.assessor.user)
    assert document.pk not in opens(make_case("assessed").assessor.user)
