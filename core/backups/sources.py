"""Which backup is taken: the newest of a repository, or the last one up to a moment."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from core.backups.manifest import Manifest
from core.backups.restic import FULL, Repository, Snapshot, repositories, repository_called
from core.backups.restoring import find_snapshot, read_manifest


@dataclass(frozen=True)
class Source:
    """A full backup in a repository, with what it says it holds."""

    repository: Repository
    snapshot: Snapshot
    manifest: Manifest

    @property
    def size(self) -> int:
        """Bytes on the disk once it is laid out: the dump, the database made of it, the files."""
        others = sum(size for _sha256, size in self.manifest.others.values())
        return 2 * self.manifest.database_bytes + self.manifest.document_bytes + others


def newest(place: str) -> Source:
    """The last full backup of a repository; DomainError where there is none."""
    repository = repository_called(place)
    snapshot = find_snapshot(repository)
    return Source(repository, snapshot, read_manifest(repository, snapshot))


def until(moment: datetime | None) -> Iterator[Source]:
    """Full backups made up to a moment (None: all), the newest first, of the first repository that has some."""
    for repository in repositories():
        found = [snapshot for snapshot in repository.snapshots(tag=FULL) if moment is None or snapshot.at <= moment]
        for snapshot in reversed(found):
            yield Source(repository, snapshot, read_manifest(repository, snapshot))
        if found:
            return
