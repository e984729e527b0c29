"""Public pages on the narrowest screen that WCAG 2.2 knows (320 px, also 1280 px at 400 %): nothing runs off sideways."""

import pytest

from tests.browser import PATIENCE

PAGES = ("/", "/skema/", "/skema/distribusi-bantuan/", "/alur/", "/privasi/", "/verifikasi/", "/verifikasi/luring/", "/daftar/", "/masuk/", "/en/", "/en/verifikasi/", "/en/kontak/", "/en/register/", "/en/faq/")  # fmt: skip
#: What reaches over the edge of the window, by its name.
BEYOND = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.querySelectorAll('body *')].filter((el) => el.getBoundingClientRect().right > innerWidth + 1)
    .map((el) => `${el.tagName}.${el.className}`)"""


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without"])
def test_nothing_runs_off_the_narrowest_screen(new_context, script):
    page = new_context(viewport={"width": 320, "height": 256}).new_page()
    page.set_default_timeout(PATIENCE)
    if not script:
        page.route("**/*.js", lambda route: route.abort())
    wide = {}
    for address in PAGES:
        page.goto(address)
        if found := page.evaluate(BEYOND):
            wide[address] = found
    assert wide == {}


def test_the_switch_of_languages_works_without_a_script(phone_without_js):
    phone_without_js.goto("/alur/")
    phone_without_js.get_by_role("link", name="English").click()
    assert phone_without_js.locator("html").get_attribute("lang") == "en"
    assert phone_without_js.get_by_role("heading", level=1).inner_text() == "How certification works"
    phone_without_js.get_by_role("link", name="Bahasa Indonesia").click()
    assert phone_without_js.url.endswith("/alur/")
