"""The first thing anybody sees."""

import pytest


@pytest.mark.parametrize("browser_kind", ["phone", "phone_without_js", "desktop"])
def test_front_page_opens_and_fits_the_screen(request, browser_kind):
    page = request.getfixturevalue(browser_kind)
    answer = page.goto("/")
    assert answer.status == 200
    assert page.locator("h1").count() == 1
    if browser_kind != "phone_without_js":  # measuring runs a script
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
