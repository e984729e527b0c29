"""Registering, confirming, logging in: what a stranger may learn, and what a person reads."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from core.accounts.models import Consent, User
from core.accounts.services import confirm_email, invite_user
from core.messaging.models import OutboxMessage
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db

FORM = {"full_name": "Nur Pattiasina", "email": "nur@contoh.id", "consent": "on"}


def confirmation_path(email: str) -> str:
    body = OutboxMessage.objects.filter(address=email, template_key="account-confirm").latest("pk").body
    return re.search(r"http://[^/]+(/konfirmasi/\S+)", body)[1]


def test_registration_needs_name_address_and_consent_each_with_its_own_sentence(client):
    page = client.post("/daftar/", {}).content.decode()

    for sentence in ("Tulis nama lengkap Anda.", "Tulis alamat e-mail Anda.", "Centang persetujuan data pribadi"):
        assert page.count(sentence) == 2  # in the summary and beside the field
    assert not User.objects.exists()


def test_a_wrong_address_stays_typed(client):
    page = client.post("/daftar/", FORM | {"email": "nur@"}).content.decode()

    assert 'value="nur@"' in page
    assert "Alamat e-mail ini tidak lengkap" in page


def test_known_and_unknown_addresses_get_the_same_answer(client):
    make_user(role="asesi", email="lama@contoh.id")

    known = client.post("/daftar/", FORM | {"email": "lama@contoh.id"}, follow=True)
    unknown = client.post("/daftar/", FORM | {"email": "baru@contoh.id"}, follow=True)

    assert known.redirect_chain == unknown.redirect_chain
    assert known.content.decode().replace("lama@", "x@") == unknown.content.decode().replace("baru@", "x@")
    assert OutboxMessage.objects.get(address="lama@contoh.id").template_key == "account-known"
    assert OutboxMessage.objects.get(address="baru@contoh.id").template_key == "account-confirm"


def test_looking_at_the_confirmation_link_changes_nothing(client):
    client.post("/daftar/", FORM)

    assert client.get(confirmation_path("nur@contoh.id")).status_code == 200
    assert User.objects.get().email_confirmed_at is None


def test_choosing_a_password_confirms_logs_in_and_leads_to_the_scheme(client):
    client.post("/daftar/", FORM | {"skema": "distribusi-bantuan"})
    path = confirmation_path("nur@contoh.id")

    answer = client.post(path, {"password": "ambon-manise-2026", "skema": "distribusi-bantuan"})

    assert answer.url == "/permohonan/baru/distribusi-bantuan/"
    assert client.get("/akun/").status_code == 200
    assert Consent.objects.get(user__email="nur@contoh.id").text.version == 1
    assert client.get(path).status_code == 410  # used up


class FirstPress:
    """A validator in whose time the first of two presses comes through."""

    def validate(self, password, user=None):
        confirm_email(user=user, password=password)

    def get_help_text(self):
        return ""


def test_the_second_of_two_presses_leads_to_the_log_in_with_a_sentence(client, settings):
    client.post("/daftar/", FORM)
    settings.AUTH_PASSWORD_VALIDATORS = [{"NAME": f"{__name__}.FirstPress"}]

    page = client.post(confirmation_path("nur@contoh.id"), {"password": "ambon-manise-2026"}, follow=True)

    assert page.redirect_chain[-1][0] == "/masuk/"
    assert "sudah dikonfirmasi" in page.content.decode()
    assert User.objects.get().check_password("ambon-manise-2026")


@pytest.mark.parametrize("password", ["pendek", "1234567890123", "password123", "nurpattiasina"])
def test_weak_passwords_are_refused_with_a_reason(client, password):
    client.post("/daftar/", FORM)

    page = client.post(confirmation_path("nur@contoh.id"), {"password": password})

    assert page.status_code == 200
    assert "field__error" in page.content.decode()
    assert User.objects.get().email_confirmed_at is None


def test_log_in_says_the_same_for_a_wrong_password_an_unknown_and_an_unconfirmed_address(client):
    make_user(role="asesi", email="ada@contoh.id", password="sandi-yang-benar")
    client.post("/daftar/", FORM)

    pages = [
        client.post("/masuk/", {"username": email, "password": "salah-semua"}).content.decode()
        for email in ("ada@contoh.id", "tidak-ada@contoh.id", "nur@contoh.id")
    ]

    assert all("E-mail atau sandi tidak cocok" in page for page in pages)


def test_after_six_guesses_the_door_closes_for_this_address_here_only(client):
    make_user(role="asesi", email="ada@contoh.id", password="sandi-yang-benar")

    for _guess in range(6):
        client.post("/masuk/", {"username": "ada@contoh.id", "password": "salah"})
    here = client.post("/masuk/", {"username": "ada@contoh.id", "password": "sandi-yang-benar"})
    elsewhere = client.post(
        "/masuk/", {"username": "ada@contoh.id", "password": "sandi-yang-benar"}, REMOTE_ADDR="203.0.113.9"
    )

    assert here.status_code == 429
    assert "15 menit" in here.content.decode()
    assert elsewhere.status_code == 302


def test_reset_link_works_once_and_the_owner_is_told(client):
    user = make_user(role="asesi", email="ada@contoh.id", password="sandi-yang-lama")
    client.post("/lupa-sandi/", {"email": "ADA@contoh.id"})
    body = OutboxMessage.objects.get(template_key="account-reset").body
    path = re.search(r"http://[^/]+(/sandi-baru/\S+)", body)[1]

    client.post(path, {"password": "sandi-yang-baru"})

    user.refresh_from_db()
    assert user.check_password("sandi-yang-baru")
    assert client.get(path).status_code == 410
    assert OutboxMessage.objects.filter(template_key="account-password-changed", recipient=user).exists()


def test_forgotten_password_tells_nobody_who_is_registered(client):
    make_user(role="asesi", email="ada@contoh.id")

    known = client.post("/lupa-sandi/", {"email": "ada@contoh.id"})
    unknown = client.post("/lupa-sandi/", {"email": "tidak-ada@contoh.id"})

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert not mail.outbox


@pytest.mark.parametrize("address", ["/daftar/", "/lupa-sandi/"])
def test_a_letter_that_does_not_come_is_asked_for_again_where_it_was_asked_for(client, address):
    page = client.post(address, FORM, follow=True).content.decode()
    assert f'<a href="{address}">periksa alamat dan kirim lagi</a>' in page


def test_who_changes_the_password_while_logged_in_is_not_asked_to_log_in(client):
    person = make_user(role="asesi", email="lama@contoh.id")
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    client.post("/lupa-sandi/", {"email": "lama@contoh.id"})
    link = re.search(r"http://[^/]+(/sandi-baru/\S+)", OutboxMessage.objects.latest("pk").body)[1]
    answer = client.post(link, {"password": "perahu-layar-kuning"}, follow=True)
    page = answer.content.decode()
    assert "Sandi baru Anda sudah berlaku." in page
    assert "Silakan masuk" not in page


def test_a_log_in_link_cannot_lead_to_another_site(client):
    make_user(role="asesi", email="ada@contoh.id", password="sandi-yang-benar")

    answer = client.post(
        "/masuk/?next=https://jahat.example/", {"username": "ada@contoh.id", "password": "sandi-yang-benar"}
    )

    assert answer.url == reverse("public_site:desk")


def test_logging_out_needs_a_post(client):
    client.force_login(make_user(role="asesi"))

    assert client.get("/keluar/").status_code == 405
    client.post("/keluar/")
    assert client.get("/akun/").status_code == 302


def test_an_invited_colleague_chooses_a_password_and_lands_at_the_desk_of_staff(client):
    administrator = make_user(role="administrator")
    invite_user(full_name="Rina Siregar", email="rina@contoh.id", role="sekretariat", by=administrator)

    answer = client.post(confirmation_path("rina@contoh.id"), {"password": "sandi-milik-rina"})

    assert answer.url == "/admin/"
    assert client.get("/admin/").status_code == 200
