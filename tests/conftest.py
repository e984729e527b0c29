"""What every test may count on.

- The settings are tests/settings.py; documents go to a folder that is thrown away.
- Every test with a database starts with the real reference data (fixtures/reference: regions, code
  lists, standards, schemes, message templates …). Loading takes half a second, once per worker.
- Tests with a live server or with `transaction=True` empty all tables when they end; the reference
  data comes back by itself, from a copy of its tables (tests/kept_rows.py).
- People, schemes, papers and cases are made with the plain functions in tests/factories/.
- Tests in tests/journeys/ carry the marker `journey`; `-m "not journey"` leaves them out.
"""

import functools
import gc
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.contenttypes.management import create_contenttypes
from django.core.cache import cache
from django.db import connection
from django.db.models.signals import post_migrate
from django.utils import timezone, translation

from tests import kept_rows
from tests.planted import Planted

#: Where tests need a browser.
PICTURES = Path(__file__).parent / "manual" / "test_pictures.py"
JOURNEYS = (Path(__file__).parent / "journeys", PICTURES, Path(__file__).parent / "acceptance")
NOBODY_OBLIGED = dict.fromkeys(
    [f"second_factor_{role}" for role in ("administrator", "sekretariat", "asesor", "bnsp")], False
)


#: What each database answers in its own way: searching and sorting, locks, numbers, bulk writing, the log's chain. CI
#: runs these, and every test that needs real transactions (two people at once), on both databases, and all others on
#: one, so that it ends in time; `make test` runs everything on both.
EACH_DATABASE = (
    "backoffice/test_exports.py",
    "backoffice/test_imports.py",
    "backoffice/test_queue.py",
    "core/accounts/test_search.py",
    "core/activity",
    "core/assessments/test_conflicts.py",
    "core/certificates/test_issuing.py",
    "core/certificates/test_reminders.py",
    "core/common",
    "core/documents/test_integrity.py",
    "core/documents/test_repository.py",
    "core/documents/test_text.py",
    "core/imports",
    "core/privacy/test_key_rotation.py",
    "core/reports",
    "core/test_reference.py",
    "test_migrations.py",
)
#: And what has real transactions without a rule of a database in it: restic's places and faults, and the demo's own
#: set-up. That MariaDB is written down and comes back is seen in core/backups/test_drills.py and test_single.py.
ONE_DATABASE = ("core/backups/test_round_trip.py", "faults/test_backup_faults.py", "load/test_walking.py", "training")


def pytest_configure(config):
    config.pluginmanager.register(Planted(), "planted")


@functools.cache
def _is_journey(path: Path) -> bool:
    return any(path.is_relative_to(place) for place in JOURNEYS)


@functools.cache
def _lies_in(path: Path, places: tuple[str, ...]) -> bool:
    return any(path.is_relative_to(Path(__file__).parent / place) for place in places)


def pytest_itemcollected(item):
    is_journey = _is_journey(item.path)
    marker = item.get_closest_marker("django_db")
    has_transactions = marker is not None and marker.kwargs.get("transaction", False) and not is_journey
    is_of_each = has_transactions and not _lies_in(item.path, ONE_DATABASE)
    if not is_of_each and not _lies_in(item.path, EACH_DATABASE):
        item.add_marker(pytest.mark.any_database)
    if is_journey:
        item.add_marker(pytest.mark.journey)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Journeys last: a browser once started keeps an event loop in its process, and the signer of PDFs needs its own.

    Among them the pictures first: a role's take a minute, and the end would wait for one process alone.
    """
    items.sort(key=lambda item: (_is_journey(item.path), item.path != PICTURES))


def pytest_collection_finish():
    """What was imported and collected stays to the end: looking through it again and again for garbage is idle work."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20)


def pytest_terminal_summary(terminalreporter):
    """One plain line about the browser; scripts/run_tests.py repeats it at the very end."""
    # a file that could not be collected has a report without keywords
    outcomes = {
        name: [
            report for report in terminalreporter.stats.get(name, []) if "journey" in getattr(report, "keywords", ())
        ]
        for name in ("passed", "failed", "error", "skipped")
    }
    counts = ", ".join(f"{len(reports)} {name}" for name, reports in outcomes.items() if reports)
    if outcomes["skipped"]:
        counts += f" ({outcomes['skipped'][0].longrepr[2].removeprefix('Skipped: ')})"
    terminalreporter.write_line(f"Perjalanan peramban: {counts or 'tidak dijalankan'}")


def _load_reference(sender, **kwargs):
    if kept_rows.are_kept():
        kept_rows.put_back()
        return

    from core.policy.models import SystemPolicy
    from core.reference import load_reference
    from core.timetable.models import ScheduledJob

    load_reference()
    # The one place where tests differ from a new installation. Nobody must use a second factor, so that
    # `force_login` means "is in". Tests that are about it switch it on with the fixture `second_factor_required`.
    # And nobody misses cron, however long the suite takes: as if it had been read a day from now.
    SystemPolicy.objects.update(**NOBODY_OBLIGED)
    tomorrow = timezone.now() + timedelta(days=1)
    ScheduledJob.objects.update(looked_at=tomorrow, slot=tomorrow)


@pytest.fixture(scope="session")
def _reference_after_each_flush():
    """Django sends post_migrate after it made the tables and after it emptied them: both need the data."""
    post_migrate.connect(_load_reference, sender=apps.get_app_config("core"))
    yield
    post_migrate.disconnect(_load_reference, sender=apps.get_app_config("core"))


@pytest.fixture(scope="session")
def django_db_setup(_reference_after_each_flush, django_db_setup, django_db_blocker):
    """The test database, with the reference data in it from the start.

    Its tables come from the models; what only a migration makes, the full-text index, is made here.
    """
    from core.documents import full_text

    with django_db_blocker.unblock(), connection.schema_editor(atomic=False) as editor:
        full_text.install(editor)
    with django_db_blocker.unblock():
        kept_rows.keep()
    # The types and rights that these make lie in the copy.
    post_migrate.disconnect(create_contenttypes)
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
    yield
    kept_rows.forget()


@pytest.fixture
def second_factor_required(db):
    """The policy as a new installation has it: all staff must use a second factor."""
    from core.policy.models import SystemPolicy

    SystemPolicy.objects.update(**dict.fromkeys(NOBODY_OBLIGED, True))


@pytest.fixture(autouse=True)
def _nothing_remembered():
    """Counters in the cache belong to one test, and so does the language of the last page that was read."""
    yield
    cache.clear()
    translation.deactivate()
