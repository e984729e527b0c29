"""A signature inside the PDF (PAdES), where the LSP has a key for it; see server_docs/decisions/0019-signed-pdf.md."""

from functools import lru_cache
from io import BytesIO
from pathlib import Path

from django.conf import settings
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, SimpleSigner
from pyhanko.sign import sign_pdf as add_signature
from pyhanko.sign.fields import SigSeedSubFilter

FIELD = "LSP"


class SigningKeyUnusable(RuntimeError):
    """PDF_SIGNING_P12 names a file that is not there, or that its password does not open."""


def sign_pdf(content: bytes, *, reason: str) -> bytes:
    """The PDF with the LSP's signature; as it is when no key is configured (PDF_SIGNING_P12 is empty).

    A key that is configured and cannot be used is a fault: an unsigned paper must not slip out.
    """
    if not settings.PDF_SIGNING_P12:
        return content
    signer = _signer(settings.PDF_SIGNING_P12, settings.PDF_SIGNING_PASSWORD)
    metadata = PdfSignatureMetadata(field_name=FIELD, reason=reason, subfilter=SigSeedSubFilter.PADES)
    out = add_signature(IncrementalPdfFileWriter(BytesIO(content)), metadata, signer=signer)
    return out.getvalue()


@lru_cache(maxsize=2)
def _signer(path: str, password: str) -> SimpleSigner:
    if not Path(path).is_file():
        raise SigningKeyUnusable(f"PDF_SIGNING_P12: there is no file {path}")
    signer = SimpleSigner.load_pkcs12(path, passphrase=password.encode() or None)
    if signer is None:
        raise SigningKeyUnusable("PDF_SIGNING_P12 cannot be opened with PDF_SIGNING_PASSWORD")
    return signer
