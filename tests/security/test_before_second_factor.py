"""Whoever gave only the password sees nothing: every address of the back office and of the portal, in every role."""

import re

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from core.accounts.models import UserSession
from tests.factories.accounts import make_user, make_user_with_factor
from tests.factories.applications import make_application

pytestmark = pytest.mark.django_db

#: What a person who owes a step may reach.
STEPS = {"/admin/masuk/kode/", "/admin/masuk/faktor-kedua/"}
#: Not wrapped by the admin: the log-in itself.
OUTSIDE = {"/admin/login/"}
DOORS = ("/admin/login/", "/masuk/", "/admin/masuk/")
#: Each of them opens every address without a factor. The other ways to knock are shared out between them: a step that
#: is owed keeps everybody out before the role, the method or a header is looked at.
ROLES = ["administrator", "sekretariat", "asesor", "bnsp"]
#: A value for each kind of place in an address.
VALUES = {"uuid": "00000000-0000-4000-8000-000000000000", "int": "1", "slug": "kartu", "str": "1", "path": "1"}


def addresses(namespace: str) -> list[str]:
    """Every address of a face, with some value in each place of its pattern."""
    found = []

    def walk(patterns: list, start: str) -> None:
        for entry in patterns:
            route = start + str(entry.pattern)
            if isinstance(entry, URLResolver):
                walk(entry.url_patterns, route)
            elif isinstance(entry, URLPattern):
                found.append("/" + re.sub(r"<(?:(\w+):)?\w+>", lambda place: VALUES[place[1] or "str"], route))

    for entry in get_resolver().url_patterns:
        if getattr(entry, "namespace", None) == namespace:
            walk(entry.url_patterns, str(entry.pattern))
    # The last patterns of the admin are regular expressions: lists of an app, and anything at all.
    plain = [address for address in found if "(" not in address]
    return sorted({*plain, "/admin/core/", "/admin/tidak-ada/"} if namespace == "admin" else set(plain))


def obliged(role: str) -> Client:
    """Has given the password, must use a second factor, and has none yet."""
    client = Client()
    client.force_login(make_user(role=role))
    return client


def enrolled(role: str) -> Client:
    """Has given the password, and not the code."""
    client = Client()
    client.force_login(make_user_with_factor(role=role).user)
    return client


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("who", [obliged, enrolled])
def test_nothing_of_the_back_office_opens(role, who, second_factor_required):
    make_application()
    client = who(role)
    walked = addresses("admin")
    assert len(walked) > 500
    shared = set(walked[ROLES.index(role) :: len(ROLES)])
    for address in walked if who is obliged else sorted(shared):
        for method in (client.get, client.post) if address in shared else (client.get,):
            if address in STEPS or (address in OUTSIDE and method == client.post):
                continue
            answer = method(address)
            assert answer.status_code == 302, (address, method)
            assert answer.url.startswith(DOORS) or answer.url == "/admin/", (address, answer.url)
        if address not in shared or address in STEPS or address in OUTSIDE:
            continue
        assert client.get(address, headers={"HX-Request": "true"}).status_code == 401, address  # never drawn inside
    assert UserSession.objects.filter(verified_at=None).count() == 1


@pytest.mark.parametrize("who", [obliged, enrolled])
def test_the_steps_themselves_show_nothing_but_the_step(who, second_factor_required):
    case = make_application()
    client = who("sekretariat")
    for address in STEPS:
        page = client.get(address, follow=True).content.decode()
        assert case.number not in page
        assert "nav-sidebar" not in page
        assert "Antrean permohonan" not in page


@pytest.fixture(scope="module")
def strangers() -> dict[tuple[str, str], tuple[int, str | None]]:
    """What anybody gets of the portal: {(address, method): (status, where it leads)}; asked once."""
    return {}


@pytest.mark.parametrize("role", [*ROLES, "asesi", "instansi"])
def test_nothing_of_the_portal_opens_either(role, second_factor_required, strangers):
    """Just what a stranger gets, whatever that is. Staff must have a factor; others have one because they wanted it."""
    client, public = (obliged if role in ROLES else enrolled)(role), Client()
    for address in addresses("public_site"):
        if address in ("/masuk/", "/masuk/kode/", "/keluar/"):
            continue
        for act in ("get", "post"):
            if (address, act) not in strangers:
                answer = getattr(public, act)(address)
                strangers[address, act] = answer.status_code, answer.headers.get("Location")
            mine = getattr(client, act)(address)
            assert (mine.status_code, mine.headers.get("Location")) == strangers[address, act], (address, act)
    if role in ("asesi", "instansi"):
        assert client.get("/akun/", follow=True).request["PATH_INFO"] == "/masuk/kode/"
