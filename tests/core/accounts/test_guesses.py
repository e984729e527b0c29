"""Wrong passwords: what is written down of them, who is told, and whom they cannot shut out."""

from datetime import timedelta

import pytest
import time_machine
from axes.models import AccessAttempt
from django.test import Client
from django.utils import timezone

from core.activity.models import ActivityEntry
from core.messaging.models import OutboxMessage
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db

RIGHT = "kapal layar di teluk"
OFFICE, ELSEWHERE = "203.0.113.7", "198.51.100.9"


@pytest.fixture
def clerk():
    return make_user(role="sekretariat", password=RIGHT, email="rina@contoh.id")


def guess(email: str, password: str = "salah sekali", door: str = "/masuk/", **meta) -> int:
    meta = {"REMOTE_ADDR": ELSEWHERE} | meta
    return Client(**meta).post(door, {"username": email, "password": password}).status_code


def codes(*wanted: str) -> list[str]:
    return list(ActivityEntry.objects.filter(code__in=wanted).order_by("pk").values_list("code", flat=True))


@pytest.mark.parametrize("door", ["/masuk/", "/admin/login/"])
def test_a_wrong_password_is_written_down_with_whom_it_was_meant_for_and_from_where(clerk, door):
    guess(clerk.email.upper(), door=door)

    entry = ActivityEntry.objects.get(code="account.log_in_failed")
    assert (entry.actor, entry.subject_id, entry.ip_address) == (None, str(clerk.pk), ELSEWHERE)
    assert entry.data == {}


def test_of_a_name_that_nobody_has_nothing_is_kept_in_the_log():
    guess("orang.lain@contoh.id")

    entry = ActivityEntry.objects.get(code="account.log_in_failed")
    assert (entry.subject_id, entry.subject_label, entry.data) == ("", "", {})


def test_six_guesses_shut_the_door_are_told_to_the_owner_once_and_do_not_fill_the_log(clerk):
    answers = [guess(clerk.email) for _guess in range(9)]

    assert answers == [200] * 5 + [429] * 4
    assert codes("account.log_in_failed") == ["account.log_in_failed"] * 6
    assert codes("account.shut_out") == ["account.shut_out"]
    letter = OutboxMessage.objects.get(template_key="account-guessed")
    assert letter.recipient == clerk
    assert guess(clerk.email, REMOTE_ADDR="192.0.2.50") == 200
    [guess(clerk.email, REMOTE_ADDR="192.0.2.50") for _guess in range(5)]
    assert OutboxMessage.objects.filter(template_key="account-guessed").count() == 1  # once a day


def test_knocking_at_a_shut_door_does_not_keep_it_shut(clerk):
    [guess(clerk.email) for _guess in range(6)]
    with time_machine.travel(timezone.now() + timedelta(minutes=14)):
        assert guess(clerk.email) == 429
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert guess(clerk.email, RIGHT) == 302


def test_a_stranger_cannot_shut_a_clerk_out_of_the_office(clerk):
    """OWASP ASVS 6.1.1: a door shuts for a name from an address, never for a name."""
    for address in range(4):
        [guess(clerk.email, REMOTE_ADDR=f"198.51.100.{address}") for _guess in range(7)]

    assert guess(clerk.email, RIGHT, REMOTE_ADDR=OFFICE) == 302


def test_a_colleague_who_forgot_a_password_does_not_shut_the_office_out(clerk):
    [guess("budi@contoh.id", REMOTE_ADDR=OFFICE) for _guess in range(8)]

    assert guess(clerk.email, RIGHT, REMOTE_ADDR=OFFICE) == 302


def test_nobody_opens_the_door_again_by_inventing_addresses(clerk, settings):
    """Exactly one proxy is ours: what a client writes into the header itself is not believed."""
    settings.TRUSTED_PROXIES = 1
    answers = [
        guess(clerk.email, REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR=f"192.0.2.{number}, {ELSEWHERE}")
        for number in range(7)
    ]
    assert answers[-1] == 429

    behind_us = {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": OFFICE}
    assert guess(clerk.email, RIGHT, **behind_us) == 302  # not the proxy's address is shut


def test_without_a_proxy_of_ours_the_header_is_not_believed(clerk, settings):
    settings.TRUSTED_PROXIES = 0
    answers = [guess(clerk.email, HTTP_X_FORWARDED_FOR=f"192.0.2.{number}") for number in range(7)]
    assert answers[-1] == 429


def test_what_else_was_posted_with_a_guess_is_not_kept(clerk):
    """Somebody whose session ended brings the form that they were filling in to the door."""
    client = Client(REMOTE_ADDR=ELSEWHERE)
    for _guess in range(2):
        client.post("/masuk/", {"username": clerk.email, "password": "salah sekali", "kept": "alamat-rumah-saya"})

    kept = AccessAttempt.objects.get()
    assert "alamat-rumah-saya" not in kept.post_data + kept.get_data
    assert "salah sekali" not in kept.post_data


@pytest.mark.parametrize("door", ["/masuk/", "/admin/login/"])
def test_an_unknown_an_unconfirmed_and_a_closed_account_cost_as_much_as_a_wrong_password(clerk, door, monkeypatch):
    """Otherwise the time of the answer tells who is registered."""
    from django.contrib.auth.hashers import MD5PasswordHasher

    make_user(role="asesi", email="belum@contoh.id", email_confirmed_at=None)
    make_user(role="asesi", email="tutup@contoh.id", password=RIGHT, is_active=False)
    hashed = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *args: hashed.append(1) or encode(*args))
    costs = {}
    for email in (clerk.email, "tak.dikenal@contoh.id", "belum@contoh.id", "tutup@contoh.id"):
        hashed.clear()
        guess(email, door=door)
        costs[email] = len(hashed)
    assert len(set(costs.values())) == 1, costs
    assert costs[clerk.email] > 0


@pytest.mark.parametrize("door", ["/masuk/", "/admin/login/"])
def test_a_name_longer_than_any_address_is_a_wrong_one(door, db):
    guess("z" * 2000, door=door)

    assert AccessAttempt.objects.get().username == "z" * 255
