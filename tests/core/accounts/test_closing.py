"""Putting accounts out of use, and the confirmation letter once more."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from core.accounts.models import TrustedDevice
from core.accounts.queries import current_consent_text
from core.accounts.services import (
    change_account,
    deactivate_account,
    register_candidate,
    register_officer,
    resend_confirmation,
)
from core.activity.models import ActivityEntry
from core.common.exceptions import DomainError
from core.messaging.models import OutboxMessage
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return make_user(role="administrator")


def test_an_account_is_put_out_of_use_once(admin):
    person = make_user(role="asesor")
    deactivate_account(user=person, by=admin)
    person.refresh_from_db()
    assert not person.is_active
    assert ActivityEntry.objects.filter(code="account.change", subject_id=str(person.pk), actor=admin).exists()
    with pytest.raises(DomainError, match="sudah tidak aktif"):
        deactivate_account(user=person, by=admin)


def test_whoever_is_in_with_it_is_out_and_stays_out_when_it_opens_again(admin):
    person = make_user(role="asesor", password="kapal layar di teluk")
    client = Client()
    client.post("/masuk/", {"username": person.email, "password": "kapal layar di teluk"})
    TrustedDevice.objects.create(user=person, token_hash="x", expires_at=timezone.now() + timedelta(days=1))
    assert client.get("/admin/").status_code == 200

    deactivate_account(user=person, by=admin)
    assert client.get("/admin/").status_code == 302
    assert not TrustedDevice.objects.exists()
    change_account(user=person, full_name="Rina", email=person.email, is_active=True, role="asesor", by=admin)
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize("ask", [register_candidate, register_officer])
def test_no_letter_leads_into_an_account_that_was_closed_before_it_was_confirmed(admin, ask):
    person = make_user(role="asesi", email_confirmed_at=None)
    deactivate_account(user=person, by=admin)
    ask(full_name="Siti", email=person.email, consent_text=current_consent_text())
    assert not OutboxMessage.objects.exists()


def test_an_address_that_somebody_has_is_refused_in_words(admin):
    taken = make_user(role="asesor", email="rina@contoh.id")
    invited = make_user(role="asesor", email_confirmed_at=None)
    with pytest.raises(DomainError, match="sudah mempunyai akun"):
        change_account(user=invited, full_name="Rina", email="Rina@contoh.id", is_active=True, role="asesor", by=admin)
    assert taken.email == "rina@contoh.id"


def test_nobody_locks_themselves_out(admin):
    with pytest.raises(DomainError, match="akun Anda sendiri"):
        deactivate_account(user=admin, by=admin)


def test_only_administrators(admin):
    clerk = make_user(role="sekretariat")
    for act in (deactivate_account, resend_confirmation):
        with pytest.raises(DomainError, match="tidak berhak"):
            act(user=make_user(role="asesor", email_confirmed_at=None), by=clerk)


def test_a_second_click_sends_no_second_letter(admin):
    person = make_user(role="asesor", email_confirmed_at=None)
    resend_confirmation(user=person, by=admin)
    with pytest.raises(DomainError, match="baru saja dikirim"):
        resend_confirmation(user=person, by=admin)
    assert OutboxMessage.objects.filter(recipient=person, template_key="account-confirm").count() == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [({}, "sudah dikonfirmasi"), ({"email_confirmed_at": None, "is_active": False}, "tidak aktif")],
)
def test_who_needs_no_letter_gets_none(admin, fields, sentence):
    with pytest.raises(DomainError, match=sentence):
        resend_confirmation(user=make_user(role="asesor", **fields), by=admin)
