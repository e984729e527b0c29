"""A copy of all rows of the test database, beside its tables, and back: what emptied tables held before.

Django empties every table behind a test that needs real transactions. Reading the reference data from its files
again takes a second each time, copying the rows inside the database a fraction of it.
"""

from django.db import connection, transaction

_kept: list[str] = []


def are_kept() -> bool:
    return bool(_kept)


def keep() -> None:
    """Copy every table that holds something."""
    with connection.cursor() as cursor:
        for table in connection.introspection.django_table_names(only_existing=True, include_views=False):
            cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {_name(table)})")
            if cursor.fetchone()[0]:
                cursor.execute(f"CREATE TABLE {_copy_of(table)} AS SELECT * FROM {_name(table)}")
                _kept.append(table)


def put_back() -> None:
    """Make these tables hold what they held."""
    with connection.constraint_checks_disabled(), transaction.atomic(), connection.cursor() as cursor:
        for table in _kept:
            cursor.execute(f"DELETE FROM {_name(table)}")
            cursor.execute(f"INSERT INTO {_name(table)} SELECT * FROM {_copy_of(table)}")


def forget() -> None:
    """The database with the copies is about to go."""
    _kept.clear()


def _name(table: str) -> str:
    return connection.ops.quote_name(table)


def _copy_of(table: str) -> str:
    return connection.ops.quote_name(f"kept_{table}")
