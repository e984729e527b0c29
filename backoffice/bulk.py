"""One act on many rows: first a page that shows what will happen to how many, then the act, then the account of it.

A list declares its acts as `BulkAct`. Which rows an act allows is asked of the rule itself, row by
row; running calls the service row by row, each in a transaction of its own, so that one refusal
undoes nothing else, or once for all rows where they are one act to somebody. What changed between
the two pages is refused by the same rule and told; the same page sent twice finds every row done
already.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from backoffice.screens import screen
from core.common.exceptions import DomainError
from core.common.text import is_number

#: So many rows at once, and no more: the page answers within seconds, and somebody can look it over.
MAX_ROWS = 500

GONE = _("Tidak ditemukan lagi, atau tidak boleh Anda lihat.")
BUSY = _("Basis data sedang sibuk; baris ini belum diproses. Jalankan sekali lagi untuk baris ini.")


@dataclass(frozen=True)
class BulkAct:
    """One act that a list offers for ticked rows.

    `refusal(row, by)` is the rule: a sentence why not, or "". `run(row, by, **answers)` calls the service;
    `run_all(rows, by, **answers)` does instead, where it is one act for all: {key of a row: why not}.
    `right` is the permission without which the act is not offered. `row_name` is how a row is called in
    the account. `what` says on the first page what will happen, `done` on the last what did; both
    name `%(count)d`.
    """

    name: str
    label: Any
    right: str
    refusal: Callable[[Any, Any], str]
    what: Any
    done: Any
    run: Callable[..., Any] | None = None
    run_all: Callable[..., dict[Any, str]] | None = None
    row_name: Callable[[Any], str] = str
    tone: str = "primary"
    #: What the first page asks besides: a template, what it draws, and the names of the fields that `run` is handed.
    question: str = ""
    asked: Callable[[], dict[str, Any]] = dict
    answers: tuple[str, ...] = ()
    #: What the rule looks up of every row, read at once.
    related: tuple[str, ...] = ()

    def permits(self, by: Any) -> bool:
        return by.has_perm(f"core.{self.right}")


@dataclass
class Group:
    """Rows that share a fate, with the sentence for it."""

    sentence: str
    rows: list[dict[str, str]] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.rows)


class BulkMixin:
    """For a list with `bulk_acts`: they stand in the bar that opens when rows are ticked."""

    bulk_acts: tuple[BulkAct, ...] = ()

    def get_actions(self, request: HttpRequest) -> dict[str, tuple]:
        offered = {act.name: (_ask(act), act.name, act.label) for act in self.bulk_acts if act.permits(request.user)}
        return super().get_actions(request) | offered

    def get_urls(self) -> list:
        if not self.bulk_acts:
            return super().get_urls()
        name = f"core_{self.model._meta.model_name}_bulk"
        view = self.admin_site.admin_view(require_POST(self.bulk_view))
        return [path("massal/<slug:act>/", view, name=name), *super().get_urls()]

    def bulk_view(self, request: HttpRequest, act: str) -> HttpResponse:
        """Runs an act that was confirmed."""
        found = next((one for one in self.bulk_acts if one.name == act), None)
        if found is None:
            raise Http404
        if not (self.has_view_permission(request) and found.permits(request.user)):
            raise PermissionDenied
        keys = _keys(request.POST.getlist(ACTION_CHECKBOX_NAME))
        if not keys:
            messages.warning(request, _t("Tidak ada yang dipilih."))
            return redirect(self.list_url())
        if len(keys) > MAX_ROWS:
            return _page(self, request, found, "backoffice/bulk/too_many.html", {})
        groups = _run(self, request, found, keys)
        return _page(self, request, found, "backoffice/bulk/done.html", {"groups": groups, "done": groups[0].count})


def _ask(act: BulkAct) -> Callable:
    """What Django calls for ticked rows: the page that asks."""

    def ask(admin: Any, request: HttpRequest, queryset: QuerySet) -> HttpResponse:
        if request.POST.get("select_across") == "1":  # everything that the filters let through
            keys = [str(key) for key in queryset.order_by().values_list("pk", flat=True)[: MAX_ROWS + 1]]
        else:
            keys = _keys(request.POST.getlist(ACTION_CHECKBOX_NAME))
        if len(keys) > MAX_ROWS:
            return _page(admin, request, act, "backoffice/bulk/too_many.html", {})
        rows = _rows(admin, request, act, keys)
        groups: dict[str, Group] = {"": Group(act.what)}
        for key in keys:
            row = rows.get(key)
            _into(groups, act.refusal(row, request.user) if row else str(GONE), _entry(admin, act, key, row))
        will, *refused = groups.values()
        context = {
            "will": will,
            "sentence": str(act.what) % {"count": will.count},
            "refused": refused,
            "total": len(keys),
            "keys": [entry["key"] for entry in will.rows],
            "box": ACTION_CHECKBOX_NAME,
            **act.asked(),
        }
        return _page(admin, request, act, "backoffice/bulk/confirm.html", context)

    return ask


def _run(admin: Any, request: HttpRequest, act: BulkAct, keys: list[str]) -> list[Group]:
    """The act on every row that is there; the first group holds what was done."""
    rows = _rows(admin, request, act, keys)
    answers = {name: request.POST.get(name, "") for name in act.answers}
    found = [rows[key] for key in keys if key in rows]
    if act.run_all:
        reasons = _together(act, found, request.user, answers)
    else:
        reasons = {row.pk: _alone(act, row, request.user, answers) for row in found}
    groups: dict[str, Group] = {"": Group("")}
    for key in keys:
        row = rows.get(key)
        _into(groups, reasons.get(row.pk, "") if row else str(GONE), _entry(admin, act, key, row))
    groups[""].sentence = str(act.done) % {"count": groups[""].count}
    return list(groups.values())


def _alone(act: BulkAct, row: Model, by: Any, answers: dict[str, str]) -> str:
    """Why this row stayed as it was, or ""."""
    try:
        act.run(row, by, **answers)
    except DomainError as refusal:
        return refusal.message
    except OperationalError:  # a deadlock undid this row only
        return str(BUSY)
    return ""


def _together(act: BulkAct, rows: list[Model], by: Any, answers: dict[str, str]) -> dict[Any, str]:
    """Why rows stayed as they were, by their keys: each for its own reason, or all of them for one."""
    try:
        return act.run_all(rows, by, **answers)
    except DomainError as refusal:
        return dict.fromkeys((row.pk for row in rows), refusal.message)
    except OperationalError:
        return dict.fromkeys((row.pk for row in rows), str(BUSY))


def _rows(admin: Any, request: HttpRequest, act: BulkAct, keys: Iterable[str]) -> dict[str, Model]:
    """The rows that this person may see, whatever filter the list had: what left the tab meanwhile is told too."""
    rows = admin.get_queryset(request).filter(pk__in=list(keys)).prefetch_related(*act.related)
    return {str(row.pk): row for row in rows}


def _into(groups: dict[str, Group], reason: str, entry: dict[str, str]) -> None:
    groups.setdefault(reason, Group(reason)).rows.append(entry)


def _entry(admin: Any, act: BulkAct, key: str, row: Model | None) -> dict[str, str]:
    if row is None:
        return {"key": key, "name": f"#{key}", "url": ""}
    return {"key": key, "name": act.row_name(row), "url": admin.change_url(row)}


def _keys(values: list[str]) -> list[str]:
    """Each key once, in the order of the list; what is no key is dropped."""
    return list(dict.fromkeys(value for value in values if is_number(value)))


def _page(admin: Any, request: HttpRequest, act: BulkAct, template: str, context: dict[str, Any]) -> HttpResponse:
    context |= {
        "act": act,
        "limit": MAX_ROWS,
        "run_url": reverse(f"admin:core_{admin.model._meta.model_name}_bulk", args=[act.name]),
        "back": admin.list_url(request.GET.urlencode() or request.POST.get("kembali", "")),
        "back_query": request.GET.urlencode(),
    }
    return screen(request, admin, template, context, title=act.label)
