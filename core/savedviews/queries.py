"""Reads of saved views."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from core.accounts.rules import role_of
from core.savedviews.models import DefaultView, ExportProfile, SavedView
from core.savedviews.rules import sees_view


def views_of(by: Any, list_name: str) -> QuerySet[SavedView]:
    """What stands above a list for this person: the role's views, then their own; each says if it is the default."""
    chosen = DefaultView.objects.filter(user=by.pk, view=OuterRef("pk"))
    return (
        SavedView.objects.filter(Q(owner=by.pk) | Q(owner=None, role=role_of(by) or "-"), list=list_name)
        .annotate(is_default=Exists(chosen))
        .order_by("owner", "position", "pk")
    )


def default_query(by: Any, list_name: str) -> str:
    """The filters with which a list opens for this person; "" for all of it.

    A view that is no longer shared with the person's role stops being their default.
    """
    chosen = DefaultView.objects.filter(user=by.pk, list=list_name).select_related("view").first()
    return chosen.view.query if chosen and sees_view(chosen.view, by) else ""


def export_profiles_of(by: Any, list_name: str) -> QuerySet[ExportProfile]:
    """One's own, then those shared with the role."""
    return ExportProfile.objects.filter(
        Q(owner=by.pk) | Q(owner=None, role=role_of(by) or "-"), list=list_name
    ).order_by("-owner", "title", "pk")
