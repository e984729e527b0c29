"""Pictures of the second half of the secretariat's manual: registers, people, recaps, import, letters, settings.

Shown on a window somewhat narrower than the usual desk, so that the words are still read in a book.
"""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

from tests.manual.picture import Picture

#: Taller than what is shown, so that the bar with “Simpan” at the lower edge lies over none of it.
WINDOW = {"viewport": {"width": 1024, "height": 1600}}
TALL = {"viewport": {"width": 1024, "height": 2200}}
#: Where the preview stands beside the form only on a wide screen.
WIDE = {"viewport": {"width": 1280, "height": 1200}}
#: The head of a screen with its buttons.
HEAD = "#main > header"


def row(text: str) -> str:
    return f"#result_list tbody tr:has-text('{text}') >> nth=0"


def row_number(number: int) -> str:
    return f"#result_list tbody tr >> nth={number - 1}"


def cell(number: int, name: str) -> str:
    return f"{row_number(number)} >> .field-{name}"


def button(label: str) -> str:
    return f":is(a, button):visible:text-is('{label}')"


def action(label: str) -> str:
    """A button in the head of a screen; an icon stands before its words."""
    return f"{HEAD} li:has-text('{label}')"


def field(name: str) -> str:
    return f".form-row:has(.field-{name})"


def group(number: int) -> str:
    """Of the fields of a form."""
    return f"#content-main form fieldset.module >> nth={number - 1}"


def card(heading: str) -> str:
    return f"section.bo-card:has(:is(h2, h3):has-text('{heading}'))"


def of(model: str, text: str = "", then: str = "change/") -> Callable[[Page], None]:
    """Through the list of `model` to its first row that says `text`; `then`: which screen of that row."""

    def go(page: Page) -> None:
        page.goto(f"/admin/core/{model}/")
        link = page.locator(row(text)).locator("a[href*='/change/']").first.get_attribute("href") or ""
        page.goto(link.split("?")[0].replace("change/", then))

    return go


def press(page: Page, *labels: str) -> None:
    """One after the other."""
    for label in labels:
        page.locator(f"{action(label)} a, {button(label)}").first.click()
        page.wait_for_load_state("networkidle")


def pressed(*labels: str) -> Callable[[Page], None]:
    return lambda page: press(page, *labels)


def fill(page: Page, **values: str) -> None:
    """Fields by their name; none is left blinking."""
    for name, value in values.items():
        page.locator(f"[name={name}]").fill(value)
    page.evaluate("document.activeElement.blur()")


def filled(**values: str) -> Callable[[Page], None]:
    return lambda page: fill(page, **values)


def uploaded(name: str, *lines: str) -> Callable[[Page], None]:
    """A file of rows is chosen and checked."""

    def do(page: Page) -> None:
        content = "\r\n".join(lines).encode()
        page.locator("[name=file]").set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})
        press(page, "Periksa berkas")

    return do


def columns_matched(*file: str) -> Callable[[Page], None]:
    """The second column of a file with headings of its own is told by hand."""

    def do(page: Page) -> None:
        uploaded(*file)(page)
        page.locator(".bo-match-row select").nth(1).select_option(index=2)
        press(page, "Lihat pratinjau")

    return do


# --- what needs more than a press or two ------------------------------------------------------------------


def find_account(page: Page) -> None:
    press(page, "Tautkan ke akun")
    fill(page, email="asesi@contoh.id")
    press(page, "Cari akun")


def unit_text_with_one_line_more(page: Page) -> None:
    text = page.locator("textarea[name$=text]")
    text.fill(text.input_value().rstrip() + "\n2.5 Keluhan dan saran pemangku kepentingan dicatat.")
    press(page, "Periksa dahulu")


def venue_changed_twice(page: Page) -> None:
    """Something to look back on."""
    for name, reason in (("Ir. Bambang Setiawan", ""), ("Ratna Dewi, S.Sos.", "Penanggung jawab berganti 1 November")):
        of("venue", "Pusdiklat")(page)
        fill(page, contact_name=name, _reason=reason)
        press(page, "Simpan")
    of("venue", "Pusdiklat", "history/")(page)


def line_opened(page: Page) -> None:
    """A draft of the next version is there after the first time."""
    of("formdefinition", "FR.AK.03")(page)
    if (next_one := page.locator("#bo-side a:has-text('Siapkan versi berikutnya')")).count():
        next_one.click()
        page.locator("#bo-act-body button[data-tone=primary]").click()
        page.wait_for_url("**versi=3**")
    page.locator("#daftar-baris li.bo-line summary").nth(1).click()


