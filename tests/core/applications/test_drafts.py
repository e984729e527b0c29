"""Drafts: resumable, safe in two tabs and under a double click, and nobody else's business."""

import pytest

from core.accounts.models import CandidateProfile
from core.activity.models import ActivityEntry
from core.applications.models import Application, ApplicationSection, RequirementEvidence
from core.applications.queries import applications_for, own_application
from core.applications.sections import section_keys, sections_of, unit_key
from core.applications.services import (
    attach_evidence,
    detach_evidence,
    open_draft,
    save_profile_section,
    save_purpose,
    save_unit_answers,
    submit_application,
)
from core.common.exceptions import StaleVersion
from core.documents.services import release_document
from core.schemes.models import SchemeUnit
from tests.core.helpers import at_once, refused
from tests.factories.accounts import make_candidate, make_user
from tests.factories.applications import fill_in, make_application
from tests.factories.documents import make_document
from tests.factories.schemes import make_scheme

pytestmark = pytest.mark.django_db


def draft_of_two_units() -> Application:
    return make_application(status="draft", scheme=make_scheme(units=2))


def answer(application: Application, unit, outcome: str, *, version=None, writer="", by=None, documents=()) -> int:
    return save_unit_answers(
        application=application,
        unit=unit,
        answers={element.pk: (outcome, documents) for element in unit.elements.all()},
        version=version,
        writer=writer,
        by=by or application.candidate.user,
    )


# --- beginning ------------------------------------------------------------------------------------------------


def test_a_draft_has_a_section_for_each_part_of_the_forms_in_their_order():
    draft = draft_of_two_units()

    first, second = draft.scheme_version.scheme_units.values_list("unit_id", flat=True)
    keys = ["personal", "address", "employment", "purpose", "requirements", f"unit-{first}", f"unit-{second}"]
    assert section_keys(draft) == [section.key for section in sections_of(draft)] == keys
    assert set(draft.sections.values_list("key", "is_open", "version")) == {(key, True, 0) for key in keys}
    assert (draft.number, len(draft.code), draft.reference) == (None, 10, draft.code)


@pytest.mark.django_db(transaction=True)
def test_a_double_click_begins_one_case():
    person, scheme = make_candidate().user, make_scheme()

    cases = at_once(*[lambda: open_draft(scheme_version=scheme, by=person)] * 4)

    assert len(set(cases)) == 1
    assert Application.objects.count() == 1
    assert ApplicationSection.objects.count() == 6


def test_a_case_under_way_is_gone_on_with_whatever_its_state():
    sent = make_application(status="submitted", scheme=make_scheme())

    again = open_draft(scheme_version=sent.scheme_version, by=sent.candidate.user)

    assert again == sent
    assert ActivityEntry.objects.filter(code="application.open_draft").count() == 1


@pytest.mark.parametrize("status", ["rejected", "withdrawn"])
def test_after_a_case_is_over_a_new_one_begins(status):
    over = make_application(status=status, scheme=make_scheme())

    new = open_draft(scheme_version=over.scheme_version, by=over.candidate.user)

    assert (new != over, new.status) == (True, "draft")


@pytest.mark.parametrize("role", ["sekretariat", "administrator", "asesor", "bnsp", None])
def test_only_candidates_apply(role):
    with refused("open_draft.not_candidate"):
        open_draft(scheme_version=make_scheme(), by=make_user(role=role))


def test_the_only_purpose_of_a_scheme_is_filled_in():
    one, many = make_scheme(), make_scheme()
    one.purposes.set(one.purposes.filter(code="rpl"))
    person = make_candidate().user

    purposes = [open_draft(scheme_version=scheme, by=person).purpose for scheme in (one, many)]

    assert (purposes[0].code, purposes[1]) == ("rpl", None)


# --- what is known is not asked again -----------------------------------------------------------------------------


def test_a_second_application_types_nothing_that_was_known():
    first = make_application(status="submitted", scheme=make_scheme(requirements=("ktp", "ijazah")))
    person = first.candidate.user
    second_scheme = make_scheme(units=0, requirements=("ktp", "ijazah"))
    SchemeUnit.objects.create(scheme_version=second_scheme, unit=first.scheme_version.units.get())

    second = open_draft(scheme_version=second_scheme, by=person)

    assert [section.key for section in sections_of(second) if section.missing] == ["purpose"]
    purpose = second_scheme.purposes.get(code="sertifikasi")
    save_purpose(application=second, purpose=purpose, explanation="", version=None, by=person)
    assert submit_application(application=second, by=person).sequence == 1


