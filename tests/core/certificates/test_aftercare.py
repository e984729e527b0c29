"""Suspending, reinstating, withdrawing; and how a certificate stands on a day."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from core.activity.models import ActivityEntry
from core.certificates.aftercare_queries import in_state
from core.certificates.enums import CertificateState, CertificateStatus
from core.certificates.models import Certificate
from core.certificates.services import (
    end_suspensions,
    reinstate_certificate,
    replace_certificate,
    suspend_certificate,
    withdraw_certificate,
)
from core.certificates.standing import status_now
from core.messaging.models import OutboxMessage
from tests.core.certificates.helpers import refused
from tests.factories.accounts import make_user
from tests.factories.certificates import lay_certificate, make_surveillance

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    return make_user(role="sekretariat")


def letters(kind: str):
    return OutboxMessage.objects.filter(template_key=kind)


def test_a_suspension_tells_the_holder_why_and_until_when(clerk):
    certificate = lay_certificate()
    until = timezone.localdate() + timedelta(days=30)

    certificate = suspend_certificate(certificate=certificate, reason="Laporan BPBD.", until=until, by=clerk)

    assert (certificate.status, certificate.suspended_until) == (CertificateStatus.SUSPENDED, until)
    event = certificate.events.get()
    assert (event.act, event.reason, event.until, event.by) == ("bekukan", "Laporan BPBD.", until, clerk)
    letter = letters("certificate-suspended").get()
    assert letter.recipient == certificate.holder
    assert "Laporan BPBD." in letter.body
    assert f"/verifikasi/{certificate.code}/" in letter.body


def test_the_reason_stands_in_the_events_and_not_in_the_log(clerk):
    """The log is kept longer than the person's file."""
    withdraw_certificate(certificate=lay_certificate(), reason="Ijazah milik Budi palsu.", by=clerk)

    assert "Budi" not in str(ActivityEntry.objects.get(code="certificate.withdraw").data)


@pytest.mark.parametrize("act", [suspend_certificate, withdraw_certificate])
def test_without_a_reason_nothing_happens(clerk, act):
    certificate = lay_certificate()

    error = refused(act, certificate=certificate, reason=" \u200b ", by=clerk)

    assert error.field == "reason"
    assert not certificate.events.exists()
    assert not OutboxMessage.objects.filter(template_key__startswith="certificate-").exists()


def test_a_reason_is_never_cut(clerk):
    assert refused(suspend_certificate, certificate=lay_certificate(), reason="x" * 1001, by=clerk).field == "reason"


@pytest.mark.parametrize("days", [-1, 400, 500])
def test_a_suspension_ends_ahead_and_within_the_validity(clerk, days):
    until = timezone.localdate() + timedelta(days=days)

    error = refused(suspend_certificate, certificate=lay_certificate(days_left=400), reason="x", until=until, by=clerk)

    assert error.field == "until"


def test_a_suspension_may_last_just_today(clerk):
    today = timezone.localdate()
    assert suspend_certificate(certificate=lay_certificate(), reason="x", until=today, by=clerk).status == "dibekukan"


def test_the_second_of_two_clerks_is_refused(clerk):
    certificate = lay_certificate()
    suspend_certificate(certificate=certificate, reason="Pertama.", by=clerk)

    stale = Certificate.objects.get(pk=certificate.pk)
    stale.status = CertificateStatus.ACTIVE  # as the second clerk's page still shows it
    error = refused(suspend_certificate, certificate=stale, reason="Kedua.", by=make_user(role="sekretariat"))

    assert error.code == "suspend.refused"
    assert certificate.events.count() == 1


def test_withdrawing_is_final_and_closes_what_was_planned(clerk):
    certificate = lay_certificate()
    planned = make_surveillance(certificate=certificate)

    certificate = withdraw_certificate(certificate=certificate, reason="Terbukti palsu.", by=clerk)

    planned.refresh_from_db()
    assert planned.get_outcome_display() == "Tidak terlaksana"
    for act in (reinstate_certificate, suspend_certificate, withdraw_certificate):
        assert refused(act, certificate=certificate, reason="Maaf.", by=clerk)