def publishing(page: Page) -> None:
    press(page, "Terbitkan")
    page.locator("#modal-content").wait_for()


def page_draft(page: Page) -> None:
    of("page", "Layanan")(page)
    fill(page, summary="Sertifikasi, sertifikasi ulang, dan pemeriksaan keaslian sertifikat, semuanya tanpa biaya.")
    press(page, "Simpan dan terus mengedit")
    page.goto(page.url)  # without what was said about the saving


def in_window(
    name: str,
    at: str | Callable[[Page], Any],
    do: Callable[[Page], Any] | None = None,
    *,
    frame: tuple[str, ...] = (),
    mark: tuple[str, ...] = (),
    on: dict = WINDOW,
) -> Picture:
    return Picture(name, "sekretariat", at, do, frame, mark, on)


VENUES = "Kode TUK;Nama TUK;Jenis TUK;Alamat;Kode kabupaten/kota;Daya tampung;Verifikasi berlaku sampai"
PADANG = "tuk-padang;TUK BPBD Kota Padang;TUK tempat kerja;Jalan Jenderal Sudirman 1;1371;24;30-06-2028"
AMBON = "tuk-ambon;TUK Lapangan Ambon;TUK sewaktu;Lapangan Merdeka, Ambon;8171;30;17-11-2028"
BIMA = "tuk-bima;TUK BPBD Bima;TUK keliling;Jalan Soekarno-Hatta 5;5272;dua puluh;31-02-2028"
IMPORT = (".bo-import section >> nth=0", ".bo-import section >> nth=1")

CERTIFICATES = (
    in_window(
        "sertifikat-lama-daftar", "/admin/core/pastcertificate/",
        frame=(HEAD, row_number(5)), mark=(action("Impor"), "#searchbar", row_number(1)),
    ),
    in_window(
        "sertifikat-lama-tindakan", of("pastcertificate", "Nurul Aini"),
        frame=(HEAD, group(1)), mark=(action("Bekukan"), action("Cabut"), action("Tautkan ke akun")),
    ),
    in_window(
        "sertifikat-lama-tautkan", of("pastcertificate", "Nurul Aini"), find_account,
        frame=(".bo-act-form",), mark=("label[for=id_email]", ".bo-act-form dl", button("Tautkan")),
    ),
    in_window(
        "serah-terima-bnsp-pilih", "/admin/core/handover/add/",
        frame=("form.bo-card:has(.bo-handover-choice)",),
        mark=(".bo-handover-choice label >> nth=0", button("Siapkan serah terima")),
    ),
    in_window(
        "serah-terima-bnsp-periksa", of("handover", "Rapat pleno banding"),
        frame=(".bo-head", card("Yang ditemukan")),
        mark=(".bo-handover-steps", f"{card('Yang ditemukan')} tbody tr >> nth=0", ".bo-handover-table .bo-button >> nth=0"),
    ),
    in_window(
        "serah-terima-bnsp-berkas", of("handover", "BNSP-CONTOH"),
        frame=(card("Berkas"),), mark=(".bo-members", button("Unduh semua (ZIP)")),
    ),
)  # fmt: skip

PEOPLE = (
    in_window(
        "asesi-cari", "/admin/core/candidateprofile/?q=dian",
        frame=(HEAD, "#result_list tbody tr:last-child"), mark=("#searchbar", row_number(1)),
    ),
    in_window(
        "asesor-baru", "/admin/core/assessorprofile/add/", filled(registration_number="MET.000.004567 2026"),
        frame=(group(1),), mark=(field("user"), field("certificate_expires_on")),
    ),
    in_window(
        "asesor-kualifikasi", of("assessorprofile", "Surya"),
        frame=("#qualifications-heading", "#qualifications-data tr.form-row >> nth=3"),
        mark=(".field-scheme >> nth=0", ".field-valid_until >> nth=0", ".field-note >> nth=0"),
    ),
    in_window(
        "instansi-terdaftar-putuskan", of("institution", "Yayasan Siaga"),
        frame=(".bo-head", "#bo-acts"), mark=(card("Petugas"), button("Setujui instansi"), button("Tolak dengan alasan")),
    ),
    in_window(
        "instansi-terdaftar-rombongan", of("invitationbatch", "UND-"),
        frame=(".bo-head", ".bo-invited tbody tr >> nth=6"), mark=(".bo-invited th:nth-child(4)",),
    ),
    in_window(
        "tuk-daftar", "/admin/core/venue/",
        frame=(HEAD, row_number(3)), mark=("a.addlink", cell(2, "validity_column")),
    ),
    in_window(
        "tuk-baru", "/admin/core/venue/add/",
        filled(name="TUK BPBD Kota Padang", capacity="24", contact_name="Rina Marlina", verification_number="12/TUK/2026"),
        frame=(group(1), group(3)), mark=(field("code"), field("region"), group(3)),
    ),
)  # fmt: skip

