"""Walks in a real browser against the running product: `page`, `phone`, `phone_without_js`, `desktop`.

The browser is Chromium or Chrome from the PATH, or Playwright's own if it was downloaded. Without
one the journeys are skipped with a reason, or fail where REQUIRE_BROWSER is set (CI). Pictures of
failures lie in var/journeys.
"""

import os
import shutil

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
QUIET = (
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args, browser_type):
    """How pytest-playwright starts the browser."""
    executable = next(filter(None, map(shutil.which, NAMES)), None)
    if executable is None and not os.path.exists(browser_type.executable_path):
        reason = f"tidak ada peramban: {', '.join(NAMES[:3])} tidak ditemukan di PATH"
        (pytest.fail if os.environ.get("REQUIRE_BROWSER") else pytest.skip)(reason)
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return browser_type_launch_args | {
        "executable_path": executable,
        # Chromium refuses its sandbox to root; it shows only our own pages here.
        "args": [*QUIET, *(["--no-sandbox"] if is_root else [])],
    }


@pytest.fixture(scope="session")
def base_url(live_server):
    """Paths such as "/masuk/" are opened on the live server."""
    return live_server.url


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args, base_url):
    return browser_context_args | {"locale": "id-ID", "timezone_id": "Asia/Jakarta"}


@pytest.fixture(autouse=True)
def _links_lead_here(settings, live_server):
    """Links in letters lead to the live server."""
    settings.SITE_URL = live_server.url


def _page(new_context, **options):
    page = new_context(**options).new_page()
    page.set_default_timeout(15_000)
    return page


@pytest.fixture
def phone(new_context):
    """A page on a small phone: 360 px wide, touch."""
    return _page(new_context, viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True)


@pytest.fixture
def phone_without_js(new_context):
    """The same phone with JavaScript switched off."""
    return _page(
        new_context, viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True, java_script_enabled=False
    )


@pytest.fixture
def desktop(new_context):
    """A page on a desk."""
    return _page(new_context, viewport={"width": 1280, "height": 900})
