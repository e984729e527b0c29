"""A restore drill: what it proves, what it finds, and that what could not be looked at is never taken for proven."""

import io
import shutil
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from core.activity.models import ActivityEntry
from core.backups.certificate import ensure_certificate
from core.backups.drill_enums import DrillOutcome, DrillStep, StepResult
from core.backups.drill_models import RestoreDrill
from core.backups.drills import running_drill
from core.backups.models import BackupCopy
from core.backups.services import run_backup
from core.documents.models import Document
from core.messaging.models import OutboxMessage
from tests.core.helpers import refused
from tests.factories.accounts import make_candidate, make_user
from tests.factories.documents import make_document

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(shutil.which("restic") is None, reason="restic is not installed"),
]


@pytest.fixture(autouse=True)
def places(drill_places, migrated):
    return drill_places


@pytest.fixture
def administrator(db):
    return make_user(role="administrator")


def drilled(code: int) -> tuple[RestoreDrill, str]:
    """What the command wrote, which ended with that code, and the record that it left."""
    told = io.StringIO()
    if code == 0:
        call_command("restore_drill", stdout=told)
        return RestoreDrill.objects.first(), told.getvalue()
    with pytest.raises(CommandError) as caught:
        call_command("restore_drill", stdout=told)
    assert caught.value.returncode == code
    return RestoreDrill.objects.first(), f"{told.getvalue()}{caught.value}"


def is_cleared(places: Path) -> bool:
    """Nothing that was restored is left."""
    return [path.name for path in (places / "drill").iterdir()] == [".lock"]


def test_a_drill_proves_that_everything_comes_back(places, administrator):
    papers = [make_document(owner=make_candidate().user) for _paper in range(3)]
    run_backup()

    drill, told = drilled(0)

    assert {step["code"]: step["result"] for step in drill.steps if step["result"] != StepResult.FINE} == {
        DrillStep.MIGRATE: StepResult.SKIPPED,
        DrillStep.PAPERS: StepResult.SKIPPED,
    }
    assert [step["code"] for step in drill.steps] == list(DrillStep)
    assert drill.outcome == DrillOutcome.PROVEN
    assert drill.documents == len(papers)
    assert drill.size == sum(paper.size for paper in papers)
    assert drill.rows > 1000
    assert drill.usable_seconds is not None
    assert "TERBUKTI: Repositori lokal" in told
    copy = BackupCopy.objects.get()
    assert (drill.copy, drill.snapshot) == (copy, copy.snapshot)
    assert copy.proven_at is not None
    assert is_cleared(places)
    if connection.vendor == "mysql":
        with connection.cursor() as cursor:
            cursor.execute("SHOW DATABASES LIKE %s", [f"{connection.settings_dict['NAME']}_drill"])
            assert cursor.fetchall() == ()
    assert not OutboxMessage.objects.filter(template_key="drill-not-proven").exists()
    assert ActivityEntry.objects.filter(code="drill.end").get().data == {"outcome": "terbukti"}

    document = ensure_certificate(drill=drill, by=administrator)
    assert ensure_certificate(drill=drill, by=administrator) == document
    assert document.owner == administrator


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has no server that gives databases")
def test_a_drill_restores_into_the_database_that_it_was_given(places, administrator, settings):
    """Where the account may not make databases; the real one is refused, whatever stands in the environment."""
    own = connection.settings_dict
    name = f"{own['NAME']}_uji"
    server = f"mysql://{own['USER']}:{own['PASSWORD']}@{own['HOST']}:{own['PORT']}"
    make_document(owner=make_user(role="asesi"))
    assert run_backup().is_good
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
    try:
        settings.DRILL_DATABASE_URL = f"{server}/{name}"
        assert drilled(0)[0].outcome == DrillOutcome.PROVEN
        with connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = %s", [name])
            assert cursor.fetchone() == (0,)
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name}")
    settings.DRILL_DATABASE_URL = f"{server}/{own['NAME']}"
    drill, told = drilled(2)
    assert drill.outcome == DrillOutcome.UNVERIFIED
    assert "bernama sama" in told
    assert Document.objects.exists()


def test_what_could_not_be_looked_at_is_not_proven_and_the_administrators_hear_of_it(places, settings, administrator):
    drill, told = drilled(2)
    assert drill.outcome == DrillOutcome.UNVERIFIED
    assert [(step["code"], step["result"]) for step in drill.steps] == [(DrillStep.PREPARE, StepResult.FAILED)]
    letter = OutboxMessage.objects.get(template_key="drill-not-proven")
    assert letter.recipient == administrator
    assert drill.problem in letter.body

    run_backup()
    settings.DRILL_MINUTES = 0
    drill, told = drilled(2)
    assert "Waktu habis sesudah 0 menit (DRILL_MINUTES)." in told
    assert is_cleared(places)

    for pack in (places / "repository" / "data").rglob("*"):
        if pack.is_file():
            pack.chmod(0o600)
            pack.write_bytes(bytes(byte ^ 1 for byte in pack.read_bytes()))
    drill, told = drilled(1)
    assert drill.outcome == DrillOutcome.DIFFERS
    assert "Isi repositori cadangan rusak." in drill.problem
    assert BackupCopy.objects.get().proven_at is None
    assert OutboxMessage.objects.filter(template_key="drill-not-proven").count() == 3


def test_a_drill_that_was_killed_is_no_running_one_and_proves_nothing(administrator):
    killed = RestoreDrill.objects.create(place="local", steps=[])
    assert running_drill() is None

    drilled(2)

    killed.refresh_from_db()
    assert killed.outcome == DrillOutcome.UNVERIFIED
    assert "Terputus" in killed.problem


def test_a_running_drill_has_no_paper_yet(administrator):
    drill = RestoreDrill.objects.create(place="local")
    with refused("drill_certificate.running"):
        ensure_certificate(drill=drill, by=administrator)
