"""What was typed survives an expired session or a lost CSRF cookie.

The fields travel in the page itself, signed: first to the log-in page, then to a page with one
button that sends them again to where they belong. Files cannot travel; the page says so. Where it is
known whose they are, whoever else logs in on that page is not offered them.
"""

from typing import Any
from urllib.parse import urlsplit

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from core.applications.queries import owner_of_case
from core.common.text import is_number
from public_site.forms.account import LoginForm

SALT = "public_site.keep_post"
MAX_AGE_SECONDS = 3600
_NEVER_KEPT = {"csrfmiddlewaretoken", "password", "code", "kept"}


def keep_post_page(request: HttpRequest) -> HttpResponse:
    """The log-in form, carrying what was posted."""
    return render(
        request,
        "public_site/account/login.html",
        {"form": LoginForm(request), "kept": _pack(request), "next": request.path, "session_ended": True},
    )


def kept_post(token: str, *, by: Any = None) -> dict | None:
    """{"path", "fields": [[name, value]…], "had_files", "owner"} of a token made here; None when altered or too old, or
    when somebody else than `by` typed it."""
    try:
        kept = signing.loads(token, salt=SALT, max_age=MAX_AGE_SECONDS)
    except signing.BadSignature:
        return None
    return kept if by is None or _is_theirs(kept, by) else None


def _is_theirs(kept: dict, user: Any) -> bool:
    """On a shared phone it may be the next person who is in now."""
    return kept.get("owner") in (None, user.pk)


def resend_page(request: HttpRequest, *, kept: dict | None = None, status: int = 200) -> HttpResponse:
    """A page with one button that posts the kept fields again.

    After a CSRF failure (`kept` is None) it is offered only when the browser says that the form was
    ours; what another site posts is not offered back.
    """
    if kept is None:
        if request.method != "POST" or not _is_from_here(request):
            return render(request, "public_site/errors/403.html", status=status)
        kept = signing.loads(_pack(request), salt=SALT)
        if request.user.is_authenticated and not _is_theirs(kept, request.user):
            return render(request, "public_site/errors/403.html", status=status)
    return render(request, "public_site/account/resend.html", {"kept": kept}, status=status)


def _pack(request: HttpRequest) -> str:
    fields = [[name, value] for name, values in request.POST.lists() if name not in _NEVER_KEPT for value in values]
    kept = {"path": request.path, "fields": fields, "had_files": bool(request.FILES), "owner": _owner(request)}
    return signing.dumps(kept, salt=SALT, compress=True)


def _owner(request: HttpRequest) -> int | None:
    """Who typed it: whose log-in ended, whose case the page is of, or who the page itself says it was drawn for."""
    if person := request.ended_user or request.half_user:  # type: ignore[attr-defined]
        return person.pk
    match = request.resolver_match
    if match and "reference" in match.kwargs:
        return owner_of_case(match.kwargs["reference"])
    drawn_for = request.POST.get("owner", "")
    return int(drawn_for) if is_number(drawn_for) else None


def _is_from_here(request: HttpRequest) -> bool:
    origin = request.headers.get("Origin") or request.headers.get("Referer", "")
    return bool(urlsplit(origin).netloc) and url_has_allowed_host_and_scheme(
        origin, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
