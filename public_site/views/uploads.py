"""Uploads in pieces, in the words of tus 1.0 (https://tus.io: core, creation, checksum, termination).

POST begins (or finds) an upload, HEAD tells how much of it is here, PATCH adds a piece, DELETE gives it up.
The page that the file was chosen on then hands it in by its id (uploads.received_files).
"""

import base64
import binascii
import re
import uuid

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.common.exceptions import DomainError
from core.common.text import is_number
from core.documents import pieces
from core.documents.models import PartialUpload
from public_site.access import View, candidate_required

VERSION = "1.0.0"
PIECE_TYPE = "application/offset+octet-stream"
#: What a refusal means to the sender of a piece; everything else is 400.
STATUS = {
    "pieces.unknown": 404,
    "pieces.offset": 409,
    "file.too_large": 413,
    "pieces.damaged": 460,
    "pieces.too_many": 429,
}


def _speaks_tus(view: View) -> View:
    """Refusals as the protocol has them, with our sentence as the body."""

    def spoken(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.headers.get("Tus-Resumable") != VERSION:
            response = HttpResponse(status=412)
            response["Tus-Version"] = VERSION
            return response
        try:
            response = view(request, *args, **kwargs)
        except DomainError as refusal:
            status = STATUS.get(refusal.code, 400)
            response = HttpResponse(refusal.message, status=status, content_type="text/plain; charset=utf-8")
            if isinstance(refusal, pieces.WrongOffset):
                response["Upload-Offset"] = refusal.received
        response["Tus-Resumable"] = VERSION
        response["Cache-Control"] = "no-store"
        return response

    return spoken


@require_POST
@candidate_required
@_speaks_tus
def begin(request: HttpRequest) -> HttpResponse:
    """Announce a file: its length, name and checksum, and the input it was chosen in."""
    about = _metadata(request.headers.get("Upload-Metadata", ""))
    length = request.headers.get("Upload-Length", "")
    upload = pieces.begin_upload(
        file_name=about.get("filename", ""),
        size=int(length) if is_number(length) else 0,
        sha256=about.get("sha256", ""),
        place=about.get("place", ""),
        by=request.user,
    )
    response = _state(HttpResponse(status=201), upload)
    response["Location"] = reverse("public_site:upload", args=[upload.public_id])
    return response


@require_http_methods(["HEAD", "PATCH", "DELETE"])
@candidate_required
@_speaks_tus
def upload(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    if request.method == "DELETE":
        pieces.discard_upload(public_id=public_id, by=request.user)
        return HttpResponse(status=204)
    if request.method == "HEAD":
        return _state(HttpResponse(), pieces.own_upload(public_id, request.user))
    if request.content_type != PIECE_TYPE:
        return HttpResponse(status=415)
    if int(request.headers.get("Content-Length") or 0) > pieces.MAX_PIECE:
        return HttpResponse(status=413)
    offset = request.headers.get("Upload-Offset", "")
    row = pieces.add_piece(
        public_id=public_id,
        offset=int(offset) if is_number(offset) else -1,
        piece=request.body,
        sha256=_checksum(request.headers.get("Upload-Checksum", "")),
        by=request.user,
    )
    return _state(HttpResponse(status=204), row)


upload.more_methods = ("PATCH", "DELETE")  # HEAD is ordinary: core/common/methods.py


def _state(response: HttpResponse, upload: PartialUpload) -> HttpResponse:
    response["Upload-Offset"] = pieces.safely_received(upload)
    response["Upload-Length"] = upload.size
    response["Upload-Expires"] = http_date((upload.touched_at + pieces.KEPT).timestamp())
    return response


def _metadata(header: str) -> dict[str, str]:
    """{key: value} of "key base64,key base64"."""
    found = {}
    for pair in header[:4000].split(","):
        key, _space, value = pair.strip().partition(" ")
        found[key] = _decoded(value).decode(errors="replace")
    return found


def _checksum(header: str) -> str:
    """The hexadecimal SHA-256 of "sha256 base64"."""
    found = re.fullmatch(r"sha256 (\S+)", header)
    return _decoded(found[1]).hex() if found else ""


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise DomainError(_("Unggahan ini tidak dikenal. Muat ulang halaman."), code="pieces.header") from None
