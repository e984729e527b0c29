"""Where the log-in goes on, and where it came from."""

from urllib.parse import urlencode

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from core.accounts.second_factor import ENROL


def wanted(request: HttpRequest) -> str:
    """The page that somebody was on the way to, if it is ours; else the home page."""
    target = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME, "")
    is_ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if is_ours else reverse("admin:index")


def step_of(request: HttpRequest) -> HttpResponse:
    """To the step that is owed, remembering the way."""
    name = "admin:second_factor_enrol" if request.owed_step == ENROL else "admin:second_factor"
    return redirect(f"{reverse(name)}?{urlencode({REDIRECT_FIELD_NAME: wanted(request)})}")
