"""What saving, history, deleted records and pruning cost with 1,000,000 versions stored, beside none.

    TEST_DATABASE_URL=mysql://… python -m tests.benchmarks.bench_versions [versions]

Two databases are made and thrown away, one with and one without the versions, and asked in turn, so
that a busy machine slows both. "Saving" is the whole request of the form of a unit with five elements
and 30 criteria, through every middleware. The aim (design § 7): at most 1.2 × the time with none
stored. Ends with 1 when the aim is missed.
"""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

AIM = 1.2
RUNS = 60
#: So many of the versions belong to the very unit that is saved.
OF_ONE = 1000
SAVE = "save the form of a unit"
ACTS = (SAVE, "history of the unit", "compare two versions", "list of deleted records")


def store_versions(unit, count: int) -> None:
    """`count` versions of units, one revision each, by SQL that doubles what is there."""
    from django.contrib.contenttypes.models import ContentType
    from django.db import connection
    from django.utils import timezone
    from reversion.models import Revision, Version

    from core.activity.queries import versions_of
    from core.models import CompetencyUnit

    data = versions_of(CompetencyUnit, unit.pk).first().serialized_data
    first = Revision.objects.create(date_created=timezone.now(), comment="isian").pk
    with connection.cursor() as cursor:
        there = 1
        while there < count:
            cursor.execute(
                "INSERT INTO reversion_revision (date_created, comment, user_id) "
                "SELECT date_created, comment, user_id FROM reversion_revision WHERE id >= %s LIMIT %s",
                [first, count - there],
            )
            there = Revision.objects.filter(pk__gte=first).count()
        cursor.execute(
            "INSERT INTO reversion_version (revision_id, object_id, content_type_id, db, format, serialized_data, "
            "object_repr) SELECT id, CASE WHEN id %% %s = 0 THEN %s ELSE CONCAT('9', id %% 100000) END, "
            "%s, 'default', 'json', %s, 'Unit' FROM reversion_revision WHERE id >= %s".replace(
                "CONCAT('9', id %% 100000)",
                "'9' || (id %% 100000)" if connection.vendor == "sqlite" else "CONCAT('9', id %% 100000)",
            ),
            [max(1, count // OF_ONE), str(unit.pk), ContentType.objects.get_for_model(CompetencyUnit).pk, data, first],
        )
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "ANALYZE TABLE reversion_version")
    print(f"stored: {Version.objects.count():,} versions", file=sys.stderr)


def prepare(count: int) -> dict[str, Callable[[], object]]:
    """A database with so many versions; what can be asked of it."""
    from django.db import connection
    from django.test import Client
    from django.urls import reverse

    from core.activity.versions import keep_deleted
    from core.models import DocumentType
    from core.reference import load_reference
    from tests.backoffice.test_setup import form_data
    from tests.factories.accounts import make_user
    from tests.factories.schemes import make_unit

    load_reference()
    clerk, unit = make_user(role="sekretariat"), make_unit(elements=5, criteria=6)
    client = Client()
    client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    address = reverse("admin:core_competencyunit_change", args=[unit.pk])
    data = {name: value for name, value in form_data(client.get(address)).items() if name != "_drawn"}
    serial = iter(range(10**6))

    def save() -> None:
        answer = client.post(address, data | {"description": f"Isian {next(serial)}"})
        assert answer.status_code == 302, answer.context["errors"]

    def look(name: str, *arguments: object) -> Callable[[], object]:
        page = reverse(f"admin:core_{name}", args=arguments)
        return lambda: client.get(page).getvalue()

    for number in range(60):
        kind = DocumentType.objects.create(code=f"hapus-{number}", title=f"Hapus {number}")
        keep_deleted(row=kind, by=clerk)
        kind.delete()
    for _time in range(22):  # a full page of history in both
        save()
    if count:
        store_versions(unit, count)
        for _time in range(22):
            save()
    print(f"database: {connection.vendor} {connection.get_database_version()}", file=sys.stderr)
    looks = (
        look("competencyunit_history", unit.pk),
        look("competencyunit_compare", unit.pk),
        look("deletedrecord_changelist"),
    )
    return dict(zip(ACTS, (save, *looks), strict=True))


def answer(count: int) -> None:
    """Serve one database: a line names an act, the answer is how many milliseconds it took."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.test.utils import get_runner, setup_test_environment

    from core.activity.versions import prune_versions

    setup_test_environment()
    database = settings.DATABASES["default"]
    database["TEST"]["NAME"] = f"{database['TEST']['NAME'] or 'test_versions'}_{count}"
    runner = get_runner(settings)(interactive=False, verbosity=0)
    databases = runner.setup_databases()
    try:
        acts = prepare(count) | {"prune": prune_versions}
        print("ready", flush=True)
        for line in sys.stdin:
            begun = time.perf_counter()
            acts[line.strip()]()
            print((time.perf_counter() - begun) * 1000, flush=True)
    finally:
        runner.teardown_databases(databases)


def main() -> int:
    if sys.argv[1:2] == ["--answer"]:
        answer(int(sys.argv[2]))
        return 0
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    databases = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.bench_versions", "--answer", str(stored)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for stored in (0, count)
    ]
    for database in databases:
        database.stdout.readline()

    def ask(database: subprocess.Popen, act: str) -> float:
        database.stdin.write(act + "\n")
        database.stdin.flush()
        return float(database.stdout.readline())

    print(f"{'median':32}{'none':>10}{f'{count:,}':>14}{'ratio':>8}")
    ratios = {}
    for act in ACTS:
        times = [[ask(database, act) for database in databases] for _run in range(RUNS)]
        none, many = (statistics.median(row[place] for row in times) for place in (0, 1))
        ratios[act] = many / none
        print(f"{act:32}{none:>7.1f} ms{many:>11.1f} ms{ratios[act]:>8.2f}", flush=True)
    print(f"{'prune (nothing is old enough)':32}{'':>10}{ask(databases[1], 'prune'):>11.1f} ms")
    for database in databases:
        database.stdin.close()
        database.wait()
    is_reached = ratios[SAVE] <= AIM
    print(f"saving: {ratios[SAVE]:.2f} x, aim {AIM} x: {'reached' if is_reached else 'MISSED'}")
    return 0 if is_reached else 1


if __name__ == "__main__":
    sys.exit(main())
