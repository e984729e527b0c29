"""Letters about errors: they reach a real mail server, tell of nobody, come once in half an hour, and keep nobody waiting."""

import json
import logging
import sys
import time
from email import message_from_bytes
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from django.http import QueryDict
from django.test import RequestFactory

from core.watch import letters
from core.watch.letters import LETTER_EVERY, MOST_PER_HOUR, FaultLetterHandler, admit, described
from tests.core.helpers import free_port
from tests.factories.accounts import make_user
from tests.factories.schemes import make_scheme

NAME, NIK, PASSWORD = "Zulaikha Prawirodirjo", "3174096112900123", "kata-sandi-yang-panjang-7"


class Inbox:
    """A mail server on loopback that keeps what it gets, after so many seconds."""

    def __init__(self) -> None:
        self.letters: list = []
        self.seconds = 0.0

    async def handle_DATA(self, server, session, envelope):
        time.sleep(self.seconds)
        self.letters.append(message_from_bytes(envelope.content, policy=default))
        return "250 OK"


@pytest.fixture(scope="module")
def mail_server():
    inbox = Inbox()
    controller = Controller(inbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield inbox, controller
    controller.stop()


@pytest.fixture
def inbox(mail_server, settings, tmp_path):
    inbox, controller = mail_server
    inbox.letters, inbox.seconds = [], 0.0
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    settings.ADMINS = [("it", "it@contoh.id"), ("piket", "piket@contoh.id")]
    settings.FAULT_MEMORY = tmp_path / "faults.json"
    yield inbox
    letters.wait_for_post()


@pytest.fixture
def logger(inbox):
    logger, handler = logging.getLogger("core.test_of_letters"), FaultLetterHandler(level=logging.ERROR)
    logger.addHandler(handler)
    logger.propagate = False
    yield logger
    logger.removeHandler(handler)


class Sly:
    def __repr__(self) -> str:
        raise AssertionError("nobody asks for it")


def fail(nik: str, person: dict, scheme=None) -> None:
    raise LookupError(f"no row for {nik}, {person}")


def log_a_fault(logger, request=None, scheme=None) -> None:
    try:
        fail(NIK, {"name": NAME}, scheme)
    except LookupError:
        logger.error("Internal Server Error: /akun/%s/", NAME, exc_info=sys.exc_info(), extra={"request": request})


def arrived(inbox) -> list:
    letters.wait_for_post()
    return inbox.letters


@pytest.mark.django_db
def test_a_letter_tells_where_it_happened_and_of_nobody(inbox, logger):
    request = RequestFactory().post(
        f"/akun/{NIK}/?q={NAME}", {"nik": NIK, "sandi": PASSWORD, NAME: "x"}, headers={"cookie": "sessionid=abc123def"}
    )
    request.resolver_match, request._cached_user = None, make_user(full_name=NAME, email="zulaikha@contoh.id")

    log_a_fault(logger, request, scheme=make_scheme())

    (letter,) = arrived(inbox)
    text = letter.get_content()
    assert letter["To"] == "it@contoh.id, piket@contoh.id"
    assert letter["Subject"].startswith("[Django] Galat: LookupError di tests/core/watch/test_letters.py:")
    assert "nik = str of 16" in text
    assert "person = dict of 1" in text
    assert "scheme = SchemeVersion pk=" in text
    assert f"sandi = str of {len(PASSWORD)}" in text
    assert f"Pengguna      : #{request._cached_user.pk}" in text
    whole = (letter["Subject"] + text).casefold()
    for word in (NAME, "Zulaikha", NIK, PASSWORD, "abc123def", "no row for", "test-only"):
        assert word.casefold() not in whole, word


def test_the_same_error_comes_once_in_half_an_hour_with_how_often_it_happened(inbox, logger, time_machine):
    time_machine.move_to("2026-06-01T08:00:00Z", tick=False)
    for _each in range(4):
        log_a_fault(logger)
    assert len(arrived(inbox)) == 1
    assert "Terulang" not in inbox.letters[0].get_content()

    time_machine.shift(LETTER_EVERY)
    log_a_fault(logger)

    assert len(arrived(inbox)) == 2
    assert "Terulang      : 3 kali sejak surat sebelumnya" in inbox.letters[1].get_content()


def test_an_error_that_goes_on_for_days_is_told_ever_more_seldom_and_is_news_again_after_a_rest(inbox):
    minutes = [
        minute for minute in range(0, 3 * 24 * 60, 5) if admit("goes on", now=1_000_000 + minute * 60) is not None
    ]
    assert minutes == [0, 30, 90, 210, 450, 930, 1890, 3330]
    assert admit("goes on", now=1_000_000 + (3330 + 4 * 24 * 60) * 60) == 0


def test_another_error_comes_at_once_but_a_storm_ends(inbox):
    assert [admit("a", now=1_000_000), admit("a", now=1_000_001), admit("b", now=1_000_002)] == [0, None, 0]
    admitted = [admit(f"storm {n}", now=1_000_010) for n in range(100)]
    assert admitted.count(0) == MOST_PER_HOUR - 2
    assert admit("later", now=1_000_000 + 3700) == 0


def test_a_clock_set_back_holds_no_letter_back(inbox):
    assert admit("a", now=2_000_000_000) == 0
    assert admit("a", now=1_000_000_000) == 0


@pytest.mark.parametrize("memory", ['{"a": [1', "[]", '{"a": "x"}', '{"a": [1, 2]}', ""])
def test_a_memory_that_was_cut_off_is_begun_anew(inbox, settings, memory):
    settings.FAULT_MEMORY.write_text(memory)
    assert admit("a") == 0
    assert list(json.loads(settings.FAULT_MEMORY.read_text())) == [letters.key_of("a")]


def test_a_full_disk_is_told_of_too(inbox, settings, monkeypatch):
    monkeypatch.setattr(letters, "_own_memory", {})
    settings.FAULT_MEMORY = settings.FAULT_MEMORY / "no" / "folder"
    assert [admit("disk"), admit("disk")] == [0, None]


def test_nobody_waits_for_the_mail_server_nor_falls_over_one_that_is_gone(inbox, logger, settings, caplog):
    inbox.seconds = 1.0
    begun = time.monotonic()
    log_a_fault(logger)
    assert time.monotonic() - begun < 0.5
    assert len(arrived(inbox)) == 1

    settings.EMAIL_PORT = free_port()
    logger.error("another one")
    letters.wait_for_post()
    assert "no letter about an error: ConnectionRefusedError 111" in caplog.text


def test_nobody_to_tell_no_letter_and_below_an_error_neither(inbox, logger, settings):
    logger.warning("only a warning")
    settings.ADMINS = []
    log_a_fault(logger)
    assert arrived(inbox) == []


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (None, "None"),
        (True, "True"),
        (12, "12"),
        (3174096112900123, "int"),
        (NIK, "str of 16"),
        ([NAME], "list of 1"),
        (QueryDict("nik=1"), "QueryDict"),
        (ValueError(NAME), "ValueError"),
        (Sly(), "Sly"),
    ],
)
def test_of_a_value_only_what_it_is(value, told):
    assert described(value) == told
