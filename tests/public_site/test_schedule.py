"""The candidate finds out when and where, and takes it along into the calendar."""

import pytest
from icalendar import Calendar

from core.assessments.enums import SessionMode
from core.assessments.services import cancel_session
from tests.factories.accounts import make_user
from tests.factories.sessions import BEGIN, ON_THE_DAY, WEEK_BEFORE, make_planned

pytestmark = pytest.mark.django_db


@pytest.fixture
def planned(time_machine):
    time_machine.move_to(WEEK_BEFORE, tick=False)
    return make_planned()


@pytest.fixture
def siti(client, planned):
    client.force_login(planned.siti.application.candidate.user)
    return client


def address(planned, tail: str = "") -> str:
    return f"/permohonan/{planned.siti.application.number}/{tail}"


def test_a_session_shows_once_it_is_announced(siti, planned):
    assert "Jadwal uji kompetensi" not in siti.get(address(planned)).content.decode()
    assert siti.get(address(planned, "jadwal.ics")).status_code == 404

    planned.announce()

    shown = siti.get(address(planned)).content.decode()
    for words in ("Rabu, 2 Desember 2026", "08.00–16.00 WIB", "TUK Sentul", "Jalan Anyar, Bogor", "Bambang Prasetyo",
                  "sepatu lapangan", "Simpan ke kalender"):  # fmt: skip
        assert words in shown
    assert "Rabu, 2 Desember 2026, pukul 08.00–16.00 WIB" in siti.get("/akun/").content.decode()


def test_a_remote_session_is_told_by_the_clock_at_home_too(client, time_machine):
    time_machine.move_to(WEEK_BEFORE, tick=False)
    planned = make_planned(mode=SessionMode.REMOTE, venue=None, meeting_url="https://temu.contoh.id/abc")
    candidate = planned.siti.application.candidate
    candidate.home_region_id = "7371"
    candidate.save()
    planned.announce()
    client.force_login(candidate.user)

    shown = client.get(address(planned)).content.decode()
    assert "08.00–16.00 WIB" in shown
    assert "09.00–17.00 WITA" in shown


def test_the_calendar_entry_is_the_one_of_the_invitation(siti, planned):
    planned.announce()
    answer = siti.get(address(planned, "jadwal.ics"))

    calendar = Calendar.from_ical(answer.content)
    (event,) = calendar.walk("VEVENT")
    assert answer["Content-Type"].startswith("text/calendar")
    assert str(calendar["METHOD"]) == "PUBLISH"
    assert str(event["UID"]).startswith(f"kursi-{planned.seat(planned.siti).pk}@")
    assert event.decoded("DTSTART") == BEGIN


def test_nobody_else_takes_it_along(client, planned):
    planned.announce()
    client.force_login(make_user(role="asesi"))
    assert client.get(address(planned, "jadwal.ics")).status_code == 404


def test_a_cancelled_session_is_gone(siti, planned):
    planned.announce()
    cancel_session(session=planned.session, reason="Banjir", by=planned.clerk)
    assert "Jadwal uji kompetensi" not in siti.get(address(planned)).content.decode()


def test_on_the_desk_only_what_lies_ahead(siti, planned, time_machine):
    planned.announce()
    time_machine.move_to(ON_THE_DAY.replace(day=4), tick=False)
    siti.force_login(planned.siti.application.candidate.user)
    page = siti.get("/akun/")
    assert page.context["applications"][0]["schedule"] is None
    tasks = [task.title for section in page.context["to_do"] for task in section["tasks"]]
    assert not any(title.startswith("Ikuti uji") for title in tasks)  # the invitation stays among the letters
