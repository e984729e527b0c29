"""Pictures of the candidate's manual, on a phone: from choosing a scheme to the certificate.

Siti, whose account the demo shows, has nothing but an old certificate: she is the one who fills in. What comes after
sending is seen at people of the demo who are that far; `of` says how far, and the picture fails where they are not.
Nobody here sends an application.
"""

import re
from collections.abc import Callable

from playwright.sync_api import Page

from core.demo import PASSWORD
from core.demo.cases import paper
from tests.demo_site import DESK, MORNING, PHONE, log_in
from tests.manual.picture import Picture

SCHEME = "/skema/distribusi-bantuan/"
NAME, ADDRESS = "Yohana Rumbiak", "yohana.rumbiak@contoh.id"
#: Valid in form and nobody's: the serial number is from the top of the range, as everywhere in the demo.
NIK = "3508104507909001"
#: Whom the institution of the demo invited, and who has not answered.
INVITED = "arif.lumajang@contoh.id"
#: Whose application is how far. The status is looked at before the picture.
DRAFT, SENT, MENDED, COMING, COMPETENT, APPEALED, HOLDER, SHARING = (
    ("asesi3@contoh.id", "Draf"),
    ("asesi11@contoh.id", "Terkirim"),
    ("asesi19@contoh.id", "Perlu diperbaiki"),
    ("asesi20@contoh.id", "Terjadwal"),
    ("asesi16@contoh.id", "Kompeten"),
    ("asesi6@contoh.id", "Banding"),
    ("asesi2@contoh.id", "Bersertifikat"),
    ("slamet.lumajang@contoh.id", "Terkirim"),
)
#: Who assesses the one whose session is coming.
ASSESSOR = "asesor3@contoh.id"


def of(person: tuple[str, str], then: str = "") -> Callable[[Page], None]:
    """The page of that person's application, or one below it."""

    def lead(page: Page) -> None:
        page.goto("/akun/")
        card = page.locator(".card:has(h3 a[href*='/permohonan/'])").first
        assert card.locator(".tag").first.inner_text() == person[1], card.inner_text()
        page.goto(card.locator("h3 a").get_attribute("href") + then)

    return lead


def newest_letter(page: Page, address: str) -> None:
    """Behind the first link of the newest letter to somebody."""
    page.goto("/demo/surat/")
    page.locator(".task", has_text=address).first.get_by_role("link").click()
    letter = page.locator(".inset")
    page.goto(re.search(r"https?://[^/\s]+(/\S+)", letter.inner_text())[1])


def _press(page: Page, name: str) -> None:
    page.locator("main").get_by_role("button", name=name).or_(
        page.locator("main").get_by_role("link", name=name)
    ).first.click()


def _register(page: Page) -> None:
    page.goto("/daftar/")
    page.get_by_label("Nama lengkap").fill(NAME)
    page.get_by_label("Alamat e-mail").fill(ADDRESS)
    page.get_by_label("Saya menyetujui").check()


def _wait_for_letter(page: Page) -> None:
    _register(page)
    _press(page, "Kirim tautan konfirmasi")
    page.wait_for_url("**/terkirim/")


def _choose_password(page: Page) -> None:
    _wait_for_letter(page)
    newest_letter(page, ADDRESS)
    page.get_by_label("Sandi").fill(PASSWORD)


def own_draft(page: Page) -> None:
    """The list of tasks of Siti's application, which is begun where it is not."""
    page.goto(SCHEME)
    _press(page, re.compile("^(Ajukan|Lanjutkan) permohonan"))
    page.wait_for_url("**/permohonan/**")


def _part(name: str) -> Callable[[Page], None]:
    def lead(page: Page) -> None:
        own_draft(page)
        page.locator(".tasks").get_by_role("link", name=name, exact=True).click()

    return lead


def _tell_of_oneself(page: Page) -> None:
    page.clock.set_fixed_time(MORNING)
    page.get_by_label("NIK").fill(NIK)
    page.get_by_label("Tempat lahir").fill("Lumajang")
    page.get_by_label("Kualifikasi pendidikan").select_option(label="SMA/Sederajat")
    page.locator("#nik-line").get_by_text("1990").wait_for()
    page.get_by_text(re.compile(r"^Tersimpan \d")).wait_for()
    page.evaluate("scrollTo(0, 0)")  # the sign stands where it is drawn, not where it follows the reader to


def _slot(name: str) -> str:
    return f'.slot:has(h3:text-is("{name}"))'


def _hand_in(page: Page) -> None:
    slot = page.locator(_slot("KTP"))
    if not slot.locator(".files li").count():
        photo = {"name": "foto-ktp.jpg", "mimeType": "image/jpeg", "buffer": paper("KTP", "Siti Rahmawati").getvalue()}
        slot.locator("input[type=file]").set_input_files(photo)
        slot.locator(".files li").wait_for()


