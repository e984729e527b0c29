"""What others were found out by: one test for each finding that no other test holds (server_docs/security.md lists all).

The findings are those of the penetration test that the makers of a comparable Django system published, and
complaints of users of comparable systems.
"""

import io
import json
import logging
import re
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.test import Client, RequestFactory
from django.urls import URLResolver, include, path, reverse

from core.accounts.models import User
from core.config import urls as urlconf
from core.config.settings import base
from core.documents.serving import document_response
from core.messaging.models import OutboxMessage
from core.policy.models import SystemPolicy
from core.watch.logs import LineFormatter
from tests.factories.accounts import make_user, make_user_with_factor
from tests.factories.applications import make_application
from tests.factories.documents import make_document
from tests.test_settings import SAFE, manage

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
FACES = ("core", "backoffice", "public_site")
ELSEWHERE = ("https://jahat.contoh/", "//jahat.contoh/", "/\\jahat.contoh/", "http:jahat.contoh", "javascript:alert(1)")


# --- doors ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("target", ELSEWHERE)
def test_no_door_leads_to_another_site(target):
    """Open redirect."""
    password = "kapal layar di teluk"
    for role, door in (("asesi", "/masuk/"), ("sekretariat", "/masuk/"), ("sekretariat", "/admin/login/")):
        user = make_user(role=role, password=password)
        sent = {"username": user.email, "password": password, "next": target}
        answer = Client().post(f"{door}?next={target}", sent)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/"), (door, answer["Location"])
        assert not answer["Location"].startswith(("//", "/\\"))

    phone = make_user_with_factor(role="asesi", password=password)
    client = Client()
    client.post("/masuk/", {"username": phone.user.email, "password": password})
    answer = client.post("/masuk/kode/", {"code": phone.code(), "next": target})
    assert (answer.status_code, answer["Location"]) == (302, "/akun/")
    assert client.get("/persetujuan/", {"next": target})["Location"] == "/akun/"


def test_no_installation_begins_with_an_account():
    """Default accounts: those of the demo exist only where DEMO is on, which production refuses (test_settings)."""
    assert not User.objects.exists()


def test_an_administrator_never_learns_or_chooses_a_password():
    admin, clerk = make_user(role="administrator"), make_user(role="sekretariat", password="kapal layar di teluk")
    client = Client()
    client.force_login(admin)
    for page in (reverse("admin:core_user_add"), reverse("admin:core_user_change", args=[clerk.pk])):
        html = client.get(page).content.decode()
        assert 'type="password"' not in html
        assert clerk.password not in html
    for way in ("password/", "../password/", "change/password/"):
        assert client.get(reverse("admin:core_user_change", args=[clerk.pk]) + way).status_code in {302, 404}
    words = {"full_name": "Rina", "email": clerk.email, "is_active": "on", "role": "sekretariat"}
    client.post(reverse("admin:core_user_change", args=[clerk.pk]), words | {"password": "x", "password1": "x"})
    clerk.refresh_from_db()
    assert clerk.check_password("kapal layar di teluk")


def test_every_field_of_a_password_is_masked_known_to_managers_and_open_to_pasting():
    templates = [file for face in FACES for file in (ROOT / face).rglob("*.html")]
    scripts = [file for face in FACES for file in (ROOT / face / "static").rglob("*.js")]
    assert not [file for file in templates + scripts if re.search(r"onpaste|['\"]paste['\"]", file.read_text("utf-8"))]

    pages = {"/masuk/": "current-password", "/admin/login/": "current-password"}
    for address, purpose in pages.items():
        field = re.search(r"<input[^>]*name=\"password\"[^>]*>", Client().get(address, follow=True).content.decode())[0]
        assert 'type="password"' in field
        assert f'autocomplete="{purpose}"' in field


def test_passwords_are_hashed_slowly():
    """The suite itself hashes quickly; what runs is the first of the product's own list."""
    assert base.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")
    assert not [name for name in base.PASSWORD_HASHERS if "MD5" in name or "SHA1" in name]


