"""Returning and correcting: only what was named opens, the rest stays as it was signed, every change is shown."""

import pytest

from core.accounts.services import save_profile
from core.activity.models import ActivityEntry
from core.applications.models import Application
from core.applications.queries import changes_since_last_submission, last_return_request, latest_submission
from core.applications.rules import can_write_section
from core.applications.sections import sections_of, unit_key
from core.applications.services import (
    attach_evidence,
    check_requirement,
    detach_evidence,
    return_application,
    save_profile_section,
    save_purpose,
    save_unit_answers,
    submit_application,
    take_application,
)
from core.messaging.models import OutboxMessage
from core.schemes.models import CompetencyUnit
from tests.core.helpers import refused
from tests.factories.accounts import make_user
from tests.factories.applications import judge_all, make_application
from tests.factories.documents import make_document
from tests.factories.schemes import make_scheme

pytestmark = pytest.mark.django_db


def returned(*parts: str, units: int = 2, requirements: tuple[str, ...] = ("ktp", "ijazah")) -> Application:
    """A judged case that was returned for these sections; "unit" stands for its first unit."""
    clerk = make_user(role="sekretariat", full_name="Dewi Lestari")
    case = make_application(
        status="under_review", officer=clerk, scheme=make_scheme(units=units, requirements=requirements)
    )
    judge_all(case, by=clerk)
    keys = [unit_key(case.scheme_version.units.first()) if part == "unit" else part for part in parts]
    return_application(application=case, parts={key: f"Perbaiki {key}." for key in keys}, by=clerk)
    return Application.objects.get(pk=case.pk)


def resubmit(case: Application):
    submit_application(application=case, by=case.candidate.user)
    return latest_submission(case)


def requirement_of(case: Application, kind: str):
    return case.scheme_version.requirements.get(document_type__code=kind)


def attach(case: Application, kind: str):
    person = case.candidate.user
    document = make_document(owner=person, kind=kind)
    attach_evidence(application=case, requirement=requirement_of(case, kind), documents=[document], by=person)
    return document


# --- returning --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["personal", "address", "employment", "purpose", "requirements", "unit"])
def test_a_return_opens_the_part_it_names_and_no_other(part):
    case = returned(part)

    opened = [section for section in sections_of(case) if section.is_open]

    (section,) = opened
    assert section.key.startswith(part)
    assert section.return_note == f"Perbaiki {section.key}."
    assert can_write_section(case, section.key, case.candidate.user)
    assert not can_write_section(case, section.key, make_user(role="asesi"))
    closed = {s.key for s in sections_of(case)} - {section.key}
    assert not any(can_write_section(case, key, case.candidate.user) for key in closed)


def test_every_way_of_writing_into_a_closed_part_is_refused():
    case = returned("employment")
    person, unit, purpose = case.candidate.user, case.scheme_version.units.first(), case.scheme_version.purposes.last()
    document = person.documents.first()

    for write in (
        lambda: save_purpose(application=case, purpose=purpose, explanation="", version=None, by=person),
        lambda: attach(case, "ktp"),
        lambda: detach_evidence(
            application=case, requirement=requirement_of(case, "ktp"), document=document, by=person
        ),
        lambda: save_unit_answers(application=case, unit=unit, answers={}, version=None, by=person),
        lambda: save_profile_section(
            application=case, key="personal", profile=case.candidate, values={}, version=None, by=person
        ),
    ):
        with refused("section.closed"):
            write()


@pytest.mark.parametrize("status", ["submitted", "under_review", "accepted", "rejected", "withdrawn"])
def test_a_case_that_was_sent_takes_no_more_writing(status):
    case = make_application(status=status, scheme=make_scheme())
    purpose = case.scheme_version.purposes.last()

    with refused("section.sent") as refusal:
        save_purpose(application=case, purpose=purpose, explanation="x", version=None, by=case.candidate.user)

    assert case.get_status_display() in refusal.value.message


def test_the_letter_names_each_part_by_its_title_with_its_note():
    case = returned("address", "unit")

    letter = OutboxMessage.objects.get(template_key="application-returned")

    unit = case.scheme_version.units.first()
    assert "- Alamat dan kontak: Perbaiki address." in letter.body
    assert f"- {unit.title}: Perbaiki {unit_key(unit)}." in letter.body


