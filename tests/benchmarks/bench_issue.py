"""Eight processes that issue 500 certificates at once: no gap, no double, and how long it takes.

    TEST_DATABASE_URL=mysql://… python -m tests.benchmarks.bench_issue [certificates [processes]]

Every case is given to two processes, so that each certificate is tried twice. A database is made and
thrown away. Ends with 1 when a number is missing or was given twice, or a case was left out.
"""

import os
import statistics
import subprocess
import sys
import time


def set_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()


def make_cases(count: int) -> list[int]:
    """One case that walked the whole way, and copies of its rows for the others; a plenary for all."""
    from core import models
    from core.documents.services import sign
    from core.reference import load_reference
    from tests.factories.accounts import make_candidate
    from tests.factories.certificates import make_competent

    load_reference()
    first = make_competent()
    decision, submission = first.decisions.get(), first.submissions.get()
    keys = [first.pk]
    for number in range(1, count):
        candidate = make_candidate()
        case = models.Application.objects.create(
            candidate=candidate,
            scheme_version=first.scheme_version,
            status=first.status,
            number=f"APL-UKUR-{number:06d}",
            registered_on=first.registered_on,
        )
        models.Submission.objects.create(
            application=case,
            sequence=1,
            content=submission.content,
            sha256=submission.sha256,
            signature=sign(by=candidate.user, role="Pemohon", meaning="ukur", content_sha256=submission.sha256),
        )
        record = models.AssessmentRecord.objects.create(application=case, assessor=decision.record.assessor)
        models.Decision.objects.create(
            plenary=decision.plenary,
            application=case,
            record=record,
            outcome=decision.outcome,
            decided_at=decision.decided_at,
        )
        keys.append(case.pk)
    return keys


def issue(keys: list[int]) -> None:
    """One process: waits for a line, issues its cases one by one, prints how long each took."""
    set_up()
    from core import models
    from core.certificates.services import issue_for_plenary
    from tests.factories.accounts import make_user

    clerk = make_user(role="sekretariat", email=f"ukur{os.getpid()}@contoh.id")
    cases = list(models.Application.objects.filter(pk__in=keys).order_by("pk"))
    print("ready", flush=True)
    sys.stdin.readline()
    for case in cases:
        begun = time.perf_counter()
        [result] = issue_for_plenary(applications=[case], by=clerk)
        told = (
            "issued" if result.is_done else "already" if "sudah terbit" in result.reason else f"FAILED {result.reason}"
        )
        print(f"{(time.perf_counter() - begun) * 1000:.1f} {told}", flush=True)


def faults_of(count: int) -> list[str]:
    """What is wrong with the numbers afterwards."""
    from core import models

    rows = list(models.Certificate.objects.values_list("number", "registration_number", "application_id"))
    numbers = sorted(int(number.split()[3]) for number, _registration, _case in rows)
    registrations = sorted(int(registration.split(".")[1]) for _number, registration, _case in rows)
    expected = list(range(1, count + 1))
    last = sum(models.NumberingCounter.objects.filter(rule__key="certificate").values_list("last", flat=True))
    return [
        fault
        for fault, is_there in (
            (f"{len(rows)} certificates instead of {count}", len(rows) != count),
            ("certificate numbers have a gap or a double", numbers != expected),
            ("registration numbers have a gap or a double", registrations != expected),
            ("a case has two certificates", len({case for *_numbers, case in rows}) != len(rows)),
            (f"the counter stands at {last}", last != count),
        )
        if is_there
    ]


def main() -> int:
    if sys.argv[1:2] == ["--issue"]:
        issue([int(key) for key in sys.stdin.readline().split()])
        return 0
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    processes = int(sys.argv[2]) if len(sys.argv) > 2 else 8
    set_up()
    from django.conf import settings
    from django.db import connection, connections
    from django.test.utils import get_runner, setup_test_environment

    setup_test_environment()
    database = settings.DATABASES["default"]
    database["TEST"]["NAME"] = name = f"{database['NAME']}_bench_issue"
    runner = get_runner(settings)(interactive=False, verbosity=0)
    made = runner.setup_databases()
    try:
        keys = make_cases(count)
        share = -(-count // processes)
        parts = [keys[start : start + share] for start in range(0, count, share)]
        address = os.environ["TEST_DATABASE_URL"].rpartition("/")[0] + f"/{name}"
        workers = []
        for place, part in enumerate(parts):
            worker = subprocess.Popen(
                [sys.executable, "-m", "tests.benchmarks.bench_issue", "--issue"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env=os.environ | {"TEST_DATABASE_URL": address},
            )
            worker.stdin.write(" ".join(map(str, part + parts[place - 1])) + "\n")
            worker.stdin.flush()
            workers.append(worker)
        for worker in workers:
            worker.stdout.readline()
        begun = time.perf_counter()
        for worker in workers:
            worker.stdin.write("go\n")
            worker.stdin.flush()
        lines = [line for worker in workers for line in worker.communicate()[0].splitlines()]
        seconds = time.perf_counter() - begun
        times = sorted(float(line.split()[0]) for line in lines if line.endswith("issued"))
        failed = [line for line in lines if "FAILED" in line]
        connections.close_all()
        faults = faults_of(count) + [f"{len(failed)} tries failed: {failed[0]}" for _once in failed[:1]]
        print(f"database: {connection.vendor} {connection.get_database_version()}")
        print(
            f"{len(times)} certificates by {len(workers)} processes in {seconds:.1f} s, {len(times) / seconds:.0f} a second"
        )
        print(f"each: median {statistics.median(times):.0f} ms, p95 {times[int(len(times) * 0.95)]:.0f} ms")
        print(f"tried a second time and refused: {sum(line.endswith('already') for line in lines)}")
    finally:
        runner.teardown_databases(made)
    for fault in faults:
        print(f"MISSED: {fault}")
    if not faults:
        print("no gap, no double: reached")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
