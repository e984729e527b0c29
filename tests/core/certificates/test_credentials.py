"""The digital badge: its structure by Open Badges 3.0, and a signature that the published key verifies."""

import json
from datetime import datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.core.management import CommandError, call_command

from core.certificates.credentials import build_credential, credential_jwt, issuer_profile, revocation_list
from core.certificates.models import Certificate
from core.certificates.queries import masked_name
from core.certificates.signing import decode, jwk_of, qr_text
from tests.factories.certificates import make_certificate

pytestmark = pytest.mark.django_db


@pytest.fixture
def certificate():
    return make_certificate(full_name="Siti Rahmawati")


def test_its_structure_is_that_of_an_achievement_credential(certificate, settings):
    badge = build_credential(certificate)

    assert badge["@context"][0] == "https://www.w3.org/ns/credentials/v2"
    assert badge["@context"][1].startswith("https://purl.imsglobal.org/spec/ob/v3p0/context-3.")
    assert badge["@context"][2] == "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
    assert set(badge["type"]) == {"VerifiableCredential", "OpenBadgeCredential"}
    assert badge["id"] == f"{settings.SITE_URL}/verifikasi/{certificate.code}/"
    assert badge["issuer"] == issuer_profile()
    assert {"id", "type", "name", "url"} <= set(badge["issuer"])
    assert datetime.fromisoformat(badge["validFrom"]).date() == certificate.issued_on
    assert datetime.fromisoformat(badge["validUntil"]).date() == certificate.valid_until
    subject = badge["credentialSubject"]
    assert subject["type"] == ["AchievementSubject"]
    assert subject["identifier"][0]["identityHash"] == "Siti Rahmawati"
    achievement = subject["achievement"]
    assert {"id", "type", "name", "description", "criteria"} <= set(achievement)
    for code in certificate.scheme_version.units.values_list("code", flat=True):
        assert code in achievement["criteria"]["narrative"]
    assert badge["credentialStatus"] == {"id": f"{badge['id']}status.json", "type": "1EdTechRevocationList"}


def test_the_signed_form_is_verified_with_the_published_key(certificate):
    token = credential_jwt(certificate)
    head, body, signature = token.split(".")
    header, claims = json.loads(decode(head)), json.loads(decode(body))

    assert (header["alg"], header["typ"]) == ("EdDSA", "JWT")
    assert header["kid"].endswith(f"/verifikasi/kunci/{certificate.key.key_id}.json")
    key = Ed25519PublicKey.from_public_bytes(decode(jwk_of(certificate.key)["x"]))
    key.verify(decode(signature), f"{head}.{body}".encode())
    assert claims["iss"] == claims["issuer"]["id"]
    assert claims["jti"] == claims["id"]
    assert claims["nbf"] < claims["exp"]
    assert {name: claims[name] for name in build_credential(certificate)} == build_credential(certificate)


@pytest.mark.parametrize(("status", "revoked"), [("dibekukan", False), ("dicabut", True), ("diganti", True)])
def test_what_is_no_longer_good_stands_in_the_revocation_list(certificate, status, revoked):
    assert revocation_list(certificate)["revokedCredential"] == []

    certificate.status = status

    [row] = revocation_list(certificate)["revokedCredential"]
    assert (row["id"], row["revoked"]) == (build_credential(certificate)["id"], revoked)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Siti Rahmawati", "Siti R*******"),
        ("Muhammad Iqbal Ramadhan", "Muhammad I******* R*******"),
        ("Sukarno", "S*******"),
    ],
)
def test_a_name_is_masked_so_that_its_length_tells_nothing(name, shown):
    assert masked_name(name) == shown


def test_the_command_tells_genuine_forged_unreadable_and_no_longer_valid(certificate, capsys):
    def code(text: str) -> int:
        try:
            call_command("verify_certificate", text)
        except CommandError as error:
            return error.returncode
        return 0

    text = qr_text(certificate)
    assert code(text) == 0
    assert f"Asli: {certificate.number}, Siti Rahmawati" in capsys.readouterr().out
    assert code(text[:-1] + ("A" if text[-1] != "A" else "B")) == 1
    assert code("halo") == 2
    Certificate.objects.filter(pk=certificate.pk).update(status="dicabut")
    assert code(text) == 3
