"""Where the log-in goes on, and where it came from."""

from urllib.parse import urlencode

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from core.accounts.second_factor import ENROL
from core.common.ways_back import asked_way


def wanted(request: HttpRequest) -> str:
    """The page that somebody was on the way to, if it is ours; else the home page."""
    return asked_way(request, REDIRECT_FIELD_NAME) or reverse("admin:index")


def step_of(request: HttpRequest) -> HttpResponse:
    """To the step that is owed, remembering the way."""
    name = "admin:second_factor_enrol" if request.owed_step == ENROL else "admin:second_factor"
    return redirect(f"{reverse(name)}?{urlencode({REDIRECT_FIELD_NAME: wanted(request)})}")
