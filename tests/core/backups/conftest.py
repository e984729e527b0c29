"""A repository on this machine, and folders that no other test uses."""

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder


@pytest.fixture
def drill_places(settings, tmp_path):
    settings.BACKUP_ROOT = tmp_path / "backups"
    settings.BACKUP_REPOSITORIES = {"local": str(tmp_path / "repository"), "remote": ""}
    settings.BACKUP_PASSWORD_FILE = tmp_path / "password"
    settings.BACKUP_PASSWORD_FILE.write_text("rahasia-uji")
    settings.DOCUMENT_ROOT, settings.IMPORT_ROOT = tmp_path / "documents", tmp_path / "imports"
    settings.DRILL_FOLDER = tmp_path / "drill"
    return tmp_path


@pytest.fixture
def migrated(settings, transactional_db):
    """As an installation is, whose tables were made by migrations; those of the tests come from the models."""
    settings.MIGRATION_MODULES = {}
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    for app, name in MigrationLoader(None).disk_migrations:
        recorder.record_applied(app, name)
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE django_migrations")
