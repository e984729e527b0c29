"""Running numbers without gaps or doubles."""

from django.db import connection
from django.utils import timezone

from core.common.models import NumberingCounter, NumberingRule

ROMAN_MONTHS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


#: What the patterns of single rules may name besides, with a sample for previews.
MORE_PLACEHOLDERS: dict[str, dict[str, str]] = {"certificate": {"kbli": "84234", "kbji": "5411", "kkni": "4"}}


def format_number(pattern: str, *, serial: int, year: int, month: int, **more: str) -> str:
    """Fill a pattern of `NumberingRule`. Raises KeyError or ValueError for a pattern that cannot be read."""
    return pattern.format(urut=serial, tahun=year, bulan=f"{month:02d}", bulan_romawi=ROMAN_MONTHS[month - 1], **more)


def last_given(rule: NumberingRule) -> int:
    """The last number of the row that `next_number` would go on counting now; 0 when there is none yet."""
    given = {counter.year: counter.last for counter in rule.counters.all()}
    if rule.restarts_yearly:
        return max(given.get(timezone.localdate().year, 0), given.get(0, 0))
    return given[0] if 0 in given else max(given.values(), default=0)


def coming_numbers(rule: NumberingRule, *, count: int = 3) -> list[str]:
    """What the next numbers would look like today by the rule as it stands, saved or not; nothing is given."""
    today, last = timezone.localdate(), last_given(rule)
    more = MORE_PLACEHOLDERS.get(rule.key, {})
    return [
        format_number(rule.pattern, serial=last + step, year=today.year, month=today.month, **more)
        for step in range(1, count + 1)
    ]


def next_number(key: str, **more: str) -> str:
    """The next number of the rule `key`, for a paper that is written in the same transaction.

    `more` fills the placeholders that this rule knows besides (see MORE_PLACEHOLDERS).

    The rule stays locked until the caller's transaction ends: a rollback gives the number
    back (no gap), a second caller waits (no double). Hence it must be called inside a transaction,
    and as late in it as possible.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("next_number() needs the caller's transaction")
    # The rule's row is what callers queue at. Were it the counter, the first callers of a year would
    # all try to make it, and MariaDB ends that in a deadlock.
    rule = NumberingRule.objects.select_for_update().get(key=key)
    today = timezone.localdate()
    year = today.year if rule.restarts_yearly else 0
    counter, created = NumberingCounter.objects.select_for_update().get_or_create(rule=rule, year=year)
    if rule.restarts_yearly:  # it may have run on until now: this year goes on above that
        for running in rule.counters.filter(year=0):
            counter.last = max(counter.last, running.last)
            running.delete()
    elif created:  # it used to restart: go on above all that was given
        counter.last = max(rule.counters.values_list("last", flat=True))
    counter.last += 1
    counter.save(update_fields=["last"])
    return format_number(rule.pattern, serial=counter.last, year=today.year, month=today.month, **more)
