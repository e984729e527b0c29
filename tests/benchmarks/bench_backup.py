"""How long a backup takes, the first one and one of what is unchanged, beside dump + tar + rsync; and a whole restore.

    TEST_DATABASE_URL=mysql://… python -m tests.benchmarks.bench_backup [megabytes of documents [folder]]

Documents of 2 MB of random bytes, each with its row (2,000 MB; with 10,000 the last figure is the RTO for 10 GB). Both ways
run twice, in turns, on the same database and files: the backup into one repository, the plain way into one archive
that rsync then copies as to another server. Then all documents and all tables are lost, and `restore` brings them back,
with every checksum and every row compared. A database is made and thrown away; the folder (the system's temporary
one) needs six times the documents. Ends with 1 when the second backup takes more than a tenth of the first, or what came back
differs.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.bench_integrity import fill

SIZE = 2_000_000
#: Of the first backup, for one of what is unchanged.
AIM_RATIO = 0.1


def timed(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def plain_backup(folder: Path) -> None:
    """What is done without a tool: a dump and an archive, copied as a whole."""
    from django.conf import settings

    from core.backups.databases import dump

    folder.mkdir(exist_ok=True)
    (folder / "far").mkdir(exist_ok=True)
    name = dump(folder / "database").path.name
    subprocess.run(["tar", "-cf", folder / "documents.tar", "-C", settings.DOCUMENT_ROOT, "."], check=True)
    subprocess.run(["rsync", "-t", folder / "documents.tar", folder / name, folder / "far"], check=True)


def backup() -> None:
    from core.backups.services import run_backup

    run = run_backup()
    steps = ", ".join(f"{step} {seconds:.1f} s" for step, seconds in run.copies.get().seconds.items())
    took, added = run.seconds or 0, run.copies.get().bytes_added / 1e6
    print(f"  backup: {took:.1f} s ({steps}), {added:.1f} MB added, {run.outcome} {run.problem}".rstrip())


def measure(megabytes: int, folder: Path) -> list[str]:
    from django.conf import settings

    from core.backups.recovery import restore

    count = max(1, megabytes * 1_000_000 // SIZE)
    fill(count, SIZE)
    own, plain = [], []
    for _turn in range(2):
        own.append(timed(backup))
        plain.append(timed(lambda: plain_backup(folder / "plain")))
    ratio, beside = own[1] / own[0], own[1] / plain[1]
    print(
        f"{count} documents, {megabytes} MB: first backup {own[0]:.1f} s, unchanged {own[1]:.1f} s (ratio {ratio:.3f}); "
        f"dump + tar + rsync {plain[0]:.1f} s and {plain[1]:.1f} s (unchanged: {beside:.2f} of it)"
    )
    shutil.rmtree(folder / "plain")
    shutil.rmtree(settings.DOCUMENT_ROOT)
    found = restore()
    took = sum(found.seconds.values())
    print(
        f"restore of everything: {took:.0f} s ({megabytes / took:.0f} MB/s), of these {found.seconds['settle']:.0f} s to "
        f"make it usable; {len(found.manifest.documents)} checksums and {found.manifest.rows} rows compared"
    )
    faults = [f"second backup {ratio:.2f} of the first, the aim is {AIM_RATIO}"] if ratio > AIM_RATIO else []
    return faults + ([] if found.comparison.is_same else ["what came back differs"])


def main() -> int:
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.test.utils import get_runner, setup_test_environment

    setup_test_environment()
    database = settings.DATABASES["default"]
    database["TEST"]["NAME"] = f"{database['NAME']}_bench_backup"
    # Tables come from the models, as in the tests: 10 s instead of a minute.
    settings.MIGRATION_MODULES = {app.rpartition(".")[2]: None for app in settings.INSTALLED_APPS} | {"core": None}
    runner = get_runner(settings)(interactive=False, verbosity=0)
    made = runner.setup_databases()
    try:
        from core.reference import load_reference

        load_reference()
        with tempfile.TemporaryDirectory(dir=sys.argv[2] if len(sys.argv) > 2 else None) as name:
            folder = Path(name)
            (folder / "password").write_text("bench\n")
            settings.DOCUMENT_ROOT, settings.IMPORT_ROOT = folder / "documents", folder / "imports"
            settings.BACKUP_ROOT, settings.ACTIVITY_CHECKPOINTS = folder / "work", folder / "checkpoints"
            settings.BACKUP_REPOSITORIES = {"local": str(folder / "repository"), "remote": ""}
            settings.BACKUP_PASSWORD_FILE = folder / "password"
            faults = measure(megabytes, folder)
    finally:
        runner.teardown_databases(made)
    for fault in faults:
        print(f"NOT REACHED: {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
