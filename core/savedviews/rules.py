"""Small questions about saved views, asked by screens and services."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, urlencode

from core.accounts.rules import role_of
from core.savedviews.models import ExportProfile, SavedView

#: What people type to find somebody, and places in a list: never kept.
NEVER_KEPT = frozenset({"q", "nik", "p", "e", "all"})


def may_share(by: Any) -> bool:
    return by.has_perm("core.share_savedview")


def sees_view(view: SavedView | ExportProfile, by: Any) -> bool:
    """Own views, and those shared with the person's role."""
    return view.owner_id == by.pk if view.owner_id else view.role == role_of(by)


def may_change_view(view: SavedView | ExportProfile, by: Any) -> bool:
    """A person's own are theirs; a shared one belongs to those of the role who may share."""
    return sees_view(view, by) and (view.owner_id is not None or may_share(by))


def cleaned_query(query: str, known: Iterable[str]) -> str:
    """Only the filters that the list knows, each value once, in a steady order: equal views look equal."""
    allowed = set(known) - NEVER_KEPT
    pairs = {(name, value.strip()) for name, value in parse_qsl(query) if name in allowed and value.strip()}
    return urlencode(sorted(pairs))
