"""What no row knows of: left behind by an upload that was cut off, or by bytes that were to be destroyed.

A file is written before its row, so a crash in between leaves a file too many, never one too few. The
sweep takes these away once they are old enough that no upload under way can still mean them.
"""

import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import batched

from core.documents.models import KEPT_STATES, Document
from core.documents.storage import Stored, document_storage

#: An upload is done within minutes; whatever is younger than this is left alone.
MINUTES = 60
#: Files that are looked up in one query.
BATCH = 500
#: Where documents lie (models.content_path). Whatever else is in the folder, such as logos, is not touched.
_CONTENT = re.compile(r"[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{64}")


@dataclass
class Swept:
    """What a sweep looked at and took away; with `only_look`, what it would take away."""

    files: int = 0
    orphans: int = 0
    partial: int = 0
    size: int = 0

    def __str__(self) -> str:
        return f"{self.files} files, {self.orphans} orphans and {self.partial} unfinished removed, {self.size} bytes"


def sweep_documents(*, minutes: int = MINUTES, only_look: bool = False) -> Swept:
    """Remove files that no document needs and that nothing has touched for so many minutes."""
    before = time.time() - minutes * 60
    storage, swept = document_storage(), Swept()
    for files, unneeded in unneeded_files(before=before):
        swept.files += files
        for file in unneeded:
            if only_look or storage.discard_stale(file.name, before=before):
                swept.partial += file.is_partial
                swept.orphans += not file.is_partial
                swept.size += file.size
    return swept


def unneeded_files(*, before: float) -> Iterator[tuple[int, list[Stored]]]:
    """Batch by batch: how many files lie there, and those of them that no document needs and that nothing has
    touched since `before` (seconds of the epoch)."""
    for batch in batched(document_storage().walk(), BATCH, strict=False):
        old = [file for file in batch if file.changed_at < before]
        partial = [file for file in old if file.is_partial]
        yield len(batch), partial + _unneeded(file for file in old if not file.is_partial)


def _unneeded(files: Iterable[Stored]) -> list[Stored]:
    found = [file for file in files if _CONTENT.fullmatch(file.name)]
    needed = set(
        Document.objects.filter(sha256__in=[file.name[-64:] for file in found], state__in=KEPT_STATES).values_list(
            "file", flat=True
        )
    )
    return [file for file in found if file.name not in needed]
