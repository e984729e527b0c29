"""Finding documents among all: by their text, names and cases, on both databases by both ways, never what is hidden."""

import pytest

from core.accounts.roles import STAFF_ROLES
from core.applications.filing import file_document, file_many
from core.applications.models import Application
from core.certificates.models import Certificate
from core.documents.models import Document, DocumentText
from core.reports import document_search
from core.reports.document_search import of_cases, search_documents
from core.reports.document_words import begin_again, read_waiting, renew_words
from core.reports.repository import documents_for
from tests.factories.accounts import make_candidate, make_user
from tests.factories.applications import make_application
from tests.factories.certificates import make_certificate
from tests.factories.corridor import make_case
from tests.factories.documents import make_document, text_pdf

pytestmark = pytest.mark.django_db
#: All read one by one; or the newest only, the others by the index. MariaDB's index holds what was committed.
BY_READING: dict = {}
BY_INDEX = {"chunk": 1, "seconds": 60}


def found(typed: str, by, documents=None, **how) -> set[int]:
    documents = documents_for(by) if documents is None else documents
    return set(search_documents(typed, by=by, documents=documents, **how).keys)


def a_paper(*lines: str, owner=None, kind: str = "bukti-kerja", file_name: str = "berkas.pdf") -> Document:
    owner = owner or make_candidate(full_name="Yohana Tambunan").user
    return make_document(owner=owner, kind=kind, content=text_pdf(*lines), file_name=file_name)


@pytest.fixture
def clerk():
    return make_user(role="sekretariat", full_name="Ratna Puspita")


def look_for_everything(clerk, **how):
    case = make_application(full_name="Melki Rumbiak")
    evidence = set(case.requirement_evidence.exclude(documents=None).values_list("documents", flat=True))
    owner = make_candidate(full_name="Yohana Ñandú").user
    paper = a_paper("Rekapitulasi 412 pengungsi, posko K 01 the com", owner=owner, file_name="Peta rawan.pdf")
    other = a_paper("Berita duka", owner=make_candidate(full_name="Agus Purba").user)
    read_waiting(seconds=600)
    for typed in (
        "pengungsi", "REKAP", "412", "peta", "rawan peta", "yohana", "nandu", "Ñandú", "bukti hasil pengungsi",
        "yohana 412 peta", "the", "com", "k", "01", "K 01",
    ):  # fmt: skip
        assert found(typed, clerk, **how) == {paper.pk}, typed
    assert found("ngungsi", clerk, **how) == set()  # no part of a word
    assert found("p", clerk, **how) == found("pe", clerk, **how) == set()  # one or two letters are no beginning
    assert found("", clerk, **how) == found("  - ' ", clerk, **how) == set()
    assert found(other.sha256[:10], clerk, **how) == {other.pk}
    assert found("duka", clerk, **how) == {other.pk}
    for typed in (case.number, case.number[:-1], "melki distribusi bantuan", "rumbiak"):
        assert evidence <= found(typed, clerk, **how), typed
    assert found("distribusi ktp", clerk, **how) == {
        pk for pk in evidence if Document.objects.get(pk=pk).document_type.code == "ktp"
    }
    assert found("412", clerk, Document.objects.filter(owner=other.owner), **how) == set()  # filters hold
    limited = search_documents("melki", by=clerk, documents=documents_for(clerk), limit=2, **how)
    assert limited.go_on_before == limited.keys[-1]
    assert limited.keys == sorted(evidence)[-1:-3:-1]  # the newest first


def test_everything_is_found_by_reading_the_newest(clerk):
    look_for_everything(clerk, **BY_READING)


@pytest.mark.django_db(transaction=True)
def test_everything_is_found_by_the_index():
    look_for_everything(make_user(role="sekretariat", full_name="Ratna Puspita"), **BY_INDEX)


@pytest.mark.django_db(transaction=True)
def test_the_index_follows_what_is_changed_and_deleted():
    clerk = make_user(role="sekretariat")
    paper = a_paper("Evakuasi lereng")
    read_waiting(seconds=600)
    assert found("evakuasi", clerk, **BY_INDEX) == {paper.pk}
    DocumentText.objects.filter(document=paper).update(words=" xx0 yy zzmitigasi ")
    assert found("evakuasi", clerk, **BY_INDEX) == set()
    assert found("mitigasi", clerk, **BY_INDEX) == {paper.pk}
    DocumentText.objects.filter(document=paper).delete()
    assert found("mitigasi", clerk, **BY_INDEX) == set()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "typed", ['"', "+a*", "zz*)", "a AND (", "%_", "\\", "'); --", "😀", "ﬀ", "x" * 5000, "a\x00b"]
)
def test_what_is_typed_is_only_words(typed):
    assert found(typed, make_user(role="sekretariat"), **BY_INDEX) == set()
    assert found(typed, make_user(role="asesor"), **BY_READING) == set()


# --- words that follow ----------------------------------------------------------------------------------------


def test_a_new_name_of_the_owner_is_found(clerk):
    paper = a_paper("Satu")
    read_waiting(seconds=600)
    paper.owner.full_name = "Yohana Latuconsina"
    paper.owner.save()
    assert renew_words() == 1
    assert found("latuconsina", clerk) == {paper.pk}
    assert found("tambunan", clerk) == set()


