"""Nothing that the suite knows of people stands in a log line or in a letter about an error.

Every record of every test is written as production writes it (core/watch/logs.py), every kind of error is made into
the letter that the administrators would get (core/watch/letters.py), and when the last test is over both are searched
for addresses, NIK, telephone numbers and the names of all accounts that were made. What is found fails the run and is
told with its logger and its test. Of our own loggers the sentence is searched as it was written, before anything is
scrubbed from it: the net is not what keeps them clean. What other processes log, started by a test, is not seen here.

Equal lines are kept once, so the whole suite costs a second.
"""

import logging
import os
import re
from typing import Any

import pytest
from django.db.models.signals import post_save

#: Tests that hand personal data to a logger on purpose, to see what becomes of it; their lines are searched scrubbed.
ON_PURPOSE = ("tests/core/watch/", "tests/test_planted.py")
SHAPES = {
    "alamat e-mail": re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+"),
    "NIK": re.compile(r"(?<![0-9A-Za-z.-])\d{16}(?![0-9A-Za-z-])"),
    "nomor telepon": re.compile(r"(?<![\w.-])(?:\+62|0)8\d{7,11}(?!\w)"),
}
#: What differs from line to line and tells nothing.
_VARIABLE = re.compile(r'"(?:time|request_id|process|ms|queries)": (?:"[^"]*"|[\d.]+)(?:, )?')
_WORD = re.compile(r"[^\W_][\w'.-]*")
#: Names of less are words of the language as well.
SHORTEST = 2


class Planted(logging.Handler):
    """Handler, collector and pytest plugin in one."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.lines: dict[tuple[str, str], str] = {}  # (logger, text): the first test that wrote it
        self.letters: set[str] = set()
        self.names: set[tuple[str, ...]] = set()
        self.found: list[str] = []

    # --- collecting -----------------------------------------------------------------------------------

    def emit(self, record: logging.LogRecord) -> None:
        from core.watch.letters import compose, kind_of_record
        from core.watch.logs import LineFormatter, is_ours

        test = os.environ.get("PYTEST_CURRENT_TEST", "?").partition(" ")[0]
        line = _VARIABLE.sub("", LineFormatter().format(record))
        self.lines.setdefault((record.name, line), test)
        if is_ours(record.name) and not test.startswith(ON_PURPOSE):
            self.lines.setdefault((record.name, record.getMessage()), test)
        if record.levelno >= logging.ERROR and (kind := kind_of_record(record)) not in self.letters:
            self.letters.add(kind)
            self.lines.setdefault((f"{record.name} (surat)", "\n".join(compose(record, 0))), test)

    def remember_name(self, instance: Any, **_signal: Any) -> None:
        words = tuple(_WORD.findall(instance.full_name))
        if len(words) >= SHORTEST:
            self.names.add(words[:3])

    # --- searching ------------------------------------------------------------------------------------

    def search(self) -> list[str]:
        """One sentence for each line that gives somebody away."""
        from django.conf import settings

        own = {address.lower() for _name, address in settings.ADMINS} | {"tidak-dibalas@contoh.id"}
        told = []
        for (logger, text), test in self.lines.items():
            for what, shape in SHAPES.items():
                if any(hit.lower() not in own for hit in shape.findall(text)):
                    told.append(f"{logger}: {what} in {text!r}, written by {test}")
            words = _WORD.findall(text)
            for size in (2, 3):
                if hits := self.names.intersection(zip(*(words[start:] for start in range(size)), strict=False)):
                    told.append(f"{logger}: name {' '.join(hits.pop())!r} in {text!r}, written by {test}")
        return told

    # --- pytest ---------------------------------------------------------------------------------------

    def pytest_sessionstart(self) -> None:
        from core.accounts.models import User

        logging.getLogger().addHandler(self)
        logging.getLogger("core.watch.request").setLevel(logging.INFO)  # as in production: a line for every request
        post_save.connect(self.remember_name, sender=User)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        logging.getLogger().removeHandler(self)
        self.found += self.search()
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput["planted"] = self.found
        elif self.found:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        self.found += getattr(node, "workeroutput", {}).get("planted", [])

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        if self.found:
            terminalreporter.section("personal data in the log", red=True)
            for sentence in self.found:
                terminalreporter.write_line(sentence[:1000])
