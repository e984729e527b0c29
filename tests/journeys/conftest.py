"""Walks in a real browser against the running product: `page`, `phone`, `phone_without_js`, `desktop`.

How the browser is started: tests/browser.py. Pictures of failures lie in var/journeys.
"""

import pytest

from tests.browser import PATIENCE, browser, browser_type_launch_args  # noqa: F401 - a fixture


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
    page.set_default_timeout(PATIENCE)
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
