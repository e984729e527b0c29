"""The archive of a hand-over: letter, minutes, list and the manifest. Made once for an edition, then kept.

Made at the first download or when it is handed over, whichever comes first; from then on every download gives the
same bytes, since the files are documents of the repository and names and time are those of the check.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.activity.services import record_activity
from core.common.exceptions import DomainError
from core.decisions.models import Plenary
from core.decisions.papers import MINUTES, ensure_paper
from core.documents import archive
from core.documents.models import Document, DocumentType
from core.documents.services import store_rendered
from core.handovers.enums import FileKind, HandoverStatus
from core.handovers.letter import render_letter
from core.handovers.models import Handover, HandoverFile
from core.handovers.queries import files_of, plenaries_of
from core.handovers.rules import why_not_download
from core.handovers.spreadsheet import write_list
from core.imports.writing import XLSX_TYPE

LETTER_TYPE, LIST_TYPE = "surat-serah-terima", "daftar-serah-terima"


@dataclass(frozen=True)
class Archive:
    """A ZIP to send: its name, its size and its pieces."""

    file_name: str
    size: int
    pieces: Iterator[bytes]


def ensure_minutes(plenaries: list[Plenary]) -> list[tuple[Plenary, Document]]:
    return [(plenary, ensure_paper(MINUTES, plenary=plenary)) for plenary in plenaries]


@transaction.atomic
def ensure_files(*, handover: Handover) -> Handover:
    """The files of the edition that was checked, made now if this is the first time they are asked for.

    Two who ask at once: the second waits and gets what the first one kept.
    """
    handover = Handover.objects.select_for_update().get(pk=handover.pk)
    if handover.manifest:
        return handover
    if handover.status != HandoverStatus.CHECKED:
        raise DomainError(_("Periksa dan kunci dahulu; sesudah itu berkasnya dibuat."), code="handover_files.unchecked")
    content = handover.frozen
    files = [_letter(handover, content)]
    minutes = ensure_minutes(plenaries_of(handover))
    files += [
        (FileKind.MINUTES, _("Berita acara %(number)s") % {"number": plenary.number}, ".pdf", document)
        for plenary, document in minutes
    ]
    files.append(_list(handover, content))
    rows = HandoverFile.objects.bulk_create(
        HandoverFile(
            handover=handover,
            edition=handover.edition,
            position=place,
            kind=kind,
            name=f"{place:02d} {archive.clean_name(title)}{suffix}",
            document=document,
        )
        for place, (kind, title, suffix, document) in enumerate(files, start=1)
    )
    return _seal(handover, rows)


def reseal(handover: Handover) -> Handover:
    """Sizes and hashes anew, after the files themselves were replaced: only in an anonymised copy."""
    rows = handover.files.filter(edition=handover.edition).select_related("document").order_by("position", "pk")
    return _seal(handover, list(rows))


def _seal(handover: Handover, rows: list[HandoverFile]) -> Handover:
    handover.manifest = _manifest(handover, rows)
    whole, size = hashlib.sha256(), 0
    for piece in _stream(handover, rows):
        whole.update(piece)
        size += len(piece)
    handover.archive_size, handover.archive_sha256 = size, whole.hexdigest()
    handover.save(update_fields=["manifest", "archive_size", "archive_sha256", "updated_at"])
    return handover


def _letter(handover: Handover, content: dict[str, Any]) -> tuple[str, str, str, Document]:
    title = _("Surat pengantar %(number)s") % {"number": handover.number}
    if handover.uploaded_letter is not None:
        return FileKind.LETTER, title, ".pdf", handover.uploaded_letter
    rendered = render_letter(content=content, signature=handover.signature)
    return FileKind.LETTER, title, ".pdf", _store(handover, rendered.content, title, ".pdf", pages=rendered.pages)


def _list(handover: Handover, content: dict[str, Any]) -> tuple[str, str, str, Document]:
    title = _("Daftar asesi %(number)s") % {"number": handover.number}
    rows = [json.loads(row.content) for row in handover.cases.all()]
    written = write_list(content["columns"], rows)
    return FileKind.LIST, title, ".xlsx", _store(handover, written, title, ".xlsx")


def _store(handover: Handover, content: bytes, title: str, suffix: str, *, pages: int | None = None) -> Document:
    is_list = suffix == ".xlsx"
    return store_rendered(
        content=content,
        file_name=f"{title.replace('/', '-')}{suffix}",
        title=title,
        pages=pages,
        document_type=DocumentType.objects.get(code=LIST_TYPE if is_list else LETTER_TYPE),
        owner=handover.checked_by,
        content_type=XLSX_TYPE if is_list else "application/pdf",
    )


def _manifest(handover: Handover, rows: list[HandoverFile]) -> str:
    """Names, bytes and hashes; the lines that `sha256sum -c` does not read begin with “#”."""
    head = [f"# {handover.number}"]
    head += [f"# {row.document.size} byte  {row.name}" for row in rows]
    sums = archive.checksums((row.document.sha256, row.name) for row in rows).decode()
    return "\n".join(head) + "\n" + sums


def _stream(handover: Handover, rows: list[HandoverFile]) -> Iterator[bytes]:
    folder = archive.clean_name(handover.number or "")
    contents = [(f"{folder}/{row.name}", archive.pieces_of(row.document)) for row in rows]
    contents.append((f"{folder}/{archive.SUMS_NAME}", iter([handover.manifest.encode()])))
    return archive.stream(contents, made_at=handover.checked_at)


def make_archive(*, handover: Handover, by: Any) -> Archive:
    """The ZIP for somebody who may take it along; who did is recorded first."""
    if reason := why_not_download(handover, by):
        raise DomainError(reason, code="handover_download.refused")
    handover = ensure_files(handover=handover)
    rows = files_of(handover)
    record_activity(
        "handover.download", by=by, subject=handover, files=len(rows), documents=[row.document_id for row in rows]
    )
    name = f"{archive.clean_name(handover.number or '')}.zip"
    return Archive(name, handover.archive_size or 0, _stream(handover, rows))
