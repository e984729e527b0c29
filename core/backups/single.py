"""One document or one record from a backup, without touching anything else.

A file comes back only as the very bytes that its document names. A record comes back through its versions, so that
whoever restored the wrong one turns it back with “Riwayat”.
"""

import hashlib
import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.accounts.models import User
from core.activity.comparison import RowChange, as_added
from core.activity.records import Record, Row, stored_record
from core.activity.services import record_activity
from core.activity.versioning import is_versioned
from core.activity.versions import put_back, what_restoring_changes
from core.backups import sources
from core.backups.databases import load
from core.backups.scratch import Scratch, program_on, scratch_place
from core.backups.sources import Source
from core.common.exceptions import DomainError
from core.documents.models import Document
from core.documents.services import hold_content
from core.documents.storage import document_storage

PIECE = 1024 * 1024
#: So many backups are looked through for a file, the newest first.
LOOKED_THROUGH = 60


def _check_rights(by: User) -> None:
    if not (by.is_active and by.has_perm("core.run_backup")):
        raise DomainError(_("Pemulihan dari cadangan dilakukan oleh administrator teknis."), code="restore.forbidden")


def when_of(source: Source) -> str:
    """The moment that a backup holds, in words."""
    return date_format(timezone.localtime(source.manifest.moment), "j M Y, H.i")


# --- a document -----------------------------------------------------------------------------------------------


def restore_document(*, document: Document, until: datetime | None = None, by: User) -> Source:
    """Put the bytes of a document back that are lost or changed; the backup they came from."""
    _check_rights(by)
    if document.is_destroyed:
        raise DomainError(
            _("Dokumen ini dimusnahkan menurut berita acara %(number)s; isinya tidak boleh dipulihkan.")
            % {"number": document.destroyed_under},
            code="restore_document.destroyed",
        )
    if is_whole(document):
        raise DomainError(
            _("Berkas dokumen ini ada dan utuh; tidak ada yang perlu dipulihkan."), code="restore_document.whole"
        )
    source = _source_with(document, until)
    settings.DRILL_FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = settings.DRILL_FOLDER / f"{document.sha256}.part"
    try:
        with open(path, "w+b") as fetched:
            source.repository.fetch(source.snapshot.id, _path_in(source, document), fetched)
            _put(document, fetched)
    finally:
        path.unlink(missing_ok=True)
    with transaction.atomic():
        record_activity(
            "backup.restore_document", by=by, subject=document, sha256=document.sha256, snapshot=source.snapshot.id
        )
    return source


def is_whole(document: Document) -> bool:
    """Whether its file is there, with the content it was stored with."""
    digest = hashlib.sha256()
    try:
        with document.file.open("rb") as stream:
            for piece in stream.chunks(PIECE):
                digest.update(piece)
    except FileNotFoundError:
        return False
    return digest.hexdigest() == document.sha256


def _source_with(document: Document, until: datetime | None) -> Source:
    for number, source in enumerate(sources.until(until)):
        if document.sha256 in source.manifest.documents:
            return source
        if number >= LOOKED_THROUGH:
            break
    raise DomainError(
        _("Tidak ada cadangan yang memuat berkas ini. Coba tanpa tanggal, atau dengan tanggal yang lebih baru."),
        code="restore_document.not_found",
    )


def _path_in(source: Source, document: Document) -> str:
    files = source.manifest.files()
    return source.manifest.path_in_snapshot(next(path for path, sha256, _size in files if sha256 == document.sha256))


@transaction.atomic
def _put(document: Document, fetched: Any) -> None:
    """Looked at before anything is taken away; what is broken goes, or the storage would leave it where it is."""
    fetched.seek(0)
    if hashlib.file_digest(fetched, "sha256").hexdigest() != document.sha256:
        raise DomainError(
            _("Isi berkas di cadangan tidak sama dengan sidiknya. Jangan dipakai; jalankan restore_drill."),
            code="restore_document.damaged",
        )
    hold_content(document.sha256)
    storage, name = document_storage(), document.file.name
    fetched.seek(0)
    storage.delete(name)
    storage.save(name, File(fetched))


