"""The runs that looked whether files are whole: their list, their page, and the line on the administrator's home."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from django.utils.html import strip_tags

from core.documents.integrity import verify_documents
from core.documents.models import Document, DocumentState, IntegrityRun
from cron import jobs
from tests.factories.accounts import make_user
from tests.factories.documents import make_document

pytestmark = pytest.mark.django_db

LIST = "/admin/core/integrityrun/"


def text_of(page) -> str:
    return " ".join(strip_tags(page.content.decode()).split())


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.DOCUMENT_ROOT = tmp_path / "documents"


@pytest.fixture
def lost() -> Document:
    """A paper whose file is gone, as a run found."""
    document = make_document(owner=make_user(role="asesi", full_name="Yohana Tambunan"))
    content = Path(document.file.path).read_bytes()
    Path(document.file.path).unlink()
    verify_documents()
    document.content = content
    return document


def line(client, title: str):
    return next(line for line in client.get("/admin/").context["work"] if line.title == title)


def test_the_home_tells_of_findings_until_they_are_mended(as_role, lost):
    client = as_role("administrator")
    found = line(client, "Temuan keutuhan berkas")
    assert (found.figure, found.tone, found.link) == ("1", "danger", LIST)
    assert "Terakhir diperiksa 0\xa0menit yang lalu: 1 dokumen. Buka untuk melihat" in found.note

    Path(lost.file.path).write_bytes(lost.content)
    verify_documents(sample=1)

    assert (line(client, "Temuan keutuhan berkas").figure, line(client, "Temuan keutuhan berkas").tone) == ("0", "")


def test_the_home_tells_when_nothing_was_verified_and_when_papers_wait_for_the_scanner(as_role):
    client = as_role("administrator")
    document = make_document(owner=make_user(role="asesi"))
    assert "Belum pernah diperiksa" in line(client, "Temuan keutuhan berkas").note
    long_ago = timezone.now() - timedelta(days=4)
    Document.objects.filter(pk=document.pk).update(created_at=long_ago, state=DocumentState.WAITING)

    assert "terlalu lama" in line(client, "Temuan keutuhan berkas").note
    waiting = line(client, "Berkas menunggu pemindai virus")
    assert (waiting.figure, waiting.tone) == ("1", "danger")
    assert len(client.get(waiting.link).context["cl"].result_list) == 1


@pytest.mark.parametrize("role", ["administrator", "sekretariat", "bnsp"])
def test_list_and_page_say_what_is_wrong_and_what_to_do_without_names(as_role, role, lost):
    client = as_role(role)
    run = IntegrityRun.objects.get()

    assert "1 temuan belum diperbaiki." in text_of(client.get(LIST))
    page = text_of(client.get(f"{LIST}{run.pk}/change/"))

    assert "Berkas hilang 1" in page
    assert "Pulihkan berkasnya dari cadangan" in page
    assert f"KTP #{lost.pk}" in page
    assert lost.file.name in page
    assert "Yohana" not in page


def test_an_old_run_points_to_the_last_and_filters_work(as_role, lost):
    client = as_role("administrator")
    old = IntegrityRun.objects.get()
    verify_documents(seconds=-1)
    assert f'href="{LIST}{old.pk}/change/">Lihat apa yang harus dilakukan' in client.get(LIST).content.decode()
    assert "petugas teknis memperbaiki" in text_of(client.get(f"{LIST}{old.pk}/change/"))  # not finished yet
    last = IntegrityRun.objects.first()
    assert "diteruskan sendiri pada malam hari" in text_of(client.get(f"{LIST}{last.pk}/change/"))
    verify_documents(resume=True)

    assert "Ini pemeriksaan lama." in text_of(client.get(f"{LIST}{old.pk}/change/"))
    IntegrityRun.objects.filter(pk=last.pk).update(step=5)
    assert "1 dari setiap 5 dokumen" in text_of(client.get(f"{LIST}?cakupan=contoh"))
    for query, found in {"cakupan=semua": [old], "cakupan=contoh": [last], "outcome__exact=utuh": []}.items():
        assert list(client.get(f"{LIST}?{query}").context["cl"].result_list) == found, query


def test_a_run_is_only_read(as_role, lost):
    address = f"{LIST}{IntegrityRun.objects.get().pk}/change/"
    assert as_role("administrator").post(address).status_code == 403
    assert as_role("asesor").get(address).status_code == 403


# --- “Periksa sekarang” --------------------------------------------------------------------------------------


def test_an_administrator_has_the_files_verified_and_follows_how_far_it_is(as_role):
    make_document(owner=make_user(role="asesi"))
    client = as_role("administrator")
    assert "Periksa sekarang" in text_of(client.get(LIST))

    answer = client.post(f"{LIST}minta/", {"cakupan": "semua"})

    run = IntegrityRun.objects.get()
    assert answer.url == f"{LIST}{run.pk}/change/"
    assert (run.outcome, run.is_sample) == ("utuh", False)  # few papers are done at once
    assert "Semua yang diperiksa ada" in text_of(client.get(answer.url))


def test_what_is_not_done_at_once_goes_on_by_itself_and_the_page_follows(as_role, monkeypatch):
    from backoffice.views import integrity as views

    monkeypatch.setattr(views, "SECONDS_AT_ONCE", -1)
    make_document(owner=make_user(role="asesi"))
    client = as_role("administrator")

    page = client.get(client.post(f"{LIST}minta/").url)

    assert "diteruskan sendiri setiap menit" in text_of(page)
    assert 'hx-trigger="every 5s"' in page.content.decode()
    assert "Pemeriksaan yang diminta sedang berjalan: 0 %." in text_of(client.get(LIST))
    again = client.post(f"{LIST}minta/", follow=True)
    assert "masih berjalan" in text_of(again)
    jobs.verify_requested()
    assert "every 5s" not in client.get(page.request["PATH_INFO"]).content.decode()


@pytest.mark.parametrize("role", ["sekretariat", "bnsp", "asesor"])
def test_nobody_else_is_offered_it(as_role, role):
    client = as_role(role)
    assert client.post(f"{LIST}minta/").status_code == 403
    assert client.get(f"{LIST}minta/").status_code in (403, 405)
    if role != "asesor":
        assert "Periksa sekarang" not in text_of(client.get(LIST))


def test_a_finding_names_the_paper_and_bnsp_reads_its_kind_alone(as_role, lost):
    Document.objects.filter(pk=lost.pk).update(title="FR.APL-02 APL-2026-000027")
    run = IntegrityRun.objects.get()
    page = text_of(as_role("administrator").get(f"{LIST}{run.pk}/change/"))
    assert f"FR.APL-02 APL-2026-000027 {lost.activity_label}" in page
    masked = text_of(as_role("bnsp").get(f"{LIST}{run.pk}/change/"))
    assert lost.activity_label in masked
    assert "APL-2026-000027" not in masked
