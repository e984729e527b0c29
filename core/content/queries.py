"""Reads of texts."""

import base64
import io
import logging
from functools import lru_cache
from typing import Any

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone
from PIL import Image

from core.content.models import BUILT_IN, MenuItem, MenuPlace, OfficeData, Page, PageEdition
from core.documents.storage import document_storage

logger = logging.getLogger(__name__)


def office() -> OfficeData:
    """The LSP's own data; a nameless placeholder before `load_reference` has run."""
    return OfficeData.objects.first() or OfficeData(name="LSP BNPB")


def letterhead() -> dict[str, str]:
    """The LSP as papers of today freeze it; each prints what it has room for."""
    data = office()
    names = ("name", "license_number", "address", "phone", "email")
    return {name: getattr(data, name) for name in names} | {"logo": data.logo.name or ""}


def signatory() -> dict[str, str]:
    """Who signs for the LSP, as papers of today freeze it."""
    data = office()
    return {"name": data.leader_name, "position": data.leader_position}


@lru_cache(maxsize=4)
def logo_data_uri(name: str) -> str:
    """The logo of this name for a printed form, on white; "" when there is none.

    A form names the logo of the day it was sent: the file of that name never changes and is never removed.
    """
    if not name:
        return ""
    try:
        with document_storage().open(name) as file:
            picture = Image.open(file).convert("RGBA")
    except FileNotFoundError:
        logger.error("the file of the logo %s is missing", name)
        return ""
    out = io.BytesIO()
    Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB").save(out, "PNG")
    return f"data:image/png;base64,{base64.b64encode(out.getvalue()).decode()}"


def live_editions() -> QuerySet[PageEdition]:
    """Editions whose time has come and that were not withdrawn, the valid one of each page first.

    Publishing at a set time needs no job: an edition counts from its moment on.
    """
    return PageEdition.objects.filter(
        Q(page__withdrawn_at=None) | Q(live_from__gt=F("page__withdrawn_at")), live_from__lte=timezone.now()
    ).order_by("-live_from", "-pk")


def live_text(slug: str) -> PageEdition | None:
    """What readers of this page see now."""
    return live_editions().filter(page__slug=slug).first()


def built_in_text(slug: str) -> PageEdition:
    """The text of a place of the portal itself; empty before `load_reference` has run."""
    if slug not in BUILT_IN:
        raise KeyError(slug)
    return live_text(slug) or PageEdition(title="LSP BNPB")


def menus() -> dict[str, list[MenuItem]]:
    """{place: entries} as the portal draws them: what is hidden or leads to an unpublished page is left out."""
    found: dict[str, list[MenuItem]] = {place: [] for place in MenuPlace.values}
    for item in visible_items().select_related("page"):
        found[item.place].append(item)
    return found


def visible_items() -> QuerySet[MenuItem]:
    is_live = Exists(live_editions().order_by().filter(page=OuterRef("page")))
    return MenuItem.objects.filter(Q(page=None) | is_live, is_active=True)


def current_editions() -> QuerySet[PageEdition]:
    """Of every page the edition that readers see and the one that waits for its moment: two rows at most."""
    live = live_editions().filter(page=OuterRef("page")).values("pk")[:1]
    return PageEdition.objects.filter(Q(live_from__gt=timezone.now()) | Q(pk=Subquery(live)))


def with_state(pages: QuerySet[Page]) -> QuerySet[Page]:
    """Pages that know their editions without asking one by one; see `page_state`."""
    return pages.prefetch_related(Prefetch("editions", queryset=current_editions(), to_attr="current"))


def page_state(page: Page) -> dict[str, Any]:
    """{live, planned, has_changes}: what readers see, what waits, whether the draft says something newer."""
    editions = page.current if hasattr(page, "current") else list(current_editions().filter(page=page))
    now = timezone.now()
    live = next((edition for edition in editions if edition.live_from <= now), None)
    planned = next((edition for edition in editions if edition.live_from > now), None)
    newest = planned or live
    return {"live": live, "planned": planned, "has_changes": newest is None or newest.words != page.words}
