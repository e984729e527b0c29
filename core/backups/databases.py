"""Dumping and loading databases with their own tools, for any address: the one in use and a scratch one.

SQLite: the online backup API, the whole file under one read lock that stops no writer. MariaDB: mariadb-dump in one
transaction; what it writes is read on the way, so that rows, documents and migrations told of it are those of the
dump and not of a later moment. Passwords go through a private file, never on a command line.
"""

import hashlib
import logging
import os
import re
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import ConnectionHandler, DatabaseError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _

from core.backups.manifest import LogMark
from core.common.exceptions import DomainError
from core.documents.models import KEPT_STATES, Document

logger = logging.getLogger(__name__)

PIECE = 1024 * 1024
#: Tables whose rows a dump is asked for, with the columns that are wanted.
DOCUMENTS = (Document._meta.db_table, ("sha256", "size", "state"))
MIGRATIONS = ("django_migrations", ("app", "name"))

_INSERT = re.compile(rb"INSERT INTO `([^`]+)` \(([^)]*)\) VALUES\s")
_VALUE = re.compile(rb"'((?:[^'\\]|\\.)*)'|([^,()'\s;]+)")
_POSITION = re.compile(rb"-- CHANGE MASTER TO MASTER_LOG_FILE='([^']+)', MASTER_LOG_POS=(\d+);")
_COMPLETED = b"-- Dump completed"


@dataclass
class Dumped:
    """A whole dump in a file, and what stands in it."""

    path: Path
    sha256: str = ""
    size: int = 0
    tables: dict[str, int] = field(default_factory=dict)
    documents: dict[str, int] = field(default_factory=dict)
    migrations: list[tuple[str, str]] = field(default_factory=list)
    log: LogMark | None = None


# --- addresses -------------------------------------------------------------------------------------------


def own_settings() -> dict[str, Any]:
    """The database in use, with the account that backs up where one is named."""
    own = dict(connection.settings_dict)
    if settings.BACKUP_DATABASE_URL and connection.vendor == "mysql":
        account = settings_of(settings.BACKUP_DATABASE_URL)
        own |= {name: account[name] for name in ("USER", "PASSWORD")}
    return own


def settings_of(database_url: str) -> dict[str, Any]:
    """Django's settings of another database of the kind in use: sqlite:///path or mysql://user:password@host:port/name."""
    own = dict(connection.settings_dict)
    try:
        url = urlsplit(database_url)
        path, port = unquote(url.path.removeprefix("/")), url.port
    except ValueError as error:
        raise _no_address() from error
    if not path or url.scheme != engine_of(own):
        raise _no_address()
    if url.scheme == "sqlite":
        return own | {"NAME": path}
    account = {"USER": unquote(url.username or ""), "PASSWORD": unquote(url.password or "")}
    return own | account | {"NAME": path, "HOST": url.hostname or "", "PORT": port or ""}


def _no_address() -> DomainError:
    return DomainError(
        _("Alamat basis data ini tidak dapat dibaca, atau dari jenis lain daripada yang dipakai."),
        code="backup.database_address",
    )


@contextmanager
def connected(database: dict[str, Any]) -> Iterator[BaseDatabaseWrapper]:
    """A connection of its own to that database. Opening it changes nothing: SQLite's journal stays as it is."""
    options = {name: value for name, value in (database.get("OPTIONS") or {}).items() if name != "init_command"}
    handler = ConnectionHandler({"default": {**database, "OPTIONS": options, "CONN_MAX_AGE": 0}})
    opened = handler["default"]
    try:
        yield opened
    finally:
        opened.close()


def engine_of(database: dict[str, Any]) -> str:
    return "mysql" if str(database["ENGINE"]).endswith("mysql") else "sqlite"


def rows_per_table(database: dict[str, Any]) -> dict[str, int]:
    """Every table with its rows, counted now."""
    with connected(database) as opened, opened.cursor() as cursor:
        counted = {}
        for table in _tables(opened):
            cursor.execute(f"SELECT COUNT(*) FROM {opened.ops.quote_name(table)}")  # noqa: S608 - a name of the database's own
            counted[table] = cursor.fetchone()[0]
        return counted


def _tables(opened: BaseDatabaseWrapper) -> list[str]:
    """Those that hold rows of their own; the database's inner ones are its business."""
    with opened.cursor() as cursor:
        names = [info.name for info in opened.introspection.get_table_list(cursor) if info.type == "t"]
    return sorted(name for name in names if not name.startswith("sqlite_"))


# --- dumping ---------------------------------------------------------------------------------------------


