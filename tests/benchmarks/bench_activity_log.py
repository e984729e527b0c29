"""What the activity log costs: writing an entry, verifying 100,000, and every way to look at a million.

    make bench            (MariaDB: TEST_DATABASE_URL=mysql://…; else SQLite)
    .venv/bin/python tests/benchmarks/bench_activity_log.py [--rows 1000000] [--verify 100000]

Prints figures and ratios and asserts nothing: a busy machine makes no build red. It works in the
test database, which it makes and takes away again.
"""

import argparse
import io
import json
import os
import random
import resource
import statistics
import sys
import time
import uuid
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from core.activity.macs import entry_mac
from core.activity.models import ActivityEntry
from core.activity.sealing import seal_waiting
from core.activity.services import record_activity
from core.reference import load_reference
from tests.factories.accounts import make_user

LOG = "/admin/core/activityentry/"
#: How often each act happens, of a hundred.
ACTS = (
    ("document.view", "document", 34), ("document.store", "document", 18), ("application.view", "application", 15),
    ("application.check_requirement", "application", 18), ("account.save_profile", "candidateprofile", 6),
    ("application.submit", "application", 4), ("application.accept", "application", 3), ("record.change", "scheme", 1),
    ("account.log_in", "user", 1),
)  # fmt: skip
COLUMNS = "uid, at, code, actor_id, subject_type, subject_id, subject_label, ip_address, data, mac"


def people(count: int) -> list[int]:
    """Accounts in bulk; the first twenty work here."""
    marks = ", ".join(["%s"] * 7)
    names = ("Siti", "Budi", "Yohana", "Agus", "Dewi", "Markus", "Ni Luh", "Zainab")
    with connection.cursor() as cursor:
        for start in range(0, count, 5000):
            cursor.executemany(
                "INSERT INTO core_user (password, is_superuser, email, full_name, is_active, is_staff, date_joined) "
                f"VALUES ({marks})",
                [
                    ("!", False, f"b{n}@contoh.id", f"{names[n % 8]} Orang {n}", True, n < 20, timezone.now())
                    for n in range(start, min(start + 5000, count))
                ],
            )
        cursor.execute("SELECT id FROM core_user WHERE email LIKE 'b%%@contoh.id' ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def fill(rows: int, actors: list[int]) -> None:
    """Entries over two years, as the product would have written them."""
    luck = random.Random(rows)
    pool = [(code, kind) for code, kind, weight in ACTS for _i in range(weight)]
    begin, step = timezone.now() - timedelta(days=730), timedelta(days=730) / rows
    marks = ", ".join(["%s"] * 10)
    with connection.cursor() as cursor:
        for start in range(0, rows, 5000):
            batch = []
            for n in range(start, min(start + 5000, rows)):
                code, kind = luck.choice(pool)
                case = n // 30 + 1
                label = f"APL-2026-{case:06d}" if kind == "application" else f"#{case}"
                uid, at = uuid.UUID(int=luck.getrandbits(128), version=4), begin + step * n
                actor = actors[luck.randrange(20)] if luck.random() < 0.7 else luck.choice(actors)
                mac = entry_mac(uid, at, code, actor, kind, str(case), label, "203.0.113.7", {"n": n})
                batch.append(
                    (
                        _uuid(uid),
                        connection.ops.adapt_datetimefield_value(at),
                        code, actor, kind, str(case), label, "203.0.113.7", json.dumps({"n": n}), mac,
                    )
                )  # fmt: skip
            cursor.executemany(f"INSERT INTO core_activityentry ({COLUMNS}) VALUES ({marks})", batch)


def _uuid(uid: uuid.UUID) -> str:
    return ActivityEntry._meta.get_field("uid").get_db_prep_value(uid, connection)


def milliseconds(act, times: int = 15) -> tuple[float, float]:
    """(median, 95 %) by the clock on the wall."""
    act()
    taken = []
    for _time in range(times):
        begun = time.perf_counter()
        act()
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken), sorted(taken)[int(len(taken) * 0.95)]


def apart(act, times: int = 15) -> tuple[float, float, float]:
    """(Python's own time, median of the database's, its 95 %): what a neighbour on the machine does not blur."""
    waited = 0.0

    def timed(execute, *arguments):
        nonlocal waited
        begun = time.perf_counter()
        try:
            return execute(*arguments)
        finally:
            waited += time.perf_counter() - begun

    act()
    own, asked = [], []
    for _time in range(times):
        waited, begun = 0.0, time.process_time()
        with connection.execute_wrapper(timed):
            act()
        own.append((time.process_time() - begun) * 1000)
        asked.append(waited * 1000)
    return statistics.median(own), statistics.median(asked), sorted(asked)[int(len(asked) * 0.95)]


