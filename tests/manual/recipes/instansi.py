"""Pictures of the manual of an institution's officer, at a desk. Nobody is invited here, and nothing is withdrawn."""

from collections.abc import Callable

from playwright.sync_api import Page

from core.imports.writing import csv_bytes
from core.institutions.people_file import EMAIL, NAME, POSITION, SCHEME
from tests.manual.picture import Picture

PEOPLE = (
    ("Hartono Saputra", "hartono.lumajang@contoh.id", "Analis kebencanaan", "Distribusi Bantuan"),
    ("Wulan Maharani", "wulan.lumajang@contoh.id", "Staf logistik", "Mengoptimalkan Kerja Relawan"),
    ("Gita Lubis", "gita.lumajang@contoh.id", "Petugas pusdalops", "Distribusi Bantuan"),
)
#: An address that is no address, and a scheme that is not there.
WRONG = (
    ("Umar Santoso", "umar.lumajang@contoh", "Staf logistik", "Distribusi Bantuan"),
    ("Desi Wibowo", "desi.lumajang@contoh.id", "Petugas pusdalops", "Bagi Bantuan"),
)
#: Of an institution that waits for the secretariat.
WAITING = "instansi2@contoh.id"


def batch(page: Page) -> None:
    page.goto("/instansi/meja/")
    page.locator("h3 a[href*='/rombongan/']").last.click()  # the one that the demo begins with


def _checked(*rows: tuple[str, ...]) -> Callable[[Page], None]:
    def lead(page: Page) -> None:
        page.goto("/instansi/pendaftaran/")
        content = csv_bytes([NAME, EMAIL, POSITION, SCHEME], [list(row) for row in rows])
        page.locator("input[type=file]").set_input_files(
            {"name": "pegawai.csv", "mimeType": "text/csv", "buffer": content}
        )
        page.get_by_role("button", name="Periksa berkas").click()
        page.get_by_role("heading", name="Hasil pemeriksaan").wait_for()

    return lead


def _somebody(page: Page) -> None:
    batch(page)
    page.get_by_role("link", name="Kelola").first.click()
    page.get_by_role("heading", name="Alamat salah tulis?").wait_for()


def _only_sent(page: Page) -> None:
    page.locator(".stages a", has_text="permohonan terkirim").click()
    page.get_by_role("link", name="Tampilkan semua").wait_for()


def _register(page: Page) -> None:
    page.get_by_label("Nama instansi").fill("BPBD Kota Ambon")


H1 = "main h1"
PICTURES: tuple[Picture, ...] = (
    Picture("instansi-mendaftar-formulir", None, "/instansi/daftar/", _register, frame=(H1, "#id_region"),
            mark=("#id_name", "#id_region")),
    Picture("instansi-mendaftar-menunggu", WAITING, "/instansi/meja/", frame=(H1, "main .cols .note")),
    Picture("instansi-data-meja", "instansi", "/instansi/meja/", frame=("main aside",),
            mark=("main aside a[href='/instansi/data/']", "main aside a[href='/instansi/petugas/']",
                  "main aside a[href='/akun/keamanan/']")),
    Picture("instansi-data-petugas", "instansi", "/instansi/petugas/", frame=("main .narrow",)),
    Picture("instansi-orang-unggah", "instansi", "/instansi/pendaftaran/", frame=(H1, "main .ways"),
            mark=("main .ways .btn", "main .ways input[type=file]", "main .ways button")),
    Picture("instansi-orang-kesalahan", "instansi", _checked(*PEOPLE, *WRONG), frame=(H1, "main .section table"),
            mark=("main .grid", "main .section .btn", "main .section table")),
    Picture("instansi-orang-kirim", "instansi", _checked(*PEOPLE), frame=("#siap", "main form .actions"),
            mark=("main form .choice", "main form .btn")),
    Picture("instansi-rombongan-daftar", "instansi", batch, frame=(H1, "main tbody tr >> nth=5"),
            mark=("main .stages", "main form .btn", "main tbody a")),
    Picture("instansi-rombongan-kelola", "instansi", _somebody, frame=(H1, "main .section >> nth=-1"),
            mark=("main .section >> nth=0", "#id_email", "main .btn--danger")),
    Picture("instansi-hasil-terkirim", "instansi", batch, _only_sent, frame=(H1, "main table"),
            mark=("main .stages [aria-current]",)),
)  # fmt: skip
