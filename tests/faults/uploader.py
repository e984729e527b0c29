"""A process that uploads until it is killed. Told on its standard input how often to be born again.

Each line read is `<seed> <lines>`: a child is forked that uploads papers (or, with the argument "pieces", pieces
of files) and, after so many executed lines of Python, kills itself with SIGKILL: in the middle of whatever it was
doing. What it was told is done, it writes as `done <pk>` (of a piece: `done <pk> <bytes>`); the parent answers
`dead <seed>` when the child is gone.
"""

import hashlib
import io
import os
import random
import signal
import sys

import django

django.setup()

from django.contrib.auth import get_user_model
from django.db import connections

import core.documents.pdf_checks  # noqa: F401 (loaded once, before the children are born)
from core.documents import services
from core.documents.models import DocumentType
from core.documents.pieces import add_piece, begin_upload, safely_received, unfinished_of
from core.documents.services import store_upload
from tests.factories.documents import pdf_bytes

services.MAX_FILES_A_DAY = 10**6  # one person uploads here as often as the process is killed, and more


def upload(number: int, chance: random.Random) -> str:
    owner = get_user_model().objects.get(email="asesi-uji@contoh.id")
    kind = DocumentType.objects.get(code="ijazah")
    content = pdf_bytes() + b"%% %d %d\n" % (number, chance.getrandbits(64))
    return str(
        store_upload(stream=io.BytesIO(content), file_name="a.pdf", document_type=kind, owner=owner, by=owner).pk
    )


def content_of(name: str) -> bytes:
    """The bytes of the file of this name, the same in every process."""
    return random.Random(name).randbytes(5000)


def add_one_piece(number: int, chance: random.Random) -> str:
    """The next piece of the file that is under way, or the first of another."""
    owner = get_user_model().objects.get(email="asesi-uji@contoh.id")
    row = next((row for row in unfinished_of(owner) if not row.is_whole), None)
    if row is None:
        name = str(chance.getrandbits(64))
        content = content_of(name)
        row = begin_upload(
            file_name=name, size=len(content), sha256=hashlib.sha256(content).hexdigest(), place=name, by=owner
        )
    offset = safely_received(row)
    piece = content_of(row.file_name)[offset : offset + 2000]
    sha256 = hashlib.sha256(piece).hexdigest()
    row = add_piece(public_id=row.public_id, offset=offset, piece=piece, sha256=sha256, by=owner)
    return f"{row.pk} {row.received}"


ACT = add_one_piece if "pieces" in sys.argv else upload


def lines_of_one_upload() -> int:
    """Executed lines of Python, once everything is loaded."""
    ACT(-1, random.Random(-1))
    counted = 0

    def count(frame, event, argument):
        nonlocal counted
        counted += 1
        return count

    sys.settrace(count)
    ACT(-2, random.Random(-2))
    sys.settrace(None)
    return counted


def upload_for_ever(seed: int, lines: int) -> None:
    chance = random.Random(seed)
    left = lines

    def count(frame, event, argument):
        nonlocal left
        left -= 1
        if left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return count

    sys.settrace(count)
    while True:
        os.write(1, b"done %s\n" % ACT(seed, chance).encode())


def main() -> None:
    os.write(1, b"ready %d\n" % lines_of_one_upload())
    for line in sys.stdin:
        seed, lines = map(int, line.split())
        connections.close_all()
        child = os.fork()
        if child == 0:
            upload_for_ever(seed, lines)
        os.waitpid(child, 0)
        os.write(1, b"dead %d\n" % seed)


main()
