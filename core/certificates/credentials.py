"""The certificate as a digital badge: Open Badges 3.0, a W3C Verifiable Credential, signed as a JWT (EdDSA).

What the holder downloads names the holder in full; the addresses that it points at tell nobody more
than the public check does. The keys are those of the QR codes (see signing.py).
"""

import json
from datetime import date, datetime, time
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from core.certificates.content import content_of
from core.certificates.enums import CertificateState
from core.certificates.models import Certificate
from core.certificates.signing import current_key, encode, sign_bytes
from core.certificates.standing import status_now
from core.content.queries import office
from core.documents.signatures import verify_address

CONTEXTS = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",  # names 1EdTechRevocationList
]


def credential_id(certificate: Certificate) -> str:
    return verify_address(certificate.code)


def issuer_profile() -> dict[str, Any]:
    """The LSP as an Open Badges Profile; the same text stands at its own address."""
    lsp = office()
    profile = {
        "id": f"{settings.SITE_URL}/verifikasi/penerbit.json",
        "type": ["Profile"],
        "name": lsp.name,
        "url": lsp.website or settings.SITE_URL,
    }
    return profile | ({"email": lsp.email} if lsp.email else {})


def build_credential(certificate: Certificate) -> dict[str, Any]:
    """The AchievementCredential as plain JSON, without proof."""
    content = content_of(certificate)
    scheme = content["scheme"]
    address = f"{settings.SITE_URL}/skema/{scheme['code']}/"
    units = "\n".join(f"- {unit['code']} {unit['title']}" for unit in content["units"])
    identifier = credential_id(certificate)
    return {
        "@context": CONTEXTS,
        "id": identifier,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": scheme["title"],
        "issuer": issuer_profile(),
        "validFrom": _moment(certificate.issued_on, time.min),
        "validUntil": _moment(certificate.valid_until, time(23, 59, 59)),
        "credentialSubject": {
            "id": f"{identifier}#pemegang",
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "identityHash": content["holder"]["full_name"],
                    "identityType": "name",
                    "hashed": False,
                }
            ],
            "achievement": {
                "id": address,
                "type": ["Achievement"],
                "achievementType": "Certification",
                "name": scheme["title"],
                "description": _("Sertifikat kompetensi nomor %(number)s, skema %(scheme)s.")
                % {"number": certificate.number, "scheme": scheme["title"]},
                "humanCode": certificate.number,
                "criteria": {
                    "id": address,
                    "narrative": _("Dinyatakan kompeten dalam rapat pleno pada unit kompetensi berikut:")
                    + f"\n{units}",
                },
            },
        },
        "credentialStatus": {"id": f"{identifier}status.json", "type": "1EdTechRevocationList"},
    }


def credential_jwt(certificate: Certificate) -> str:
    """The same credential as VC-JWT: header and claims of Open Badges 3.0, § 8.2.4."""
    credential = build_credential(certificate)
    key = current_key()
    header = {"alg": "EdDSA", "typ": "JWT", "kid": f"{settings.SITE_URL}/verifikasi/kunci/{key.key_id}.json"}
    claims = credential | {
        "iss": credential["issuer"]["id"],
        "jti": credential["id"],
        "sub": credential["credentialSubject"]["id"],
        "nbf": _seconds(credential["validFrom"]),
        "exp": _seconds(credential["validUntil"]),
    }
    signed = f"{_part(header)}.{_part(claims)}"
    return f"{signed}.{encode(sign_bytes(signed.encode()))}"


def revocation_list(certificate: Certificate) -> dict[str, Any]:
    """The status of this one credential as a 1EdTech revocation list; empty while it is good: its end stands in it."""
    revoked = []
    now = status_now(certificate)
    if now.state in (CertificateState.SUSPENDED, CertificateState.WITHDRAWN, CertificateState.REPLACED):
        revoked.append(
            {
                "id": credential_id(certificate),
                "revoked": now.state != CertificateState.SUSPENDED,
                "revocationReason": now.label,
            }
        )
    return {
        "id": f"{credential_id(certificate)}status.json",
        "issuer": issuer_profile()["id"],
        "revokedCredential": revoked,
    }


def _moment(day: date, at: time) -> str:
    return timezone.make_aware(datetime.combine(day, at)).isoformat()


def _seconds(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp())


def _part(content: dict) -> str:
    return encode(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode())
