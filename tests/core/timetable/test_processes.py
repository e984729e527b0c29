"""Real processes: two crons at once, a job over its limit, kill -9 of the job and of whoever watches it, the crontab."""

import json
import os
import select
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core.certificates.services import remind_expiring
from core.messaging.models import OutboxMessage
from core.messaging.services import queue_message, send_waiting
from core.timetable.models import ScheduledJob, ScheduledRun
from tests.factories.certificates import lay_certificate
from tests.factories.timetable import job_named
from tests.faults.test_kill_while_uploading import database_address

pytestmark = pytest.mark.django_db(transaction=True)


class Shell:
    """Commands on a server with the timetable of tests/faults/scheduled.py, which is started once."""

    def __init__(self, folder: Path):
        self.environment = {
            "PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "tests.faults.scheduled", "IGNORE_DOTENV": "1",
            "ENVIRONMENT": "development", "VAR_DIR": str(folder), "DATABASE_URL": database_address(),
            "LOOKUP_KEY": settings.LOOKUP_KEY, "FIELD_ENCRYPTION_KEYS": ",".join(settings.FIELD_ENCRYPTION_KEYS),
        }  # fmt: skip
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.scheduled"],
            cwd=settings.BASE_DIR, env=self.environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        self.ended: dict[int, int] = {}

    def start(self, environment: dict[str, str], *words: str) -> int:
        """The process that has begun."""
        self.process.stdin.write(json.dumps([environment, words]) + "\n")
        self.process.stdin.flush()
        while not (answer := self._answer()).startswith("begun"):
            pass
        return int(answer.split()[1])

    def code(self, pid: int) -> int:
        """Of a process, when it has ended."""
        while pid not in self.ended:
            self._answer()
        return self.ended[pid]

    def _answer(self) -> str:
        line = self.process.stdout.readline()
        assert line, "the shell is gone"
        if line.startswith("ended"):
            pid, code = map(int, line.split()[1:])
            self.ended[pid] = code
        return line

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait(60)
        self.process.stdout.close()


class Server:
    """The shell, and what the jobs of one test say."""

    def __init__(self, shell: Shell, folder: Path):
        self.shell = shell
        self.notes, self.gate, self.arrived = folder / "notes", folder / "gate", folder / "arrived"
        self.notes.touch()
        for pipe in (self.gate, self.arrived):
            os.mkfifo(pipe)
        self.places = {"NOTES": str(self.notes), "GATE": str(self.gate), "ARRIVED": str(self.arrived)}
        self.hears = os.open(self.arrived, os.O_RDWR | os.O_NONBLOCK)  # its own writer: it never ends

    def start(self, *words: str) -> int:
        return self.shell.start(self.places, "run_scheduled", *words)

    def run(self, *words: str) -> int:
        return self.shell.code(self.start(*words))

    def told(self) -> list[str]:
        return self.notes.read_text().splitlines()

    def child_that_waits(self) -> int:
        """The process of the job "waits", once it has come so far."""
        assert select.select([self.hears], [], [], 60)[0], "the job never began"
        return int(os.read(self.hears, 100))

    def let_it_go_on(self) -> None:
        with open(self.gate, "w"):
            pass


