"""The net under the log can catch: what a person could be known by is found, and told with logger and test."""

import logging
from types import SimpleNamespace

import pytest

from tests.planted import Planted

SITI = SimpleNamespace(full_name="Siti Rahmawati Latuconsina")


@pytest.fixture
def net():
    """A net of our own, in which one account was made: that of Siti Rahmawati Latuconsina."""
    planted = Planted()
    planted.remember_name(SITI)
    return planted


def caught(net: Planted, logger: str, *words: str, level: int = logging.WARNING, exc_info: bool = False) -> list[str]:
    """What the net tells after somebody logged these words; the run's own net does not hear them."""
    own = logging.getLogger(logger)
    own.addHandler(net)
    own.propagate = False
    try:
        own.log(level, *words, exc_info=exc_info)
    finally:
        own.removeHandler(net)
        own.propagate = True
    return net.search()


@pytest.mark.parametrize(
    ("logger", "words", "told"),
    [
        ("core.jobs", ("done for %s", SITI.full_name), "core.jobs: name 'Siti Rahmawati"),
        ("library", (f"cannot greet {SITI.full_name}",), "library: name 'Siti Rahmawati"),
        ("library", ("no mailbox siti_r@contoh.id",), None),  # scrubbed on the way out, whoever wrote it
        ("library", ("bad value %s", SITI.full_name), None),  # what is filled in by strangers does not go out
        ("backoffice", ("case %s of #%s", "APL-2026-000123", "1234567"), None),
    ],
)
def test_what_goes_out_with_a_person_in_it_is_told(net, logger, words, told):
    sentences = caught(net, logger, *words)

    assert [sentence for sentence in sentences if told is None or not sentence.startswith(told)] == []
    assert bool(sentences) == (told is not None)


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("sent to %s", "siti_r@contoh.id"), "alamat e-mail"),
        (("NIK %s is known", "8171011205900001"), "NIK"),
        (("rang %s", "+6281234567890"), "nomor telepon"),
        (("rang 081234567890",), "nomor telepon"),
    ],
)
def test_our_own_sentences_are_searched_before_anything_is_scrubbed(net, words, what, monkeypatch):
    monkeypatch.setenv("PYTEST_CURRENT_TEST", "tests/core/messaging/test_outbox.py::test_sends (call)")

    sentences = caught(net, "core.messaging", *words)

    assert [sentence.split(" in ")[0] for sentence in sentences] == [f"core.messaging: {what}"]
    assert sentences[0].endswith("written by tests/core/messaging/test_outbox.py::test_sends")


def test_the_letter_about_an_error_is_searched_as_well(net, monkeypatch):
    monkeypatch.setattr("core.watch.letters.described", str)  # as if letters told what variables hold
    person = SITI.full_name
    try:
        raise ValueError(person)
    except ValueError:
        sentences = caught(net, "library", "it broke", level=logging.ERROR, exc_info=True)

    assert [sentence.split(" in ")[0] for sentence in sentences] == [
        "library (surat): name 'Siti Rahmawati Latuconsina'"
    ]


def test_a_find_fails_the_run_and_a_worker_hands_it_to_the_one_who_tells(net):
    alone = SimpleNamespace(exitstatus=0, config=SimpleNamespace())
    caught(net, "core.jobs", SITI.full_name)
    net.pytest_sessionfinish(alone)
    assert alone.exitstatus == pytest.ExitCode.TESTS_FAILED

    worker = SimpleNamespace(exitstatus=0, config=SimpleNamespace(workeroutput={}))
    net.pytest_sessionfinish(worker)
    first = Planted()
    first.pytest_testnodedown(worker.config)
    controller = SimpleNamespace(exitstatus=0, config=SimpleNamespace())
    first.pytest_sessionfinish(controller)
    assert controller.exitstatus == pytest.ExitCode.TESTS_FAILED
