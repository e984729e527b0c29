"""Pictures of the manual of BNSP: from a certificate back to what it stands on."""

from playwright.sync_api import Page

from tests.manual.picture import Picture

LOW = {"viewport": {"width": 1280, "height": 620}}


def certificate(page: Page) -> None:
    page.goto("/admin/core/certificate/")
    page.locator("#result_list tbody tr").filter(has_text="Berlaku").first.locator("a").first.click()
    page.wait_for_load_state("networkidle")


def case_of_certificate(page: Page) -> None:
    certificate(page)
    page.get_by_role("link", name="APL-").first.click()
    page.wait_for_load_state("networkidle")


def evidence(page: Page) -> None:
    page.locator("#bagian-3 a[data-evidence]").first.click()
    page.locator("#bo-viewer-stage img").wait_for()
    page.locator("#bagian-3").evaluate("card => scrollTo(0, card.getBoundingClientRect().top + scrollY - 80)")


PICTURES: tuple[Picture, ...] = (
    Picture("untuk-bnsp-beranda", who="bnsp", at="/admin/", on=LOW, mark=("text=Anda melihat tanpa dapat mengubah",)),
    Picture(
        "untuk-bnsp-tersamar",
        who="bnsp",
        at=case_of_certificate,
        frame=("#bagian-1",),
        mark=("#bagian-1 dd >> text=••", "#bagian-1 p >> nth=-1"),
    ),
    Picture(
        "bnsp-memeriksa-sertifikat",
        who="bnsp",
        at=certificate,
        on=LOW,
        mark=("text=Halaman verifikasi", "main a[href*='/application/'], #content a[href*='/application/']"),
    ),
    Picture(
        "bnsp-memeriksa-kasus",
        who="bnsp",
        at=case_of_certificate,
        frame=("#hasil", "#berkas"),
        mark=("#hasil .bo-result-lines", "section:has(> h3:text('Keputusan')) a", "#berkas .bo-sheet-acts"),
    ),
    Picture(
        "bnsp-memeriksa-bukti",
        who="bnsp",
        at=case_of_certificate,
        do=evidence,
        on={"viewport": {"width": 1280, "height": 720}},
        mark=("#bagian-3 .bo-file-hidden", "#bagian-3 a[data-evidence]", "#bo-viewer"),
    ),
    Picture(
        "bnsp-memeriksa-riwayat",
        who="bnsp",
        at=case_of_certificate,
        frame=("section:has(> h3:text('Riwayat'))",),
        mark=("text=Buka di catatan aktivitas",),
    ),
    Picture(
        "bnsp-memeriksa-serah-terima",
        who="bnsp",
        at=lambda page: (page.goto("/admin/core/handover/"), page.locator("#result_list tbody a").last.click()),
        on={"viewport": {"width": 1280, "height": 700}},
        mark=("text=Unduh semua (ZIP)",),
    ),
)