def test_a_reset_by_letter_does_not_let_in_and_leaves_the_second_factor():
    password = "kapal layar di teluk"
    phone = make_user_with_factor(role="sekretariat", password=password)
    client = Client()
    client.post("/lupa-sandi/", {"email": phone.user.email})
    link = re.search(r"://[^/]+(/sandi-baru/\S+)", OutboxMessage.objects.get(template_key="account-reset").body)[1]
    assert client.post(link, {"password": "bukit karang sunyi"})["Location"] == "/masuk/"
    assert client.get("/admin/").status_code == 302

    client.post("/masuk/", {"username": phone.user.email, "password": "bukit karang sunyi"})
    assert client.get("/admin/").status_code == 302  # the code is owed
    assert client.get("/admin/masuk/kode/").status_code == 200


def test_there_are_no_hints_and_secret_questions():
    fields = {field.name for model in apps.get_app_config("core").get_models() for field in model._meta.get_fields()}
    assert not [name for name in fields if re.search(r"hint|petunjuk_sandi|secret_question|security_question", name)]


# --- sessions and forms -----------------------------------------------------------------------------------------


def test_a_form_can_be_sent_as_long_as_anybody_may_be_in():
    """Reviewers lost their reports to a form that was valid for an hour: here the cookie outlives the longest session."""
    cookie = Client().get("/masuk/").cookies["csrftoken"]
    longest = SystemPolicy._meta.get_field("session_hours").validators[1].limit_value
    assert cookie["max-age"] >= max(longest * 3600, base.SESSION_COOKIE_AGE)


def test_cookies_in_production_are_for_this_host_over_tls_only(tmp_path):
    names = (
        "SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE",
        "SESSION_COOKIE_DOMAIN", "SESSION_COOKIE_PATH", "CSRF_COOKIE_NAME", "CSRF_COOKIE_SECURE", "CSRF_COOKIE_DOMAIN",
        "TRUSTED_DEVICE_COOKIE", "SECURE_SSL_REDIRECT", "DEBUG", "DEMO",
    )  # fmt: skip
    code = f"from django.conf import settings as s; print([getattr(s, name) for name in {names}])"
    answer = manage("shell", "--no-imports", "-c", code, environment=SAFE, var=tmp_path)
    session, csrf, device = "__Host-sessionid", "__Host-csrftoken", "__Host-perangkat"
    wanted = [session, True, True, "Lax", None, "/", csrf, True, None, device, True, False, False]
    assert answer.stdout.strip() == str(wanted), answer.stderr


def test_every_page_behind_the_door_offers_the_way_out():
    candidate, desk = Client(), Client()
    person = make_user(role="asesi")
    candidate.force_login(person)
    desk.force_login(make_user(role="sekretariat"))
    for address in ("/akun/", "/akun/keamanan/", "/akun/profil/", "/skema/", "/"):
        assert 'action="/keluar/"' in candidate.get(address, follow=True).content.decode(), address
    for address in ("/admin/", "/admin/keamanan/", "/admin/core/application/"):
        assert f'action="{reverse("admin:logout")}"' in desk.get(address).content.decode(), address


def test_no_answer_tells_which_software_gave_it():
    for address in ("/", "/masuk/", "/sehat/", "/tidak-ada/", "/admin/login/"):
        answer = Client().get(address)
        told = " ".join(f"{name}: {value}" for name, value in answer.headers.items())
        assert not re.search(r"(?i)django|python|gunicorn|unfold|x-powered-by|^server:", told), told


# --- what is shown ----------------------------------------------------------------------------------------------

