"""Counting on the calendar, and how long something took."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from core.common.models import Holiday


def add_months(day: date, months: int) -> date:
    """The same day so many months later; the last of the month where that one is shorter (31 January → 28 February)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def beginning_of(day: date) -> datetime:
    """The first moment of this day by the office's clock.

    The calendar's first day begins east of Greenwich before UTC's calendar does, in which the database keeps moments:
    of it the first moment that both know.
    """
    if day == date.min:
        return datetime.min.replace(tzinfo=UTC)
    return timezone.make_aware(datetime.combine(day, time.min))


def beginning_after(day: date) -> datetime:
    """The first moment that is no longer this day by the office's clock; of the calendar's last day its last moment."""
    if day == date.max:
        return timezone.make_aware(datetime.max)
    return beginning_of(day + timedelta(days=1))


def add_working_days(day: date, days: int) -> date:
    """So many working days later: neither Saturdays nor Sundays nor the holidays that the secretariat wrote down."""
    closed = set(Holiday.objects.filter(day__gt=day).values_list("day", flat=True))
    while days > 0:
        day += timedelta(days=1)
        days -= day.weekday() < 5 and day not in closed
    return day


def lasting(seconds: float | None) -> str:
    """How long it took: “sekejap”, “0,4 detik”, “12 detik”, “3 menit 5 detik”, “2 jam 10 menit”; a dash while it goes
    on."""
    if seconds is None:
        return "–"
    if seconds < 0.05:
        return _("sekejap")
    if seconds < 10:
        return _("%(n)s detik") % {"n": number_format(seconds, 1)}
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, _("%(n)s jam")), (minutes, _("%(n)s menit")), (0 if hours else seconds, _("%(n)s detik")))
    return " ".join(words % {"n": n} for n, words in parts if n)
