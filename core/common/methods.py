"""Which methods a request may use at all."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import resolve

ORDINARY = ("GET", "HEAD", "POST")


class KnownMethodsMiddleware:
    """GET, HEAD and POST; any other method is refused before anybody asks who it is.

    Many pages of the admin ask "is it a POST?" and would show themselves to a PUT or OPTIONS as to a GET; and OPTIONS
    and TRACE pass Django's CSRF check, which a page that asks "is it a GET?" may rely on. A view that speaks a further
    method says so: `view.more_methods = ("PATCH", "DELETE")`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ORDINARY:
            more = _more_methods(request)
            if request.method not in more:
                return HttpResponseNotAllowed([*ORDINARY, *more])
        return self.get_response(request)


def _more_methods(request: HttpRequest) -> tuple[str, ...]:
    try:
        return getattr(resolve(request.path_info).func, "more_methods", ())
    except Http404:
        return ()
