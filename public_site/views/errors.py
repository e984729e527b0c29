"""Pages for what went wrong, each with a way on."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse


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
    return _page(request, "500", 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was open too long or cookies are off: what was typed comes back in a form to send again."""
    from public_site.keep_post import resend_page

    return resend_page(request, status=403)