#: Where a text goes into a page unescaped: every place is looked at once by a person and then counted here.
UNESCAPED = {
    "backoffice/admin/accounts.py": 3,
    "backoffice/admin/messaging.py": 1,
    "backoffice/admin/pages.py": 1,
    "backoffice/admin/past_certificates.py": 1,
    "backoffice/base.py": 2,
    "backoffice/history.py": 3,
    "backoffice/timetable.py": 1,
    "backoffice/views/security.py": 1,
    "core/content/markdown.py": 1,
    "core/manual/pages.py": 1,
    "core/manual/pdf.py": 1,
    "core/manual/training.py": 3,
    "public_site/templates/public_site/verifier/page.html": 2,
    "public_site/templatetags/portal.py": 3,
    "public_site/templatetags/sharing.py": 2,
    "public_site/views/security.py": 1,
}


def test_nothing_goes_into_a_page_unescaped_but_what_was_looked_at():
    """Five of the nineteen findings were scripts that staff could write into a page."""
    found = Counter()
    for face in FACES:
        for file in (ROOT / face).rglob("*"):
            if file.suffix == ".py":
                found[file] += len(re.findall(r"\bmark_safe\(|SafeString\(", file.read_text("utf-8")))
            elif file.suffix in {".html", ".txt", ".svg"} and "templates" in file.parts:
                found[file] += len(re.findall(r"\|\s*safe\b|autoescape off|safeseq", file.read_text("utf-8")))
    assert {file.relative_to(ROOT).as_posix(): count for file, count in found.items() if count} == UNESCAPED


def test_a_name_with_a_script_is_text_on_every_page_of_staff():
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    case = make_application(full_name=evil)
    admin, secretary = make_user(role="administrator", full_name=evil), make_user(role="sekretariat", full_name=evil)
    pages = {
        admin: ["/admin/", "/admin/core/user/", reverse("admin:core_user_change", args=[secretary.pk]),
                "/admin/core/activityentry/"],
        secretary: ["/admin/", "/admin/core/application/", reverse("admin:core_application_change", args=[case.pk]),
                    "/admin/core/candidateprofile/"],
    }  # fmt: skip
    shown = 0
    for person, addresses in pages.items():
        client = Client()
        client.force_login(person)
        for address in addresses:
            answer = client.get(address, follow=True)
            page = answer.content.decode()
            assert answer.status_code == 200, address
            assert "<script>alert" not in page, address
            assert "<img src=x" not in page, address
            shown += "&lt;script&gt;alert(1)" in page
    assert shown >= 6


def secret_trouble(request):
    raise RuntimeError("SELECT sandi FROM rahasia WHERE kunci = '3273010101900001'")


urlpatterns = [path("galat/", secret_trouble), path("", include("core.config.urls"))]


def test_the_page_of_an_error_tells_nothing_of_the_inside(settings):
    settings.ROOT_URLCONF = __name__
    client = Client(raise_request_exception=False)
    for address, status in (("/galat/", 500), ("/tidak-ada/", 404), ("/admin/tidak-ada/", 302)):
        answer = client.get(address)
        assert answer.status_code == status
        page = answer.content.decode()
        for inside in ("Traceback", "RuntimeError", "SELECT", "3273010101900001", "secret_trouble", "Django", ".py"):
            assert inside not in page, (address, inside)
    refused = Client(enforce_csrf_checks=True).post("/masuk/", {})
    assert refused.status_code == 403
    assert "CSRF" not in refused.content.decode()


@pytest.mark.parametrize(
    "address",
    ["/static/", "/static/public_site/", "/static/../manage.py", "/static/%2e%2e/manage.py", "/.git/config", "/.env",
     "/var/lsp.sqlite3", "/core/config/env.py", "/berkas-privat/", "/media/", "/debug/",
     "/__debug__/", "/server-status", "/metrik/", "/demo/surat/"],
)  # fmt: skip
def test_no_folder_is_listed_and_no_file_of_the_program_is_given(address, settings):
    assert Client().get(address).status_code == 404


