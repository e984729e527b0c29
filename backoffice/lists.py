"""What stands above every list: what narrows it, one click to take each away, and the views people keep."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib.admin import FieldListFilter
from django.contrib.admin.utils import get_fields_from_path
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst
from unfold.views import ChangeList

from core.savedviews.queries import views_of
from core.savedviews.rules import cleaned_query, may_change_view

#: The key before which a search goes on that stopped there.
BEFORE = "sebelum"
#: Parameters that are no filter somebody set: the open tab, the search, the place in the list.
QUIET = frozenset({"antrean", "q", "p", "o", "e", "all", BEFORE})
#: The whole list, whatever view it opens with by itself.
WHOLE_LIST = "tampilan=semua"


@dataclass(frozen=True)
class FilterGroup:
    """Filters of one subject, folded under its title; those without a title stand open. `chosen`: how many narrow."""

    title: str
    specs: list[Any]
    chosen: int


class RoomChangeList(ChangeList):
    """The filter button lights up only for filters; clearing them leads to the whole list."""

    def get_filters(self, request: HttpRequest) -> tuple:
        *rest, _is_active = super().get_filters(request)
        return (*rest, any(value and name not in QUIET for name, value in request.GET.items()))

    def get_results(self, request: HttpRequest) -> None:
        """Each row knows who looks: its buttons are asked of the rules for this person.

        An export asks only which rows there are (`draws_no_page`): it reads them itself.
        """
        if getattr(request, "draws_no_page", False):
            self.result_list: list = []
            return
        super().get_results(request)
        self.clear_all_filters_qs = f"?{whole_list(request)}"
        # Else every row would ask the resolver whose its address is, before that says how the list is narrowed.
        self.kept_filters, self.preserved_filters = self.preserved_filters, ""
        for row in self.result_list:
            row.viewer = request.user

    def url_for_result(self, result: Any) -> str:
        address = super().url_for_result(result)
        return f"{address}?{self.kept_filters}" if self.kept_filters else address

    @property
    def filter_groups(self) -> list[FilterGroup]:
        """The filters as the sheet shows them: those of every day, then subject by subject."""
        subjects = self.model_admin.filter_subjects
        subject_of = {item: str(title) for title, items in subjects for item in items}
        found: dict[str, list[Any]] = {"": [], **{str(title): [] for title, _items in subjects}}
        for spec in self.filter_specs:
            by_field = (getattr(spec, "field_path", ""), type(spec))
            found[subject_of.get(by_field) or subject_of.get(type(spec), "")].append(spec)
        return [
            FilterGroup(title, specs, chosen=sum(self._is_chosen(spec) for spec in specs))
            for title, specs in found.items()
            if specs
        ]

    def _is_chosen(self, spec: Any) -> bool:
        return any(any(self.filter_params.get(name, ())) for name in spec.expected_parameters())

    @property
    def search_action(self) -> str:
        """Where the search box posts to: this list with its filters, without the search before."""
        return f"?{urlencode([(n, v) for n, v in self.params.items() if n not in ('q', 'nik', BEFORE)])}"


@dataclass(frozen=True)
class Chip:
    """One thing the list is narrowed by, and the address without it."""

    title: str
    text: str
    without: str


def without(request: HttpRequest, names: Any) -> str:
    """The address of this list without some parameters; it never ends up at the default view by accident."""
    query = request.GET.copy()
    for name in (*names, "p", "e", BEFORE):
        query.pop(name, None)
    return f"?{query.urlencode() or WHOLE_LIST}"


def whole_list(request: HttpRequest) -> str:
    """What is left when all filters are cleared: the tab that was opened, else everything."""
    tab = request.GET.get("antrean")
    return urlencode({"antrean": tab}) if tab else WHOLE_LIST


def chips(request: HttpRequest, specs: list) -> list[Chip]:
    found = []
    if words := request.GET.get("q"):
        found.append(Chip("", f"“{words}”", without(request, ["q"])))
    for spec in specs:
        names = spec.expected_parameters()
        if QUIET.isdisjoint(names) and any(request.GET.get(name) for name in names):
            text = chosen_text(spec, request)
            found.append(Chip(capfirst(str(spec.title)), text, without(request, names)))
    return found


def chosen_text(spec: Any, request: HttpRequest) -> str:
    """What is chosen in a filter, in words; as it stands in the address where the filter has none."""
    values = [value for name in spec.expected_parameters() for value in request.GET.getlist(name) if value]
    if hasattr(spec, "chosen_text"):
        return spec.chosen_text() or ", ".join(values)
    known = getattr(spec, "lookup_choices", None)
    if known is None:
        known = getattr(getattr(spec, "field", None), "flatchoices", None) or ()
    words = {str(key): str(label) for key, label in _ungrouped(known)}
    return ", ".join(words.get(value, value) for value in values)


def _ungrouped(choices: Iterable[tuple[Any, Any]]) -> Iterator[tuple[Any, Any]]:
    """Choices one by one, whether they stand under headings or not."""
    for key, label in choices:
        if isinstance(label, (list, tuple)):
            yield from label
        else:
            yield key, label


def known_parameters(admin: Any, request: HttpRequest) -> set[str]:
    """What the filters of a list read from its address; only this is kept in a saved view."""
    names = {"o"}
    for item in admin.get_list_filter(request):
        if isinstance(item, (tuple, list)):
            path, filter_class = item
        elif isinstance(item, str):
            path, filter_class = item, FieldListFilter.create
        else:
            names.update(item(request, {}, admin.model, admin).expected_parameters())
            continue
        field = get_fields_from_path(admin.model, path)[-1]
        names.update(filter_class(field, request, {}, admin.model, admin, field_path=path).expected_parameters())
    return names


def views_bar(request: HttpRequest, admin: Any, specs: list) -> dict[str, Any]:
    """The saved views of this list, which one is open, and what keeping the present one needs."""
    name = admin.model._meta.model_name
    known = {"o", *(parameter for spec in specs for parameter in spec.expected_parameters())}
    present = cleaned_query(request.GET.urlencode(), known)
    views = list(views_of(request.user, name))
    for view in views:
        view.is_open = view.query == present
        view.may_change = may_change_view(view, request.user)
        view.settings_url = reverse("admin:saved_view", args=[view.pk])
    is_kept = any(view.is_open for view in views)
    narrowed = set(request.GET) - QUIET
    return {
        "views": views,
        "is_whole": not present and not request.GET.get("q") and not narrowed,
        "whole": f"?{WHOLE_LIST}",
        "save_url": f"{reverse('admin:save_view')}?{urlencode({'daftar': name, 'saringan': present})}"
        if present and narrowed and not is_kept
        else "",
    }
