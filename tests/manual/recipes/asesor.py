"""Pictures of the manual of assessors: the desk for reading, a phone for the day of the assessment."""

from playwright.sync_api import Page

from tests.demo_site import DESK, PHONE
from tests.manual.picture import Picture

WIDE = {"viewport": {"width": DESK["viewport"]["width"], "height": 720}}


def task(name: str):
    """The first thing on the home of the assessor whose button says this."""

    def go(page: Page) -> None:
        page.goto("/admin/")
        page.locator("a").filter(has_text=name).first.click()
        page.wait_for_load_state("networkidle")

    return go


def waiting_case(page: Page) -> None:
    """The case of the first preassessment, as it can be read before anything is judged."""
    task("Tinjau FR.APL-02")(page)
    page.locator(".bo-head a").first.click()


def to_top(selector: str, below: int = 80):
    """As a reader scrolls: this comes to stand under the head of the screen, or of the form."""

    def scroll(page: Page) -> None:
        page.locator(selector).first.evaluate(
            "(element, below) => scrollTo(0, element.getBoundingClientRect().top + scrollY - below)", below
        )

    return scroll


def open_first_file(page: Page) -> None:
    page.locator("a[data-evidence]").first.click()
    page.locator("#bo-viewer-stage img").wait_for()


def one_lacks(page: Page) -> None:
    first = page.locator(".bo-vatm").first
    first.get_by_text("Ada yang kurang").click()
    first.get_by_text("Tidak terkini").click()
    first.get_by_text("Tersimpan").wait_for()
    to_top(".bo-vatm")(page)


def all_judged(page: Page) -> None:
    page.get_by_role("button", name="Sisanya terpenuhi, semua unit").click()
    page.wait_for_load_state("networkidle")
    page.get_by_text("Asesmen dapat dilanjutkan").click()
    to_top("#rekomendasi")(page)


def first_is_present(page: Page) -> None:
    page.locator(".bo-attend").first.get_by_text("Hadir", exact=True).click()


def some_observed(page: Page) -> None:
    kuk = page.locator(".bo-paper-kuk")
    kuk.nth(0).get_by_text("Ya", exact=True).click()
    kuk.nth(1).get_by_text("Tidak", exact=True).click()
    page.get_by_text("Tersimpan").first.wait_for()
    to_top(".bo-paper-unit-head", 140)(page)


def all_observed(page: Page) -> None:
    """Every unit by its “Sisanya Ya”, then on to the signature."""
    units = [button.get_attribute("value") for button in page.locator("button[name=rest]").all()]
    for unit in units:
        page.locator(f"button[name=rest][value='{unit}']").click()
        page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="Simpan, lalu tanda tangani").click()
    page.wait_for_load_state("networkidle")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")


def first_competent(page: Page) -> None:
    page.locator(".bo-judge").first.locator("[data-k=K]").click()
    page.get_by_text("Tersimpan").first.wait_for()
    to_top(".bo-units-head")(page)


def results_to_sign(page: Page) -> None:
    page.locator("[data-rest]").click()
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="Periksa dan tanda tangani").click()
    page.wait_for_load_state("networkidle")
    to_top(".bo-results-rec")(page)


def assessed_case(page: Page) -> None:
    page.goto("/admin/")
    page.locator("a.bo-task").filter(has_text="Menunggu keputusan").first.click()


def correction(page: Page) -> None:
    page.get_by_role("button", name="Koreksi hasil").click()
    page.locator("#id_reason").fill("Unit kedua tertukar dengan asesi lain.")


PICTURES: tuple[Picture, ...] = (
    Picture(
        "asesor-penugasan-beranda",
        who="asesor",
        at="/admin/",
        frame=(".bo-own-sessions", "[aria-labelledby=berkas-menunggu]", "[data-work]:has(.bo-task-next)"),
        mark=(".bo-own-sessions .bo-task:last-child a[data-tone]", "#berkas-menunggu", "[data-work] .bo-task-next"),
    ),
    Picture(
        "asesor-penugasan-permohonan",
        who="asesor",
        at=waiting_case,
        do=open_first_file,
        on=WIDE,
        mark=(".bo-next a", "a[data-evidence]", "#bo-viewer"),
    ),
    Picture(
        "asesor-penugasan-mandiri",
        who="asesor",
        at=waiting_case,
        frame=("#apl-02",),
        mark=("#apl-02 .bo-k, #apl-02 .bo-bk", "#apl-02 .bo-criteria", "#apl-02 a[data-evidence]"),
    ),
    Picture("asesor-penugasan-ponsel", who="asesor", at="/admin/", on=PHONE, mark=("[aria-label='Buka atau tutup menu']", ".bo-help")),
    Picture(
        "pra-asesmen-elemen",
        who="asesor",
        at=task("Tinjau FR.APL-02"),
        do=one_lacks,
        on=PHONE,
        mark=(".bo-vatm a[data-evidence]", ".bo-vatm .bo-choices", ".bo-vatm-more"),
    ),
    Picture(
        "pra-asesmen-komputer",
        who="asesor",
        at=task("Tinjau FR.APL-02"),
        do=open_first_file,
        on=WIDE,
        mark=("button[value=seluruhnya]", "#bo-viewer", ".bo-acts"),
    ),
    Picture(
        "pra-asesmen-tanda-tangan",
        who="asesor",
        at=task("Tinjau FR.APL-02"),
        do=all_judged,
        on=PHONE,
        mark=("#rekomendasi .bo-choices",),
    ),
    Picture(
        "asesor-hari-uji-jadwal",
        who="asesor",
        at="/admin/",
        on=PHONE,
        frame=(".bo-own-sessions .bo-task:last-child",),
        mark=(".bo-own-sessions .bo-task:last-child a[data-tone]", ".bo-own-sessions .bo-task:last-child a[href*=simpan]"),
    ),
    Picture(
        "asesor-hari-uji-kehadiran",
        who="asesor",
        at=lambda page: (page.goto("/admin/"), page.get_by_role("link", name="Catat kehadiran").last.click()),
        do=first_is_present,
        on=PHONE,
        frame=(".bo-attendance",),
        mark=(".bo-attend >> nth=0", "button[name=semua]", ".bo-attend-foot [data-tone]"),
    ),
    Picture(
        "asesor-hari-uji-ceklis",
        who="asesor",
        at=task("FR.IA.01"),
        do=some_observed,
        on=PHONE,
        mark=("button[name=rest]", ".bo-paper-kuk .bo-choices", "button[name=sign]"),
    ),
    Picture(
        "asesor-hari-uji-tanda-tangan",
        who="asesor",
        at=task("FR.IA.01"),
        do=all_observed,
        on=PHONE,
        mark=(".bo-acts [data-tone]",),
    ),
    Picture(
        "hasil-asesmen-unit",
        who="asesor",
        at=task("Isi hasil"),
        do=first_competent,
        on=PHONE,
        mark=("[data-rest]", ".bo-kbk-big", ".bo-chip-row"),
    ),
    Picture(
        "hasil-asesmen-tanda-tangan",
        who="asesor",
        at=task("Isi hasil"),
        do=results_to_sign,
        on=PHONE,
        mark=(".bo-results-rec", ".bo-acts [data-tone]"),
    ),
    Picture(
        "hasil-asesmen-koreksi",
        who="asesor",
        at=assessed_case,
        do=correction,
        frame=("dialog[open]",),
        mark=("#id_reason", "dialog[open] button[type=submit]"),
    ),
)  # fmt: skip
