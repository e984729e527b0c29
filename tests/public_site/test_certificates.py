"""What anybody learns of a certificate, the page that works without a network, and what the holder fetches."""

import base64
import hashlib
import json
import re

import pytest
from django.urls import reverse

from core.activity.models import ActivityEntry
from core.certificates.models import Certificate
from core.certificates.services import replace_certificate
from public_site.views.verification import LIMIT
from tests.factories.accounts import make_user
from tests.factories.certificates import make_certificate

pytestmark = pytest.mark.django_db


@pytest.fixture
def certificate():
    return make_certificate(full_name="Siti Rahmawati")


def check(client, certificate):
    return client.get(reverse("public_site:verification", args=[certificate.code]))


# --- the public check -----------------------------------------------------------------------------------


def test_anybody_sees_state_scheme_dates_and_half_a_name_and_nothing_else(client, certificate):
    answer = check(client, certificate)
    words = answer.content.decode()

    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    for said in ("Sertifikat ini tercatat dan berlaku", certificate.number, "Siti R*******", certificate.scheme.title):
        assert said in words, said
    for hidden in ("Rahmawati", certificate.holder.email, certificate.application.number, "Ambon", certificate.sha256):
        assert hidden not in words, hidden


@pytest.mark.parametrize(
    ("change", "word", "said"),
    [
        ({"status": "dibekukan"}, "Dibekukan", "Sertifikat ini sedang dibekukan"),
        ({"status": "dicabut"}, "Dicabut", "Sertifikat ini dicabut"),
        ({"valid_until": "2020-01-01"}, "Kedaluwarsa", "Masa berlaku sertifikat ini sudah lewat"),
    ],
)
def test_the_state_of_today_is_told(client, certificate, change, word, said):
    Certificate.objects.filter(pk=certificate.pk).update(**change)
    words = check(client, certificate).content.decode()

    assert word in words
    assert said in words
    assert "tercatat dan berlaku" not in words


def test_a_replaced_certificate_names_its_successor(client, certificate):
    clerk = make_user(role="sekretariat")
    new = replace_certificate(certificate=certificate, corrections={"full_name": "Siti R."}, reason="x", by=clerk)

    words = check(client, certificate).content.decode()

    assert "Sertifikat ini sudah diganti" in words
    assert new.number in words


def test_a_certificate_is_found_by_its_number_and_by_its_code(client, certificate):
    search = reverse("public_site:verification_search")
    spaced = f"{certificate.code[:4]}-{certificate.code[4:]}"

    assert "Siti R*******" in client.get(search, {"kode": f"  {certificate.number} "}).content.decode()
    assert "Siti R*******" in client.get(search, {"kode": spaced.lower()}).content.decode()
    assert "tidak tercatat" in client.get(search, {"kode": "99999 0000 1 0000001 2026"}, follow=True).content.decode()


def test_who_tries_number_after_number_is_slowed_down(client, certificate):
    search = reverse("public_site:verification_search")
    for _try in range(LIMIT):
        assert client.get(search, {"kode": certificate.number}).status_code == 200

    answer = client.get(search, {"kode": certificate.number})

    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    assert "Siti" not in answer.content.decode()
    assert client.get(search, {"kode": certificate.number}, REMOTE_ADDR="10.1.2.3").status_code == 200


# --- without a network ------------------------------------------------------------------------------------


def test_the_offline_page_holds_all_it_needs_and_runs_nothing_else(client, certificate):
    answer = client.get(reverse("public_site:verification_offline"))
    page, policy = answer.content.decode(), answer["Content-Security-Policy"]

    [script] = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    [style] = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    for text in (script, style):
        assert f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" in policy
    assert "'unsafe" not in policy
    assert not re.findall(r"<(?:link|img|iframe)|\ssrc=|url\(|@import|fetch\(|XMLHttpRequest", page)
    [keys] = re.findall(r'<script id="kunci" type="application/json">(.*?)</script>', page)
    assert json.loads(keys)[0]["kid"] == certificate.key.key_id
    assert len(answer.content) < 20_000


def test_keys_issuer_and_status_are_published_for_programs(client, certificate):
    keys = client.get(reverse("public_site:verification_keys"))
    one = client.get(reverse("public_site:verification_key", args=[certificate.key.key_id]))
    status = client.get(reverse("public_site:verification_status", args=[certificate.code]))
    issuer = client.get(reverse("public_site:verification_issuer"))

    assert keys.json()["keys"] == [one.json()]
    assert (one.json()["kty"], one.json()["crv"]) == ("OKP", "Ed25519")
    assert status.json()["revokedCredential"] == []
    assert issuer.json()["type"] == ["Profile"]
    assert {answer["Access-Control-Allow-Origin"] for answer in (keys, one, status, issuer)} == {"*"}
    assert client.get(reverse("public_site:verification_status", args=["TIDAK"])).status_code == 404


# --- the holder -------------------------------------------------------------------------------------------


def test_the_holder_fetches_paper_and_badge_from_the_page_of_the_case(client, certificate):
    client.force_login(certificate.holder, backend="django.contrib.auth.backends.ModelBackend")
    reference = certificate.application.reference
    pdf = reverse("public_site:certificate_pdf", args=[reference, certificate.pk])
    badge = reverse("public_site:certificate_badge", args=[reference, certificate.pk])

    page = client.get(reverse("public_site:case", args=[reference])).content.decode()
    assert certificate.number in page
    assert pdf in page
    assert badge in page
    assert client.get(pdf).getvalue().startswith(b"%PDF")
    assert client.get(badge).content.count(b".") == 2
    assert json.loads(client.get(badge, {"bentuk": "json"}).content)["type"][1] == "OpenBadgeCredential"
    assert ActivityEntry.objects.filter(code="certificate.download").count() == 3


def test_the_desk_offers_paper_badge_and_the_address_to_share(client, certificate, settings):
    client.force_login(certificate.holder, backend="django.contrib.auth.backends.ModelBackend")
    arguments = [certificate.application.reference, certificate.pk]

    page = client.get(reverse("public_site:desk")).content.decode()

    for said in (
        reverse("public_site:certificate_pdf", args=arguments),
        reverse("public_site:certificate_badge", args=arguments),
        f"{settings.SITE_URL}/verifikasi/{certificate.code}/",
        "Sertifikat ini berlaku sampai",
    ):
        assert said in page, said


def test_a_badge_is_no_longer_given_for_what_was_replaced(client, certificate):
    replace_certificate(
        certificate=certificate, corrections={"full_name": "S."}, reason="x", by=make_user(role="sekretariat")
    )
    client.force_login(certificate.holder, backend="django.contrib.auth.backends.ModelBackend")
    arguments = [certificate.application.reference, certificate.pk]

    assert client.get(reverse("public_site:certificate_badge", args=arguments)).status_code == 404
    assert client.get(reverse("public_site:certificate_pdf", args=arguments)).getvalue().startswith(b"%PDF")
