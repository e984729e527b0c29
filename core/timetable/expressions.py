"""When a job is due: the five fields of a crontab, read by the clock of the office (settings.TIME_ZONE).

Known are *, numbers, lists, ranges and steps. A day of the month together with a weekday is refused: cron
takes the two for "or", which nobody expects. Why no library: server_docs/decisions/0040.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache

from django.utils import timezone
from django.utils.translation import gettext as _

BOUNDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 6))
#: The 29th of February comes back within so many days.
FARTHEST = 366 * 8


@dataclass(frozen=True)
class Expression:
    text: str
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: tuple[int, ...]
    months: tuple[int, ...]
    weekdays: tuple[int, ...]

    def next_after(self, moment: datetime) -> datetime:
        """The first time after this moment."""
        local = timezone.localtime(moment)
        return next(found for found in self._times(local, 1) if found > moment)

    def last_until(self, moment: datetime) -> datetime:
        """The last time before this moment, or this very minute."""
        local = timezone.localtime(moment)
        return next(found for found in self._times(local, -1) if found <= moment)

    def _times(self, start: datetime, direction: int) -> Iterator[datetime]:
        """From the hour of `start` on: a watchdog asks for all jobs each minute, and most are due each minute."""
        for apart in range(FARTHEST):
            found = start.date() + timedelta(days=apart * direction)
            if found.month in self.months and found.day in self.days and found.isoweekday() % 7 in self.weekdays:
                for hour in self.hours[::direction]:
                    if apart or (hour - start.hour) * direction >= 0:
                        yield from (
                            timezone.make_aware(datetime.combine(found, time(hour, minute)))
                            for minute in self.minutes[::direction]
                        )
        raise ValueError(f"{self.text}: there is no such day")

    def apart(self, moment: datetime) -> timedelta:
        """How long it is from the last time to the next one."""
        return self.next_after(moment) - self.last_until(moment)

    @property
    def words(self) -> str:
        """ "setiap hari pukul 02.30"; the five fields themselves where there is no short way to say it."""
        minute, hour, day, month, weekday = self.text.split()
        if (hour, day, month, weekday) == ("*", "*", "*", "*"):
            if minute == "*":
                return _("setiap menit")
            if minute.startswith("*/"):
                return _("setiap %(n)s menit") % {"n": minute[2:]}
        if month == "*" and minute.isdigit() and hour.isdigit():
            at = {"at": f"{int(hour):02}.{int(minute):02}", "day": day}
            if (day, weekday) == ("*", "*"):
                return _("setiap hari pukul %(at)s") % at
            if weekday == "*" and day.isdigit():
                return _("setiap tanggal %(day)s pukul %(at)s") % at
            if day == "*" and len(self.weekdays) == 1:
                return _("setiap %(weekday)s pukul %(at)s") % (at | {"weekday": weekday_name(self.weekdays[0])})
        return self.text


def weekday_name(number: int) -> str:
    names = (_("Minggu"), _("Senin"), _("Selasa"), _("Rabu"), _("Kamis"), _("Jumat"), _("Sabtu"))
    return names[number]


@cache
def parse(text: str) -> Expression:
    """ValueError when it is no expression that this module knows."""
    fields = text.split()
    if len(fields) != 5 or (fields[2] != "*" and fields[4] != "*"):
        raise ValueError(f"{text}: five fields are needed, with a day of the month or a weekday, not both")
    return Expression(text, *(_values(field, *bounds) for field, bounds in zip(fields, BOUNDS, strict=True)))


def _values(field: str, low: int, high: int) -> tuple[int, ...]:
    found: set[int] = set()
    for part in field.split(","):
        span, _slash, step = part.partition("/")
        first, _dash, last = (str(low), "-", str(high)) if span == "*" else span.partition("-")
        numbers = range(int(first), int(last or first) + 1, int(step or 1))
        if not numbers or numbers[0] < low or numbers[-1] > high:
            raise ValueError(f"{field}: not within {low} and {high}")
        found |= set(numbers)
    return tuple(sorted(found))
