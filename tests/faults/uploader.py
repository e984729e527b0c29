"""A process that uploads until it is killed. Told on its standard input how often to be born again.

Each line read is `<seed> <lines>`: a child is forked that uploads papers and, after so many executed lines
of Python, kills itself with SIGKILL: in the middle of whatever it was doing. What it was told is done, it
writes as `done <pk>`; the parent answers `dead <seed>` when the child is gone.
"""

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
from core.documents.models import DocumentType
from core.documents.services import store_upload
from tests.factories.documents import pdf_bytes


def upload(number: int, chance: random.Random) -> int:
    owner = get_user_model().objects.get(email="asesi-uji@contoh.id")
    kind = DocumentType.objects.get(code="ijazah")
    content = pdf_bytes() + b"%% %d %d\n" % (number, chance.getrandbits(64))
    return store_upload(stream=io.BytesIO(content), file_name="a.pdf", document_type=kind, owner=owner, by=owner).pk


def lines_of_one_upload() -> int:
    """Executed lines of Python, once everything is loaded."""
    upload(-1, random.Random(-1))
    counted = 0

    def count(frame, event, argument):
        nonlocal counted
        counted += 1
        return count

    sys.settrace(count)
    upload(-2, random.Random(-2))
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
        os.write(1, b"done %d\n" % upload(seed, chance))


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