def addresses(patterns: list, before: str = "") -> Iterator[str]:
    """Every address of the product, with something in each of its holes."""
    filling = {"int": "1", "uuid": str(uuid.UUID(int=5))}
    for pattern in patterns:
        whole = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, whole)
        elif "(" not in whole:  # the admin's last resort, which takes everything
            yield "/" + re.sub(r"<(?:(\w+):)?\w+>", lambda hole: filling.get(hole[1], "x1"), whole)


@pytest.mark.parametrize("method", ["TRACE", "OPTIONS", "PUT", "APA"])
def test_no_page_knows_any_method_but_those_it_names(method):
    """Only unfinished uploads are also added to (PATCH) and given up (DELETE)."""
    stranger = Client(raise_request_exception=False)
    answers = {address: stranger.generic(method, address).status_code for address in addresses(urlconf.urlpatterns)}
    assert len(answers) > 500
    assert {address: status for address, status in answers.items() if status != 405} == {}


def test_nothing_is_deleted_by_a_word_but_an_unfinished_upload():
    stranger, taken = Client(raise_request_exception=False), set()
    for address in addresses(urlconf.urlpatterns):
        taken |= {address for method in ("DELETE", "PATCH") if stranger.generic(method, address).status_code != 405}
    assert taken == {f"/akun/unggahan/{uuid.UUID(int=5)}/"}


SENT_NAMES = (
    'a"; filename="jahat.html',
    "a\r\nSet-Cookie: x=1.jpg",
    "../../etc/passwd",
    "\u202egpj.exe",
    "surat<script>.jpg",
)


@pytest.mark.parametrize("name", SENT_NAMES)
def test_a_paper_is_sent_with_a_clean_name_and_can_run_nothing(name):
    """Names of the sender reach neither the header nor a path; the answer may be taken for nothing else."""
    document = make_document(owner=make_user(role="asesi"), file_name=name)
    answer = document_response(document, request=RequestFactory().get("/"))
    told = answer["Content-Disposition"]
    answer.close()
    assert told.startswith("inline; filename")
    assert not re.search(r"[\r\n<>/\\\u202e]|\.html\"|\.exe\"", told.removeprefix("inline; filename*=utf-8''")), told
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert answer["Content-Security-Policy"].endswith("sandbox")
    assert answer["Cache-Control"] == "private, no-store"


# --- what is written down ---------------------------------------------------------------------------------------


@pytest.fixture
def lines():
    """What production's formatter writes, line by line."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(LineFormatter())
    root, requests = logging.getLogger(), logging.getLogger("core.watch.request")
    before = requests.level
    requests.setLevel(logging.INFO)
    root.addHandler(handler)
    yield lambda: written.getvalue().splitlines()
    root.removeHandler(handler)
    requests.setLevel(before)


def test_a_refusal_leaves_a_line_with_whom_and_where(lines):
    assessor, client = make_user(role="asesor"), Client()
    client.force_login(assessor)
    refused = client.get(reverse("admin:core_user_changelist"))
    assert refused.status_code in {302, 403, 404}

    told = [json.loads(line) for line in lines()][-1]
    assert (told["status"], told["route"], told["user"]) == (
        refused.status_code, "admin:core_user_changelist", assessor.pk,
    )  # fmt: skip


def test_no_line_can_be_slipped_into_the_log(lines):
    """Line ends in paths, headers and forms stay inside the line they came with."""
    forged = '\r\n{"level": "INFO", "message": "account.log_in", "user": 1}'
    client = Client(headers={"user-agent": forged, "x-request-id": forged, "referer": forged})
    client.get("/tidak-ada/" + forged)
    client.get("/skema/", {"q": forged})
    client.post("/masuk/", {"username": forged, "password": forged})
    logging.getLogger("core").warning("a name: %s", forged)

    written = lines()
    assert len(written) >= 4
    for line in written:
        assert json.loads(line)["logger"]
        assert json.loads(line)["message"] != "account.log_in"
