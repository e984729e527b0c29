"""A course made ready once for a module; every test sees it as on its first morning."""

import pytest
from django.db import transaction

from core.demo.training import seed_training

PARTICIPANTS = 2


@pytest.fixture(scope="module")
def course(django_db_setup, django_db_blocker):
    """The state for two participants. Each test's own changes are taken back, and this in the end."""
    with django_db_blocker.unblock():
        whole = transaction.atomic()
        whole.__enter__()
        try:
            steps = list(seed_training(participants=PARTICIPANTS))
            yield steps
        finally:
            transaction.set_rollback(True)
            whole.__exit__(None, None, None)
