"""Clause 2h: automatic backup, proven by restoring it."""

import io
import re

from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.acceptance.script import acceptance

STATE = "#bo-job-state, main [role=status]"


def wait_for_job(page: Page) -> None:
    """Until the page of a job says that it has ended, as somebody who looks on sees it."""
    expect(page.locator(STATE).first).to_have_text(re.compile("Selesai|Gagal"), timeout=120_000)
    expect(page.locator(STATE).first).to_have_text(re.compile("Selesai"))


@acceptance(
    "UAT-2h-01",
    "Cadangan dibuat, dipulihkan, dan terbukti sama",
    answers=("2h", "2f", "D4"),
    purpose="Cadangan baru bernilai bila terbukti dapat dipulihkan: dipulihkan di tempat terpisah, setiap baris dan setiap berkas dibandingkan, lalu sistem yang dipulihkan dibuka.",
    role="Administrator teknis",
    before="Masuk sebagai administrator.",
)
def test_a_backup_is_made_and_proven_by_restoring_it(script, site):
    page = script.page = site.page_of("administrator")
    with script.step("Buka “Cadangan”, tekan “Cadangkan sekarang”, tunggu.", expect="Pekerjaan selesai.") as step:
        page.goto("/admin/cadangan/")
        page.get_by_role("button", name="Cadangkan sekarang").click()
        wait_for_job(page)
        step.look_at(page.locator(STATE))
    with script.step(
        "Buka daftar cadangan, baris teratas.", expect="“Berhasil”; jumlah baris, dokumen, dan lamanya tertulis."
    ) as step:
        page.goto("/admin/core/backuprun/")
        page.locator("#result_list tbody a").first.click()
        expect(page.locator("main")).to_contain_text(re.compile(r"baris dalam \d+ tabel"))
        expect(page.locator("main p").first).to_have_text("Berhasil")
        step.found(" ".join(page.locator("main dd").nth(1).inner_text().split()))
        step.look_at(page.locator("main dl").first)
    with script.step("Buka “Cadangan”, tekan “Uji pemulihan sekarang”, tunggu.", expect="Pekerjaan selesai.") as step:
        page.goto("/admin/cadangan/")
        page.get_by_role("button", name="Uji pemulihan sekarang").click()
        wait_for_job(page)
        step.look_at(page.locator(STATE))
    with script.step(
        "Buka uji pemulihan teratas.",
        expect="“Terbukti”: semua baris dan semua berkas sama, data tersandi terbaca, PDF terbuka, sistem yang dipulihkan dapat dimasuki.",
    ) as step:
        page.goto("/admin/core/restoredrill/")
        page.locator("#result_list tbody a").first.click()
        expect(page.get_by_role("status").first).to_have_text("Terbukti")
        words = page.get_by_text("Semua baris dan semua berkas sama")
        expect(words).to_be_visible()
        step.found(" ".join(page.locator("main dd").nth(3).inner_text().split()))
        step.look_at(words)
    with script.step(
        "Buka “Surat keterangan (PDF)”.", expect="Surat keterangan uji pemulihan yang dapat dilampirkan pada laporan."
    ) as step:
        address = page.get_by_role("link", name="Surat keterangan (PDF)").get_attribute("href")
        text = PdfReader(io.BytesIO(page.request.get(address).body())).pages[0].extract_text()
        assert "TERBUKTI DAPAT DIPULIHKAN" in text, text[:300]
        step.shows(text)