def dump(target: Path) -> Dumped:
    """The database in use, into a file of its own; whole, or an error."""
    database = own_settings()
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        found = _dump_mysql(database, target) if engine_of(database) == "mysql" else _dump_sqlite(database, target)
    except OSError as error:
        target.unlink(missing_ok=True)
        raise DomainError(
            _("Salinan basis data tidak dapat ditulis. Periksa ruang dan hak tulis pada folder cadangan di VAR_DIR."),
            code="backup.no_room",
        ) from error
    return found


def _dump_sqlite(database: dict[str, Any], target: Path) -> Dumped:
    target.unlink(missing_ok=True)
    handle = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    os.close(handle)
    try:
        with (
            closing(sqlite3.connect(f"file:{database['NAME']}?mode=ro", uri=True, timeout=60)) as source,
            closing(sqlite3.connect(target)) as copy,
        ):
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
            if (verdict := copy.execute("PRAGMA quick_check").fetchone()[0]) != "ok":
                raise sqlite3.DatabaseError(verdict)
    except sqlite3.Error as error:
        target.unlink(missing_ok=True)
        raise _no_dump() from error
    found = Dumped(target, tables=rows_per_table({**database, "NAME": str(target)}))
    with closing(sqlite3.connect(target)) as copy:
        if DOCUMENTS[0] in found.tables:
            marks = ",".join("?" * len(KEPT_STATES))
            kept = f"SELECT sha256, size FROM {DOCUMENTS[0]} WHERE state IN ({marks})"  # noqa: S608
            found.documents = dict(copy.execute(kept, [str(state.value) for state in KEPT_STATES]))
        if MIGRATIONS[0] in found.tables:
            found.migrations = list(copy.execute("SELECT app, name FROM django_migrations ORDER BY id"))
    found.sha256, found.size = _digest(target)
    return found


