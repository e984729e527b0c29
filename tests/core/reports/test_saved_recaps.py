"""Recaps that people keep: whose they are, and the letter that goes out once a month, late rather than never."""

from datetime import date

import pytest

from core.messaging.models import OutboxMessage
from core.reports.models import SavedRecap
from core.reports.saved_recaps import delete_recap, last_due, save_recap, saved_for, schedule_recap, send_due_recaps
from tests.core.helpers import refused
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    return make_user(role="sekretariat", full_name="Ratna Puspita")


def letters() -> list[str]:
    return list(
        OutboxMessage.objects.filter(template_key="recap-monthly").order_by("pk").values_list("body", flat=True)
    )


def test_a_choice_is_kept_under_a_name_and_nothing_else_of_the_address(clerk):
    recap = save_recap(name=" Per  skema ", query="baris=skema&jangka=bulan-lalu&cetak=&q=Siti", by=clerk)
    assert (recap.name, recap.query) == ("Per skema", "baris=skema&jangka=bulan-lalu")
    assert save_recap(name="Per skema", query="baris=usia", by=clerk).pk == recap.pk
    with refused("save_recap.name", field="name"):
        save_recap(name=" ", query="", by=clerk)
    with refused("save_recap.right"):
        save_recap(name="x", query="", by=make_user(role="asesi"))


def test_only_its_owner_changes_it_and_only_the_office_sends_it(clerk):
    recap, colleague = save_recap(name="a", query="", by=clerk), make_user(role="administrator")
    assert list(saved_for(colleague)) == []
    with refused("recap.not_yours"):
        schedule_recap(recap=recap, day=1, recipients=[clerk.pk], by=colleague)
    with refused("recap.not_yours"):
        delete_recap(recap=recap, by=colleague)
    watcher = make_user(role="bnsp")
    own = save_recap(name="b", query="", by=watcher)
    with refused("schedule_recap.right"):
        schedule_recap(recap=own, day=1, recipients=[watcher.pk], by=watcher)
    with refused("schedule_recap.day", field="day"):
        schedule_recap(recap=recap, day=31, recipients=[clerk.pk], by=clerk)
    with refused("schedule_recap.recipients", field="recipients"):
        schedule_recap(recap=recap, day=5, recipients=[make_user(role="asesor").pk], by=clerk)

    schedule_recap(recap=recap, day=5, recipients=[colleague.pk], by=clerk)
    assert list(saved_for(colleague)) == [recap]
    delete_recap(recap=recap, by=clerk)
    assert not SavedRecap.objects.filter(pk=recap.pk).exists()


def test_whoever_gets_the_letters_of_a_colleague_who_left_can_end_them(clerk):
    recap, colleague = save_recap(name="a", query="", by=clerk), make_user(role="administrator")
    schedule_recap(recap=recap, day=5, recipients=[colleague.pk], by=clerk)
    clerk.is_active = False
    clerk.save()

    stranger = make_user(role="sekretariat")
    with refused("recap.not_yours"):
        delete_recap(recap=recap, by=stranger)
    schedule_recap(recap=recap, day=None, recipients=[], by=colleague)
    assert send_due_recaps(today=date(2030, 1, 5)) == 0


def test_each_recipient_gets_one_letter_a_month_and_a_missed_day_is_made_up_for(clerk):
    """Scheduled in January for the 28th; cron stood still from then until the second of February."""
    watcher, gone = make_user(role="bnsp"), make_user(role="administrator")
    recap = save_recap(name="Bulanan", query="baris=skema&jangka=bulan-lalu", by=clerk)
    schedule_recap(recap=recap, day=28, recipients=[clerk.pk, watcher.pk, gone.pk], by=clerk)
    SavedRecap.objects.update(scheduled_on=date(2026, 1, 10))
    gone.is_active = False
    gone.save()

    assert send_due_recaps(today=date(2026, 1, 27)) == 0  # the 28th of December was before anybody asked
    assert send_due_recaps(today=date(2026, 2, 2)) == 2
    assert send_due_recaps(today=date(2026, 2, 27)) == 0
    assert send_due_recaps(today=date(2026, 2, 28)) == 2
    assert send_due_recaps(today=date(2026, 3, 1)) == 0

    first, last = letters()[0], letters()[-1]
    assert "baris=skema&jangka=bebas&dari=2025-12&sampai=2025-12" in first
    assert "Desember 2025" in first
    assert "/admin/rekap-sertifikasi/ekspor/pdf/?" in first
    assert "sampai=2026-01" in last


def test_the_last_time_a_day_was():
    assert last_due(5, date(2026, 3, 5)) == date(2026, 3, 5)
    assert last_due(6, date(2026, 3, 5)) == date(2026, 2, 6)
    assert last_due(28, date(2026, 1, 1)) == date(2025, 12, 28)
