"""What every test may count on.

- The settings are tests/settings.py; documents go to a folder that is thrown away.
- Every test with a database starts with the real reference data (fixtures/reference: regions, code
  lists, standards, schemes, message templates …). Loading takes half a second, once per worker.
- Tests with a live server or with `transaction=True` empty all tables when they end; the reference
  data comes back by itself, by the same way (see `django_db_setup`).
- People, schemes, papers and cases are made with the plain functions in tests/factories/.
- Tests in tests/journeys/ carry the marker `journey`; `-m "not journey"` leaves them out.
"""

from pathlib import Path

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db.models.signals import post_migrate

JOURNEYS = Path(__file__).parent / "journeys"
NOBODY_OBLIGED = dict.fromkeys(
    [f"second_factor_{role}" for role in ("administrator", "sekretariat", "asesor", "bnsp")], False
)


#: What does not hang on the database: walks over pages and papers. CI runs it on one database only, so that it ends in
#: time; `make test` runs everything on both.
ANY_DATABASE = (
    "journeys",
    "security",
    "backoffice",
    "public_site",
    "core/applications/test_workflow_matrix.py",
    "core/assessments/test_paper_printing.py",
    "core/assessments/test_workflow_matrix.py",
    "core/certificates/test_printing.py",
    "core/certificates/test_workflow_matrix.py",
    "core/documents/test_rendering.py",
)
#: Screens whose questions each database answers in its own way.
EACH_DATABASE = (
    "backoffice/test_exports.py",
    "backoffice/test_home.py",
    "backoffice/test_imports.py",
    "backoffice/test_lists.py",
    "backoffice/test_queue.py",
)


def pytest_collection_modifyitems(items):
    for item in items:
        here = Path(__file__).parent
        if any(item.path.is_relative_to(here / name) for name in ANY_DATABASE) and not any(
            item.path == here / name for name in EACH_DATABASE
        ):
            item.add_marker(pytest.mark.any_database)
        if item.path.is_relative_to(JOURNEYS):
            item.add_marker(pytest.mark.journey)


def pytest_terminal_summary(terminalreporter):
    """One plain line about the browser; scripts/run_tests.py repeats it at the very end."""
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
    from core.policy.models import SystemPolicy
    from core.reference import load_reference

    load_reference()
    # The one place where tests differ from a new installation: nobody must use a second factor, so that
    # `force_login` means "is in". Tests that are about it switch it on with the fixture `second_factor_required`.
    SystemPolicy.objects.update(**NOBODY_OBLIGED)


@pytest.fixture(scope="session")
def _reference_after_each_flush():
    """Django sends post_migrate after it made the tables and after it emptied them: both need the data."""
    post_migrate.connect(_load_reference, sender=apps.get_app_config("core"))
    yield
    post_migrate.disconnect(_load_reference, sender=apps.get_app_config("core"))


@pytest.fixture(scope="session")
def django_db_setup(_reference_after_each_flush, django_db_setup):
    """The test database, with the reference data in it from the start."""


@pytest.fixture
def second_factor_required(db):
    """The policy as a new installation has it: all staff must use a second factor."""
    from core.policy.models import SystemPolicy

    SystemPolicy.objects.update(**dict.fromkeys(NOBODY_OBLIGED, True))


@pytest.fixture(autouse=True)
def _nothing_remembered():
    """Counters in the cache belong to one test."""
    yield
    cache.clear()
