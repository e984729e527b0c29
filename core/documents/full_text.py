"""The full-text index of `DocumentText.words` on each database: MariaDB's FULLTEXT, SQLite's FTS5.

On SQLite the index is a table of its own that triggers keep in step. A later migration that changes the table
of `DocumentText` makes it anew there, without its triggers: such a migration calls `install` again.
"""

from typing import Any

from django.db import connection, models

TABLE, INDEX = "core_documenttext", "core_documenttext_fts"
_ADD = f"INSERT INTO {INDEX} (rowid, words) VALUES (new.document_id, new.words);"  # noqa: S608 - names are constants
_TAKE = f"INSERT INTO {INDEX} ({INDEX}, rowid, words) VALUES ('delete', old.document_id, old.words);"  # noqa: S608
_SQLITE = (
    f"CREATE VIRTUAL TABLE IF NOT EXISTS {INDEX} USING fts5(words, content='{TABLE}', content_rowid='document_id', "
    "detail='none')",
    f"CREATE TRIGGER IF NOT EXISTS {INDEX}_added AFTER INSERT ON {TABLE} BEGIN {_ADD} END",
    f"CREATE TRIGGER IF NOT EXISTS {INDEX}_deleted AFTER DELETE ON {TABLE} BEGIN {_TAKE} END",
    f"CREATE TRIGGER IF NOT EXISTS {INDEX}_changed AFTER UPDATE OF words ON {TABLE} BEGIN {_TAKE} {_ADD} END",
    f"INSERT INTO {INDEX} ({INDEX}) VALUES ('rebuild')",  # noqa: S608
)


class WordsField(models.TextField):
    """Words written as `words.py` says; `words__matches` asks the full-text index."""


@WordsField.register_lookup
class Matches(models.Lookup):
    """`words__matches=["xxa12", "zzbanjir*"]` asks the full-text index: all of these, with a star what begins so.

    Only of words after the first InnoDB skips what lies elsewhere: the block of documents is named first.
    """

    lookup_name = "matches"
    prepare_rhs = False

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list]:
        lhs, params = self.process_lhs(compiler, connection)
        key = f"{lhs.rpartition('.')[0]}.{connection.ops.quote_name('document_id')}"
        found = f"{key} IN (SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH %s)"  # noqa: S608 - names are constants
        return found, [*params, " AND ".join(self.rhs)]

    def as_mysql(self, compiler: Any, connection: Any) -> tuple[str, list]:
        lhs, params = self.process_lhs(compiler, connection)
        return f"MATCH ({lhs}) AGAINST (%s IN BOOLEAN MODE)", [*params, " ".join(f"+{word}" for word in self.rhs)]


def install(schema_editor: Any) -> None:
    """Make the index; on SQLite also again, when the table was made anew."""
    if schema_editor.connection.vendor == "sqlite":
        for statement in _SQLITE:
            schema_editor.execute(statement)
    else:
        schema_editor.execute(f"ALTER TABLE {TABLE} ADD FULLTEXT INDEX {INDEX} (words)")


def rebuild() -> None:
    """Nothing of words that are gone stays in the index."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(_SQLITE[-1])


def uninstall(schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for name in ("added", "deleted", "changed"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {INDEX}_{name}")
        schema_editor.execute(f"DROP TABLE IF EXISTS {INDEX}")
    else:
        schema_editor.execute(f"ALTER TABLE {TABLE} DROP INDEX {INDEX}")
