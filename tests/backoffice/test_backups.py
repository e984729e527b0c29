"""“Cadangan”: how it stands, what one drill says, having it done now, the paper for BNSP."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from backoffice.displays import ago
from core.backups.background import BACKUP, DRILL
from core.backups.models import BackupCopy, BackupRun
from core.documents.models import Document
from core.jobs.models import Job
from core.jobs.services import run_waiting
from tests.backoffice.conftest import said
from tests.factories.backups import make_backup, make_drill

pytestmark = pytest.mark.django_db

PAGE = "/admin/cadangan/"


def text_of(page) -> str:
    """Its words; a cell is no part of the next."""
    return " ".join(strip_tags(page.content.decode().replace("<", " <")).split())


def change(row) -> str:
    return reverse(f"admin:core_{row._meta.model_name}_change", args=[row.pk])


@pytest.fixture(autouse=True)
def places(settings, tmp_path):
    settings.BACKUP_REPOSITORIES = {"local": str(tmp_path / "repository"), "remote": "sftp:lsp@192.0.2.1:/cadangan"}
    settings.BACKUP_ROOT, settings.DRILL_FOLDER = tmp_path / "backups", tmp_path / "drill"


def test_the_page_tells_how_old_backups_and_their_proof_are_beside_the_policy(as_role):
    client = as_role("bnsp")
    assert "belum ada" in text_of(client.get(PAGE))
    run = make_backup(hours_ago=5)
    make_drill(backup=run)
    BackupCopy.objects.update(proven_at=timezone.now() - timedelta(days=2))

    page = client.get(PAGE)
    lines = {line.title: (line.figure.replace("\xa0", " "), line.tone) for line in page.context["lines"]}

    assert lines["Repositori lokal"] == ("5 jam", "")
    assert lines["Terbukti dapat dipulihkan"] == ("2 hari", "")
    assert lines["Repositori luar"] == ("belum ada", "danger")
    assert "Cadangkan sekarang" not in text_of(page)  # BNSP reads
    assert text_of(page).count("Terbukti") >= 2

    BackupRun.objects.update(moment=timezone.now() - timedelta(days=9))
    assert {line.title: line.tone for line in client.get(PAGE).context["lines"]}["Repositori lokal"] == "danger"


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("terbukti", ["Semua baris dan semua berkas sama", "Sampai dapat dipakai lagi", "Surat keterangan (PDF)"]),
        ("berbeda", ["Jangan andalkan cadangan ini", "core_region", "552", "551", "Surat keterangan (PDF)"]),
        (
            "tak-teruji",
            ["Yang tidak diperiksa tidak dianggap terbukti", "Membandingkan baris tiap tabel: 1 perbedaan."],
        ),
        ("berjalan", ["halaman ini mengikutinya", "Membandingkan baris tiap tabel Sedang berjalan"]),
    ],
)
def test_the_page_of_a_drill_says_what_came_of_it_step_by_step(as_role, outcome, words):
    drill = make_drill(outcome=outcome, usable_seconds=49 if outcome == "terbukti" else None)
    text = text_of(as_role("bnsp").get(change(drill)))
    assert [word for word in words if word not in text] == []
    assert ("Surat keterangan (PDF)" in text) is (outcome != "berjalan")


def test_the_page_of_a_backup_leads_to_the_drills_that_proved_it(as_role):
    drill = make_drill()
    page = as_role("administrator").get(change(drill.copy.run))
    assert change(drill) in page.content.decode()


def test_what_went_wrong_is_said_once_and_leads_to_what_to_do(as_role):
    problem = "Server tujuan tidak dapat dihubungi."
    run = make_backup(outcome="gagal", problem=f"Repositori luar: {problem}")
    BackupCopy.objects.create(
        run=run, repository="remote", outcome="gagal", problem=problem, seconds={"prepare": 75, "store": 0.01}
    )
    client = as_role("administrator")
    steps = reverse("admin:runbook", args=["cadangan-gagal"])

    page = client.get(change(run))
    text = text_of(page)
    assert text.count(problem) == 1
    assert "Menyiapkan repositori 1 menit 15 detik" in text
    assert "Menyimpan sekejap" in text
    assert text.count("Terbukti dapat dipulihkan") == 1  # what never arrived cannot be tried
    overview = client.get(PAGE)
    assert (
        problem in text_of(overview).partition("Cadangan terakhir Semua")[2]
    )  # the line of the backup says why as well
    drill = change(make_drill(outcome="berbeda"))
    for told in (page, overview, client.get(drill)):
        assert steps in told.content.decode()
    assert steps not in as_role("bnsp").get(drill).content.decode()  # who reads mends nothing


@pytest.mark.parametrize(
    ("age", "words"),
    [
        ({"seconds": 20}, "baru saja"),
        ({"minutes": 40}, "40 menit"),
        ({"hours": 28}, "28 jam"),  # beside a policy of 26 hours “1 day” would look well
        ({"days": 11}, "11 hari"),
        ({"seconds": -90}, "baru saja"),  # a clock that was set back; an alarm tells
    ],
)
def test_how_old_it_is(age, words):
    assert ago(timezone.now() - timedelta(**age)) == words


def test_the_administrator_asks_once_and_bnsp_never(as_role):
    administrator, bnsp = as_role("administrator"), as_role("bnsp")
    assert bnsp.post(reverse("admin:core_backuprun_request")).status_code == 403
    assert bnsp.post(reverse("admin:core_restoredrill_request")).status_code == 403
    assert not Job.objects.exists()

    administrator.post(reverse("admin:core_backuprun_request"))
    answer = administrator.post(reverse("admin:core_restoredrill_request"), {"tempat": "remote"})
    again = administrator.post(reverse("admin:core_restoredrill_request"))

    drill = Job.objects.get(kind=DRILL)
    assert set(Job.objects.values_list("kind", flat=True)) == {BACKUP, DRILL}
    assert drill.parameters == {"place": "remote"}
    assert answer.url == again.url == change(drill)
    assert "sudah diminta" in said(again)


def test_a_drill_in_the_background_that_proves_nothing_is_a_job_that_failed(as_role, settings):
    settings.BACKUP_REPOSITORIES = {"local": "", "remote": ""}
    administrator = as_role("administrator")
    administrator.post(reverse("admin:core_restoredrill_request"))
    assert "Lihat hasilnya" not in administrator.get(change(Job.objects.get())).content.decode()
    run_waiting(seconds=30)
    job = Job.objects.get()
    assert job.state == "gagal"
    assert f'href="{reverse("admin:backups")}">Lihat hasilnya' in administrator.get(change(job)).content.decode()
    assert "Tidak dapat diuji. Menyiapkan tempat uji: Repositori lokal belum diatur." in job.error


def test_the_paper_is_made_once_and_says_what_the_drill_says(as_role):
    drill = make_drill(outcome="berbeda")
    address = reverse("admin:core_restoredrill_certificate", args=[drill.pk])
    first, second = (as_role("bnsp").get(address).getvalue() for _look in range(2))
    assert first == second
    assert first.startswith(b"%PDF-")
    document = Document.objects.get(document_type__code="surat-uji-pemulihan")
    drill.refresh_from_db()
    assert drill.document == document
    running = make_drill(outcome="berjalan")
    assert as_role("bnsp").get(reverse("admin:core_restoredrill_certificate", args=[running.pk])).status_code == 404
