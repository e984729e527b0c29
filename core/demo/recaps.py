"""Saved recaps in the demonstration: one that goes out on a day of the month, one that is only kept."""

from core.accounts.models import User
from core.reports.saved_recaps import save_recap, schedule_recap

#: Of the month: most of what the month before was about is decided by then.
DAY = 5


def seed_recaps(*, clerk: User, recipients: list[User]) -> None:
    monthly = save_recap(name="Laporan bulanan per skema", query="baris=skema&jangka=bulan-lalu", by=clerk)
    schedule_recap(recap=monthly, day=DAY, recipients=[person.pk for person in recipients], by=clerk)
    save_recap(name="Asesi per TUK tahun ini", query="baris=tuk&jangka=tahun-ini", by=clerk)
