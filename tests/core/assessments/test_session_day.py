"""The day itself: attendance by the clock and by right, and the end of a session."""

from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from core.activity.models import ActivityEntry
from core.assessments.enums import Attendance
from core.assessments.seats import own_seats
from core.assessments.services import change_session, close_session, record_attendance, session_day
from core.assessments.session_papers import attendance_pdf
from core.messaging.models import OutboxMessage
from tests.core.helpers import refused
from tests.factories.accounts import make_user
from tests.factories.sessions import BEGIN, END, ON_THE_DAY, WEEK_BEFORE, make_planned

pytestmark = pytest.mark.django_db

PRESENT, ABSENT = Attendance.PRESENT, Attendance.ABSENT


@pytest.fixture
def day(time_machine):
    """An announced session, an hour after its beginning."""
    time_machine.move_to(WEEK_BEFORE, tick=False)
    planned = make_planned()
    planned.announce()
    time_machine.move_to(ON_THE_DAY, tick=False)
    return planned


def attend(day, by, **came) -> int:
    attendance = {day.seat(getattr(day, name)).pk: value for name, value in came.items()}
    return record_attendance(session=day.session, attendance=attendance, by=by)


def assessed(case) -> None:
    case.application.status = "assessed"
    case.application.save()


def text_of(session) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(attendance_pdf(session).content)).pages)


# --- attendance -----------------------------------------------------------------------------------------


def test_an_assessor_records_who_came_of_own_cases(day):
    assert attend(day, day.bambang.user, siti=PRESENT, joko=ABSENT) == 2

    assert (day.seat(day.siti).attendance, day.seat(day.joko).attendance) == (PRESENT, ABSENT)
    entry = ActivityEntry.objects.get(code="session.record_attendance")
    assert (entry.actor, entry.data) == (day.bambang.user, {"count": 2})


def test_an_assessor_does_not_record_cases_of_another(day):
    with refused("record_attendance.not_yours"):
        attend(day, day.bambang.user, siti=PRESENT, ani=PRESENT)
    assert day.seat(day.siti).attendance == ""


def test_the_secretariat_records_all_and_corrects_a_slip(day):
    assert attend(day, day.clerk, siti=ABSENT, joko=PRESENT, ani=PRESENT) == 3
    assert attend(day, day.clerk, siti=PRESENT, joko=PRESENT, ani="") == 2
    assert day.seat(day.siti).attendance == PRESENT


def test_the_same_again_is_no_act(day):
    attend(day, day.clerk, siti=PRESENT)
    assert attend(day, day.clerk, siti=PRESENT) == 0
    assert ActivityEntry.objects.filter(code="session.record_attendance").count() == 1


@pytest.mark.parametrize("role", ["administrator", "bnsp", "asesor", "asesi"])
def test_nobody_else_records_attendance(day, role):
    with refused("record_attendance.refused"):
        attend(day, make_user(role=role), siti=PRESENT)


def test_attendance_is_not_recorded_before_the_session_begins(day, time_machine):
    time_machine.move_to(BEGIN - timedelta(seconds=1), tick=False)
    with refused("record_attendance.refused") as refusal:
        attend(day, day.clerk, siti=PRESENT)
    assert "pukul 08.00" in refusal.value.message

    time_machine.move_to(BEGIN, tick=False)
    assert attend(day, day.clerk, siti=PRESENT) == 1


def test_whose_results_are_signed_was_there(day):
    attend(day, day.clerk, siti=PRESENT)
    assessed(day.siti)
    with refused("record_attendance.assessed"):
        attend(day, day.clerk, siti=ABSENT)


def test_results_that_are_signed_at_the_same_moment_are_not_overtaken_by_an_absence(day, monkeypatch):
    """What the assessor signs between the look at the seats and the writing down of who came."""

    def seats_and_then_signed(session, by):
        seats = own_seats(session, by)
        assessed(day.siti)
        return seats

    monkeypatch.setattr(session_day, "own_seats", seats_and_then_signed)
    with refused("record_attendance.assessed"):
        attend(day, day.clerk, siti=ABSENT)


