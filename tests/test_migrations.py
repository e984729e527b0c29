"""One line of history that says what the models say."""

import pytest
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader


@pytest.mark.django_db
def test_models_and_migrations_agree():
    call_command("makemigrations", "--check", "--dry-run", verbosity=1)  # exits, and so fails, when they do not


def test_history_is_one_line():
    loader = MigrationLoader(connection=None)
    assert len(loader.graph.leaf_nodes("core")) == 1
    names = sorted(name for app, name in loader.graph.nodes if app == "core")
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