def test_the_newest_file_of_each_kind_is_brought_along_unless_it_was_released():
    person = make_candidate().user
    _old, newer, released = (make_document(owner=person, kind="ktp") for _time in range(3))
    release_document(document=released, by=person)
    make_document(owner=make_user(role="asesi"), kind="ktp")

    draft = open_draft(scheme_version=make_scheme(requirements=("ktp", "ijazah")), by=person)

    brought = {
        row.requirement.document_type.code: list(row.documents.all()) for row in draft.requirement_evidence.all()
    }
    assert brought == {"ktp": [newer]}


def test_the_latest_answers_are_brought_along_with_their_evidence():
    earlier = make_application(status="ready", scheme=make_scheme())
    person, unit = earlier.candidate.user, earlier.scheme_version.units.get()
    kept, released = make_document(owner=person, kind="bukti-kerja"), make_document(owner=person, kind="bukti-kerja")
    answer(earlier, unit, "BK", documents=[kept, released])
    release_document(document=released, by=person)
    scheme = make_scheme(units=0)
    SchemeUnit.objects.create(scheme_version=scheme, unit=unit)

    draft = open_draft(scheme_version=scheme, by=person)

    assert [(a.outcome, list(a.documents.all())) for a in draft.answers.all()] == [("BK", [kept])] * 2
    answer(draft, unit, "K")
    assert set(earlier.answers.values_list("outcome", flat=True)) == {"BK"}  # a copy, not the same row


def test_nobody_elses_answers_are_brought_along():
    other = make_application(status="submitted", scheme=make_scheme())

    draft = open_draft(scheme_version=other.scheme_version, by=make_candidate().user)

    assert not draft.answers.exists()
    assert not draft.requirement_evidence.exists()


# --- two tabs ----------------------------------------------------------------------------------------------------


def test_what_another_tab_saved_is_not_overwritten():
    draft = draft_of_two_units()
    unit = draft.scheme_version.units.first()
    answer(draft, unit, "K", version=0, writer="tab-a")

    with pytest.raises(StaleVersion) as refusal:
        answer(draft, unit, "BK", version=0, writer="tab-b")

    assert refusal.value.code == "section.stale"
    assert set(draft.answers.values_list("outcome", flat=True)) == {"K"}
    assert answer(draft, unit, "BK", version=1, writer="tab-b") == 2  # after having looked at it


def test_a_page_that_saves_itself_again_and_again_is_not_stale():
    draft = draft_of_two_units()
    unit = draft.scheme_version.units.first()

    versions = [answer(draft, unit, outcome, version=0, writer="tab-a") for outcome in ("K", "", "BK")]

    assert versions == [1, 2, 3]
    assert set(draft.answers.values_list("outcome", flat=True)) == {"BK"}


def test_a_page_without_a_name_cannot_pass_for_another_one():
    draft = draft_of_two_units()
    unit = draft.scheme_version.units.first()
    answer(draft, unit, "K", version=0)

    with pytest.raises(StaleVersion):
        answer(draft, unit, "BK", version=0)


def test_one_page_does_not_make_another_stale():
    draft = draft_of_two_units()
    first, second = draft.scheme_version.units.all()

    answer(draft, first, "K", version=0, writer="tab-a")

    assert answer(draft, second, "K", version=0, writer="tab-b") == 1


# --- what does not belong here -----------------------------------------------------------------------------------


def test_nobody_writes_in_somebody_elses_case():
    draft, stranger = draft_of_two_units(), make_user(role="asesi")
    unit, requirement = draft.scheme_version.units.first(), draft.scheme_version.requirements.get()
    purpose = draft.scheme_version.purposes.first()
    own = make_document(owner=stranger)

    for write in (
        lambda: save_purpose(application=draft, purpose=purpose, explanation="", version=None, by=stranger),
        lambda: attach_evidence(application=draft, requirement=requirement, documents=[own], by=stranger),
        lambda: detach_evidence(application=draft, requirement=requirement, document=own, by=stranger),
        lambda: answer(draft, unit, "K", by=stranger),
        lambda: save_profile_section(
            application=draft, key="personal", profile=draft.candidate, values={}, version=None, by=stranger
        ),
    ):
        with refused("section.not_owner"):
            write()

    assert not draft.answers.exists()
    assert not RequirementEvidence.objects.filter(application=draft).exists()


def test_files_of_somebody_else_support_no_answer():
    draft = draft_of_two_units()
    foreign = make_document(owner=make_user(role="asesi"), kind="bukti-kerja")

    with refused("evidence.not_owner"):
        answer(draft, draft.scheme_version.units.first(), "K", documents=[foreign])

    assert not draft.answers.exists()  # nothing half-saved


def test_a_profile_of_somebody_else_is_not_saved_through_ones_own_case():
    draft, other = draft_of_two_units(), make_candidate(birth_place="Ambon")

    with refused("save_profile.not_owner"):
        save_profile_section(
            application=draft,
            key="personal",
            profile=other,
            values={"birth_place": "Tual"},
            version=None,
            by=draft.candidate.user,
        )

    assert CandidateProfile.objects.get(pk=other.pk).birth_place == "Ambon"


