"""Fulfilling a request for erasure: the same two persons and the same berita acara as any destruction."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.common.exceptions import DomainError
from core.documents.models import Document
from core.privacy.enums import RequestKind, RequestStatus
from core.privacy.models import DestructionBatch, PrivacyRequest
from core.privacy.retention import cases_of
from core.privacy.rules import erasable_documents, has_no_destruction_proposed, is_not_own_request, why_not_erase
from core.privacy.services.destruction import lay_out


@transaction.atomic
def propose_erasure(*, request: PrivacyRequest, by: Any) -> DestructionBatch:
    """List everything that lies in the repository of a person, for a second person to approve.

    Refused, with every reason, while something of it must be kept; the request is then refused with
    those reasons, or waits.
    """
    request = PrivacyRequest.objects.select_for_update().select_related("person").get(pk=request.pk)
    if not by.has_perm("core.answer_privacyrequest"):
        raise DomainError(_("Anda tidak berhak melakukan tindakan ini."), code="propose_erasure.forbidden")
    if request.kind != RequestKind.ERASURE or not request.is_open:
        raise DomainError(_("Hanya permintaan penghapusan yang masih terbuka."), code="propose_erasure.kind")
    refusals = [is_not_own_request(request, by), has_no_destruction_proposed(request, by)]
    if reason := " ".join(filter(None, [*refusals, *why_not_erase(request.person)])):
        raise DomainError(reason, code="propose_erasure.kept")
    papers = erasable_documents(request.person)
    if reason := _listed_elsewhere(papers):
        raise DomainError(reason, code="propose_erasure.listed")
    reason = _("Permintaan penghapusan %(number)s") % {"number": request.number}
    batch = lay_out(
        papers=papers,
        cases=cases_of(papers),
        reasons=dict.fromkeys((p.pk for p in papers), reason),
        request=request,
        by=by,
    )
    if request.status == RequestStatus.RECEIVED:
        request.status, request.handler = RequestStatus.IN_PROGRESS, by
        request.save(update_fields=["status", "handler", "updated_at"])
    return batch


def _listed_elsewhere(papers: list[Document]) -> str:
    """A paper lies in one running proposal: that one has to be decided first."""
    running = DestructionBatch.objects.filter(items__document__in=papers, items__is_open=True)
    if not (lists := [str(batch) for batch in running.distinct().order_by("pk")]):
        return ""
    return _("Sebagian berkasnya sudah masuk pemusnahan lain (%(lists)s). Setujui atau batalkan dahulu yang itu.") % {
        "lists": ", ".join(lists)
    }
