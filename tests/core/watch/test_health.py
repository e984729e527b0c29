"""/sehat/: which part fails when, how little it costs, and that it asks no more of a database that is down."""

import shutil
from datetime import timedelta

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from core.activity.models import ActivityEntry
from core.activity.services import record_activity
from core.jobs.models import Job
from core.messaging.models import OutboxMessage
from core.watch import health
from core.watch.health import PARTS, examine, shipped_migrations
from tests.factories.accounts import make_user
from tests.factories.jobs import make_job

pytestmark = pytest.mark.django_db

LONG_AGO = timedelta(minutes=16)


def failing(client) -> set[str]:
    answer = client.get("/sehat/")
    parts = answer.json()
    assert set(parts.values()) <= {"ok", "gagal"}
    failed = {key for key, state in parts.items() if state == "gagal"}
    assert answer.status_code == (503 if failed else 200)
    return failed


def sentence(key: str) -> str:
    return next(report.sentence for report in examine() if report.part.key == key)


def test_all_is_well_in_a_few_questions(client, django_assert_max_num_queries):
    make_job()
    record_activity("account.login", by=make_user(role="sekretariat"))
    with django_assert_max_num_queries(24):
        assert failing(client) == set()
    assert list(client.get("/sehat/").json()) == [part.key for part in PARTS if part.is_used()]


def test_letters_that_nobody_sends(client):
    letter = OutboxMessage.objects.create(address="a@contoh.id", template_key="x", subject="x", body="x")
    assert failing(client) == set()
    OutboxMessage.objects.filter(pk=letter.pk).update(created_at=timezone.now() - LONG_AGO)
    assert failing(client) == {"outbox"}
    assert sentence("outbox") == "1 surat menunggu. Yang tertua 16\xa0menit."


def test_jobs_that_nobody_carries_but_not_those_behind_a_long_one(client):
    job = make_job()
    Job.objects.filter(pk=job.pk).update(requested_at=timezone.now() - LONG_AGO)
    assert failing(client) == {"jobs"}
    long_one = make_job()
    Job.objects.filter(pk=long_one.pk).update(state="berjalan", beat_at=timezone.now())
    assert failing(client) == set()


def test_a_disk_that_fills_up(client, settings):
    settings.DISK_FREE_LIMIT = shutil.disk_usage(settings.VAR_DIR).free + (1 << 40)
    assert failing(client) == {"disk"}


def test_a_folder_of_documents_that_cannot_be_written(client, settings, tmp_path):
    (tmp_path / "a-file").write_text("")
    settings.DOCUMENT_ROOT = tmp_path / "a-file" / "documents"
    assert failing(client) == {"storage"}


def test_a_clock_that_was_set_back(client, settings):
    settings.CLOCKS_APART = timedelta(minutes=2)
    record_activity("account.login", by=make_user(role="sekretariat"))
    ahead = timezone.now() + timedelta(hours=1)
    with connection.cursor() as cursor:  # the log lets nobody change an entry
        cursor.execute(f"UPDATE {ActivityEntry._meta.db_table} SET at = %s", [ahead.replace(tzinfo=None)])
    assert "clock" in failing(client)


@pytest.mark.django_db(transaction=True)
def test_an_update_that_was_left_half_way(client, monkeypatch):
    assert shipped_migrations() == []  # switched off in the tests, which have no table of them either
    MigrationRecorder(connection).ensure_schema()
    MigrationRecorder.Migration.objects.create(app="core", name="0001_initial")
    monkeypatch.setattr(health, "shipped_migrations", lambda: [("core", "0001_initial"), ("core", "0099_next")])
    assert failing(client) == {"migrations"}
    assert sentence("migrations") == "Perubahan yang belum dijalankan: core.0099_next."
    with connection.schema_editor() as editor:
        editor.delete_model(MigrationRecorder.Migration)


def test_the_migrations_that_lie_beside_the_code_are_known_without_reading_them(settings):
    settings.MIGRATION_MODULES = {}
    shipped_migrations.cache_clear()
    try:
        found = shipped_migrations()
    finally:
        shipped_migrations.cache_clear()
    assert ("core", "0001_initial") in found
    assert {"auth", "sessions", "reversion", "axes", "otp_totp"} <= {app for app, _name in found}


def test_a_database_that_is_down_is_asked_once(client):
    asked = []

    def refuse(execute, sql, params, many, context):
        asked.append(sql)
        raise connection.Database.OperationalError(2002, "no server")

    with connection.execute_wrapper(refuse):
        failed = failing(client)

    assert failed == {part.key for part in PARTS if part.needs_database and part.is_used()}
    assert len(asked) == 1


def test_every_part_names_a_page_of_the_runbook_that_exists(settings):
    for part in PARTS:
        assert (settings.BASE_DIR / "server_docs" / "runbook" / f"{part.runbook}.md").exists(), part.runbook
        assert str(part.advice).endswith(".")
