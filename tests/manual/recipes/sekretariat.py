"""Pictures of the manual of the secretariat: from the door to the renewal, in the order in which a case walks."""

import re

from playwright.sync_api import Page

from tests.demo_site import DESK, PHONE
from tests.manual.picture import Picture

#: A desk whose letters are still read when the picture stands in a column; tall, so that bars at the foot cover nothing.
NEAR = {"viewport": {"width": 1100, "height": 1150}}
#: Wide enough for the menu to stand open.
BROAD = {"viewport": {"width": 1366, "height": 720}}

QUEUE, SESSIONS, PLENARIES = "/admin/core/application/", "/admin/core/assessmentsession/", "/admin/core/plenary/"
APPEALS, CERTIFICATES, SURVEILLANCES = "/admin/core/appeal/", "/admin/core/certificate/", "/admin/core/surveillance/"
DIALOG = "#bo-act-dialog"
ROW = "#result_list tbody tr"


def record(address: str, words: str = ""):
    """Leads through the list to the first row that holds the words."""

    def go(page: Page) -> None:
        page.goto(address)
        row = page.locator(ROW).filter(has_text=words).first
        row.locator("th a, td a").first.click()

    return go


def taken_case(page: Page) -> None:
    """The application that the clerk is verifying."""
    page.goto("/admin/")
    page.locator(".bo-waiting tr").filter(has_text="sedang Anda periksa").get_by_role("link").first.click()


def session(words: str):
    return record(SESSIONS, words)


def press(page: Page, name: str) -> None:
    """The link or button of exactly this name, in what is shown and not in the menu."""
    page.locator("main, body").last.locator("a, button").filter(has_text=re.compile(rf"^\s*{name}\s*$")).first.click()


def open_dialog(name: str, dialog: str = DIALOG):
    def act(page: Page) -> None:
        press(page, name)
        page.locator(f"{dialog} form").wait_for()

    return act


def tick(page: Page, rows: int, action: str, *, below: int = 0) -> None:
    for row in range(below, below + rows):
        page.locator(f"{ROW} input[type=checkbox]").nth(row).check()
    page.locator("select[name=action]").first.select_option(label=action)


def ask_for(rows: int, action: str, *, below: int = 0):
    """Rows are ticked, after so many that are passed over, an act is chosen, its question is opened."""

    def act(page: Page) -> None:
        tick(page, rows, action, below=below)
        press(page, "Jalankan")
        page.locator(".bo-bulk").wait_for()

    return act


