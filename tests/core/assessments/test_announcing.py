"""What goes out from a session: invitations with calendar entries, surat tugas, changes, cancellations."""

import json
from datetime import date, datetime, timedelta
from io import BytesIO

import pytest
from django.core import mail
from icalendar import Calendar
from pypdf import PdfReader

from core.accounts.models import AssessorProfile, User
from core.activity.models import ActivityEntry
from core.applications.snapshot import content_hash
from core.assessments.enums import SessionMode
from core.assessments.models import AssessmentRecord, Assignment, Placement, Venue
from core.assessments.seats import letter_states, sessions_to_come, told_seat
from core.assessments.services import (
    announce_session,
    assign_assessor,
    cancel_session,
    reissue_letters,
    remind_sessions,
    replace_assessor_in_session,
    seat_changed,
    tell_change,
)
from core.codelists.models import Region
from core.messaging.models import OutboxMessage
from core.messaging.services import send_waiting
from tests.core.helpers import refused
from tests.factories.accounts import make_user
from tests.factories.assessments import make_assessor
from tests.factories.corridor import make_case, make_session, make_venue
from tests.factories.schemes import make_scheme
from tests.factories.sessions import BEGIN, END, ON_THE_DAY, WEEK_BEFORE, WIB, make_planned

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_week_before(time_machine):
    time_machine.move_to(WEEK_BEFORE, tick=False)


@pytest.fixture
def planned():
    return make_planned()


@pytest.fixture
def announced(planned):
    planned.announce()
    return planned


def letters(key: str) -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(template_key=key).order_by("pk"))


def event_in(message: OutboxMessage):
    calendar = Calendar.from_ical(bytes(message.attachments.get().content))
    return calendar, calendar.walk("VEVENT")[0]


def move_a_day(session) -> None:
    session.starts_at, session.ends_at = BEGIN + timedelta(days=1), END + timedelta(days=1)
    session.sequence += 1
    session.save()


def text_of(document) -> str:
    with document.file.open("rb") as file:
        return "\n".join(page.extract_text() for page in PdfReader(BytesIO(file.read())).pages)


# --- announcing ---------------------------------------------------------------------------------------


def test_announcing_invites_every_candidate_with_time_place_and_note(announced):
    assert announced.session.status == "diumumkan"
    assert announced.session.announced_at == WEEK_BEFORE
    found = letters("session-invited")
    assert {letter.recipient.full_name for letter in found} == {"Siti Rahmawati", "Joko Widagdo", "Ani Lestari"}
    assert "Rabu, 2 Desember 2026, pukul 08.00–16.00 WIB" in found[0].body
    assert "TUK Sentul, Jalan Anyar, Bogor" in found[0].body
    assert "Bawa KTP asli" in found[0].body
    assert announced.seat(announced.siti).invited_at == WEEK_BEFORE
    assert ActivityEntry.objects.filter(code="session.announce").count() == 1


def test_the_calendar_entry_of_a_candidate_is_shown_right_and_keeps_its_name(announced):
    letter = next(letter for letter in letters("session-invited") if letter.recipient.full_name == "Siti Rahmawati")
    calendar, event = event_in(letter)

    assert (str(calendar["METHOD"]), calendar.walk("VTIMEZONE")[0]["TZID"]) == ("REQUEST", "Asia/Jakarta")
    assert event["DTSTART"].to_ical() == b"20261202T080000"
    assert event["DTSTART"].params["TZID"] == "Asia/Jakarta"
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (BEGIN, END)
    assert str(event["UID"]).startswith(f"kursi-{announced.seat(announced.siti).pk}@")
    assert (event["SEQUENCE"], str(event["STATUS"])) == (0, "CONFIRMED")
    assert str(event["LOCATION"]) == "TUK Sentul, Jalan Anyar, Bogor"
    assert str(event["ATTENDEE"]) == f"mailto:{announced.siti.application.candidate.user.email}"
    assert event.walk("VALARM")[0].decoded("TRIGGER") == timedelta(days=-1)


