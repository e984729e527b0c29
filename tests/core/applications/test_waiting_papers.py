"""A case can be sent with papers that wait for the virus scanner; it is not accepted before they were seen."""

import pytest

from core.applications.sections import sections_of
from core.applications.services import accept_application, check_requirement
from core.applications.snapshot import build_snapshot
from core.common.exceptions import DomainError
from core.documents.models import Document, DocumentState
from core.documents.quarantine import refuse_content
from tests.factories.accounts import make_user
from tests.factories.applications import judge_all, make_application
from tests.factories.schemes import make_scheme

pytestmark = pytest.mark.django_db


def judged_case():
    clerk = make_user(role="sekretariat")
    case = make_application(status="under_review", officer=clerk, scheme=make_scheme(requirements=("ktp", "ijazah")))
    judge_all(case, by=clerk)
    return clerk, case


def papers(kind: str):
    return Document.objects.filter(document_type__code=kind)


def test_a_needed_paper_that_waits_keeps_a_case_from_being_accepted():
    clerk, case = judged_case()
    papers("ijazah").update(state=DocumentState.WAITING)

    with pytest.raises(DomainError, match="Masih menunggu pemeriksaan virus"):
        accept_application(application=case, by=clerk)

    papers("ijazah").update(state=DocumentState.CLEAN)
    assert accept_application(application=case, by=clerk).status == "accepted"


def test_a_needed_paper_that_was_refused_does_so_too_and_says_what_to_do():
    clerk, case = judged_case()
    refuse_content(sha256=papers("ijazah").get().sha256, virus="Eicar-Test")

    with pytest.raises(DomainError, match=r"Ditolak pemeriksaan virus: .*Kembalikan permohonan ini"):
        accept_application(application=case, by=clerk)


@pytest.mark.parametrize(
    ("state", "sentence"),
    [(DocumentState.WAITING, "menunggu pemeriksaan virus"), (DocumentState.REFUSED, "ditolak pemeriksaan virus")],
)
def test_nobody_judges_a_paper_that_could_not_be_opened(state, sentence):
    clerk, case = judged_case()
    papers("ktp").update(state=state)
    requirement = case.scheme_version.requirements.get(document_type__code="ktp")

    with pytest.raises(DomainError, match=sentence):
        check_requirement(application=case, requirement=requirement, verdict="memenuhi", note="", by=clerk)


def test_a_case_is_sent_with_papers_that_wait_but_not_with_refused_ones():
    case = make_application(status="ready", scheme=make_scheme(requirements=("ktp", "ijazah")))
    Document.objects.update(state=DocumentState.WAITING)
    assert all(section.is_complete for section in sections_of(case))

    papers("ktp").update(state=DocumentState.REFUSED)
    assert [section.key for section in sections_of(case) if not section.is_complete] == ["requirements"]
    titles = {item["title"] for item in build_snapshot(case, number="")["evidence"].values()}
    assert titles == {papers("ijazah").get().title}
