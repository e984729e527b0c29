"""People at the desk, each with a browser of their own."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.accounts.models import User
from core.applications.models import Application
from tests.factories.accounts import make_user


def case_url(case: Application) -> str:
    return reverse("admin:core_application_change", args=[case.pk])


def act_url(case: Application, act: str) -> str:
    return reverse("admin:core_application_act", args=[case.pk, act])


def check_url(case: Application) -> str:
    return reverse("admin:core_application_check", args=[case.pk])


def pressed_by_enter(response: Any, form: str) -> str:
    """The name of what Enter presses in the form whose opening tag holds these words: its first button."""
    inside = response.content.decode().split(form, 1)[1].split("</form>", 1)[0]
    name = re.search(r' name="(\w+)"', re.search(r"<button[^>]*>", inside)[0])
    return name[1] if name else ""


def said(response: Any) -> str:
    """The messages that the next page shows."""
    return " ".join(str(message) for message in response.wsgi_request._messages)


@pytest.fixture
def sign_in() -> Callable[[User], Client]:
    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.fixture
def clerk(db) -> User:
    return make_user(role="sekretariat", full_name="Ratna Puspita")


@pytest.fixture
def desk(clerk, sign_in) -> Client:
    """The clerk's browser."""
    return sign_in(clerk)


@pytest.fixture
def as_role(db, sign_in) -> Callable[[str], Client]:
    """A browser of somebody new in a role."""
    return lambda role: sign_in(make_user(role=role))
