"""Pre-assessment: the assessor judges the evidence of FR.APL-02 and says whether to go on."""

import pytest

from core.activity.models import ActivityEntry
from core.applications.enums import FormCode
from core.applications.queries import latest_submission
from core.applications.services import open_draft, save_unit_answers, submit_application
from core.assessments.preassessment_form import paper_for
from core.assessments.queries import signed_preassessment
from core.assessments.services import (
    assign_assessor,
    continue_application,
    discontinue_application,
    release_assessor,
    save_reviews,
)
from core.assessments.vatm import elements_of, review_rows
from core.messaging.models import OutboxMessage
from core.schemes.models import SchemeVersion
from core.schemes.queries import units_in_order
from tests.core.helpers import refused
from tests.factories.accounts import make_candidate, make_user
from tests.factories.applications import _verify, fill_in, make_application
from tests.factories.assessments import assign, make_assessor
from tests.factories.documents import make_document
from tests.factories.schemes import make_scheme

pytestmark = pytest.mark.django_db


def case_with_evidence(*, units: int = 1, without: int = 0, version: SchemeVersion | None = None):
    """An accepted case of (units × 2) elements with a file each, but for the last `without`; and its assessor."""
    application = open_draft(scheme_version=version or make_scheme(units=units), by=make_candidate().user)
    person = application.candidate.user
    fill_in(application)
    file = make_document(owner=person, kind="bukti-kerja")
    elements = [element for unit in units_in_order(application.scheme_version) for element in unit.elements.all()]
    bare = {element.pk for element in elements[len(elements) - without :]}
    for unit in units_in_order(application.scheme_version):
        answers = {e.pk: ("K", [] if e.pk in bare else [file]) for e in unit.elements.all()}
        save_unit_answers(application=application, unit=unit, answers=answers, version=None, by=person)
    submit_application(application=application, by=person)
    _verify(application, "accepted", None)
    application.refresh_from_db()
    assessor = make_assessor()
    assign(application, assessor)
    return application, assessor


def rows(application, preassessment=None):
    return elements_of(review_rows(latest_submission(application), preassessment))


def judge_all(application, by, *, lacking=(), **more):
    reviews = {row.pk: (list(lacking), "") for row in rows(application) if row.evidence}
    return save_reviews(application=application, reviews=reviews, by=by, **more)


def test_what_is_judged_is_kept_element_by_element_and_nothing_is_lost_by_another_tab():
    case, assessor = case_with_evidence()
    first, second = rows(case)

    save_reviews(application=case, reviews={first.pk: ([], "")}, by=assessor.user)
    draft = save_reviews(application=case, reviews={second.pk: (["is_current"], "Laporan 2015.")}, by=assessor.user)

    found = rows(case, draft)
    assert [row.is_judged for row in found] == [True, True]
    assert (found[0].lacking, found[1].lacking, found[1].review.note) == ([], ["is_current"], "Laporan 2015.")
    assert [row.to_probe for row in found] == [False, True]


def test_a_judgement_can_be_taken_back():
    case, assessor = case_with_evidence()
    element = rows(case)[0]
    save_reviews(application=case, reviews={element.pk: ([], "")}, by=assessor.user)

    draft = save_reviews(application=case, reviews={element.pk: None}, by=assessor.user)

    assert rows(case, draft)[0].is_open


def test_an_element_without_evidence_asks_for_no_judgement_but_is_looked_into_later():
    case, assessor = case_with_evidence(without=1)
    bare = rows(case)[1]
    assert (bare.is_open, bare.to_probe) == (False, True)

    judge_all(case, assessor.user)
    with refused("preassessment.unknown"):
        save_reviews(application=case, reviews={bare.pk: ([], "")}, by=assessor.user)

    assert continue_application(application=case, by=assessor.user).status == "preassessed"


def test_signing_needs_every_judgement_and_names_the_first_that_is_missing():
    case, assessor = case_with_evidence()
    first, second = rows(case)
    save_reviews(application=case, reviews={second.pk: ([], "")}, by=assessor.user)

    with refused("preassessment.incomplete", field=f"element-{first.pk}") as refusal:
        continue_application(application=case, by=assessor.user)

    assert first.title in refusal.value.message
    case.refresh_from_db()
    assert case.status == "accepted"


