"""How the browser is started, for everything that walks through the product in one.

It is Chromium or Chrome from the PATH, or Playwright's own if it was downloaded; best the one without any window, which
needs half the time for a page. Without one the walks are skipped with a reason, or fail where REQUIRE_BROWSER is set (CI).
"""

import os
import shutil

import pytest
from playwright.sync_api import expect

#: Milliseconds until what a walk waits for counts as gone; a machine that runs the whole suite can be slow for a while.
PATIENCE = 45_000
expect.set_options(timeout=PATIENCE)
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
#: It speaks English alone: not for pictures that are kept (make manual, make uat).
WITHOUT_WINDOW = "chromium-headless-shell"
QUIET = (
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
#: A page takes no press until its scripts have come: before that a link that opens a dialog leads to a page of its own.
_UNHURRIED = """
    new MutationObserver((_, root) => {
        root.disconnect();
        if (window.isHurried) return;
        document.documentElement.style.pointerEvents = "none";
        addEventListener("DOMContentLoaded", () => { document.documentElement.style.pointerEvents = ""; });
    }).observe(document, { childList: true });
"""
#: The opposite, for `Page.add_init_script`: who presses at once, as people on a slow link do.
HURRIED = "window.isHurried = true;"


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args, browser_type):
    """How pytest-playwright starts the browser."""
    keeps_pictures = bool({"RETAKE", "UAT_RESULTS"} & os.environ.keys())
    names = NAMES if keeps_pictures else (WITHOUT_WINDOW, *NAMES)
    executable = next(filter(None, map(shutil.which, names)), None)
    if executable is None and not os.path.exists(browser_type.executable_path):
        reason = f"tidak ada peramban: {', '.join(NAMES[:3])} tidak ditemukan di PATH"
        (pytest.fail if os.environ.get("REQUIRE_BROWSER") else pytest.skip)(reason)
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return browser_type_launch_args | {
        "executable_path": executable,
        # Chromium refuses its sandbox to root; it shows only our own pages here.
        "args": [*QUIET, *(["--no-sandbox"] if is_root else [])],
        # What it writes itself, such as "Pilih File", it writes as a reader here sees it, where it has the words
        # (Debian: chromium-l10n); its option --lang does not reach them on Linux.
        "env": os.environ | {"LANGUAGE": "id"},
    }


@pytest.fixture(scope="session")
def browser(browser):
    """Whoever walks in it presses nothing before the scripts of a page have come, however slow the machine is.

    What happens to those who do not wait has tests of its own (tests/journeys/test_early.py, test_offline.py).
    """
    as_it_is = browser.new_context

    def new_context(**options):
        context = as_it_is(**options)
        context.add_init_script(_UNHURRIED)
        return context

    browser.new_context = new_context
    return browser
