"""The menu of the back office opens in windows of every width."""

import pytest
from playwright.sync_api import expect

from tests.factories.accounts import make_user
from tests.journeys.steps import ClerkSteps

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [1024, 1280])  # above the page; beside it, as on a laptop at 150 %
def test_the_menu_opens_and_stays_open(new_context, base_url, width):
    make_user(role="sekretariat", email="petugas@contoh.id", password="ambon-manise-2026")
    page = new_context(viewport={"width": width, "height": 800}).new_page()
    ClerkSteps(page, base_url).log_in("petugas@contoh.id", "ambon-manise-2026")
    queue = page.get_by_role("link", name="Antrean permohonan")
    expect(queue).to_be_hidden()
    page.get_by_role("button", name="Buka atau tutup menu").click()
    page.wait_for_function(
        "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"
    )
    expect(queue).to_be_visible()
    queue.click()
    expect(page).to_have_url(f"{base_url}/admin/core/application/")