RECAPS = (
    in_window(
        "rekap-sertifikasi-pilihan", "/admin/rekap-sertifikasi/",
        frame=(".bo-recap-form", ".bo-cards"), mark=("label[for=baris]", "label[for=jangka]", button("Tampilkan")),
    ),
    in_window(
        "rekap-sertifikasi-tabel", "/admin/rekap-sertifikasi/?baris=skema&jangka=tahun-ini",
        frame=("section:has(table) >> nth=0",), mark=("section:has(table) tbody tr:first-child a >> nth=0",),
    ),
    in_window(
        "rekap-sertifikasi-kirim",
        lambda page: page.goto("/admin/rekap-sertifikasi/") and page.get_by_role("link", name="Atur Laporan bulanan").click(),
        frame=("form.bo-card:has(#tanggal)",), mark=("label[for=tanggal]", "fieldset.bo-parts legend", button("Simpan jadwal")),
    ),
    in_window(
        "rekap-dokumen-pilihan", "/admin/rekap-dokumen/",
        frame=(".bo-recap-form", ".bo-charts section >> nth=1"), mark=(button("Tampilkan"), ".bo-bars a >> nth=0", ".bo-behind summary >> nth=0"),
    ),
)  # fmt: skip

ROWS = (
    in_window(
        "impor-ekspor-unggah", "/admin/core/venue/impor/",
        frame=IMPORT, mark=(button("Unduh templat Excel"), ".bo-drop .bo-button", button("Periksa berkas")),
    ),
    in_window(
        "impor-ekspor-perubahan", "/admin/core/venue/impor/", uploaded("tuk-2026.csv", VENUES, PADANG, AMBON),
        frame=IMPORT, mark=(card("Yang akan berubah"), button("Terapkan semua perubahan")),
    ),
    in_window(
        "impor-ekspor-cocokkan", "/admin/core/venue/impor/",
        columns_matched("daftar-tuk.csv", "Kode TUK;Tempat uji;Jenis TUK;Daya tampung asesi", "tuk-padang;TUK BPBD Kota Padang;TUK tempat kerja;24"),
        frame=(".bo-import",), mark=(".bo-match-row >> nth=1", button("Lihat pratinjau"), card("Pratinjau baris pertama")),
    ),
    in_window(
        "impor-ekspor-kesalahan", "/admin/core/venue/impor/", uploaded("tuk-2026.csv", VENUES, PADANG, BIMA),
        frame=IMPORT, mark=(".bo-import section >> nth=1", button("Unduh berkas bertanda"), button("Unggah lagi")),
    ),
    in_window(
        "impor-ekspor-ekspor", "/admin/core/venue/ekspor/",
        frame=(".bo-export",), mark=("fieldset:has(.bo-choices)", "fieldset:has(.bo-export-columns)", button("Unduh")),
    ),
)  # fmt: skip

JOBS = (
    in_window(
        "pekerjaan-latar-hasil", of("job", "Ekspor Sertifikat"),
        frame=(".bo-head",), mark=(".bo-head-line", ".bo-facts", button("Unduh hasil")),
    ),
)  # fmt: skip

LETTERS = (
    in_window("pesan-masuk-daftar", "/admin/core/ticket/", frame=(HEAD, row_number(3)), mark=(row_number(1), cell(1, "due_column"))),
    in_window(
        "pesan-masuk-jawab", of("ticket", "TIK-2026-00002"), lambda page: page.locator("summary:has-text('Jawaban siap pakai')").click(),
        frame=(".bo-head", ".bo-ticket"), mark=(button("Kirim jawaban"), button("Ambil")),
    ),
    in_window(
        "pesan-templat", of("messagetemplate", "Digantikan dalam jadwal uji"), on=WIDE,
        frame=(field("subject"), ".form-row:has-text('Isian yang dapat disisipkan')", ".bo-pane"), mark=(field("body"), "#bo-letter", button("Kirim uji ke saya")),
    ),
    in_window(
        "permintaan-data-jawab", of("privacyrequest", "PDP-"),
        frame=(".bo-head", "#bo-acts"), mark=(".bo-facts", button("Kirim kepada pemohon"), button("Jawab: dipenuhi")),
    ),
)  # fmt: skip

