"""The address to which somebody asks to be sent on, out of a form or from behind a question mark."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def asked_way(request: HttpRequest, name: str) -> str:
    """The path that the field `name` asks for, if it is one of ours; else "".

    Only what begins with "/" is one: Django's `redirect` takes a word for the name of a view, and fails on it.
    """
    target = request.POST.get(name) or request.GET.get(name, "")
    is_ours = target.startswith("/") and url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if is_ours else ""
