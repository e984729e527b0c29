"""Files that a candidate sends, from whichever page, in one go or in pieces."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from core.common.exceptions import DomainError
from core.documents.models import Document, DocumentType
from core.documents.pieces import own_upload, store_pieces
from core.documents.services import store_upload


@dataclass(frozen=True)
class Pieced:
    """A file that came in pieces before its page was sent (views/uploads.py)."""

    public_id: uuid.UUID
    name: str


def received_files(request: HttpRequest, field: str) -> list[UploadedFile | Pieced]:
    """What was sent for one input: files in this request, and files that came in pieces before it."""
    pieced = [_pieced(text, request.user) for text in request.POST.getlist(f"pieces-{field}")[:20]]
    return [*request.FILES.getlist(field), *pieced]


def _pieced(text: str, by: Any) -> Pieced:
    try:
        upload = own_upload(uuid.UUID(text), by)
    except (ValueError, DomainError):
        return Pieced(uuid.UUID(int=0), "")  # refused with a sentence when it is to be kept
    return Pieced(upload.public_id, upload.file_name)


def store_files(
    files: Iterable[UploadedFile | Pieced], kind: DocumentType, *, by: Any, titled_by_name: bool = False
) -> tuple[list[Document], list[str]]:
    """Keep each file that can be kept; (documents, a sentence for each that was refused, with its name)."""
    documents, refusals = [], []
    for file in files:
        title = file.name.rsplit(".", 1)[0] if titled_by_name else kind.title
        try:
            documents.append(_store(file, kind, by=by, title=title))
        except DomainError as error:
            refusals.append(f"{file.name[:60]}: {error.message}" if file.name else error.message)
    return documents, refusals


def _store(file: UploadedFile | Pieced, kind: DocumentType, *, by: Any, title: str) -> Document:
    if isinstance(file, Pieced):
        return store_pieces(public_id=file.public_id, document_type=kind, by=by, title=title)
    return store_upload(stream=file, file_name=file.name, document_type=kind, owner=by, by=by, title=title)
