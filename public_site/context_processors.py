"""What every page of the portal shows."""

from django.conf import settings
from django.http import HttpRequest

from core.common.tracing import current_id, spoken
from core.content.models import PageText
from core.content.queries import built_in_text, menus, office

FOOTER = "kaki-halaman"


def portal(request: HttpRequest) -> dict:
    """What header and footer draw, and whether this is the demo. Lazy: the admin asks for none of it."""
    from django.utils.functional import SimpleLazyObject

    def draft_saved() -> str:
        return " ".join(request.session.pop("draft_saved", []))

    def footer() -> PageText:
        previewed = getattr(request, "previewed", None)
        return previewed if getattr(previewed, "slug", "") == FOOTER else built_in_text(FOOTER)

    return {
        "office": SimpleLazyObject(office),
        "menus": SimpleLazyObject(menus),
        "footer": SimpleLazyObject(footer),
        "is_preview": hasattr(request, "previewed"),
        "demo": settings.DEMO,
        "draft_saved": SimpleLazyObject(draft_saved),
        "request_code": spoken(current_id()),  # what somebody reads to the helpdesk
    }
