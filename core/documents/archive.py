"""ZIP archives that are written while they are sent, with checksums that anybody can verify.

No more than a piece of one paper is in memory at a time. Papers are scans and PDFs, which no archive makes
smaller, so they are stored as they are. Equal papers, names and time give the same bytes.
"""

import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.utils import timezone

from core.documents.models import Document

SUMS_NAME = "SHA256SUMS"
PIECE = 256 * 1024
#: Characters of a title that a name in the archive keeps: long paths are refused by Windows.
MAX_NAME = 70


def stream(contents: Iterable[tuple[str, Iterator[bytes]]], *, made_at: datetime) -> Iterator[bytes]:
    """The archive of these (path, pieces), piece by piece."""
    sink = _Sink()
    stamp = timezone.localtime(made_at).timetuple()[:6]
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for path, pieces in contents:
            entry = zipfile.ZipInfo(path, date_time=stamp)
            entry.external_attr = 0o640 << 16
            with archive.open(entry, "w") as out:
                for piece in pieces:
                    out.write(piece)
                    yield from sink.taken()
            yield from sink.taken()
    yield from sink.taken()


def pieces_of(document: Document) -> Iterator[bytes]:
    with document.file.open("rb") as source:
        while piece := source.read(PIECE):
            yield piece


def checksums(lines: Iterable[tuple[str, str]]) -> bytes:
    """(sha256, path) as `sha256sum -c` reads them."""
    return "".join(f"{sha256}  {path}\n" for sha256, path in lines).encode()


def clean_name(title: str) -> str:
    """A name that every system takes: ASCII, no separators, neither blanks nor dots at its ends."""
    plain = unicodedata.normalize("NFKD", title.replace("×", "x").replace("–", "-"))
    plain = re.sub(r"[^A-Za-z0-9 .,_()+-]+", " ", plain.encode("ascii", "ignore").decode().replace("/", "-"))
    return " ".join(plain.split())[:MAX_NAME].strip(" .-") or "berkas"


class _Sink:
    """Where the archive is written to: what was written is taken away at once."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        self.pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is kept back."""

    def taken(self) -> Iterator[bytes]:
        pieces, self.pieces = self.pieces, []
        yield from pieces
