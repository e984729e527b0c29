"""Accounts: roles, registration, profiles, consent."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from core.accounts import services
from core.accounts.models import Consent, ConsentText, User
from core.accounts.phone import normalise_phone
from core.accounts.queries import current_consent_text
from core.accounts.roles import Bnsp, Secretariat
from core.accounts.rules import can_see_nik, role_of
from core.activity import context
from core.common.exceptions import DomainError, StaleVersion
from core.messaging.models import OutboxMessage
from tests.factories.accounts import make_candidate, make_user

pytestmark = pytest.mark.django_db


def test_a_role_brings_exactly_its_permissions_and_takes_the_old_ones():
    user = make_user(role="sekretariat")
    services.assign_role(user=user, role="bnsp", by=None)

    user = User.objects.get(pk=user.pk)
    assert {p.codename for p in user.user_permissions.all()} == set(Bnsp.available_permissions)
    assert not user.has_perm("core.verify_application")
    assert role_of(user) == "bnsp"


@pytest.mark.parametrize(("role", "is_staff"), [("sekretariat", True), ("asesor", True), ("bnsp", True), ("asesi", False)])
def test_only_staff_roles_open_the_back_office(role, is_staff):
    assert make_user(role=role).is_staff is is_staff


def test_an_unknown_role_is_refused():
    with pytest.raises(DomainError):
        services.assign_role(user=make_user(), role="raja", by=None)


def test_after_an_update_permissions_follow_the_role_table():
    user = make_user(role="sekretariat")
    user.user_permissions.clear()

    assert services.sync_role_permissions() == 1
    assert services.sync_role_permissions() == 0
    user = User.objects.get(pk=user.pk)
    assert {p.codename for p in user.user_permissions.all()} == set(Secretariat.available_permissions)


def test_only_the_owner_and_the_secretariat_see_a_nik():
    profile = make_candidate()

    seen = {role: can_see_nik(make_user(role=role), profile) for role in ("administrator", "sekretariat", "asesor", "bnsp")}

    assert seen == {"administrator": False, "sekretariat": True, "asesor": False, "bnsp": False}
    assert can_see_nik(profile.user, profile)


def register(email: str = "baru@contoh.id") -> None:
    services.register_candidate(full_name="Nur  Pattiasina", email=email, consent_text=current_consent_text())


def test_registering_again_before_confirming_sends_a_new_letter_to_the_same_account():
    register()
    register()

    assert User.objects.get().full_name == "Nur Pattiasina"
    assert OutboxMessage.objects.filter(template_key="account-confirm").count() == 2


def test_one_address_gets_no_more_than_five_letters_an_hour():
    for _request in range(8):
        register()

    assert OutboxMessage.objects.count() == 5


def test_one_network_cannot_register_without_end(monkeypatch):
    token = context._ip_address.set("203.0.113.5")
    monkeypatch.setattr(services, "MAX_REQUESTS_PER_HOUR", 3)
    try:
        for number in range(3):
            register(f"orang{number}@contoh.id")
        with pytest.raises(DomainError, match="satu jam lagi"):
            register("orang9@contoh.id")
    finally:
        context._ip_address.reset(token)


def test_the_link_works_for_two_hours():
    register()
    user = User.objects.get()
    key, token = OutboxMessage.objects.get().body.split("/konfirmasi/")[1].split("/")[:2]

    assert services.user_of_confirmation(key, token) == user
    with time_machine.travel(timezone.localtime() + timedelta(hours=2, minutes=1), tick=False):
        assert services.user_of_confirmation(key, token) is None
    assert services.user_of_confirmation(key, token[:-1] + "0") is None
    assert services.user_of_confirmation("%%", token) is None


def test_consent_remembers_version_and_is_asked_again_for_a_new_one():
    user = make_user(role="asesi")
    assert services.needs_consent(user) is None
    newer = ConsentText.objects.create(version=2, title="Baru", body="Baru", published_at=timezone.now())

    assert services.needs_consent(user) == newer
    services.give_consent(user=user, text=newer)
    services.give_consent(user=user, text=newer)

    assert list(Consent.objects.filter(user=user).values_list("text__version", flat=True).order_by("text__version")) == [1, 2]


def test_a_second_tab_does_not_overwrite_but_the_same_values_are_no_conflict():
    profile = make_candidate(birth_place="Ambon")
    old_version = profile.version
    services.save_profile(profile=profile, values={"birth_place": "Masohi"}, version=old_version, by=profile.user)

    services.save_profile(profile=profile, values={"birth_place": "Masohi"}, version=old_version, by=profile.user)
    with pytest.raises(StaleVersion):
        services.save_profile(profile=profile, values={"birth_place": "Tual"}, version=old_version, by=profile.user)


def test_a_stranger_cannot_write_a_profile():
    profile = make_candidate()

    with pytest.raises(DomainError):
        services.save_profile(profile=profile, values={"birth_place": "X"}, version=None, by=make_user(role="asesi"))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0812-3456 7890", "+6281234567890"), ("62 812 3456 7890", "+6281234567890"), ("+62 (812) 34567890", "+6281234567890"),
        ("021.3456789", "+62213456789"), ("+65 6123 4567", "+6561234567"),
    ],
)  # fmt: skip
def test_telephone_numbers_are_kept_in_one_form(typed, kept):
    assert normalise_phone(typed, field="phone_mobile") == kept


@pytest.mark.parametrize("typed", ["12345", "0812 abc", "0" * 20, "08x1234567"])
def test_what_is_no_telephone_number_is_refused(typed):
    with pytest.raises(DomainError):
        normalise_phone(typed, field="phone_mobile")