def test_a_session_in_the_east_is_announced_by_the_clock_there():
    """08.00 WIB is 10.00 in Ambon: in the invitation, in its calendar entry, on the surat tugas and its PDF."""
    planned = make_planned(venue=make_venue(name="TUK Ambon", region=Region.objects.get(pk="8171")))
    planned.announce()

    invitation, letter = letters("session-invited")[0], planned.session.letters.get(assessor=planned.bambang)
    assert "Rabu, 2 Desember 2026, pukul 10.00–18.00 WIT" in invitation.body
    calendar, event = event_in(invitation)
    assert (event["DTSTART"].to_ical(), event["DTSTART"].params["TZID"]) == (b"20261202T100000", "Asia/Jayapura")
    assert event.decoded("DTSTART") == BEGIN
    assert calendar.walk("VTIMEZONE")[0]["TZID"] == "Asia/Jayapura"
    assert "10.00–18.00 WIT" in text_of(letter.document)
    assert all(state.is_true for state in letter_states(planned.session))


def test_the_letter_as_a_mail_program_receives_it(announced):
    send_waiting()

    received = next(message for message in mail.outbox if message.subject.startswith("Undangan uji kompetensi"))
    part = list(received.message().walk())[-1]
    assert part.get_content_type() == "text/calendar"
    assert (part.get_param("method"), part.get_filename()) == ("REQUEST", "jadwal-uji.ics")
    assert b"BEGIN:VEVENT" in part.get_payload(decode=True)


def test_every_assessor_gets_one_numbered_surat_tugas_with_own_cases_only(announced):
    bambang, rina = letters("assignment-letter")
    assert (bambang.recipient, rina.recipient) == (announced.bambang.user, announced.rina.user)
    first = announced.session.letters.get(assessor=announced.bambang)
    second = announced.session.letters.get(assessor=announced.rina)
    assert [first.number, second.number] == ["001/ST/LSP-BNPB/XI/2026", "002/ST/LSP-BNPB/XI/2026"]
    assert [case["name"] for case in json.loads(first.content)["cases"]] == ["Joko Widagdo", "Siti Rahmawati"]
    assert first.sha256 == content_hash(first.content) == first.signature.content_sha256
    assert (first.signature.signer, first.issued_by) == (announced.clerk, announced.clerk)
    assert f"/admin/dokumen/{first.document.public_id}/" in bambang.body
    assert "2 asesi" in bambang.body
    assert "Siti" not in bambang.body  # letters travel further than the system reaches
    _calendar, event = event_in(bambang)
    assert str(event["UID"]).startswith(f"jadwal-{announced.session.pk}-asesor-{announced.bambang.pk}@")


def test_the_surat_tugas_as_paper(announced):
    letter = announced.session.letters.get(assessor=announced.bambang)
    text = text_of(letter.document)

    for words in (
        "SURAT TUGAS", letter.number, "Bambang Prasetyo", announced.bambang.registration_number, "TUK Sentul",
        "Rabu, 2 Desember 2026", "08.00–16.00 WIB", "Siti Rahmawati", "Joko Widagdo", "Dewi Lestari",
        f"/verifikasi/{letter.signature.code}/",
    ):  # fmt: skip
        assert words in text
    assert "Ani Lestari" not in text
    assert (letter.document.document_type.code, letter.document.owner) == ("surat-tugas-asesor", announced.bambang.user)


def test_an_assessor_opens_the_own_surat_tugas_and_nobody_elses(announced, client):
    letter = announced.session.letters.get(assessor=announced.bambang)
    address = f"/admin/dokumen/{letter.document.public_id}/"

    for person, answer in ((announced.bambang.user, 200), (announced.rina.user, 404), (make_user(role="bnsp"), 404)):
        client.force_login(person)
        response = client.get(address)
        b"".join(response)  # read to its end, as a browser does
        assert response.status_code == answer


def test_a_session_without_candidates_is_not_announced(planned):
    Placement.objects.update(in_force=None)

    with refused("announce.refused") as refusal:
        planned.announce()

    assert "Belum ada asesi" in refusal.value.message


def test_a_session_with_a_candidate_whom_nobody_assesses_is_not_announced(planned):
    Assignment.objects.filter(application=planned.siti.application).update(in_force=None)

    with refused("announce.refused") as refusal:
        planned.announce()

    assert "Siti Rahmawati" in refusal.value.message
    assert not OutboxMessage.objects.filter(template_key="session-invited").exists()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            lambda day: User.objects.filter(pk=day.bambang.user_id).update(is_active=False),
            "Akun asesor ini tidak aktif",
        ),
        (
            lambda day: AssessorProfile.objects.filter(pk=day.rina.pk).update(certificate_expires_on=date(2026, 12, 1)),
            "Rina Hapsari: Sertifikat asesor berakhir",
        ),
        (lambda day: Venue.objects.update(is_active=False), "TUK Sentul tidak dipakai lagi"),
    ],
)
def test_what_no_longer_fits_since_the_seats_were_given_is_not_announced(planned, change, told):
    change(planned)

    with refused("announce.refused") as refusal:
        planned.announce()

    assert refusal.value.message.count(told) == 1
    assert not OutboxMessage.objects.filter(template_key="session-invited").exists()