def test_what_was_asked_for_stays_readable_after_the_correction():
    case = returned("unit", "address")
    resubmit(case)

    asked = last_return_request(case)

    unit = case.scheme_version.units.first()
    assert [(part["key"], part["title"]) for part in asked.parts] == [
        ("address", "Alamat dan kontak"),  # in the order of the forms
        (unit_key(unit), unit.title),
    ]
    assert asked.returned_by.full_name == "Dewi Lestari"
    assert asked.submission.sequence == 1


def test_the_log_names_the_parts_and_not_the_notes():
    returned("address")

    assert ActivityEntry.objects.get(code="application.return").data == {"parts": ["address"]}


def test_an_unknown_part_opens_nothing():
    clerk = make_user(role="sekretariat")
    case = make_application(status="under_review", officer=clerk, scheme=make_scheme())
    foreign_unit = unit_key(make_scheme().units.get())

    with refused("return.no_parts", field="parts"):
        return_application(application=case, parts={foreign_unit: "x", "status": "x"}, by=clerk)

    assert Application.objects.get(pk=case.pk).status == "under_review"


def test_a_note_that_is_too_long_is_refused_and_not_cut():
    clerk = make_user(role="sekretariat")
    case = make_application(status="under_review", officer=clerk, scheme=make_scheme())

    with refused("text.too_long", field="parts"):
        return_application(application=case, parts={"address": "x" * 1001}, by=clerk)

    assert not case.sections.filter(is_open=True).exists()


# --- correcting ----------------------------------------------------------------------------------------------------


def test_a_correction_keeps_its_number_and_counts_its_sendings():
    case = returned("purpose")
    number = case.number

    submission = resubmit(case)

    case.refresh_from_db()
    assert (case.number, case.status, case.officer, case.note) == (number, "submitted", None, "")
    assert (submission.sequence, submission.snapshot["number"]) == (2, number)
    assert not case.sections.exclude(is_open=False, return_note="").exists()
    keys = OutboxMessage.objects.order_by("pk").values_list("template_key", flat=True)
    assert list(keys) == ["application-submitted", "application-returned", "application-resubmitted"]


def test_parts_that_were_not_named_stay_as_they_were_signed():
    case = returned("purpose")
    first = case.submissions.get().snapshot
    save_profile(
        profile=case.candidate,
        values={"full_name": "Nama lain", "home_address": "Pindah", "birth_place": "Tual", "job_title": "Kepala"},
        version=None,
        by=case.candidate.user,
    )
    CompetencyUnit.objects.update(title="Judul baru")

    second = resubmit(Application.objects.get(pk=case.pk)).snapshot

    assert second["sections"] == first["sections"]
    assert second["evidence"] == first["evidence"]
    assert changes_since_last_submission(case, viewer=case.candidate.user) == []


def test_a_part_that_was_named_is_read_anew():
    case = returned("address")
    save_profile_section(
        application=case,
        key="address",
        profile=case.candidate,
        values={"home_address": "Jalan Baru 7", "home_postal_code": "97117"},
        version=None,
        by=case.candidate.user,
    )

    resubmit(Application.objects.get(pk=case.pk))

    assert changes_since_last_submission(case, viewer=case.candidate.user) == [
        {
            "section": "Alamat dan kontak",
            "label": "Alamat rumah",
            "before": "Jalan Pattimura 5",
            "after": "Jalan Baru 7",
        },
        {"section": "Alamat dan kontak", "label": "Kode pos", "before": "", "after": "97117"},
    ]


def test_a_profile_that_lost_a_field_meanwhile_does_not_stop_a_correction_of_something_else():
    case = returned("purpose")
    save_profile(profile=case.candidate, values={"home_address": ""}, version=None, by=case.candidate.user)

    submission = resubmit(Application.objects.get(pk=case.pk))

    assert submission.snapshot["sections"]["address"]["home_address"] == "Jalan Pattimura 5"


def test_changed_answers_are_told_element_by_element():
    case = returned("unit")
    person, unit = case.candidate.user, case.scheme_version.units.first()
    first, second = unit.elements.all()
    report = make_document(owner=person, kind="bukti-kerja", file_name="laporan.jpg")
    answers = {first.pk: ("BK", []), second.pk: ("K", [report])}
    save_unit_answers(application=case, unit=unit, answers=answers, version=None, by=person)

    resubmit(case)

    label = f"{unit.code} – {{}}. Elemen {{}}"
    assert changes_since_last_submission(case, viewer=case.candidate.user) == [
        {"section": "Asesmen mandiri", "label": label.format(1, 1), "before": "K", "after": "BK"},
        {
            "section": "Asesmen mandiri",
            "label": label.format(2, 2),
            "before": "K",
            "after": f"K · laporan.jpg ({report.sha256[:8]})",
        },
    ]