def test_going_on_is_signed_told_and_logged():
    case, assessor = case_with_evidence()
    judge_all(case, assessor.user, note="Jelas.")

    continue_application(application=case, by=assessor.user)

    case.refresh_from_db()
    review = signed_preassessment(case)
    assert (case.status, review.advice, review.signature.signer) == ("preassessed", "lanjut", assessor.user)
    assert review.signature.content_sha256 == review.sha256
    assert ActivityEntry.objects.latest("pk").code == "application.continue"
    letter = OutboxMessage.objects.filter(recipient=case.candidate.user).latest("pk")
    assert letter.template_key == "application-preassessed"


def test_not_going_on_needs_a_reason_that_the_candidate_reads():
    case, assessor = case_with_evidence()
    judge_all(case, assessor.user, lacking=["is_sufficient"])
    with refused("preassessment.no_reason", field="note"):
        discontinue_application(application=case, by=assessor.user)

    judge_all(case, assessor.user, lacking=["is_sufficient"], note="Bukti belum memadai; lengkapi laporan.")
    discontinue_application(application=case, by=assessor.user)

    case.refresh_from_db()
    assert (case.status, case.note) == ("not_continued", "Bukti belum memadai; lengkapi laporan.")
    assert case.closed_at is not None
    assert "lengkapi laporan" in OutboxMessage.objects.filter(recipient=case.candidate.user).latest("pk").body


def test_a_closed_case_lets_the_candidate_apply_again():
    case, assessor = case_with_evidence()
    judge_all(case, assessor.user, note="Lengkapi.")
    discontinue_application(application=case, by=assessor.user)

    again = open_draft(scheme_version=case.scheme_version, by=case.candidate.user)

    assert again.pk != case.pk


@pytest.mark.parametrize("who", ["secretariat", "another assessor", "candidate", "administrator"])
def test_only_the_assessor_of_the_case_judges_and_signs(who):
    case, assessor = case_with_evidence()
    judge_all(case, assessor.user)
    people = {
        "secretariat": make_user(role="sekretariat"),
        "another assessor": make_assessor().user,
        "candidate": case.candidate.user,
        "administrator": make_user(role="administrator"),
    }

    for name, act in (("continue", continue_application), ("discontinue", discontinue_application)):
        with refused(f"{name}.refused"):
            act(application=case, by=people[who])
    with refused("preassessment.refused"):
        judge_all(case, people[who])


def test_a_new_assessor_begins_anew_and_signs_only_their_own_judgement():
    case, former = case_with_evidence()
    judge_all(case, former.user)
    clerk = make_user(role="sekretariat")
    release_assessor(application=case, reason="Sakit.", by=clerk)
    new = make_assessor()
    assign_assessor(application=case, assessor=new, by=clerk)

    first = rows(case)[0]
    with refused("preassessment.refused"):
        judge_all(case, former.user)
    with refused("preassessment.incomplete", field=f"element-{first.pk}"):
        continue_application(application=case, by=new.user)


def test_nothing_is_judged_twice():
    case, assessor = case_with_evidence()
    judge_all(case, assessor.user)
    continue_application(application=case, by=assessor.user)

    with refused("continue.refused"):
        continue_application(application=case, by=assessor.user)
    with refused("preassessment.refused"):
        judge_all(case, assessor.user)
    assert case.preassessments.count() == 1


def test_the_form_bears_the_assessors_foot_once_signed():
    from io import BytesIO

    from pypdf import PdfReader

    case, assessor = case_with_evidence()
    submission = latest_submission(case)
    before = paper_for(submission=submission, form=FormCode.APL_02, viewer=case.candidate.user)
    judge_all(case, assessor.user, note="Bawa laporan asli.")
    continue_application(application=case, by=assessor.user)

    paper = paper_for(submission=submission, form=FormCode.APL_02, viewer=case.candidate.user)
    again = paper_for(submission=submission, form=FormCode.APL_02, viewer=assessor.user)

    with paper.file.open("rb") as stream:
        text = " ".join(page.extract_text() for page in PdfReader(stream).pages)
    assert paper.pk != before.pk
    assert again.pk == paper.pk
    for word in (assessor.registration_number, "☑ dapat dilanjutkan", "Bawa laporan asli."):
        assert word in text

    masked = paper_for(submission=submission, form=FormCode.APL_02, viewer=make_user(role="bnsp"))
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(masked.content)).pages)
    assert assessor.registration_number in text


def test_make_application_in_other_states_is_not_reviewed():
    assert signed_preassessment(make_application(status="accepted")) is None
