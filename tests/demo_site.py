"""A fresh demo in a process of its own, whose clock stands at one morning: what is seen there is the same each time.

`demo_site` is the fixture; tests/manual takes the manual's pictures from it, tests/acceptance walks through it.
"""

import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from core.demo import ACCOUNTS, PASSWORD
from tests.browser import PATIENCE
from tests.deployment.servers import free_port

ROOT = Path(__file__).resolve().parents[1]
#: A working day, an hour after the office opens. The clock goes on from here.
MORNING = datetime(2026, 11, 25, 9, 0, tzinfo=ZoneInfo("Asia/Jakarta"))
DESK = {"viewport": {"width": 1280, "height": 860}}
PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
#: scripts/run_demo.py, with the clock set before anything of it is loaded.
LAUNCH = """
import runpy, sys, time_machine
sys.path.insert(0, "scripts")
time_machine.travel({morning}, tick=True).start()
runpy.run_path("scripts/run_demo.py", run_name="__main__")
"""


@dataclass
class DemoSite:
    """Where it answers and where its data lie; `as_role` opens a browser in which that role is logged in."""

    url: str
    folder: Path
    _kept: dict[str, dict] = field(default_factory=dict)

    def as_role(self, browser: Browser, role: str | None, **options) -> BrowserContext:
        """`role` is a key of core.demo.ACCOUNTS, the address of somebody else of the portal, or None for a visitor.

        Logs in once per role.
        """
        if role is not None and role not in self._kept:
            self._kept[role] = self._logged_in(browser, role)
        context = browser.new_context(
            base_url=self.url,
            locale="id-ID",
            timezone_id="Asia/Jakarta",
            storage_state=self._kept.get(role) if role else None,
            reduced_motion="reduce",
            **(options or DESK),
        )
        context.set_default_timeout(PATIENCE)
        return context

    def _logged_in(self, browser: Browser, role: str) -> dict:
        context = browser.new_context(base_url=self.url, locale="id-ID", **DESK)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        email = ACCOUNTS[role][0] if role in ACCOUNTS else role
        log_in(page, email, at_desk=role in ACCOUNTS and role not in ("asesi", "instansi"))
        state = context.storage_state()
        context.close()
        return state


def log_in(page: Page, email: str, *, at_desk: bool, password: str = PASSWORD) -> None:
    """Through the door of the back office or that of the portal."""
    page.goto("/admin/" if at_desk else "/masuk/")
    page.locator("[name=username]").fill(email)
    page.locator("[name=password]").fill(password)
    with page.expect_navigation():
        page.locator("main, #content-main, form").get_by_role("button", name="Masuk").last.click()
    if "/masuk/" in page.url or "/login/" in page.url:
        raise AssertionError(f"{email} was not let in")


@contextmanager
def running_demo(folder: Path, *, patience: float = 180) -> Iterator[DemoSite]:
    """What `make run` starts, on an empty folder, until the block ends."""
    port = free_port()
    site = DemoSite(f"http://127.0.0.1:{port}", folder)
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("DJANGO_", "PYTEST_"))}
    environment |= {"VAR_DIR": str(folder), "HOST": "127.0.0.1", "PORT": str(port), "SITE_URL": site.url}
    environment["DEMO_MANUALS"] = "0"  # whoever needs them prints them
    log = folder.parent / f"{folder.name}.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-c", LAUNCH.format(morning=MORNING.timestamp())],
            cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            _wait_for(site.url, process, log, time.monotonic() + patience)
            yield site
        finally:
            process.terminate()
            process.wait(10)


def _wait_for(url: str, process: subprocess.Popen, log: Path, until: float) -> None:
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url + "/", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError(f"the demo did not start:\n{log.read_text()[-3000:]}")


@pytest.fixture(scope="session")
def demo_site() -> Iterator[DemoSite]:
    """DEMO_SITE=http://… names one that runs already, for whoever tries a picture again and again."""
    if running := os.environ.get("DEMO_SITE"):
        yield DemoSite(running, Path())
        return
    with tempfile.TemporaryDirectory(prefix="demo-") as place, running_demo(Path(place) / "var") as site:
        yield site
