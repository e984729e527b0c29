"""What both doors do: recognise a remembered browser at log-in, and let somebody in who showed the second factor."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest, HttpResponseBase

from core.accounts.models import User, UserSession
from core.accounts.second_factor import factor_of, open_step, recognise_device, remember_device
from core.accounts.sessions import SESSION_KEY
from core.policy.queries import system_policy

SALT = "core.accounts.trusted_device"


def cookie_name(user: User) -> str:
    """One per account: colleagues who share a computer do not push each other out."""
    return f"{settings.TRUSTED_DEVICE_COOKIE}-{user.pk}"


def recognise(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Right after Django's log-in: a trusted browser need not show a code."""
    token = request.get_signed_cookie(cookie_name(user), default="", salt=SALT)
    if token and factor_of(user) is not None:
        session = UserSession.objects.select_related("user").get(pk=request.session[SESSION_KEY])
        recognise_device(session=session, token=token)


def connect() -> None:
    """After `sessions.connect`: the row of the session must be there."""
    user_logged_in.connect(recognise, dispatch_uid="recognise_device")


def owes_step(request: HttpRequest) -> bool:
    """Whether who has just logged in, in this very request, still owes a step."""
    session = UserSession.objects.select_related("user").get(pk=request.session[SESSION_KEY])
    has_factor = factor_of(session.user) is not None
    return open_step(session, has_factor=has_factor, policy=system_policy()) is not None


def let_in(request: HttpRequest, response: HttpResponseBase, *, user: User, remember: bool = False) -> HttpResponseBase:
    """After a step: a new key for the session, and the cookie of a browser that is to be remembered."""
    request.session.cycle_key()
    trusted = remember_device(user=user, user_agent=request.headers.get("User-Agent", "")) if remember else None
    if trusted is not None:
        token, days = trusted
        response.set_signed_cookie(
            cookie_name(user),
            token,
            salt=SALT,
            max_age=int(timedelta(days=days).total_seconds()),
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )
    return response
