"""Pages for what went wrong, each with a way on."""

import logging
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse

from core.common.telling import kind_of
from core.common.tracing import current_id, spoken

logger = logging.getLogger(__name__)


def _page(request: HttpRequest, name: str, status: int, words: dict[str, Any] | None = None) -> HttpResponse:
    return render(request, f"public_site/errors/{name}.html", words, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, "400", 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, "403", 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    words = {
        "sentence": getattr(exception, "sentence", ""),
        "is_staff": request.path.startswith(reverse("admin:index")),
    }
    return _page(request, "404", 404, words)


def server_error(request: HttpRequest) -> HttpResponse:
    """Head and foot of a page ask the database. Where that is what failed, a page without them."""
    try:
        return _page(request, "500", 500)
    except Exception as error:
        logger.warning("the page of an error failed as well: %s", kind_of(error))
        words = {"code": spoken(current_id())}
        return HttpResponse(render_to_string("public_site/errors/500_bare.html", words), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was open too long or cookies are off: what was typed comes back in a form to send again."""
    from public_site.keep_post import resend_page

    return resend_page(request, status=403)