def test_a_session_that_has_begun_is_not_announced(planned, time_machine):
    time_machine.move_to(ON_THE_DAY, tick=False)
    with refused("announce.refused"):
        planned.announce()


def test_a_session_is_announced_once(announced):
    with refused("announce.refused"):
        announced.announce()
    assert len(letters("session-invited")) == 3


@pytest.mark.parametrize("role", ["administrator", "asesor", "bnsp"])
def test_only_the_secretariat_announces(planned, role):
    with refused("announce.refused"):
        announce_session(session=planned.session, by=make_user(role=role))


def test_whoever_takes_part_from_elsewhere_reads_a_remote_session_by_the_own_clock_too():
    planned = make_planned(mode=SessionMode.REMOTE, venue=None, meeting_url="https://rapat.example/uji")
    for case, regency in ((planned.siti, "8171"), (planned.joko, "3201")):
        case.application.candidate.home_region_id = regency
        case.application.candidate.save()
    planned.announce()

    found = {letter.recipient.full_name: letter.body for letter in letters("session-invited")}
    assert "pukul 08.00–16.00 WIB (10.00–18.00 WIT di tempat Anda)" in found["Siti Rahmawati"]
    assert "pukul 08.00–16.00 WIB\n" in found["Joko Widagdo"]


def test_a_remote_session_names_the_address_of_its_meeting():
    address = "https://temu.contoh.id/abc"
    planned = make_planned(mode=SessionMode.REMOTE, venue=None, meeting_url=address)
    planned.announce()

    letter = letters("session-invited")[0]
    assert f"Jarak jauh: {address}" in letter.body
    assert event_in(letter)[1]["URL"] == address
    assert "Jarak jauh" in text_of(planned.session.letters.first().document)


# --- seats and assessors that change --------------------------------------------------------------------


def test_a_later_candidate_is_invited_at_once(announced):
    late = make_case(
        "scheduled", scheme=announced.siti.application.scheme_version, full_name="Wawan", session=announced.session
    )
    seat_changed(announced.seat(late), announced.clerk)
    seat_changed(announced.seat(late), announced.clerk)

    assert [letter.recipient.full_name for letter in letters("session-invited")].count("Wawan") == 1


def test_a_candidate_who_loses_the_seat_is_told_and_the_entry_is_cancelled(announced):
    seat = announced.seat(announced.siti)
    seat.in_force, seat.end_reason = None, "Bentrok dengan tugas lapangan."
    seat.save()

    seat_changed(seat, announced.clerk)

    (letter,) = letters("session-uninvited")
    assert "Bentrok dengan tugas lapangan." in letter.body
    calendar, event = event_in(letter)
    assert (str(calendar["METHOD"]), str(event["STATUS"]), event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 1)
    invitation = next(old for old in letters("session-invited") if old.recipient == letter.recipient)
    assert event["UID"] == event_in(invitation)[1]["UID"]


def test_of_a_planned_session_nobody_hears(planned):
    seat_changed(planned.seat(planned.siti), planned.clerk)
    tell_change(session=planned.session, by=planned.clerk)

    assert not OutboxMessage.objects.filter(template_key__startswith="session-").exists()


def test_a_new_assessor_gets_a_letter_and_the_old_one_is_replaced_with_a_new_number(announced):
    wati = make_assessor(full_name="Wati Kusuma")
    assign_assessor(application=announced.ani.application, assessor=wati, reason="Sakit", by=announced.clerk)
    assert [state.is_true for state in letter_states(announced.session)] == [True, False, False]

    reissue_letters(session=announced.session, reason="Rina Hapsari berhalangan.", by=announced.clerk)

    old = announced.session.letters.get(assessor=announced.rina)
    assert (old.in_force, old.end_reason) == (None, "Rina Hapsari berhalangan.")
    new = announced.session.letters.get(assessor=wati)
    assert (new.in_force, new.number) == (True, "003/ST/LSP-BNPB/XI/2026")
    assert announced.session.letters.filter(assessor=announced.bambang).count() == 1
    (released,) = letters("assignment-letter-ended")
    assert released.recipient == announced.rina.user
    assert str(event_in(released)[0]["METHOD"]) == "CANCEL"
    assert all(state.is_true for state in letter_states(announced.session))


