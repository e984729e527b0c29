"""Proves `make run` on a fresh copy: files under version control only, an empty HOME, an empty var/.

    python scripts/smoke_run.py [folder for the copy]

Starts it, waits for the first page, stops it, starts it again, and compares the data. Prints both
times; exits non-zero with the server's last words when something is wrong. Standard library only.
"""

import contextlib
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FIRST_START_SECONDS, SECOND_START_SECONDS = 600, 60
#: Sums and what is still to be added to them; each minute what was added goes, and a sum that became nothing, too.
SUMS = ("tally", "move", "recapmark")
PAGES = ("/", "/skema/", "/masuk/", "/admin/login/", "/static/public_site/css/portal.css")


def copy_of_the_project(target: Path) -> None:
    """What a clone would hold, with the changes that are not committed yet."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            (target / name).write_bytes((ROOT / name).read_bytes())
            (target / name).chmod((ROOT / name).stat().st_mode)


@contextlib.contextmanager
def make_run(folder: Path, home: Path, port: int, patience: int):
    """`make run` until its first page answers; yields the seconds it took. Ends the whole process group."""
    output = folder / "make-run.log"
    with output.open("wb") as log:
        begun = time.monotonic()
        process = subprocess.Popen(
            ["make", "run", f"PORT={port}"],
            cwd=folder,
            env=os.environ | {"HOME": str(home)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        while not answers(f"http://127.0.0.1:{port}/"):
            if process.poll() is not None or time.monotonic() - begun > patience:
                sys.exit(f"make run does not answer:\n{output.read_text(errors='replace')[-4000:]}")
            time.sleep(0.2)
        yield time.monotonic() - begun
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)
        while answers(f"http://127.0.0.1:{port}/"):  # make is gone; its server may need a moment
            time.sleep(0.1)


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=10) as response:  # noqa: S310 - always http://127.0.0.1
            return response.status == 200
    except urllib.error.HTTPError as error:
        sys.exit(f"{url} answers {error.code}")
    except OSError:
        return False


def row_counts(folder: Path) -> dict[str, int]:
    """How many rows each table holds."""
    with contextlib.closing(sqlite3.connect(folder / "var" / "lsp.sqlite3")) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}  # noqa: S608


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_args: sys.exit(143))  # the server it started ends with it
    with contextlib.ExitStack() as stack:
        temporary = stack.enter_context(tempfile.TemporaryDirectory(prefix="lsp-smoke-"))
        folder = Path(sys.argv[1] if sys.argv[1:] else temporary)
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lsp-home-")))
        copy_of_the_project(folder)
        port = free_port()
        with make_run(folder, home, port, FIRST_START_SECONDS) as first_seconds:
            for page in PAGES:
                if not answers(f"http://127.0.0.1:{port}{page}"):
                    sys.exit(f"{page} does not answer")
            before = row_counts(folder)
        if not before.get("core_user") or not before.get("core_application"):
            sys.exit("make run left no demo data")
        with make_run(folder, home, port, SECOND_START_SECONDS) as second_seconds:
            after = row_counts(folder)
        before = {name: count for name, count in before.items() if not name.endswith(SUMS)}
        lost = {name: (count, after.get(name)) for name, count in before.items() if after.get(name, 0) < count}
        if lost:
            sys.exit(f"rows were lost between two starts: {lost}")
        print(
            f"make run on a fresh copy: first page after {first_seconds:.0f} s, "
            f"second start after {second_seconds:.1f} s, {before['core_application']} applications kept"
        )


if __name__ == "__main__":
    main()