def test_a_certificate_is_found_by_its_number_and_a_shared_paper_by_everybody_in_it(clerk):
    certificate = make_certificate(full_name="Melki Rumbiak")
    case = certificate.application
    shared = a_paper("Berita acara")
    file_document(application=case, document=shared)
    Certificate.objects.filter(pk=certificate.pk).update(document=shared)
    read_waiting(seconds=600)
    assert found(certificate.number, clerk) == {shared.pk}
    assert shared.pk in found(case.candidate.user.full_name, clerk)


def test_a_draft_gives_its_papers_no_number_and_no_scheme(clerk):
    draft = make_application(status="ready", full_name="Melki Rumbiak")
    read_waiting(seconds=600)
    assert draft.requirement_evidence.exclude(documents=None).exists()
    assert found("melki distribusi", clerk) == set()


# --- who finds what -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", sorted(STAFF_ROLES - {"sekretariat", "administrator"}))
def test_nobody_finds_by_what_they_may_not_open(role):
    reader = make_user(role=role)
    a_paper("Rahasia keluarga")
    a_paper("Rahasia", kind="cv")
    make_application(status="ready", full_name="Rahasia Besar")
    read_waiting(seconds=600)
    for how in (BY_READING, BY_INDEX):
        assert found("rahasia", reader, **how) == set()


def test_bnsp_does_not_find_by_a_number_in_the_name_of_a_file():
    case = make_application()
    document = case.requirement_evidence.get(requirement__document_type__code="surat-tugas").documents.first()
    Document.objects.filter(pk=document.pk).update(file_name="tugas 3171011505900001 0812 8872 1495.jpg")
    begin_again()
    read_waiting(seconds=600)
    bnsp = make_user(role="bnsp")
    assert document.pk in found("tugas", bnsp)
    for number in ("3171011505900001", "31710", "08128872", "8872"):
        assert found(number, bnsp) == set(), number


def test_an_assessor_finds_papers_of_own_cases_by_those_cases_only():
    mine = make_case("preassessed")
    case = mine.application
    elsewhere = make_application(full_name="Orang Lain")
    evidence = case.requirement_evidence.exclude(documents=None).values_list("documents", flat=True)
    file_many(applications=[case.pk], documents=evidence)
    file_many(applications=[elsewhere.pk], documents=evidence)  # the same papers, used again
    read_waiting(seconds=600)
    assessor = case.assignments.get(in_force=True).assessor.user
    visible = set(documents_for(assessor).values_list("pk", flat=True))
    assert found(case.number, assessor) <= visible
    assert found(case.number, assessor)
    assert found(elsewhere.number, assessor) == found("orang lain", assessor) == set()
    assert found("distribusi", assessor) == found(case.number, assessor)


# --- filters of cases -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("some", [5000, 0])
def test_papers_of_cases_are_the_same_however_many_there_are(monkeypatch, some):
    monkeypatch.setattr("core.reports.document_search.SOME_CASES", some)
    one, other = make_application(), make_application()
    documents = of_cases(Document.objects.all(), Application.objects.filter(pk=one.pk))
    assert set(documents) == {row.document for row in one.case_documents.all()}
    assert not set(documents) & {row.document for row in other.case_documents.all()}


def test_searching_asks_few_questions(clerk, django_assert_max_num_queries):
    a_paper("Satu")
    with django_assert_max_num_queries(4):
        found("satu", clerk)


@pytest.fixture
def common_words(monkeypatch):
    """No word is rare: the index is asked block by block."""
    monkeypatch.setattr(document_search, "MOST_FROM_INDEX", -1)


@pytest.mark.django_db(transaction=True)
def test_everything_is_found_block_by_block(common_words):
    look_for_everything(make_user(role="sekretariat", full_name="Ratna Puspita"), **BY_INDEX)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("size", [1, 3, 4096])
def test_whoever_goes_on_from_page_to_page_sees_every_document_once(common_words, monkeypatch, size):
    """Whatever stops the search, a full page or the time, and wherever a block ends."""
    for module in ("core.documents.blocks", "core.reports.document_search"):
        monkeypatch.setattr(f"{module}.SIZE", size)
    clerk = make_user(role="sekretariat")
    papers = [a_paper("Banjir" if place % 3 else "Lereng") for place in range(12)]
    read_waiting(seconds=600)
    wanted = sorted((paper.pk for place, paper in enumerate(papers) if place % 3), reverse=True)
    for how in ({"limit": 3}, {"limit": 3, "seconds": 0}, {"seconds": 0}, {"limit": 1, "seconds": 60}):
        seen, before, pages = [], 0, 0
        while before or not pages:
            page = search_documents("banjir", by=clerk, documents=documents_for(clerk), before=before, chunk=1, **how)
            seen, before, pages = seen + page.keys, page.go_on_before, pages + 1
        assert seen == wanted, how
        assert pages > 1 or size > len(papers), how


@pytest.mark.django_db(transaction=True)
def test_filters_hold_block_by_block(common_words):
    clerk = make_user(role="sekretariat")
    kinds = ("surat-tugas", "bukti-kerja", "surat-tugas", "bukti-kerja", "surat-tugas")
    papers = [a_paper("Banjir", kind=kind) for kind in kinds]
    read_waiting(seconds=600)
    documents = documents_for(clerk).filter(document_type__code="surat-tugas")
    assert found("banjir", clerk, documents, **BY_INDEX) == {paper.pk for paper in papers[::2]}
