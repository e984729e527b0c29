"""The berita acara pemusnahan: what it says, and where the finished PDF is kept. It names papers, never people."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.common.exceptions import DomainError
from core.content.queries import logo_data_uri, office
from core.documents.models import Document, DocumentType
from core.documents.rendering import RenderedPdf, render_pdf
from core.documents.services import store_rendered
from core.documents.signatures import signature_block
from core.privacy.enums import BatchStatus
from core.privacy.models import DestructionBatch

DOCUMENT_TYPE = "berita-acara-pemusnahan"
TEMPLATE = "core/documents/destruction_minutes.html"
FORMAT = 1


def build_content(batch: DestructionBatch) -> dict[str, Any]:
    """The list as it is signed: the papers and why each is due, as plain data."""
    lsp = office()
    return {
        "format": FORMAT,
        "lsp": {"name": lsp.name, "license_number": lsp.license_number, "logo": lsp.logo.name if lsp.logo else ""},
        "request": batch.request.number if batch.request else "",
        "items": [
            {"kind": item.kind, "sha256": item.sha256, "size": item.size, "cases": item.cases, "reason": item.reason}
            for item in batch.items.all()
        ],
    }


def render_minutes(batch: DestructionBatch) -> RenderedPdf:
    """The PDF of a finished destruction."""
    verify = f"{settings.SITE_URL}/verifikasi/%s/"
    lsp = office()
    items = list(batch.items.all())
    approved = batch.approval_signature
    proposed = batch.proposal_signature
    finished = timezone.localtime(batch.finished_at)
    context = {
        "form": _("BERITA ACARA"),
        "notice": "",
        "number": batch.number,
        "lsp": {"name": lsp.name, "license_number": lsp.license_number},
        "logo": logo_data_uri(lsp.logo.name if lsp.logo else ""),
        "signature": signature_block(approved, verify % approved.code),
        "batch": batch,
        "weekday": date_format(finished, "l"),
        "day": date_format(finished, "j F Y"),
        "approved_on": date_format(timezone.localtime(batch.approved_at), "j F Y, H.i"),
        "proposed_on": date_format(timezone.localtime(batch.proposed_at), "j F Y"),
        "items": items,
        "destroyed": [item for item in items if item.destroyed_at],
        "kept": [item for item in items if item.kept_reason],
        "proposed": signature_block(proposed, verify % proposed.code) if proposed else None,
        "approved": signature_block(approved, verify % approved.code),
    }
    return render_pdf(TEMPLATE, context, made_at=finished)


@transaction.atomic
def ensure_minutes(*, batch: DestructionBatch) -> Document:
    """The stored PDF, rendered now if this is the first time it is asked for; two who ask at once queue."""
    batch = DestructionBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.document_id:
        return batch.document
    if batch.status != BatchStatus.DESTROYED:
        raise DomainError(_("Berita acara terbit sesudah semua dokumennya dimusnahkan."), code="minutes.not_finished")
    rendered = render_minutes(batch)
    title = _("Berita acara pemusnahan %(number)s") % {"number": batch.number}
    batch.document = store_rendered(
        content=rendered.content,
        file_name=f"{title.replace('/', '-')}.pdf",
        title=title,
        pages=rendered.pages,
        document_type=DocumentType.objects.get(code=DOCUMENT_TYPE),
        owner=batch.approved_by,
    )
    batch.save(update_fields=["document", "updated_at"])
    return batch.document
