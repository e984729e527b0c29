"""Holidays at the desk: one by one, a year at once, and what the set-up home says of them."""

from datetime import date

import pytest
from django.urls import reverse

from backoffice.resources.calendar import HolidayResource
from core.common.dates import add_working_days
from core.common.models import Holiday
from core.reference import load_reference
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db
LIST = "/admin/core/holiday/"


def text_of(response) -> str:
    return response.content.decode()


def test_a_day_is_added_listed_and_counted(desk):
    desk.post(f"{LIST}add/", {"day": "23-12-2026", "name": "Kantor tutup"})

    assert add_working_days(date(2026, 12, 22), 1) == date(2026, 12, 24)
    page = text_of(desk.get(LIST))
    assert "23 Desember 2026" in page
    assert "Bukan hari kerja" in page
    twice = desk.post(f"{LIST}add/", {"day": "23-12-2026", "name": "Lagi"})
    assert "Tanggal ini sudah tercatat." in text_of(twice)


def test_a_year_goes_out_and_comes_in_as_a_spreadsheet(desk):
    out = desk.post(f"{LIST}ekspor/", {"format": "csv", "columns": ["day", "name"]})
    assert "Hari Kemerdekaan" in out.getvalue().decode("utf-8-sig")

    sheet = b"Tanggal;Hari libur\n06-02-2027;Tahun Baru Imlek 2578\n17-08-2027;HUT RI ke-82\n"
    report = HolidayResource(by=make_user(role="sekretariat"), writes=True).run(sheet)

    assert report.faults == []
    assert Holiday.objects.get(day=date(2027, 2, 6)).name == "Tahun Baru Imlek 2578"
    assert Holiday.objects.get(day=date(2027, 8, 17)).name == "HUT RI ke-82"


def test_a_day_that_staff_took_out_does_not_come_back_with_an_update():
    Holiday.objects.filter(day=date(2026, 8, 17)).delete()
    load_reference()
    assert not Holiday.objects.filter(day=date(2026, 8, 17)).exists()


def test_the_set_up_home_asks_for_the_days_of_a_year_that_is_not_written_down(desk):
    this_year = date.today().year
    Holiday.objects.filter(day__year=this_year).delete()
    assert f"{this_year} baru 0 hari" in text_of(desk.get(reverse("admin:setup")))
