"""What was typed outlives the session, and no other site can use that."""

import re

import pytest
from django.test import Client

from core.accounts.models import UserSession
from public_site.keep_post import kept_post
from tests.factories.accounts import make_user
from tests.factories.applications import make_application

pytestmark = pytest.mark.django_db

HIDDEN = 'name="birth_place" value="Ambon"'


def test_an_expired_session_brings_the_text_back_after_logging_in(client):
    draft = make_application(status="draft", password="sandi-yang-benar")
    address = f"/permohonan/{draft.code}/profil/data-pribadi/"

    asked = client.post(address, {"birth_place": "Ambon", "version": "0"})
    kept = asked.context["kept"]
    back = client.post(
        "/masuk/",
        {"username": draft.candidate.user.email, "password": "sandi-yang-benar", "kept": kept, "next": address},
    )

    assert "Sesi Anda berakhir" in asked.content.decode()
    assert HIDDEN in back.content.decode()
    assert f'action="{address}"' in back.content.decode()


def test_what_one_person_typed_is_not_offered_to_another_who_logs_in_there(client):
    """A phone that several share: the log-in page is still open, and the next one enters their own address."""
    siti, joko = make_application(status="draft"), make_application(status="draft", password="sandi-yang-benar")
    user = joko.candidate.user
    log_in = {"username": user.email, "password": "sandi-yang-benar"}
    case = client.post(f"/permohonan/{siti.code}/profil/data-pribadi/", {"birth_place": "Ambon"}).context["kept"]
    client.force_login(siti.candidate.user)
    UserSession.objects.all().delete()  # ended from elsewhere
    words = client.post("/akun/pesan/baru/", {"text": "Rahasia Siti"}).context["kept"]

    answers = [Client().post("/masuk/", log_in | {"kept": kept, "next": "/akun/"}) for kept in (case, words)]

    assert [answer.status_code for answer in answers] == [302, 302]


def test_a_wrong_password_keeps_what_is_carried(client):
    draft = make_application(status="draft", password="sandi-yang-benar")
    kept = client.post(f"/permohonan/{draft.code}/tujuan/", {"purpose": "1"}).context["kept"]

    page = client.post("/masuk/", {"username": "x@contoh.id", "password": "salah", "kept": kept})

    assert kept in page.content.decode()


def test_passwords_are_never_carried_and_forged_text_is_not_believed(client):
    draft = make_application(status="draft")

    kept = client.post(f"/permohonan/{draft.code}/tujuan/", {"purpose": "1", "password": "rahasia"}).context["kept"]

    assert [name for name, _value in kept_post(kept)["fields"]] == ["purpose"]
    assert kept_post(kept[:-2] + "xx") is None


def test_a_lost_csrf_cookie_offers_the_text_back_only_to_our_own_form():
    draft = make_application(status="draft")
    client = Client(enforce_csrf_checks=True)
    client.force_login(draft.candidate.user)
    address = f"/permohonan/{draft.code}/profil/data-pribadi/"

    ours = client.post(address, {"birth_place": "Ambon"}, headers={"origin": "http://testserver"})
    theirs = client.post(address, {"birth_place": "Ambon"}, headers={"origin": "https://jahat.example"})

    assert (ours.status_code, theirs.status_code) == (403, 403)
    assert HIDDEN in ours.content.decode()
    assert HIDDEN not in theirs.content.decode()


def test_a_script_is_told_that_the_session_ended(client):
    draft = make_application(status="draft")

    assert (
        client.post(f"/permohonan/{draft.code}/unit/1/", {}, headers={"accept": "application/json"}).status_code == 401
    )


def test_the_next_person_on_a_shared_phone_is_not_offered_what_the_last_one_typed(client):
    """The page of the last one's own profile has the same address as theirs."""
    last, following = make_user(role="asesi"), make_user(role="asesi", password="sandi-yang-benar")
    client.force_login(last)
    address = "/akun/profil/data-pribadi/"
    page = client.get(address).content.decode()
    typed = {"birth_place": "Ambon", "owner": re.search(r'name="owner" value="(\d+)"', page)[1]}
    client.logout()

    kept = client.post(address, typed).context["kept"]
    after_login = client.post(
        "/masuk/", {"username": following.email, "password": "sandi-yang-benar", "kept": kept, "next": address}
    )
    other_tab = Client(enforce_csrf_checks=True)  # where the page of the last one is still open
    other_tab.force_login(following)
    pressed = other_tab.post(address, typed, headers={"origin": "http://testserver"})

    assert (after_login.status_code, after_login["Location"]) == (302, address)
    assert pressed.status_code == 403
    assert HIDDEN not in pressed.content.decode()
