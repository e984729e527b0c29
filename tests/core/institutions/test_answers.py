"""What the invited person does: alone, once, and with no more shown to the institution than they allow."""

import pytest

from core.accounts.models import Consent, User
from core.accounts.queries import current_consent_text
from core.accounts.rules import is_candidate
from core.accounts.services import withdraw_consent
from core.applications.models import Application
from core.institutions import services
from core.institutions.models import Invitation
from core.institutions.queries import staged
from core.messaging.models import OutboxMessage
from core.schemes.models import SchemeVersion
from tests.core.helpers import refusal_code
from tests.factories.accounts import make_candidate, make_user
from tests.factories.institutions import make_invitation

pytestmark = pytest.mark.django_db


def accept(invitation: Invitation, *, shares_result: bool = False, name: str = "Budi Santoso") -> User:
    person, _application = services.accept_invitation(
        invitation=invitation,
        full_name=name,
        password="ambon-manise-2026",
        consent_text=current_consent_text(),
        shares_result=shares_result,
    )
    return User.objects.get(pk=person.pk)


def stage_of(invitation: Invitation) -> str:
    return staged(Invitation.objects.filter(pk=invitation.pk)).get().stage


def test_accepting_begins_an_account_with_what_the_officer_gave_and_consent_of_its_owner():
    invitation = make_invitation(name="Budi S.", email="budi@contoh.id", position="Analis")

    person = accept(invitation)

    profile = person.candidate
    assert is_candidate(person)
    assert person.check_password("ambon-manise-2026")
    assert person.email_confirmed_at
    assert person.full_name == "Budi Santoso"  # as its owner writes it
    assert (profile.institution, profile.job_title) == (invitation.institution.name, "Analis")
    assert profile.office_address == invitation.institution.address
    assert (profile.nik, profile.birth_date, profile.phone_mobile) == ("", None, "")
    assert Consent.objects.get(user=person).text == current_consent_text()
    case = Application.objects.get(candidate=profile)
    assert (case.status, case.scheme_version.scheme) == ("draft", invitation.scheme)
    assert stage_of(invitation) == "mengisi"


def test_an_invitation_is_answered_once():
    invitation = make_invitation()
    accept(invitation)

    assert refusal_code(accept, invitation) == "accept_invitation.over"
    assert refusal_code(services.decline_invitation, invitation=invitation) == "accept_invitation.over"


def test_an_account_in_use_is_joined_by_its_owner_only():
    profile = make_candidate(institution="PMI Ambon")
    invitation = make_invitation(email=profile.user.email)
    stranger = make_user(role="asesi")

    assert refusal_code(accept, invitation) == "admit_candidate.known"  # nobody sets a new password this way
    assert refusal_code(services.accept_as_candidate, invitation=invitation, shares_result=True, by=stranger)
    services.accept_as_candidate(invitation=invitation, shares_result=False, by=profile.user)

    profile.refresh_from_db()
    assert profile.institution == "PMI Ambon"  # what they told themselves stays
    assert profile.applications.count() == 1


def test_who_took_consent_back_gives_it_first():
    profile = make_candidate()
    invitation = make_invitation(email=profile.user.email)
    withdraw_consent(user=profile.user, by=profile.user)

    assert (
        refusal_code(services.accept_as_candidate, invitation=invitation, shares_result=False, by=profile.user)
        == "accept_invitation.consent"
    )


@pytest.mark.parametrize("role", ["sekretariat", "asesor", "instansi"])
def test_an_account_that_is_no_candidates_cannot_accept(role):
    person = make_user(role=role)
    invitation = make_invitation(email=person.email)

    assert refusal_code(services.accept_as_candidate, invitation=invitation, shares_result=False, by=person)
    assert refusal_code(accept, invitation) == "admit_candidate.known"


def test_an_account_begun_and_never_confirmed_is_finished_by_the_link():
    begun = make_user(role="asesi", email="budi@contoh.id", email_confirmed_at=None)

    assert accept(make_invitation(email="budi@contoh.id")).pk == begun.pk


def test_a_scheme_that_closed_meanwhile_leaves_the_account_and_no_case():
    invitation = make_invitation()
    SchemeVersion.objects.filter(scheme=invitation.scheme).update(status="ditutup")

    person = accept(invitation)

    assert not Application.objects.filter(candidate=person.candidate).exists()
    assert stage_of(invitation) == "mengisi"


def test_declining_forgets_the_address_and_the_letter():
    invitation = make_invitation(email="budi@contoh.id")

    services.decline_invitation(invitation=invitation)

    invitation.refresh_from_db()
    assert invitation.email.endswith("@dihapus.invalid")
    assert stage_of(invitation) == "ditolak"
    assert not OutboxMessage.objects.filter(address="budi@contoh.id").exists()


@pytest.mark.parametrize(
    ("status", "hidden", "shared"),
    [
        ("submitted", "terkirim", "terkirim"),
        ("returned", "terkirim", "terkirim"),
        ("rejected", "terkirim", "berakhir"),
        ("competent", "terkirim", "kompeten"),
        ("certified", "terkirim", "kompeten"),
        ("not_yet_competent", "terkirim", "belum-kompeten"),
        ("withdrawn", "batal", "batal"),
    ],
)
def test_a_result_shows_only_where_its_owner_allows(status, hidden, shared):
    invitation = make_invitation()
    person = accept(invitation)
    case = person.candidate.applications.get()
    case.status = status
    case.save()

    assert stage_of(invitation) == hidden
    services.share_result(invitation=invitation, shares=True, by=person)
    assert stage_of(invitation) == shared
    services.share_result(invitation=invitation, shares=False, by=person)
    assert stage_of(invitation) == hidden
    assert refusal_code(services.share_result, invitation=invitation, shares=True, by=make_user(role="instansi"))
