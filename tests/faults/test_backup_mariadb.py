"""Backups of a real MariaDB with binary logs: a restore up to any moment, and a server that dies in the middle."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path

import environ
import pytest
from django.core.management import call_command
from django.db import ConnectionHandler, OperationalError, connection, connections
from django.db.models.signals import post_migrate
from django.utils import timezone

from core.accounts.models import User
from core.backups import logs, recovery
from core.backups.databases import own_settings, settings_of
from core.backups.enums import BackupOutcome
from core.backups.models import BackupRun
from core.backups.restoring import compare, restore_into
from core.backups.services import run_backup, ship_logs
from core.config.settings.test import IN_MEMORY, MEMORY
from scripts.private_mariadb import private_mariadb, server_binary
from tests.core.helpers import refused, until_it_listens
from tests.faults.stores import needs_restic, point_backups_at

pytestmark = [
    needs_restic,
    pytest.mark.skipif(
        not (server_binary() and find_spec("MySQLdb")) and not os.environ.get("REQUIRE_MARIADB"),
        reason="mariadb-server or its driver is not installed",
    ),
]


@pytest.fixture(scope="module")
def no_reference_data():
    """These tests need tables only; the copies of the reference data lie in the usual test database."""
    usual, post_migrate.receivers = post_migrate.receivers, []
    post_migrate.sender_receivers_cache.clear()
    yield
    post_migrate.receivers = usual
    post_migrate.sender_receivers_cache.clear()


@pytest.fixture(scope="module")
def address(no_reference_data, django_db_blocker):
    """A server of its own with binary logs and the program's tables; `default` means it while this module runs."""
    options = ("--log-bin=lsp-bin", "--server-id=7", "--binlog-format=ROW", "--innodb-doublewrite=1")
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        if IN_MEMORY:  # 170 tables are made, each flushed to the disk
            patch.setattr(tempfile, "tempdir", str(MEMORY))
        with private_mariadb(options=options) as url, _as_default(url):
            call_command("migrate", run_syncdb=True, verbosity=0)
            yield url


@contextmanager
def _as_default(url: str) -> Iterator[None]:
    import MySQLdb

    usual, database = connections["default"], environ.Env.db_url_config(url)
    database["OPTIONS"] = {"charset": "utf8mb4", "isolation_level": "read committed", "sql_mode": "STRICT_TRANS_TABLES"}
    here = MySQLdb.connect(
        host=database["HOST"], port=int(database["PORT"]), user=database["USER"], password=database["PASSWORD"]
    )
    here.cursor().execute("CREATE DATABASE lsp CHARACTER SET utf8mb4")
    here.close()
    connections["default"] = ConnectionHandler({"default": database})["default"]
    try:
        yield
    finally:
        connections["default"].close()
        connections["default"] = usual


@pytest.fixture
def started_again():
    """Servers that a test started in the place of a dead one; they go last."""
    servers: list[subprocess.Popen] = []
    yield servers
    connection.close()
    for server in servers:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=30)


@pytest.fixture
def installation(address, started_again, settings, tmp_path):
    point_backups_at(settings, tmp_path / "server", local=tmp_path / "disk")
    yield tmp_path
    User.objects.all().delete()
    BackupRun.objects.all().delete()


def add(name: str) -> None:
    User.objects.create_user(email=f"{name}@contoh.id", full_name=f"{name} O'Neil \\ (x),\n'y';")


def names() -> set[str]:
    return {address.partition("@")[0] for address in User.objects.values_list("email", flat=True)}


def moment_passes() -> None:
    """Binary logs know whole seconds: what comes next is written in a later one."""
    begun = int(time.time())
    while int(time.time()) == begun:
        time.sleep(0.05)


def test_up_to_a_moment_between_two_backups(installation, settings):
    """What was written after the full backup comes back from the logs, up to the minute before the mistake."""
    add("pagi")
    full = run_backup()
    assert full.is_good, full.problem
    add("siang")
    moment_passes()
    noon = timezone.now().replace(microsecond=0)
    User.objects.filter(email__startswith="pagi").delete()  # the mistake
    shipped = ship_logs()
    assert shipped.is_good, shipped.problem
    moment_passes()
    with refused("backup.logs_end"):
        recovery.restore(until=timezone.now() + timedelta(minutes=1))
    assert names() == {"siang"}

    recovery.restore(until=noon)
    assert names() == {"pagi", "siang"}
    assert User.objects.get(email="siang@contoh.id").full_name == "siang O'Neil \\ (x),\n'y';"

    # the same into a database of another name, as the drill does; without logs it is the moment of the backup
    with connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE lsp_drill CHARACTER SET utf8mb4")
    scratch = settings_of(own_url("lsp_drill"))
    manifest, _snapshot = restore_into(
        repository="local", database=scratch, folder=installation / "scratch", work_folder=installation / "work"
    )
    assert compare(manifest, database=scratch, folder=installation / "scratch").is_same
    with connection.cursor() as cursor:
        cursor.execute("SELECT email FROM lsp_drill.core_user")
        assert cursor.fetchall() == (("pagi@contoh.id",),)
        cursor.execute("DROP DATABASE lsp_drill")
    # logs of another server, or with a gap, are never mixed in
    mark = manifest.log
    (logs.folder()).mkdir(exist_ok=True)
    (logs.folder() / mark.file).write_bytes(b"\xfebin" + b"\0" * 40)
    with refused("backup.log_gap"):
        logs.replay(mark=mark, logs=logs.folder(), until=noon, source="lsp", database=own_settings())


def own_url(name: str) -> str:
    own = own_settings()
    return f"mysql://{own['USER']}:{own['PASSWORD']}@{own['HOST']}:{own['PORT']}/{name}"


def test_the_server_dies_while_it_is_dumped(installation, started_again, settings, monkeypatch):
    """Nothing half is stored as a backup; when the server is there again, the next one is whole."""
    add("pagi")
    with connection.cursor() as cursor:
        cursor.execute("SELECT @@pid_file, @@port")
        pid_file, port = cursor.fetchone()
        cursor.execute("CREATE TABLE zz_big (id INT PRIMARY KEY, words LONGTEXT)")
        cursor.executemany("INSERT INTO zz_big VALUES (%s, REPEAT('x', 4000000))", [(n,) for n in range(20)])
    pid = int(Path(pid_file).read_text())
    start = Path(f"/proc/{pid}/cmdline").read_bytes().rstrip(b"\0").split(b"\0")
    here, real = installation / "bin", shutil.which("mariadb-dump")
    here.mkdir()
    # The real program; after its first megabyte the server is killed, and it goes on by itself.
    (here / "mariadb-dump").write_text(
        f'#!/bin/bash\nset -o pipefail\n{real} "$@" | (head -c 1000000; kill -9 {pid}; cat)\n'
    )
    (here / "mariadb-dump").chmod(0o755)
    monkeypatch.setenv("PATH", f"{here}:{os.environ['PATH']}")
    with pytest.raises(OperationalError):
        run_backup()  # not even that it failed can be written down now
    assert not (settings.BACKUP_ROOT / "bundle" / "database.sql").exists()
    assert not (installation / "disk").exists()
    monkeypatch.undo()
    started_again.append(
        subprocess.Popen(start, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    )
    until_it_listens(("127.0.0.1", port), started_again[0])
    connection.close()
    run = run_backup()
    assert run.is_good, run.problem
    killed = BackupRun.objects.order_by("pk").first()
    assert (killed.outcome, killed.problem[:9]) == (BackupOutcome.FAILED, "Terputus:")
