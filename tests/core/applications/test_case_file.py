"""What the desk puts into a file: each paper once, the older one behind it, and never against the rules."""

import io
from datetime import date, timedelta

import pytest
from django.utils import timezone

from core import journey
from core.activity.models import ActivityEntry
from core.applications.case_file import add_to_file, state_validity, take_out_of_file
from core.applications.filing import file_document, refile_evidence
from core.applications.models import CaseDocument
from core.common.exceptions import DomainError, StaleVersion
from core.documents.models import Document, DocumentType
from core.documents.services import store_rendered
from core.journey import Incoming, take_in_papers
from tests.factories.accounts import make_user
from tests.factories.applications import make_application
from tests.factories.corridor import make_case
from tests.factories.documents import jpeg_bytes, pdf_bytes
from tests.factories.forms import CHECKLIST, make_paper, make_signed_paper

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    return make_user(role="sekretariat")


@pytest.fixture
def case():
    return make_application(status="accepted")


def kind_of(code):
    return DocumentType.objects.get(code=code)


def add(case, code, by, *, content=None, **more):
    return add_to_file(
        application=case,
        document_type=kind_of(code),
        stream=io.BytesIO(content or jpeg_bytes()),
        file_name=f"{code}.jpg",
        by=by,
        **more,
    )


def incoming(code, content=None, *, name="scan.jpg", **more):
    return Incoming(io.BytesIO(content or jpeg_bytes()), name, kind_of(code) if code else None, **more)


def ktp_of(case):
    return case.requirement_evidence.get(requirement__title="KTP").documents.get()


def row(case, document):
    return case.case_documents.get(document=document)


# --- adding ----------------------------------------------------------------------------------------------


def test_an_added_paper_lies_in_the_file_and_the_log_says_what_not_whose(case, clerk):
    document, is_new = add(case, "bukti-kerja", clerk)
    found = row(case, document)
    assert (is_new, found.is_current, found.is_added_by_desk, found.filed_by) == (True, True, True, clerk)
    assert (document.owner, document.uploaded_by) == (case.candidate.user, clerk)
    entry = ActivityEntry.objects.get(code="application.add_document")
    assert entry.data == {"kind": "Bukti hasil kerja", "document": document.pk}


def test_what_names_others_too_belongs_to_the_office(case, clerk):
    document, _new = add(case, "daftar-hadir", clerk)
    assert document.owner == clerk


def test_the_same_file_sent_twice_lies_there_once(case, clerk):
    picture = jpeg_bytes()
    first, _new = add(case, "bukti-kerja", clerk, content=picture)
    again, is_new = add(case, "bukti-kerja", clerk, content=picture)
    assert (again, is_new) == (first, False)
    assert ActivityEntry.objects.filter(code="application.add_document").count() == 1


def test_the_older_paper_stays_behind_the_newer_one(case, clerk):
    old = ktp_of(case)
    new, _new = add(case, "ktp", clerk, replaces=old)
    assert (row(case, old).is_current, row(case, old).replaced_by) == (False, new)
    assert Document.objects.filter(pk=old.pk, removed_at=None).exists()
    assert ActivityEntry.objects.filter(code="application.replace_document").count() == 1


def test_two_who_replace_the_same_paper_do_not_overtake_each_other(case, clerk):
    old = ktp_of(case)
    add(case, "ktp", clerk, replaces=old)
    with pytest.raises(StaleVersion):
        add(case, "ktp", clerk, replaces=old)


def test_what_the_system_printed_is_not_replaced_by_an_upload(clerk):
    case = make_case("certified").application
    certificate = printed(case)
    file_document(application=case, document=certificate)
    with pytest.raises(DomainError) as refused:
        add(case, "sertifikat-kompetensi", clerk, replaces=certificate)
    assert refused.value.code == "add_to_file.printed"


def printed(case):
    return store_rendered(
        content=pdf_bytes(),
        file_name="Sertifikat.pdf",
        document_type=kind_of("sertifikat-kompetensi"),
        owner=case.candidate.user,
        title="Sertifikat",
        pages=1,
    )


@pytest.mark.parametrize("role", ["administrator", "asesor", "bnsp", "asesi"])
def test_only_the_secretariat_adds(case, role):
    with pytest.raises(DomainError) as refused:
        add(case, "bukti-kerja", make_user(role=role))
    assert refused.value.code == "add_to_file.refused"
    assert not CaseDocument.objects.filter(is_added_by_desk=True).exists()


def test_forms_that_the_system_prints_and_drafts_are_refused_with_the_reason(case, clerk):
    with pytest.raises(DomainError, match="dicetak sistem"):
        add(case, "fr-apl-01", clerk)
    with pytest.raises(DomainError, match="masih draf"):
        add(make_application(status="draft"), "ktp", clerk)


