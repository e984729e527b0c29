"""Holidays, both ways: the decree of a year is one paste into the sheet."""

from django.utils.translation import gettext_lazy as _

from backoffice.resources.base import Column, SheetResource
from backoffice.resources.widgets import DayWidget
from core.common.models import Holiday


class HolidayResource(SheetResource):
    kind = "holiday"
    title = _("Hari libur")
    about = _("Satu baris per tanggal. Tanggal yang tidak disebut di berkas tetap ada.")
    key = ("day",)

    day = Column(
        "day",
        "Tanggal",
        DayWidget(),
        required=True,
        help="Baris dikenali dari tanggalnya. Libur dua hari ditulis dua baris.",
        example="17-08-2026",
        width=16,
    )
    name = Column("name", "Hari libur", required=True, example="Hari Kemerdekaan", width=50)

    class Meta:
        model = Holiday
        fields = ("day", "name")
