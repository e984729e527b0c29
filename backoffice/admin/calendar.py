"""The days on which the office is closed."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from backoffice.base import VersionedAdmin
from backoffice.filters import DayRangeFilter
from backoffice.resources.calendar import HolidayResource
from backoffice.spreadsheets import SpreadsheetMixin
from core.common.models import Holiday


class HolidayAdmin(SpreadsheetMixin, VersionedAdmin):
    """Holidays, the latest year first."""

    resource_class = HolidayResource
    empty_hint = _("Tanpa hari libur, tenggat dihitung Senin sampai Jumat.")
    list_display = ("day_column", "name", "weekday_column", "counts_column")
    list_filter = (("day", DayRangeFilter),)
    search_fields = ("name",)
    search_help_text = _("Cari nama hari libur")
    ordering = ("-day",)
    date_hierarchy = "day"
    fieldsets = (
        (
            None,
            {
                "fields": ("day", "name"),
                "description": _(
                    "Tenggat dalam hari kerja melewati hari ini. Tenggat yang sudah diberitahukan tidak berubah."
                ),
            },
        ),
    )

    @display(description=_("Tanggal"), ordering="day")
    def day_column(self, obj: Holiday) -> str:
        return date_format(obj.day, "j F Y")

    @display(description=_("Hari"))
    def weekday_column(self, obj: Holiday) -> str:
        return date_format(obj.day, "l")

    @display(description=_("Pengaruh"), label={True: "info", False: ""})
    def counts_column(self, obj: Holiday) -> tuple[bool, str]:
        if obj.day.weekday() >= 5:
            return False, _t("Jatuh di akhir pekan")
        return obj.day >= timezone.localdate(), _t("Bukan hari kerja")
