"""Sessions."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from backoffice.filters.base import ChoiceFilter, PickFilter
from core.assessments.models import Venue
from core.assessments.queries import month_bounds
from core.reports.queries import month_before
from core.schemes.models import Scheme


class SessionSchemeFilter(PickFilter):
    title = _("skema")
    parameter_name = "skema"

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        return queryset.filter(scheme_id__in=list(Scheme.objects.filter(code=value).values_list("pk", flat=True)))


class VenueFilter(PickFilter):
    title = _("TUK")
    parameter_name = "tuk"

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        return queryset.filter(venue_id__in=list(Venue.objects.filter(code=value).values_list("pk", flat=True)))


class MonthFilter(ChoiceFilter):
    """The month in which a session begins: the half year before, and the one to come."""

    title = _("bulan")
    parameter_name = "bulan"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        this = timezone.localdate().replace(day=1)
        months = [month_before(this, back) for back in range(-6, 7)]
        return tuple((f"{month:%Y-%m}", date_format(month, "F Y")) for month in months)

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        first = date.fromisoformat(f"{value}-01")
        start, end = month_bounds(first)
        return queryset.filter(starts_at__gte=start, starts_at__lt=end)