def _lose_the_link(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    page.get_by_label("Alamat rumah").fill("Jalan Pattimura 5")
    page.get_by_text("Tanpa jaringan").first.wait_for()


def _first_unit(page: Page) -> None:
    own_draft(page)
    page.locator("h2:has-text('FR.APL-02') + ul a").first.click()
    page.locator(".element").first.wait_for()


def _work_of_ones_own(page: Page) -> None:
    evidence = page.locator(".element .choice", has_text="laporan-posko")  # named without the end of its file's name
    if not evidence.count():
        photo = paper("Laporan kegiatan posko", "Siti Rahmawati").getvalue()
        page.locator("#unit-file").set_input_files(
            {"name": "laporan-posko.jpg", "mimeType": "image/jpeg", "buffer": photo}
        )
        evidence.first.wait_for()
    page.locator(".element .seg label").first.click()
    page.locator(".element summary").first.click()
    page.get_by_text(re.compile(r"^Tersimpan \d")).evaluate("sign => sign.remove()")  # it lies over what is shown


def _look_over(page: Page) -> None:
    own_draft(page)
    page.goto(f"{page.url}periksa/")


def _without_address(page: Page) -> None:
    """The demo's own address is another one each time."""
    page.locator("#sertifikat .files__meta").last.evaluate("line => line.remove()")


def paper_to_sign(page: Page) -> None:
    """FR.AK.01 of the person whose session is coming; their assessor has laid it before them."""
    of(COMING)(page)
    if not page.get_by_role("link", name="FR.AK.01").count():
        _lay_before(page, page.url.rstrip("/").rsplit("/", 1)[1])
        page.reload()


def _lay_before(page: Page, number: str) -> None:
    browser = page.context.browser
    assert browser is not None
    desk = browser.new_context(base_url=page.url.split("/permohonan")[0], locale="id-ID", **DESK)
    try:
        screen = desk.new_page()
        log_in(screen, ASSESSOR, at_desk=True)
        screen.goto(f"/admin/core/application/?q={number}")
        screen.locator("#result_list tbody tr a").first.click()
        if screen.get_by_role("button", name="Siapkan berkas asesmen").count():
            screen.get_by_role("button", name="Siapkan berkas asesmen").click()
        screen.locator(".bo-sheets li", has_text="FR.AK.01").get_by_role("link").first.click()
        screen.locator("input[type=checkbox]").first.check()
        screen.locator("button[name=save]").click()
        screen.wait_for_load_state("networkidle")
    finally:
        desk.close()


def _sign(page: Page) -> None:
    page.get_by_role("link", name="FR.AK.01").first.click()
    page.get_by_role("heading", name="Tanda tangan", exact=True).wait_for()


def _begin_renewal(page: Page) -> None:
    page.goto("/akun/")
    page.locator("#sertifikat").get_by_role("link", name=re.compile("^Perpanjang")).first.click()


def _phone(
    name: str, who: str | None, at: str | Callable, do: Callable | None = None, **more: tuple[str, ...]
) -> Picture:
    return Picture(name, who, at, do, on=PHONE, **more)


H1 = "main h1"
PICTURES: tuple[Picture, ...] = (
    _phone("asesi-undangan-terima", None, lambda page: newest_letter(page, INVITED),
           frame=(H1, ".summary"), mark=(".summary__row >> nth=1",)),
    _phone("asesi-skema-cari", None, "/skema/?cari=air bersih",
           frame=("main form.filter", ".grid .card"), mark=("#cari", ".grid .card h3 a")),
    _phone("asesi-skema-ajukan", None, SCHEME,
           frame=(".card.screen-only",), mark=(".card.screen-only .btn",)),
    _phone("asesi-mendaftar-formulir", None, "/daftar/", _register,
           frame=(H1, "main form .actions"), mark=("#id_full_name", "#id_email", "main form details")),
    _phone("asesi-mendaftar-surat", None, _wait_for_letter, frame=(H1, "main .narrow p >> nth=1")),
    _phone("asesi-mendaftar-sandi", None, _choose_password, frame=(H1, "main form .actions")),
    _phone("asesi-lupa-sandi-masuk", None, "/masuk/",
           frame=(H1, "main .narrow > p"), mark=("main a[href='/lupa-sandi/']",)),
    _phone("asesi-apl-01-daftar-tugas", "asesi", own_draft,
           frame=("main progress", ".task:has-text('Tujuan asesmen')"), mark=("main .actions .btn", ".task >> nth=0")),
    _phone("asesi-apl-01-data-pribadi", "asesi", _part("Data pribadi"), _tell_of_oneself,
           frame=(".sign", "#nik-line"), mark=(".sign", "#id_nik", "#nik-line")),
    _phone("asesi-apl-01-tujuan", "asesi", _part("Tujuan asesmen"),
           lambda page: page.locator("input[type=radio]").first.check(), frame=("main form fieldset",)),
    _phone("asesi-bukti-unggah", "asesi", _part("Bukti persyaratan"),
           frame=(_slot("KTP"),), mark=(f"{_slot('KTP')} .slot__add",)),
    _phone("asesi-bukti-tersimpan", "asesi", _part("Bukti persyaratan"), _hand_in,
           frame=(_slot("KTP"),), mark=(f"{_slot('KTP')} .tag", f"{_slot('KTP')} .files button")),
    _phone("asesi-sambungan-terputus", "asesi", _part("Alamat dan kontak"), _lose_the_link,
           frame=(H1, "#id_home_address"), mark=(".sign",)),
    _phone("asesi-apl-02-jawab", "asesi", _first_unit, _work_of_ones_own,
           frame=(".element >> nth=0",), mark=(".element summary >> nth=0", ".element .seg >> nth=0", ".element .choices >> nth=0")),
    _phone("asesi-apl-02-bukti-baru", "asesi", _first_unit, frame=(".field:has(#unit-file)", "main form > .actions"),
           mark=(".field:has(#unit-file) input", "[name=set_all]")),
    _phone("asesi-kirim-periksa", "asesi", _look_over, frame=(H1, "main .section h2 >> nth=0"),
           mark=("main .note + ul", "main .section a.small")),
    _phone("asesi-kirim-tanda-tangan", MENDED[0], of(MENDED, "periksa/"),
           frame=("main .section >> nth=-1",), mark=("main .section .choice >> nth=-1", "main .btn--start")),
    _phone("asesi-kirim-terkirim", SENT[0], of(SENT, "terkirim/"), frame=(".panel", "main h2 + p")),
    _phone("asesi-mengikuti-meja", COMING[0], "/akun/", frame=("main .cols h2", "main .card")),
    _phone("asesi-mengikuti-perjalanan", SENT[0], of(SENT), frame=(H1, ".timeline li >> nth=3"),
           mark=("main .tag", ".timeline .is-current")),
    _phone("asesi-memperbaiki-daftar", MENDED[0], of(MENDED), frame=("main progress", ".task:has-text('Bukti persyaratan')"),
           mark=("main .btn", ".task:has-text('Bukti persyaratan')")),
    _phone("asesi-jadwal-rincian", COMING[0], of(COMING), frame=("section[aria-labelledby=jadwal]",),
           mark=("section[aria-labelledby=jadwal] .btn",)),
    _phone("asesi-hari-uji-tugas", COMING[0], paper_to_sign, frame=(H1, "main .tasks")),
    _phone("asesi-hari-uji-tanda-tangan", COMING[0], paper_to_sign, _sign, frame=("main .section >> nth=-1",)),
    _phone("asesi-hasil-kompeten", COMPETENT[0], of(COMPETENT), frame=(H1, "main .note")),
    _phone("asesi-hasil-banding", APPEALED[0], of(APPEALED), frame=("main .cols .section",),
           mark=("main .cols .section ul", ".timeline .is-current")),
    _phone("asesi-sertifikat-kartu", HOLDER[0], "/akun/", _without_address, frame=("#sertifikat",),
           mark=("#sertifikat .standing", "#sertifikat .files li >> nth=0", "#sertifikat .files li >> nth=2")),
    _phone("asesi-keaslian-tanya", None, "/verifikasi/", frame=(H1, "main form"), mark=("#kode",)),
    _phone("asesi-keaslian-jawaban", HOLDER[0], of(HOLDER), lambda page: _press(page, "Halaman verifikasi"),
           frame=("main .note", "main .summary"), mark=("main .summary__row >> nth=0", "main .summary__row >> nth=2")),
    _phone("asesi-perpanjangan-lama", "asesi", "/akun/", frame=("#sertifikat .card",)),
    _phone("asesi-perpanjangan-mulai", HOLDER[0], _begin_renewal, frame=(H1, "main form"), mark=("main form .btn >> nth=0",)),
    _phone("asesi-bertanya-formulir", "asesi", "/kontak/", frame=("main form", "main form .actions"),
           mark=("#id_topic", "#id_text", "#id_about")),
    _phone("asesi-bertanya-pesan", "asesi", "/akun/pesan/", frame=(H1, "#surat .task >> nth=1")),
    _phone("asesi-data-pribadi-salinan", "asesi", "/akun/data/", frame=(H1, "main .section .btn")),
    _phone("asesi-data-pribadi-hasil", SHARING[0], "/akun/data/",
           frame=("main .section:has(h2:text-is('Instansi yang mengundang saya'))",)),
    _phone("asesi-keamanan-akun", "asesi", "/akun/keamanan/", frame=(H1, "main .section >> nth=1")),
    _phone("asesi-mundur-tanya", SENT[0], of(SENT, "batalkan/"), frame=(H1, "main form .actions")),
)  # fmt: skip
