"""Finding documents among all: by their text, names and cases, on both databases by both ways, never what is hidden."""

import pytest

from core.accounts.roles import STAFF_ROLES
from core.applications.filing import file_document, file_many
from core.applications.models import Application
from core.certificates.models import Certificate
from core.documents.models import Document, DocumentText
from core.reports.document_search import NEWEST, of_cases, search_documents
from core.reports.document_words import begin_again, read_waiting, renew_words
from core.reports.repository import documents_for
from tests.factories.accounts import make_candidate, make_user
from tests.factories.applications import make_application
from tests.factories.certificates import make_certificate
from tests.factories.corridor import make_case
from tests.factories.documents import make_document, text_pdf

pytestmark = pytest.mark.django_db
#: Among the newest documents read one by one, and by the index alone. MariaDB's index holds what was committed.
BY_READING = {"newest": NEWEST}
BY_INDEX = {"newest": 0}


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
    assert limited.has_more
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
    DocumentText.objects.filter(document=paper).update(words=" zzmitigasi ")
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


def test_of_a_common_word_the_newest_are_shown_and_that_there_are_more(clerk, monkeypatch):
    """The index is not asked for what would be thousands of rows."""
    monkeypatch.setattr("core.reports.document_search.MOST_FROM_INDEX", 1)
    rare = a_paper("Lereng")
    papers = [a_paper("Banjir") for _paper in range(4)]
    read_waiting(seconds=600)
    result = search_documents("banjir", by=clerk, documents=documents_for(clerk), newest=2)
    assert result.keys == [papers[3].pk, papers[2].pk]
    assert result.has_more
    narrowed = documents_for(clerk).filter(document_type=rare.document_type)
    assert search_documents("banjir", by=clerk, documents=narrowed, newest=2).has_more
