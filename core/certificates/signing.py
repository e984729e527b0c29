"""The signed payload of a certificate's QR code, and the keys behind it.

A token is base64url (without padding) of: one byte for the version, the payload, and 64 bytes of
Ed25519 signature over both. The payload is UTF-8, one field a line: key, code, number, holder, scheme,
issued, valid until (TTTTBBHH). The QR code holds `<SITE_URL>/verifikasi/<code>/#<token>`; what stands
behind the # never reaches the server. Told in server_docs/decisions/0018-certificate-token.md.
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.utils import timezone

from core.certificates.content import content_of
from core.certificates.models import Certificate, SigningKey
from core.documents.signatures import verify_address

VERSION = 1
SIGNATURE_BYTES = 64
_FIELDS = 7
_DAY = "%Y%m%d"


class UnreadableToken(ValueError):
    """This is no token at all, or was cut off."""


class ForgedToken(ValueError):
    """It looks like a token, but no key of ours signed these very bytes."""


@dataclass(frozen=True)
class TokenContent:
    key_id: str
    code: str
    number: str
    name: str
    scheme: str
    issued_on: date
    valid_until: date


# --- keys ---------------------------------------------------------------------------------------------


@lru_cache(maxsize=4)
def _private_key(setting: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(decode(setting))


def _public_text(key: Ed25519PublicKey) -> str:
    return encode(key.public_bytes(Encoding.Raw, PublicFormat.Raw))


def key_id_of(public_key: str) -> str:
    """Eight characters that name a public key; derived from it, so nobody has to give it one."""
    return hashlib.sha256(public_key.encode()).hexdigest()[:8]


def current_key() -> SigningKey:
    """The row of the key that signs now; made when a new private key signs for the first time.

    A key that is replaced stays published: papers signed with it remain valid.
    """
    public_key = _public_text(_private_key(settings.CERTIFICATE_SIGNING_KEY).public_key())
    row, created = SigningKey.objects.get_or_create(key_id=key_id_of(public_key), defaults={"public_key": public_key})
    if created:
        SigningKey.objects.exclude(pk=row.pk).filter(retired_at=None).update(retired_at=timezone.now())
    elif row.retired_at is not None:  # an older key was put back
        SigningKey.objects.filter(pk=row.pk).update(retired_at=None)
    return row


def sign_bytes(content: bytes) -> bytes:
    """The Ed25519 signature by the key that signs now."""
    return _private_key(settings.CERTIFICATE_SIGNING_KEY).sign(content)


def public_jwks() -> dict:
    """All public keys as a JSON Web Key Set (RFC 7517, 8037), the newest first."""
    return {"keys": [jwk_of(row) for row in SigningKey.objects.order_by("-pk")]}


def jwk_of(row: SigningKey) -> dict:
    return {
        "kty": "OKP", "crv": "Ed25519", "x": row.public_key, "kid": row.key_id, "use": "sig", "alg": "EdDSA",
    }  # fmt: skip


# --- tokens -------------------------------------------------------------------------------------------


def encode(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """Raises ValueError for what is not the one base64url text of its bytes: no two texts mean the same."""
    try:
        content = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeError) as error:
        raise ValueError("no base64url") from error
    if encode(content) != text:
        raise ValueError("not canonical")
    return content


def token_for(certificate: Certificate, key: SigningKey) -> str:
    """The signed payload; the certificate's fields and its scheme's title as it prints them, each on one line."""
    fields = (
        key.key_id,
        certificate.code,
        certificate.number,
        certificate.holder_name,
        content_of(certificate)["scheme"]["title"],  # a scheme that was renamed since changes no paper
        f"{certificate.issued_on:{_DAY}}",
        f"{certificate.valid_until:{_DAY}}",
    )
    content = bytes([VERSION]) + "\n".join(" ".join(field.split()) for field in fields).encode()
    return encode(content + sign_bytes(content))


def qr_text(certificate: Certificate) -> str:
    return f"{verify_address(certificate.code)}#{certificate.token}"


def check_token(text: str) -> TokenContent:
    """What a QR code's text (or its token alone) certifies. Raises UnreadableToken or ForgedToken.

    Needs no network and no certificate in the database, only the public keys.
    """
    text = text.strip()
    address, _hash, token = text.rpartition("#")
    try:
        content = decode(token)
    except ValueError as error:
        raise ForgedToken(str(error)) if _hash else UnreadableToken(str(error)) from error
    payload, signature = content[:-SIGNATURE_BYTES], content[-SIGNATURE_BYTES:]
    if len(content) <= SIGNATURE_BYTES + 1:
        raise UnreadableToken("too short")
    if payload[0] != VERSION:
        raise ForgedToken("unknown version")
    found = _parsed(payload)
    key = SigningKey.objects.filter(key_id=found.key_id).first()
    if key is None:
        raise ForgedToken("unknown key")
    try:
        Ed25519PublicKey.from_public_bytes(decode(key.public_key)).verify(signature, payload)
    except InvalidSignature as error:
        raise ForgedToken("signature does not match") from error
    if address and not address.endswith(f"/verifikasi/{found.code}/"):
        raise ForgedToken("the address leads to another certificate")
    return found


def _parsed(payload: bytes) -> TokenContent:
    try:
        fields = payload[1:].decode().split("\n")
        if len(fields) != _FIELDS:
            raise ValueError("wrong number of fields")
        issued_on, valid_until = (datetime.strptime(field, _DAY).date() for field in fields[5:])
    except ValueError as error:
        raise ForgedToken(str(error)) from error
    return TokenContent(*fields[:5], issued_on=issued_on, valid_until=valid_until)
