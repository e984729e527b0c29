"""Sending a private file to a browser. The caller has already checked who asks.

With ACCEL_PREFIX nginx sends the bytes: Django answers with the file's internal address
(X-Accel-Redirect), which no browser can ask for. Without it, and for documents in a bucket, Django
sends them itself. Both know byte ranges, which the PDF viewers of phones ask for. Why so says
server_docs/decisions/0022.
"""

import logging
import re
from collections.abc import Iterator
from typing import IO

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from core.documents.models import Document, DocumentState
from core.documents.storage import document_storage

logger = logging.getLogger(__name__)

#: What a stored file may do in the browser: nothing but be seen, and only inside our own pages. The
#: sandbox is left out for PDF, since Chromium's own viewer does not start in a sandboxed frame.
IMAGE_POLICY = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"
PDF_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
CHUNK = 64 * 1024
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


def document_response(
    document: Document, *, request: HttpRequest, as_attachment: bool = False, file_name: str = ""
) -> HttpResponseBase:
    """A document, shown in place (or saved) under its own name (or `file_name`), never kept by a cache.

    `no-store` makes every look a request, so that each one can be written into the activity log; for
    the same reason nothing is ever answered with "not modified". A document that may not be opened
    answers with a sentence that says why.
    """
    if document.is_destroyed:
        return destroyed_response(document)
    if not document.can_be_opened:
        return _closed(document)
    return _guarded(_sent(document, request, as_attachment, file_name), is_image=document.is_image)


def public_response(document: Document, *, request: HttpRequest, keep_for: int) -> HttpResponseBase:
    """A file that the LSP gave to everybody. Browsers keep it for `keep_for` seconds and then ask by its content.

    Nobody is named in it, so that a look is no act: none is recorded.
    """
    tag = f'"{document.sha256[:32]}"'
    if tag in request.headers.get("If-None-Match", ""):
        response: HttpResponseBase = HttpResponse(status=304)
    else:
        response = _guarded(_sent(document, request, False, ""), is_image=document.is_image)
    response["ETag"] = tag
    response["Cache-Control"] = f"public, max-age={keep_for}"
    return response


def _sent(document: Document, request: HttpRequest, as_attachment: bool, file_name: str) -> HttpResponseBase:
    """The bytes with their kind and name, from nginx or from here."""
    name = document.file.name
    if settings.ACCEL_PREFIX and (path := document_storage().accelerated_path(name)):
        response: HttpResponseBase = HttpResponse()
        response["X-Accel-Redirect"] = settings.ACCEL_PREFIX + path  # hexadecimal digits and slashes only
    else:
        response = _streamed(document, request)
    response["Content-Type"] = document.content_type
    response["Content-Disposition"] = (
        content_disposition_header(as_attachment, file_name or document.file_name) or "inline"
    )
    return response


def is_piece(request: HttpRequest) -> bool:
    """Whether a viewer fetches one part of a file, rather than the file."""
    return "Range" in request.headers


def _streamed(document: Document, request: HttpRequest) -> HttpResponseBase:
    part = wanted_range(request.headers.get("Range", ""), document.size)
    if part == (0, 0) and document.size:
        response = HttpResponse(status=416)
        response["Content-Range"] = f"bytes */{document.size}"
        return response
    start, length = part or (0, document.size)
    try:
        stream = document_storage().open_range(document.file.name, start, length)
    except FileNotFoundError as error:
        logger.error("document %s has no file", document.pk)
        raise Http404 from error
    response = StreamingHttpResponse(_Chunks(stream, length), status=206 if part else 200)
    response["Accept-Ranges"] = "bytes"
    response["Content-Length"] = str(length)
    if part:
        response["Content-Range"] = f"bytes {start}-{start + length - 1}/{document.size}"
    return response


def wanted_range(header: str, size: int) -> tuple[int, int] | None:
    """(first byte, how many) of a Range header; None: the whole file; (0, 0): nothing of it can be sent.

    Several ranges at once, and what is no range at all, are answered with the whole file (RFC 9110, 14.2).
    """
    found = _RANGE.fullmatch(header.strip())
    if found is None or found[0] == "bytes=-":
        return None
    first, last = found.groups()
    if not first:
        length = min(int(last), size)
        return (size - length, length) if length else (0, 0)
    start, end = int(first), min(int(last), size - 1) if last else size - 1
    if last and int(last) < start:
        return None
    return (start, end - start + 1) if start < size else (0, 0)


class _Chunks:
    """So many bytes of a stream, which is closed also when nobody reads it: the reader went away."""

    def __init__(self, stream: IO[bytes], length: int):
        self.stream, self.length = stream, length

    def __iter__(self) -> Iterator[bytes]:
        left = self.length
        while left > 0 and (chunk := self.stream.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk

    def close(self) -> None:
        self.stream.close()


def _closed(document: Document) -> HttpResponse:
    """Why a document cannot be opened yet, or never: a page small enough for the frame of a preview."""
    sentence = {
        DocumentState.WAITING: _("Dokumen ini menunggu pemeriksaan virus. Coba lagi beberapa menit lagi."),
        DocumentState.REFUSED: _("Dokumen ini ditolak pemeriksaan virus dan isinya sudah dihapus. Minta penggantinya."),
    }[DocumentState(document.state)]
    context = {"sentence": sentence, "title": document.document_type.title}
    response = HttpResponse(render_to_string("core/documents/closed.html", context), status=409)
    return _guarded(response, is_image=True)


def destroyed_response(document: Document) -> HttpResponseBase:
    """What stands in the place of a destroyed document: since when it is gone, and by which paper."""
    page = render_to_string("core/documents/destroyed.html", {"document": document})
    return _guarded(HttpResponse(page, status=410))


def pdf_response(content: bytes, *, file_name: str) -> HttpResponseBase:
    """Show a PDF that was made for this look alone and is kept nowhere."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(False, file_name) or "inline"
    return _guarded(response)


def private[Response: HttpResponseBase](response: Response) -> Response:
    """A file that no cache keeps and no browser takes for something else."""
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _guarded(response: HttpResponseBase, *, is_image: bool = False) -> HttpResponseBase:
    response["Content-Security-Policy"] = IMAGE_POLICY if is_image else PDF_POLICY
    response["X-Frame-Options"] = "SAMEORIGIN"
    return private(response)
