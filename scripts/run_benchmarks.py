"""`make bench`: every tests/benchmarks/bench_*.py, one after the other, on MariaDB.

    run_benchmarks.py [names, such as versions …]

The server is the one that TEST_DATABASE_URL names, or a private one as in run_tests.py.
"""

import contextlib
import os
import subprocess
import sys

from private_mariadb import stop_on_termination
from run_tests import ROOT, mariadb


def main() -> int:
    stop_on_termination()
    found = sorted(path.stem for path in (ROOT / "tests" / "benchmarks").glob("bench_*.py"))
    wanted = [name for name in found if not sys.argv[1:] or name.removeprefix("bench_") in sys.argv[1:]]
    failed = []
    with contextlib.ExitStack() as until_the_end:
        name, url = mariadb(until_the_end)
        if not url:
            print(f"MariaDB tidak ada: {name}. Tolok ukur tidak dijalankan.")
            return 1
        for benchmark in wanted:
            print(f"\n=== {benchmark} ({name}) ===", flush=True)
            done = subprocess.run(
                [sys.executable, "-m", f"tests.benchmarks.{benchmark}"],
                cwd=ROOT,
                env={**os.environ, "TEST_DATABASE_URL": url},
            )
            if done.returncode:
                failed.append(benchmark)
    print(f"\nTolok ukur: {len(wanted)} dijalankan, {len(failed)} tidak mencapai sasaran {' '.join(failed)}".rstrip())
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
