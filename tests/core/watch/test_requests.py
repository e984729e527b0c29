"""One line per request and per error, in JSON; nothing of a person in any of them."""

import io
import json
import logging
import re

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from django.utils.html import strip_tags

from core.accounts.models import User
from core.common.exceptions import DomainError
from core.common.telling import kind_of, scrubbed
from core.common.tracing import current_id, traced
from core.watch.logs import LineFormatter
from tests.factories.accounts import make_user
from tests.factories.applications import make_application

pytestmark = pytest.mark.django_db

PASSWORD = "kata-sandi-yang-panjang-7"
NAME, MAIL, NIK, PHONE = "Zulaikha Prawirodirjo", "zulaikha.p@contoh.id", "3174096112900123", "081290907766"
TOKEN = "tkn-9f8e7d6c5b"
#: What must stand in no line.
PERSONAL = [NAME, "Zulaikha", MAIL, "zulaikha", NIK, PHONE, "81290907766", PASSWORD, TOKEN, "salah-ketik-88"]


def broken(request: HttpRequest, token: str) -> HttpResponse:
    nik, person = request.POST.get("nik"), {"name": NAME, "phone": PHONE}
    raise LookupError(f"no row for {nik} {person} {token}")


def not_unique(request: HttpRequest) -> HttpResponse:
    User.objects.create(email=MAIL, full_name=NAME)
    User.objects.create(email=MAIL, full_name=NAME)
    raise AssertionError("the second one is refused")


def chatty(request: HttpRequest) -> HttpResponse:
    logging.getLogger("some.library").warning("could not parse %s of %s", NIK, NAME)
    logging.getLogger("some.library").warning(f"could not parse {NIK} sent to {MAIL}")
    logging.getLogger("core.somewhere").warning("letter to %s, call %s", MAIL, "+62 812-9090-7766")
    return HttpResponse("baik")


urlpatterns = [
    path("rusak/<str:token>/", broken, name="broken"),
    path("kembar/", not_unique, name="twice"),
    path("cerewet/", chatty, name="chatty"),
    path("", include("core.config.urls")),
]
handler404 = "public_site.views.errors.not_found"
handler500 = "public_site.views.errors.server_error"


