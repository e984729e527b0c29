"""Databases to measure on: made and filled when they are not there, and kept, since filling takes minutes."""

import json
import os
import subprocess
import sys
from typing import Any


def filled_database(size: int) -> str:
    """The address of the database `<name>_bench_<size>` on the server in TEST_DATABASE_URL; drop it by hand."""
    from django.db import connection

    url = f"{os.environ['TEST_DATABASE_URL']}_bench_{size}"
    name = url.rpartition("/")[2]
    with connection.cursor() as cursor:
        cursor.execute("SHOW DATABASES LIKE %s", [name])
        if cursor.fetchone() is None:
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


def measured_at(module: str, sizes: list[int]) -> list[Any]:
    """What `module measure` prints of a filled database of each size, each in a process of its own."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "core.config.settings"
    look_at_the_server()
    return [
        json.loads(
            subprocess.run(
                [sys.executable, "-m", module, "measure"],
                env={**os.environ, "DATABASE_URL": filled_database(size), "ENVIRONMENT": "development", "DEMO": "1"},
                check=True,
                stdout=subprocess.PIPE,
                text=True,
            ).stdout.splitlines()[-1]
        )
        for size in sizes
    ]
