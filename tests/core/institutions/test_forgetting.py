"""Nobody lies about in invitations and files longer than they are needed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.common.text import FORGOTTEN
from core.imports.models import ImportRun
from core.institutions import services
from core.institutions.models import Institution, Invitation
from core.messaging.models import OutboxMessage
from core.messaging.services import send_waiting
from core.privacy.own_data import collect
from tests.core.institutions.test_answers import accept
from tests.factories.institutions import make_batch, make_invitation, make_officer, make_upload, person_row

pytestmark = pytest.mark.django_db


def test_who_never_answered_is_forgotten_thirty_days_after_the_end():
    batch = make_batch(person_row(), person_row(), person_row())
    old, young, answered = batch.invitations.all()
    send_waiting()
    person = accept(answered)
    Invitation.objects.filter(pk__in=[old.pk, answered.pk]).update(expires_at=timezone.now() - timedelta(days=31))

    assert services.forget_unanswered() == 1
    assert services.forget_unanswered() == 0

    for one in (old, young, answered):
        one.refresh_from_db()
    assert (old.full_name, old.job_title) == ("Data dihapus", "")
    assert not OutboxMessage.objects.filter(address=batch.invitations.first().email).exists()
    assert young.forgotten_at is answered.forgotten_at is None
    assert answered.person == person


def test_who_declined_or_was_taken_back_is_forgotten_too():
    officer = make_officer()
    declined, withdrawn = make_invitation(officer=officer), make_invitation(officer=officer)
    services.decline_invitation(invitation=declined)
    services.withdraw_invitation(invitation=withdrawn, by=officer)
    Invitation.objects.update(answered_at=timezone.now() - timedelta(days=31))

    assert services.forget_unanswered() == 2
    assert set(Invitation.objects.values_list("full_name", flat=True)) == {"Data dihapus"}


def test_files_go_sent_or_not_and_their_figures_stay():
    officer = make_officer()
    batch = make_batch(person_row("Budi"), officer=officer)
    unsent = make_upload(person_row("Citra", "citra@"), officer=officer)
    assert services.forget_uploads() == 0
    ImportRun.objects.update(created_at=timezone.now() - timedelta(days=31))

    assert services.forget_uploads() == 2

    unsent.refresh_from_db()
    assert not unsent.file
    assert "itra" not in str(unsent.report)
    assert unsent.counts["kesalahan"] == 1
    batch.refresh_from_db()
    assert batch.people == 1


def test_an_invited_person_finds_the_invitation_in_their_own_data_and_takes_it_along_when_forgotten():
    invitation = make_invitation(name="Budi S.")
    person = accept(invitation)

    (told,) = collect(person)["undangan_instansi"]
    assert told["instansi"] == invitation.institution.name
    assert told["nama_yang_ditulis"] == "Budi S."

    services.forget_invitations(person=person)
    invitation.refresh_from_db()
    assert invitation.full_name == "Data dihapus"


def test_an_officer_who_is_forgotten_acts_no_more_and_is_not_the_contact():
    officer = make_officer(full_name="Sri Wahyuni")
    institution = officer.officer.institution
    Institution.objects.filter(pk=institution.pk).update(contact_name="Sri Wahyuni")

    services.forget_officer(person=officer)

    institution.refresh_from_db()
    assert not institution.officers.exists()
    assert institution.contact_name == FORGOTTEN
