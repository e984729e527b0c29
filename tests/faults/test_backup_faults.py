"""What goes wrong with a backup, each against the real thing: it is detected, nothing is lost, the exit code is not 0,
and the alarm is to be seen."""

import io
import os
import random
import shutil
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.utils import timezone

from core.backups import restic, restoring
from core.backups.databases import own_settings, rows_per_table
from core.backups.enums import BackupOutcome
from core.backups.models import BackupCopy, BackupRun
from core.backups.queries import standing
from core.backups.services import alone, run_backup
from core.common.exceptions import DomainError
from core.documents.storage import document_storage
from core.messaging.models import OutboxMessage
from tests.core.helpers import refused
from tests.factories.accounts import make_user
from tests.faults.stores import needs_restic, point_backups_at, ssh_key, ssh_server
from tests.faults.test_kill_while_uploading import database_address

pytestmark = [pytest.mark.django_db(transaction=True), needs_restic]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with ssh_server(tmp_path_factory.mktemp("ssh")) as server:
        yield server


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """A repository that holds nothing yet: making one takes as long as three backups."""
    folder = tmp_path_factory.mktemp("empty")
    (folder / "password").write_text("kata-sandi-uji\n")
    _restic("init", folder / "repository", folder / "password")
    return folder / "repository"


@pytest.fixture
def disk(settings, tmp_path, empty):
    """An installation with one repository on a disk of its own."""
    repository = tmp_path / "disk"
    shutil.copytree(empty, repository)
    point_backups_at(settings, tmp_path / "server", local=repository)
    make_user(role="administrator", email="admin-uji@contoh.id")
    return repository


