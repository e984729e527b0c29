"""What every page of the portal shows."""

from django.conf import settings
from django.http import HttpRequest

from core.content.queries import office


def portal(request: HttpRequest) -> dict:
    """The LSP's own data for header and footer, and whether this is the demo. Lazy: the admin asks for none of it."""
    from django.utils.functional import SimpleLazyObject

    def draft_saved() -> str:
        return " ".join(request.session.pop("draft_saved", []))

    return {"office": SimpleLazyObject(office), "demo": settings.DEMO, "draft_saved": SimpleLazyObject(draft_saved)}
