"""Questions, announcements and downloads at the desk: written, previewed, shown, brought back."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from backoffice.resources.content import QuestionResource
from core.activity.models import ActivityEntry
from core.codelists.models import CodeList
from core.content.entries import Download, Question
from core.content.entry_queries import shown_announcements, shown_downloads
from core.documents.models import Document
from tests.backoffice.test_setup import change
from tests.factories.content import make_announcement, make_download, make_question
from tests.factories.documents import text_pdf

pytestmark = pytest.mark.django_db


def add(name: str) -> str:
    return reverse(f"admin:core_{name}_add")


def text_of(response) -> str:
    return response.content.decode()


def a_file(content: bytes | None = None, name: str = "panduan.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content if content is not None else text_pdf("Panduan"))


def test_a_new_question_is_a_draft_at_the_end_and_told_in_the_log(desk, clerk):
    last = Question.objects.last().position
    desk.post(add("question"), {"question": "Baru?", "group": "", "answer": "Ya."})
    row = Question.objects.get(question="Baru?")
    assert (row.is_published, row.position) == (False, last + 1)
    entry = ActivityEntry.objects.filter(code="record.add").latest("pk")
    assert (entry.actor, entry.subject_label) == (clerk, "Baru?")


def test_beside_the_form_stands_the_portal_with_what_is_typed(desk):
    page = text_of(desk.get(change("question", make_question().pk)))
    assert 'data-form="question_form" data-fields="question group answer question_en group_en answer_en"' in page
    assert 'src="/pratinjau/pertanyaan/' in page
    assert 'id="question_form"' in page


def test_a_fault_in_an_answer_is_told_beside_it(desk):
    response = desk.post(add("question"), {"question": "X?", "answer": "<b>ya</b>"})
    assert "Kode HTML seperti" in response.context["adminform"].form.errors["answer"][0]


def test_an_older_answer_comes_back_from_its_versions_and_so_does_a_deleted_question(desk):
    row = make_question(answer="Pertama")
    for answer in ("Kedua", "Ketiga"):
        desk.post(change("question", row.pk), {"question": row.question, "answer": answer, "is_published": "on"})
    row.refresh_from_db()
    assert row.answer == "Ketiga"
    history = text_of(desk.get(reverse("admin:core_question_history", args=[row.pk])))
    assert "Riwayat" in history
    desk.post(reverse("admin:core_question_delete", args=[row.pk]), {"post": "yes"})
    assert not Question.objects.filter(pk=row.pk).exists()
    assert row.question in text_of(desk.get(reverse("admin:core_deletedrecord_changelist")))


def test_questions_go_out_and_come_in_as_a_spreadsheet(desk, clerk):
    known = make_question(question="Keluar?", answer="Ya, **keluar**.", group="Uji")
    columns = list(QuestionResource.columns())
    out = desk.post(reverse("admin:core_question_export_rows"), {"format": "csv", "columns": columns})
    assert "Keluar?;Uji" in out.getvalue().decode("utf-8-sig")

    sheet = b"Pertanyaan;Kelompok;Jawaban;Tampil di portal\nKeluar?;Uji;Diubah;ya\nMasuk?;Uji;Ya;tidak\n"
    report = QuestionResource(by=clerk, writes=True).run(sheet)
    assert report.faults == []
    known.refresh_from_db()
    new = Question.objects.get(question="Masuk?")
    assert (known.answer, new.is_published, new.position) == ("Diubah", False, known.position + 1)

    faulty = b"Pertanyaan;Jawaban\nA?;<b>x</b>\n"
    (fault,) = QuestionResource(by=clerk, writes=True).run(faulty).faults
    assert (fault.row, fault.column) == (2, "Jawaban")
    assert "Kode HTML" in fault.message
    assert not Question.objects.filter(question="A?").exists()


def test_english_comes_in_with_the_sheet_and_what_lags_behind_is_told(desk, clerk):
    sheet = b"Pertanyaan;Jawaban;Pertanyaan (Inggris);Jawaban (Inggris)\nApa?;Itu.;What?;That.\n"
    assert QuestionResource(by=clerk, writes=True).run(sheet).faults == []
    row = Question.objects.get(question="Apa?")
    assert (row.question_en, row.has_english) == ("What?", True)

    words = {"question": "Apa?", "answer": "Ini.", "question_en": "What?", "answer_en": "That."}
    told = text_of(desk.post(change("question", row.pk), words, follow=True))
    assert "Teks Inggris belum ikut diubah." in told
    told = text_of(desk.post(change("question", row.pk), words | {"answer_en": ""}, follow=True))
    assert "Teks Inggris belum lengkap" in told
    faulty = desk.post(change("question", row.pk), words | {"answer_en": "<b>x</b>"})
    assert list(faulty.context["adminform"].form.errors) == ["answer_en"]


def test_topics_of_messages_have_english_and_lists_of_bnsp_do_not(desk):
    def page(code: str) -> str:
        return text_of(desk.get(change("codelist", CodeList.objects.get(code=code).pk)))

    assert 'name="entries-0-title_en" value="Registration and account"' in page("topik-pertanyaan")
    assert "entries-0-title_en" not in page("pendidikan")


def test_an_announcement_switched_on_is_read_at_once_and_keeps_its_address(desk):
    desk.post(
        add("announcement"),
        {"title": "Libur nasional", "slug": "", "summary": "", "body": "Tutup.", "is_published": "on"},
    )
    row = shown_announcements().get()
    assert row.slug == "libur-nasional"

    desk.post(
        change("announcement", row.pk),
        {"title": "Libur bersama", "slug": "lain", "body": "Tutup.", "is_published": "on"}
        | {"live_from_0": "01-11-2026", "live_from_1": "08:00"},
    )
    row.refresh_from_db()
    assert (row.title, row.slug) == ("Libur bersama", "libur-nasional")


def test_a_published_announcement_that_is_saved_with_faults_shows_them(desk):
    """The form empties the day on the row before it is drawn again; the address must not become a field by that."""
    row = make_announcement()

    page = desk.post(reverse("admin:core_announcement_change", args=[row.pk]), {})

    assert page.status_code == 200
    assert "Isian ini tidak boleh kosong." in page.content.decode()
    assert 'name="slug"' not in page.content.decode()


def test_the_list_says_how_each_announcement_stands(desk):
    make_announcement(title="Tampil sekarang")
    make_announcement(title="Masih ditulis", is_published=False)
    page = text_of(desk.get(reverse("admin:core_announcement_changelist")))
    assert "Draf" in page
    assert "Tampil" in page


def test_a_download_comes_with_its_file_and_is_told_in_the_log(desk, clerk):
    desk.post(add("download"), {"title": "Panduan", "version": "2026", "new_file": a_file(), "is_published": "on"})
    row = shown_downloads().get()
    assert (row.document.file_name, row.document.owner) == ("panduan.pdf", clerk)
    assert ActivityEntry.objects.filter(code="download.set_file", actor=clerk).count() == 1
    page = text_of(desk.get(change("download", row.pk)))
    assert "panduan.pdf" in page
    assert row.address in page  # what readers get


def test_a_newer_file_takes_its_place_and_the_old_one_stays_in_the_repository(desk):
    row = make_download()
    old, address = row.document, row.address
    desk.post(
        change("download", row.pk),
        {"title": row.title, "new_file": a_file(text_pdf("Rev. 2"), "baru.pdf"), "is_published": "on"},
    )
    row.refresh_from_db()
    assert (row.document.file_name, row.address) == ("baru.pdf", address)
    assert Document.objects.filter(pk=old.pk).exists()


def test_what_cannot_be_taken_in_is_told_beside_the_file_and_nothing_is_saved(desk):
    response = desk.post(add("download"), {"title": "Program", "new_file": a_file(b"MZ" + b"0" * 99, "a.exe")})
    assert "sebuah program" in response.context["adminform"].form.errors["new_file"][0]
    response = desk.post(add("download"), {"title": "Tanpa berkas", "is_published": "on"})
    assert "Pilih berkasnya" in response.context["adminform"].form.errors["new_file"][0]
    assert not Download.objects.exists()


@pytest.mark.parametrize("name", ["question", "announcement", "download"])
def test_readers_and_assessors_have_nothing_to_do_with_them(as_role, name):
    for role in ("bnsp", "asesor"):
        assert as_role(role).get(reverse(f"admin:core_{name}_changelist")).status_code == 403


def test_the_set_up_home_leads_to_all_three(desk):
    make_announcement()
    page = text_of(desk.get(reverse("admin:setup")))
    for words in ("Tanya jawab", "1 sedang tampil", "Unduhan"):
        assert words in page


def test_announcements_and_downloads_go_out_as_a_spreadsheet(desk):
    make_announcement(title="Libur kantor", body="Kantor **tutup**.")
    make_announcement(title="Masih ditulis", is_published=False)
    make_download(title="Formulir kosong")

    news = (
        desk.post(
            reverse("admin:core_announcement_export_rows"),
            {"format": "csv", "columns": ["title_", "standing", "address"]},
        )
        .getvalue()
        .decode("utf-8-sig")
    )
    assert "Libur kantor;Tampil;/pengumuman/libur-kantor/" in news
    assert "Masih ditulis;Draf" in news
    files = (
        desk.post(reverse("admin:core_download_export_rows"), {"format": "csv", "columns": ["title_", "file_name"]})
        .getvalue()
        .decode("utf-8-sig")
    )
    assert f"Formulir kosong;{Download.objects.get(title='Formulir kosong').document.file_name}" in files
