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
from core.activity.labels import LABELS
from core.activity.versioning import versioned_records
from core.applications.enums import ApplicationStatus
from core.codelists.models import Region
from core.common.text import is_number
from core.schemes.models import Scheme

#: The tabs above the queue: key, title. The first one opens by itself.
QUEUES = (
    ("menunggu", _("Menunggu diperiksa")),
    ("saya", _("Sedang saya periksa")),
    ("diperiksa", _("Sedang diperiksa")),
    ("perbaikan", _("Perlu diperbaiki")),
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
    if request.GET.get("q"):
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
    """Where the candidate lives today (the profile, not the frozen form)."""

    title = _("provinsi")
    parameter_name = "provinsi"
    all_option = ["", _("Semua")]
    path = "candidate__home_region__province"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return list(
            Region.objects.filter(province=None, is_current=True, code__regex=r"^..$").values_list("code", "name")
        )

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(**{self.path: self.value()}) if self.value() else queryset


class ProfileProvinceFilter(ProvinceFilter):
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
            bounds[f"{self.parameter_name}__gte"] = timezone.make_aware(datetime.combine(day, time.min))
        if day := _day(self.used_parameters.get(f"{self.parameter_name}_to")):
            bounds[f"{self.parameter_name}__lt"] = timezone.make_aware(
                datetime.combine(day + timedelta(days=1), time.min)
            )
        return queryset.filter(**bounds)


class RoleFilter(DropdownFilter):
    title = _("peran")
    parameter_name = "peran"
    all_option = ["", _("Semua")]

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return list(ROLE_LABELS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(groups__name=self.value()) if self.value() else queryset


class ActFilter(DropdownFilter):
    title = _("tindakan")
    parameter_name = "tindakan"
    all_option = ["", _("Semua")]

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [(code, str(label).split(" %(")[0].split(" (%(")[0].capitalize()) for code, label in LABELS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(code=self.value()) if self.value() else queryset


class ActorFilter(DropdownFilter):
    """Members of staff; what candidates did is found through their application."""

    title = _("pelaku")
    parameter_name = "pelaku"
    all_option = ["", _("Semua")]

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [("sistem", _("Sistem")), *((str(user.pk), user.full_name) for user in staff_users())]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "sistem":
            return queryset.filter(actor=None)
        return queryset.filter(actor_id=int(self.value())) if self.value() and is_number(self.value()) else queryset


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
