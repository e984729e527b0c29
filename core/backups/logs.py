"""MariaDB's binary logs: everything that was written since a full backup, for a restore up to any moment.

The server's logs are fetched as they are into a folder (only what is new travels), and the folder goes into the
repositories, where equal pieces lie once. The folder holds the logs of the last BACKUP_LOG_DAYS days, so that the
newest backup of it is enough, whichever full backup one begins with.
"""

import subprocess
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext as _

from core.backups.databases import connected, mysql_client, own_settings, ships_logs
from core.backups.manifest import LogMark
from core.common.exceptions import DomainError

#: Magic, then of the first event: when it was written, its type, the server's number. What follows changes.
_HEADER = slice(4, 13)
_MAGIC = b"\xfebin"


def folder() -> Path:
    return settings.BACKUP_ROOT / "binlogs"


def fetch_logs() -> list[Path]:
    """Bring the folder up to now; its files in order."""
    if not ships_logs():
        raise DomainError(
            _("MariaDB tidak menulis log biner. Nyalakan log_bin seperti di server_docs/backup.md, lalu ulangi."),
            code="backup.no_logs",
        )
    database, here = own_settings(), folder()
    here.mkdir(mode=0o700, parents=True, exist_ok=True)
    there = _logs_of_the_server(database)
    _drop_foreign(here, there)
    last = max((path.name for path in here.iterdir()), default="")  # those before it are whole, or too old by now
    wanted = [name for name, size in there.items() if name >= last and not _has(here / name, size)]
    if wanted:
        words = ["--read-from-remote-server", "--raw", f"--result-file={here}/", "--to-last-log", wanted[0]]
        with mysql_client("mariadb-binlog", database, words) as process:
            pass
        if process.returncode:
            raise _no_logs()
    _drop_old(here, there)
    return sorted(path for path in here.iterdir() if path.is_file())


def header_of(path: Path) -> str:
    """How a log begins; "" when it is none."""
    try:
        with open(path, "rb") as file:
            beginning = file.read(_HEADER.stop)
    except FileNotFoundError:
        return ""
    return beginning[_HEADER].hex() if beginning.startswith(_MAGIC) and len(beginning) == _HEADER.stop else ""


def replay(*, mark: LogMark, logs: Path, until: datetime, source: str, database: dict[str, Any]) -> None:
    """Write into the restored database what was written between its backup and `until`. MariaDB's program tells the
    time of day as this process does, in TIME_ZONE."""
    files = _chain(mark, logs)
    words = [f"--start-position={mark.position}", f"--stop-datetime={timezone.localtime(until):%Y-%m-%d %H:%M:%S}"]
    if source != database["NAME"]:
        words.append(f"--rewrite-db={source}->{database['NAME']}")
    words.append(f"--database={database['NAME']}")
    with (
        mysql_client("mariadb-binlog", database, [*words, *map(str, files)], stdout=subprocess.PIPE) as reader,
        mysql_client("mariadb", database, [database["NAME"]], stdin=reader.stdout or subprocess.DEVNULL) as writer,
    ):
        if reader.stdout:
            reader.stdout.close()  # the writer holds it; when that stops, the reader is told
    if reader.returncode or writer.returncode:
        raise DomainError(
            _("Log basis data tidak dapat diterapkan seluruhnya. Periksa hak akun (BINLOG REPLAY), lalu ulangi."),
            code="backup.no_replay",
        )


def _chain(mark: LogMark, logs: Path) -> list[Path]:
    """The log of the mark and those that follow, without a gap."""
    if not mark.header or header_of(logs / mark.file) != mark.header:
        raise _no_chain()
    stem, _dot, number = mark.file.rpartition(".")
    chain = []
    while (path := logs / f"{stem}.{int(number) + len(chain):0{len(number)}d}").is_file():
        chain.append(path)
    newest = max(path.name for path in logs.iterdir() if path.name.startswith(f"{stem}."))
    if chain[-1].name != newest:
        raise _no_chain()
    return chain


def _logs_of_the_server(database: dict[str, Any]) -> dict[str, int]:
    """{name: bytes}, in order."""
    try:
        with connected(database) as opened, opened.cursor() as cursor:
            cursor.execute("SHOW BINARY LOGS")
            return {row[0]: row[1] for row in cursor.fetchall()}
    except DatabaseError as error:
        raise _no_logs() from error


def _has(path: Path, size: int) -> bool:
    return path.is_file() and path.stat().st_size == size


def _drop_foreign(here: Path, there: dict[str, int]) -> None:
    """After a new installation or a restore the server begins anew: what lies here are another one's logs, and are in
    the repositories already."""
    newest = max(there, default="")
    for path in here.iterdir():
        if path.name > newest or path.stat().st_size > there.get(path.name, path.stat().st_size):
            for each in here.iterdir():
                each.unlink()
            return


def _drop_old(here: Path, there: dict[str, int]) -> None:
    oldest = time.time() - timedelta(days=settings.BACKUP_LOG_DAYS).total_seconds()
    newest = max(there, default="")
    for path in here.iterdir():
        if path.name != newest and path.stat().st_mtime < oldest:
            path.unlink()


def _no_logs() -> DomainError:
    return DomainError(
        _("Log biner tidak dapat diambil. Periksa hak akun cadangan (REPLICATION SLAVE, BINLOG MONITOR)."),
        code="backup.no_logs_read",
    )


def _no_chain() -> DomainError:
    return DomainError(
        _(
            "Log yang tersimpan tidak bersambung dengan cadangan ini, jadi tidak dapat dipulihkan sampai saat itu. "
            "Pulihkan tanpa --until, atau pilih cadangan penuh yang lebih baru."
        ),
        code="backup.log_gap",
    )
