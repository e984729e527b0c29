"""Bringing a backup back: into the database and folders in use (`manage.py restore`), or into scratch ones (the drill).

The dump is fetched whole and compared with the manifest before anything that is there is touched. Files come in
groups, lie aside until their hash was right, and are then renamed into place: cut off at any point, the next attempt
goes on with what lacks.
"""

import hashlib
import os
import shutil
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from itertools import batched
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.migrations.loader import MigrationLoader
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.backups import logs
from core.backups.bundle import Progress, in_silence
from core.backups.databases import engine_of, load, rows_per_table, settings_of
from core.backups.manifest import NAME, Manifest
from core.backups.restic import FULL, LOG, Repository, Snapshot, repository_called
from core.common.exceptions import DomainError

LATEST = "latest"
#: Room that stays free on the disk beyond what a restore brings.
SPARE = 64 * 1024 * 1024
#: Folders of documents that are fetched at a time (there are 256).
GROUPS = 32


@dataclass
class Comparison:
    """What of a restored copy is not as the manifest says. `rows`: {table: (told, found)}."""

    rows: dict[str, tuple[int, int]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    tables_compared: int = 0
    files_compared: int = 0

    @property
    def is_same(self) -> bool:
        return not (self.rows or self.missing or self.changed)


# --- which backup -------------------------------------------------------------------------------------------


def find_snapshot(repository: Repository, *, wanted: str = LATEST, before: datetime | None = None) -> Snapshot:
    """The newest full backup, the newest one made before a moment, or the one of this id."""
    found = repository.snapshots(tag=FULL)
    if wanted != LATEST:
        found = [snapshot for snapshot in found if len(wanted) >= 6 and snapshot.id.startswith(wanted)]
    if before is not None:
        found = [snapshot for snapshot in found if snapshot.at <= before]
    if not found:
        raise DomainError(
            _("Tidak ada cadangan seperti itu di %(place)s. Lihat yang ada dengan: restore --list.")
            % {"place": repository.name},
            code="backup.no_snapshot",
        )
    return found[-1]


def read_manifest(repository: Repository, snapshot: Snapshot) -> Manifest:
    path = next((path for path in snapshot.paths if Path(path).name == NAME), None)
    try:
        return Manifest.from_json(repository.read(snapshot.id, path or NAME))
    except ValueError as error:
        raise DomainError(
            _("Cadangan ini tidak mempunyai manifes yang dapat dibaca; mungkin dibuat versi yang lebih baru."),
            code="backup.no_manifest",
        ) from error


def check_program(manifest: Manifest) -> None:
    """A backup of a later program cannot be put under this one: nobody knows how to take its tables back."""
    known = set(MigrationLoader(None).disk_migrations)
    apps = {app for app, _name in known}
    later = [name for app, name in manifest.migrations if app in apps and (app, name) not in known]
    if later:
        raise DomainError(
            _(
                "Cadangan ini dibuat oleh program yang lebih baru (%(program)s; migrasi %(migration)s belum dikenal). "
                "Pasang versi itu atau yang lebih baru, lalu ulangi."
            )
            % {"program": manifest.program or "?", "migration": later[0]},
            code="backup.older_program",
        )


# --- bringing it back ---------------------------------------------------------------------------------------


def restore_into(
    *,
    repository: str | Repository,
    snapshot: str = LATEST,
    before: datetime | None = None,
    until: datetime | None = None,
    database_url: str = "",
    database: dict[str, Any] | None = None,
    folder: Path,
    imports_folder: Path | None = None,
    work_folder: Path | None = None,
    progress: Progress = in_silence,
) -> tuple[Manifest, Snapshot]:
    """Database and documents of a backup into this database (by address, or by Django's settings of it) and folder.

    `until` goes on from there with the binary logs to that moment (MariaDB). `work_folder` holds what is fetched
    meanwhile; two that restore at once need two. Every file that is there afterwards was read and has its hash; rows
    are compared by `compare`.
    """
    source = repository_called(repository) if isinstance(repository, str) else repository
    target = database or settings_of(database_url)
    progress(_("Mencari cadangan"))
    chosen = find_snapshot(source, wanted=snapshot, before=until or before)
    manifest = read_manifest(source, chosen)
    check_program(manifest)
    if manifest.engine != engine_of(target):
        raise DomainError(
            _("Cadangan ini berasal dari %(engine)s; basis data tujuan dari jenis lain.") % {"engine": manifest.engine},
            code="backup.other_engine",
        )
    work = work_folder or settings.BACKUP_ROOT / "restore"
    work.mkdir(mode=0o700, parents=True, exist_ok=True)
    roots = {"documents": folder} | ({"imports": imports_folder} if imports_folder else {})
    progress(_("Mengambil basis data"))
    dumped = _fetch_dump(source, chosen, manifest, work)
    replayed = _fetch_logs(source, manifest, until, work) if until else None
    progress(_("Mengambil dokumen"))
    _fetch_files(source, chosen, manifest, roots, progress)
    progress(_("Memuat basis data"))
    load(target, dumped)
    if replayed and until and manifest.log:
        progress(_("Menerapkan log basis data"))
        logs.replay(mark=manifest.log, logs=replayed, until=until, source=manifest.database_name, database=target)
    shutil.rmtree(work, ignore_errors=True)
    return manifest, chosen


def compare(
    manifest: Manifest,
    *,
    database_url: str = "",
    database: dict[str, Any] | None = None,
    folder: Path | None = None,
    imports_folder: Path | None = None,
    progress: Progress = in_silence,
) -> Comparison:
    """Rows of every table, and every file read to its end; without a folder the rows only."""
    found = Comparison()
    counted = rows_per_table(database or settings_of(database_url))
    for table in sorted({*manifest.tables, *counted}):
        told = manifest.tables.get(table, 0)
        if counted.get(table, -1 if table in manifest.tables else 0) != told:
            found.rows[table] = (told, counted.get(table, -1))
        found.tables_compared += 1
    roots = {"documents": folder, "imports": imports_folder}
    for path, digest, size in manifest.files():
        root, _slash, rest = path.partition("/")
        if (place := roots[root]) is None:
            continue
        verdict = _look_at(place / rest, digest, size)
        if verdict == "missing":
            found.missing.append(path)
        elif verdict == "changed":
            found.changed.append(path)
        found.files_compared += 1
        if found.files_compared % 1000 == 0:
            progress(_("%(count)d berkas dibandingkan") % {"count": found.files_compared})
    return found


def _fetch_dump(source: Repository, snapshot: Snapshot, manifest: Manifest, work: Path) -> Path:
    """The dump in a file, as the manifest knows it; one that an earlier attempt fetched is taken as it is."""
    target = work / Path(manifest.paths["database"]).name
    if _look_at(target, manifest.database_sha256, manifest.database_bytes) == "":
        return target
    _check_room(work, manifest.database_bytes)
    with open(os.open(target, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as out:
        source.fetch(snapshot.id, manifest.paths["database"], out)
    if _look_at(target, manifest.database_sha256, manifest.database_bytes):
        raise DomainError(
            _("Salinan basis data dari repositori tidak sama dengan manifesnya. Pilih cadangan lain."),
            code="backup.dump_differs",
        )
    return target


def _fetch_logs(source: Repository, manifest: Manifest, until: datetime, work: Path) -> Path:
    found = source.snapshots(tag=LOG)
    if manifest.log is None or not found:
        raise DomainError(
            _("Cadangan ini tidak mempunyai log basis data, sehingga hanya dapat dipulihkan tanpa --until."),
            code="backup.no_logs",
        )
    if found[-1].at < until:
        raise DomainError(
            _("Log yang tersimpan hanya sampai %(at)s. Ulangi dengan saat itu atau sebelumnya.")
            % {"at": date_format(timezone.localtime(found[-1].at), "Y-m-d H:i")},
            code="backup.logs_end",
        )
    target = work / "logs"
    shutil.rmtree(target, ignore_errors=True)
    folder = found[-1].paths[0]
    source.restore(found[-1].id, target=target, includes=[folder])
    return _below(target, folder)


def _fetch_files(
    source: Repository, snapshot: Snapshot, manifest: Manifest, roots: dict[str, Path], progress: Progress
) -> None:
    """Those that are not there as they should be, folder by folder."""
    lacking: dict[str, dict[str, tuple[Path, str, int]]] = defaultdict(dict)
    bytes_lacking = 0
    aside = {root: place / ".restore" for root, place in roots.items()}
    for path, digest, size in manifest.files():
        root, _slash, rest = path.partition("/")
        if root not in roots:
            continue
        target, inside = roots[root] / rest, manifest.path_in_snapshot(path)
        if _look_at(_below(aside[root], inside), digest, size) == "":  # an earlier attempt came so far
            _put(_below(aside[root], inside), target)
        elif _look_at(target, digest, size):
            group = f"{root}/{rest.partition('/')[0]}"
            lacking[group][inside] = (target, digest, size)
            bytes_lacking += size
    if lacking:
        _check_room(next(iter(roots.values())), bytes_lacking)
    done, total = 0, sum(map(len, lacking.values()))
    for root in roots:
        groups = sorted(group for group in lacking if group.startswith(f"{root}/"))
        for some in batched(groups, GROUPS):
            source.restore(snapshot.id, target=aside[root], includes=map(manifest.path_in_snapshot, some))
            for group in some:
                for inside, (target, digest, size) in lacking[group].items():
                    _take(_below(aside[root], inside), target, digest, size)
                done += len(lacking[group])
            os.sync()
            progress(_("Mengambil dokumen: %(done)d dari %(total)d") % {"done": done, "total": total})
    for place in aside.values():
        shutil.rmtree(place, ignore_errors=True)


def _take(fetched: Path, target: Path, digest: str, size: int) -> None:
    if verdict := _look_at(fetched, digest, size):
        raise DomainError(
            _("Berkas dari repositori tidak sama dengan manifesnya (%(name)s…). Pilih cadangan lain.")
            % {"name": digest[:12]},
            code=f"backup.file_{verdict}",
        )
    _put(fetched, target)


def _put(fetched: Path, target: Path) -> None:
    target.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    os.replace(fetched, target)


def _look_at(path: Path, digest: str, size: int) -> str:
    """ "" for a file that is whole, "missing", or "changed"."""
    try:
        with open(path, "rb") as file:
            if os.fstat(file.fileno()).st_size != size:
                return "changed"
            return "" if hashlib.file_digest(file, "sha256").hexdigest() == digest else "changed"
    except FileNotFoundError:
        return "missing"


def _below(folder: Path, path: str) -> Path:
    """Where restic puts a path of the snapshot below a target."""
    return folder / path.lstrip("/")


def _check_room(folder: Path, wanted: int) -> None:
    place = next(path for path in (folder, *folder.parents) if path.is_dir())
    free = shutil.disk_usage(place).free
    if free < wanted + SPARE:
        raise DomainError(
            _("Ruang cakram kurang: perlu %(wanted)s, ada %(free)s. Tidak ada yang diubah. Tambah ruang, lalu ulangi.")
            % {"wanted": filesizeformat(wanted), "free": filesizeformat(free)},
            code="backup.no_room",
        )