def test_units_requirements_and_purposes_of_another_scheme_are_refused():
    draft, other = draft_of_two_units(), make_scheme()
    person = draft.candidate.user
    other_purpose = other.purposes.get(code="rpl")
    draft.scheme_version.purposes.remove(other_purpose)

    with refused("save_unit_answers.unknown_unit"):
        answer(draft, other.units.get(), "K")
    with refused("attach_evidence.unknown"):
        attach_evidence(application=draft, requirement=other.requirements.get(), documents=[], by=person)
    with refused("save_purpose.unknown", field="purpose"):
        save_purpose(application=draft, purpose=other_purpose, explanation="", version=None, by=person)


@pytest.mark.parametrize("outcome", ["k", "KOMPETEN", "0", None])
def test_an_answer_other_than_k_or_bk_is_refused(outcome):
    draft = draft_of_two_units()

    with refused("save_unit_answers.unknown"):
        answer(draft, draft.scheme_version.units.first(), outcome)

    assert draft.sections.get(key=unit_key(draft.scheme_version.units.first())).version == 0


def test_a_file_stands_once_at_its_requirement_and_stays_with_its_owner_when_taken_away():
    draft = draft_of_two_units()
    person, requirement = draft.candidate.user, draft.scheme_version.requirements.get()
    document = make_document(owner=person)

    for _click in range(2):
        attach_evidence(application=draft, requirement=requirement, documents=[document], by=person)
    attached = list(draft.requirement_evidence.get().documents.all())
    for _click in range(2):
        detach_evidence(application=draft, requirement=requirement, document=document, by=person)

    assert attached == [document]
    assert not draft.requirement_evidence.get().documents.exists()
    assert person.documents.get() == document


def test_an_explanation_is_kept_only_with_the_purpose_that_asks_for_it():
    draft = draft_of_two_units()
    person = draft.candidate.user
    other, plain = (draft.scheme_version.purposes.get(code=code) for code in ("lainnya", "sertifikasi"))

    save_purpose(application=draft, purpose=other, explanation="Syarat kenaikan jabatan", version=None, by=person)
    draft.refresh_from_db()
    kept = draft.purpose_explanation
    save_purpose(application=draft, purpose=plain, explanation="Syarat kenaikan jabatan", version=None, by=person)

    draft.refresh_from_db()
    assert (kept, draft.purpose_explanation) == ("Syarat kenaikan jabatan", "")


# --- who sees it ---------------------------------------------------------------------------------------------------


def test_a_draft_is_seen_by_nobody_but_its_candidate():
    draft, sent = draft_of_two_units(), make_application(status="submitted", scheme=make_scheme())

    seen = {
        role: set(applications_for(make_user(role=role)))
        for role in ("sekretariat", "administrator", "bnsp", "asesor", "asesi", None)
    }

    staff = {"sekretariat", "administrator", "bnsp"}
    assert seen == {role: {sent} if role in staff else set() for role in seen}
    assert set(applications_for(draft.candidate.user)) == {draft}


def test_a_case_is_found_by_code_and_number_by_its_owner_only():
    sent = make_application(status="submitted", scheme=make_scheme())
    owner, stranger = sent.candidate.user, make_user(role="asesi")

    for reference in (sent.code, sent.number):
        assert own_application(owner, reference) == sent
        assert own_application(stranger, reference) is None
    assert own_application(owner, "tidak-ada") is None


def test_a_page_of_all_sections_costs_the_same_for_small_and_large_schemes(django_assert_max_num_queries):
    large = make_application(status="ready", scheme=make_scheme(units=8, requirements=("ktp", "ijazah", "cv")))

    with django_assert_max_num_queries(16):
        sections = sections_of(Application.objects.get(pk=large.pk))

    assert len(sections) == 13
    assert all(section.is_complete for section in sections)


def test_what_is_missing_is_said_in_words():
    person = make_user(role="asesi")
    draft = open_draft(scheme_version=make_scheme(requirements=("ktp",)), by=person)

    missing = {section.key: section.missing for section in sections_of(draft)}

    unit = draft.scheme_version.units.get()
    assert missing == {
        "personal": ["NIK", "tempat lahir", "tanggal lahir", "jenis kelamin", "pendidikan terakhir"],
        "address": ["alamat rumah", "kabupaten/kota", "nomor HP"],
        "employment": ["pekerjaan"],
        "purpose": ["tujuan asesmen"],
        "requirements": ["KTP"],
        unit_key(unit): ["elemen 1", "elemen 2"],
    }
    answer(draft, unit, "BK")
    assert sections_of(draft)[-1].missing == []


def test_an_application_filled_in_once_is_complete():
    draft = draft_of_two_units()

    fill_in(draft)

    assert all(section.is_complete for section in sections_of(draft))
