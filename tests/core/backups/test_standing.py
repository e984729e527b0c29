"""When the alarm is raised: by age, by a failed part, by a restore that nobody has proven."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.accounts.models import User
from core.backups.enums import BackupKind, BackupOutcome
from core.backups.models import BackupCopy, BackupRun
from core.backups.queries import standing
from core.backups.services import mark_proven, raise_alarm
from core.messaging.models import OutboxMessage
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def two_places(settings):
    settings.BACKUP_REPOSITORIES = {"local": "/x", "remote": "/y"}
    make_user(role="administrator", date_joined=timezone.now() - timedelta(days=30))


def a_backup(*, hours: float = 0, remote: str = "berhasil", kind: str = BackupKind.FULL, days: float = 0) -> BackupRun:
    at = timezone.now() - timedelta(hours=hours, days=days)
    outcome = BackupOutcome.OK if remote == "berhasil" else BackupOutcome.PARTIAL
    run = BackupRun.objects.create(kind=kind, outcome=outcome, begun_at=at, ended_at=at, moment=at, problem="Sebab.")
    for place, result in (("local", "berhasil"), ("remote", remote)):
        BackupCopy.objects.create(run=run, repository=place, outcome=result, snapshot=f"{place}-{run.pk}", proven_at=at)
    return run


def test_fresh_backups_are_silent():
    a_backup(hours=25)
    assert standing().alarms == []
    assert not raise_alarm()


def test_too_old_is_told_for_each_place():
    a_backup(hours=27)
    assert standing().alarms == [
        "Repositori lokal: cadangan utuh terakhir sudah 1\xa0hari, 3\xa0jam.",
        "Repositori luar: cadangan utuh terakhir sudah 1\xa0hari, 3\xa0jam.",
    ]


def test_one_place_alone_is_no_backup():
    """The copy here hides nothing about the one elsewhere."""
    a_backup(hours=40)
    a_backup(hours=1, remote="gagal")
    assert standing().alarms == [
        "Repositori luar: cadangan utuh terakhir sudah 1\xa0hari, 16\xa0jam.",
        "Cadangan terakhir tidak berhasil: Sebab.",
    ]


def test_without_any_backup_an_old_installation_is_red_and_a_new_one_has_a_day():
    assert standing().alarms[0] == "Repositori lokal: belum ada cadangan utuh."
    User.objects.update(date_joined=timezone.now())
    assert standing().alarms == []


def test_logs_once_shipped_must_go_on():
    a_backup()
    a_backup(kind=BackupKind.LOG, hours=1)
    assert standing().alarms == ["Log basis data tidak lagi tercadang setiap 15 menit."]
    a_backup(kind=BackupKind.LOG)
    assert standing().alarms == []


def test_a_backup_that_nobody_proved_is_an_alarm():
    a_backup(days=20)
    run = a_backup()
    BackupCopy.objects.filter(run=run).update(proven_at=None)
    assert standing().alarms == ["Cadangan terakhir yang terbukti dapat dipulihkan sudah 2\xa0minggu, 6\xa0hari."]
    assert mark_proven(snapshot=f"remote-{run.pk}") == 1
    assert standing().alarms == []


def test_administrators_get_one_letter_a_day():
    other = make_user(role="administrator")
    a_backup(hours=30)
    assert raise_alarm()
    assert raise_alarm()
    letters = OutboxMessage.objects.filter(template_key="backup-alarm")
    assert letters.count() == 2
    assert "Repositori luar: cadangan utuh terakhir sudah" in letters.get(recipient=other).body


def test_the_watchdog_asks_one_question(django_assert_num_queries):
    for hours in range(30):
        a_backup(hours=hours)
    with django_assert_num_queries(1):
        standing()