def test_nobody_rules_on_a_certificate_of_their_own(clerk):
    certificate = lay_certificate(holder=clerk)
    error = refused(suspend_certificate, certificate=certificate, reason="Saya sendiri.", by=clerk)
    assert "milik" in error.message or "sendiri" in error.message
    corrections = {"full_name": "Nama Lain"}
    error = refused(replace_certificate, certificate=certificate, corrections=corrections, reason="Salah.", by=clerk)
    assert error.code == "replace.refused"


# --- the night ----------------------------------------------------------------------------------------


def test_a_suspension_ends_by_itself_on_the_day_after_its_last(clerk, time_machine):
    time_machine.move_to("2026-06-01T03:00:00Z", tick=False)
    certificate = lay_certificate()
    suspend_certificate(certificate=certificate, reason="x", until=date(2026, 6, 10), by=clerk)
    open_end = lay_certificate()
    suspend_certificate(certificate=open_end, reason="x", by=clerk)

    time_machine.move_to("2026-06-10T16:59:00Z", tick=False)  # 23.59 in Jakarta
    assert end_suspensions() == 0
    time_machine.move_to("2026-06-10T17:30:00Z", tick=False)  # 00.30 of the 11th
    assert end_suspensions() == 1
    assert end_suspensions() == 0  # twice changes nothing

    certificate.refresh_from_db()
    open_end.refresh_from_db()
    assert (certificate.status, certificate.suspended_until) == ("aktif", None)
    assert open_end.status == "dibekukan"
    event = certificate.events.last()
    assert (event.act, event.by, event.reason) == ("pulihkan", None, "Masa pembekuan berakhir.")
    assert ActivityEntry.objects.get(code="certificate.reinstate").actor is None
    assert letters("certificate-reinstated").count() == 1


def test_after_nights_without_a_run_the_check_is_right_already_and_the_next_run_catches_up(clerk, time_machine):
    time_machine.move_to("2026-06-01T03:00:00Z", tick=False)
    certificate = lay_certificate()
    certificate = suspend_certificate(certificate=certificate, reason="x", until=date(2026, 6, 10), by=clerk)

    time_machine.move_to("2026-06-20T03:00:00Z", tick=False)
    assert status_now(certificate).state == CertificateState.VALID
    assert end_suspensions() == 1


# --- how it stands ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "state", "words"),
    [
        ({"days_left": 91}, "berlaku", "berlaku sampai"),
        ({"days_left": 90}, "segera", "90 hari lagi"),
        ({"days_left": 0}, "segera", "sampai hari ini"),
        ({"days_left": -1}, "kedaluwarsa", "berakhir pada"),
        ({"status": "dibekukan"}, "dibekukan", "sementara tidak berlaku"),
        ({"status": "dibekukan", "days_left": -1}, "kedaluwarsa", "berakhir pada"),
        ({"status": "dicabut", "days_left": -1}, "dicabut", "dicabut"),
        ({"status": "diganti"}, "diganti", "diganti"),
    ],
)
def test_one_place_tells_how_a_certificate_stands(fields, state, words, django_assert_num_queries):
    certificate = lay_certificate(**fields)

    with django_assert_num_queries(0):
        now = status_now(certificate)

    assert now.state == state
    assert words in now.sentence
    assert now.holds == (state in ("berlaku", "segera"))
    # The lists narrow by the same rules.
    assert {key for key in CertificateState.values if in_state(Certificate.objects.all(), key).exists()} == {state}


@pytest.mark.parametrize(("days", "state"), [(0, "dibekukan"), (-1, "berlaku")])
def test_a_suspension_holds_through_its_last_day(days, state):
    until = timezone.localdate() + timedelta(days=days)
    certificate = lay_certificate(status="dibekukan", suspended_until=until)

    assert status_now(certificate).state == state
    assert in_state(Certificate.objects.all(), state).get() == certificate
