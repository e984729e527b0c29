"""How a signature stands on paper."""

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format

from core.documents.models import Signature
from core.documents.rendering import qr_png_data_uri


def verify_address(code: str) -> str:
    """Where anybody checks what a code stands for."""
    return f"{settings.SITE_URL}/verifikasi/{code}/"


def signature_block(signature: Signature, verify_url: str) -> dict[str, str]:
    """What `core/documents/signature.html` prints: who, when, the code in groups of four, the QR."""
    signed_at = timezone.localtime(signature.signed_at)
    return {
        "name": signature.signer_name,
        "role": signature.role,
        "date": date_format(signed_at, "j F Y"),
        # The zone's own name for itself: WIB, WITA or WIT.
        "time": f"{signed_at:%H.%M} {signed_at.tzname()}",
        "code": " ".join(signature.code[i : i + 4] for i in range(0, len(signature.code), 4)),
        "sha256": signature.content_sha256[:16],
        "url": verify_url,
        "qr": qr_png_data_uri(verify_url),
    }
