"""Sending a private file to a browser. The caller has already checked who asks."""

import logging

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header

from core.documents.models import Document

logger = logging.getLogger(__name__)

#: What a stored file may do in the browser: nothing but be seen, and only inside our own pages. The
#: sandbox is left out for PDF, since Chromium's own viewer does not start in a sandboxed frame.
IMAGE_POLICY = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"
PDF_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"


def document_response(document: Document, *, as_attachment: bool = False, file_name: str = "") -> HttpResponseBase:
    """Stream a document, shown in place (or saved) under its own name (or `file_name`), never kept by a cache.

    `no-store` makes every look a request, so that each one can be written into the activity log. A
    document that was destroyed answers with a sentence that says so, wherever it is opened.
    """
    if document.is_destroyed:
        return destroyed_response(document)
    try:
        stream = document.file.open("rb")
    except FileNotFoundError as error:
        logger.error("document %s has no file", document.pk)
        raise Http404 from error
    response = FileResponse(
        stream,
        as_attachment=as_attachment,
        filename=file_name or document.file_name,
        content_type=document.content_type,
    )
    return _guarded(response, is_image=document.is_image)


def destroyed_response(document: Document) -> HttpResponseBase:
    """What stands in the place of a destroyed document: since when it is gone, and by which paper."""
    page = render_to_string("core/documents/destroyed.html", {"document": document})
    return _guarded(HttpResponse(page, status=410))


def pdf_response(content: bytes, *, file_name: str) -> HttpResponseBase:
    """Show a PDF that was made for this look alone and is kept nowhere."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(False, file_name) or "inline"
    return _guarded(response)


def _guarded(response: HttpResponseBase, *, is_image: bool = False) -> HttpResponseBase:
    response["Content-Security-Policy"] = IMAGE_POLICY if is_image else PDF_POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Cache-Control"] = "private, no-store"
    return response
