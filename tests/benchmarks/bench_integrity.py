"""How fast documents are verified against their checksums, beside `sha256sum` on the same files.

    TEST_DATABASE_URL=mysql://… python -m tests.benchmarks.bench_integrity [megabytes of large files [small files]]

First files of 8 MB, where the disk and the hash count, then files of 200 KB as most papers are, where the rows and
the opening count. (The sha256sum of Debian hashes without the processor's own instructions for it, Python with them.)
Both take turns, three times, on files that the system has read before; the quickest counts. A
database is made and thrown away. Ends with 1 when a repository that is whole is not told whole, when the memory
grows with the number of documents, or when large files come slower than the aim.
"""

import hashlib
import os
import secrets
import subprocess
import sys
import tempfile
import time
import tracemalloc
from pathlib import Path

LARGE, SMALL = 8_000_000, 200_000
RUNS = 3
#: Of the speed of sha256sum, for large files.
AIM_RATIO = 0.7
#: Memory that verifying may take, however many documents there are.
AIM_MB = 8


def fill(count: int, size: int) -> list[Path]:
    """So many documents of random bytes, each with its row; where their files lie."""
    from core.documents.models import Document, DocumentType
    from core.documents.storage import document_storage
    from tests.factories.accounts import make_user

    Document.objects.all().delete()
    owner, kind, root = make_user(role="asesi"), DocumentType.objects.get(code="bukti-kerja"), document_storage()
    rows, files = [], []
    for number in range(count):
        content = secrets.token_bytes(size)
        sha256 = hashlib.sha256(content).hexdigest()
        name = f"{sha256[:2]}/{sha256[2:4]}/{sha256}"
        path = Path(root.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        files.append(path)
        rows.append(
            Document(
                document_type=kind, owner=owner, title=f"Bukti {number}", file_name="bukti.pdf",
                content_type="application/pdf", size=size, sha256=sha256, file=name,
            )
        )  # fmt: skip
    Document.objects.bulk_create(rows, batch_size=500)
    return files


def measure(what: str, count: int, size: int) -> tuple[float, list[str]]:
    """The part of sha256sum's speed, and what went wrong."""
    from core.documents.integrity import verify_documents

    files = fill(count, size)
    names = "".join(f"{path}\0" for path in files).encode()
    own, plain, faults = [], [], []
    for _run in range(RUNS):  # in turns, so that what else runs here hits both
        begun = time.perf_counter()
        subprocess.run(["xargs", "-0", "sha256sum"], input=names, stdout=subprocess.DEVNULL, check=True)
        plain.append(count * size / (time.perf_counter() - begun) / 1e6)
        begun = time.perf_counter()
        run = verify_documents()
        own.append(count * size / (time.perf_counter() - begun) / 1e6)
        if (run.outcome, run.documents, run.size) != ("utuh", count, count * size):
            faults.append(f"{what}: {run.outcome}, {run.documents} documents, {run.size} bytes")
    tracemalloc.start()
    verify_documents()
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    ratio = max(own) / max(plain)
    print(
        f"{what}: {count} files, {count * size / 1e6:.0f} MB: verify_documents {max(own):.0f} MB/s "
        f"({count * max(own) * 1e6 / (count * size):.0f} files/s), sha256sum {max(plain):.0f} MB/s, "
        f"ratio {ratio:.2f}, peak memory {peak:.1f} MB"
    )
    return ratio, faults + ([f"{what}: {peak:.1f} MB of memory, the aim is {AIM_MB}"] if peak > AIM_MB else [])


def main() -> int:
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 800
    small = int(sys.argv[2]) if len(sys.argv) > 2 else 4000
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.test.utils import get_runner, setup_test_environment

    setup_test_environment()
    database = settings.DATABASES["default"]
    database["TEST"]["NAME"] = f"{database['NAME']}_bench_integrity"
    runner = get_runner(settings)(interactive=False, verbosity=0)
    made = runner.setup_databases()
    try:
        from core.reference import load_reference

        load_reference()
        with tempfile.TemporaryDirectory() as folder:
            settings.DOCUMENT_ROOT = Path(folder) / "large"
            ratio, faults = measure("large", max(1, megabytes * 1_000_000 // LARGE), LARGE)
            settings.DOCUMENT_ROOT = Path(folder) / "small"
            faults += measure("small", small, SMALL)[1]
    finally:
        runner.teardown_databases(made)
    if ratio < AIM_RATIO:
        faults.append(f"large files at {ratio:.2f} of sha256sum, the aim is {AIM_RATIO}")
    for fault in faults:
        print(f"NOT REACHED: {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
