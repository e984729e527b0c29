"""Questions, announcements and files for everybody: a switch shows them, their moment comes by itself."""

import io
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from core.activity.models import ActivityEntry
from core.content.entries import Announcement, Question
from core.content.entry_queries import shown_announcements, shown_downloads, shown_questions
from core.content.services import set_download_file
from core.content.steps import Step, steps_of
from core.reference import load_reference
from tests.core.helpers import refused
from tests.factories.accounts import make_user
from tests.factories.content import make_announcement, make_download, make_question
from tests.factories.documents import text_pdf

pytestmark = pytest.mark.django_db


def fault_of(row) -> dict:
    with pytest.raises(ValidationError) as refusal:
        row.full_clean()
    return refusal.value.message_dict


# --- questions ----------------------------------------------------------------------------------------


def test_the_portal_starts_with_answers_that_are_clean():
    assert shown_questions().count() > 10
    for row in shown_questions():
        row.full_clean()


def test_a_question_that_staff_took_out_does_not_come_back():
    Question.objects.exclude(pk=shown_questions().first().pk).delete()
    load_reference()
    assert Question.objects.count() == 1


def test_only_what_is_switched_on_is_shown():
    make_question(question="Rahasia?", is_published=False)
    assert "Rahasia?" not in {row.question for row in shown_questions()}


def test_every_word_is_looked_for_in_question_and_answer():
    row = make_question(question="Bolehkah memakai zirkonium?", answer="Ya, di **halmahera**.")
    assert list(shown_questions("zirkonium HALMAHERA")) == [row]
    assert list(shown_questions("zirkonium ternate")) == []


def test_code_in_an_answer_is_told_beside_it():
    assert list(fault_of(Question(question="X?", answer="<script>x</script>"))) == ["answer"]


# --- announcements ------------------------------------------------------------------------------------


def test_an_announcement_is_shown_from_its_moment_to_the_end_of_its_last_day(time_machine):
    time_machine.move_to("2026-11-24T03:00:00Z", tick=False)
    row = make_announcement(live_from=timezone.now() + timedelta(hours=2), ends_on=timezone.localdate())
    assert (row.standing(), list(shown_announcements())) == ("terjadwal", [])

    time_machine.move_to("2026-11-24T05:00:00Z", tick=False)
    assert (row.standing(), list(shown_announcements())) == ("tampil", [row])

    time_machine.move_to("2026-11-24T16:59:59Z", tick=False)  # 23.59 by the office's clock
    assert (row.standing(), list(shown_announcements())) == ("tampil", [row])

    time_machine.move_to("2026-11-24T17:00:00Z", tick=False)
    assert (row.standing(), list(shown_announcements())) == ("berakhir", [])


def test_a_draft_is_nobodys_business():
    row = make_announcement(is_published=False)
    assert (row.standing(), list(shown_announcements())) == ("draf", [])


def test_switched_on_without_a_moment_it_is_shown_at_once():
    assert make_announcement().standing() == "tampil"


def test_pinned_ones_come_first_then_the_newest():
    day = timezone.now() - timedelta(days=9)
    old, new, pinned = (make_announcement(live_from=day + timedelta(days=n)) for n in range(3))
    Announcement.objects.filter(pk=old.pk).update(is_pinned=True)
    assert list(shown_announcements()) == [old, pinned, new]


def test_an_address_is_made_of_the_title_and_taken_once():
    first, second = (make_announcement(title="Jadwal uji Desember!") for _n in range(2))
    assert (first.slug, second.slug) == ("jadwal-uji-desember", "jadwal-uji-desember-2")


def test_what_makes_no_sense_is_refused_beside_its_field():
    today = timezone.localdate()
    early = Announcement(title="X", body="x", live_from=timezone.now(), ends_on=today - timedelta(days=1))
    assert list(fault_of(early)) == ["ends_on"]
    assert list(fault_of(Announcement(title="X", is_published=True))) == ["body"]


# --- downloads ----------------------------------------------------------------------------------------


def test_a_download_is_shown_with_its_file_only():
    row = make_download()
    hidden = make_download(is_published=False)
    assert list(shown_downloads()) == [row]
    assert hidden.document is not None


def test_a_newer_file_takes_the_place_at_the_same_address():
    clerk, row = make_user(role="sekretariat"), make_download()
    before = row.address

    set_download_file(download=row, stream=io.BytesIO(text_pdf("Rev. 2")), file_name="baru.pdf", by=clerk)

    (shown,) = shown_downloads()
    assert (shown.address, shown.document.file_name) == (before, "baru.pdf")
    entry = ActivityEntry.objects.filter(code="download.set_file").latest("pk")
    assert (entry.actor, entry.subject_label) == (clerk, row.title)


def test_a_file_that_is_no_document_is_refused_beside_its_field():
    row = make_download()
    with refused("file.program", field="new_file"):
        set_download_file(download=row, stream=io.BytesIO(b"MZ" + b"x" * 99), file_name="a.exe", by=make_user())


# --- steps of the flow --------------------------------------------------------------------------------


def test_numbered_lines_are_steps_with_whoever_does_them():
    body = "Awal\n\n1. **Buat akun** *Anda*\n   Nama cukup.\n2. **Uji [di TUK](/alur/)**\n3. Selesai.\n- bukan langkah"
    assert steps_of(body) == [Step(1, "Buat akun", "Anda"), Step(2, "Uji di TUK", ""), Step(3, "Selesai", "")]
    assert steps_of("Tidak ada langkah.") == []
