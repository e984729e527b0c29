"""Sending: all or nothing, once, and frozen for good."""

import json
from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from core.accounts.models import ConsentText
from core.accounts.queries import current_consent_text
from core.accounts.services import save_profile
from core.activity.models import ActivityEntry
from core.applications.models import Application, Submission
from core.applications.queries import paper_of_signature
from core.applications.sections import sections_of
from core.applications.services import (
    attach_evidence,
    detach_evidence,
    save_purpose,
    save_unit_answers,
    submit_application,
    withdraw_application,
)
from core.applications.snapshot import build_snapshot, canonical, content_hash, fingerprint
from core.common.exceptions import DomainError, StaleVersion
from core.common.models import NumberingCounter, NumberingRule
from core.documents.models import Signature
from core.messaging.models import MessageTemplate, OutboxMessage
from core.schemes.models import CompetencyUnit, Element, PerformanceCriterion, SchemeVersion
from core.schemes.services import draft_next_version, publish_scheme_version
from tests.core.helpers import at_once, everything_in_the_database, from_address, refused
from tests.factories.accounts import make_candidate, make_user
from tests.factories.applications import fill_in, make_application
from tests.factories.documents import make_document
from tests.factories.schemes import make_scheme

pytestmark = pytest.mark.django_db


def ready(**more) -> Application:
    return make_application(status="ready", scheme=make_scheme(**more))


def send(application: Application, **more) -> Submission:
    return submit_application(application=application, by=application.candidate.user, **more)


# --- what a sending is ------------------------------------------------------------------------------------------


def test_what_is_signed_is_exactly_what_is_kept():
    application = ready()

    submission = from_address("203.0.113.7", lambda: send(application))

    person, signature = application.candidate.user, submission.signature
    assert submission.content == canonical(json.loads(submission.content))
    assert submission.sha256 == signature.content_sha256 == content_hash(submission.content)
    assert (signature.signer, signature.signer_name, signature.role) == (person, person.full_name, "Pemohon")
    assert signature.ip_address == "203.0.113.7"
    assert len(signature.code) == 16


def test_one_changed_letter_makes_another_hash():
    content = send(ready()).content

    assert content_hash(content.replace("Ambon", "ambon")) != content_hash(content)
    assert content_hash(content) == content_hash(canonical(json.loads(content)))


def test_the_case_gets_number_time_and_state_and_closes(time_machine):
    time_machine.move_to("2026-06-15T03:00:00Z", tick=False)
    application = ready()

    send(application)

    application.refresh_from_db()
    assert (application.status, application.number) == ("submitted", "APL-2026-000001")
    assert (application.submitted_at, application.completeness) == (timezone.now(), 100)
    assert not application.sections.filter(is_open=True).exists()
    entry = ActivityEntry.objects.get(code="application.submit")
    assert entry.data == {"sequence": 1, "sha256": application.submissions.get().sha256}


def test_the_candidate_gets_one_letter_with_number_scheme_and_link():
    application = ready()
    send(application)
    application.refresh_from_db()

    letter = OutboxMessage.objects.get()

    assert (letter.template_key, letter.recipient) == ("application-submitted", application.candidate.user)
    for word in (application.number, application.scheme_version.scheme.title, f"/permohonan/{application.number}/"):
        assert word in letter.subject + letter.body


def test_the_snapshot_holds_what_both_forms_print():
    application = ready(units=2, requirements=("ktp", "ijazah"))

    snapshot = send(application).snapshot

    first, second = application.scheme_version.scheme_units.values_list("unit_id", flat=True)
    assert set(snapshot["sections"]) == {
        "personal", "address", "employment", "purpose", "requirements", f"unit-{first}", f"unit-{second}",
    }  # fmt: skip
    assert snapshot["sections"]["personal"]["nik"] == application.candidate.nik
    assert snapshot["sections"]["address"]["home_region"] == "Kota Ambon, Maluku"
    assert snapshot["sections"]["purpose"]["title"] == "Sertifikasi"
    assert snapshot["declaration"] == current_consent_text("pernyataan-permohonan").body
    assert [row["evidence"] for row in snapshot["sections"]["requirements"]] == [["E1"], ["E2"]]
    assert [e["outcome"] for e in snapshot["sections"][f"unit-{second}"]["elements"]] == ["K", "K"]
    assert {item["sha256"] for item in snapshot["evidence"].values()} == set(
        application.candidate.user.documents.values_list("sha256", flat=True)
    )


