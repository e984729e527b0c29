"""Uploads in pieces: what has arrived stays, whatever happens to the link, the page or the server.

A piece is acknowledged when it is on the disk. The bytes are written first, the row second: a crash in
between leaves bytes that the row does not know of, and the next piece is written over them. A whole file
then goes through entry control exactly as one that came in one go (`services.store_upload`).
"""

import hashlib
import os
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from core.activity.refused_files import noting_refused_files
from core.common.exceptions import DomainError
from core.documents.intake import too_large
from core.documents.models import Document, DocumentType, PartialUpload
from core.documents.services import store_upload
from core.documents.storage import flush_folder

MAX_PIECE = 256 * 1024
#: What one person may have under way at once.
MAX_UNFINISHED = 20
MAX_UNFINISHED_BYTES = 60 * 1024 * 1024
#: An upload that nothing was added to for so long is given up.
KEPT = timedelta(days=2)


class WrongOffset(DomainError):
    """The piece does not begin where the file ends; `received` says where that is."""

    def __init__(self, received: int):
        super().__init__(_("Potongan ini tidak bersambung. Lanjutkan dari tempat berhenti."), code="pieces.offset")
        self.received = received


@noting_refused_files()
def begin_upload(*, file_name: str, size: int, sha256: str, place: str = "", by: Any) -> PartialUpload:
    """A place for a file to come; the one that is under way when the same file was chosen in the same place before."""
    if size < 1:
        raise DomainError(_("Berkas ini kosong (0 byte). Pilih berkas lain."), code="pieces.empty")
    if size > settings.DOCUMENT_MAX_BYTES:
        raise too_large(settings.DOCUMENT_MAX_BYTES)
    if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
        raise DomainError(_("Unggahan ini tidak dikenal. Muat ulang halaman."), code="pieces.checksum_form")
    with transaction.atomic():
        get_user_model().objects.select_for_update().values_list("pk").get(pk=by.pk)  # two tabs queue here
        place = place[:200]
        unfinished = unfinished_of(by)
        if known := unfinished.filter(sha256=sha256, size=size, place=place).first():
            return known
        waiting = unfinished.aggregate(bytes=Sum("size"))["bytes"] or 0
        if unfinished.count() >= MAX_UNFINISHED or waiting + size > MAX_UNFINISHED_BYTES:
            raise DomainError(
                _(
                    "Terlalu banyak unggahan yang belum selesai. Selesaikan dahulu, atau coba lagi besok: "
                    "yang ditinggalkan dihapus sesudah dua hari."
                ),
                code="pieces.too_many",
            )
        return PartialUpload.objects.create(
            owner=by, file_name=file_name[:255] or "berkas", size=size, sha256=sha256, place=place
        )


def unfinished_of(person: Any) -> QuerySet[PartialUpload]:
    """What a person has under way."""
    return PartialUpload.objects.filter(owner=person, document=None)


def own_upload(public_id: uuid.UUID, by: Any) -> PartialUpload:
    """The person's own upload; somebody else's, or one that was given up, is unknown."""
    upload = PartialUpload.objects.filter(public_id=public_id, owner=by).first()
    if upload is None:
        raise DomainError(
            _("Unggahan ini tidak ditemukan lagi. Pilih berkasnya sekali lagi."), code="pieces.unknown", field="file"
        )
    return upload


@transaction.atomic
def add_piece(*, public_id: uuid.UUID, offset: int, piece: bytes, sha256: str, by: Any) -> PartialUpload:
    """Write a piece at the end of what is there. When this returns, it is on the disk.

    Raises WrongOffset when it does not begin there: the last piece sent twice, or another tab was quicker.
    """
    PartialUpload.objects.select_for_update().values_list("pk").filter(public_id=public_id, owner=by).first()
    upload = own_upload(public_id, by)
    if not piece or len(piece) > MAX_PIECE or offset + len(piece) > upload.size:
        raise DomainError(_("Potongan berkas ini tidak sesuai ukurannya."), code="pieces.size")
    if hashlib.sha256(piece).hexdigest() != sha256:
        raise DomainError(_("Potongan berkas ini rusak dalam perjalanan. Kirim sekali lagi."), code="pieces.damaged")
    there = safely_received(upload)
    if offset != there:
        raise WrongOffset(there)
    _write(path_of(upload), offset, piece)
    upload.received = offset + len(piece)
    upload.save(update_fields=["received", "touched_at"])
    return upload


