"""The screens of the timetable: what an administrator sees at a glance, and what may be done there."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.common.dates import lasting
from core.jobs.models import Job
from core.timetable.models import ScheduledJob
from tests.backoffice.conftest import said
from tests.factories.timetable import job_named, make_failed_job, make_scheduled_run

pytestmark = pytest.mark.django_db

LIST, HOME = "/admin/core/scheduledjob/", "/admin/"


@pytest.fixture
def technician(as_role):
    """An administrator's browser, a minute after cron read the timetable."""
    ScheduledJob.objects.update(looked_at=timezone.now())
    return as_role("administrator")


def page(job: ScheduledJob) -> str:
    return reverse("admin:core_scheduledjob_change", args=[job.pk])


def act(job: ScheduledJob, name: str) -> str:
    return reverse(f"admin:core_scheduledjob_{name}", args=[job.pk])


def shown(browser, address: str) -> str:
    return browser.get(address).content.decode()


@pytest.mark.parametrize(
    ("milliseconds", "words"),
    [
        (40, "sekejap"),
        (400, "0,4 detik"),
        (12_000, "12 detik"),
        (185_000, "3 menit 5 detik"),
        (60_000, "1 menit"),
        (10_805_000, "3 jam"),
    ],
)
def test_how_long_it_took(milliseconds, words):
    assert lasting(milliseconds / 1000) == words


def test_the_list_names_every_job_with_its_time_and_the_line_above_says_how_it_does(technician):
    text = shown(technician, LIST)
    for words in (
        "Kirim surat",
        "setiap menit",
        "Periksa keutuhan berkas",
        "setiap hari pukul 03.45",
        "semua berjalan baik",
    ):
        assert words in text
    make_failed_job()
    assert "1 pekerjaan gagal, 0 terlambat." in shown(technician, LIST)
    ScheduledJob.objects.update(looked_at=timezone.now() - timedelta(hours=2))
    assert "sejak itu tidak ada pekerjaan yang dimulai" in shown(technician, LIST)
    ScheduledJob.objects.update(looked_at=None, created_at=timezone.now() - timedelta(hours=2))
    assert "Jadwal belum pernah dibaca." in shown(technician, LIST)


def test_the_home_shows_each_job_and_runs_it(technician):
    make_failed_job(name="send_recaps")
    text = shown(technician, HOME)
    assert "Pekerjaan terjadwal bermasalah" in text
    assert "Gagal atau terlambat. Buka untuk melihat sebabnya." in text
    assert "Kirim surat" not in shown(technician, f"{LIST}?keadaan=bermasalah")
    for job in ScheduledJob.objects.all():
        assert page(job) in text, job.name
    assert act(job_named("clear_expired"), "run") in text
    assert act(job_named("run_jobs"), "run") not in text  # it is what carries the others


def test_a_failed_job_says_why_and_is_run_again_from_its_page(technician):
    job = make_failed_job()
    assert "Disk penuh" in shown(technician, page(job))
    answer = technician.post(act(job, "run"), follow=True)
    assert "Pekerjaan mulai dalam beberapa detik; halaman ini mengikutinya." in answer.content.decode()
    assert "Sudah diminta; mulai dalam beberapa detik." in answer.content.decode()
    assert Job.objects.get().parameters == {"name": "clear_expired"}
    assert "sudah diminta" in said(technician.post(act(job, "run")))
    assert Job.objects.count() == 1


def test_a_running_job_is_followed_and_not_begun_twice(technician):
    ScheduledJob.objects.filter(name="clear_expired").update(worker="x", begun_at=timezone.now(), outcome="berjalan")
    text = shown(technician, page(job_named("clear_expired")))
    assert "every 3s" in text
    assert "Pekerjaan ini sedang berjalan. Tunggu sampai selesai." in text


def test_a_job_is_switched_off_for_a_time_and_on_again(technician):
    job = job_named("clear_expired")
    assert "Tulis alasannya" in said(technician.post(act(job, "pause"), {"lama": "4", "alasan": " "}))
    assert "Pilih waktu" in said(technician.post(act(job, "pause"), {"lama": "9999", "alasan": "Pindah server"}))
    technician.post(act(job, "pause"), {"lama": "4", "alasan": "Pindah server"})
    text = shown(technician, page(job))
    assert "Dimatikan sampai" in text
    assert "Pindah server" in text
    assert "1 dimatikan untuk sementara." in shown(technician, HOME)
    technician.post(act(job, "resume"))
    assert job_named("clear_expired").paused_until is None


def test_runs_are_narrowed_by_job_and_outcome(technician):
    make_scheduled_run(name="send_recaps", result="2 surat rekap")
    make_scheduled_run(name="clear_expired", outcome="gagal", result="Disk penuh")
    runs = "/admin/core/scheduledrun/"
    assert "2 surat rekap" in shown(technician, f"{runs}?pekerjaan=send_recaps")
    assert "Disk penuh" not in shown(technician, f"{runs}?pekerjaan=send_recaps")
    assert "2 surat rekap" not in shown(technician, f"{runs}?outcome__exact=gagal")


@pytest.mark.parametrize("role", ["sekretariat", "bnsp", "asesor"])
def test_nobody_else_sees_or_does_anything(as_role, role):
    browser, job = as_role(role), job_named("clear_expired")
    answers = [
        browser.get(LIST),
        browser.get(page(job)),
        *(browser.post(act(job, name)) for name in ("run", "pause", "resume")),
    ]
    assert [answer.status_code for answer in answers] == [403] * 5
    assert "Jadwal pekerjaan" not in shown(browser, HOME)