@pytest.fixture
def lines():
    """What production writes, and what of it is JSON: called, it gives all lines so far."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(LineFormatter())
    names = ("", "django", "core", "core.watch.request", "django.request")
    before = {name: logging.getLogger(name).level for name in names}
    for name in names:
        logging.getLogger(name).setLevel(logging.INFO)
    logging.getLogger().addHandler(handler)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    logging.getLogger().removeHandler(handler)
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


@pytest.fixture
def person():
    user = make_user(role="asesi", full_name=NAME, email=MAIL)
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def with_broken_pages(settings):
    settings.ROOT_URLCONF = __name__


def requests(lines) -> list[dict]:
    return [line for line in lines() if line["logger"] == "core.watch.request"]


# --- the line of a request ------------------------------------------------------------------------------


def test_a_request_leaves_one_line_with_the_route_instead_of_the_path(lines, client):
    case = make_application(full_name=NAME)
    client.force_login(case.candidate.user, backend="django.contrib.auth.backends.ModelBackend")

    answer = client.get(f"/permohonan/{case.reference}/", {"cari": NAME})

    (line,) = requests(lines)
    told = {key: line[key] for key in ("level", "method", "route", "status", "user")}
    assert told == {
        "level": "INFO",
        "method": "GET",
        "route": "public_site:case",
        "status": 200,
        "user": case.candidate.user_id,
    }
    assert line["queries"] > 0
    assert line["ms"] >= 0
    assert line["request_id"] == answer["X-Request-ID"]
    assert case.reference not in json.dumps(line)


def test_watchdogs_and_files_of_the_design_leave_none_while_all_is_well(lines, client, settings):
    client.get("/sehat/")
    client.get("/static/public_site/css/portal.css")
    assert requests(lines) == []
    settings.DISK_FREE_LIMIT = 1 << 60
    client.get("/sehat/")
    assert [(line["status"], line["level"]) for line in requests(lines)] == [(503, "WARNING")]
    assert "parts of the system fail: disk" in [line["message"] for line in lines()]


def test_a_walk_through_both_faces_leaves_nothing_of_a_person(lines, person, with_broken_pages):
    browser = Client(raise_request_exception=False)
    clerk = Client(raise_request_exception=False)
    clerk.force_login(make_user(role="sekretariat"), backend="django.contrib.auth.backends.ModelBackend")

    browser.post("/masuk/", {"username": MAIL, "password": "salah-ketik-88"})
    browser.post("/masuk/", {"username": MAIL, "password": PASSWORD})
    browser.post("/akun/profil/data-pribadi/", {"full_name": NAME, "nik": NIK, "phone": PHONE})
    browser.post("/akun/nik/", {"nik": NIK})
    browser.post("/kontak/", {"name": NAME, "email": MAIL, "message": f"NIK saya {NIK}, telepon {PHONE}"})
    browser.post("/lupa-sandi/", {"email": MAIL})
    browser.get(f"/sandi-baru/x/{TOKEN}/")
    browser.get("/verifikasi/", {"q": NAME})
    browser.get(f"/verifikasi/{TOKEN}/")
    browser.get(f"/tidak-ada/{NAME}/{NIK}/")
    browser.get("/", headers={"host": f"{TOKEN}.contoh.id"})
    for word in (NAME, MAIL, NIK, PHONE):
        clerk.get("/admin/core/application/", {"q": word})
        clerk.get("/admin/search/", {"s": word})
    clerk.get("/admin/core/candidateprofile/", {"q": NIK})
    clerk.get("/admin/core/application/", {"_to_field": NAME})  # Django suspects it, and quotes it
    browser.post(f"/rusak/{TOKEN}/", {"nik": NIK, "nama": NAME, "password": PASSWORD})
    browser.post("/kembar/")
    browser.get("/cerewet/")

    assert len(requests(lines)) == 24
    text = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines())
    assert [word for word in PERSONAL if word.casefold() in text.casefold()] == []
    assert "tidak-ada" not in text  # nor what was asked for


# --- the line of an error -------------------------------------------------------------------------------


def test_an_error_is_told_by_its_kind_and_the_way_to_it(lines, with_broken_pages):
    answer = Client(raise_request_exception=False).post(f"/rusak/{TOKEN}/", {"nik": NIK})

    (line,) = [line for line in lines() if "error" in line]
    assert line["error"][0]["kind"] == "LookupError"
    assert line["error"][0]["way"][-1].endswith(" broken")
    assert line["message"] == "unhandled error"
    assert line["request_id"] == answer["X-Request-ID"]
    (told,) = requests(lines)
    assert (told["status"], told["level"], told["route"]) == (500, "WARNING", "broken")


def test_what_django_suspects_is_told_by_its_kind_and_not_by_what_was_asked_for(lines, db):
    clerk = Client()
    clerk.force_login(make_user(role="sekretariat"), backend="django.contrib.auth.backends.ModelBackend")
    assert clerk.get("/admin/core/application/", {"_to_field": NAME}).status_code == 400

    (line,) = [line for line in lines() if "error" in line]
    assert line["message"] == "unhandled error"
    assert line["error"][0]["kind"] == "django.contrib.admin.exceptions.DisallowedModelAdminToField"


def test_what_other_loggers_say_is_told_without_what_they_filled_in(lines, with_broken_pages, client):
    client.get("/cerewet/")
    said = [line["message"] for line in lines() if line["logger"] in ("some.library", "core.somewhere")]
    assert said == [
        "could not parse %s of %s",
        "could not parse [angka] sent to [alamat]",
        "letter to [alamat], call [angka]",
    ]


def test_a_line_that_does_not_fit_its_values_tells_neither():
    record = logging.LogRecord("core.x", logging.ERROR, __file__, 1, "%d of %d", (NAME, NIK), None)
    assert json.loads(LineFormatter().format(record))["message"] == "a line could not be written: TypeError"


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ValueError("budi@contoh.id"), "ValueError"),
        (OSError(28, "No space left", "/var/lib/lsp/documents/budi.pdf"), "OSError 28 No space left on device"),
        (DomainError("Yth. Budi", code="take.not_submitted"), "core.common.exceptions.DomainError take.not_submitted"),
    ],
)
def test_the_kind_of_an_error_names_numbers_and_codes_but_not_its_words(error, told):
    assert kind_of(error) == told


def test_scrubbing_keeps_what_names_nobody():
    assert scrubbed("job 12345678 of case APL-2026-000123 took 12.5 s") == (
        "job 12345678 of case APL-2026-000123 took 12.5 s"
    )
    assert scrubbed("GET /verifikasi/?q=Siti+Aminah&x=1 from s.aminah@bpbd.go.id") == "GET /verifikasi/?… from [alamat]"


# --- the name of a request ------------------------------------------------------------------------------

GIVEN = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    ("proxies", "header", "is_taken"),
    [
        (1, GIVEN, True),
        (0, GIVEN, False),
        (1, GIVEN.upper(), False),
        (1, f"{GIVEN}\nx", False),
        (1, "Siti Aminah", False),
        (1, "", False),
    ],
)
def test_the_name_comes_from_our_own_proxy_or_is_made(client, settings, proxies, header, is_taken):
    settings.TRUSTED_PROXIES = proxies
    name = client.get("/sehat/", headers={"x-request-id": header})["X-Request-ID"]
    assert re.fullmatch(r"[0-9a-f]{32}", name)
    assert (name == GIVEN) is is_taken


def test_the_page_of_an_error_bears_the_beginning_of_the_name(with_broken_pages):
    browser = Client(raise_request_exception=False)
    for answer in (browser.get("/rusak/x/"), browser.get("/tidak-ada/")):
        name = answer["X-Request-ID"]
        assert f"Kode kesalahan: {name[:4]}-{name[4:8]}." in strip_tags(answer.content.decode())


def test_the_page_of_an_error_comes_even_when_the_database_is_what_failed(with_broken_pages, monkeypatch, lines):
    from django.db import connection

    def refuse(execute, sql, params, many, context):
        raise connection.Database.OperationalError(2002, "no server")

    browser = Client(raise_request_exception=False)
    with connection.execute_wrapper(refuse):
        answer = browser.get("/rusak/x/")
    assert answer.status_code == 500
    assert answer["X-Request-ID"][:4] in answer.content.decode()
    assert "Coba buka lagi" in answer.content.decode()


def test_what_happens_outside_of_requests_has_a_name_too(lines):
    outside = current_id()
    with traced() as inside:
        logging.getLogger("core.jobs").info("job 1")
    logging.getLogger("cron").warning("send_outbox")
    assert [line["request_id"] for line in lines()] == [inside, outside]
    assert inside != outside
    assert current_id() == outside
