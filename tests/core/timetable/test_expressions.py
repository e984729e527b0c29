"""When a job is due, by the clock of the office (Asia/Jakarta, UTC+7)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

from core.timetable.expressions import parse
from core.timetable.table import timetable

WIB = ZoneInfo("Asia/Jakarta")


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WIB)


@pytest.mark.parametrize(
    ("expression", "now", "last", "following"),
    [
        ("* * * * *", "2026-11-26 21:55:30", "2026-11-26 21:55", "2026-11-26 21:56"),
        ("*/10 * * * *", "2026-11-26 23:55", "2026-11-26 23:50", "2026-11-27 00:00"),
        ("30 2 * * *", "2026-11-26 02:30", "2026-11-26 02:30", "2026-11-27 02:30"),
        ("30 2 * * *", "2026-11-26 02:29:59", "2026-11-25 02:30", "2026-11-26 02:30"),
        ("30 3 1 * *", "2026-12-31 12:00", "2026-12-01 03:30", "2027-01-01 03:30"),
        ("0 4 * * 0", "2026-11-26 12:00", "2026-11-22 04:00", "2026-11-29 04:00"),
        ("15 6,18 29 2 *", "2026-03-01 00:00", "2024-02-29 18:15", "2028-02-29 06:15"),
        ("0 8-10/2 * * 1-5", "2026-11-27 11:00", "2026-11-27 10:00", "2026-11-30 08:00"),
    ],
)
def test_last_and_next_time(expression, now, last, following):
    found = parse(expression)
    assert (found.last_until(moment(now)), found.next_after(moment(now))) == (moment(last), moment(following))


@pytest.mark.parametrize("text", ["", "* * * *", "60 * * * *", "* 24 * * *", "x * * * *", "0 0 1 * 1", "5-1 * * * *"])
def test_what_is_no_expression_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        parse(text)


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("* * * * *", "setiap menit"),
        ("*/5 * * * *", "setiap 5 menit"),
        ("5 2 * * *", "setiap hari pukul 02.05"),
        ("30 3 1 * *", "setiap tanggal 1 pukul 03.30"),
        ("0 4 * * 0", "setiap Minggu pukul 04.00"),
        ("0 8-10 * * *", "0 8-10 * * *"),
    ],
)
def test_how_it_is_said(expression, words):
    assert parse(expression).words == words


def test_every_job_of_the_product_has_its_words_its_limit_and_a_function_that_is_there():
    for entry in timetable().values():
        assert callable(import_string(entry.function)), entry.name
        assert str(entry.title), entry.name
        assert str(entry.sentence).endswith("."), entry.name
        assert entry.limit > timedelta(0), entry.name


def test_the_readme_tells_of_every_job():
    readme = (settings.BASE_DIR / "cron" / "README.md").read_text(encoding="utf-8")
    assert [name for name in timetable() if f"`{name}`" not in readme] == []
