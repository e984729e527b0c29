"""Pages are looked at and forms are sent; whatever else a request may be called has no business here."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

KNOWN = ("GET", "HEAD", "POST")


class KnownMethodsMiddleware:
    """Refuses PUT, DELETE, TRACE, OPTIONS and inventions for every address at once.

    Single pages name their methods as well, but those that come with the admin and its libraries do not, and treat a
    method that they never heard of as looking.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request) if request.method in KNOWN else HttpResponseNotAllowed(KNOWN)
