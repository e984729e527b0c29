"""From day to day."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import DateField
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext as _t
from unfold.contrib.filters.admin import RangeDateFilter

from core.common.dates import beginning_after, beginning_of


def _day(text: str | None) -> date | None:
    """A day as the calendar of the form writes it here (24-11-2026); Unfold itself reads only American dates."""
    try:
        return DateField(required=False).clean(text)
    except ValidationError:
        return None


class DayRangeFilter(RangeDateFilter):
    """From day to day, both included, by the office's clock; the stored moments stay comparable by index."""

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        bounds: dict[str, Any] = {}
        if day := _day(self.used_parameters.get(f"{self.parameter_name}_from")):
            bounds |= self.since(day)
        if day := _day(self.used_parameters.get(f"{self.parameter_name}_to")):
            bounds |= self.until(day)
        return queryset.filter(**bounds)

    def since(self, day: date) -> dict[str, Any]:
        return {f"{self.parameter_name}__gte": beginning_of(day)}

    def until(self, day: date) -> dict[str, Any]:
        return {f"{self.parameter_name}__lt": beginning_after(day)}

    def chosen_text(self) -> str:
        first, last = (_day(self.used_parameters.get(f"{self.parameter_name}_{end}")) for end in ("from", "to"))
        if first and last:
            return date_format(first, "j M Y") if first == last else f"{first:%d-%m-%Y} – {last:%d-%m-%Y}"
        if first:
            return _t("sejak %(day)s") % {"day": date_format(first, "j M Y")}
        return _t("sampai %(day)s") % {"day": date_format(last, "j M Y")} if last else ""


class DateRangeFilter(DayRangeFilter):
    """The same for a column that holds a day."""

    def since(self, day: date) -> dict[str, Any]:
        return {f"{self.parameter_name}__gte": day}

    def until(self, day: date) -> dict[str, Any]:
        return {f"{self.parameter_name}__lte": day}