def test_a_file_that_proves_several_things_has_one_key():
    application = ready()
    person, unit = application.candidate.user, application.scheme_version.units.get()
    ktp = person.documents.get()
    answers = {element.pk: ("K", [ktp]) for element in unit.elements.all()}
    save_unit_answers(application=application, unit=unit, answers=answers, version=None, by=person)

    snapshot = send(application).snapshot

    assert list(snapshot["evidence"]) == ["E1"]
    assert [e["evidence"] for e in snapshot["sections"][f"unit-{unit.pk}"]["elements"]] == [["E1"], ["E1"]]


# --- frozen --------------------------------------------------------------------------------------------------------


def change_profile(application):
    save_profile(
        profile=application.candidate,
        values={"full_name": "Nama Baru", "home_address": "Alamat Baru", "nik": "8171011205909999"},
        version=None,
        by=application.candidate.user,
    )


def change_standard(_application):
    CompetencyUnit.objects.update(title="Judul baru")
    Element.objects.update(title="Elemen baru")
    PerformanceCriterion.objects.update(text="Kriteria baru")


def change_scheme(application):
    application.scheme_version.requirements.update(title="Persyaratan baru")
    application.scheme_version.scheme_units.all().delete()
    type(application.scheme_version.scheme).objects.update(title="Skema baru")


def change_declaration(_application):
    ConsentText.objects.update(body="Pernyataan baru")


@pytest.mark.parametrize("change", [change_profile, change_standard, change_scheme, change_declaration])
def test_nothing_that_is_edited_later_changes_what_was_sent(change):
    application = ready()
    submission = send(application)
    before = submission.content

    change(application)

    submission.refresh_from_db()
    assert submission.content == before
    assert content_hash(submission.content) == submission.signature.content_sha256
    assert "aru" not in submission.snapshot["scheme"]["title"]


def test_a_whole_case_leaves_the_nik_readable_nowhere_in_the_database():
    accepted = make_application(status="accepted", scheme=make_scheme())

    stolen = everything_in_the_database()

    assert accepted.number in stolen
    assert accepted.candidate.nik not in stolen


# --- refused --------------------------------------------------------------------------------------------------------


def test_an_incomplete_case_is_refused_naming_all_that_is_missing():
    application = make_application(status="draft", scheme=make_scheme())
    application.candidate.home_address = ""
    application.candidate.save()

    with refused("submit.refused") as refusal:
        send(application)

    unit = application.scheme_version.units.get()
    assert refusal.value.message == (
        f"Belum lengkap: Alamat dan kontak, Tujuan asesmen, Bukti persyaratan, {unit.title}."
    )
    assert not OutboxMessage.objects.exists()


def test_one_missing_answer_is_enough_to_refuse():
    application = ready()
    application.answers.filter(element__number=2).update(outcome="")

    with refused("submit.refused"):
        send(application)

    assert sections_of(application)[-1].missing == ["elemen 2"]


def test_sending_twice_is_refused_the_second_time_and_doubles_nothing():
    application = ready()
    send(application)

    with refused("submit.refused"):
        send(application)

    assert (Submission.objects.count(), Signature.objects.count(), OutboxMessage.objects.count()) == (1, 1, 1)
    assert NumberingCounter.objects.get().last == 1
    assert ActivityEntry.objects.filter(code="application.submit").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_tabs_at_the_same_moment_send_once():
    application = ready()

    results = at_once(*[lambda: send(application)] * 4)

    assert sum(isinstance(result, Submission) for result in results) == 1
    assert {result.code for result in results if isinstance(result, DomainError)} == {"submit.refused"}
    assert (Submission.objects.count(), Signature.objects.count(), OutboxMessage.objects.count()) == (1, 1, 1)
    assert NumberingCounter.objects.get().last == 1


@pytest.mark.django_db(transaction=True)
def test_sending_and_withdrawing_at_the_same_moment_end_in_one_clear_state():
    application = ready()

    at_once(
        lambda: send(application), lambda: withdraw_application(application=application, by=application.candidate.user)
    )

    application.refresh_from_db()
    assert application.status == "withdrawn"  # a sent case can still be withdrawn, a withdrawn one not be sent
    assert application.submissions.count() == (application.number is not None)


@pytest.mark.parametrize(
    "missing",
    [MessageTemplate.objects.filter(key="application-submitted"), NumberingRule.objects.filter(key="application")],
    ids=["no letter", "no numbering"],
)
def test_a_failure_half_way_leaves_the_draft_as_it_was(missing):
    application = ready()
    missing.all().delete()

    with pytest.raises(Exception, match="matching query does not exist"):
        send(application)

    application.refresh_from_db()
    assert (application.status, application.number, application.submitted_at) == ("draft", None, None)
    assert not application.sections.filter(is_open=False).exists()
    assert not Submission.objects.exists()
    assert not Signature.objects.exists()
    assert not NumberingCounter.objects.exists()
    assert not ActivityEntry.objects.filter(code="application.submit").exists()


