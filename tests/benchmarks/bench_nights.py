"""What the nightly jobs about certificates cost with 10,000 and with 1,000,000 of them.

    TEST_DATABASE_URL=mysql://…/lsp python -m tests.benchmarks.bench_nights [small big]

More certificates mean more letters a night, so what is compared is the cost of one letter, in time and in
rows that the database read for it (Handler_read_*). Each job runs in a transaction that is taken back.
The aim: a letter costs at most 1.5 × as much, and a job that finds nothing to do reads no more than before.
"""

import os
import sys
import time

from tests.benchmarks.databases import measured

AIM_GROWTH = 1.5
#: So many rows a job may read whatever the size: the first look at each day, the policy, the templates.
FLOOR = 2_000


def measure() -> dict[str, tuple[int, float, int]]:
    """{job: (how many it dealt with, seconds, rows read)} for the database in DATABASE_URL."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "core.config.settings")
    import django

    django.setup()
    from django.db import connection, transaction

    from core.certificates import services

    def rows_read() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SHOW SESSION STATUS LIKE 'Handler_read%'")
            return sum(int(value) for _name, value in cursor.fetchall())

    found = {}
    for job in (
        services.end_suspensions,
        services.remind_expiring,
        services.close_finished,
        services.announce_surveillances,
        services.tell_secretariat,
    ):
        with transaction.atomic():
            before, start = rows_read(), time.perf_counter()
            done = job()
            found[job.__name__] = (done, time.perf_counter() - start, rows_read() - before)
            transaction.set_rollback(True)
        print(job.__name__, found[job.__name__], file=sys.stderr, flush=True)
    return found


def main() -> int:
    _sizes, (small, big) = measured(measure)
    missed = 0
    print(f"{'':24} {'dealt with':>17} {'seconds':>15} {'rows read':>19} {'ms each':>15} {'rows each':>15}")
    for name in big:
        (few, short, some), (many, long, rows) = small[name], big[name]
        each = [
            (1000 * seconds / max(1, done), read / max(1, done)) for done, seconds, read in (small[name], big[name])
        ]
        is_missed = rows > FLOOR and each[1][1] > AIM_GROWTH * each[0][1]
        missed += is_missed
        print(
            f"{name:24} {few:8} {many:8} {short:7.2f} {long:7.2f} {some:9} {rows:9} "
            f"{each[0][0]:7.1f} {each[1][0]:7.1f} {each[0][1]:7.0f} {each[1][1]:7.0f}{'  <--' if is_missed else ''}"
        )
    print(f"{missed} of {len(big)} jobs miss the aim")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
