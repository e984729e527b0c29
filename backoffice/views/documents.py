"""Showing a private document to a member of staff; every look is recorded."""

import uuid

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_GET

from core.applications.privacy import masked_words
from core.documents.services import view_document
from core.documents.serving import document_response, is_piece
from core.reports.repository import documents_for


@require_GET
def document_view(request: HttpRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """The file itself. A file that this person may not see answers like one that does not exist."""
    if not request.user.has_perm("core.view_document"):
        raise PermissionDenied
    document = documents_for(request.user).select_related("document_type").filter(public_id=public_id).first()
    if document is None:
        raise Http404
    whole = request.user.has_perm("core.view_identifiers")
    name = document.file_name if whole else masked_words(document, document.file_name)
    response = document_response(document, request=request, as_attachment="simpan" in request.GET, file_name=name)
    view_document(document=document, by=request.user, is_piece=is_piece(request))
    return response
