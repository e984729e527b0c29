"""What every letter about a certificate says of it: one set of words for all of them."""

from django.conf import settings
from django.utils.formats import date_format

from core.certificates.models import Certificate, PastCertificate
from core.documents.signatures import verify_address


def words_of(certificate: Certificate) -> dict[str, str]:
    return {
        "nama": certificate.holder_name,
        "nomor": certificate.number,
        "skema": certificate.scheme.title,
        "sampai": date_format(certificate.valid_until, "j F Y"),
        "periksa": verify_address(certificate.code),
        "tautan": f"{settings.SITE_URL}/akun/#sertifikat",
    }


def words_of_past(certificate: PastCertificate) -> dict[str, str]:
    """The same words; it has no code of its own, so that its number is looked up."""
    return {
        "nama": certificate.holder_name,
        "nomor": certificate.number,
        "skema": certificate.scheme.title,
        "sampai": date_format(certificate.valid_until, "j F Y"),
        "periksa": f"{settings.SITE_URL}/verifikasi/",
        "tautan": f"{settings.SITE_URL}/akun/#sertifikat",
    }
