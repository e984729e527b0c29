"""Filters of the activity log."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter
from unfold.contrib.filters.forms import DropdownForm
from unfold.widgets import UnfoldAdminSelectWidget

from core.accounts.models import User
from core.activity.labels import grouped_acts
from core.activity.queries import RESERVED_KINDS
from core.common.text import is_number


class ActFilter(DropdownFilter):
    """One act, listed by what it is about."""

    title = _("tindakan")
    parameter_name = "tindakan"
    all_option = ["", _("Semua")]

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        whole = request.user.has_perm("core.view_whole_activity")
        return grouped_acts(without=() if whole else ("account", "activity"))

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(code=self.value()) if self.value() else queryset


class KindFilter(DropdownFilter):
    """What kind of row it happened to: every kind that has a list here."""

    title = _("jenis objek")
    parameter_name = "jenis"
    all_option = ["", _("Semua")]

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        hidden = {"activityentry"}
        if not request.user.has_perm("core.view_whole_activity"):
            hidden |= set(RESERVED_KINDS)
        kinds = [
            (model._meta.model_name, capfirst(model._meta.verbose_name))
            for model in admin.site._registry
            if model._meta.model_name not in hidden
        ]
        return sorted(kinds, key=lambda kind: kind[1].lower())

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(subject_type=self.value()) if self.value() else queryset


class ActorForm(DropdownForm):
    """A box that asks for people while one types."""

    widget = UnfoldAdminSelectWidget(
        attrs={
            "class": "unfold-filter-autocomplete",
            "data-theme": "admin-autocomplete",
            "data-ajax--url": reverse_lazy("admin:core_activityentry_people"),
            "data-ajax--delay": "250",
            "data-placeholder": _("Ketik awal nama atau e-mail"),
            "data-allow-clear": "true",
            "lang": "id",
        }
    )

    class Media:
        extra = "" if settings.DEBUG else ".min"
        js = (
            f"admin/js/vendor/jquery/jquery{extra}.js",
            f"admin/js/vendor/select2/select2.full{extra}.js",
            "admin/js/vendor/select2/i18n/id.js",
            "admin/js/jquery.init.js",
            "unfold/js/select2.init.js",
        )
        css = {"screen": ("admin/css/vendor/select2/select2.css", "admin/css/autocomplete.css")}


class ActorFilter(DropdownFilter):
    """Anybody, candidates too; looked up while typing, never listed."""

    title = _("pelaku")
    parameter_name = "pelaku"
    form_class = ActorForm
    all_option = None

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        """The one that is chosen, so that the box can show it."""
        chosen = request.GET.get(self.parameter_name, "")
        if chosen == "sistem":
            return [("", ""), ("sistem", _("Sistem"))]
        people = User.objects.filter(pk=int(chosen)) if is_number(chosen) else User.objects.none()
        if not request.user.has_perm("core.view_activity_names"):
            people = people.filter(is_staff=True)
        return [("", ""), *((str(person.pk), person.full_name) for person in people)]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "sistem":
            return queryset.filter(actor=None)
        if not self.value() or not is_number(self.value()):
            return queryset
        if not request.user.has_perm("core.view_activity_names"):
            queryset = queryset.filter(actor__is_staff=True)
        return queryset.filter(actor_id=int(self.value()))


class RowFilter(admin.SimpleListFilter):
    """One row, `<kind>-<key>`: where the timeline of a page leads. Drawn above the list, not in the sheet."""

    title = _("objek")
    parameter_name = "objek"
    template = "backoffice/filter_hidden.html"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [("-", "-")]

    def choices(self, changelist: Any) -> Iterator:
        return iter(())

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        kind, _separator, key = (self.value() or "").partition("-")
        return queryset.filter(subject_type=kind, subject_id=key) if key else queryset
