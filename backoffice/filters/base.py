"""What the filters of the lists are made of: a few choices, one of many found by typing, a word."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter
from unfold.contrib.filters.forms import DropdownForm, SearchForm
from unfold.widgets import UnfoldAdminSelectWidget

from backoffice.choices import SOURCES


class ChoiceFilter(DropdownFilter):
    """One of a few fixed choices; an unknown one in the address narrows nothing."""

    all_option = ["", _("Semua")]
    options: tuple[tuple[str, Any], ...] = ()

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return self.options

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        raise NotImplementedError

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        value = self.value()
        return (
            self.narrowed(queryset, value, request)
            if value in {str(key) for key, _l in self.lookup_choices}
            else queryset
        )


class PickForm(DropdownForm):
    """A box that asks the server while one types; it holds nothing but what was chosen."""

    def __init__(self, *, name: str, label: str, source: str, value: str, chosen: str):
        forms.Form.__init__(self, {name: value})
        attributes = {
            "class": "unfold-filter-autocomplete admin-autocomplete",
            "data-theme": "admin-autocomplete",
            "data-ajax--url": reverse("admin:choices", args=[source]),
            "data-ajax--delay": "250",
            "data-allow-clear": "true",
            "data-placeholder": _t("Ketik untuk mencari"),
        }
        if SOURCES[source].is_free:
            attributes["data-tags"] = "true"
        choices = [("", ""), *([(value, chosen)] if value else [])]
        self.fields[name] = forms.ChoiceField(
            label=label, required=False, choices=choices, widget=UnfoldAdminSelectWidget(attrs=attributes)
        )


class PickFilter(admin.SimpleListFilter):
    """One of many, found by typing. Costs the list one small query, and only when something is chosen."""

    template = "unfold/filters/filters_field.html"
    form_class = PickForm
    source = ""  # of `choices.SOURCES`, where it is not called like the parameter

    def __init__(self, request: HttpRequest, params: dict, model: Any, model_admin: Any):
        super().__init__(request, params, model, model_admin)
        self.source = self.source or self.parameter_name
        self.is_offered = SOURCES[self.source].permits(request.user)

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return ()

    def has_output(self) -> bool:
        return self.is_offered

    def chosen_text(self) -> str:
        """What was chosen, in words."""
        if not hasattr(self, "_chosen_text"):
            self._chosen_text = SOURCES[self.source].label(self.value()) if self.value() else ""
        return self._chosen_text

    def choices(self, changelist: Any) -> Iterator:
        value = self.value() or ""
        chosen = self.chosen_text()
        label = _t("Berdasarkan %(title)s") % {"title": self.title}
        yield {"form": PickForm(name=self.parameter_name, label=label, source=self.source, value=value, chosen=chosen)}

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        raise NotImplementedError

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return self.narrowed(queryset, self.value(), request) if self.value() else queryset


class WordFilter(admin.SimpleListFilter):
    """A box for a word or number that is looked up exactly."""

    template = "unfold/filters/filters_field.html"
    form_class = SearchForm

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return ()

    def has_output(self) -> bool:
        return True

    def chosen_text(self) -> str:
        return self.value() or ""

    def choices(self, changelist: Any) -> Iterator:
        label = _t("Berdasarkan %(title)s") % {"title": self.title}
        yield {"form": SearchForm(self.parameter_name, label, {self.parameter_name: self.value()})}