SCHEMES = (
    in_window(
        "skema-draf", of("scheme", "Koordinator"),
        frame=(".bo-editor > :first-child", "#unit", "#bo-side section >> nth=0"),
        mark=("#cari-unit", "#daftar-unit li >> nth=0", "#bo-side section >> nth=0"),
    ),
    in_window(
        "unit-dan-standar-tempel", of("competencyunit", "004.01", "teks/"), unit_text_with_one_line_more,
        frame=(".bo-unit-text",), mark=("textarea", ".bo-unit-text .bo-diff", button("Simpan teks unit")),
    ),
    in_window(
        "formulir-asesmen-baris", line_opened,
        frame=("#baris h3", "#daftar-baris li.bo-line >> nth=2"), mark=("#daftar-baris details[open] .bo-line-form", button("Simpan baris")),
    ),
)  # fmt: skip

PORTAL = (
    in_window(
        "halaman-dan-menu-sunting", page_draft, on=WIDE,
        frame=(HEAD, field("body")), mark=(field("body"), ".bo-pane-tools", action("Terbitkan")),
    ),
    in_window("halaman-dan-menu-terbitkan", of("page", "Layanan"), publishing, frame=("#modal-content",)),
    in_window(
        "isi-portal-tanya-jawab", of("question", "Siapa yang dapat"), on=WIDE,
        frame=(field("question"), field("answer"), ".bo-pane > .bo-card-head"), mark=(field("group"), field("answer"), ".bo-pane-tools"),
    ),
    in_window(
        "isi-portal-kapan", of("announcement", "Sekretariat tutup"),
        frame=(group(2),), mark=(field("is_published"), field("live_from"), field("is_pinned")), on=TALL,
    ),
)  # fmt: skip

SETTINGS = (
    in_window(
        "pengaturan-semua", "/admin/pengaturan/",
        frame=(".bo-setup section >> nth=0", ".bo-setup section >> nth=1"), mark=(".bo-setup-cards a:has([data-tone]) >> nth=0",),
    ),
    in_window(
        "data-lsp-logo", "/admin/core/officedata/",
        frame=(group(1), group(3)), mark=(group(1), ".form-row:has([type=file])", group(3)),
    ),
    in_window(
        "jenis-dokumen-ubah", of("documenttype", "KTP"),
        frame=(group(1), group(3)), mark=(group(2), field("is_identity")),
    ),
    in_window(
        "pola-nomor-ubah", of("numberingrule", "Nomor permohonan"), filled(pattern="APL-{tahun}-{bulan}-{urut:04d}"),
        frame=(group(1),), mark=(field("pattern"), ".form-row:has-text('Tiga nomor berikutnya')"),
    ),
    in_window(
        "teks-persetujuan-versi", "/admin/core/consenttext/add/", filled(version="2", title="Persetujuan pemrosesan data pribadi"),
        frame=(group(1),), mark=(field("purpose"), field("version")),
    ),
    in_window(
        "daftar-kode-ubah", of("codelist", "Sumber anggaran"),
        frame=(group(1), "#content-main form fieldset.module >> nth=1"),
    ),
    in_window(
        "hari-libur-daftar", "/admin/core/holiday/",
        frame=(HEAD, row_number(8)), mark=(action("Impor"), "a.addlink", cell(1, "counts_column")),
    ),
)  # fmt: skip

LOOKING_BACK = (
    in_window(
        "riwayat-versi-daftar", venue_changed_twice,
        frame=(".bo-versions-page",), mark=(".bo-version:has(.bo-version-links) >> nth=0", button("Bandingkan")),
    ),
    in_window(
        "riwayat-versi-pulihkan", of("venue", "Pusdiklat", "history/"), pressed("Pulihkan"),
        frame=(".bo-versions-page",), mark=("section.bo-card", button("Pulihkan versi ini")),
    ),
    in_window(
        "masa-simpan-tahan", "/admin/core/legalhold/add/?jenis=application",
        filled(acuan="APL-2026-000002", reason="Diperlukan pemeriksaan Inspektorat sampai laporannya selesai."),
        frame=("form:has(#acuan)",), mark=("label[for=acuan]", "label[for=reason]", button("Tahan")),
    ),
)  # fmt: skip

PICTURES: tuple[Picture, ...] = (
    *CERTIFICATES, *PEOPLE, *RECAPS, *ROWS, *JOBS, *LETTERS, *SCHEMES, *PORTAL, *SETTINGS, *LOOKING_BACK
)  # fmt: skip
