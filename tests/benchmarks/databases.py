"""Databases to measure on: made and filled when they are not there, and kept, since filling takes minutes.

And how much a database server on this machine works for us, since the clock also counts what else runs there.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

#: Written at the end of the filling: a row here means that all is there.
LAST = "core_submission"


def filled_database(size: int) -> str:
    """The address of the database `<name>_bench_<size>` on the server in TEST_DATABASE_URL; drop it by hand."""
    from django.db import connection

    url = f"{os.environ['TEST_DATABASE_URL']}_bench_{size}"
    name = url.rpartition("/")[2]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM information_schema.tables WHERE (table_schema, table_name) = (%s, %s)", [name, LAST]
        )
        if cursor.fetchone() and cursor.execute(f"SELECT 1 FROM `{name}`.{LAST} LIMIT 1"):
            return url
        cursor.execute(f"DROP DATABASE IF EXISTS `{name}`")  # the filling did not come to its end
        cursor.execute(f"CREATE DATABASE `{name}` CHARACTER SET utf8mb4")
    print(f"filling {name} …", flush=True)
    subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.fill", str(size)],
        env={**os.environ, "DATABASE_URL": url, "ENVIRONMENT": "development", "DEMO": "1"},
        check=True,
    )
    return url


def look_at_the_server() -> None:
    """Set Django up to ask the server for its databases; none of them is opened here."""
    import django

    os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"].rpartition("/")[0] + "/information_schema"
    django.setup()


def set_up_as_gunicorn() -> None:
    """Django with all that a process of the web server has loaded and laid by before its first request."""
    import core.config.wsgi  # noqa: F401


def measured(measure: Callable[[], Any]) -> tuple[list[int], list[Any]]:
    """What `measure` finds in a filled database of each size that was asked for (10,000 and 1,000,000 unless told).

    Each is measured in a process of its own, which starts this benchmark once more and ends here.
    """
    if sys.argv[1:] == ["measure"]:
        print(json.dumps(measure()))
        sys.exit()
    main = sys.modules["__main__"]
    if "TEST_DATABASE_URL" not in os.environ:
        print(main.__doc__)
        sys.exit(2)
    sizes = [int(word) for word in sys.argv[1:3]] or [10_000, 1_000_000]
    return sizes, _measured_at(main.__spec__.name, sizes)


def _measured_at(module: str, sizes: list[int]) -> list[Any]:
    os.environ["DJANGO_SETTINGS_MODULE"] = "core.config.settings"
    look_at_the_server()
    urls = [filled_database(size) for size in sizes]
    return [
        json.loads(
            subprocess.run(
                [sys.executable, "-m", module, "measure"],
                env={**os.environ, "DATABASE_URL": url, "ENVIRONMENT": "development", "DEMO": "1"},
                check=True,
                stdout=subprocess.PIPE,
                text=True,
            ).stdout.splitlines()[-1]
        )
        for url in urls
    ]


def keep_connected() -> None:
    """Requests close the connection; the thread behind it and its counters are wanted."""
    from django.core.signals import request_finished, request_started
    from django.db import close_old_connections

    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)


def server_thread() -> Path | None:
    """What the system tells of the thread that serves this connection, when the server runs on this machine."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT @@pid_file, @@datadir")
        pid_file, folder = cursor.fetchone()
        cursor.execute("SELECT tid FROM information_schema.processlist WHERE id = CONNECTION_ID()")
        thread = cursor.fetchone()[0]
    with suppress(OSError, ValueError):
        found = Path("/proc") / (Path(folder) / pid_file).read_text().strip() / "task" / str(thread) / "schedstat"
        worked_ms(found)
        return found
    return None


def worked_ms(thread: Path | None) -> float:
    """Milliseconds of a processor that this thread has had so far."""
    return int(thread.read_text().split()[0]) / 1e6 if thread else 0
