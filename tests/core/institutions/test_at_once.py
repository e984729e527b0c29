"""Two officers, or two presses, at the same moment: each person is invited once, and nothing is half sent."""

import pytest

from core.accounts.models import User
from core.common.exceptions import DomainError
from core.institutions import services
from core.institutions.models import Invitation, InvitationBatch
from core.messaging.models import OutboxMessage
from tests.core.helpers import at_once
from tests.core.institutions.test_answers import accept
from tests.factories.institutions import make_invitation, make_officer, make_upload, person_row

pytestmark = pytest.mark.django_db(transaction=True)


def send(run, officer):
    return lambda: services.send_invitations(run=run, leaves_out_faults=False, by=officer)


def test_two_officers_with_the_same_people_end_in_one_invitation_each():
    first = make_officer()
    second = make_officer(institution=first.officer.institution)
    rows = [person_row() for _number in range(5)]
    runs = [make_upload(*rows, officer=officer) for officer in (first, second)]

    done = at_once(*(send(run, officer) for run, officer in zip(runs, (first, second), strict=True)))

    assert sorted(isinstance(one, DomainError) for one in done) == [False, True]
    assert InvitationBatch.objects.count() == 1
    assert Invitation.objects.count() == 5
    assert OutboxMessage.objects.filter(template_key="institution-invitation").count() == 5


def test_two_presses_send_once():
    officer = make_officer()
    run = make_upload(officer=officer)

    done = at_once(send(run, officer), send(run, officer))

    assert not any(isinstance(one, DomainError) for one in done)
    assert Invitation.objects.count() == 2


def test_two_taps_on_the_button_begin_one_account():
    invitation = make_invitation()

    done = at_once(lambda: accept(invitation), lambda: accept(invitation))

    assert sorted(isinstance(one, DomainError) for one in done) == [False, True]
    person = User.objects.get(email=invitation.email)
    assert person.candidate.applications.count() == 1
