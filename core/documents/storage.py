"""Private storage by content: equal bytes lie once, under their hash."""

import os
from pathlib import Path

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage


class ContentAddressedStorage(FileSystemStorage):
    """A folder outside the web root. A file is there wholly or not at all.

    Written to a temporary name, flushed to the disk, then renamed: a power cut leaves either no
    file or the whole one. The name is the content's hash, so a file that is already there is the
    same file and is left alone.
    """

    @property
    def base_location(self) -> str:
        return str(settings.DOCUMENT_ROOT)

    @property
    def location(self) -> str:
        return os.path.abspath(settings.DOCUMENT_ROOT)

    def _save(self, name: str, content: File) -> str:
        target = Path(self.path(name))
        if target.exists():
            return name
        target.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
        temporary = target.with_name(f".{target.name}.{os.getpid()}.{os.urandom(4).hex()}")
        try:
            with open(temporary, "xb") as out:
                for chunk in content.chunks():
                    out.write(chunk)
                out.flush()
                os.fsync(out.fileno())
            os.chmod(temporary, 0o640)
            os.replace(temporary, target)
            folder = os.open(target.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        finally:
            temporary.unlink(missing_ok=True)
        return name

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name  # never renamed: the name is the content

    def url(self, name: str) -> str:
        raise ValueError("private documents have no public address; use the download views")


def document_storage() -> ContentAddressedStorage:
    """A callable, so that migrations hold no path."""
    return ContentAddressedStorage()