# --- signing what was read --------------------------------------------------------------------------------------


def preview(application: Application) -> str:
    """What the check page carries to the signature."""
    return fingerprint(build_snapshot(application, number=application.number or ""))


def answer_not_yet(application):
    application.answers.update(outcome="BK")


def another_purpose(application):
    purpose = application.scheme_version.purposes.get(code="rpl")
    save_purpose(application=application, purpose=purpose, explanation="", version=None, by=application.candidate.user)


def another_file(application):
    person, requirement = application.candidate.user, application.scheme_version.requirements.get()
    attach_evidence(
        application=application, requirement=requirement, documents=[make_document(owner=person)], by=person
    )


def one_file_for_another(application):
    person, requirement = application.candidate.user, application.scheme_version.requirements.get()
    detach_evidence(application=application, requirement=requirement, document=person.documents.get(), by=person)
    another_file(application)


@pytest.mark.parametrize(
    "change", [answer_not_yet, another_purpose, another_file, one_file_for_another, change_profile, change_declaration]
)
def test_what_another_tab_changed_since_it_was_read_is_not_signed(change):
    application = ready()
    shown = preview(application)
    change(application)

    with pytest.raises(StaleVersion) as refusal:
        send(application, shown=shown)

    assert refusal.value.code == "submit.changed"
    assert not Submission.objects.exists()
    application = Application.objects.get(pk=application.pk)
    assert send(application, shown=preview(application)).sequence == 1


def test_what_was_read_and_is_unchanged_is_signed():
    application = ready()

    assert send(application, shown=preview(application)).sequence == 1


# --- a scheme that closes ----------------------------------------------------------------------------------------


def close(version: SchemeVersion) -> None:
    SchemeVersion.objects.filter(pk=version.pk).update(registration_closes_on=timezone.localdate() - timedelta(days=1))


def test_after_the_last_day_a_draft_is_not_sent_but_kept():
    application = ready()
    close(application.scheme_version)

    with refused("submit.refused") as refusal:
        send(application)

    assert refusal.value.message.startswith("Pendaftaran skema ini sudah ditutup. Isian Anda tetap tersimpan")
    assert application.answers.filter(outcome="K").count() == 2


def test_a_correction_of_what_was_sent_in_time_is_taken():
    returned = make_application(status="returned", scheme=make_scheme())
    close(returned.scheme_version)

    assert send(returned).sequence == 2


def test_a_newer_version_does_not_strand_a_draft_of_the_one_before():
    clerk, application = make_user(role="sekretariat"), ready()
    newer = draft_next_version(version=application.scheme_version, by=clerk)
    publish_scheme_version(version=newer, by=clerk)

    submission = send(application)

    assert submission.snapshot["scheme"]["version"] == 1


# --- checking the paper ----------------------------------------------------------------------------------------


def test_the_code_on_the_paper_tells_number_scheme_and_state_and_no_name():
    application = ready()
    submission = send(application)
    application.refresh_from_db()

    paper = paper_of_signature(submission.signature)

    assert paper["number"] == application.number
    assert paper["scheme"] == application.scheme_version.scheme.title
    assert (str(paper["status"]), paper["sequence"], paper["is_latest"]) == ("Terkirim", 1, True)
    assert application.candidate.user.full_name not in str(paper)


def test_a_signature_on_nothing_known_is_the_paper_of_nothing():
    signature = Signature.objects.create(
        signer=make_user(), signer_name="X", role="X", meaning="X", content_sha256="0" * 64, signed_at=timezone.now()
    )

    assert paper_of_signature(signature) is None


def test_two_people_never_share_a_number():
    scheme = make_scheme()
    for _person in range(3):
        send(make_application(status="ready", scheme=scheme))

    numbers = list(Application.objects.order_by("pk").values_list("number", flat=True))

    assert [int(number[-6:]) for number in numbers] == [1, 2, 3]
    assert not Application.objects.filter(number=F("code")).exists()


def test_emoji_and_long_words_arrive_as_they_were_typed():
    name = "Ni Luh 👩‍👩‍👧 Z̲ainab " + "x" * 80
    candidate = make_candidate(full_name=name)
    application = make_application(status="ready", scheme=make_scheme())
    Application.objects.filter(pk=application.pk).update(candidate=candidate)
    application = Application.objects.get(pk=application.pk)
    fill_in(application)

    submission = send(application)

    assert submission.snapshot["sections"]["personal"]["full_name"] == name
    assert submission.signature.signer_name == name
