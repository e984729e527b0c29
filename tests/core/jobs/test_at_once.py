"""Several workers, real transactions, a real kill."""

import os
import subprocess
import sys
from contextlib import nullcontext
from threading import Event

import pytest
from django.conf import settings
from django.db import connection, connections, transaction

from core.jobs import kinds, progress, services
from core.jobs.models import Job
from core.jobs.services import cancel_job, run_waiting
from tests.core.helpers import at_once
from tests.factories.jobs import content_of, make_job
from tests.faults.test_kill_while_uploading import database_address

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def kind(monkeypatch):
    """Register work for one test."""
    monkeypatch.setattr(progress, "EVERY", 0.02)
    return lambda code, run: monkeypatch.setitem(kinds._KINDS, code, kinds.Kind(code, code, True, run))


def test_two_workers_never_carry_one_job(kind, monkeypatch):
    monkeypatch.setattr(services, "AT_ONCE", 9)
    carried = []
    kind("catat", lambda job, progress: carried.append(job.pk))
    jobs = [make_job(kind="catat").pk for _number in range(6)]

    counts = at_once(*[lambda: run_waiting(seconds=20)] * 4)

    assert sorted(carried) == jobs
    assert sum(counts) == 6
    assert set(Job.objects.values_list("state", "attempts")) == {("selesai", 1)}


def test_progress_shows_while_the_work_is_one_transaction_and_calling_off_undoes_it_all(kind):
    """MariaDB; SQLite has one writer, and says how far it is between two transactions."""
    reached, seen = Event(), []
    job = make_job(kind="panjang")

    def one_transaction(row, progress):
        progress.begin(100, "Menulis")
        with transaction.atomic() if connection.vendor != "sqlite" else nullcontext():
            if connection.vendor != "sqlite":
                Job.objects.create(kind="x", title="dibatalkan bersama", by=row.by)
            progress.step(40)
            reached.set()
            while True:  # until somebody calls it off
                progress.step(0)

    def watch():
        assert reached.wait(10)
        while (now := Job.objects.get(pk=job.pk)).done < 40:
            pass
        seen.append((now.done, now.total, now.what, now.percent))
        cancel_job(job=now, by=now.by)

    kind("panjang", one_transaction)
    at_once(lambda: run_waiting(seconds=20), watch)

    assert seen == [(40, 100, "Menulis", 40)]
    assert Job.objects.get().state == "dibatalkan"  # and the row of the transaction went with it


def test_where_nothing_can_be_told_of_a_transaction_no_number_stands_still(kind):
    """The page then shows a bar that moves by itself, with what was said before the transaction began."""
    seen = []

    def one_transaction(row, progress):
        progress.begin(0, "Sedang ditulis")
        seen.append(Job.objects.values_list("what", "total").get(pk=row.pk))  # at once, not with the next beat
        with transaction.atomic():
            progress.begin(100, "Menulis")
            progress.step(40)
            seen.append((progress.what, progress.total))

    kind("tulis", one_transaction)
    make_job(kind="tulis")
    run_waiting(seconds=20)

    told = ("Sedang ditulis", 0) if connection.vendor == "sqlite" else ("Menulis", 100)
    assert seen == [("Sedang ditulis", 0), told]


def test_a_process_killed_in_the_middle_is_noticed_and_the_job_is_done_by_the_next(tmp_path, monkeypatch):
    job = make_job(kind="hitung-lama")
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.carrier"],
        cwd=settings.BASE_DIR, text=True, stdout=subprocess.PIPE,
        env={
            "PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "core.config.settings", "IGNORE_DOTENV": "1",
            "ENVIRONMENT": "development", "VAR_DIR": str(tmp_path), "DATABASE_URL": database_address(),
        },
    )  # fmt: skip
    assert child.stdout.readline() == "at it\n"
    child.kill()
    child.wait()
    child.stdout.close()
    assert Job.objects.get().state == "berjalan"  # it had no time to say anything

    kinds.job_kind("hitung-lama", title="Lama", restartable=True)(kinds.kind_of("hitung").run)
    assert run_waiting(seconds=5) == 0  # it may still live
    monkeypatch.setattr(services, "STALE", services.STALE * 0)
    assert run_waiting(seconds=5) == 1

    job.refresh_from_db()
    assert (job.state, job.attempts, content_of(job)) == ("selesai", 2, b"3")
    kinds._KINDS.pop("hitung-lama")
    connections.close_all()
