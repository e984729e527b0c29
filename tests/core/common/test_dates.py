"""Counting on the calendar, up to its first and last day: a visitor's address may name any."""

from datetime import UTC, date, datetime

from django.utils import timezone

from core.common.dates import beginning_after, beginning_of


def test_a_day_goes_from_midnight_to_midnight_by_the_clock_of_the_office():
    day = date(2026, 11, 27)

    assert beginning_of(day) == datetime(2026, 11, 26, 17, tzinfo=UTC)
    assert beginning_after(day) == datetime(2026, 11, 27, 17, tzinfo=UTC)


def test_the_first_and_the_last_day_of_the_calendar_have_moments_that_every_clock_can_tell():
    for day in (date.min, date.max):
        for moment in (beginning_of(day), beginning_after(day)):
            assert moment.astimezone(UTC)
            assert timezone.localtime(moment)
    assert beginning_of(date.min) < beginning_after(date.min) < beginning_of(date.max) < beginning_after(date.max)
