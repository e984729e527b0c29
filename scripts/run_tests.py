"""`make test`: the whole suite on SQLite, then on MariaDB, and at the end plain words about what ran.

    run_tests.py [--only sqlite|mariadb] [arguments for pytest …]

MariaDB is the server that TEST_DATABASE_URL names; without one, a private server is started where
`mariadbd` is installed. Where neither is possible this says so and goes on, unless REQUIRE_MARIADB
is set, as in CI. In the same way REQUIRE_BROWSER makes a missing browser a failure (see
tests/journeys/conftest.py). The last lines also stand in var/test-summary.txt.
"""

import contextlib
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from private_mariadb import driver_is_there, private_mariadb, server_binary, server_version, stop_on_termination

ROOT = Path(__file__).resolve().parents[1]
LAST_LINE = re.compile(r"(\d+) (passed|failed|errors?|skipped|deselected|xfailed|xpassed)")
BROWSER_LINE = "Perjalanan peramban: "
#: Few tests at a time: else one worker still has a dozen journeys before it when the other has nothing left.
WORKERS = ("-n", "auto", "--maxschedchunk=4")


@dataclass
class Run:
    """How pytest ended on one database."""

    database: str
    code: int
    counts: dict[str, int] = field(default_factory=dict)
    browser: str = "tidak diketahui"

    @property
    def failed(self) -> int:
        return self.counts.get("failed", 0) + self.counts.get("error", 0)


def run_pytest(database: str, arguments: list[str], url: str = "") -> Run:
    """Run the suite once, showing its output as it comes."""
    print(f"\n=== Uji pada {database} ===", flush=True)
    environment = {key: value for key, value in os.environ.items() if key != "TEST_DATABASE_URL"}
    if url:
        environment["TEST_DATABASE_URL"] = url
    color = "yes" if sys.stdout.isatty() else "no"
    workers = () if any(word.startswith(("-n", "--pdb")) for word in arguments) else WORKERS
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", f"--color={color}", "--durations=20", *workers, *arguments],
        cwd=ROOT,
        env=environment,
        stdin=None if "--pdb" in arguments else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        errors="replace",
    )
    last, browser = "", "tidak diketahui"
    try:
        for line in process.stdout:
            print(line, end="", flush=True)
            last = re.sub(r"\x1b\[[0-9;]*m", "", line)
            if last.startswith(BROWSER_LINE):
                browser = last.removeprefix(BROWSER_LINE).strip()
        code = process.wait()
    finally:
        process.terminate()
    counts = {name.removesuffix("s"): int(number) for number, name in LAST_LINE.findall(last)}
    return Run(database, code, counts, browser)


def mariadb(until_the_end: contextlib.ExitStack) -> tuple[str, str]:
    """(name, URL) of a MariaDB to test on, or (why there is none, "")."""
    given = os.environ.get("TEST_DATABASE_URL", "")
    if not given and server_binary() is None:
        return "mariadbd tidak terpasang dan TEST_DATABASE_URL kosong", ""
    if not driver_is_there():
        return "driver mysqlclient tidak dapat dipasang (perlu libmariadb-dev, pkg-config, dan kompilator C)", ""
    if given:
        return "MariaDB dari TEST_DATABASE_URL", given
    try:
        return f"MariaDB {server_version()}", until_the_end.enter_context(private_mariadb())
    except (RuntimeError, OSError, LookupError) as error:  # no such binary, no right to, no user mysql
        return f"server MariaDB tidak dapat dijalankan: {error}", ""


def main() -> int:
    arguments = sys.argv[1:]
    only = ""
    if arguments[:1] == ["--only"]:
        only, arguments = arguments[1], arguments[2:]
    stop_on_termination()
    if server_binary():
        driver_is_there()  # backups and replicas are tested on a MariaDB of their own, whatever the suite runs on
    runs: list[Run] = []
    missing = ""
    if only != "mariadb":
        runs.append(run_pytest("SQLite", arguments))
    if only != "sqlite":
        with contextlib.ExitStack() as until_the_end:
            name, url = mariadb(until_the_end)
            if url:
                once = ["-m", "not any_database"] if os.environ.get("WALK_ONCE") and runs else []
                runs.append(run_pytest(name, [*arguments, *once], url))
            else:
                missing = name
    return report(runs, missing)


def report(runs: list[Run], missing: str) -> int:
    lines = [f"Uji berjalan pada: {', '.join(run.database for run in runs) or '-'}"]
    if missing:
        lines.append(f"Tidak diuji pada MariaDB: {missing}")
    lines += [f"Perjalanan peramban pada {run.database}: {run.browser}" for run in runs]
    for run in runs:
        counts = ", ".join(f"{number} {name}" for name, number in run.counts.items())
        lines.append(f"{run.database}: {counts or f'pytest berakhir dengan kode {run.code}'}")
    failed = sum(run.failed for run in runs)
    lines.append(f"{sum(run.counts.get('passed', 0) for run in runs)} passed, {failed} failed")
    summary = "\n".join(lines)
    print(f"\n{summary}", flush=True)
    (ROOT / "var").mkdir(exist_ok=True)
    (ROOT / "var" / "test-summary.txt").write_text(summary + "\n", encoding="utf-8")
    if missing and os.environ.get("REQUIRE_MARIADB"):
        return 1
    if os.environ.get("REQUIRE_BROWSER") and not any("passed" in run.browser for run in runs):
        return 1
    return max((run.code for run in runs), default=1)


if __name__ == "__main__":
    sys.exit(main())
