"""Jobs from the wish to the result: what a person asks for, what a worker does with it, what stays."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from core.activity.models import ActivityEntry
from core.common.exceptions import DomainError
from core.jobs import kinds, progress, services
from core.jobs.kinds import job_kind
from core.jobs.models import Job
from core.jobs.queries import jobs_for
from core.jobs.services import cancel_job, remove_expired, request_job, run_waiting, take_up_interrupted
from core.jobs.storage import held
from core.messaging.models import OutboxMessage
from tests.core.helpers import refused
from tests.factories.accounts import make_user
from tests.factories.jobs import content_of, make_finished_job, make_job, make_killed_job

pytestmark = pytest.mark.django_db


@job_kind("patah", title="Patah")
def break_down(job, progress):
    progress.begin(2, "Mencoba")
    if "refusal" in job.parameters:
        raise DomainError(job.parameters["refusal"])
    raise ZeroDivisionError("Budi Santoso, 3171234567890001")


@pytest.fixture(autouse=True)
def _often(monkeypatch):
    """Every step is written at once."""
    monkeypatch.setattr(progress, "EVERY", 0.0)


# --- the straight way -------------------------------------------------------------------------------------


def test_what_was_asked_for_is_done_and_kept_under_a_name_nobody_guesses():
    job = make_job(steps=7)
    assert (job.state, job.attempts) == ("menunggu", 0)

    assert run_waiting(seconds=5) == 1

    job.refresh_from_db()
    assert (job.state, job.done, job.total, job.percent, job.attempts) == ("selesai", 7, 7, 100, 1)
    assert (content_of(job), job.result_name, job.result_size) == (b"7", "hitungan.txt", 1)
    assert len(Path(job.result.name).name) == 40
    assert timedelta(days=6) < job.expires_at - timezone.now() < timedelta(days=7, seconds=5)
    assert run_waiting(seconds=5) == 0


def test_who_asked_stands_in_the_log_and_gets_a_letter_when_it_is_ready():
    job = make_finished_job()

    entry = ActivityEntry.objects.get(code="job.request")
    assert (entry.actor, entry.subject_label, entry.data) == (
        job.by, f"#{job.pk}", {"kind": "hitung", "title": "Hitungan"},
    )  # fmt: skip
    letter = OutboxMessage.objects.get()
    assert (letter.template_key, letter.recipient, letter.subject) == ("job-ready", job.by, "Selesai: Hitungan")
    assert f"/admin/core/job/{job.pk}/change/" in letter.body


def test_no_letter_for_whoever_wants_none():
    request_job(kind="hitung", title="x", parameters={"steps": 1}, by=make_user(role="asesor"), tell_when_ready=False)
    run_waiting(seconds=5)
    assert not OutboxMessage.objects.exists()


def test_one_s_own_jobs_and_everybody_s_for_the_administrator():
    job, other = make_job(), make_job()
    assert list(jobs_for(job.by)) == [job]
    assert list(jobs_for(make_user(role="administrator"))) == [other, job]


def test_nobody_fills_the_queue(monkeypatch):
    monkeypatch.setattr(services, "MAX_OPEN", 1)
    job = make_job()
    with refused("request_job.too_many"):
        make_job(by=job.by)
    run_waiting(seconds=5)
    make_job(by=job.by)


# --- what goes wrong ----------------------------------------------------------------------------------------


def test_a_refusal_is_told_in_its_own_words_and_anything_else_without_the_data_in_it(caplog):
    refusal, fault = make_job(kind="patah", refusal="Lembar ini kosong. Unggah yang lain."), make_job(kind="patah")
    good = make_job()

    assert run_waiting(seconds=5) == 3

    for job in (refusal, fault, good):
        job.refresh_from_db()
    assert (refusal.state, refusal.error) == ("gagal", "Lembar ini kosong. Unggah yang lain.")
    assert fault.state == "gagal"
    assert f"#{fault.pk}" in fault.error
    assert good.state == "selesai"
    assert "ZeroDivisionError at" in caplog.text
    assert "test_jobs.py" in caplog.text
    assert "Budi" not in caplog.text + fault.error
    assert [m.template_key for m in OutboxMessage.objects.order_by("pk")] == ["job-failed", "job-failed", "job-ready"]


def test_a_kind_that_is_not_known_any_more_fails_with_a_sentence():
    job = make_job(kind="dahulu")
    run_waiting(seconds=5)
    job.refresh_from_db()
    assert (job.state, job.error) == (
        "gagal", "Jenis pekerjaan ini tidak dikenal lagi. Mintalah dari layar asalnya.",
    )  # fmt: skip


def test_two_kinds_cannot_have_one_name():
    with pytest.raises(ValueError, match="hitung"):
        job_kind("hitung", title="Lain")(lambda job, progress: None)
    assert kinds.kind_of("hitung").restartable


# --- calling off --------------------------------------------------------------------------------------------


def test_a_waiting_job_is_called_off_at_once_and_a_running_one_at_its_next_step(monkeypatch):
    waiting = make_job()
    cancel_job(job=waiting, by=waiting.by)
    seen = []

    def three_steps(job, progress):
        for number in (1, 2, 3):
            if number == 2:
                cancel_job(job=job, by=make_user(role="administrator"))
            progress.step()
            seen.append(number)

    monkeypatch.setitem(kinds._KINDS, "tiga", kinds.Kind("tiga", "Tiga", True, three_steps))
    running = make_job(kind="tiga")
    run_waiting(seconds=5)

    for job in (waiting, running):
        job.refresh_from_db()
        assert (job.state, bool(job.result)) == ("dibatalkan", False)
    assert seen == [1]
    assert not OutboxMessage.objects.exists()
    assert ActivityEntry.objects.filter(code="job.cancel").count() == 2


def test_what_is_over_or_somebody_else_s_is_not_called_off():
    job = make_job()
    with refused("cancel_job.refused"):
        cancel_job(job=job, by=make_user(role="sekretariat"))
    run_waiting(seconds=5)
    with refused("cancel_job.refused"):
        cancel_job(job=job, by=job.by)


# --- killed -------------------------------------------------------------------------------------------------


def test_a_killed_job_is_begun_again_where_that_does_no_harm():
    job = make_killed_job()
    run_waiting(seconds=5)
    job.refresh_from_db()
    assert (job.state, job.attempts, content_of(job)) == ("selesai", 2, b"3")


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"kind": "patah"}, "terputus"),  # not to be begun again
        ({"attempts": services.MAX_ATTEMPTS}, "terputus"),  # it kills its process each time
        ({"cancel_asked": True}, "dibatalkan"),
    ],
)
def test_a_killed_job_that_is_not_begun_again_says_so(fields, state):
    job = make_killed_job(**fields)
    run_waiting(seconds=5)
    job.refresh_from_db()
    assert job.state == state
    assert ("Terputus karena server berhenti" in job.error) == (state == "terputus")


def test_a_job_that_still_beats_or_whose_process_lives_is_left_alone():
    beats = make_killed_job(beat_at=timezone.now())
    silent = make_killed_job()
    with held(silent.pk):
        assert take_up_interrupted() == 0
    assert take_up_interrupted() == 1
    beats.refresh_from_db()
    assert beats.state == "berjalan"


def test_whoever_slept_too_long_writes_nothing_over_the_other_s_work(monkeypatch):
    def sleeps(job, progress):
        Job.objects.filter(pk=job.pk).update(worker="orang lain")
        progress.step()

    monkeypatch.setitem(kinds._KINDS, "tidur", kinds.Kind("tidur", "Tidur", True, sleeps))
    job = make_job(kind="tidur")
    run_waiting(seconds=5)
    job.refresh_from_db()
    assert (job.state, job.worker) == ("berjalan", "orang lain")


def test_a_worker_that_is_stopped_leaves_its_job_for_the_next_one(monkeypatch):
    def stopped(job, progress):
        raise KeyboardInterrupt

    monkeypatch.setitem(kinds._KINDS, "henti", kinds.Kind("henti", "Henti", True, stopped))
    job = make_job(kind="henti")
    with pytest.raises(KeyboardInterrupt):
        run_waiting(seconds=5)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.what) == ("menunggu", 0, "Terputus; dimulai lagi dari awal.")


# --- what goes away -----------------------------------------------------------------------------------------


def test_results_expire_rows_go_later_and_files_without_a_row_go_too(settings):
    job, younger = make_finished_job(), make_finished_job()
    path = Path(job.result.path)
    stray = Path(settings.JOB_ROOT, "ab", "sisa")
    stray.parent.mkdir(exist_ok=True)
    stray.write_text("x")
    os.utime(stray, (0, 0))
    Job.objects.filter(pk=job.pk).update(expires_at=timezone.now() - timedelta(minutes=1))

    assert remove_expired() == "1 hasil, 0 baris, 1 berkas sisa"

    assert [path.exists(), stray.exists(), Path(younger.result.path).exists()] == [False, False, True]
    Job.objects.filter(pk=job.pk).update(ended_at=timezone.now() - timedelta(days=181))
    assert remove_expired() == "0 hasil, 1 baris, 0 berkas sisa"
