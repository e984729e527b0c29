"""A session at the desk and on the assessor's phone: announce, letters, attendance, close, and the outbox's files."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.activity.models import ActivityEntry
from core.assessments.models import AssessmentSession
from core.assessments.services import announce_session
from core.messaging.models import OutboxAttachment, OutboxMessage
from tests.backoffice.conftest import pressed_by_enter
from tests.factories.accounts import make_user
from tests.factories.corridor import make_case
from tests.factories.sessions import ON_THE_DAY, WEEK_BEFORE, make_planned

pytestmark = pytest.mark.django_db


@pytest.fixture
def planned(time_machine):
    time_machine.move_to(WEEK_BEFORE, tick=False)
    return make_planned()


@pytest.fixture
def desk(client, planned):
    client.force_login(planned.clerk)
    return client


def page(planned) -> str:
    return reverse("admin:core_assessmentsession_change", args=[planned.session.pk])


def act(planned, name: str) -> str:
    return reverse("admin:core_assessmentsession_act", args=[planned.session.pk, name])


def attendance(planned) -> str:
    return reverse("admin:core_assessmentsession_attendance", args=[planned.session.pk])


def test_announcing_from_the_page_sends_everything_and_shows_the_letters(desk, planned):
    assert act(planned, "announce") in desk.get(page(planned)).content.decode()
    assert "Asesi mendapat undangan" in desk.get(act(planned, "announce")).content.decode()
    assert OutboxMessage.objects.filter(template_key="session-invited").count() == 0

    shown = desk.post(act(planned, "announce"), follow=True).content.decode()

    assert "Jadwal diumumkan" in shown
    assert "001/ST/LSP-BNPB/XI/2026" in shown
    assert "Kehadiran dapat dicatat mulai Rabu, 2 Desember 2026, pukul 08.00 WIB." in shown
    assert OutboxMessage.objects.filter(template_key="session-invited").count() == 3


def test_a_second_press_of_announce_is_refused_with_a_sentence(desk, planned):
    desk.post(act(planned, "announce"))
    answer = desk.post(act(planned, "announce"))
    assert answer.status_code == 422
    assert "tidak dapat dilakukan pada status “Diumumkan”" in answer.content.decode()


def test_letters_that_went_out_of_date_are_marked_and_issued_again(desk, planned):
    desk.post(act(planned, "announce"))
    make_case("scheduled", scheme=planned.siti.application.scheme_version, session=planned.session)

    shown = desk.get(page(planned)).content.decode()
    assert "Ada surat tugas yang tidak lagi sesuai" in shown
    assert "Belum ada surat tugas" in shown

    shown = desk.post(act(planned, "reissue"), follow=True).content.decode()
    assert "1 surat tugas baru dikirim." in shown
    assert "Ada surat tugas yang tidak lagi sesuai" not in shown


def test_cancelling_asks_for_a_reason_and_keeps_the_page(desk, planned):
    answer = desk.post(act(planned, "cancel"), {"reason": " "})
    assert answer.status_code == 422
    assert "Tulis alasannya" in answer.content.decode()
    assert "Jadwal dibatalkan" in desk.post(act(planned, "cancel"), {"reason": "Banjir"}, follow=True).content.decode()


def test_an_assessor_records_attendance_of_own_cases_on_the_day(client, planned, time_machine):
    planned.announce()
    client.force_login(planned.bambang.user)
    home = client.get("/admin/").content.decode()
    assert "Jadwal uji Anda" in home
    assert attendance(planned) not in home

    time_machine.move_to(ON_THE_DAY, tick=False)
    client.force_login(planned.bambang.user)
    home = client.get("/admin/").content.decode()
    assert "Hari ini" in home
    assert attendance(planned) in home

    shown = client.get(attendance(planned)).content.decode()
    assert "Siti Rahmawati" in shown
    assert "Ani Lestari" not in shown
    joko = planned.seat(planned.joko)
    client.post(attendance(planned), {f"kehadiran-{joko.pk}": "tidak-hadir", "semua": "1"})

    assert planned.seat(planned.joko).attendance == "tidak-hadir"
    assert planned.seat(planned.siti).attendance == "hadir"
    assert planned.seat(planned.ani).attendance == ""


def test_a_session_over_midnight_is_todays_on_its_second_day_too(client, planned, time_machine):
    planned.announce()
    session = planned.session
    AssessmentSession.objects.filter(pk=session.pk).update(ends_at=session.ends_at + timedelta(days=1))
    time_machine.move_to(session.ends_at + timedelta(hours=12), tick=False)
    client.force_login(planned.bambang.user)

    assert "Hari ini" in client.get("/admin/").content.decode()


def test_attendance_before_the_beginning_is_refused_and_what_was_ticked_stays(desk, planned):
    planned.announce()
    seat = planned.seat(planned.siti)

    answer = desk.post(attendance(planned), {f"kehadiran-{seat.pk}": "hadir"})

    assert answer.status_code == 422
    assert "Kehadiran dapat dicatat mulai" in answer.content.decode()
    assert f'name="kehadiran-{seat.pk}" value="hadir" checked' in answer.content.decode()
    assert planned.seat(planned.siti).attendance == ""


def test_enter_on_a_choice_does_not_record_the_rest_as_present(desk, planned):
    assert pressed_by_enter(desk.get(attendance(planned)), "bo-attendance") == ""


def test_the_attendance_list_opens_as_pdf(desk, planned):
    answer = desk.get(reverse("admin:core_assessmentsession_attendance_list", args=[planned.session.pk]))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")


def test_acts_open_in_a_dialog_that_keeps_a_refusal_and_leads_back(desk, planned):
    htmx = {"HX-Request": "true"}
    dialog = desk.get(act(planned, "announce"), headers=htmx).content.decode()
    assert "<html" not in dialog
    assert "3 undangan kepada asesi, 2 surat tugas kepada asesor" in dialog

    refused = desk.post(act(planned, "cancel"), {"reason": ""}, headers=htmx)
    assert refused.status_code == 200  # htmx shows only answers that went well
    assert "Tulis alasannya" in refused.content.decode()
    assert desk.post(act(planned, "announce"), headers=htmx)["HX-Redirect"] == page(planned)


def test_a_replacement_on_the_day_leaves_no_letter_out_of_date(desk, planned, time_machine):
    planned.announce()
    time_machine.move_to(ON_THE_DAY, tick=False)
    desk.force_login(planned.clerk)
    address = reverse("admin:core_assessmentsession_replace", args=[planned.session.pk, planned.bambang.pk])
    assert "Surat tugas lama dicabut" in desk.get(address).content.decode()

    desk.post(address, {"assessor": planned.rina.pk, "reason": "Sakit"})

    shown = desk.get(page(planned)).content.decode()
    assert "tidak lagi sesuai" not in shown
    assert "003/ST/LSP-BNPB/" in shown


def test_a_closed_session_shows_the_attendance_list_that_was_kept(desk, planned, time_machine):
    planned.announce()
    time_machine.move_to(ON_THE_DAY, tick=False)
    desk.force_login(planned.clerk)
    desk.post(attendance(planned), {f"kehadiran-{planned.seat(case).pk}": "tidak-hadir" for case in planned.cases})
    desk.post(act(planned, "close"))
    planned.session.refresh_from_db()
    kept = planned.session.attendance_list

    answer = desk.get(reverse("admin:core_assessmentsession_attendance_list", args=[planned.session.pk]))

    with kept.file.open("rb") as stream:
        assert b"".join(answer.streaming_content) == stream.read()
    assert ActivityEntry.objects.filter(code="document.view", subject_id=str(kept.pk)).exists()


def test_an_assessor_of_another_session_finds_nothing(client, planned):
    client.force_login(make_user(role="asesor"))
    for address in (page(planned), act(planned, "cancel"), attendance(planned)):
        assert client.get(address).status_code == 404


def test_the_page_asks_the_database_as_often_for_many_seats_as_for_few(desk, planned):
    announce_session(session=planned.session, by=planned.clerk)

    def queries() -> int:
        desk.get(page(planned))  # caches of the log-in and of content types
        with CaptureQueriesContext(connection) as found:
            assert desk.get(page(planned)).status_code == 200
        return len(found)

    few = queries()
    for _case in range(2):
        make_case(
            "scheduled",
            scheme=planned.siti.application.scheme_version,
            session=planned.session,
            assessor=planned.bambang,
        )
    assert queries() == few


# --- files of letters ---------------------------------------------------------------------------------------


def test_a_letter_in_the_outbox_shows_its_file_until_it_is_wiped(desk, planned):
    planned.announce()
    letter = OutboxMessage.objects.filter(template_key="session-invited").first()
    file = letter.attachments.get()
    address = reverse("admin:core_outboxmessage_attachment", args=[letter.pk, file.pk])
    shown = reverse("admin:core_outboxmessage_change", args=[letter.pk])
    assert address in desk.get(shown).content.decode()
    answer = desk.get(address)
    assert answer["Content-Type"].startswith("text/calendar")
    assert "attachment" in answer["Content-Disposition"]

    OutboxAttachment.objects.update(content=b"")
    assert address not in desk.get(shown).content.decode()
    assert "jadwal-uji.ics" in desk.get(shown).content.decode()
    assert desk.get(address).status_code == 404