def test_letters_that_are_still_true_are_not_issued_again(announced):
    with refused("reissue_letters.none"):
        reissue_letters(session=announced.session, reason="Coba", by=announced.clerk)


def test_a_first_letter_needs_no_reason(announced):
    late = make_case("scheduled", scheme=announced.siti.application.scheme_version, session=announced.session)
    (letter,) = reissue_letters(session=announced.session, reason="", by=announced.clerk)
    assert letter.assessor == late.assessor


def test_replacing_a_letter_needs_a_reason(announced):
    seat = announced.seat(announced.siti)
    seat.in_force = None
    seat.save()
    with refused("reissue_letters.reason", field="reason"):
        reissue_letters(session=announced.session, reason="  ", by=announced.clerk)


def test_a_number_is_given_back_when_the_act_fails(announced):
    """The row of numbers has no gap: a letter that was not written took none."""
    wati = make_assessor()
    assign_assessor(application=announced.ani.application, assessor=wati, reason="Sakit", by=announced.clerk)
    with refused("reissue_letters.reason", field="reason"):
        reissue_letters(session=announced.session, reason="", by=announced.clerk)
    (new,) = reissue_letters(session=announced.session, reason="Sakit", by=announced.clerk)
    assert new.number.startswith("003/")


# --- another time, no session at all -------------------------------------------------------------------


# --- another assessor on the day -----------------------------------------------------------------------------


def replace(planned, new, reason="Sakit"):
    return replace_assessor_in_session(
        session=planned.session, old=planned.bambang, new=new, reason=reason, by=planned.clerk
    )


def test_a_replacement_on_the_day_renews_the_letters_and_tells_everybody_in_one_act(announced, time_machine):
    surya = make_assessor(full_name="Surya Nasution")
    before = letter_states(announced.session)
    time_machine.move_to(ON_THE_DAY, tick=False)

    replace(announced, surya)

    after = {state.assessor: state for state in letter_states(announced.session)}
    assert set(after) == {announced.rina, surya}
    assert all(state.is_true for state in after.values())
    assert after[announced.rina].letter == before[1].letter  # whom it does not concern keeps the own one
    (ended,) = letters("assignment-letter-ended")
    assert (ended.recipient, "Sakit" in ended.body) == (announced.bambang.user, True)
    assert event_in(ended)[1]["STATUS"] == "CANCELLED"
    assert letters("assignment-letter")[-1].recipient == surya.user
    told = letters("session-assessor-changed")
    assert {letter.recipient for letter in told} == {
        case.application.candidate.user for case in (announced.siti, announced.joko)
    }
    assert all("Surya Nasution" in letter.body for letter in told)
    # One letter each: none beside the surat tugas.
    assert not letters("session-assessor-assigned")
    assert not letters("session-assessor-released")
    assert announced.session.filled_forms.filter(assessor=surya).exists()


def test_who_keeps_an_assessed_case_keeps_a_letter_for_it_and_is_told_of_the_others(announced, time_machine):
    time_machine.move_to(ON_THE_DAY, tick=False)
    siti = announced.siti.application
    siti.status = "assessed"
    siti.save()

    replace(announced, announced.rina)

    states = {state.assessor: state for state in letter_states(announced.session)}
    assert [seat.application for seat in states[announced.bambang].seats] == [siti]
    assert all(state.is_true for state in states.values())
    (released,) = letters("session-assessor-released")
    assert announced.joko.application.number in released.body
    assert siti.number not in released.body
    assert letters("session-assessor-assigned")[0].recipient == announced.rina.user


def test_of_a_planned_session_only_the_assessors_hear(planned):
    replace(planned, planned.rina)
    assert not letters("session-assessor-changed")
    assert not letters("assignment-letter")
    assert len(letters("session-assessor-assigned")) == len(letters("session-assessor-released")) == 1


