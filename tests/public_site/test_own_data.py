"""“Data saya”: what is known, a copy of it, and requests about it; with nothing but HTML."""

import io
import zipfile

import pytest
from django.urls import reverse

from core.accounts.services import withdraw_consent
from core.privacy.models import PrivacyRequest
from core.privacy.services import add_note, refuse_request
from tests.factories.accounts import make_candidate, make_user
from tests.factories.applications import make_application
from tests.factories.privacy import make_request

pytestmark = pytest.mark.django_db

PASSWORD = "sandi-uji-asesi"


@pytest.fixture
def person():
    return make_candidate(password=PASSWORD, full_name="Siti Rahmawati").user


@pytest.fixture
def phone(client, person):
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(name: str, *arguments) -> str:
    return reverse(f"public_site:{name}", args=arguments)


def test_the_desk_leads_to_it(phone):
    assert page("own_data") in phone.get("/akun/").content.decode()
    assert "Unduh data saya" in phone.get(page("own_data")).content.decode()


def test_the_copy_is_fetched_with_the_password_only(phone):
    address = page("own_data_download")
    assert "Sandi" in phone.get(address).content.decode()
    refused = phone.post(address, {"password": "salah-sama-sekali"})
    assert "Sandi tidak cocok" in refused.content.decode()
    answer = phone.post(address, {"password": PASSWORD})
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer["Cache-Control"]
    assert "data.json" in zipfile.ZipFile(io.BytesIO(answer.getvalue())).namelist()


def test_a_request_is_sent_followed_and_taken_back(phone, person):
    address = page("privacy_request_new", "perbaikan")
    empty = phone.post(address, {"words": ""})
    assert "Tulis data mana yang keliru" in empty.content.decode()
    answer = phone.post(address, {"words": "Tempat lahir saya Ambon."})
    row = PrivacyRequest.objects.get()
    assert answer.url == page("privacy_request", row.number)
    shown = phone.get(answer.url).content.decode()
    assert "Tempat lahir saya Ambon." in shown
    assert "Dijawab paling lambat" in shown
    phone.post(answer.url, {"text": "KTP saya lampirkan."})
    add_note(request=row, text="Hanya untuk LSP.", by=make_user(role="sekretariat"))
    shown = phone.get(answer.url).content.decode()
    assert "KTP saya lampirkan." in shown
    assert "Hanya untuk LSP." not in shown
    phone.post(answer.url, {"batalkan": "1"})
    row.refresh_from_db()
    assert row.status == "dibatalkan"


def test_a_second_request_of_the_kind_names_the_first(phone, person):
    row = make_request(person=person)
    answer = phone.post(page("privacy_request_new", "salinan"), {"words": ""})
    assert answer.status_code == 200
    assert row.number in answer.content.decode()


def test_erasure_tells_beforehand_what_hinders_it_and_what_stays(client):
    case = make_application(status="submitted")
    client.force_login(case.candidate.user, backend="django.contrib.auth.backends.ModelBackend")
    shown = client.get(page("privacy_request_new", "penghapusan")).content.decode()
    assert case.number in shown
    assert "Yang tetap disimpan LSP" in shown


def test_what_cannot_be_undone_is_ticked_first(phone):
    for kind in ("penghapusan", "penarikan"):
        answer = phone.post(page("privacy_request_new", kind), {"words": "x"})
        assert "Centang pernyataan ini" in answer.content.decode()
    assert not PrivacyRequest.objects.exists()


def test_withdrawing_consent_from_the_desk_ends_the_applications_it_names(client):
    case = make_application(status="submitted")
    client.force_login(case.candidate.user, backend="django.contrib.auth.backends.ModelBackend")
    assert case.number in client.get(page("privacy_request_new", "penarikan")).content.decode()
    client.post(page("privacy_request_new", "penarikan"), {"words": "", "agreed": "on"})
    case.refresh_from_db()
    assert case.status == "withdrawn"


def test_who_took_consent_back_still_reaches_their_data_and_nothing_else(phone, person):
    withdraw_consent(user=person, by=person)
    assert phone.get("/akun/").url.startswith("/persetujuan/")
    assert phone.get(page("own_data")).status_code == 200
    assert phone.get(page("own_data_download")).status_code == 200
    assert page("own_data") in phone.get("/persetujuan/").content.decode()


def test_a_refusal_is_read_on_the_desk(phone, person):
    row = make_request(person=person)
    refuse_request(request=row, reason="Data orang lain ikut terbuka.", by=make_user(role="sekretariat"))
    shown = phone.get(page("privacy_request", row.number)).content.decode()
    assert "Data orang lain ikut terbuka." in shown
    assert "Kirim keterangan" not in shown


def test_an_unknown_kind_and_somebody_elses_request_do_not_exist(phone):
    assert phone.get(page("privacy_request_new", "apa-saja")).status_code == 404
    assert phone.get(page("privacy_request", make_request().number)).status_code == 404
