"""The old register by file: 10,000 rows with 100 faults are all told; then the good rows are written.

    python -m tests.benchmarks.bench_imports            # SQLite in memory
    TEST_DATABASE_URL=mysql://…/lsp python -m tests.benchmarks.bench_imports

Seconds and peak memory of the check, of the marked file, and of writing. Each in this one process, with the peak set back
in between, so that it is the step's own.
"""

import gc
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROWS, FAULTS = 10_000, 100
LIMIT_MB = 300


def main() -> int:
    os.environ.setdefault("ENVIRONMENT", "test")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "core.config.settings")
    import django

    django.setup()
    from django.db import connection
    from django.test.utils import setup_test_environment

    setup_test_environment()
    connection.settings_dict["TEST"]["MIGRATE"] = False  # tables from the models
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        return _measure()
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


def _measure() -> int:
    from django.db import connection

    from backoffice.import_jobs import CHECK, WRITE
    from backoffice.resources import PastCertificateResource
    from core.certificates.models import PastCertificate
    from core.imports import services
    from core.imports.models import ImportOutcome, ImportRun
    from core.imports.reading import read_book
    from core.imports.report import Fault
    from core.imports.writing import SheetOut, marked, xlsx
    from core.jobs.services import run_waiting
    from core.reference import load_reference
    from core.schemes.models import Scheme
    from tests.factories.accounts import make_user

    load_reference()
    clerk = make_user(role="sekretariat")
    columns = PastCertificateResource.import_columns()
    content = xlsx([SheetOut("Data", columns, list(_rows([s.title for s in Scheme.objects.all()])))])
    run = services.keep_file(
        kind="pastcertificate",
        kind_title="Sertifikat lama",
        content=content,
        file_name="register.xlsx",
        form="xlsx",
        rows=ROWS,
        matching=None,
        by=clerk,
    )
    figures: dict[str, Any] = {"database": connection.vendor, "bytes": len(content)}

    def by_job(kind: str, **parameters: Any) -> None:
        services.work_in_background(run=run, kind=kind, title="Uji", by=clerk, **parameters)
        run_waiting(seconds=600)

    figures["check"] = _measured(lambda: by_job(CHECK))
    run = ImportRun.objects.get(pk=run.pk)
    told = {fault["row"] for fault in run.report["faults"]}
    figures["faults told"] = len(told)
    figures["marked file"] = _measured(
        lambda: marked(read_book(content), [Fault(**fault) for fault in run.report["faults"]])
    )
    figures["writing"] = _measured(lambda: by_job(WRITE, leaves_out_faults=True))
    run = ImportRun.objects.select_related("job").get(pk=run.pk)
    figures["written"] = PastCertificate.objects.count()
    print(json.dumps(figures, indent=1))
    wanted = {2 + n for n in range(ROWS) if _is_faulty(n)}
    peak = max(figures[step]["peak_mb"] for step in ("check", "marked file", "writing"))
    is_right = told == wanted and figures["written"] == ROWS - FAULTS and run.outcome == ImportOutcome.WRITTEN
    return 0 if is_right and peak <= LIMIT_MB else 1


def _is_faulty(n: int) -> bool:
    return n % (ROWS // FAULTS) == 7


def _rows(schemes: list[str]) -> Any:
    """Faults of five sorts, one after the other."""
    wrong = {
        0: ("nik", "3.17101E+15"),
        1: ("skema", "Skema yang tidak ada"),
        2: ("terbit", "31-02-2019"),
        3: ("nama", ""),
        4: ("sampai", "30-12-2001"),
    }
    for n in range(ROWS):
        row = {
            "nomor": f"84230 2264 3 {n:07d} 2019",
            "registrasi": f"PBN 1234 {n:05d} 2019",
            "nama": f"Pemegang Nomor {n}",
            "nik": f"317101{1 + n % 28:02d}0190{1 + n % 9999:04d}",
            "surel": "",
            "skema": schemes[n % len(schemes)],
            "unit": "O.842340.026.01 Memberi Layanan Tanggap Darurat; O.842340.030.01 Mengevaluasi Risiko",
            "terbit": "31 Des 2019",
            "sampai": "30-12-2022",
            "tempat": "Jakarta",
            "status": "Berlaku",
            "arsip": f"MAP-2019-{n:05d}",
            "catatan": "",
        }
        if _is_faulty(n):
            name, value = wrong[(n // (ROWS // FAULTS)) % len(wrong)]
            row[name] = value
        yield list(row.values())


def _measured(work: Callable[[], Any]) -> dict[str, float]:
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")  # Linux lets a process forget its earlier peak
    start, used = time.perf_counter(), time.process_time()
    work()
    seconds, used = time.perf_counter() - start, time.process_time() - used
    status = Path("/proc/self/status").read_text().splitlines()
    peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) // 1024
    return {"seconds": round(seconds, 1), "processor": round(used, 1), "peak_mb": peak}


if __name__ == "__main__":
    sys.exit(main())
