"""The file of a case: every paper lies in it once, and what is no longer in force stays readable behind."""

import pytest

from core.applications import services
from core.applications.filing import file_only_one_of_its_kind, refile_evidence, set_aside
from core.applications.forms import ensure_form
from core.applications.models import CaseDocument
from core.applications.queries import latest_submission
from core.assessments.papers.printing import stored_paper
from core.assessments.services.papers import correct_form
from core.schemes.queries import current_version
from tests.factories.applications import make_application
from tests.factories.corridor import make_case
from tests.factories.documents import make_document
from tests.factories.forms import assessor_of, make_signed_paper

pytestmark = pytest.mark.django_db


def in_file(application, **conditions):
    return set(application.case_documents.filter(**conditions).values_list("document_id", flat=True))


def test_evidence_lies_in_the_file_as_soon_as_it_is_attached_and_stays_behind_when_taken_out():
    draft = make_application(status="draft")
    person = draft.candidate.user
    requirement = draft.scheme_version.requirements.get(title="KTP")
    paper = make_document(owner=person, kind=requirement.document_type.code)

    services.attach_evidence(application=draft, requirement=requirement, documents=[paper], by=person)
    assert paper.pk in in_file(draft, is_current=True)

    services.detach_evidence(application=draft, requirement=requirement, document=paper, by=person)
    assert paper.pk in in_file(draft, is_current=False)

    services.attach_evidence(application=draft, requirement=requirement, documents=[paper], by=person)
    assert paper.pk in in_file(draft, is_current=True)


def test_a_diploma_used_again_lies_in_both_files():
    first = make_application(status="submitted")
    person = first.candidate.user
    second = services.open_draft(scheme_version=current_version("pelayanan-pertolongan-pertama"), by=person)

    ktp = second.requirement_evidence.get(requirement__title="KTP").documents.get()

    assert ktp.pk in in_file(second, is_current=True)
    assert CaseDocument.objects.filter(document=ktp, application=second).count() == 1


def test_a_printed_form_takes_the_place_of_its_earlier_edition():
    case = make_application(status="submitted")
    sent = ensure_form(submission=latest_submission(case), form="fr-apl-01")
    assert in_file(case, is_current=True) >= {sent.pk}

    newer = make_document(owner=case.candidate.user, kind="fr-apl-01")
    file_only_one_of_its_kind(application=case, document=newer)

    older = case.case_documents.get(document=sent)
    assert (older.is_current, older.replaced_by) == (False, newer)
    assert newer.pk in in_file(case, is_current=True)


def test_a_masked_print_for_outside_readers_is_no_paper_of_the_case():
    case = make_application(status="submitted")
    masked = ensure_form(submission=latest_submission(case), form="fr-apl-01", masked=True)
    assert masked.pk not in in_file(case)


def test_printed_forms_are_left_alone_when_evidence_changes():
    case = make_application(status="submitted")
    form = ensure_form(submission=latest_submission(case), form="fr-apl-01")
    refile_evidence(case, by=case.candidate.user)
    assert form.pk in in_file(case, is_current=True)


def test_a_paper_taken_back_is_not_in_force_in_any_file():
    case = make_case("certified").application
    paper = make_document(owner=case.candidate.user)
    file_only_one_of_its_kind(application=case, document=paper)
    set_aside(paper)
    assert paper.pk in in_file(case, is_current=False)


def test_a_signed_paper_lies_in_the_file_of_its_case_until_it_is_corrected():
    paper = make_signed_paper()
    document = stored_paper(paper)
    assert document.pk in in_file(paper.application, is_current=True)

    correct_form(form=paper, reason="Tanggal keliru", by=assessor_of(paper))

    assert document.pk in in_file(paper.application, is_current=False)
