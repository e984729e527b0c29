"""The world every test starts in: reference data loaded, documents in a folder of its own."""

import pytest

from core.common.models import NumberingRule
from core.reference import load_reference


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Load the reference data once per database; tests roll back to it."""
    with django_db_blocker.unblock():
        load_reference()


@pytest.fixture(autouse=True)
def reference_data(request):
    """Tests that commit (browser, threads) empty the database afterwards; whoever comes next fills it again."""
    if request.node.get_closest_marker("django_db") is None:
        return
    marker = request.node.get_closest_marker("django_db")
    request.getfixturevalue("transactional_db" if marker.kwargs.get("transaction") else "db")
    if not NumberingRule.objects.exists():
        load_reference()


@pytest.fixture(autouse=True)
def document_root(settings, tmp_path):
    """Documents of a test go where pytest throws them away."""
    settings.DOCUMENT_ROOT = tmp_path / "documents"
    return settings.DOCUMENT_ROOT