def test_the_day_on_which_somebody_was_assessed_stays_that_day(day):
    assessed(day.siti)
    later = {"starts_at": BEGIN + timedelta(days=30), "ends_at": END + timedelta(days=30)}
    with refused("change_session.signed", field="starts_at") as refusal:
        change_session(session=day.session, **later, by=day.clerk)
    assert day.siti.application.candidate.user.full_name in refusal.value.message
    change_session(session=day.session, note="Bawa alat tulis.", by=day.clerk)


def test_anything_else_than_present_or_absent_is_refused(day):
    with refused("record_attendance.unknown"):
        attend(day, day.clerk, siti="mungkin")


# --- closing ----------------------------------------------------------------------------------------------


def test_closing_asks_for_the_attendance_that_is_missing(day):
    attend(day, day.clerk, siti=PRESENT, joko=PRESENT)
    with refused("close.refused") as refusal:
        close_session(session=day.session, by=day.clerk)
    assert "Ani Lestari" in refusal.value.message
    assert "Siti" not in refusal.value.message


def test_closing_names_whose_results_are_not_signed_and_by_whom(day):
    attend(day, day.clerk, siti=PRESENT, joko=PRESENT, ani=PRESENT)
    assessed(day.siti)
    with refused("close.refused") as refusal:
        close_session(session=day.session, by=day.clerk)
    assert "Joko Widagdo (asesor Bambang Prasetyo), Ani Lestari" not in refusal.value.message
    assert "Ani Lestari (asesor Rina Hapsari), Joko Widagdo (asesor Bambang Prasetyo)" in refusal.value.message


def test_a_closed_session_keeps_who_was_assessed_and_lets_go_who_did_not_come(day):
    attend(day, day.clerk, siti=PRESENT, joko=ABSENT, ani=PRESENT)
    assessed(day.siti)
    assessed(day.ani)

    close_session(session=day.session, by=day.clerk)

    day.session.refresh_from_db()
    assert day.session.status == "selesai"
    assert day.reload(day.joko).status == "preassessed"
    assert (day.seat(day.joko).in_force, day.seat(day.joko).end_reason) == (None, "Tidak hadir.")
    assert day.seat(day.siti).in_force is True
    (letter,) = OutboxMessage.objects.filter(template_key="session-missed")
    assert letter.recipient == day.joko.application.candidate.user
    assert not OutboxMessage.objects.filter(template_key="session-uninvited").exists()
    with refused("record_attendance.refused"):
        attend(day, day.clerk, siti=ABSENT)


def test_closing_keeps_the_attendance_list_as_it_stood(day):
    attend(day, day.clerk, siti=PRESENT, joko=ABSENT, ani=PRESENT)
    assessed(day.siti)
    assessed(day.ani)
    assert day.session.attendance_list is None

    closed = close_session(session=day.session, by=day.clerk)

    kept = closed.attendance_list
    assert (kept.document_type.code, kept.pages) == ("daftar-hadir", 1)
    with kept.file.open("rb") as stream:
        text = " ".join(page.extract_text() for page in PdfReader(stream).pages)
    for name in ("Siti Rahmawati", "Joko Widagdo", "Ani Lestari"):
        assert name in text


def test_a_session_is_not_closed_before_it_begins(day, time_machine):
    time_machine.move_to(WEEK_BEFORE, tick=False)
    with refused("close.refused"):
        close_session(session=day.session, by=day.clerk)


@pytest.mark.parametrize("role", ["administrator", "bnsp", "asesor"])
def test_only_the_secretariat_closes(day, role):
    with refused("close.refused"):
        close_session(session=day.session, by=make_user(role=role))


# --- the attendance list -----------------------------------------------------------------------------------


def test_the_attendance_list_is_empty_before_and_filled_afterwards(day):
    before = text_of(day.session)
    for words in ("DAFTAR HADIR", day.session.number, "Siti Rahmawati", "Rina Hapsari", "Tanda tangan", "TUK Sentul"):
        assert words in before
    assert "Tidak hadir" not in before
    assert before.index("Ani Lestari") < before.index("Joko Widagdo") < before.index("Siti Rahmawati")

    attend(day, day.clerk, siti=PRESENT, joko=ABSENT, ani=PRESENT)
    assessed(day.siti)
    assessed(day.ani)
    close_session(session=day.session, by=day.clerk)
    day.session.refresh_from_db()

    after = text_of(day.session)
    assert "Tidak hadir" in after
    assert "Joko Widagdo" in after
    assert "Hadir 2 dari 3 asesi." in after