def _dump_mysql(database: dict[str, Any], target: Path) -> Dumped:
    words = ["--single-transaction", "--quick", "--hex-blob", "--complete-insert", "--order-by-primary"]
    words += ["--skip-dump-date", "--no-tablespaces", "--default-character-set=utf8mb4"]
    if ships_logs():
        words.append("--master-data=2")
    found, digest = Dumped(target), hashlib.sha256()
    reader, is_completed = _DumpReader(found), False
    with (
        open(os.open(target, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as out,
        mysql_client("mariadb-dump", database, [*words, database["NAME"]], stdout=subprocess.PIPE) as process,
    ):
        for line in process.stdout or ():
            out.write(line)
            digest.update(line)
            reader.look_at(line)
            is_completed = line.startswith(_COMPLETED)
        out.flush()
        os.fsync(out.fileno())
    if process.returncode or not is_completed:
        target.unlink(missing_ok=True)
        raise _no_dump()
    found.sha256, found.size = digest.hexdigest(), target.stat().st_size
    return found


class _DumpReader:
    """Counts rows while a dump passes by: each stands in a line of its own, and no text holds a line break."""

    def __init__(self, found: Dumped):
        self.found, self.table, self.places = found, "", ()

    def look_at(self, line: bytes) -> None:
        if line.startswith(b"INSERT INTO "):
            head = _INSERT.match(line)
            if head is None:
                raise _no_dump()
            self._enter(head[1].decode(), head[2])
            line = line[head.end() :]
            if not line.startswith(b"("):
                return
        elif line.startswith(b"CREATE TABLE `"):
            self.table = ""
            self.found.tables.setdefault(line.split(b"`")[1].decode(), 0)
            return
        elif not self.table or not line.startswith(b"("):
            self.table = self.table if line == b"\n" else ""
            if self.found.log is None and (match := _POSITION.match(line)):
                self.found.log = LogMark(match[1].decode(), int(match[2]))
            return
        self.found.tables[self.table] = self.found.tables.get(self.table, 0) + 1
        if self.places:
            self._keep(line)

    def _enter(self, table: str, columns: bytes) -> None:
        self.table, self.places = table, ()
        names = [name.strip(b" `").decode() for name in columns.split(b",")]
        for wanted, fields in (DOCUMENTS, MIGRATIONS):
            if table == wanted:
                self.places = tuple(names.index(name) for name in fields)

    def _keep(self, line: bytes) -> None:
        values = [quoted or bare for quoted, bare in _VALUE.findall(line)]
        wanted = [values[place].decode() for place in self.places]
        if self.table == MIGRATIONS[0]:
            self.found.migrations.append((wanted[0], wanted[1]))
        elif wanted[2] in KEPT_STATES:
            self.found.documents[wanted[0]] = int(wanted[1])


def _no_dump() -> DomainError:
    return DomainError(
        _("Basis data tidak dapat disalin seluruhnya; mungkin basis data berhenti di tengah. Ulangi."),
        code="backup.no_dump",
    )


# --- loading ---------------------------------------------------------------------------------------------


def load(database: dict[str, Any], source: Path) -> None:
    """Put the dump in the place of whatever is there. Cut off in the middle it is simply begun anew."""
    if engine_of(database) == "mysql":
        try:
            drop_tables(database)
        except DatabaseError as error:
            raise _no_load() from error
        with open(source, "rb") as lines, mysql_client("mariadb", database, [database["NAME"]], stdin=lines) as process:
            pass
        if process.returncode:
            raise _no_load()
    else:
        _load_sqlite(Path(database["NAME"]), source)


def drop_tables(database: dict[str, Any]) -> None:
    """Every table of a MariaDB database; DatabaseError where the account may not."""
    with connected(database) as opened, opened.cursor() as cursor:
        cursor.execute("SET FOREIGN_KEY_CHECKS=0")
        for table in _tables(opened):
            cursor.execute(f"DROP TABLE {opened.ops.quote_name(table)}")


def _load_sqlite(target: Path, source: Path) -> None:
    """Beside it, flushed, then renamed: a reader sees the old one or the new one."""
    target.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name}.restored")
    with open(source, "rb") as old, open(os.open(beside, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as new:
        while piece := old.read(PIECE):
            new.write(piece)
        new.flush()
        os.fsync(new.fileno())
    for tail in ("-wal", "-shm"):
        target.with_name(target.name + tail).unlink(missing_ok=True)
    os.replace(beside, target)


def _no_load() -> DomainError:
    return DomainError(
        _("Basis data cadangan tidak dapat dimuat. Periksa apakah basis datanya ada dan hak akunnya, lalu ulangi."),
        code="backup.no_load",
    )


# --- MariaDB's own tools ---------------------------------------------------------------------------------


def ships_logs() -> bool:
    """Whether the MariaDB in use writes binary logs, and the LSP wants them kept."""
    if connection.vendor != "mysql" or not settings.BACKUP_LOG_DAYS:
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT @@log_bin")
        return bool(cursor.fetchone()[0])


@contextmanager
def mysql_client(
    program: str,
    database: dict[str, Any],
    words: list[str],
    *,
    stdin: IO[bytes] | int = subprocess.DEVNULL,
    stdout: IO[bytes] | int = subprocess.DEVNULL,
) -> Iterator[subprocess.Popen]:
    """One of MariaDB's programs with the database's account; afterwards its `returncode` says how it went."""
    with mysql_account(database) as account:
        try:
            process = subprocess.Popen(  # noqa: S603 - fixed programs, no shell
                [program, f"--defaults-file={account}", *words], stdin=stdin, stdout=stdout, stderr=subprocess.PIPE
            )
        except FileNotFoundError as error:
            raise DomainError(
                _("Program %(name)s tidak ada di server ini. Pasang paket mariadb-client.") % {"name": program},
                code="backup.no_client",
            ) from error
        with process:
            try:
                yield process
            except BaseException:
                process.kill()
                raise
            if process.stderr:
                complaint = process.stderr.read().decode(errors="replace")
            process.wait()
            if process.returncode:
                logger.error("%s: exit %s: %s", program, process.returncode, complaint[-1000:])


@contextmanager
def mysql_account(database: dict[str, Any]) -> Iterator[Path]:
    """A file with the account, readable by this process only and gone afterwards."""
    lines = ["[client]", f"user={_quoted(database['USER'])}", f"password={_quoted(database['PASSWORD'])}"]
    host = database.get("HOST") or ""
    if host.startswith("/"):
        lines.append(f"socket={_quoted(host)}")
    elif host:
        lines += [f"host={_quoted(host)}", f"port={database.get('PORT') or 3306}", "protocol=tcp"]
    if (options := database.get("OPTIONS") or {}).get("unix_socket"):
        lines.append(f"socket={_quoted(options['unix_socket'])}")
    for ours, theirs in (("ca", "ssl-ca"), ("cert", "ssl-cert"), ("key", "ssl-key")):
        if value := (options.get("ssl") or {}).get(ours):
            lines.append(f"{theirs}={_quoted(value)}")
    handle, name = tempfile.mkstemp(prefix="lsp-", suffix=".cnf")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        yield Path(name)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(name)


def _quoted(value: str) -> str:
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _digest(path: Path) -> tuple[str, int]:
    with open(path, "rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    return digest.hexdigest(), path.stat().st_size
