"""10,000 rows with 100 faults: one report, in bearable time and bounded memory.

Measured in a process of its own, so that the peak is this import's and not the test suite's.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
MAX_PEAK_MB = 300

SCRIPT = """
import io, json, resource, sys, time
import django
django.setup()
from django.core.management import call_command
from django.db import connection
from django.test.utils import setup_test_environment
setup_test_environment()
connection.settings_dict["TEST"]["MIGRATE"] = False  # tables from the models
connection.creation.create_test_db(verbosity=0)
from core.reference import load_reference
load_reference()
from backoffice.resources import RESOURCES
from core.accounts.models import User
from core.imports.writing import SheetOut, marked, xlsx
from core.imports.reading import read_book
kind = sys.argv[1]
faulty = int(sys.argv[2])
Resource = RESOURCES["competencyunit"]
by = User(is_superuser=True)
rows = []
for n in range(10_000):
    broken = faulty and n % (10_000 // faulty) == 0
    rows.append(["SKKNI 401/2014", f"X.{n:06d}.001.01", "" if broken else f"Unit nomor {n} yang panjang judulnya",
                 "Deskripsi " * 12, "Lengkap", "Salinan keputusan, halaman 12", ""])
columns = Resource.import_columns()
if kind == "xlsx":
    content = xlsx([SheetOut("Data", columns, rows)])
else:
    from core.imports.writing import csv_bytes
    content = csv_bytes([column.title for column in columns], rows)
del rows
import gc; gc.collect()
# The peak counts from here: Linux lets a process forget its earlier one.
open("/proc/self/clear_refs", "w").write("5")
start = time.perf_counter()
report = Resource(by=by).run(content)
seconds = time.perf_counter() - start
if report.faults:
    marked(read_book(content), report.faults)
peak = int(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))) // 1024
print(json.dumps({"seconds": round(seconds, 1), "peak_mb": peak, "rows": report.rows, "faults": len(report.faults),
                  "differences": len(report.differences), "bytes": len(content)}))
"""


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="the peak is read from Linux' /proc")
@pytest.mark.parametrize(("kind", "faulty"), [("csv", 0), ("xlsx", 100)])
def test_ten_thousand_rows(kind, faulty):
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, kind, str(faulty)],
        cwd=ROOT,
        env={"ENVIRONMENT": "test", "IGNORE_DOTENV": "1", "DJANGO_SETTINGS_MODULE": "core.config.settings", "PATH": ""},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    measured = json.loads(done.stdout.splitlines()[-1])
    print(kind, measured)
    assert (measured["rows"], measured["faults"]) == (10_000, faulty)
    assert measured["differences"] == (0 if faulty else 10_000)
    assert measured["peak_mb"] <= MAX_PEAK_MB
