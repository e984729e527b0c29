"""How long handed-in spreadsheets are kept: as the policy says, and never longer than a younger import needs."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.common.exceptions import DomainError
from core.imports.models import ImportRun
from core.imports.services import content_of, remove_old_files
from core.policy.models import SystemPolicy
from tests.factories.imports import make_import_run

pytestmark = pytest.mark.django_db


def aged(days: int, content: bytes) -> ImportRun:
    run = make_import_run(content=content)
    ImportRun.objects.filter(pk=run.pk).update(created_at=timezone.now() - timedelta(days=days))
    run.refresh_from_db()
    return run


def test_a_file_and_what_its_report_says_go_after_the_months_of_the_policy_and_that_it_came_stays():
    old, young = aged(370, b"lama"), aged(300, b"baru")
    path, counts = old.file.path, old.counts

    assert remove_old_files() == 1

    old.refresh_from_db()
    assert (bool(old.file), old.report["columns"], old.counts) == (False, [], counts)
    assert young.report["columns"] == ["Kunci", "Nama"]
    with pytest.raises(FileNotFoundError):
        open(path).close()
    with pytest.raises(DomainError):
        content_of(old)
    assert content_of(young) == b"baru"
    assert remove_old_files() == 0


def test_a_file_that_a_younger_import_shares_stays_with_it():
    aged(370, b"sama")
    young = aged(10, b"sama")

    assert remove_old_files() == 1

    assert content_of(young) == b"sama"


def test_zero_months_keep_files_for_ever():
    SystemPolicy.objects.update(import_months=0)
    aged(9000, b"lama")
    assert remove_old_files() == 0
