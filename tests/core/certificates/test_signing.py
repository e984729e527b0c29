"""The QR code's payload: checked without a network, and every changed byte is told as forged."""

import pytest

from core.certificates.models import SigningKey
from core.certificates.signing import (
    ForgedToken,
    UnreadableToken,
    check_token,
    current_key,
    decode,
    encode,
    public_jwks,
    qr_text,
)
from core.config.env import signing_seed
from tests.factories.certificates import make_certificate

pytestmark = pytest.mark.django_db

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@pytest.fixture
def certificate():
    return make_certificate(full_name="Siti Rahmawati")


def test_the_payload_says_what_the_certificate_says(certificate):
    found = check_token(qr_text(certificate))

    assert found.key_id == certificate.key.key_id
    assert (found.code, found.number, found.name) == (certificate.code, certificate.number, "Siti Rahmawati")
    assert found.scheme == certificate.scheme.title
    assert (found.issued_on, found.valid_until) == (certificate.issued_on, certificate.valid_until)
    assert check_token(certificate.token) == found


def test_the_qr_code_stays_small_enough_to_be_read_from_three_centimetres(certificate):
    import segno

    modules = segno.make(qr_text(certificate), error="l", micro=False).symbol_size(border=4)[0]

    assert 30 / modules > 0.33, modules  # millimetres a module


def test_every_changed_character_is_told_as_forged(certificate):
    """Each character of the token replaced by its neighbour: also the last one, half of whose bits mean nothing."""
    text, start = qr_text(certificate), qr_text(certificate).index("#") + 1
    for place in range(start, len(text)):
        other = ALPHABET[(ALPHABET.index(text[place]) + 1) % 64]
        with pytest.raises(ForgedToken):
            check_token(text[:place] + other + text[place + 1 :])


def test_every_changed_byte_is_told_as_forged(certificate):
    content = decode(certificate.token)
    for place in range(len(content)):
        changed = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
        with pytest.raises(ForgedToken):
            check_token(encode(changed))


def test_an_address_that_leads_to_another_certificate_is_told_as_forged(certificate):
    other = make_certificate()
    mixed = qr_text(certificate).replace(certificate.code, other.code)

    with pytest.raises(ForgedToken):
        check_token(mixed)


@pytest.mark.parametrize("text", ["", "halo", "https://contoh.id/", "AQ", "===", "é"])
def test_what_is_no_token_is_told_as_unreadable(text):
    with pytest.raises(UnreadableToken):
        check_token(text)


def test_a_signature_by_a_stranger_is_told_as_forged(certificate, settings):
    settings.CERTIFICATE_SIGNING_KEY = signing_seed("a stranger")
    from core.certificates.signing import token_for

    with pytest.raises(ForgedToken):
        check_token(token_for(certificate, certificate.key))


def test_after_a_rotation_old_papers_remain_valid_and_new_ones_carry_the_new_key(certificate, settings):
    settings.CERTIFICATE_SIGNING_KEY = signing_seed("the next one")
    newer = make_certificate()

    assert newer.key != certificate.key
    assert check_token(certificate.token).number == certificate.number
    assert check_token(newer.token).number == newer.number
    assert [key["kid"] for key in public_jwks()["keys"]] == [newer.key.key_id, certificate.key.key_id]
    certificate.key.refresh_from_db()
    assert certificate.key.retired_at is not None
    assert newer.key.retired_at is None


def test_a_key_that_is_put_back_is_in_use_again(certificate, settings):
    first = settings.CERTIFICATE_SIGNING_KEY
    settings.CERTIFICATE_SIGNING_KEY = signing_seed("the next one")
    current_key()
    settings.CERTIFICATE_SIGNING_KEY = first

    assert current_key() == certificate.key
    assert SigningKey.objects.get(pk=certificate.key_id).retired_at is None


def test_the_private_half_is_nowhere_in_the_database(certificate, settings):
    from tests.core.helpers import everything_in_the_database

    assert settings.CERTIFICATE_SIGNING_KEY not in everything_in_the_database()