# --- a record -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Kept:
    """A record as a backup holds it, and what would change if it came back."""

    source: Source
    record: Record
    changes: list[RowChange]
    is_gone: bool  # it is not in the database any more


def model_called(name: str) -> type[Model]:
    """The model of that name, if single records of it can come back."""
    try:
        model = apps.get_model("core", name)
    except LookupError as error:
        raise DomainError(
            _("Tidak ada jenis data bernama %(name)s.") % {"name": name}, code="restore_record.model"
        ) from error
    if not is_versioned(model):
        raise DomainError(
            _(
                "%(kind)s tidak dipulihkan satu per satu: riwayatnya ada di catatan aktivitas, dan surat serta "
                "tanda tangan bergantung padanya. Pulihkan seluruhnya, atau perbaiki lewat layarnya."
            )
            % {"kind": str(model._meta.verbose_name).capitalize()},
            code="restore_record.not_versioned",
        )
    return model


def look_up_record(*, model: type[Model], pk: str, until: datetime | None = None) -> Kept:
    """Find a record in the last backup up to a moment. The backup's database is laid out beside the real one for it."""
    try:
        model._meta.pk.to_python(pk)
    except ValidationError as error:
        raise DomainError(_("Nomor data ini bukan nomor yang dikenal."), code="restore_record.key") from error
    source = next(sources.until(until), None)
    if source is None:
        raise DomainError(_("Tidak ada cadangan sampai tanggal itu."), code="restore_record.no_backup")
    with _laid_out(source) as scratch:
        record = _read(scratch, model, pk)
    if record is None:
        raise DomainError(
            _("Cadangan dari %(when)s tidak memuat data ini.") % {"when": when_of(source)},
            code="restore_record.not_found",
        )
    now = stored_record(model, pk)
    changes = as_added(record) if now is None else what_restoring_changes(now, record)
    return Kept(source, record, changes, is_gone=now is None)


@transaction.atomic
def restore_record(*, kept: Kept, by: User) -> list[RowChange]:
    """Make the record what the backup holds, as a new version of it; what was changed."""
    _check_rights(by)
    when = when_of(kept.source)
    changes = put_back(record=kept.record, by=by, reason=_("Dipulihkan dari cadangan %(when)s") % {"when": when})
    row = kept.record.root.model._base_manager.get(pk=kept.record.root.pk)
    record_activity("backup.restore_record", by=by, subject=row, when=when, snapshot=kept.source.snapshot.id)
    return changes


@contextmanager
def _laid_out(source: Source) -> Iterator[Scratch]:
    """The database of a backup, without its documents."""
    with scratch_place() as scratch:
        dump = scratch.folder / "dump"
        with open(dump, "wb") as out:
            source.repository.fetch(source.snapshot.id, source.manifest.paths["database"], out)
        with open(dump, "rb") as whole:
            if hashlib.file_digest(whole, "sha256").hexdigest() != source.manifest.database_sha256:
                raise DomainError(
                    _("Isi basis data di cadangan tidak sama dengan sidiknya. Jalankan restore_drill."),
                    code="restore_record.damaged",
                )
        load(scratch.database, dump)
        yield scratch


def _read(scratch: Scratch, model: type[Model], pk: str) -> Record | None:
    """Asked of the program itself, running on the copy."""
    told = scratch.folder / "record.json"
    asked = subprocess.run(  # noqa: S603 - this very program
        program_on(scratch, "read_restored_record", model._meta.model_name, str(pk), str(told)),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if asked.returncode:
        raise DomainError(
            _("Program tidak dapat membaca basis data dari cadangan (kode %(code)d).") % {"code": asked.returncode},
            code="restore_record.unreadable",
        )
    return from_json(told.read_text(encoding="utf-8"))


def to_json(record: Record | None) -> str:
    rows = record.rows() if record else ()
    told = [
        {"model": row.model._meta.model_name, "pk": row.pk, "values": row.values, "label": row.label} for row in rows
    ]
    return json.dumps(told)


def from_json(text: str) -> Record | None:
    rows = [
        Row(apps.get_model("core", told["model"]), told["pk"], told["values"], told["label"])
        for told in json.loads(text)
    ]
    return Record(rows[0], rows[1:]) if rows else None
