"""Pages that are the same for every reader may be kept by their browsers for a moment."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control, patch_vary_headers

#: Seconds that a reader's browser may show a page without asking again.
FRESH_FOR = 60


def fresh_for_readers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Of a page with somebody's name on it, or with a message for one reader, nothing is kept."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code != 200 or response.has_header("Cache-Control"):
            return response
        if request.user.is_authenticated or _has_told(request):
            patch_cache_control(response, private=True, no_cache=True)
        else:
            patch_cache_control(response, public=True, max_age=FRESH_FOR)
            patch_vary_headers(response, ["Cookie"])
        return response

    return wrapped


def _has_told(request: HttpRequest) -> bool:
    """Whether the page shows what the act before it had to say."""
    return len(get_messages(request)) > 0