def test_a_date_is_kept_and_a_mistyped_year_refused(case, clerk):
    day = timezone.localdate() + timedelta(days=400)
    document, _new = add(case, "bukti-kerja", clerk, valid_until=day)
    document.refresh_from_db()
    assert document.valid_until == day
    with pytest.raises(DomainError, match="Periksa tahunnya"):
        add(case, "bukti-kerja", clerk, valid_until=date(202, 1, 1))


def test_the_validity_of_a_paper_can_be_stated_later(case, clerk):
    day = timezone.localdate() + timedelta(days=30)
    state_validity(application=case, document=ktp_of(case), valid_until=day, by=clerk)
    assert ktp_of(case).valid_until == day
    with pytest.raises(DomainError):
        state_validity(application=case, document=ktp_of(case), valid_until=None, by=make_user(role="asesor"))


# --- taking out --------------------------------------------------------------------------------------------


def test_taking_out_brings_back_what_had_been_replaced(case, clerk):
    old = ktp_of(case)
    new, _new = add(case, "ktp", clerk, replaces=old)
    take_out_of_file(application=case, document=new, by=clerk)
    assert row(case, old).is_current
    assert row(case, old).replaced_by is None
    assert not row(case, new).is_current


def test_the_candidates_evidence_is_not_taken_out(case, clerk):
    with pytest.raises(DomainError) as refused:
        take_out_of_file(application=case, document=ktp_of(case), by=clerk)
    assert refused.value.code == "take_out_of_file.refused"


def test_a_correction_by_the_candidate_does_not_bring_back_what_the_desk_replaced(case, clerk):
    old = ktp_of(case)
    add(case, "ktp", clerk, replaces=old)
    refile_evidence(case, by=case.candidate.user)
    assert not row(case, old).is_current


# --- many at once ------------------------------------------------------------------------------------------


def test_a_batch_keeps_the_good_ones_and_names_the_others_with_the_reason(case, clerk):
    done = take_in_papers(
        application=case,
        papers=[
            incoming("bukti-kerja", name="laporan.jpg"),
            incoming("bukti-kerja", b"not a picture", name="rusak.jpg"),
            incoming(None, name="IMG_1.jpg"),
            incoming("ijazah", name="ijazah.jpg"),
        ],
        by=clerk,
    )
    assert [(one.file_name, one.is_new, bool(one.refusal)) for one in done] == [
        ("laporan.jpg", True, False),
        ("rusak.jpg", False, True),
        ("IMG_1.jpg", False, True),
        ("ijazah.jpg", True, False),
    ]
    assert "Pilih jenisnya" in done[2].refusal


def test_a_file_for_a_kind_that_is_there_once_becomes_its_newer_version(case, clerk):
    old = ktp_of(case)
    take_in_papers(application=case, papers=[incoming("ktp")], by=clerk)
    assert not row(case, old).is_current

    take_in_papers(application=case, papers=[incoming("ktp", replaces=None)], by=clerk)
    assert case.case_documents.filter(is_current=True, document__document_type__code="ktp").count() == 2


def test_two_photographs_of_one_batch_do_not_replace_each_other(case, clerk):
    done = take_in_papers(application=case, papers=[incoming("bukti-kerja"), incoming("bukti-kerja")], by=clerk)
    assert [one.is_new for one in done] == [True, True]
    assert case.case_documents.filter(is_current=True, document__document_type__code="bukti-kerja").count() >= 2


def test_a_scan_of_a_form_becomes_that_form_also_from_the_assessor_of_the_case():
    case = make_case("assessed")
    form = make_paper(*CHECKLIST, case=case, kind="fr-ia-01", status="assessed")
    picture = jpeg_bytes()

    for _time in range(2):  # sent twice it is one
        [done] = take_in_papers(
            application=case.application, papers=[incoming("fr-ia-01", picture)], by=case.assessor.user
        )
        assert done.refusal == ""
    form.refresh_from_db()
    assert form.status == "pindaian"
    assert case.application.case_documents.filter(document=form.document, is_current=True).exists()
    assert ActivityEntry.objects.filter(code="form.scan").count() == 1

    [refused] = take_in_papers(application=case.application, papers=[incoming("ktp")], by=case.assessor.user)
    assert "sekretariat" in refused.refusal


def test_a_form_that_was_signed_here_takes_no_scan():
    case = make_case("assessed")
    make_signed_paper(*CHECKLIST, case=case, kind="fr-ia-01")
    [done] = take_in_papers(application=case.application, papers=[incoming("fr-ia-01")], by=case.clerk)
    assert "Koreksi" in done.refusal


def test_the_attendance_list_of_a_session_lies_with_everybody_who_sat_in_it(clerk):
    first = make_case("assessed")
    second = make_case("assessed", session=first.session)
    other = make_case("assessed")

    [done] = take_in_papers(application=first.application, papers=[incoming(journey.ATTENDANCE_LIST)], by=clerk)

    assert done.shared_with == 1
    kinds = [
        case.application.case_documents.filter(document__document_type__code="daftar-hadir").count()
        for case in (first, second, other)
    ]
    assert kinds == [1, 1, 0]