@pytest.fixture(scope="module")
def shell(tmp_path_factory, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        shell = Shell(tmp_path_factory.mktemp("server"))
    yield shell
    shell.close()


@pytest.fixture
def server(shell, tmp_path):
    server = Server(shell, tmp_path)
    yield server
    os.close(server.hears)


def until_gone(pid: int) -> None:
    """Of a process that is no child of ours."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    assert select.select([handle], [], [], 60)[0]
    os.close(handle)


def outcomes(name: str) -> list[str]:
    return list(ScheduledRun.objects.filter(job__name=name).order_by("pk").values_list("outcome", flat=True))


def test_crons_that_read_the_same_minute_run_a_job_once(server):
    ScheduledJob.objects.create(name="minutely", slot=timezone.now() - timedelta(days=10))
    crons = [server.start() for _cron in range(3)]
    assert [server.shell.code(cron) for cron in crons] == [0] * 3
    minutes = list(ScheduledRun.objects.values_list("slot", flat=True))
    assert len(server.told()) == len(minutes) == len(set(minutes))  # one, or two when the minute ended meanwhile
    assert 1 <= len(minutes) <= 2


def test_what_fails_dies_or_is_unknown_ends_with_1(server):
    assert [server.run(name) for name in ("well", "fails", "dies", "nobody")] == [0, 1, 1, 1]
    assert [outcomes(name) for name in ("well", "fails", "dies")] == [["selesai"], ["gagal"], ["terputus"]]


def test_a_job_over_its_limit_is_ended_with_the_tools_it_has_begun(server):
    assert server.run("endless") == 1
    assert outcomes("endless") == ["lewat-batas"]
    assert "batas waktunya" in job_named("endless").result
    [tool] = server.told()
    until_gone(int(tool))


def test_the_watcher_is_killed_and_the_job_goes_on_alone_untouched_by_others(server):
    watcher = server.start("waits")
    child = server.child_that_waits()
    os.kill(watcher, signal.SIGKILL)
    assert server.shell.code(watcher) == -signal.SIGKILL

    assert server.run("waits") == 1  # "sedang berjalan"
    assert outcomes("waits") == ["berjalan"]

    server.let_it_go_on()
    until_gone(child)
    assert outcomes("waits") == ["selesai"]
    assert job_named("waits").worker == ""


def test_both_are_killed_and_the_next_minute_takes_the_job_up(server):
    watcher = server.start("waits")
    child = server.child_that_waits()
    os.kill(watcher, signal.SIGSTOP)  # as a machine that loses its power: nobody sees the other one die
    os.kill(child, signal.SIGKILL)
    os.kill(watcher, signal.SIGKILL)
    server.shell.code(watcher)
    assert outcomes("waits") == ["berjalan"]

    again = server.start()  # what cron does a minute later: it was cut off, so that it is due
    server.child_that_waits()
    assert outcomes("waits") == ["terputus", "berjalan"]
    server.let_it_go_on()
    server.shell.code(again)
    assert outcomes("waits") == ["terputus", "selesai"]


def test_a_watcher_that_is_told_to_stop_ends_its_jobs_and_says_so(server):
    watcher = server.start("waits")
    server.child_that_waits()
    os.kill(watcher, signal.SIGTERM)
    assert server.shell.code(watcher) == 1
    assert outcomes("waits") == ["terputus"]
    assert "dimatikan" in job_named("waits").result


# --- mail ---------------------------------------------------------------------------------------------------


def test_letters_go_out_once_though_the_sender_is_killed_while_it_sends(server, time_machine):
    addresses = [f"{name}@contoh.id" for name in ("adi", "budi", "citra")]
    values = {"nama": "x", "nomor": "APL-1", "skema": "y", "tautan": "z"}
    for address in addresses:
        queue_message("application-submitted", address=address, values=values)

    assert server.run("letters") == 1  # killed while the second one was with the mail server
    assert [line.split()[0] for line in server.told()] == addresses[:2]
    states = OutboxMessage.objects.order_by("pk").values_list("status", flat=True)
    assert list(states) == ["terkirim", "dikirim", "menunggu"]

    time_machine.move_to(timezone.now() + timedelta(minutes=11))
    assert send_waiting() == (1, 0)  # the third; the second is told and left to a person
    assert list(states.all()) == ["terkirim", "gagal", "terkirim"]
    assert "mungkin sudah sampai" in OutboxMessage.objects.get(address="budi@contoh.id").last_error


def test_reminders_are_written_once_though_the_job_is_killed_among_them(server):
    with transaction.atomic():
        people = [lay_certificate(full_name=name, days_left=20).holder for name in ("Adi", "Budi", "Citra")]
    assert server.run("reminders") == 1
    assert outcomes("reminders") == ["terputus"]
    remind_expiring()
    remind_expiring()
    letters = OutboxMessage.objects.filter(template_key="certificate-expiring")
    assert sorted(letter.address for letter in letters) == sorted(person.email for person in people)


# --- the crontab --------------------------------------------------------------------------------------------


@pytest.mark.skipif(not Path("/usr/bin/crontab").exists() or os.geteuid() != 0, reason="needs cron, and root to use it")
def test_the_line_in_the_crontab_runs_what_is_due_and_tells_a_failure_by_its_exit_code(server):
    def crontab(word: str) -> int:
        return server.shell.code(server.shell.start({}, "crontab", word))

    assert crontab("add") == 0
    try:
        written = subprocess.run(["/usr/bin/crontab", "-u", "nobody", "-l"], capture_output=True, text=True, check=True)
        [line] = [line for line in written.stdout.splitlines() if "manage.py crontab run" in line]
        assert line.startswith("* * * * * ")
        ScheduledJob.objects.create(name="minutely", slot=timezone.now() - timedelta(days=1))
        ScheduledJob.objects.create(name="dies", slot=timezone.now() - timedelta(days=365 * 9))
        environment = server.shell.environment | server.places | {"PATH": "/usr/bin:/bin", "HOME": "/"}
        command = line.removeprefix("* * * * * ").partition("#")[0]
        code = subprocess.run(
            ["/bin/sh", "-c", command], env=environment, cwd="/", stderr=subprocess.DEVNULL
        ).returncode
        assert (code, outcomes("minutely"), outcomes("dies")) == (1, ["selesai"], ["terputus"])
    finally:
        assert crontab("remove") == 0