def cost_of_an_entry(person) -> None:
    def write() -> None:
        with transaction.atomic():
            record_activity("document.view", by=person, subject=person, kind="ktp")

    def bare() -> None:
        with transaction.atomic():
            ActivityEntry.objects.create(code="document.view", actor=person, subject_type="user", subject_id="1")

    (plain, _p), (whole, p95) = milliseconds(bare, 300), milliseconds(write, 300)
    print(f"entry with mac {plain:.2f} ms; with its seal after the commit {whole:.2f} ms (p95 {p95:.2f})")


def verification(rows: int) -> None:
    begun, own = time.perf_counter(), time.process_time()
    seal_waiting()
    took, own = time.perf_counter() - begun, time.process_time() - own
    print(f"sealing {rows} leftovers: {took:.1f} s ({rows / took:.0f} rows/s), of it Python {own:.1f} s")
    before, own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    call_command("verify_activity", stdout=(said := io.StringIO()))
    own = time.process_time() - own
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"verify_activity: {said.getvalue().splitlines()[-1]} Python {own:.1f} s, memory +{grown:.0f} MB")


def exporting(client: Client, rows: int) -> None:
    """As much as is handed out at once."""
    since = f"{timezone.localdate() - timedelta(days=int(730 * min(1, 45_000 / rows))):%d-%m-%Y}"
    for kind in ("csv", "xlsx"):
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        begun, size = time.perf_counter(), 0
        answer = client.get(f"{LOG}ekspor/{kind}/?at_from={since}")
        for part in answer.streaming_content:
            size += len(part)
        took = time.perf_counter() - begun
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        print(f"export as {kind}: {size / 1e6:.1f} MB in {took:.1f} s, memory +{grown:.0f} MB")


def looks(client: Client, actors: list[int]) -> dict[str, tuple[float, float, float]]:
    middle = f"{timezone.localdate() - timedelta(days=400):%d-%m-%Y}"
    month = f"at_from={middle}&at_to={timezone.localdate() - timedelta(days=370):%d-%m-%Y}"
    pages = {
        "list": "", "page 20": "?p=20", "act, common": "?tindakan=document.view", "act, rare": "?tindakan=record.change",
        "act, none": "?tindakan=scheme.retire_version", "person, clerk": f"?pelaku={actors[3]}",
        "person, candidate": f"?pelaku={actors[-7]}", "person none": "?pelaku=sistem", "kind": "?jenis=document",
        "kind, rare": "?jenis=scheme", "old month": f"?{month}", "act + month": f"?tindakan=record.change&{month}",
        "person + act": f"?pelaku={actors[3]}&tindakan=record.change", "person + kind + month": f"?pelaku={actors[3]}&jenis=application&{month}",
        "one record": "?objek=application-1234", "search": "?q=apl-2026-000123", "search, none": "?q=APL-1999-1",
        "people": "orang/?term=yohana",
    }  # fmt: skip
    found = {}
    for name, query in pages.items():

        def look(address: str = LOG + query) -> None:
            assert client.get(address).status_code == 200

        found[name] = apart(look)
    return found


def main() -> None:
    wanted = argparse.ArgumentParser()
    wanted.add_argument("--rows", type=int, default=1_000_000)
    wanted.add_argument("--verify", type=int, default=100_000)
    wanted.add_argument("--people", type=int, default=1_000_000)
    options = wanted.parse_args()
    old = settings.DATABASES["default"]["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        load_reference()
        print(f"database: {connection.vendor}, {getattr(connection, 'mysql_version', '')}")
        person = make_user(role="administrator")
        cost_of_an_entry(person)
        actors = people(options.people)
        fill(options.verify, actors)
        verification(options.verify)
        client = Client()
        client.force_login(make_user(role="sekretariat"), backend="django.contrib.auth.backends.ModelBackend")
        small = {}
        for rows in (options.verify, options.rows):
            if rows > options.verify:
                fill(rows - options.verify, actors)
                with connection.cursor() as cursor:
                    cursor.execute("ANALYZE TABLE core_activityentry" if connection.vendor == "mysql" else "ANALYZE")
                    cursor.fetchall()
            exporting(client, rows)
            measured = looks(client, actors)
            print(f"\n{rows} entries, {options.people} people   python ms  database ms     p95   ratio to fewer")
            for name, (own, asked, p95) in measured.items():
                ratio = f"{(own + asked) / small[name]:.2f}" if small else ""
                print(f"  {name:28}{own:14.0f}{asked:13.1f}{p95:8.1f}   {ratio}", flush=True)
            small = {name: own + asked for name, (own, asked, _p95) in measured.items()}
    finally:
        connection.creation.destroy_test_db(old, verbosity=0)


if __name__ == "__main__":
    main()
