"""The manual inside the back office."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from backoffice import help as manual
from backoffice.screens import screen


@require_GET
def manual_view(request: HttpRequest, slug: str = manual.FRONT_PAGE) -> HttpResponse:
    """One page, or with `?q=` the pages that hold the words."""
    page = manual.read_page(slug)
    if page is None:
        raise Http404
    words = request.GET.get("q", "")[:80]
    context: dict[str, Any] = {
        "page": page,
        "front": manual.read_page(manual.FRONT_PAGE),
        "groups": [(title, [manual.read_page(other) for other in listed]) for title, listed in manual.contents()],
        "words": words,
        "hits": manual.search_pages(words) if words else None,
    }
    return screen(request, None, "backoffice/manual.html", context, title=_("Bantuan"))
