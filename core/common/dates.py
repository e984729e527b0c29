"""Counting on the calendar."""

from calendar import monthrange
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from core.common.models import Holiday


def add_months(day: date, months: int) -> date:
    """The same day so many months later; the last of the month where that one is shorter (31 January → 28 February)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def beginning_of(day: date) -> datetime:
    """The first moment of this day by the office's clock."""
    return timezone.make_aware(datetime.combine(day, time.min))


def add_working_days(day: date, days: int) -> date:
    """So many working days later: neither Saturdays nor Sundays nor the holidays that the secretariat wrote down."""
    closed = set(Holiday.objects.filter(day__gt=day).values_list("day", flat=True))
    while days > 0:
        day += timedelta(days=1)
        days -= day.weekday() < 5 and day not in closed
    return day
