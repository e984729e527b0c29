"""Files that a candidate sends, from whichever page."""

from collections.abc import Iterable
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from core.common.exceptions import DomainError
from core.documents.models import Document, DocumentType
from core.documents.services import store_upload


def store_files(
    files: Iterable[UploadedFile], kind: DocumentType, *, by: Any, titled_by_name: bool = False
) -> tuple[list[Document], list[str]]:
    """Keep each file that can be kept; (documents, a sentence for each that was refused, with its name)."""
    documents, refusals = [], []
    for file in files:
        title = file.name.rsplit(".", 1)[0] if titled_by_name else kind.title
        try:
            documents.append(
                store_upload(stream=file, file_name=file.name, document_type=kind, owner=by, by=by, title=title)
            )
        except DomainError as error:
            refusals.append(f"{file.name[:60]}: {error.message}")
    return documents, refusals
