"""Candidates may use a second factor: asked at the door, nothing typed is lost, no other page opens before."""

import re

import pytest
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from core.accounts import second_factor
from core.accounts.models import TrustedDevice, UserSession
from core.messaging.models import OutboxMessage
from tests.factories.accounts import Phone, make_user, make_user_with_factor
from tests.factories.applications import make_application

pytestmark = pytest.mark.django_db

PASSWORD = "sandi-yang-benar"
SECURITY = "/akun/keamanan/"


def give_password(client: Client, user, **words):
    return client.post("/masuk/", {"username": user.email, "password": PASSWORD, **words}, follow=True)


@pytest.fixture
def phone() -> Phone:
    return make_user_with_factor(role="asesi", password=PASSWORD)


@pytest.fixture
def at_home(client, phone) -> Client:
    """The candidate's browser, after password and code."""
    give_password(client, phone.user)
    client.post("/masuk/kode/", {"code": phone.code()})
    TOTPDevice.objects.update(last_t=-1)
    return client


def test_a_new_password_is_one_press_away(client):
    user = make_user(role="asesi", password=PASSWORD)
    client.force_login(user)
    assert f'name="email" value="{user.email}"' in client.get(SECURITY).content.decode()


def test_nobody_asks_a_candidate_who_did_not_enrol(client, second_factor_required):
    user = make_user(role="asesi", password=PASSWORD)
    assert give_password(client, user).request["PATH_INFO"] == "/akun/"


def test_the_code_is_asked_and_leads_to_the_page_wanted(client, phone):
    asked = give_password(client, phone.user, next="/akun/profil/alamat/")
    assert asked.request["PATH_INFO"] == "/masuk/kode/"
    assert client.get("/akun/").status_code == 302
    done = client.post("/masuk/kode/", {"code": phone.code(), "next": asked.context["next"]})
    assert done.url == "/akun/profil/alamat/"
    assert client.get(done.url).status_code == 200


def test_a_wrong_code_is_told_twice_over_and_can_be_corrected(client, phone):
    give_password(client, phone.user)
    page = client.post("/masuk/kode/", {"code": "000000"}).content.decode()
    assert page.count("Kode ini tidak cocok") == 2
    assert "Tulis keenam angka" in client.post("/masuk/kode/", {}).content.decode()


def test_what_was_typed_before_the_session_ended_survives_password_and_code(client):
    draft = make_application(status="draft", password=PASSWORD)
    user = draft.candidate.user
    app = Phone(user, second_factor.begin_enrolment(user=user).bin_key, [])
    second_factor.confirm_enrolment(user=user, code=app.code(), session=None)
    TOTPDevice.objects.update(last_t=-1)
    address = f"/permohonan/{draft.code}/profil/data-pribadi/"
    kept = client.post(address, {"birth_place": "Ambon", "version": "0"}).context["kept"]
    asked = give_password(client, user, kept=kept, next=address)
    back = client.post("/masuk/kode/", {"code": app.code(), "next": asked.context["next"]})
    assert 'name="birth_place" value="Ambon"' in back.content.decode()
    assert f'action="{address}"' in back.content.decode()


def test_enrolling_shows_ten_codes_once(client):
    user = make_user(role="asesi", password=PASSWORD)
    give_password(client, user)
    page = client.get("/akun/keamanan/faktor-kedua/").content.decode()
    assert "<svg" in page
    app = Phone(user, TOTPDevice.objects.get().bin_key, [])
    shown = client.post("/akun/keamanan/faktor-kedua/", {"code": app.code()})
    assert len(set(re.findall(r">([A-Z2-9]{5}-[A-Z2-9]{5})<", shown.content.decode()))) == 10
    assert "no-store" in shown["Cache-Control"]
    assert "Sisa 10 kode pemulihan" in client.get(SECURITY).content.decode()


def test_a_recovery_code_opens_the_door_too(client, phone):
    give_password(client, phone.user)
    client.post("/masuk/kode/", {"code": phone.recovery_codes[0], "cara": "pemulihan"})
    assert client.get("/akun/").status_code == 200
    assert OutboxMessage.objects.filter(template_key="account-recovery-code-used").exists()


def test_taking_it_off_and_new_codes_ask_for_the_password(at_home, phone):
    for path in ("kode-pemulihan", "lepas"):
        refused = at_home.post(f"{SECURITY}{path}/", {"password": "salah sekali"})
        assert "Sandi tidak cocok" in refused.content.decode()
    assert second_factor.recovery_codes_left(phone.user) == 10
    at_home.post(f"{SECURITY}lepas/", {"password": PASSWORD})
    assert second_factor.factor_of(phone.user) is None
    assert at_home.get("/akun/").status_code == 200


def test_log_ins_elsewhere_and_remembered_devices_can_be_ended(at_home, phone):
    elsewhere = Client()
    give_password(elsewhere, phone.user)
    elsewhere.post("/masuk/kode/", {"code": phone.code(), "remember": "on"})
    assert elsewhere.get("/akun/").status_code == 200
    at_home.post(f"{SECURITY}sesi/", {"session": "others"})
    at_home.post(f"{SECURITY}perangkat/", {"device": TrustedDevice.objects.get().pk})
    assert elsewhere.get("/akun/").status_code == 302
    assert UserSession.objects.filter(user=phone.user).count() == 1
    assert give_password(elsewhere, phone.user).request["PATH_INFO"] == "/masuk/kode/"
