"""The certificate as PDF: rendered once from what was frozen, signed if the LSP has a key for it, then kept."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core.applications.filing import file_document
from core.certificates.backdrop import lay_behind
from core.certificates.content import birth_line, content_of, long_day
from core.certificates.models import Certificate
from core.certificates.signing import qr_text
from core.content.queries import logo_data_uri
from core.documents.models import Document, DocumentType
from core.documents.pdf_signing import sign_pdf
from core.documents.rendering import RenderedPdf, qr_png_data_uri, render_pdf
from core.documents.services import store_rendered

TEMPLATE = "core/documents/certificate.html"
#: Up to so many characters a name or a title is printed in so many points; a longer one in the last size.
_SIZES = ((30, 24), (45, 19), (90, 15), (200, 12))
#: What is free between the parts of the front, in points, by the characters that name and title have together.
_GAPS = ((70, 17), (130, 9), (350, 4))


def render_certificate(certificate: Certificate) -> RenderedPdf:
    """The unsigned PDF, made of nothing but what was frozen: the same certificate, the same bytes."""
    content = content_of(certificate)
    holder = content["holder"]
    context = content | {
        "birth": birth_line(content),
        "issued_on": long_day(content["issued_on"]),
        "valid_until": long_day(content["valid_until"]),
        "decided_on": long_day(content["plenary"]["held_on"]),
        "name_size": _size(holder["full_name"]),
        "scheme_size": _size(content["scheme"]["title"]),
        "gap": _step(_GAPS, len(holder["full_name"]) + len(content["scheme"]["title"])),
        "sha256": certificate.sha256,
        "spaced_code": " ".join(certificate.code[i : i + 4] for i in range(0, len(certificate.code), 4)),
        "check_url": f"{settings.SITE_URL}/verifikasi/",
        "logo": logo_data_uri(content["lsp"]["logo"]),
        "qr": qr_png_data_uri(qr_text(certificate), error="l", border=4),
    }
    rendered = render_pdf(TEMPLATE, context, made_at=timezone.localtime(certificate.created_at))
    return RenderedPdf(content=lay_behind(rendered.content), pages=rendered.pages)


@transaction.atomic
def ensure_pdf(certificate: Certificate) -> Document:
    """The stored PDF, rendered now if this is the first time it is asked for; two who ask at once queue."""
    if certificate.document_id:
        return certificate.document
    row = Certificate.objects.select_for_update().get(pk=certificate.pk)
    if row.document_id is None:
        rendered = render_certificate(row)
        title = f"Sertifikat {row.number}"
        row.document = store_rendered(
            content=sign_pdf(rendered.content, reason=title),
            file_name=f"{title.replace('/', '-')}.pdf",
            title=title,
            pages=rendered.pages,
            document_type=DocumentType.objects.get(code="sertifikat-kompetensi"),
            owner=row.holder,
        )
        row.save(update_fields=["document", "updated_at"])
        file_document(application=row.application, document=row.document, is_current=row.in_force is True)
    certificate.document = row.document
    return row.document


def _size(words: str) -> int:
    return _step(_SIZES, len(words))


def _step(steps: tuple[tuple[int, int], ...], length: int) -> int:
    return next((points for limit, points in steps if length <= limit), steps[-1][1])
