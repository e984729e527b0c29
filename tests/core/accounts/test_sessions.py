"""Open log-ins: what is noted of them, how long they last, how they end."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from core.accounts import sessions
from core.accounts.models import TrustedDevice, UserSession
from core.accounts.services import change_account
from core.activity.models import ActivityEntry
from core.policy.models import SystemPolicy
from tests.core.helpers import refused
from tests.factories.accounts import make_user, make_user_with_factor

pytestmark = pytest.mark.django_db

ANDROID = "Mozilla/5.0 (Linux; Android 13; SM-A145F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:121.0) Gecko/20100101 Firefox/121.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.1 Mobile/15E148 Safari/604.1"


def enter(user, password="sandi-uji-2026", agent=WINDOWS) -> Client:
    """Through the door, with a password."""
    if not user.has_usable_password():
        user.set_password(password)
        user.save()
    client = Client(headers={"user-agent": agent}, REMOTE_ADDR="203.0.113.7")
    answer = client.post("/masuk/", {"username": user.email, "password": password})
    assert answer.status_code == 302
    return client


def is_in(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (ANDROID, "Chrome di Android"),
        (WINDOWS, "Firefox di Windows"),
        (IPHONE, "Safari di iOS"),
        ("", "Perangkat yang tidak dikenal"),
        ("\x00" * 4000, "Perangkat yang tidak dikenal"),
    ],
)
def test_browsers_in_plain_words(agent, words):
    assert sessions.device_words(agent) == words


def test_a_log_in_and_out_is_noted_and_logged():
    user = make_user(role="sekretariat")
    client = enter(user, agent=ANDROID)
    row = UserSession.objects.get(user=user)
    assert (row.device, row.ip_address) == ("Chrome di Android", "203.0.113.7")
    assert ActivityEntry.objects.get(code="account.log_in").actor == user
    client.post("/keluar/")
    assert not UserSession.objects.exists()
    assert ActivityEntry.objects.get(code="account.log_out").actor == user


def test_last_seen_is_written_every_few_minutes_only():
    user = make_user(role="sekretariat")
    client = enter(user)
    UserSession.objects.update(last_seen_at=timezone.now() - timedelta(minutes=2))
    before = UserSession.objects.get().last_seen_at
    client.get("/admin/")
    assert UserSession.objects.get().last_seen_at == before
    UserSession.objects.update(last_seen_at=timezone.now() - timedelta(minutes=4))
    client.get("/admin/")
    assert UserSession.objects.get().last_seen_at > before


@pytest.mark.parametrize(
    ("field", "minutes", "stays"),
    [("last_seen_at", 31, True), ("last_seen_at", 34, False), ("created_at", 119, True), ("created_at", 121, False)],
)
def test_the_policy_ends_log_ins_of_staff(field, minutes, stays):
    SystemPolicy.objects.update(idle_minutes=30, session_hours=2)
    client = enter(make_user(role="sekretariat"))
    UserSession.objects.update(**{field: timezone.now() - timedelta(minutes=minutes)})
    assert is_in(client) == stays
    assert UserSession.objects.exists() == stays


def test_candidates_stay_in_for_the_life_of_their_cookie():
    SystemPolicy.objects.update(idle_minutes=10, session_hours=1)
    client = enter(make_user(role="asesi"))
    UserSession.objects.update(
        created_at=timezone.now() - timedelta(hours=9), last_seen_at=timezone.now() - timedelta(hours=8)
    )
    assert client.get("/akun/").status_code == 200


def test_no_log_in_of_a_candidate_lasts_longer_however_often_its_cookie_is_renewed():
    client = enter(make_user(role="asesi"))
    with time_machine.travel(timezone.now() + timedelta(hours=11)):
        assert client.get("/akun/").status_code == 200
        session = client.session
        session["registered_email"] = "x"  # what a page writes renews the cookie for twelve hours
        session.save()
    with time_machine.travel(timezone.now() + timedelta(hours=13)):
        assert client.get("/akun/").status_code == 302
    assert not UserSession.objects.exists()


@pytest.mark.parametrize(("role", "page"), [("asesi", "/akun/"), ("sekretariat", "/admin/")])
def test_a_cookie_laid_before_the_log_in_opens_nothing_afterwards(role, page):
    """Session fixation: the key changes with the log-in, and the old one is no longer known."""
    user = make_user(role=role, password="sandi-uji-2026")
    victim = Client()
    victim.post("/lupa-sandi/", {"email": "tak.dikenal@contoh.id"})  # a stranger has a session too
    laid = victim.cookies["sessionid"].value
    victim.post("/masuk/", {"username": user.email, "password": "sandi-uji-2026"})
    assert victim.get(page).status_code == 200

    thief = Client()
    thief.cookies["sessionid"] = laid
    assert thief.get(page).status_code == 302


def test_logging_out_ends_a_copy_of_the_cookie_too():
    client = enter(make_user(role="asesi"))
    copy = Client()
    copy.cookies["sessionid"] = client.cookies["sessionid"].value
    assert copy.get("/akun/").status_code == 200
    client.post("/keluar/")
    assert copy.get("/akun/").status_code == 302


def test_giving_the_password_again_changes_the_key_of_the_session():
    user = make_user_with_factor(role="asesi", password="sandi-uji-2026").user
    client = Client()
    client.force_login(user)
    UserSession.objects.update(verified_at=timezone.now())
    before = client.cookies["sessionid"].value
    assert client.post("/akun/keamanan/kode-pemulihan/", {"password": "sandi-uji-2026"}).status_code == 200
    thief = Client()
    thief.cookies["sessionid"] = before
    assert client.get("/akun/").status_code == 200
    assert thief.get("/akun/").status_code == 302


def test_throwing_one_or_all_others_out():
    user = make_user(role="sekretariat")
    here, phone, cafe = enter(user), enter(user, agent=ANDROID), enter(user, agent=IPHONE)
    here_row, phone_row, _cafe_row = UserSession.objects.order_by("pk")
    sessions.end_session(user=user, key=phone_row.pk, by=user)
    assert [is_in(client) for client in (here, phone, cafe)] == [True, False, True]
    assert sessions.end_other_sessions(user=user, keep=here_row, by=user) == 1
    assert [is_in(client) for client in (here, cafe)] == [True, False]
    sessions.end_session(user=user, key=phone_row.pk, by=user)
    assert ActivityEntry.objects.filter(code="account.end_sessions").count() == 2  # the third ended nothing


def test_nobody_throws_out_somebody_else_by_a_number():
    mine, theirs = make_user(role="sekretariat"), make_user(role="sekretariat")
    client = enter(theirs)
    sessions.end_session(user=mine, key=UserSession.objects.get(user=theirs).pk, by=mine)
    assert is_in(client)


def test_an_administrator_throws_somebody_out_everywhere():
    user, admin = make_user(role="sekretariat"), make_user(role="administrator")
    client = enter(user)
    TrustedDevice.objects.create(user=user, token_hash="x", expires_at=timezone.now() + timedelta(days=1))
    with refused("end_sessions.right"):
        sessions.end_sessions_of(user=admin, by=user)
    sessions.end_sessions_of(user=user, by=admin)
    assert not is_in(client)
    assert not TrustedDevice.objects.exists()


def test_a_closed_account_is_out_at_once_and_stays_out_when_it_opens_again():
    user, admin = make_user(role="sekretariat"), make_user(role="administrator")
    client = enter(user)
    words = {"full_name": user.full_name, "email": user.email, "role": "sekretariat", "by": admin}
    change_account(user=user, is_active=False, **words)
    change_account(user=user, is_active=True, **words)
    assert not is_in(client)


def test_a_session_without_its_row_is_over():
    client = enter(make_user(role="sekretariat"))
    UserSession.objects.all().delete()
    assert not is_in(client)
    assert "Sesi Anda di perangkat ini berakhir" in client.get("/admin/", follow=True).content.decode()
    assert client.get("/").status_code == 200


def test_what_is_over_is_cleared_away_at_night():
    user = make_user(role="sekretariat")
    fresh = UserSession.objects.create(user=user)
    UserSession.objects.create(user=user, last_seen_at=timezone.now() - timedelta(days=4))
    TrustedDevice.objects.create(user=user, token_hash="x", expires_at=timezone.now() - timedelta(days=1))
    assert sessions.clear_ended() == 2
    assert list(UserSession.objects.all()) == [fresh]