def test_a_first_sending_changed_nothing():
    case = make_application(status="submitted", scheme=make_scheme())

    assert changes_since_last_submission(case, viewer=case.candidate.user) == []


def test_a_third_sending_is_compared_with_the_second():
    case = returned("purpose")
    for code in ("rpl", "pkt"):
        purpose = case.scheme_version.purposes.get(code=code)
        save_purpose(application=case, purpose=purpose, explanation="", version=None, by=case.candidate.user)
        resubmit(case)
        clerk = make_user(role="sekretariat")
        take_application(application=case, by=clerk)
        return_application(application=case, parts={"purpose": "Sekali lagi."}, by=clerk)

    (change,) = changes_since_last_submission(case, viewer=case.candidate.user)

    assert (change["before"], change["after"]) == (
        "Rekognisi Pembelajaran Lampau (RPL)",
        "Pengakuan Kompetensi Terkini (PKT)",
    )
    assert last_return_request(case).submission.sequence == 3


# --- evidence and verdicts ------------------------------------------------------------------------------------------


def test_evidence_keeps_its_key_on_paper_and_new_files_get_the_next():
    case = returned("requirements")
    before = case.submissions.get().snapshot["evidence"]
    better = attach(case, "ktp")

    after = resubmit(case).snapshot

    assert set(before) == {"E1", "E2"}
    assert {key: after["evidence"][key] for key in before} == before
    assert after["evidence"]["E3"]["sha256"] == better.sha256
    assert [row["evidence"] for row in after["sections"]["requirements"]] == [["E1", "E3"], ["E2"]]


def test_a_file_put_in_place_of_another_gets_a_key_of_its_own():
    case = returned("requirements")
    person, ktp = case.candidate.user, requirement_of(case, "ktp")
    old = case.requirement_evidence.get(requirement=ktp).documents.get()
    detach_evidence(application=case, requirement=ktp, document=old, by=person)
    attach(case, "ktp")

    after = resubmit(case).snapshot

    assert [row["evidence"] for row in after["sections"]["requirements"]] == [["E3"], ["E2"]]
    assert set(after["evidence"]) == {"E2", "E3"}


def test_a_verdict_on_new_evidence_is_forgotten_and_the_others_stay():
    case = returned("requirements")
    attach(case, "ktp")

    resubmit(case)

    verdicts = {row.requirement.document_type.code: row for row in case.requirement_evidence.all()}
    assert (verdicts["ktp"].verdict, verdicts["ktp"].checked_by, verdicts["ktp"].checked_at) == ("", None, None)
    assert verdicts["ijazah"].verdict == "memenuhi"
    assert verdicts["ijazah"].checked_by.full_name == "Dewi Lestari"


def test_evidence_of_an_answer_does_not_touch_verdicts_on_requirements():
    case = returned("unit")
    person, unit = case.candidate.user, case.scheme_version.units.first()
    report = make_document(owner=person, kind="bukti-kerja")
    answers = {element.pk: ("K", [report]) for element in unit.elements.all()}
    save_unit_answers(application=case, unit=unit, answers=answers, version=None, by=person)

    resubmit(case)

    assert set(case.requirement_evidence.values_list("verdict", flat=True)) == {"memenuhi"}


def test_evidence_that_was_asked_for_and_handed_in_can_be_judged_again():
    case = returned("requirements")
    attach(case, "ktp")
    resubmit(case)
    clerk = make_user(role="sekretariat")
    take_application(application=case, by=clerk)

    check_requirement(
        application=case, requirement=requirement_of(case, "ktp"), verdict="memenuhi", note="Jelas.", by=clerk
    )

    row = case.requirement_evidence.get(requirement__document_type__code="ktp")
    assert (row.verdict, row.note, row.checked_by) == ("memenuhi", "Jelas.", clerk)


def test_taking_all_evidence_away_makes_the_case_incomplete_again():
    case = returned("requirements")
    person, ktp = case.candidate.user, requirement_of(case, "ktp")
    old = case.requirement_evidence.get(requirement=ktp).documents.get()
    detach_evidence(application=case, requirement=ktp, document=old, by=person)

    with refused("submit.refused") as refusal:
        submit_application(application=case, by=person)

    assert refusal.value.message == "Belum lengkap: Bukti persyaratan."
    assert case.submissions.count() == 1
