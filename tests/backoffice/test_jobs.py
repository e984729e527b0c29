"""The list of jobs and the page of one: whose they are, how far they are, what came of them."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.activity.models import ActivityEntry
from core.jobs.models import Job
from tests.backoffice.conftest import said
from tests.factories.jobs import make_finished_job, make_job

pytestmark = pytest.mark.django_db

LIST = "/admin/core/job/"


def page(job: Job) -> str:
    return reverse("admin:core_job_change", args=[job.pk])


def test_one_sees_one_s_own_and_the_administrator_everybody_s(desk, clerk, as_role):
    own, other = make_job(by=clerk, title="Ekspor milik saya"), make_job(title="Ekspor rekan")

    assert [row.pk for row in desk.get(LIST).context["cl"].result_list] == [own.pk]
    assert desk.get(page(other)).status_code == 404  # as if it did not exist
    technician = as_role("administrator")
    assert [row.pk for row in technician.get(LIST).context["cl"].result_list] == [other.pk, own.pk]
    assert clerk.full_name in technician.get(page(own)).content.decode()


def test_the_page_follows_the_job_and_needs_no_javascript_for_it(desk, clerk):
    job = make_job(by=clerk)
    Job.objects.filter(pk=job.pk).update(
        state="berjalan", done=1200, total=5000, what="Menulis baris", begun_at=timezone.now() - timedelta(minutes=6)
    )
    shown = desk.get(page(job)).content.decode()
    for words in ("1.200 dari 5.000 (24 %)", "sekitar 19 menit lagi", "Menulis baris", 'value="24"', "every 2s"):
        assert words in shown
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in shown

    Job.objects.filter(pk=job.pk).update(state="gagal", error="Kolomnya tidak ada lagi.")
    shown = desk.get(page(job)).content.decode()
    assert "Kolomnya tidak ada lagi." in shown
    assert "every 2s" not in shown
    assert "http-equiv" not in shown


def test_a_job_that_nobody_carries_says_where_to_look(desk, clerk):
    job = make_job(by=clerk)
    assert "Menunggu lebih lama" not in desk.get(page(job)).content.decode()
    Job.objects.update(requested_at=timezone.now() - timedelta(minutes=4))
    assert "Menunggu lebih lama dari biasanya." in desk.get(page(job)).content.decode()


def test_calling_off_is_one_press(desk, clerk):
    job = make_job(by=clerk)
    answer = desk.post(reverse("admin:core_job_cancel", args=[job.pk]), follow=True)
    assert "Pekerjaan dibatalkan." in answer.content.decode()
    again = desk.post(reverse("admin:core_job_cancel", args=[job.pk]))
    assert "sudah berakhir" in said(again)


def test_the_result_is_fetched_by_whoever_asked_until_it_expires_and_each_time_is_told(desk, clerk, as_role):
    job = make_finished_job(by=clerk)
    address = reverse("admin:core_job_download", args=[job.pk])

    for _time in range(2):
        answer = desk.get(address)
        assert answer.getvalue() == b"3"
        assert 'filename="hitungan.txt"' in answer["Content-Disposition"]
        assert "no-store" in answer["Cache-Control"]
    assert ActivityEntry.objects.filter(code="job.download", actor=clerk).count() == 2
    technician = as_role("administrator")
    assert technician.get(address).status_code == 404
    assert "hanya dapat diunduh oleh yang memintanya" in technician.get(page(job)).content.decode()

    Job.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert desk.get(address).status_code == 404
    assert "Masa simpan hasilnya sudah habis" in desk.get(page(job)).content.decode()