def safely_received(upload: PartialUpload) -> int:
    """How much of it is here: what was acknowledged, or less where the folder was lost since."""
    if upload.document_id:
        return upload.size
    try:
        return min(upload.received, path_of(upload).stat().st_size)
    except FileNotFoundError:
        return 0


def store_pieces(*, public_id: uuid.UUID, document_type: DocumentType, by: Any, title: str = "") -> Document:
    """Hand a whole file to entry control; asked twice, the answer is the same document.

    Not one transaction: what entry control keeps is kept, and equal bytes of the same kind are one document
    (`store_upload`), so that a crash before the note of it only makes the next attempt find the same.
    """
    upload = own_upload(public_id, by)
    if upload.document_id:
        return upload.document
    path = path_of(upload)
    try:
        stream = open(path, "rb")  # noqa: SIM115 (closed below)
    except FileNotFoundError:  # another tab handed it in just now
        if document := own_upload(public_id, by).document:
            return document
        raise _unfinished() from None
    with stream:
        if os.fstat(stream.fileno()).st_size < upload.size or not upload.is_whole:
            raise _unfinished()
        if hashlib.file_digest(stream, "sha256").hexdigest() != upload.sha256:
            discard_upload(public_id=public_id, by=by)
            raise DomainError(
                _("Berkas ini rusak dalam perjalanan. Pilih berkasnya sekali lagi."),
                code="pieces.checksum",
                field="file",
            )
        stream.seek(0)
        try:
            document = store_upload(
                stream=stream, file_name=upload.file_name, document_type=document_type, owner=by, by=by, title=title
            )
        except DomainError:  # it will not get better by being kept
            discard_upload(public_id=public_id, by=by)
            raise
    PartialUpload.objects.filter(pk=upload.pk).update(document=document, touched_at=timezone.now())
    path.unlink(missing_ok=True)
    return document


def _unfinished() -> DomainError:
    return DomainError(
        _("Berkas ini belum terkirim seluruhnya. Pilih sekali lagi untuk melanjutkan."),
        code="pieces.unfinished",
        field="file",
    )


def discard_upload(*, public_id: uuid.UUID, by: Any) -> None:
    """Give an upload up."""
    upload = own_upload(public_id, by)
    PartialUpload.objects.filter(pk=upload.pk).delete()
    path_of(upload).unlink(missing_ok=True)


def forget_all() -> int:
    """After a restore: the pieces themselves were not backed up; whoever was uploading chooses the file again."""
    return PartialUpload.objects.all().delete()[0]


def remove_expired() -> int:
    """Give up what nothing was added to for KEPT, and bytes that no row knows of; returns how many files went."""
    PartialUpload.objects.filter(touched_at__lt=timezone.now() - KEPT).delete()
    before, removed = time.time() - KEPT.total_seconds(), 0
    for path in _old_files(before):
        if not PartialUpload.objects.filter(public_id=path.name, document=None).exists():
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def _old_files(before: float) -> Iterator[Path]:
    if not settings.PIECES_ROOT.is_dir():
        return
    for path in settings.PIECES_ROOT.iterdir():
        with suppress(ValueError, FileNotFoundError):
            uuid.UUID(path.name)
            if path.stat().st_mtime < before:
                yield path


def path_of(upload: PartialUpload) -> Path:
    return settings.PIECES_ROOT / str(upload.public_id)


def _write(path: Path, offset: int, piece: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        os.ftruncate(handle, offset)  # what a crash left behind the acknowledged end
        os.lseek(handle, offset, os.SEEK_SET)
        with memoryview(piece) as rest:
            written = 0
            while written < len(piece):
                written += os.write(handle, rest[written:])
        os.fsync(handle)
    finally:
        os.close(handle)
    if offset == 0:
        flush_folder(path.parent)
