"""“Sertifikat saya” on the desk, and beginning a renewal."""

from urllib.parse import quote

import pytest
from django.urls import reverse

from core.applications.models import Application
from core.certificates.models import Renewal
from core.certificates.services import suspend_certificate
from tests.factories.accounts import make_user
from tests.factories.certificates import lay_certificate

pytestmark = pytest.mark.django_db


@pytest.fixture
def holder_of(client):
    """The browser of the holder of a certificate."""

    def holder_of(certificate):
        client.force_login(certificate.holder)
        return client

    return holder_of


def renew_url(certificate) -> str:
    return reverse("public_site:renew", args=[certificate.code])


def test_somebody_without_a_certificate_sees_nothing_of_it(client):
    client.force_login(make_user(role="asesi"))
    assert "Sertifikat saya" not in client.get("/akun/").content.decode()


def test_the_desk_tells_how_each_certificate_stands(holder_of):
    certificate = lay_certificate(days_left=300)
    page = holder_of(certificate).get("/akun/").content.decode()
    assert "Sertifikat saya" in page
    assert certificate.number in page
    assert "Masih 300 hari." in page
    assert "Perpanjangan dibuka mulai" in page
    assert reverse("public_site:verification", args=[certificate.code]) in page
    assert renew_url(certificate) not in page


@pytest.mark.parametrize(
    ("status", "word"), [("dibekukan", "Dibekukan"), ("dicabut", "Dicabut"), ("diganti", "Diganti")]
)
def test_what_does_not_hold_says_so_and_offers_no_renewal(holder_of, status, word):
    certificate = lay_certificate(days_left=30, status=status)
    browser = holder_of(certificate)
    page = browser.get("/akun/").content.decode()
    assert word in page
    assert renew_url(certificate) not in page
    assert browser.get(renew_url(certificate)).status_code == 200
    browser.post(renew_url(certificate))
    assert not Renewal.objects.exists()


def test_a_suspended_certificate_tells_its_holder_why(holder_of):
    certificate = lay_certificate(days_left=300)
    suspend_certificate(certificate=certificate, reason="Surveilan belum dilakukan.", by=make_user(role="sekretariat"))
    page = holder_of(certificate).get("/akun/").content.decode()
    assert "Alasan: Surveilan belum dilakukan." in page
    assert f"/kontak/?tentang={quote(certificate.number)}" in page


def test_two_presses_open_one_draft_that_knows_what_it_is(holder_of):
    certificate = lay_certificate(days_left=30)
    browser = holder_of(certificate)
    assert renew_url(certificate) in browser.get("/akun/").content.decode()
    assert "Mulai perpanjangan" in browser.get(renew_url(certificate)).content.decode()
    assert not Renewal.objects.exists()  # looking begins nothing

    first, second = browser.post(renew_url(certificate)), browser.post(renew_url(certificate))

    draft = Renewal.objects.get().application
    assert first.url == second.url == f"/permohonan/{draft.code}/"
    assert '<span class="kicker">Perpanjangan</span>' in browser.get(first.url).content.decode()
    assert Application.objects.filter(candidate=draft.candidate).count() == 2  # the old case and this one
    assert "Lanjutkan perpanjangan" in browser.get("/akun/").content.decode()


def test_a_certificate_of_somebody_else_does_not_exist(client):
    certificate = lay_certificate(days_left=30)
    client.force_login(make_user(role="asesi"))
    assert client.get(renew_url(certificate)).status_code == 404
    assert client.post(renew_url(certificate)).status_code == 404
    assert not Renewal.objects.exists()
