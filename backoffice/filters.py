"""Filters of the lists."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import DateField
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter, RangeDateFilter

from core.accounts.queries import staff_users
from core.accounts.roles import ROLE_LABELS
from core.accounts.rules import role_of
from core.activity.versioning import versioned_records
from core.applications.enums import ApplicationStatus
from core.assessments.queries import waiting_for_assessor
from core.codelists.models import Region
from core.common.text import is_number
from core.schemes.models import Scheme

#: The tabs above the queue: key, title. The first one opens by itself.
QUEUES = (
    ("menunggu", _("Menunggu diperiksa")),
    ("saya", _("Sedang saya periksa")),
    ("diperiksa", _("Sedang diperiksa")),
    ("perbaikan", _("Perlu diperbaiki")),
    ("perlu-asesor", _("Perlu asesor")),
    ("diterima", _("Diterima")),
    ("semua", _("Semua")),
)
#: What each tab shows, apart from "saya" (which asks who is looking) and "semua".
_QUEUE_STATUSES = {
    "menunggu": [ApplicationStatus.SUBMITTED],
    "diperiksa": [ApplicationStatus.UNDER_REVIEW],
    "perbaikan": [ApplicationStatus.RETURNED],
    "diterima": [ApplicationStatus.ACCEPTED],
}


def current_queue(request: HttpRequest) -> str:
    """The tab that is open. A search looks through everything, and so do filters where no tab was chosen."""
    if request.GET.get("q") or role_of(request.user) == "asesor":
        return "semua"
    chosen = request.GET.get("antrean", "")
    if chosen in dict(QUEUES):
        return chosen
    narrowing = {name for name, value in request.GET.items() if value} - {"p", "o"}
    return "semua" if narrowing else "menunggu"


class QueueFilter(admin.SimpleListFilter):
    """The open tab; drawn by the tabs themselves (templates/backoffice/queue_tabs.html), not in the sheet."""

    title = _("antrean")
    parameter_name = "antrean"
    template = "backoffice/empty.html"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return QUEUES

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        queue = current_queue(request)
        if queue == "saya":
            return queryset.filter(status=ApplicationStatus.UNDER_REVIEW, officer=request.user)
        if queue == "perlu-asesor":
            return waiting_for_assessor(queryset)
        if queue in _QUEUE_STATUSES:
            return queryset.filter(status__in=_QUEUE_STATUSES[queue])
        return queryset


class StatusFilter(DropdownFilter):
    title = _("status")
    parameter_name = "status"
    all_option = ["", _("Semua")]

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [choice for choice in ApplicationStatus.choices if choice[0] != ApplicationStatus.DRAFT]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(status=self.value()) if self.value() else queryset


class SchemeFilter(DropdownFilter):
    title = _("skema")
    parameter_name = "skema"
    all_option = ["", _("Semua")]

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return list(Scheme.objects.values_list("code", "title"))

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(scheme_version__scheme__code=self.value()) if self.value() else queryset


class OfficerFilter(DropdownFilter):
    title = _("petugas")
    parameter_name = "petugas"
    all_option = ["", _("Semua")]

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        colleagues = staff_users().filter(groups__name="sekretariat").exclude(pk=request.user.pk)
        return [("saya", _("Saya")), ("belum", _("Belum ada")), *((str(u.pk), u.full_name) for u in colleagues)]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "saya":
            return queryset.filter(officer=request.user)
        if self.value() == "belum":
            return queryset.filter(officer=None)
        if self.value() and is_number(self.value()):
            return queryset.filter(officer_id=int(self.value()))
        return queryset


class ProvinceFilter(DropdownFilter):
    """Where the candidate lived when the form was sent; the figures count by the same."""

    title = _("provinsi")
    parameter_name = "provinsi"
    all_option = ["", _("Semua")]
    path = "province"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return list(
            Region.objects.filter(province=None, is_current=True, code__regex=r"^..$").values_list("code", "name")
        )

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(**{self.path: self.value()}) if self.value() else queryset


class ProfileProvinceFilter(ProvinceFilter):
    """Where the candidate lives today."""

    path = "home_region__province"


def _day(text: str | None) -> date | None:
    """A day as the calendar of the form writes it here (24-11-2026); Unfold itself reads only American dates."""
    try:
        return DateField(required=False).clean(text)
    except ValidationError:
        return None


class DayRangeFilter(RangeDateFilter):
    """From day to day, both included, by the office's clock; the stored moments stay comparable by index."""

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        bounds = {}
        if day := _day(self.used_parameters.get(f"{self.parameter_name}_from")):
            bounds[f"{self.parameter_name}__gte"] = self.beginning(day)
        if day := _day(self.used_parameters.get(f"{self.parameter_name}_to")):
            bounds[f"{self.parameter_name}__lt"] = self.beginning(day + timedelta(days=1))
        return queryset.filter(**bounds)

    def beginning(self, day: date) -> Any:
        return timezone.make_aware(datetime.combine(day, time.min))


class DateRangeFilter(DayRangeFilter):
    """The same for a column that holds a day."""

    def beginning(self, day: date) -> date:
        return day


class RoleFilter(DropdownFilter):
    title = _("peran")
    parameter_name = "peran"
    all_option = ["", _("Semua")]

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return list(ROLE_LABELS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(groups__name=self.value()) if self.value() else queryset


class ConfirmedFilter(DropdownFilter):
    title = _("e-mail dikonfirmasi")
    parameter_name = "konfirmasi"
    all_option = ["", _("Semua")]

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [("sudah", _("Sudah")), ("belum", _("Belum")), ("belum-staf", _("Belum, diundang ke ruang kerja"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "belum-staf":
            return queryset.filter(email_confirmed_at=None, is_staff=True, is_active=True)
        return queryset.filter(email_confirmed_at__isnull=self.value() == "belum") if self.value() else queryset


class DeletedKindFilter(DropdownFilter):
    """Of which kind a deleted record was."""

    title = _("jenis data")
    parameter_name = "jenis"
    all_option = ["", _("Semua")]

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        kinds = [
            model._meta for model in versioned_records() if request.user.has_perm(f"core.view_{model._meta.model_name}")
        ]
        return sorted((opts.model_name, capfirst(str(opts.verbose_name))) for opts in kinds)

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(model=self.value()) if self.value() else queryset
