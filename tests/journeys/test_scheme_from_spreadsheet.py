"""The secretariat adds a whole scheme from one spreadsheet; presses and seconds are counted."""

import time

import pytest
from playwright.sync_api import Page, expect

from core.schemes.enums import VersionStatus
from core.schemes.models import SchemeVersion
from core.schemes.queries import current_version
from core.schemes.workbook import workbook_of_version
from tests.core.schemes.test_workbook import Workbook
from tests.factories.accounts import make_user
from tests.journeys.steps import ClerkSteps

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

PASSWORD = "ambon-manise-2026"


def filled_in_workbook() -> bytes:
    """A scheme that is there, given another code and title: what a clerk does with the example."""
    workbook = Workbook(workbook_of_version(current_version("distribusi-bantuan")))
    for sheet in ("Skema", "Unit skema", "Persyaratan"):
        for row in range(2, workbook.book[sheet].max_row + 1):
            workbook.book[sheet].cell(row, 1, "gudang-bantuan")
    return workbook.put("Skema", 2, Judul_skema="Pengelolaan Gudang Bantuan").save()


def test_a_scheme_is_added_with_five_presses(desktop: Page, live_server):
    make_user(role="sekretariat", email="petugas@contoh.id", password=PASSWORD)
    content = filled_in_workbook()
    clerk = ClerkSteps(desktop, live_server.url)
    stumbles: list[str] = []
    desktop.on("pageerror", lambda error: stumbles.append(str(error)))
    clerk.log_in("petugas@contoh.id", PASSWORD)
    desktop.set_viewport_size({"width": 1440, "height": 640})
    expect(desktop.get_by_role("heading", name="Beranda")).to_be_visible()
    start = time.perf_counter()

    presses = 0
    for name in ("Skema sertifikasi", "Buku kerja"):
        desktop.get_by_role("link", name=name).first.click()
        presses += 1
    expect(desktop.locator("#nav-sidebar-apps a.active")).to_be_in_viewport(ratio=1)  # not behind the search box
    desktop.get_by_label("Berkas").set_input_files(
        {"name": "gudang.xlsx", "mimeType": "application/octet-stream", "buffer": content}
    )
    presses += 1
    expect(desktop.get_by_text("gudang.xlsx")).to_be_visible()
    desktop.get_by_role("button", name="Periksa berkas").click()
    presses += 1
    expect(desktop.get_by_text("Belum ada yang ditulis.")).to_be_visible()
    expect(desktop.get_by_text("Skema Pengelolaan Gudang Bantuan", exact=True)).to_be_visible()
    desktop.get_by_role("button", name="Terapkan semua perubahan").click()
    presses += 1
    expect(desktop.get_by_text("Impor diterapkan").first).to_be_visible()
    seconds = time.perf_counter() - start

    print(f"Skema dari lembar kerja: {presses} penekanan, {seconds:.1f} detik")
    version = SchemeVersion.objects.get(scheme__code="gudang-bantuan")
    assert (version.status, version.units.count()) == (VersionStatus.DRAFT, 2)
    assert presses == 5
    assert stumbles == []
