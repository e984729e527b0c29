"""Letters that the calendar writes: each exactly once, whatever happens to the job."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone

from core.certificates.models import Renewal
from core.certificates.services import (
    announce_surveillances,
    close_finished,
    remind_expiring,
    remind_past_expiring,
    tell_secretariat,
)
from core.certificates.services.reminders import DIGEST_LINES
from core.content.models import OfficeData
from core.messaging.models import OutboxMessage
from core.policy.models import SystemPolicy
from tests.factories.accounts import make_user
from tests.factories.applications import make_application
from tests.factories.certificates import lay_certificate, make_past_certificate, make_surveillance

pytestmark = pytest.mark.django_db


def letters(kind: str = "certificate-expiring"):
    return OutboxMessage.objects.filter(template_key=kind).order_by("pk")


def told(certificate) -> list[str]:
    return [letter.subject for letter in letters().filter(recipient=certificate.holder)]


@pytest.mark.parametrize(("days_left", "nights", "marks"), [(92, 4, [90]), (32, 35, [32, 30, 7])])
def test_the_holder_is_told_at_each_mark_and_at_no_other_day(time_machine, days_left, nights, marks):
    """Whoever was never told of the mark of 90 days is told late, in the first night."""
    certificate, start = lay_certificate(days_left=days_left), timezone.now()
    for night in range(nights):
        time_machine.move_to(start + timedelta(days=night), tick=False)
        remind_expiring()

    assert told(certificate) == [f"Sertifikat {certificate.number} berakhir dalam {days} hari" for days in marks]


def test_running_twice_in_a_night_tells_nobody_twice():
    lay_certificate(days_left=90)
    assert (remind_expiring(), remind_expiring(), letters().count()) == (1, 0, 1)


def test_a_job_that_was_down_for_days_tells_late_and_only_the_nearest(time_machine):
    start = timezone.now()
    late, very_late = lay_certificate(days_left=95), lay_certificate(days_left=40)
    time_machine.move_to(start + timedelta(days=12), tick=False)  # 83 days are left, and 28

    remind_expiring()

    assert "83 hari" in told(late)[0]
    assert len(told(very_late)) == 1  # not the one of 90 days beside the one of 30
    assert "28 hari" in told(very_late)[0]


def test_on_the_last_day_it_is_not_too_late_and_a_day_later_it_is():
    today, yesterday = lay_certificate(days_left=0), lay_certificate(days_left=-1)
    remind_expiring()
    assert (len(told(today)), len(told(yesterday))) == (1, 0)


@pytest.mark.parametrize("status", ["dibekukan", "dicabut", "diganti"])
def test_what_does_not_hold_is_not_reminded_of(status):
    lay_certificate(days_left=20, status=status)
    assert remind_expiring() == 0


@pytest.mark.parametrize(
    ("state", "number_of_letters"),
    [("draft", 1), ("submitted", 0), ("accepted", 0), ("certified", 0), ("rejected", 1), ("not_yet_competent", 1)],
)
def test_a_renewal_that_was_sent_silences_the_letters_and_one_that_failed_does_not(state, number_of_letters):
    certificate = lay_certificate(days_left=20)
    Renewal.objects.create(certificate=certificate, application=make_application(status=state))
    assert remind_expiring() == number_of_letters


def test_the_days_are_the_policys():
    SystemPolicy.objects.update(expiry_reminder_days="60, 14")
    far, near = lay_certificate(days_left=61), lay_certificate(days_left=60)
    remind_expiring()
    assert (len(told(far)), len(told(near))) == (0, 1)


def test_a_farther_mark_that_is_added_later_does_not_repeat_what_was_told():
    certificate = lay_certificate(days_left=25)
    remind_expiring()
    SystemPolicy.objects.update(expiry_reminder_days="180, 90, 60, 28")
    assert remind_expiring() == 1  # the mark of 28 days is nearer than that of 30
    SystemPolicy.objects.update(expiry_reminder_days="180, 90")
    assert remind_expiring() == 0
    assert len(told(certificate)) == 2


@pytest.mark.parametrize("text", ["90, 30, 7", "30", " 365,1 "])
def test_days_that_the_policy_takes(text):
    SystemPolicy(expiry_reminder_days=text).clean_fields()


@pytest.mark.parametrize("text", ["", "30, 90", "30, 30", "90 30", "90,,30", "0", "400", "tiga", "-7", "7,6,5,4,3,2,1"])
def test_days_that_it_refuses(text):
    with pytest.raises(ValidationError) as refusal:
        SystemPolicy(expiry_reminder_days=text).clean_fields()
    assert set(refusal.value.message_dict) == {"expiry_reminder_days"}


# --- the secretariat --------------------------------------------------------------------------------------


def test_the_office_gets_one_letter_a_day_with_what_was_told_today(time_machine):
    OfficeData.objects.update(email="kantor@contoh.id")
    first, second = lay_certificate(days_left=30), lay_certificate(days_left=7, full_name="Sari Wulandari")
    lay_certificate(days_left=50, reminded_days=90, reminded_on=timezone.localdate() - timedelta(days=40))
    remind_expiring()

    assert (tell_secretariat(), tell_secretariat()) == (1, 0)

    letter = letters("certificates-ending").get()
    assert letter.address == "kantor@contoh.id"
    assert letter.body.index(second.number) < letter.body.index(first.number)  # what ends next stands first
    assert letter.subject.startswith("2 sertifikat")
    assert "Sari" not in letter.body  # letters travel further than the system reaches
    time_machine.move_to(timezone.now() + timedelta(days=1))
    assert (remind_expiring(), tell_secretariat()) == (0, 0)  # nothing new, no letter


def test_without_an_office_address_each_clerk_gets_it():
    clerks = [make_user(role="sekretariat"), make_user(role="sekretariat")]
    make_user(role="sekretariat", is_active=False)
    certificate = lay_certificate(days_left=30, officer=clerks[0])
    remind_expiring()
    tell_secretariat()
    addressed = set(letters("certificates-ending").values_list("address", flat=True))
    assert {clerk.email for clerk in clerks} <= addressed
    assert certificate.holder.email not in addressed


def test_certificates_of_the_paper_years_stand_in_the_same_letter():
    OfficeData.objects.update(email="kantor@contoh.id")
    late, soon = lay_certificate(days_left=60), make_past_certificate(days_left=30, email="siti@contoh.id")
    remind_expiring()
    remind_past_expiring()

    assert (tell_secretariat(), tell_secretariat()) == (1, 0)

    letter = letters("certificates-ending").get()
    assert letter.subject.startswith("2 sertifikat")
    assert letter.body.index(f"{soon.number}, {soon.scheme.title} (sertifikat lama)") < letter.body.index(late.number)
    assert "/admin/core/pastcertificate/?keadaan=segera" in letter.body


def test_a_long_list_is_cut_and_says_so(monkeypatch):
    monkeypatch.setattr("core.certificates.services.reminders.DIGEST_LINES", 1)
    assert DIGEST_LINES > 1
    for _row in range(3):
        lay_certificate(days_left=30)
    remind_expiring()
    tell_secretariat()
    assert "dan 2 lainnya" in letters("certificates-ending").first().body


# --- surveillance -----------------------------------------------------------------------------------------


def test_the_holder_is_told_of_a_surveillance_once_a_month_ahead(time_machine):
    start, row = timezone.now(), make_surveillance(due_in=31)
    assert announce_surveillances() == 0
    time_machine.move_to(start + timedelta(days=1), tick=False)
    assert (announce_surveillances(), announce_surveillances()) == (1, 0)
    assert letters("surveillance-due").get().recipient == row.certificate.holder


def test_what_was_missed_is_told_late_unless_the_certificate_does_not_hold():
    make_surveillance(due_in=-20)
    make_surveillance(due_in=-20, certificate=lay_certificate(status="dibekukan"))
    make_surveillance(due_in=-20, certificate=lay_certificate(days_left=-1))
    assert announce_surveillances() == 1


def test_what_was_never_done_is_closed_when_the_certificate_ends():
    over, running = make_surveillance(due_in=-20, certificate=lay_certificate(days_left=-1)), make_surveillance()
    assert (close_finished(), close_finished()) == (1, 0)
    over.refresh_from_db()
    running.refresh_from_db()
    assert (over.outcome, running.outcome) == ("terlewat", "")


def test_the_command_does_all_of_it_and_says_how_much(capsys):
    lay_certificate(days_left=30)
    make_surveillance(due_in=5)
    call_command("remind_expiring")
    said = capsys.readouterr().out
    assert "Pemegang yang diingatkan akhir masa berlaku: 1." in said
    assert "Pemegang yang diingatkan surveilan: 1." in said
