"""How an institution gets in: a letter, the secretariat's look, a letter again; colleagues; and the way out."""

import pytest

from core.accounts.models import User
from core.accounts.queries import current_consent_text
from core.activity.models import ActivityEntry
from core.institutions import services
from core.institutions.models import Institution
from core.institutions.queries import invitation_of, open_work
from core.institutions.transitions import WORKFLOW
from core.messaging.models import OutboxMessage
from tests.core.helpers import refusal_code
from tests.factories.accounts import make_user
from tests.factories.institutions import institution_values, make_batch, make_invitation, make_officer, token_of

pytestmark = pytest.mark.django_db


def register(email: str = "hr@bpbd.contoh.id", **values) -> Institution | None:
    return services.register_institution(
        full_name="Sri Wahyuni", email=email, consent_text=current_consent_text(), values=institution_values(**values)
    )


@pytest.fixture
def clerk(db) -> User:
    return make_user(role="sekretariat")


def letters(key: str) -> list[str]:
    return list(OutboxMessage.objects.filter(template_key=key).values_list("address", flat=True))


def test_registering_makes_an_officer_without_any_right_and_an_institution_that_waits():
    institution = register(name="  BPBD   Kabupaten Lumajang ")

    officer = institution.officers.get().user
    assert (institution.name, institution.status) == ("BPBD Kabupaten Lumajang", "menunggu")
    assert (officer.is_staff, officer.get_all_permissions(), officer.has_usable_password()) == (False, set(), False)
    assert officer.consents.count() == 1
    assert letters("account-confirm") == ["hr@bpbd.contoh.id"]


@pytest.mark.parametrize("role", ["asesi", "sekretariat", "instansi"])
def test_an_address_that_is_known_gets_a_letter_and_makes_nothing(role):
    make_user(role=role, email="hr@bpbd.contoh.id")

    assert register() is None

    assert not Institution.objects.exists()
    assert letters("account-known") == ["hr@bpbd.contoh.id"]


def test_nobody_is_approved_before_the_address_is_confirmed_nor_does_it_wait_for_anybody(clerk):
    institution = register()

    assert open_work(clerk)["institutions"].count() == 0
    assert refusal_code(services.approve_institution, institution=institution, by=clerk) == "approve.refused"

    User.objects.filter(officer__institution=institution).update(email_confirmed_at="2026-11-01T08:00Z")

    assert open_work(clerk)["institutions"].count() == 1
    services.approve_institution(institution=institution, by=clerk)
    assert letters("institution-approved") == ["hr@bpbd.contoh.id"]


def test_a_refusal_tells_why_and_the_corrected_institution_waits_again(clerk):
    officer = make_officer(status="menunggu")
    institution = officer.officer.institution

    assert (
        refusal_code(services.refuse_institution, institution=institution, reason=" ", by=clerk) == "institution.reason"
    )
    services.refuse_institution(institution=institution, reason="Nama instansi belum lengkap.", by=clerk)
    letter = OutboxMessage.objects.get(template_key="institution-refused")
    services.save_institution(institution=institution, values={"name": "BPBD Kabupaten Lumajang"}, by=officer)

    institution.refresh_from_db()
    assert "Nama instansi belum lengkap." in letter.body
    assert (institution.status, institution.name) == ("menunggu", "BPBD Kabupaten Lumajang")


def test_what_was_approved_stays_and_what_reaches_the_office_can_change():
    officer = make_officer()
    institution = officer.officer.institution
    name = institution.name

    services.save_institution(
        institution=institution, values={"name": "Kantor Lain", "address": "Jalan Baru 2"}, by=officer
    )

    institution.refresh_from_db()
    assert (institution.name, institution.address, institution.status) == (name, "Jalan Baru 2", "disetujui")


def test_closing_takes_back_what_nobody_answered_and_shows_nobody_any_more(clerk):
    invitation = make_invitation()
    token = token_of(invitation)

    services.close_institution(institution=invitation.institution, reason="Petugasnya berganti.", by=clerk)

    invitation.refresh_from_db()
    assert invitation.status == "ditarik"
    assert invitation_of(token).is_answerable is False
    assert not OutboxMessage.objects.filter(template_key="institution-invitation").exists()  # it had not left yet
    services.reopen_institution(institution=invitation.institution, by=clerk)
    invitation.institution.refresh_from_db()
    assert invitation.institution.status == "disetujui"


@pytest.mark.parametrize("role", ["administrator", "asesor", "bnsp", "asesi", "instansi"])
@pytest.mark.parametrize("act", ["approve", "refuse", "close", "reopen"])
def test_only_the_secretariat_decides(role, act):
    assert not WORKFLOW[act].permits(Institution(), make_user(role=role))


def test_an_officer_adds_a_colleague_and_learns_nothing_about_an_address():
    officer = make_officer()
    institution = officer.officer.institution
    stranger = make_user(role="asesi", email="ada@contoh.id")

    for email in ("baru@contoh.id", "ada@contoh.id"):
        services.add_officer(institution=institution, full_name="Rekan", email=email, by=officer)

    colleague = User.objects.get(email="baru@contoh.id")
    assert colleague.officer.institution == institution
    assert not hasattr(User.objects.get(pk=stranger.pk), "officer")
    assert ActivityEntry.objects.filter(code="institution.add_officer").count() == 2


def test_nobody_acts_for_an_institution_of_others():
    other = make_officer()
    institution = make_officer().officer.institution

    for act, arguments in (
        (services.save_institution, {"values": {"address": "Jalan 3"}}),
        (services.add_officer, {"full_name": "Rekan", "email": "rekan@contoh.id"}),
        (services.check_upload, {"content": b"x", "file_name": "x.csv"}),
    ):
        assert refusal_code(act, institution=institution, by=other, **arguments)


def test_an_invitation_of_others_is_nobody_elses():
    batch = make_batch()
    invitation, other = batch.invitations.first(), make_officer()

    for act, arguments in (
        (services.resend_invitation, {}),
        (services.correct_invitation, {"email": "lain@contoh.id"}),
        (services.withdraw_invitation, {}),
    ):
        assert refusal_code(act, invitation=invitation, by=other, **arguments)
