"""`script`, the words and results of the running test, and `site`, the demonstration that it walks through."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.acceptance.script import Script
from tests.acceptance.site import Site
from tests.browser import browser, browser_type_launch_args  # noqa: F401 - a fixture: where the browser is
from tests.demo_site import DemoSite, demo_site  # noqa: F401 - a fixture


def pytest_collection_modifyitems(items):
    """They are walked by `make uat` alone, on a machine that does nothing else: people type no faster than a page comes."""
    if not os.environ.get("UAT_RESULTS"):
        for item in items:
            if item.path.parent == Path(__file__).parent:
                item.add_marker(pytest.mark.skip(reason="dijalankan oleh make uat"))


@pytest.fixture(scope="session")
def _site(demo_site: DemoSite, browser: Browser) -> Site:  # noqa: F811
    Path(os.environ["UAT_RESULTS"], "browser").write_text(f"Chromium {browser.version}")
    return Site(demo_site, browser)


@pytest.fixture
def site(_site: Site) -> Iterator[Site]:
    yield _site
    _site.close_pages()


@pytest.fixture
def script(request, site) -> Iterator[Script]:
    running = Script(request.function)
    yield running
    running.close()
