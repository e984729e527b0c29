"""Reading scans with tesseract in Indonesian, where the server has it.

Each page is a process with a limit of time and memory. What tesseract itself doubts is left out: a
photograph of a flood is no text, though the program sees letters in its waves.
"""

import os
import resource
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from django.core.cache import cache
from django.utils.translation import gettext as _

LANGUAGE = "ind"
#: Of 100: how sure the program must be of a word.
SURE = 55
SECONDS_PER_PAGE = 90
MEMORY = 1536 * 1024 * 1024
#: What is asked again only after a while: whether the program is there.
REMEMBERED_SECONDS = 300


def limited(*, seconds: int, memory: int = MEMORY) -> Callable[[], None]:
    """For `preexec_fn`: what a child may use, and that it gives way to everybody else."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        os.nice(10)

    return limit


def languages() -> frozenset[str]:
    """What tesseract on this server can read; nothing where it is not installed."""
    program = shutil.which("tesseract")
    if program is None:
        return frozenset()
    told = subprocess.run([program, "--list-langs"], capture_output=True, text=True, timeout=20)  # noqa: S603
    return frozenset(told.stdout.split("\n")[1:]) - {""}


def what_is_missing() -> str:
    """Why scans cannot be read here, as a sentence for the administrator; "" when they can."""
    found = cache.get_or_set("ocr-languages", languages, REMEMBERED_SECONDS)
    if LANGUAGE in found:
        return ""
    if found:
        return _("Bahasa Indonesia untuk tesseract belum terpasang di server (paket tesseract-ocr-ind).")
    return _("Program pembaca pindaian belum terpasang di server (paket tesseract-ocr dan tesseract-ocr-ind).")


def read_picture(picture: bytes | Path) -> str:
    """The text of a JPEG or PNG, line by line. Raises OSError or subprocess errors when it cannot be read."""
    program = shutil.which("tesseract") or "tesseract"
    layout = "1" if "osd" in cache.get_or_set("ocr-languages", languages, REMEMBERED_SECONDS) else "3"
    done = subprocess.run(  # noqa: S603 - a fixed program; the picture was written anew by entry control
        [program, "stdin", "stdout", "-l", LANGUAGE, "--psm", layout, "tsv"],
        input=picture if isinstance(picture, bytes) else picture.read_bytes(),
        capture_output=True,
        timeout=SECONDS_PER_PAGE,
        check=True,
        env={"PATH": os.defpath, "OMP_THREAD_LIMIT": "1"},
        preexec_fn=limited(seconds=SECONDS_PER_PAGE),
    )
    return _sure_words(done.stdout.decode("utf-8", "replace"))


def _sure_words(table: str) -> str:
    """The words that the program is sure of, a line of the page on a line. Columns: tesseract(1), "tsv"."""
    lines: dict[tuple[str, ...], list[str]] = {}
    for row in table.splitlines()[1:]:
        cells = row.split("\t")
        if len(cells) == 12 and cells[0] == "5" and float(cells[10]) >= SURE and cells[11].strip():
            lines.setdefault(tuple(cells[1:5]), []).append(cells[11])
    return "\n".join(" ".join(line) for line in lines.values())
