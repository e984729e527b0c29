"""Passwords that leaked elsewhere are refused; who asks tells nobody the password, and waits for nobody long."""

import hashlib
import http.server
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.urls import reverse

from core.accounts import breached
from core.accounts.models import User
from tests.factories.accounts import make_user

LEAKED, FRESH = "kapal layar di teluk", "perahu kayu di muara"


def digest(password: str) -> str:
    return hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()


def lines(*passwords: str, count: int = 7) -> str:
    """A file of the collection as it is published: some other endings, and those of these passwords."""
    others = [f"{number:035X}:3" for number in range(40)]
    return "\r\n".join(sorted([*others, *(f"{digest(password)[5:]}:{count}" for password in passwords)]))


class Service(http.server.ThreadingHTTPServer):
    """A service of its own on this machine; `asked` are the paths and heads of what came in."""

    daemon_threads = True

    def __init__(self, answer: Callable[[http.server.BaseHTTPRequestHandler], None]):
        self.asked: list[tuple[str, dict]] = []
        service = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                service.asked.append((self.path, dict(self.headers)))
                answer(self)

            def log_message(self, *about):
                pass

        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/range/"


@pytest.fixture(autouse=True)
def nothing_rests():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def serve(settings):
    @contextmanager
    def serving(answer) -> Iterator[Service]:
        with Service(answer) as service:
            threading.Thread(target=service.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
            settings.BREACHED_PASSWORDS = urlsplit(service.address)
            try:
                yield service
            finally:
                service.shutdown()

    return serving


def saying(body: str, status: int = 200, **heads: str) -> Callable:
    def answer(handler):
        handler.send_response(status)
        for name, value in heads.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body.encode())

    return answer


def is_taken(password: str) -> bool:
    try:
        validate_password(password, User(email="rina@contoh.id", full_name="Rina Pattiasina"))
    except ValidationError as refusal:
        return "pernah bocor" not in " ".join(refusal.messages)
    return True


def test_what_leaked_is_refused_and_only_five_figures_of_its_hash_are_told(serve):
    with serve(saying(lines(LEAKED))) as service:
        assert not is_taken(LEAKED)
        assert is_taken(FRESH)
    paths = [path for path, _heads in service.asked]
    assert paths == [f"/range/{digest(LEAKED)[:5]}", f"/range/{digest(FRESH)[:5]}"]
    told = str(service.asked)
    assert not [word for word in (LEAKED, digest(LEAKED)[5:], "rina", "Rina") if word in told]
    assert service.asked[0][1]["Add-Padding"] == "true"


def test_a_folder_of_ones_own_answers_without_any_connection(settings, tmp_path):
    settings.BREACHED_PASSWORDS = urlsplit(tmp_path.as_uri())
    for password in (LEAKED, FRESH):
        (tmp_path / f"{digest(password)[:5]}.txt").write_text(lines(LEAKED), encoding="ascii")
    assert not is_taken(LEAKED)
    assert is_taken(FRESH)


def test_a_line_that_only_fills_up_is_no_leak(serve):
    with serve(saying(lines(LEAKED, count=0))):
        assert is_taken(LEAKED)


def drips(handler):
    """Never ends, and never stays silent for long."""
    handler.send_response(200)
    handler.end_headers()
    try:
        while True:
            handler.wfile.write(b"0" * 100)
            handler.wfile.flush()
            if handler.server._BaseServer__shutdown_request:
                return
    except OSError:
        return


@pytest.mark.parametrize(
    "answer",
    [
        saying("aduh", 503),
        saying("", 302, Location="/lain/"),
        saying("ä" * 20),
        saying("x" * (breached.LARGEST + 1)),
        drips,
        lambda handler: handler.wfile.write(b"not a word of the protocol\r\n\r\n"),
        lambda handler: None,
    ],
    ids=["fails", "leads elsewhere", "no figures", "too long", "never ends", "nonsense", "hangs up"],
)
def test_whatever_the_service_does_nobody_is_kept_from_choosing_a_password(serve, answer, caplog):
    with serve(answer) as service:
        assert is_taken(LEAKED)
        assert is_taken(LEAKED)
    assert len(service.asked) == 1, "it rests a minute before it is asked again"
    assert [record.levelname for record in caplog.records if record.name == "core.accounts.breached"] == ["WARNING"]
    assert LEAKED not in caplog.text
    assert digest(LEAKED)[5:] not in caplog.text


def test_a_service_that_is_silent_is_waited_for_no_longer_than_it_may_take(serve, monkeypatch):
    monkeypatch.setattr(breached, "PATIENCE", 0.1)
    ends = threading.Event()
    with serve(lambda handler: ends.wait(10)):
        assert is_taken(LEAKED)
        ends.set()


def test_a_folder_that_is_not_there_keeps_nobody_out(settings, tmp_path):
    settings.BREACHED_PASSWORDS = urlsplit((tmp_path / "tidak-ada").as_uri())
    assert is_taken(LEAKED)


def test_where_none_is_named_nothing_is_asked(settings):
    assert settings.BREACHED_PASSWORDS is None
    assert is_taken(LEAKED)


@pytest.mark.django_db
def test_a_clerk_who_takes_a_leaked_password_stays_with_the_old_one(client, serve):
    clerk = make_user(role="sekretariat", password="jendela biru di loteng")
    client.force_login(clerk)
    typed = {"old_password": "jendela biru di loteng", "new_password1": LEAKED, "new_password2": LEAKED}
    with serve(saying(lines(LEAKED))):
        answer = client.post(reverse("admin:password_change"), typed)
    assert "pernah bocor" in answer.content.decode()
    clerk.refresh_from_db()
    assert clerk.check_password("jendela biru di loteng")
