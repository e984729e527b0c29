"""The last acts on a row, for the foot of its page, and links from the log to the rows it tells of."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse

from core.activity.labels import VIEWS, about, act, changed_fields, who
from core.activity.models import ActivityEntry
from core.activity.queries import entries_for, timeline_of

#: Acts that are drawn smaller than those that decide something.
MINOR = VIEWS | {"application.check_requirement"}
LENGTH = 10


def timeline(request: HttpRequest, subject: Model, *, length: int = LENGTH, public: bool = False) -> dict[str, Any]:
    """What the template `backoffice/timeline.html` draws; empty for those who may not read the log.

    `public` shows it to whoever may see the page at all, as on the page of a case.
    """
    may_read_log = request.user.has_perm("core.view_activityentry")
    if not (may_read_log or public):
        return {}
    entries = timeline_of(subject) if public else timeline_of(subject) & entries_for(request.user)
    names = shows_names(request) or not may_read_log  # whoever works on a case knows whose it is
    if not names:
        entries = entries.prefetch_related("actor__groups")  # what they are called instead
    found = list(entries[: length + 1])
    log = reverse("admin:core_activityentry_changelist")
    return {
        "rows": [
            {
                "at": entry.at,
                "who": who(entry, names=names),
                "act": " ".join(filter(None, (act(entry), changed_fields(entry)))),
                "is_minor": entry.code in MINOR,
            }
            for entry in found[:length]
        ],
        "has_more": len(found) > length,
        "log": f"{log}?objek={subject._meta.model_name}-{subject.pk}" if may_read_log else "",
    }


def shows_names(request: HttpRequest) -> bool:
    return request.user.has_perm("core.view_activity_names")


def link_records(request: HttpRequest, entries: Iterable[ActivityEntry]) -> None:
    """Give each entry the address of its row, where there is one that this person may open.

    Asked once for each kind of row: what was deleted meanwhile, or is a draft, has no page.
    """
    keys: dict[str, set[str]] = {}
    for entry in entries:
        if entry.subject_type and entry.subject_id:
            keys.setdefault(entry.subject_type, set()).add(entry.subject_id)
    admins = {model._meta.model_name: page for model, page in admin.site._registry.items()}
    pages: dict[str, tuple[str, set[str]]] = {}
    for kind, ids in keys.items():
        page = admins.get(kind)
        if page is not None and page.has_view_permission(request):
            there = page.get_queryset(request).filter(pk__in=ids).order_by().values_list("pk", flat=True)
            pages[kind] = (f"admin:core_{kind}_change", {str(pk) for pk in there})
    for entry in entries:
        name, there = pages.get(entry.subject_type, ("", set()))
        entry.link = reverse(name, args=[entry.subject_id]) if entry.subject_id in there else ""


def parts(entry: ActivityEntry, *, names: bool) -> tuple[str, str, str, str]:
    """Who, did what, to which row, and which fields."""
    return who(entry, names=names), act(entry), about(entry), changed_fields(entry)
