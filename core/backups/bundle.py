"""What goes into a backup: a dump of the database, the files of the same moment, and the manifest of both.

Why they fit: a document's file is written and flushed before its row is committed, and never changed afterwards. So
every file that a dump names was there at the dump's moment, and files are read after it. A file goes only when its
document is destroyed or refused; what was taken away between the dump and the reading is asked for once more and
told apart in the manifest.

One dump serves all repositories, so that they hold the same moment, and it lies whole on the disk before any of them
is touched: a stream that breaks off would end in a repository as a backup that looks whole.
"""

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.files.storage import Storage
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from core.backups import logs
from core.backups.databases import PIECE, Dumped, dump, engine_of, own_settings, ships_logs
from core.backups.manifest import DATABASE_NAMES, NAME, LogMark, Manifest
from core.common.exceptions import DomainError
from core.common.version import program_version
from core.documents.models import KEPT_STATES, Document, path_of_content
from core.documents.storage import ContentAddressedStorage, document_storage

Progress = Callable[[str], None]

_BY_CONTENT = re.compile(r"[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{64}")
_OF_DOCUMENTS = re.compile(r"[0-9a-f]{2}")
#: Keys that are asked for at a time.
BATCH = 500


def in_silence(sentence: str) -> None:
    """Nobody listens how far it is."""


@dataclass(frozen=True)
class Bundle:
    """What is handed to a repository. `faults`: sentences about what is missing in it."""

    manifest: Manifest
    paths: tuple[str, ...]
    excludes: tuple[str, ...]
    faults: tuple[str, ...] = ()


def make_bundle(*, run: int, progress: Progress = in_silence) -> Bundle:
    """Everything of one moment, ready in BACKUP_ROOT."""
    folder = settings.BACKUP_ROOT / "bundle"
    database, moment = own_settings(), timezone.now()
    progress(_("Menyalin basis data"))
    dumped = dump(folder / DATABASE_NAMES[engine_of(database)])
    progress(_("Mencocokkan dokumen"))
    documents = documents_folder()
    if is_in_a_bucket():
        fetch_from_bucket(dumped.documents, documents)
    lacking = [
        digest for digest, size in dumped.documents.items() if not _is_there(documents / path_of_content(digest), size)
    ]
    missing = _still_kept(lacking)
    destroyed = sorted(set(lacking) - missing)
    paths = {"database": str(dumped.path), "documents": str(documents), "imports": str(settings.IMPORT_ROOT)}
    manifest = Manifest(
        run=run,
        moment=moment,
        engine=engine_of(database),
        database_name=str(database["NAME"]),
        program=program_version(),
        migrations=dumped.migrations,
        tables=dumped.tables,
        database_sha256=dumped.sha256,
        database_bytes=dumped.size,
        documents={digest: size for digest, size in dumped.documents.items() if digest not in set(lacking)},
        paths=paths,
        others=dict(_others(documents, settings.IMPORT_ROOT)),
        destroyed=destroyed,
        missing=sorted(missing),
        log=_log_mark(dumped),
    )
    (folder / NAME).write_text(manifest.to_json(), encoding="utf-8")
    (folder / NAME).chmod(0o600)
    faults = ()
    if missing:
        faults = (
            _("%(count)d dokumen tidak ada di penyimpanan, sehingga tidak ikut tercadang. Jalankan verify_documents.")
            % {"count": len(missing)},
        )
    present = [path for name, path in paths.items() if name == "database" or Path(path).is_dir()]
    return Bundle(
        manifest=manifest,
        paths=(str(folder / NAME), *present),
        excludes=(f"{documents}/**/.*", f"{settings.IMPORT_ROOT}/**/.*"),  # files that are being written
        faults=faults,
    )


def is_in_a_bucket() -> bool:
    return not isinstance(document_storage(), ContentAddressedStorage)


def documents_folder() -> Path:
    """Where the files of documents can be read; of a bucket, a copy of it on this machine."""
    return settings.BACKUP_ROOT / "documents" if is_in_a_bucket() else Path(settings.DOCUMENT_ROOT)


def fetch_from_bucket(documents: dict[str, int], folder: Path) -> None:
    """Make the copy hold just these documents and what is none, such as logos; what is there already is not fetched
    again, since it never changes."""
    storage = document_storage()
    others = set(_others_in_bucket(storage))
    for name in others:
        if not (folder / name).is_file():
            _fetch(storage, name, folder / name)
    for digest, size in documents.items():
        target = folder / path_of_content(digest)
        if not _is_there(target, size):
            with suppress(FileNotFoundError):  # told as missing afterwards
                _fetch(storage, path_of_content(digest), target, digest)
    for path in folder.rglob("*"):
        if path.is_file() and path.name not in documents and path.relative_to(folder).as_posix() not in others:
            path.unlink()


def _others_in_bucket(storage: Storage) -> Iterator[str]:
    """Names of files that no document has. Folders of documents are passed over unread: there are too many in them."""
    folders, _files = storage.listdir("")
    for folder in folders:
        if not _OF_DOCUMENTS.fullmatch(folder):
            _folders, files = storage.listdir(folder)
            yield from (f"{folder}/{name}" for name in files)


def _fetch(storage: Storage, name: str, target: Path, digest: str = "") -> None:
    """Kept when it has the hash it should have, where one is known."""
    target.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    beside, found = target.with_name(f".{target.name}"), hashlib.sha256()
    with storage.open(name) as file, open(beside, "wb") as out:
        for piece in file.chunks(PIECE):
            out.write(piece)
            found.update(piece)
    if digest in ("", found.hexdigest()):
        os.replace(beside, target)
    else:
        beside.unlink()


def _is_there(path: Path, size: int) -> bool:
    try:
        return path.stat().st_size == size
    except FileNotFoundError:
        return False


def _still_kept(digests: list[str]) -> set[str]:
    """Those of them that the database, asked now, says are there."""
    kept: set[str] = set()
    for start in range(0, len(digests), BATCH):
        some = Document.objects.filter(sha256__in=digests[start : start + BATCH], state__in=KEPT_STATES)
        kept |= set(some.values_list("sha256", flat=True))
    return kept


def _others(documents: Path, imports: Path) -> Iterator[tuple[str, tuple[str, int]]]:
    """Files that no document has: the logo, spreadsheets that were handed in."""
    for root, folder in (("documents", documents), ("imports", imports)):
        for path in sorted(folder.rglob("*")):
            relative = path.relative_to(folder).as_posix()
            is_document = root == "documents" and _BY_CONTENT.fullmatch(relative)
            if is_document or any(part.startswith(".") for part in path.parts[-2:]) or not path.is_file():
                continue
            with open(path, "rb") as file:
                yield f"{root}/{relative}", (hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size)


def _log_mark(dumped: Dumped) -> LogMark | None:
    """With how the log begins in which the dump's moment lies; the log is fetched for that."""
    if dumped.log is None or not ships_logs():
        return None
    logs.fetch_logs()
    return LogMark(dumped.log.file, dumped.log.position, logs.header_of(logs.folder() / dumped.log.file))


def check_transaction() -> None:
    """A backup sees what is committed, through a connection of its own: never from inside somebody's transaction."""
    if connection.in_atomic_block:
        raise DomainError(_("Cadangan tidak dapat dibuat di tengah transaksi."), code="backup.in_transaction")
