"""How long it takes to take all cases out as CSV and XLSX, and in how much memory, beside django-import-export.

    TEST_DATABASE_URL=mysql://…/lsp python -m tests.benchmarks.bench_exports [rows]

10,000 rows unless told; 1,000,000 is the figure to reach; ONLY="CSV,stock" chooses. Each is measured in a process of
its own: seconds by the clock, seconds of the processor in that process, peak of resident memory. django-import-export exports the same
columns by its own way, on as many rows as it bears (STOCK). At the end every cell of up to 100,000 rows is read back
from both files and compared.
"""

import csv
import json
import os
import resource
import subprocess
import sys
import time
from datetime import date, datetime
from itertools import zip_longest
from typing import Any

from tests.benchmarks.databases import filled_database, look_at_the_server

AIM_MB = 300
STOCK = 20_000
READ_BACK = 100_000
#: What is measured: columns, form, at most so many rows.
WAYS = {
    "CSV, usual columns": ("usual", "csv"),
    "XLSX, usual columns": ("usual", "xlsx"),
    "XLSX, all columns": ("all", "xlsx"),
    "stock CSV": ("stock", "csv"),
    "stock XLSX": ("stock", "xlsx"),
    "read back": ("check", ""),
}


def extract(columns: str, form: str) -> Any:
    from backoffice.exports import Extract, admin_of, request_of
    from backoffice.resources import RESOURCES
    from core.accounts.models import User

    clerk = User.objects.get(email="sekretariat@contoh.id")
    offered = RESOURCES["application"].export_columns(clerk)
    names = [name for name, column in offered.items() if columns == "all" or column.is_usual]
    return Extract(request_of(clerk, "antrean=semua"), admin_of("application"), names=names, form=form)


def ours(columns: str, form: str) -> int:
    found = extract(columns, form)
    keys = found.keys()
    with found.file(keys):
        return len(keys)


def stock(form: str) -> int:
    """What django-import-export does by itself, with the same columns and the prefetching that a good hand adds."""
    from import_export import fields, resources

    from backoffice.resources import RESOURCES
    from core.applications.models import Application

    columns = {name: column for name, column in RESOURCES["application"].columns().items() if column.is_usual}

    class Stock(resources.ModelResource):
        class Meta:
            model = Application
            fields = tuple(columns)

    for name, column in columns.items():
        Stock.fields[name] = fields.Field(column.attribute, column.column_name)
    rows = Application.objects.filter(number__isnull=False).order_by("-pk")[:STOCK]
    rows = rows.prefetch_related(
        "candidate__user", "candidate__home_region__province", "scheme_version__scheme", "officer"
    )
    data = Stock().export(rows)
    data.export(form)
    return len(data)


def check() -> int:
    """Every cell of both files is what the rows say, as read by somebody else's reader."""
    import io

    import openpyxl

    from core.imports.writing import _csv_value, neutral

    found = extract("all", "csv")
    keys = found.keys()[:READ_BACK]
    with found.file(keys) as text, io.TextIOWrapper(text, "utf-8-sig", newline="") as lines:
        _compare(found.rows(keys), list(csv.reader(lines, delimiter=";"))[1:], lambda value: str(_csv_value(value)))
    found.form = "xlsx"
    with found.file(keys) as file:
        sheet = openpyxl.load_workbook(file, read_only=True)["Data"]
        read = sheet.iter_rows(min_row=2, max_col=len(found.names), values_only=True)
        _compare(found.rows(keys), read, lambda value: _as_in_a_sheet(neutral(value)))
    return len(keys)


def _as_in_a_sheet(value: Any) -> Any:
    from django.utils import timezone

    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None, microsecond=0)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    return None if value == "" else value


def _compare(rows: Any, read: Any, expected: Any) -> None:
    for number, (row, cells) in enumerate(zip_longest(rows, read)):
        cells = [cell.replace(microsecond=0) if isinstance(cell, datetime) else cell for cell in cells]
        wanted = [expected(value) for value in row]
        if cells != wanted:
            raise SystemExit(f"row {number}: {cells} instead of {wanted}")


def measure(way: str) -> None:
    import django

    django.setup()
    columns, form = WAYS[way]
    begun = time.perf_counter()
    rows = check() if columns == "check" else stock(form) if columns == "stock" else ours(columns, form)
    seconds, used = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({"rows": rows, "seconds": seconds, "work": used.ru_utime, "mb": used.ru_maxrss // 1024}))


def main() -> None:
    if sys.argv[1:2] == ["measure"]:
        return measure(sys.argv[2])
    if "TEST_DATABASE_URL" not in os.environ:
        raise SystemExit(__doc__)
    os.environ["DJANGO_SETTINGS_MODULE"] = "core.config.settings"
    look_at_the_server()
    url = filled_database(int(sys.argv[1]) if sys.argv[1:] else 10_000)
    failed = []
    only = tuple(os.environ.get("ONLY", "").split(","))
    for way, (columns, _form) in WAYS.items():
        if not way.startswith(only):
            continue
        child = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.bench_exports", "measure", way],
            env={**os.environ, "DATABASE_URL": url, "ENVIRONMENT": "development", "DEMO": "1"},
            stdout=subprocess.PIPE,
            text=True,
        )
        if child.returncode:
            print(f"{way}: ended with {child.returncode}", flush=True)
            failed.append(way)
            continue
        told = json.loads(child.stdout.splitlines()[-1])
        print(
            f"{way:20} {told['rows']:>9,} rows {told['seconds']:7.1f} s {told['work']:7.1f} s of work {told['mb']:5} MB",
            flush=True,
        )
        if columns in ("usual", "all") and told["mb"] > AIM_MB:
            failed.append(way)
    if failed:
        raise SystemExit(f"not reached: {', '.join(failed)}")
    return None


if __name__ == "__main__":
    main()
