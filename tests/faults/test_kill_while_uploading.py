"""kill -9 in the middle of uploads: afterwards no row without its file, what was told is there, the rest is swept.
The same for files that come in pieces: a piece that was acknowledged is there, and the file goes on behind it.

`make chaos` kills 100 times; the suite 12 times. The places are drawn evenly over the executed lines of two uploads.
"""

import hashlib
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from core.documents.models import Document, PartialUpload
from core.documents.pieces import add_piece, path_of, safely_received
from core.documents.sweeping import sweep_documents
from tests.factories.accounts import make_user

KILLS = int(os.environ.get("KILLS", "12"))

pytestmark = pytest.mark.django_db(transaction=True)


def database_address() -> str:
    here = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{here['NAME']}"
    return (
        f"mysql://{here['USER']}:{here['PASSWORD']}@{here['HOST'] or 'localhost'}:{here['PORT'] or 3306}/{here['NAME']}"
    )


@pytest.fixture
def uploader(tmp_path, request):
    make_user(role="asesi", email="asesi-uji@contoh.id")
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.uploader", *getattr(request, "param", [])],
        cwd=settings.BASE_DIR, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        env={
            "PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "core.config.settings", "IGNORE_DOTENV": "1",
            "ENVIRONMENT": "development", "VAR_DIR": str(tmp_path), "DATABASE_URL": database_address(),
            "STORAGE_URL": settings.DOCUMENT_ROOT.as_uri(), "LOOKUP_KEY": settings.LOOKUP_KEY,
            "FIELD_ENCRYPTION_KEYS": ",".join(settings.FIELD_ENCRYPTION_KEYS),
        },
    )  # fmt: skip
    yield process, int(process.stdout.readline().removeprefix("ready "))
    process.stdin.close()
    process.stdout.close()
    process.wait(timeout=20)


def killed(process: subprocess.Popen, seed: int, lines: int) -> list[list[int]]:
    """Let one child live for so many lines; what it was told is kept."""
    process.stdin.write(f"{seed} {lines}\n")
    process.stdin.flush()
    told = []
    while (line := process.stdout.readline()) != f"dead {seed}\n":
        assert line.startswith("done "), line
        told.append([int(number) for number in line.split()[1:]])
    return told


def files() -> dict[str, Path]:
    return {
        path.relative_to(settings.DOCUMENT_ROOT).as_posix(): path
        for path in Path(settings.DOCUMENT_ROOT).rglob("*")
        if path.is_file() and not path.is_relative_to(settings.DOCUMENT_ROOT / "logo")
    }


def test_nothing_is_half_there(uploader, capsys):
    process, lines = uploader
    sweep_documents(minutes=-1)
    strangers = files().keys() - {document.file.name for document in Document.objects.all()}  # of earlier tests
    chance = random.Random(20261126)
    told = [pk for seed in range(KILLS) for [pk] in killed(process, seed, chance.randrange(1, 2 * lines))]

    rows = list(Document.objects.all())
    found = files()
    assert len(rows) > 2  # more than the two that were uploaded to measure how long one takes
    assert set(told) <= {document.pk for document in rows}  # acknowledged is there
    for document in rows:  # no row without its file, wholly
        assert hashlib.sha256(found[document.file.name].read_bytes()).hexdigest() == document.sha256
    unfinished = [name for name in found if Path(name).name.startswith(".")]
    orphans = found.keys() - {document.file.name for document in rows} - set(unfinished) - strangers

    swept = sweep_documents(minutes=-1)

    assert (swept.orphans, swept.partial) == (len(orphans), len(unfinished))
    assert files().keys() - strangers == {document.file.name for document in rows}
    with capsys.disabled():
        sys.stdout.write(
            f"\n{KILLS} kali kill -9: {len(rows)} dokumen utuh ({len(told)} sudah dikabarkan), 0 baris tanpa berkas, "
            f"{len(orphans)} berkas tanpa baris dan {len(unfinished)} berkas sementara, semuanya disapu.\n"
        )


def content_of(upload: PartialUpload) -> bytes:
    """As tests.faults.uploader makes it."""
    return random.Random(upload.file_name).randbytes(upload.size)


@pytest.mark.parametrize("uploader", [["pieces"]], indirect=True)
def test_a_piece_that_was_acknowledged_is_there(uploader, settings, tmp_path, capsys):
    settings.PIECES_ROOT = tmp_path / "pieces"  # the child's VAR_DIR
    process, lines = uploader
    chance = random.Random(20261126)

    told = [piece for seed in range(KILLS) for piece in killed(process, seed, chance.randrange(1, 3 * lines))]

    uploads = {upload.pk: upload for upload in PartialUpload.objects.all()}
    assert len(told) > 2
    for pk, received in told:
        assert safely_received(uploads[pk]) >= received
    surplus = 0
    for upload in uploads.values():
        content, here = content_of(upload), safely_received(upload)
        if path_of(upload).exists():
            surplus += path_of(upload).stat().st_size > here
            assert path_of(upload).read_bytes()[:here] == content[:here]
        if here < upload.size:  # it goes on, over whatever the crash left behind
            rest = content[here:]
            add_piece(public_id=upload.public_id, offset=here, piece=rest, sha256=sha256_of(rest), by=upload.owner)
        assert path_of(upload).read_bytes() == content
    with capsys.disabled():
        sys.stdout.write(
            f"\n{KILLS} kali kill -9: {len(told)} potongan dikabarkan dan ada, {len(uploads)} berkas dilanjutkan utuh, "
            f"{surplus} kali sisa potongan ditimpa.\n"
        )


def sha256_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
