"""Where a drill restores to: an empty database and an empty folder that are gone afterwards.

SQLite: a file in the folder. MariaDB: a database beside the real one that is called like it with `_drill` behind, made
for the drill and marked as its own; where the account may not make one, the database that DRILL_DATABASE_URL names.
"""

import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

from core.backups.databases import drop_tables, settings_of

#: Says that a database was made by a drill: one that was left behind may be dropped, any other may not.
MARK = "restore_drill"
#: What of Django's settings of a database says where it is and how it is spoken to.
TOLD = ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")


class CannotVerify(Exception):
    """The drill could not look, for a reason that stands in a sentence for the administrator."""


@dataclass(frozen=True)
class Scratch:
    """`database`: Django's settings of it, which lie in the folder too, for processes that run there."""

    folder: Path
    database: dict[str, Any]


@contextmanager
def scratch_place() -> Iterator[Scratch]:
    """Both empty; both gone when the drill ends, however it ends."""
    folder = settings.DRILL_FOLDER / "salinan"
    empty(folder)
    try:
        folder.mkdir(mode=0o700, parents=True)
    except OSError as error:
        raise CannotVerify(
            _("Folder uji %(folder)s tidak dapat dibuat: %(why)s. Periksa DRILL_FOLDER.")
            % {"folder": folder, "why": error.strerror}
        ) from error
    try:
        with _database(folder) as config:
            told = {name: config[name] for name in TOLD if name in config}
            (folder / "database.json").write_text(json.dumps(told), encoding="utf-8")  # in a folder that is ours alone
            yield Scratch(folder, config)
    finally:
        empty(folder)


def empty(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def free_bytes() -> int:
    """What is left on the disk where drills restore to."""
    settings.DRILL_FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)
    return shutil.disk_usage(settings.DRILL_FOLDER).free


@contextmanager
def _database(folder: Path) -> Iterator[dict[str, Any]]:
    real = connection.settings_dict
    if connection.vendor == "sqlite":
        yield {"ENGINE": real["ENGINE"], "NAME": str(folder / "salinan.sqlite3"), "OPTIONS": real["OPTIONS"]}
        return
    if settings.DRILL_DATABASE_URL:
        config = settings_of(settings.DRILL_DATABASE_URL)
        _refuse_the_real_one(config, real)
        _empty_database(config)
        try:
            yield config
        finally:
            with suppress(CannotVerify):
                _empty_database(config)
        return
    name = f"{real['NAME']}_drill"
    _make(name)
    try:
        yield {key: real[key] for key in TOLD} | {"NAME": name}
    finally:
        with suppress(DatabaseError):
            _say(f"DROP DATABASE IF EXISTS {connection.ops.quote_name(name)}")


def _refuse_the_real_one(config: dict[str, Any], real: dict[str, Any]) -> None:
    if config["NAME"] == real["NAME"]:
        raise CannotVerify(
            _("DRILL_DATABASE_URL menunjuk basis data yang bernama sama dengan yang dipakai. Beri nama lain.")
        )


def _make(name: str) -> None:
    """A database of that name which only this drill uses; one that an interrupted drill left behind goes first."""
    marks = _say("SELECT schema_comment FROM information_schema.schemata WHERE schema_name = %s", [name])
    if marks and marks[0][0] != MARK:
        raise CannotVerify(
            _("Basis data %(name)s sudah ada dan bukan buatan uji pemulihan. Hapus, atau isi DRILL_DATABASE_URL.")
            % {"name": name}
        )
    quoted = connection.ops.quote_name(name)
    try:
        _say(f"DROP DATABASE IF EXISTS {quoted}")
        _say(f"CREATE DATABASE {quoted} CHARACTER SET utf8mb4 COMMENT '{MARK}'")
    except DatabaseError as error:
        raise CannotVerify(
            _(
                "Akun basis data tidak boleh membuat %(name)s. Beri hak itu (server_docs/backup.md), "
                "atau isi DRILL_DATABASE_URL dengan basis data kosong."
            )
            % {"name": name}
        ) from error


def _say(statement: str, arguments: list[Any] | None = None) -> list[tuple]:
    """On a connection of its own: making a database ends a transaction."""
    own = connection.copy()
    try:
        with own.cursor() as cursor:
            cursor.execute(statement, arguments)
            return list(cursor.fetchall()) if cursor.description else []
    finally:
        own.close()


def _empty_database(config: dict[str, Any]) -> None:
    try:
        drop_tables(config)
    except DatabaseError as error:
        raise CannotVerify(
            _("Basis data dari DRILL_DATABASE_URL tidak dapat dikosongkan. Periksa alamat dan haknya.")
        ) from error


def program_on(scratch: Scratch, *words: str) -> list[str]:
    """The command that runs the program on the copy instead of on the real installation, with the same keys."""
    folder = f"SCRATCH_FOLDER={scratch.folder}"
    manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
    return ["/usr/bin/env", folder, *manage, *words, "--settings=core.config.settings.scratch"]
