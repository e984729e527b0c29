"""The headers of each kind of answer, and the arithmetic by which tests/deployment scores them on a whole installation.

That no page does what its policy forbids is seen by a browser, on every kind of screen: tests/journeys/test_accessibility.py.
"""

import base64
import hashlib
from email.message import Message
from http.client import HTTPMessage
from pathlib import Path

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from tests.factories.accounts import make_user
from tests.factories.content import make_page
from tests.factories.documents import make_document
from tests.security.observatory import directives, score
from tests.security.pages import inline_of

ROOT = Path(__file__).resolve().parents[2]

# --- what is sent -----------------------------------------------------------------------------------------


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("on purpose")


urlpatterns = [path("rusak/", broken), path("admin/rusak/", broken), path("", include("core.config.urls"))]
handler404 = "public_site.views.errors.not_found"
handler500 = "public_site.views.errors.server_error"


def policy_of(answer: HttpResponse) -> dict[str, set[str]]:
    return directives([answer["Content-Security-Policy"]])


def unsafe_in(answer: HttpResponse) -> set[tuple[str, str]]:
    return {(name, word) for name, words in policy_of(answer).items() for word in words if word.startswith("'unsafe")}


@pytest.mark.django_db
@pytest.mark.urls(__name__)
@pytest.mark.parametrize("address", ["/", "/masuk/", "/tidak-ada/", "/rusak/", "/admin/tidak-ada/", "/admin/rusak/"])
def test_the_portal_and_whatever_goes_wrong_anywhere_run_and_frame_nothing(address, client):
    client.raise_request_exception = False
    client.force_login(make_user(role="sekretariat")) if address.startswith("/admin") else None
    answer = client.get(address)

    policy = policy_of(answer)
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == {"'none'"}
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == {"'self'"}
    assert unsafe_in(answer) == set()
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Cross-Origin-Opener-Policy"] == answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["Referrer-Policy"] == "same-origin"
    assert {"camera=()", "geolocation=()", "microphone=()", "usb=()"} <= set(answer["Permissions-Policy"].split(", "))


@pytest.mark.django_db
def test_only_the_back_office_may_evaluate_expressions_and_runs_no_script_of_a_page_either(client):
    client.force_login(make_user(role="sekretariat"))
    for address in ("/admin/", "/admin/core/application/", "/admin/core/holiday/add/"):
        answer = client.get(address)
        assert unsafe_in(answer) == {("script-src", "'unsafe-eval'"), ("style-src-attr", "'unsafe-inline'")}
        assert policy_of(answer)["default-src"] == policy_of(answer)["base-uri"] == {"'none'"}
        assert policy_of(answer)["frame-ancestors"] == {"'self'"}  # Unfold opens "+" beside a field in a frame
        assert inline_of(answer.content.decode()) == []
    assert unsafe_in(Client().get("/admin/", follow=True)) == unsafe_in(answer)  # the door


@pytest.mark.django_db
def test_papers_and_previews_are_framed_by_our_own_pages_and_run_nothing(client):
    client.force_login(make_user(role="sekretariat"))
    document, page = make_document(owner=make_user(role="asesi"), kind="ijazah"), make_page()
    for address in (f"/admin/dokumen/{document.public_id}/", f"/pratinjau/{page.slug}/"):
        answer = client.get(address)
        answer.getvalue()  # to the end of the file, which is then closed
        assert answer.status_code == 200
        assert answer["X-Frame-Options"] == "SAMEORIGIN"
        assert policy_of(answer)["frame-ancestors"] == {"'self'"}
        assert unsafe_in(answer) <= {("style-src", "'unsafe-inline'")}  # the browser's own viewer of PDF


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["backoffice/favicon.svg", "public_site/css/portal.css"])
def test_static_files_bear_the_policy_too(name, client):
    """A picture of ours that is opened by itself is a page."""
    answer = client.get(f"/static/{name}")
    answer.getvalue()
    assert answer.status_code == 200
    assert unsafe_in(answer) == set()
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]


def test_the_policy_of_nginx_own_pages_names_the_style_that_they_hold():
    examples = ROOT / "server_docs" / "examples"
    pages = [path.read_text(encoding="utf-8") for path in (examples / "error_pages").glob("*.html")]
    assert len(pages) == 4
    for page in pages:
        style = page.partition("<style>")[2].partition("</style>")[0]
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        assert f"style-src 'sha256-{digest}'" in (examples / "nginx.conf").read_text(encoding="utf-8")


#: The page that works without a network holds its script; its policy names that script's hash.
HOLDS_ITS_OWN = {"public_site/templates/public_site/verifier/page.html"}


def test_no_template_holds_a_script_a_style_or_a_handler():
    """The policy would stop it, and nobody would be told."""
    templates = [path for face in ("backoffice", "public_site") for path in (ROOT / face / "templates").rglob("*.html")]
    found = {
        name: inline_of(path.read_text(encoding="utf-8"))
        for path in templates
        if (name := path.relative_to(ROOT).as_posix()) not in HOLDS_ITS_OWN
    }
    assert len(found) > 100
    assert {name: parts for name, parts in found.items() if parts} == {}


