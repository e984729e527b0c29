"""Nothing happens before the officer sends; then each person is invited once, whatever is pressed twice."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.accounts.models import User
from core.imports.models import ImportRun
from core.institutions import services
from core.institutions.models import Invitation, InvitationBatch
from core.institutions.queries import invitation_of, stage_counts, staged
from core.messaging.models import OutboxMessage
from core.messaging.services import send_waiting
from core.policy.models import SystemPolicy
from tests.core.helpers import refusal_code, refused
from tests.factories.accounts import make_user
from tests.factories.institutions import make_batch, make_invitation, make_officer, make_upload, person_row, token_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(db):
    return make_officer()


def send(run: ImportRun, *, by: User, leaves_out_faults: bool = False) -> InvitationBatch:
    return services.send_invitations(run=run, leaves_out_faults=leaves_out_faults, by=by)


def test_checking_a_file_invites_nobody(officer):
    make_upload(officer=officer)

    assert not Invitation.objects.exists()
    assert not OutboxMessage.objects.filter(template_key="institution-invitation").exists()


def test_sending_writes_one_letter_to_each_and_makes_no_account(officer):
    people = User.objects.count()

    batch = send(make_upload(person_row("Budi", "budi@contoh.id"), person_row(), officer=officer), by=officer)

    assert batch.number.startswith("UND-")
    assert (batch.people, batch.left_out, batch.sent_by) == (2, 0, officer)
    letter = OutboxMessage.objects.get(address="budi@contoh.id")
    assert officer.officer.institution.name in letter.subject
    assert letter.is_secret
    assert invitation_of(token_of(batch.invitations.first())) == batch.invitations.first()
    assert User.objects.count() == people


def test_pressing_twice_sends_once(officer):
    run = make_upload(officer=officer)

    assert send(run, by=officer) == send(run, by=officer)
    assert Invitation.objects.count() == 2


def test_a_file_with_faults_waits_unless_the_officer_leaves_them_out(officer):
    run = make_upload(person_row("Budi", "budi@contoh.id"), person_row("Citra", "citra@"), officer=officer)

    assert refusal_code(send, run, by=officer) == "send_invitations.faulty"
    batch = send(run, by=officer, leaves_out_faults=True)

    assert (batch.people, batch.left_out) == (1, 1)
    assert [one.email for one in batch.invitations.all()] == ["budi@contoh.id"]


def test_a_file_without_one_good_row_sends_nothing(officer):
    run = make_upload(person_row("Citra", "citra@"), officer=officer)

    assert refusal_code(send, run, by=officer, leaves_out_faults=True) == "send_invitations.nobody"
    assert not InvitationBatch.objects.exists()


def test_the_same_file_again_says_so_and_invites_nobody(officer):
    row = person_row("Budi", "budi@contoh.id")
    batch = make_batch(row, officer=officer)

    again = make_upload(row, officer=officer)

    assert again.report["notices"][0].startswith(
        f"Berkas ini sama persis dengan yang sudah dikirim sebagai rombongan {batch.number}."
    )
    assert again.counts["baru"] == 0
    assert refusal_code(send, again, by=officer)
    assert Invitation.objects.count() == 1


def test_two_officers_keep_apart_and_the_second_sees_what_the_first_invited(officer):
    colleague = make_officer(institution=officer.officer.institution)
    row = person_row("Budi", "budi@contoh.id")
    first, second = make_upload(row, officer=officer), make_upload(row, person_row(), officer=colleague)

    assert refusal_code(send, second, by=officer) == "send_invitations.forbidden"
    send(first, by=officer)
    assert refusal_code(send, second, by=colleague) == "apply_run.stale"

    second.refresh_from_db()
    assert [one["kind"] for one in second.report["differences"]] == ["dilewati", "baru"]  # shown anew
    assert send(second, by=colleague).people == 1
    assert Invitation.objects.filter(email="budi@contoh.id").count() == 1


def test_once_sent_the_report_holds_no_names_any_more(officer):
    run = make_upload(person_row("Budi Santoso"), officer=officer)
    send(run, by=officer)

    run.refresh_from_db()
    assert "Budi" not in str(run.report)


def test_a_closed_institution_sends_nothing(officer):
    run = make_upload(officer=officer)
    officer.officer.institution.__class__.objects.update(status="ditutup")

    assert refusal_code(send, run, by=officer) == "send_invitations.refused"


def test_the_number_of_files_and_of_people_is_bounded(officer, monkeypatch):
    monkeypatch.setattr("core.institutions.services.sending.MAX_PEOPLE_PER_DAY", 3)
    make_batch(officer=officer)
    assert refusal_code(send, make_upload(officer=officer), by=officer) == "send_invitations.too_many"

    monkeypatch.setattr("core.institutions.services.sending.MAX_UPLOADS_PER_HOUR", 2)
    assert refusal_code(make_upload, officer=officer) == "check_upload.throttled"


def test_a_thousand_people_cost_no_more_questions_than_a_few(officer):
    def asked(count: int) -> int:
        run = make_upload(*(person_row() for _number in range(count)), officer=officer)
        with CaptureQueriesContext(connection) as queries:
            send(run, by=officer)
        return len(queries)

    few, many = asked(3), asked(400)

    assert many < few + 20  # written in pieces: SQLite takes fifty rows at a time


# --- afterwards -----------------------------------------------------------------------------------------


def long_ago(invitation: Invitation, **days) -> Invitation:
    Invitation.objects.filter(pk=invitation.pk).update(
        **{name: timezone.now() - timedelta(days=number) for name, number in days.items()}
    )
    invitation.refresh_from_db()
    return invitation


def test_an_invitation_lasts_as_long_as_the_policy_says_and_lives_again_when_it_is_sent_anew(officer):
    SystemPolicy.objects.update(invitation_days=3)
    invitation = make_invitation(officer=officer)
    assert 2 <= (invitation.expires_at - timezone.now()).days <= 3
    token = token_of(invitation)

    long_ago(invitation, sent_at=5, expires_at=1)
    assert invitation.is_expired
    assert staged(Invitation.objects.all()).get().stage == "kedaluwarsa"
    invitation = services.resend_invitation(invitation=invitation, by=officer)

    assert invitation.is_answerable
    assert invitation_of(token) is None  # the old link is dead
    assert invitation_of(token_of(invitation)) == invitation


def test_a_letter_is_not_sent_again_at_once_nor_for_ever(officer):
    invitation = make_invitation(officer=officer)
    assert refusal_code(services.resend_invitation, invitation=invitation, by=officer) == "resend_invitation.refused"

    for _time in range(5):
        services.resend_invitation(invitation=long_ago(invitation, sent_at=1), by=officer)

    assert refusal_code(services.resend_invitation, invitation=long_ago(invitation, sent_at=1), by=officer)


def test_a_mistyped_address_is_corrected_and_the_link_that_went_astray_is_dead(officer):
    invitation = make_invitation(officer=officer, name="Budi", email="budi@contih.id")
    send_waiting()
    astray = OutboxMessage.objects.get(address="budi@contih.id").pk
    other = make_invitation(officer=officer, name="Citra", email="citra@contoh.id")

    for email in ("budi@", "budi@contih.id", other.email):
        assert refusal_code(services.correct_invitation, invitation=invitation, email=email, by=officer)
    invitation = services.correct_invitation(invitation=invitation, email="Budi@contoh.id", by=officer)

    assert invitation.email == "budi@contoh.id"
    assert OutboxMessage.objects.filter(address="budi@contoh.id").count() == 1
    assert "Budi" not in OutboxMessage.objects.get(pk=astray).body


def test_correcting_addresses_is_no_way_to_write_to_strangers_without_end(officer):
    """Each correction sends a letter to whatever address was typed."""
    invitation = make_invitation(officer=officer, name="Budi", email="budi@contih.id")

    for number in range(services.MAX_CORRECTIONS_PER_HOUR):
        invitation = services.correct_invitation(invitation=invitation, email=f"budi{number}@contoh.id", by=officer)

    with refused("correct_invitation.throttled", field="email"):
        services.correct_invitation(invitation=invitation, email="budi@contoh.id", by=officer)
    assert make_invitation(officer=make_officer(), name="Citra")  # others are not held up


def test_what_is_withdrawn_does_not_leave_and_can_be_invited_anew(officer):
    row = person_row("Budi", "budi@contoh.id")
    invitation = make_batch(row, officer=officer).invitations.get()

    services.withdraw_invitation(invitation=invitation, by=officer)

    assert not OutboxMessage.objects.filter(address="budi@contoh.id").exists()
    assert refusal_code(services.withdraw_invitation, invitation=invitation, by=officer)
    assert make_batch(row, person_row(), officer=officer).people == 2


@pytest.mark.parametrize(("status", "kinds"), [("scheduled", ["dilewati"]), ("certified", ["baru"])])
def test_whose_case_is_over_can_be_invited_again(officer, status, kinds):
    """As for the next three years, once a certificate ends."""
    row = person_row("Budi", "budi@contoh.id")
    first = make_batch(row, officer=officer).invitations.get()
    person = make_user(role="asesi", email="budi@contoh.id")
    case = services.accept_as_candidate(invitation=first, shares_result=False, by=person)
    case.status = status
    case.save()

    again = make_upload(row, officer=officer)

    assert [one["kind"] for one in again.report["differences"]] == kinds
    if kinds == ["baru"]:
        assert not [notice for notice in again.report["notices"] if "Tidak ada undangan kedua" in notice]
        assert send(again, by=officer).invitations.get().is_open
        first.refresh_from_db()
        assert (first.is_open, first.status, first.application) == (None, "diterima", case)
        assert [one["kind"] for one in make_upload(row, officer=officer).report["differences"]] == ["dilewati"]


def test_people_are_counted_by_how_far_they_are(officer):
    batch = make_batch(person_row(), person_row(), person_row(), officer=officer)
    first, second, _third = batch.invitations.all()
    services.withdraw_invitation(invitation=first, by=officer)
    services.mark_opened(second)

    assert stage_counts([batch]) == {batch.pk: {"ditarik": 1, "dibuka": 1, "diundang": 1}}


def test_a_letter_that_went_out_late_still_goes_out(officer, settings):
    invitation = make_invitation(officer=officer)
    OutboxMessage.objects.update(created_at=timezone.now() - timedelta(hours=5))

    send_waiting()

    letter = OutboxMessage.objects.get(address=invitation.email)
    assert letter.status == "terkirim"
    assert "undangan/" not in letter.body  # the link is wiped once it left