def test_one_case_with_another_assessor_is_told_to_its_candidate_once(announced):
    siti = announced.siti.application
    for _press in range(2):
        assign_assessor(application=siti, assessor=announced.rina, reason="Sakit", by=announced.clerk)
    (letter,) = letters("session-assessor-changed")
    assert letter.recipient == siti.candidate.user


def test_another_time_updates_every_calendar_and_every_surat_tugas(announced):
    session = announced.session
    move_a_day(session)

    tell_change(session=session, by=announced.clerk)

    changed = letters("session-changed")
    assert len(changed) == 3
    assert "Kamis, 3 Desember 2026" in changed[0].body
    _calendar, event = event_in(changed[0])
    assert (event["SEQUENCE"], event.decoded("DTSTART")) == (1, datetime(2026, 12, 3, 8, tzinfo=WIB))
    assert event["UID"] in {event_in(letter)[1]["UID"] for letter in letters("session-invited")}
    assert [letter.number[:3] for letter in session.letters.filter(in_force=True).order_by("pk")] == ["003", "004"]
    assert not letters("assignment-letter-ended")


def test_a_cancelled_session_frees_everybody_and_says_why(announced):
    cancel_session(session=announced.session, reason="TUK terendam banjir.", by=announced.clerk)

    for case in (announced.siti, announced.joko, announced.ani):
        assert announced.reload(case).status == "preassessed"
        seat = announced.seat(case)
        assert (seat.in_force, seat.end_reason) == (None, "TUK terendam banjir.")
    told = letters("session-cancelled")
    assert len(told) == 3
    assert "TUK terendam banjir." in told[0].body
    assert str(event_in(told[0])[0]["METHOD"]) == "CANCEL"
    assert len(letters("assignment-letter-ended")) == 2
    assert not announced.session.letters.filter(in_force=True).exists()
    assert not letters("session-uninvited")
    assert told_seat(announced.siti.application) is None


def test_a_planned_session_is_cancelled_without_letters(planned):
    cancel_session(session=planned.session, reason="Salah tanggal.", by=planned.clerk)

    assert planned.reload(planned.siti).status == "preassessed"
    assert not letters("session-cancelled")


def test_cancelling_needs_a_reason(announced):
    with refused("cancel_session.reason", field="reason"):
        cancel_session(session=announced.session, reason=" ", by=announced.clerk)
    assert announced.reload(announced.siti).status == "scheduled"


def test_a_session_with_signed_results_is_not_cancelled(announced):
    announced.siti.application.status = "assessed"
    announced.siti.application.save()

    with refused("cancel.refused") as refusal:
        cancel_session(session=announced.session, reason="Hujan.", by=announced.clerk)
    assert "Siti Rahmawati" in refusal.value.message
    assert not AssessmentRecord.objects.exists()


# --- reminders --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "told"), [(4, (0, 0)), (3, (3, 2)), (1, (3, 2)), (0, (0, 0))])
def test_who_takes_part_is_reminded_in_the_three_days_before(announced, time_machine, days, told):
    time_machine.move_to(datetime(2026, 12, 2, 9 if days == 0 else 7, tzinfo=WIB) - timedelta(days=days), tick=False)
    assert remind_sessions() == told


def test_a_reminder_comes_once_and_again_for_another_date(announced, time_machine):
    time_machine.move_to(datetime(2026, 11, 29, 7, tzinfo=WIB), tick=False)
    assert remind_sessions() == (3, 2)
    assert remind_sessions() == (0, 0)

    move_a_day(announced.session)
    tell_change(session=announced.session, by=announced.clerk)
    time_machine.move_to(datetime(2026, 12, 1, 7, tzinfo=WIB), tick=False)
    assert remind_sessions() == (3, 2)


def test_who_was_invited_yesterday_evening_is_not_reminded_this_morning(planned, time_machine):
    time_machine.move_to(datetime(2026, 11, 29, 20, tzinfo=WIB), tick=False)
    planned.announce()
    time_machine.move_to(datetime(2026, 11, 30, 7, tzinfo=WIB), tick=False)
    assert remind_sessions() == (0, 0)


# --- who sees what ------------------------------------------------------------------------------------------


def test_an_assessor_finds_the_sessions_to_come_with_the_own_letter(announced):
    make_session(scheme=make_scheme().scheme)

    (session,) = sessions_to_come(announced.bambang.user)
    assert [letter.assessor for letter in session.own_letters] == [announced.bambang]
    assert not sessions_to_come(announced.clerk).exists()
