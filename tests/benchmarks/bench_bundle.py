"""How fast the whole file of a case comes as one ZIP, and how much memory that takes, beside plain copying.

    TEST_DATABASE_URL=mysql://… python -m tests.benchmarks.bench_bundle [papers [megabytes each]]

The archive is read to its end through the view's own generator; `cat` reads the same files beside it. A
database is made and thrown away. Ends with 1 when the archive takes more memory than the aim, or is wrong.
"""

import io
import os
import secrets
import subprocess
import sys
import tempfile
import time
import tracemalloc
import zipfile
from pathlib import Path

#: Memory that the sending of an archive may take, whatever it holds.
AIM_MB = 16
RUNS = 3


def fill(papers: int, size: int):
    """A certified case with so many more papers, of bytes that no program makes smaller."""
    from core.applications.filing import file_by_desk
    from core.documents.models import DocumentType
    from core.documents.services import store_rendered
    from core.reference import load_reference
    from tests.factories.accounts import make_user
    from tests.factories.certificates import make_certificate

    load_reference()
    clerk = make_user(role="sekretariat")
    case = make_certificate().application
    kind = DocumentType.objects.get(code="bukti-kerja")
    for number in range(papers):
        document = store_rendered(
            content=secrets.token_bytes(size),
            file_name=f"bukti {number}.pdf",
            document_type=kind,
            owner=case.candidate.user,
            title=kind.title,
            pages=1,
        )
        file_by_desk(applications=[case.pk], document=document, replaces=None, by=clerk)
    plenary = case.decisions.get().plenary
    plenary.document = document  # the factory's meeting has no minutes to print
    plenary.save()
    return case, clerk


def measure(case, clerk) -> list[str]:
    """The figures, printed; what went wrong."""
    from core.reports.bundle import make_bundle

    begun = time.perf_counter()
    bundle = make_bundle(application=case, by=clerk)
    print(f"gathered and printed for the first time: {time.perf_counter() - begun:.2f} s, {len(bundle.papers)} papers")
    begun = time.perf_counter()
    bundle = make_bundle(application=case, by=clerk)
    print(f"gathered again: {time.perf_counter() - begun:.2f} s")
    files = [entry.document.file.path for entry in bundle.papers if entry.document]
    rates, plain = [], []
    for _run in range(RUNS):  # in turns, so that what else runs here hits both
        begun = time.perf_counter()
        total = sum(map(len, bundle.stream()))
        rates.append(total / (time.perf_counter() - begun) / 1e6)
        begun = time.perf_counter()
        subprocess.run(["cat", *files], stdout=subprocess.DEVNULL, check=True)
        plain.append(total / (time.perf_counter() - begun) / 1e6)
    tracemalloc.start()
    for _piece in bundle.stream():
        pass
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    print(
        f"archive: {total / 1e6:.0f} MB, {max(rates):.0f} MB/s (cat: {max(plain):.0f} MB/s), peak memory {peak:.1f} MB"
    )
    archive = zipfile.ZipFile(io.BytesIO(b"".join(bundle.stream())))
    faults = [] if archive.testzip() is None else ["the archive is broken"]
    return faults + ([f"{peak:.1f} MB of memory, the aim is {AIM_MB}"] if peak > AIM_MB else [])


def main() -> int:
    papers = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    size = int(float(sys.argv[2]) * 1e6) if len(sys.argv) > 2 else 2_000_000
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.test.utils import get_runner, setup_test_environment

    setup_test_environment()
    database = settings.DATABASES["default"]
    database["TEST"]["NAME"] = f"{database['NAME']}_bench_bundle"
    runner = get_runner(settings)(interactive=False, verbosity=0)
    made = runner.setup_databases()
    try:
        with tempfile.TemporaryDirectory() as folder:
            settings.DOCUMENT_ROOT = Path(folder)
            faults = measure(*fill(papers, size))
    finally:
        runner.teardown_databases(made)
    for fault in faults:
        print(f"NOT REACHED: {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
