"""The demonstration as people meet it: pages of each role, letters, and the commands of its server."""

import os
import re
import subprocess
import sys
import urllib.request
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, expect

from core.demo import ACCOUNTS
from tests.demo_site import DESK, PHONE, ROOT, DemoSite, log_in

#: manage.py with the clock of the demonstration, so that both agree what day it is.
COMMAND = """
import runpy, sys, time_machine
sys.argv = ["manage.py", *sys.argv[1:]]
time_machine.travel({now}, tick=True).start()
runpy.run_path("manage.py", run_name="__main__")
"""


class Site:
    """What scripts use of the demonstration. Each role keeps its browser, with what that has already loaded."""

    def __init__(self, demo: DemoSite, browser: Browser) -> None:
        self.demo, self.browser = demo, browser
        self.url = demo.url
        self._contexts: dict[tuple[str | None, bool], BrowserContext] = {}

    def page_of(self, role: str | None, *, phone: bool = False) -> Page:
        """A page on which the demo account of that role is logged in; None is a visitor."""
        if (role, phone) not in self._contexts:
            self._contexts[role, phone] = self._browser_of(role, phone=phone)
        return self._contexts[role, phone].new_page()

    def new_visitor(self, *, phone: bool = False) -> Page:
        """A visitor in a browser of their own, who may log in."""
        return self._browser_of(None, phone=phone).new_page()

    def _browser_of(self, role: str | None, *, phone: bool) -> BrowserContext:
        options = PHONE | {"device_scale_factor": 2} if phone else DESK
        return self.demo.as_role(self.browser, role, **options)

    def page_of_person(self, email: str, *, at_desk: bool = False, phone: bool = False) -> Page:
        """The same for any other account with the password of the demonstration."""
        page = self.new_visitor(phone=phone)
        log_in(page, email, at_desk=at_desk)
        return page

    def letter(self, page: Page, email: str) -> None:
        """Open the newest letter to that address, as a person would in the mailbox of the demonstration."""
        page.goto("/demo/surat/")
        page.locator("li.task").filter(has_text=email).get_by_role("link").first.click()
        expect(page.locator("main")).to_contain_text(email)

    def now(self) -> datetime:
        """What the clock of the demonstration shows: its server says so with every answer."""
        with urllib.request.urlopen(f"{self.url}/robots.txt", timeout=30) as answer:
            return parsedate_to_datetime(answer.headers["Date"])

    def manage(self, *words: str, **environment: str) -> "Answer":
        """A command of the program on the server of this demonstration."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("DJANGO_", "PYTEST_"))}
        done = subprocess.run(
            [sys.executable, "-c", COMMAND.format(now=self.now().timestamp()), *words],
            cwd=ROOT,
            env=kept | {"ENVIRONMENT": "development", "DEMO": "1", "VAR_DIR": str(self.demo.folder)} | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return Answer(f"$ manage.py {' '.join(words)}\n{done.stdout}(kode keluar {done.returncode})", done.returncode)

    @property
    def database(self) -> Path:
        return next(self.demo.folder.glob("*.sqlite3"))

    def close_pages(self) -> None:
        for context in self.browser.contexts:
            for page in context.pages:
                page.close()


@dataclass(frozen=True)
class Answer:
    """What a command wrote, with the command before it and its exit code."""

    text: str
    code: int


def number_in(text: str) -> int:
    """The first whole number of a text, with Indonesian thousands: "1.234 baris" is 1234."""
    return int(re.search(r"\d[\d.]*", text)[0].replace(".", ""))


def rows_listed(page: Page) -> int:
    """How many rows a list of the back office has: its foot tells, or they are counted page by page."""
    foot = page.get_by_role("navigation", name="Halaman daftar")
    if told := re.search(r"[\d.]+ baris", foot.inner_text()):
        return number_in(told[0])
    rows = 0
    while True:
        rows += page.locator("#result_list tbody tr").count()
        if not page.get_by_role("link", name="Berikutnya").count():
            return rows
        page.goto(page.url.partition("?")[0] + page.get_by_role("link", name="Berikutnya").get_attribute("href"))


__all__ = ["ACCOUNTS", "Answer", "Site", "number_in", "rows_listed"]
