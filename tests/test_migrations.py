"""One line of history that leads to what the models say."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

ROOT = Path(__file__).parents[1]
MIGRATE = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
import json
from tests.test_migrations import tables
print(json.dumps(tables()))
"""


@pytest.fixture(autouse=True)
def _with_history(settings):
    """The suite makes its tables from the models; here the migrations are asked."""
    settings.MIGRATION_MODULES = {}


def tables() -> dict[str, list]:
    """What the database of this process holds of ours: of each table the columns, and what binds them."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        return {name: _table(cursor, name) for name in names if name.startswith("core_")}


def _table(cursor, name: str) -> list:
    columns = connection.introspection.get_table_description(cursor, name)
    kinds = ("primary_key", "unique", "index", "check", "foreign_key")
    bound = connection.introspection.get_constraints(cursor, name).values()
    return [
        sorted([column.name, str(column.type_code), bool(column.null_ok)] for column in columns),
        sorted([*map(str, binding["columns"]), *(str(binding[kind]) for kind in kinds)] for binding in bound),
    ]


@pytest.mark.django_db
def test_models_and_migrations_agree():
    call_command("makemigrations", "--check", "--dry-run", verbosity=1)  # exits, and so fails, when they do not


def test_history_is_one_line():
    loader = MigrationLoader(connection=None)
    assert len(loader.graph.leaf_nodes("core")) == 1
    names = sorted(name for app, name in loader.graph.nodes if app == "core")
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))


@pytest.mark.django_db(transaction=True)
def test_migrating_an_empty_database_makes_the_tables_that_the_models_describe(tmp_path):
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    scratch = f"scratch_{os.getpid()}"
    if connection.vendor == "sqlite":
        environment["TEST_DATABASE_URL"] = f"sqlite:///{tmp_path / scratch}"
    else:
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {scratch} CHARACTER SET utf8mb4")
        environment["TEST_DATABASE_URL"] = f"{os.environ['TEST_DATABASE_URL'].rpartition('/')[0]}/{scratch}"
    try:
        migrated = subprocess.run(
            [sys.executable, "-c", MIGRATE], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
        )
    finally:
        if connection.vendor == "mysql":
            with connection.cursor() as cursor:
                cursor.execute(f"DROP DATABASE {scratch}")
    made, described = json.loads(migrated.stdout), json.loads(json.dumps(tables()))
    assert made.keys() == described.keys()
    assert {name: made[name] for name in made if made[name] != described[name]} == {}
