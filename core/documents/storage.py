"""Private storage by content: equal bytes lie once, under their hash, in a folder or in a bucket.

Which of the two says STORAGE_URL. Both write a file wholly or not at all, both leave a file alone
that is there already (its name is its content), and neither gives it a public address. Beyond
Django's storage API both say how old a file is, what lies there and whether the place works:
`is_ready`, `walk`, `discard_stale`.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, Storage, default_storage

SWEPT = ".swept"


@dataclass(frozen=True)
class Stored:
    """A file that lies in the storage, whoever knows of it. `is_partial`: left over from a write that was cut off."""

    name: str
    size: int
    changed_at: float
    is_partial: bool = False


class ContentAddressed(Storage):
    """What both places have in common."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name  # never renamed: the name is the content

    def url(self, name: str) -> str:
        raise ValueError("private documents have no public address; use the download views")

    def is_ready(self) -> bool:
        """Whether files can be written now."""
        raise NotImplementedError

    def walk(self) -> Iterator[Stored]:
        """Everything that lies there."""
        raise NotImplementedError

    def discard_stale(self, name: str, *, before: float) -> bool:
        """Remove a file that nothing has asked for since `before` (seconds of the epoch); whether it was removed.

        Saving the same content makes a file young again, so that it cannot vanish under a row that
        is just being written.
        """
        raise NotImplementedError

    def open_range(self, name: str, start: int, length: int) -> IO[bytes]:
        """The file from byte `start` on; at least `length` bytes of it can be read."""
        raise NotImplementedError

    def accelerated_path(self, name: str) -> str:
        """The file's path below the folder that nginx serves internally; "" when nginx cannot reach it."""
        return ""


class ContentAddressedStorage(ContentAddressed, FileSystemStorage):
    """A folder outside the web root. A file is there wholly or not at all.

    Written to a temporary name, flushed to the disk, then renamed: a power cut leaves either no
    file or the whole one.
    """

    #: The setting that names the folder; read each time, since tests change it.
    root = "DOCUMENT_ROOT"

    @property
    def base_location(self) -> str:
        return str(getattr(settings, self.root))

    @property
    def location(self) -> str:
        return os.path.abspath(self.base_location)

    def _save(self, name: str, content: File) -> str:
        target = Path(self.path(name))
        try:
            os.utime(target)  # there already, and from now on young again
        except FileNotFoundError:
            self._write(target, content)
        return name

    def _write(self, target: Path, content: File) -> None:
        _make_folders(target.parent)
        temporary = target.with_name(f".{target.name}.{os.getpid()}.{os.urandom(4).hex()}")
        try:
            with open(temporary, "xb") as out:
                for chunk in content.chunks():
                    out.write(chunk)
                out.flush()
                os.fsync(out.fileno())
            os.chmod(temporary, 0o640)
            os.replace(temporary, target)
            flush_folder(target.parent)
        finally:
            temporary.unlink(missing_ok=True)

    def is_ready(self) -> bool:
        try:
            os.makedirs(self.location, mode=0o750, exist_ok=True)
        except OSError:
            return False
        return os.access(self.location, os.W_OK)

    def walk(self) -> Iterator[Stored]:
        for folder, subfolders, names in os.walk(self.location):
            subfolders.sort()
            for name in sorted(names):
                path = Path(folder, name)
                try:
                    found = path.stat()
                except FileNotFoundError:  # a temporary file that has become a whole one meanwhile
                    continue
                relative = path.relative_to(self.location).as_posix()
                yield Stored(relative, found.st_size, found.st_mtime, is_partial=name.startswith("."))

    def discard_stale(self, name: str, *, before: float) -> bool:
        """First out of the way, then looked at once more: whoever saves the same content at this moment
        either made it young before (it is put back) or finds it gone and writes it anew."""
        target = Path(self.path(name))
        if target.name.endswith(SWEPT):  # a sweep was cut off between the two: back, and asked again next time
            os.replace(target, target.with_name(target.name.removeprefix(".").removesuffix(SWEPT)))
            return False
        aside = target.with_name(f".{target.name.removeprefix('.')}{SWEPT}")
        try:
            os.rename(target, aside)
        except FileNotFoundError:
            return False
        if aside.stat().st_mtime >= before:
            os.replace(aside, target)
            return False
        aside.unlink()
        return True

    def open_range(self, name: str, start: int, length: int) -> IO[bytes]:
        stream = open(self.path(name), "rb")  # noqa: SIM115 (closed by the response that sends it)
        stream.seek(start)
        return stream

    def accelerated_path(self, name: str) -> str:
        return name


def _make_folders(folder: Path) -> None:
    """With every new folder flushed into the one that holds it: a file is no use below a folder that a
    power cut took away."""
    missing = [folder, *folder.parents]
    missing = missing[: next(i for i, parent in enumerate(missing) if parent.is_dir())]
    for new in reversed(missing):
        new.mkdir(mode=0o750, exist_ok=True)
        flush_folder(new.parent)


def flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def document_storage() -> ContentAddressed:
    """Where documents lie by STORAGE_URL. A callable, so that migrations hold no path."""
    return default_storage
