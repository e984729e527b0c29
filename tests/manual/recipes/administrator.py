"""Pictures of the manual of the technical administrator."""

from base64 import b32decode
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from django_otp.oath import TOTP
from playwright.sync_api import Page

from tests.demo_site import DESK, log_in
from tests.manual.picture import Picture

LOW = {"viewport": {"width": DESK["viewport"]["width"], "height": 460}}
#: An assessor of the demonstration who gets a second factor here, so that it can be taken away; nobody logs in as them.
WITH_FACTOR = "asesor2@contoh.id"


def person(email: str):
    def go(page: Page) -> None:
        page.goto(f"/admin/core/user/?q={email}")
        page.locator("#result_list tbody a").first.click()
        page.wait_for_load_state("networkidle")

    return go


def invitation(page: Page) -> None:
    page.locator("[name=full_name]").fill("Maya Ginting")
    page.locator("[name=email]").fill("maya.ginting@contoh.id")
    page.locator("[name=role]").select_option("sekretariat")


def person_with_factor(page: Page) -> None:
    person(WITH_FACTOR)(page)
    if page.get_by_role("link", name="Atur ulang faktor kedua").count() == 0:
        address = urlsplit(page.url)
        context = page.context.browser.new_context(base_url=f"{address.scheme}://{address.netloc}", locale="id-ID")
        enrol(context.new_page())
        context.close()
        page.reload()


def enrol(page: Page) -> None:
    """As that person does it on their phone, by the clock of the server."""
    log_in(page, WITH_FACTOR, at_desk=True)
    answer = page.goto("/admin/keamanan/")
    page.get_by_role("link", name="Aktifkan faktor kedua").click()
    key = page.locator(".bo-key").inner_text().replace(" ", "")
    clock = TOTP(b32decode(key + "=" * (-len(key) % 8)))
    clock.time = parsedate_to_datetime(answer.headers["date"]).timestamp()
    page.locator("[name=code]").fill(f"{clock.token():06d}")
    page.get_by_role("button", name="Aktifkan").click()
    page.wait_for_load_state("networkidle")


def take_factor_away(page: Page) -> None:
    page.get_by_role("link", name="Atur ulang faktor kedua").click()
    page.locator("#dialog [name=reason]").fill("Ponsel hilang; dipastikan lewat telepon ke nomor kantornya.")


def clock_said_plainly(page: Page) -> None:
    """The clock of this demonstration stands apart from the machine's: by how much differs at every taking."""
    page.locator(".bo-health-fault p").first.evaluate(
        "line => { line.textContent = line.textContent.replace(/\\d[\\d.]*/, '185'); }"
    )


def with_filters(page: Page) -> None:
    page.locator(".filter-open-button").click()
    page.get_by_role("button", name="Terapkan").wait_for()


def first_of(list_address: str, words: str):
    """The first line of a list with these words, opened."""

    def go(page: Page) -> None:
        page.goto(list_address)
        page.locator("#result_list tbody tr").filter(has_text=words).first.locator("a").first.click()
        page.wait_for_load_state("networkidle")

    return go


PICTURES: tuple[Picture, ...] = (
    Picture(
        "pengguna-daftar",
        who="administrator",
        at="/admin/core/user/",
        on=LOW,
        mark=("a[href='/admin/core/user/add/'] >> visible=true", "text=Staf belum konfirmasi", "#searchbar"),
    ),
    Picture(
        "pengguna-undang",
        who="administrator",
        at="/admin/core/user/add/",
        do=invitation,
        on=LOW,
        mark=("[name=role]", "[name=_save]"),
    ),
    Picture(
        "pengguna-akun",
        who="administrator",
        at=person("asesor3@contoh.id"),
        on={"viewport": {"width": 1280, "height": 660}},
        mark=("text=Aktif >> nth=0", "[name=_save]"),
    ),
    Picture(
        "pengguna-faktor-kedua",
        who="administrator",
        at=person_with_factor,
        do=take_factor_away,
        frame=("#dialog",),
        mark=("#dialog [name=reason]", "#dialog button[type=submit]"),
    ),
    Picture(
        "kebijakan-faktor-kedua", who="administrator", at="/admin/core/systempolicy/", frame=("fieldset >> nth=0",)
    ),
    Picture(
        "kebijakan-alasan",
        who="administrator",
        at="/admin/core/systempolicy/",
        do=lambda page: page.evaluate("scrollTo(0, document.body.scrollHeight)"),
        on=LOW,
    ),
    Picture(
        "kesehatan-sistem-alarm",
        who="administrator",
        at="/admin/kesehatan/",
        do=clock_said_plainly,
        frame=(".bo-head", ".bo-health-fault"),
        mark=(".bo-health-fault", ".bo-health-fault a"),
    ),
    Picture(
        "kesehatan-sistem-lembar",
        who="administrator",
        at="/admin/kesehatan/panduan/",
        on={"viewport": {"width": 1280, "height": 760}},
        mark=(".bo-manual-pages", ".bo-prose table"),
    ),
    Picture(
        "jadwal-pekerjaan-satu",
        who="administrator",
        at=first_of("/admin/core/scheduledjob/", "Periksa keutuhan berkas"),
        on={"viewport": {"width": 1280, "height": 700}},
        mark=("text=Jalankan sekarang", ".bo-run-table tr:has-text('batas waktu') td >> nth=-1"),
    ),
    Picture(
        "cadangan-keadaan",
        who="administrator",
        at="/admin/cadangan/",
        frame=(
            "[aria-labelledby=keadaan-cadangan]",
            "[aria-labelledby=uji-terakhir]",
            "[aria-labelledby=cadangan-terakhir]",
        ),
        mark=("li:has-text('Terbukti dapat dipulihkan') strong", "text=Cadangkan sekarang", ".bo-drill-ask"),
    ),
    Picture(
        "cadangan-uji",
        who="administrator",
        at=first_of("/admin/core/restoredrill/", "Berbeda"),
        frame=(".bo-case",),
        mark=("text=Surat keterangan (PDF)", ".bo-drill-differences tbody td >> nth=-1"),
    ),
    Picture(
        "keutuhan-berkas-daftar",
        who="administrator",
        at="/admin/core/integrityrun/",
        frame=(".bo-log-top", "#result_list"),
        mark=(".bo-check-line", "#cakupan-periksa", "text=Periksa sekarang"),
    ),
    Picture(
        "catatan-aktivitas-saring",
        who="administrator",
        at="/admin/core/activityentry/",
        do=with_filters,
        on={"viewport": {"width": 1280, "height": 560}},
        mark=(
            "#changelist-filter >> text=Berdasarkan tindakan",
            "#changelist-filter >> text=Berdasarkan pelaku",
            "#changelist-filter >> text=Berdasarkan waktu",
        ),
    ),
    Picture(
        "catatan-aktivitas-rincian",
        who="administrator",
        at="/admin/core/activityentry/?q=APL-2026-000016",
        do=lambda page: (page.locator("#result_list tbody a").first.click(), page.wait_for_load_state("networkidle")),
        on={"viewport": {"width": 1280, "height": 560}},
        mark=("fieldset .bo-act", "fieldset .readonly >> nth=4", "fieldset .readonly >> nth=6"),
    ),
)
