"""A real headless Chromium, and the screens people sit at."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

# Playwright's own event loop runs in the test's thread; Django would refuse the ORM there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where no browser is installed the journeys are skipped, unless REQUIRE_BROWSER is set, as in CI."""
    if CHROMIUM is None and not os.environ.get("REQUIRE_BROWSER"):
        for item in items:
            if item.get_closest_marker("journey"):
                item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))


def pytest_terminal_summary(terminalreporter) -> None:
    terminalreporter.write_line(f"Perjalanan peramban: {'Chromium' if CHROMIUM else 'dilewati, tidak ada Chromium'}")


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict:
    return {
        "executable_path": CHROMIUM,
        "args": [
            "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync",
        ],
    }


def _page(browser: Browser, **options) -> Iterator[Page]:
    context = browser.new_context(locale="id-ID", **options)
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A cheap telephone, 360 points wide."""
    yield from _page(browser, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)


@pytest.fixture
def phone_without_js(browser: Browser) -> Iterator[Page]:
    yield from _page(browser, viewport={"width": 360, "height": 740}, java_script_enabled=False)


@pytest.fixture
def desktop(browser: Browser) -> Iterator[Page]:
    yield from _page(browser, viewport={"width": 1440, "height": 900})