def search_anywhere(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    page.keyboard.press("Control+k")
    page.locator("#search-input-command").press_sequentially("indah")
    page.locator("#command-results").get_by_text("Indah Maharani").first.wait_for()


def show_evidence(page: Page) -> None:
    page.locator(ROW).first.get_by_text("Bukti", exact=True).click()
    page.get_by_text("Persyaratan dan bukti").wait_for()


def open_filters(page: Page) -> None:
    page.locator(".filter-open-button").click()
    page.get_by_role("button", name="Terapkan").wait_for()


def save_view(page: Page) -> None:
    press(page, "bookmark_add\\s*Simpan tampilan ini")
    page.locator("#bo-view-name").fill("Sertifikat yang dibekukan")


def judge_evidence(page: Page) -> None:
    first, second = page.locator(".bo-req").nth(0), page.locator(".bo-req").nth(1)
    first.get_by_text("Memenuhi syarat", exact=True).click()
    first.locator(".bo-state strong").filter(has_text="Memenuhi syarat").wait_for()
    second.get_by_text("Tidak memenuhi syarat", exact=True).click()
    second.locator("input[type=text]").fill("Sertifikatnya terpotong; foto seluruh lembarnya.")
    second.locator("input[type=text]").blur()
    second.locator(".bo-state strong").filter(has_text="Tidak memenuhi syarat").wait_for()


def ask_to_mend(page: Page) -> None:
    open_dialog("Kembalikan untuk diperbaiki")(page)


def choose_files(page: Page) -> None:
    page.locator("#bo-add-files").set_input_files(
        [
            {"name": name, "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF\n"}
            for name in ("KTP_Kartika.pdf", "scan0012.pdf")
        ]
    )
    page.locator(".bo-add-row").nth(1).wait_for()


def wants_case(page: Page) -> None:
    page.goto(f"{QUEUE}?antrean=perlu-asesor")
    page.locator(ROW).first.locator("th a, td a").first.click()


def case_file(page: Page) -> None:
    wants_case(page)
    press(page, "Berkas kasus")
    page.wait_for_url("**/berkas/")
    page.wait_for_load_state()


def plan_session(page: Page) -> None:
    page.goto(f"{SESSIONS}add/")


def tick_waiting(page: Page) -> None:
    page.locator("#menunggu .bo-seat input").first.check()


def record_attendance(page: Page) -> None:
    session("JDW-2026-0001")(page)
    press(page, "Catat kehadiran")
    page.locator(".bo-attendance").wait_for()


def due_surveillance(page: Page) -> None:
    page.goto(SURVEILLANCES)
    page.locator(ROW).first.get_by_text("Catat", exact=True).click()
    page.locator("#id_done_on").wait_for()


def hide_secret(page: Page) -> None:
    """What is new each time and nobody else's business is not to be read in a manual."""
    for secret in (".bo-qr", ".bo-key"):
        page.locator(secret).first.evaluate("element => { element.style.filter = 'blur(14px) opacity(.25)'; }")


PICTURES: tuple[Picture, ...] = (
    # keamanan-akun
    Picture("keamanan-akun-masuk", who=None, at="/admin/login/", frame=("#login-form",), mark=("#login-form button",)),
    Picture(
        "keamanan-akun-layar",
        who="sekretariat",
        at="/admin/keamanan/",
        frame=(".bo-security .bo-card >> nth=0", ".bo-security .bo-card >> nth=1"),
        mark=("text=Aktifkan faktor kedua", "main >> text=Ubah sandi"),
        on=NEAR,
    ),
    Picture(
        "keamanan-akun-faktor-kedua",
        who="sekretariat",
        at="/admin/masuk/faktor-kedua/",
        do=hide_secret,
        frame=(".bo-steps", "#step-form"),
        mark=(".bo-qr", "#step-form input[type=text]"),
        on=NEAR,
    ),
    # beranda
    Picture(
        "beranda-menu",
        who="sekretariat",
        at="/admin/",
        mark=("#nav-sidebar a:has-text('Antrean permohonan')", "text=Cari menu atau data", ".bo-help"),
        on=BROAD,
    ),
    Picture(
        "beranda-sekretariat",
        who="sekretariat",
        at="/admin/",
        frame=(".bo-cards", ".bo-home-split"),
        mark=(".bo-cards", "text=Ambil berikutnya", "section:has(> .bo-work)"),
        on=DESK,
    ),
    Picture(
        "beranda-cari",
        who="sekretariat",
        at="/admin/",
        do=search_anywhere,
        frame=("#search-input-command", "#command-results"),
        on=NEAR,
    ),
    # antrean
    Picture(
        "antrean-daftar",
        who="sekretariat",
        at=QUEUE,
        frame=(".bo-tabs", "#result_list"),
        mark=(".bo-tabs", "#searchbar", f"{ROW} >> nth=0 >> text=Ambil"),
        on=NEAR,
    ),
    Picture("antrean-bukti", who="sekretariat", at=QUEUE, do=show_evidence, frame=("#result_list",), on=NEAR),
    # daftar
    Picture(
        "daftar-saringan",
        who="sekretariat",
        at=f"{QUEUE}?antrean=semua",
        do=open_filters,
        frame=("#filter-form",),
        on={"viewport": {"width": 1100, "height": 860}},
    ),
    Picture(
        "daftar-tindakan",
        who="sekretariat",
        at=QUEUE,
        do=lambda page: tick(page, 2, "Ambil untuk diperiksa"),
        mark=(f"{ROW} >> nth=0 >> input[type=checkbox]", "select[name=action]", "button:has-text('Jalankan')"),
        on={"viewport": {"width": 1100, "height": 640}},
    ),
    Picture(
        "daftar-konfirmasi",
        who="sekretariat",
        at=f"{QUEUE}?antrean=semua",
        do=ask_for(3, "Ambil untuk diperiksa", below=4),  # those of long ago and one of today
        frame=(".bo-bulk",),
        on=NEAR,
    ),
    Picture(
        "daftar-simpan-tampilan",
        who="sekretariat",
        at=f"{CERTIFICATES}?keadaan=dibekukan",
        do=save_view,
        frame=("#bo-list-dialog",),
        on=NEAR,
    ),
    # verifikasi
    Picture(
        "verifikasi-layar",
        who="sekretariat",
        at=taken_case,
        mark=("#bagian-3", "#bo-viewer", "#bo-acts .bo-acts-row"),
        on={"viewport": {"width": 1280, "height": 860}},
    ),
    Picture(
        "verifikasi-menilai",
        who="sekretariat",
        at=taken_case,
        do=judge_evidence,
        frame=(".bo-req >> nth=0", ".bo-req >> nth=1"),
        on=NEAR,
    ),
    Picture("verifikasi-kembalikan", who="sekretariat", at=taken_case, do=ask_to_mend, frame=(DIALOG,), on=NEAR),
    # berkas-kasus
    Picture("berkas-kasus-daftar", who="sekretariat", at=case_file, frame=(".bo-head", ".bo-slot >> nth=3"), on=NEAR),
    Picture("berkas-kasus-tambah", who="sekretariat", at=case_file, do=choose_files, frame=("#tambah",), on=NEAR),
    # dokumen
    Picture(
        "dokumen-cari",
        who="sekretariat",
        at="/admin/core/document/?q=ktp+indah",
        frame=("main .bo-views", "#result_list"),
        on=NEAR,
    ),
    # penugasan-asesor
    Picture(
        "penugasan-asesor-tunjuk",
        who="sekretariat",
        at=wants_case,
        do=open_dialog("Tunjuk asesor"),
        frame=(DIALOG,),
        on=NEAR,
    ),
    Picture(
        "penugasan-asesor-ganti",
        who="sekretariat",
        at=record(f"{QUEUE}?antrean=terjadwal", "Rahmat Utami"),
        do=open_dialog("Ganti"),
        frame=(DIALOG,),
        on=NEAR,
    ),
    # jadwal-uji
    Picture("jadwal-uji-rencana", who="sekretariat", at=plan_session, frame=("main form",), on=NEAR),
    Picture(
        "jadwal-uji-menempatkan",
        who="sekretariat",
        at=session("JDW-2026-0002"),
        do=tick_waiting,
        frame=(".bo-board",),
        on=NEAR,
    ),
    Picture(
        "jadwal-uji-ganti-asesor",
        who="sekretariat",
        at=session("JDW-2026-0002"),
        do=open_dialog("Ganti asesor"),
        frame=(DIALOG,),
        on=NEAR,
    ),
    # pelaksanaan-uji
    Picture(
        "pelaksanaan-uji-umumkan",
        who="sekretariat",
        at=session("JDW-2026-0003"),
        do=open_dialog("Umumkan jadwal"),
        frame=(DIALOG,),
        on=NEAR,
    ),
    Picture(
        "pelaksanaan-uji-tombol",
        who="sekretariat",
        at=session("JDW-2026-0001"),
        frame=(".bo-head", ".bo-session-acts"),
        on=NEAR,
    ),
    Picture("pelaksanaan-uji-kehadiran", who="sekretariat", at=record_attendance, on=PHONE),
    # berkas-asesmen
    Picture(
        "berkas-asesmen-kartu",
        who="sekretariat",
        at=record(f"{QUEUE}?antrean=terjadwal", "Dian Purba"),
        frame=("#berkas",),
        on=NEAR,
    ),
    # rapat-pleno
    Picture(
        "rapat-pleno-agenda",
        who="sekretariat",
        at=record(PLENARIES, "Disiapkan"),
        frame=(".bo-head", "#bo-acts .bo-acts-row"),
        mark=("text=Ubah anggota", ".bo-agenda .bo-row-buttons button", "#bo-acts >> text=Catat keputusan"),
        on=NEAR,
    ),
    Picture(
        "rapat-pleno-catat",
        who="sekretariat",
        at=record(PLENARIES, "Disiapkan"),
        do=open_dialog("Catat keputusan"),
        frame=(DIALOG,),
        on=NEAR,
    ),
    Picture("rapat-pleno-surat", who="sekretariat", at=record(PLENARIES, "001/BA-PLENO"), frame=(".bo-head",), on=NEAR),
    # banding
    Picture("banding-rincian", who="sekretariat", at=record(APPEALS, "Diajukan"), frame=("main form",), on=NEAR),
    # sertifikat
    Picture("sertifikat-terbitkan", who="sekretariat", at=f"{CERTIFICATES}terbitkan/", frame=(".bo-bulk",), on=NEAR),
    Picture(
        "sertifikat-halaman",
        who="sekretariat",
        at=record(CERTIFICATES, "Sari"),
        frame=(".bo-head", ".bo-acts .bo-acts-row"),
        mark=("text=Catat nomor blanko", "text=Unduh sertifikat (PDF)", ".bo-acts .bo-acts-row"),
        on=NEAR,
    ),
    Picture(
        "sertifikat-blanko",
        who="sekretariat",
        at=CERTIFICATES,
        do=ask_for(4, "Catat nomor blanko"),
        frame=(".bo-bulk",),
        on=NEAR,
    ),
    # pembekuan-dan-pencabutan
    Picture(
        "pembekuan-dan-pencabutan-bekukan",
        who="sekretariat",
        at=record(CERTIFICATES, "Sari"),
        do=open_dialog("Bekukan"),
        frame=(DIALOG,),
        on=NEAR,
    ),
    # surveilan
    Picture("surveilan-catat", who="sekretariat", at=due_surveillance, frame=("form:has(#id_done_on)",), on=NEAR),
    # perpanjangan
    Picture(
        "perpanjangan-segera-berakhir",
        who="sekretariat",
        at="/admin/",
        frame=("section:has(.bo-work)",),
        mark=(".bo-work li:has-text('Sertifikat berakhir dalam')",),
        on=NEAR,
    ),
)
