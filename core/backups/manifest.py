"""What a backup holds, written into the backup itself: what a restore is compared with."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Self

from core.documents.models import path_of_content

FORMAT = 1
#: The file in each full backup.
NAME = "manifest.json"
DATABASE_NAMES = {"sqlite": "database.sqlite3", "mysql": "database.sql"}


@dataclass(frozen=True)
class LogMark:
    """Where in MariaDB's binary logs the moment of the dump lies. `header` is how that log begins: two servers may
    both have a log of this name, never two that begin alike."""

    file: str
    position: int
    header: str = ""


@dataclass
class Manifest:
    """`tables`: rows by table. `documents`: {SHA-256: bytes} of every document whose bytes the database says are there.
    `others`: {path below "documents/" or "imports/": (SHA-256, bytes)} of files that are no document. `destroyed`:
    documents that were rightly destroyed while the backup was made; `missing`: those whose file was not to be found.
    `paths`: where in the snapshot what lies. `run`: the row of this backup.
    """

    run: int
    moment: datetime
    engine: str
    database_name: str
    program: str
    migrations: list[tuple[str, str]]
    tables: dict[str, int]
    database_sha256: str
    database_bytes: int
    documents: dict[str, int]
    paths: dict[str, str]
    others: dict[str, tuple[str, int]] = field(default_factory=dict)
    destroyed: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    log: LogMark | None = None
    format: int = FORMAT

    @property
    def rows(self) -> int:
        return sum(self.tables.values())

    @property
    def document_bytes(self) -> int:
        return sum(self.documents.values())

    def files(self) -> Iterator[tuple[str, str, int]]:
        """Every file below "documents/" and "imports/": (path, SHA-256, bytes)."""
        for sha256, size in self.documents.items():
            yield f"documents/{path_of_content(sha256)}", sha256, size
        for path, (sha256, size) in self.others.items():
            yield path, sha256, size

    def path_in_snapshot(self, path: str) -> str:
        """Where a file of `files()` lies in the snapshot."""
        root, _slash, rest = path.partition("/")
        return f"{self.paths[root]}/{rest}"

    def to_json(self) -> str:
        words = asdict(self) | {"moment": self.moment.isoformat()}
        return json.dumps(words, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Raises ValueError for what is no manifest, or one of a later format."""
        try:
            words: dict[str, Any] = json.loads(text)
            if words["format"] > FORMAT:
                raise ValueError("a later format")
            words["moment"] = datetime.fromisoformat(words["moment"])
            words["migrations"] = [(app, name) for app, name in words["migrations"]]
            words["others"] = {path: (sha256, size) for path, (sha256, size) in words["others"].items()}
            words["log"] = LogMark(**words["log"]) if words["log"] else None
            return cls(**words)
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"no manifest: {error}") from error