def _restic(*words: str | Path) -> str:
    """restic by hand: the verb with its options, then the repository and the file with its password."""
    *verb, repository, password = words
    done = subprocess.run(
        ["restic", "--no-cache", "--repo", repository, "--password-file", password, *verb],
        check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return done.stdout


def failing_backup() -> str:
    """The command, which has to fail; what it said last."""
    with pytest.raises(CommandError) as caught:
        call_command("backup", stdout=io.StringIO())
    assert caught.value.returncode
    return str(caught.value)


def assert_alarm(client) -> None:
    """Seen by the watchdog, and told by one letter a day."""
    answer = client.get("/sehat/")
    assert (answer.status_code, answer.json()["backup"]) == (503, "gagal")
    letters = OutboxMessage.objects.filter(template_key="backup-alarm")
    assert [letter.address for letter in letters] == ["admin-uji@contoh.id"]
    assert standing().alarms[-1].removeprefix("Cadangan terakhir tidak berhasil: ") in letters[0].body


def good_snapshots(place: str = "local") -> list[str]:
    return [snapshot.id for snapshot in restic.repository_called(place).snapshots()]


def test_the_other_server_is_away_or_another_one(disk, server, settings, client):
    """The copy here is kept, and can be restored; the other one is told."""
    settings.BACKUP_REPOSITORIES["remote"] = server.address(disk.parent / "far")
    settings.BACKUP_SSH_CONFIG = server.config
    server.stop()
    assert "Repositori luar: Server tujuan tidak dapat dihubungi" in failing_backup()
    assert_alarm(client)
    server.start()
    known, stranger = server.known_hosts.read_text(), ssh_key(disk.parent / "stranger")
    server.known_hosts.write_text(f"[127.0.0.1]:{server.port} {stranger}\n")
    try:
        assert "Repositori luar: Kunci server tujuan berbeda" in failing_backup()
    finally:
        server.known_hosts.write_text(known)
    copies = BackupCopy.objects.order_by("pk").values_list("repository", "outcome")
    assert list(copies) == [("local", "berhasil"), ("remote", "gagal")] * 2
    assert not (disk.parent / "far").exists()
    assert OutboxMessage.objects.filter(template_key="backup-alarm").count() == 1
    assert len(good_snapshots()) == 2


def test_a_wrong_password_opens_nothing_and_makes_nothing(disk, settings, client):
    assert run_backup().is_good
    (settings.BACKUP_PASSWORD_FILE).write_text("lain\n")
    assert "Kata sandi repositori cadangan salah" in failing_backup()
    assert_alarm(client)
    with refused("backup.password"):
        restoring.find_snapshot(restic.repository_called("local"))
    settings.BACKUP_PASSWORD_FILE.write_text("kata-sandi-uji\n")
    assert len(good_snapshots()) == 1
    # a disk that is not mounted looks like a place without a repository: none is made beside the lost one
    disk.rename(disk.with_name("unmounted"))
    disk.mkdir()
    assert "tidak ada repositori cadangan" in failing_backup()
    assert list(disk.iterdir()) == []


def test_a_full_disk_leaves_what_was_there(disk, settings, tmp_path, client):
    small = tmp_path / "small"
    small.mkdir()
    if os.geteuid() or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", small]).returncode:
        pytest.skip("no right to mount a small disk")
    try:
        shutil.copytree(disk, small / "repository")
        settings.BACKUP_REPOSITORIES["local"] = str(small / "repository")
        assert run_backup().is_good
        document_storage().save("logo/big", ContentFile(random.Random(1).randbytes(9_000_000)))
        assert "Tempat cadangan penuh" in failing_backup()
        assert_alarm(client)
        subprocess.run(["mount", "-o", "remount,size=64m", small], check=True)
        assert run_backup().is_good
        assert client.get("/sehat/").json()["backup"] == "ok"
        _restic("check", "--read-data", small / "repository", settings.BACKUP_PASSWORD_FILE)
    finally:
        subprocess.run(["umount", small], check=True)


def test_killed_in_the_middle(disk, settings, tmp_path, client):
    """Neither the server's process nor restic had a chance to clear up: the next backup does, and says so."""
    document_storage().save("logo/big", ContentFile(random.Random(1).randbytes(2_000_000)))
    here = tmp_path / "bin"
    here.mkdir()
    real = shutil.which("restic")
    # The real restic, at work until its lock lies in the repository; then both are killed.
    (here / "restic").write_text(
        f'#!/bin/sh\ncase " $* " in *" backup "*) ;; *) exec {real} "$@";; esac\n'
        f'{real} --limit-upload 64 "$@" & child=$!\n'
        f"until ls {disk}/locks | grep -qE '^[0-9a-f]{{64}}$'; do sleep 0.02; done\nkill -9 $child $PPID\n"
    )
    (here / "restic").chmod(0o755)
    process = subprocess.run(
        [sys.executable, "manage.py", "backup"], cwd=django_settings.BASE_DIR, capture_output=True, timeout=120,
        env={
            "PATH": f"{here}:{os.environ['PATH']}", "ENVIRONMENT": "development", "IGNORE_DOTENV": "1",
            "VAR_DIR": str(settings.BACKUP_ROOT.parent), "DATABASE_URL": database_address(),
            "STORAGE_URL": settings.DOCUMENT_ROOT.as_uri(), "LOOKUP_KEY": settings.LOOKUP_KEY,
            "FIELD_ENCRYPTION_KEYS": ",".join(settings.FIELD_ENCRYPTION_KEYS), "BACKUP_REPOSITORY": str(disk),
            "BACKUP_PASSWORD_FILE": str(settings.BACKUP_PASSWORD_FILE),
        },
    )  # fmt: skip
    assert process.returncode == -signal.SIGKILL
    assert os.listdir(disk / "locks")
    assert good_snapshots() == []
    run = run_backup()
    assert run.is_good, run.problem
    assert run.copies.get().note == "Kunci yang ditinggalkan proses yang sudah mati dilepas."
    killed = BackupRun.objects.order_by("pk").first()
    assert (killed.outcome, killed.problem[:9]) == (BackupOutcome.FAILED, "Terputus:")
    assert good_snapshots() == [run.copies.get().snapshot]
    assert os.listdir(disk / "locks") == []


def test_a_flipped_bit_in_the_repository(disk, settings, client):
    """Found by reading back; nothing is let go while the repository is damaged, and no restore passes it on."""
    # Below the smallest piece that restic cuts, and more than all else together: the middle of its pack is this file.
    document_storage().save("logo/big", ContentFile(random.Random(1).randbytes(500_000)))
    before = run_backup()
    assert before.is_good
    pack = max((path for path in (disk / "data").rglob("*") if path.is_file()), key=lambda path: path.stat().st_size)
    content = bytearray(pack.read_bytes())
    content[len(content) // 2] ^= 1
    pack.chmod(0o600)
    pack.write_bytes(content)
    BackupRun.objects.update(begun_at=timezone.now() - timedelta(days=1))  # the next night
    assert "Isi repositori cadangan rusak" in failing_backup()
    assert_alarm(client)
    assert len(good_snapshots()) == 2
    rows = rows_per_table(own_settings())
    shutil.rmtree(settings.DOCUMENT_ROOT)
    with pytest.raises(DomainError):
        restoring.restore_into(
            repository="local", database=own_settings(), folder=settings.DOCUMENT_ROOT, work_folder=disk.parent / "work"
        )
    assert rows_per_table(own_settings()) == rows  # what is there is touched only after everything was fetched


def test_a_clock_that_was_set_back(disk, settings, client):
    """By age the backup of a wrong clock would outlive all others: nothing is let go until a person looked."""
    tomorrow = timezone.now() + timedelta(days=1)
    paper = disk.parent / "paper"
    paper.write_text("x")
    words = ("backup", "--host", "lsp", "--tag", "penuh", "--time", f"{tomorrow:%Y-%m-%d %H:%M:%S}", paper)
    _restic(*words, disk, settings.BACKUP_PASSWORD_FILE)
    assert "Jam server lebih lambat" in failing_backup()
    assert_alarm(client)
    assert len(good_snapshots()) == 2  # it is stored nonetheless
    BackupRun.objects.update(moment=tomorrow, outcome=BackupOutcome.OK)
    BackupCopy.objects.update(outcome=BackupOutcome.OK)
    assert standing().alarms == ["Repositori lokal: cadangan terakhir berasal dari masa depan. Betulkan jam server."]


def test_two_at_once_and_without_a_place(disk, settings):
    with alone(), refused("backup.running"):
        run_backup()
    settings.BACKUP_REPOSITORIES = {"local": "", "remote": ""}
    with refused("backup.no_repository"):
        run_backup()
    with refused("backup.right"):
        run_backup(by=make_user(role="sekretariat"))
    assert not BackupRun.objects.exists()
    assert standing().alarms == ["Tempat cadangan belum diatur (BACKUP_REPOSITORY)."]