# --- the arithmetic ---------------------------------------------------------------------------------------

GOOD = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; form-action 'self'; frame-ancestors 'none'",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Set-Cookie": "__Host-sessionid=1; Secure; HttpOnly; SameSite=Lax; Path=/",
}
SECURE = (301, "https://contoh.id/")


def points(body="", plain=SECURE, **changes) -> int:
    headers: Message = HTTPMessage()
    for name, value in (GOOD | {name.replace("_", "-"): value for name, value in changes.items()}).items():
        for one in value if isinstance(value, list) else [value]:
            if one is not None:
                headers[name] = one
    return score(headers, body, host="contoh.id", plain=plain).points


def test_what_is_good_adds_up():
    assert points() == 100 + 10 + 5 + 5 + 5 + 10  # policy, cookies, referrer, framing, resources
    assert points(Cross_Origin_Opener_Policy="same-origin", Cross_Origin_Embedder_Policy="require-corp") == 155
    assert points('<script src="/a.js" integrity="sha384-x"></script>') == 140


NONE = "default-src 'none'; frame-ancestors 'none'; "


@pytest.mark.parametrize(
    ("policy", "modifier"),
    [
        ("default-src 'self'; frame-ancestors 'none'", 5),
        (NONE + "style-src 'self' 'unsafe-inline'", 0),
        (NONE + "style-src 'unsafe-inline' 'nonce-abc'", 10),
        (NONE + "style-src-attr 'unsafe-inline'", 10),
        (NONE + "script-src 'self' 'unsafe-eval'; style-src 'unsafe-inline'", -10),
        (NONE + "img-src http:", -10),
        # so much is lost that what is good no longer counts
        (NONE + "script-src 'self' 'unsafe-inline'", "80"),
        (NONE + "script-src 'unsafe-inline' 'sha256-abc'", 10),
        (NONE + "script-src https:", "80"),
        (NONE + "script-src 'strict-dynamic'", "75"),
        ("frame-ancestors 'none'", "80"),
        (NONE + "connect-src http://contoh.id", "80"),
        (NONE + "default-src 'self'", "55"),  # unreadable: it frames nothing either
        (["default-src 'none'", "script-src 'none'"], "55"),
    ],
)
def test_the_policy_weighs_most(policy, modifier):
    assert points(Content_Security_Policy=policy) == (int(modifier) if isinstance(modifier, str) else 125 + modifier)


@pytest.mark.parametrize(
    ("changes", "sum_"),
    [
        ({"Content_Security_Policy": None, "X_Frame_Options": "DENY"}, 75),
        ({"Content_Security_Policy": None}, 55),
        ({"Strict_Transport_Security": None}, 80),
        ({"Strict_Transport_Security": "max-age=86400"}, 125),
        ({"Strict_Transport_Security": "max-age=1, max-age=2"}, 80),
        ({"X_Content_Type_Options": None}, 130),
        ({"Referrer_Policy": None}, 130),
        ({"Referrer_Policy": "unsafe-url"}, 125),
        ({"Referrer_Policy": "no-referrer, wat"}, 135),
        ({"Cross_Origin_Resource_Policy": None}, 125),
        ({"Cross_Origin_Resource_Policy": "wat"}, 120),
        ({"Cross_Origin_Opener_Policy": '"same-origin"'}, 130),
        ({"Set_Cookie": None}, 130),
        ({"Set_Cookie": "theme=dark; Secure"}, 130),
        ({"Set_Cookie": "theme=dark; SameSite=Lax"}, 125),
        ({"Set_Cookie": "sessionid=1; Secure; SameSite=Lax"}, 70),
        ({"Set_Cookie": "sessionid=1; HttpOnly; SameSite=Lax"}, 120),
        ({"Set_Cookie": "csrftoken=1; Secure"}, 80),
        ({"Set_Cookie": [GOOD["Set-Cookie"], "csrftoken=1; Secure"]}, 80),
        ({"Set_Cookie": "a=1; Secure; SameSite=Sometimes"}, 80),
        ({"Access_Control_Allow_Origin": "*"}, 135),
        ({"Access_Control_Allow_Origin": "https://lain.id", "Access_Control_Allow_Credentials": "true"}, 50),
        ({"plain": (200, "")}, 80),
        ({"plain": (301, "http://www.contoh.id/")}, 125),
        ({"plain": (301, "https://lain.id/")}, 130),
        ({"body": '<script src="https://lain.id/a.js"></script>'}, 130),
        ({"body": '<script src="//lain.id/a.js"></script>'}, 50),
    ],
)
def test_each_thing_that_lacks_costs_what_is_published(changes, sum_):
    assert points(**changes) == sum_
