"""Clause 2g: recaps of certified, registered and in-process candidates; of documents; and their export."""

import io
import re

from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.acceptance.script import acceptance
from tests.acceptance.site import number_in, rows_listed
from tests.acceptance.test_2f_export import rows_of_csv, rows_of_excel


def figure(page: Page, words: str) -> int:
    return number_in(page.get_by_role("link", name=re.compile(rf"^[\d.]+ {words}$")).first.inner_text())


def follow(page: Page, words: str) -> int:
    """The number of rows of the list behind a figure."""
    page.get_by_role("link", name=re.compile(rf"^[\d.]+ {words}$")).first.click()
    return rows_listed(page)


@acceptance(
    "UAT-2g-01",
    "Rekap peserta terdaftar, dalam proses, dan tersertifikasi",
    answers=("2g",),
    purpose="Ketiga jumlah tampil pada satu halaman, dan setiap jumlah sama dengan daftar orang di baliknya.",
    role="Sekretariat",
    before="Masuk sebagai sekretariat.",
)
def test_the_recap_of_candidates_counts_what_is_listed(script, site):
    page = script.page = site.page_of("sekretariat")
    with script.step(
        "Buka “Rekap sertifikasi”.", expect="Jumlah Terdaftar, Dalam proses, dan Bersertifikat tampil."
    ) as step:
        page.goto("/admin/rekap-sertifikasi/")
        told = {words: figure(page, words) for words in ("Terdaftar", "Dalam proses", "Bersertifikat")}
        step.found("; ".join(f"{words} {number}" for words, number in told.items()) + ".")
        step.look_at(page.get_by_role("link", name=re.compile("Terdaftar$")).first)
    with script.step("Tekan jumlah “Terdaftar”.", expect="Daftarnya memuat sebanyak itu.") as step:
        listed = follow(page, "Terdaftar")
        assert listed == told["Terdaftar"], (listed, told)
        step.found(f"{listed} baris.")
        step.look_at(page.get_by_role("navigation", name="Halaman daftar"))
    with script.step("Kembali, tekan jumlah “Dalam proses”.", expect="Daftarnya memuat sebanyak itu.") as step:
        page.goto("/admin/rekap-sertifikasi/")
        listed = follow(page, "Dalam proses")
        assert listed == told["Dalam proses"], (listed, told)
        step.found(f"{listed} baris.")
        step.look_at(page.get_by_role("navigation", name="Halaman daftar"))
    with script.step(
        "Kembali, tekan jumlah “Bersertifikat”.", expect="Daftarnya memuat sebanyak itu, semuanya bersertifikat."
    ) as step:
        page.goto("/admin/rekap-sertifikasi/")
        listed = follow(page, "Bersertifikat")
        assert listed == told["Bersertifikat"], (listed, told)
        step.found(f"{listed} baris.")
        step.look_at(page.get_by_role("navigation", name="Halaman daftar"))
    with script.step(
        "Pilih baris “Skema”, tekan “Tampilkan”.", expect="Tabel per skema; jumlahnya sama dengan keseluruhan."
    ) as step:
        page.goto("/admin/rekap-sertifikasi/")
        page.get_by_label("Baris").select_option(label="Skema")
        page.get_by_role("button", name="Tampilkan").click()
        total = page.get_by_role("row").filter(has_text=re.compile("^Jumlah")).first
        total.evaluate("e => e.closest('details') && (e.closest('details').open = true)")
        assert number_in(total.locator("td").first.inner_text()) == told["Terdaftar"], total.inner_text()
        step.found(" ".join(total.inner_text().split()))
        step.look_at(total)


@acceptance(
    "UAT-2g-02",
    "Rekap dokumen",
    answers=("2g", "2d"),
    purpose="Jumlah, ukuran, dan kelengkapan dokumen terlihat; setiap jumlah sama dengan daftarnya; berkas yang kurang dapat ditindaklanjuti.",
    role="Sekretariat",
    before="Masuk sebagai sekretariat.",
)
def test_the_recap_of_documents_counts_what_is_listed(script, site):
    page = script.page = site.page_of("sekretariat")
    with script.step(
        "Buka “Rekap dokumen”.", expect="Dokumen masuk, penyimpanan terpakai, berkas lengkap dan belum lengkap."
    ) as step:
        page.goto("/admin/rekap-dokumen/")
        told = {words: figure(page, words) for words in ("Dokumen masuk", "Berkas belum lengkap", "Berkas lengkap")}
        step.found("; ".join(f"{words} {number}" for words, number in told.items()) + ".")
        step.look_at(page.get_by_role("link", name=re.compile("Dokumen masuk$")).first)
    with script.step(
        "Tunggu satu menit sampai rekap terhitung, lalu tekan jumlah “Dokumen masuk”.",
        expect="Daftarnya memuat sebanyak itu.",
    ) as step:
        for _count in range(4):  # what came in this minute is counted with the next; papers are printed meanwhile
            site.manage("rebuild_recap")
            page.goto("/admin/rekap-dokumen/")
            told["Dokumen masuk"] = figure(page, "Dokumen masuk")
            listed = follow(page, "Dokumen masuk")
            if listed == told["Dokumen masuk"]:
                break
        assert listed == told["Dokumen masuk"], (listed, told)
        step.found(f"{listed} baris.")
        step.look_at(page.get_by_role("navigation", name="Halaman daftar"))
    with script.step(
        "Kembali, tekan jumlah “Berkas belum lengkap”, buka satu permohonan.",
        expect="Dokumen yang kurang disebut namanya.",
    ) as step:
        page.goto("/admin/rekap-dokumen/")
        told["Berkas belum lengkap"] = figure(page, "Berkas belum lengkap")
        listed = follow(page, "Berkas belum lengkap")
        assert listed == told["Berkas belum lengkap"], (listed, told)
        case = page.locator("#result_list tbody th a").first.get_attribute("href").split("/change/")[0]
        page.goto(f"{case}/berkas/")
        missing = page.get_by_text(re.compile(r"Kurang \d+ dokumen")).first
        expect(missing).to_be_visible()
        step.found(f"{listed} permohonan; yang pertama: {missing.inner_text()}.")
        step.look_at(missing)


@acceptance(
    "UAT-2g-03",
    "Ekspor rekap ke CSV, Excel, dan PDF",
    answers=("2g", "2f"),
    purpose="Rekap yang diunduh memuat jumlah yang sama dengan layar, dalam ketiga bentuk.",
    role="Sekretariat",
    before="Masuk sebagai sekretariat.",
)
def test_recaps_are_exported_with_the_same_numbers(script, site):
    page = script.page = site.page_of("sekretariat")
    with script.step("Buka “Rekap sertifikasi” dengan baris “Skema”.", expect="Tabel rekap per skema tampil.") as step:
        page.goto("/admin/rekap-sertifikasi/?baris=skema")
        registered = figure(page, "Terdaftar")
        step.found(f"Terdaftar {registered}.")
    with script.step("Tekan “Unduh CSV”, buka.", expect="Baris jumlah sama dengan layar.") as step:
        with page.expect_download() as download:
            page.get_by_role("link", name="Unduh CSV").click()
        comma = rows_of_csv(download.value)
        heads, first = comma[0], "Permohonan menurut skema"
        part, column, value = (heads.index(name) for name in ("Bagian", "Kolom", "Nilai"))
        summed = sum(int(row[value]) for row in comma[1:] if (row[part], row[column]) == (first, "Terdaftar"))
        assert summed == registered, (summed, registered)
        step.shows("\n".join(" | ".join(row) for row in comma))
    with script.step("Tekan “Unduh Excel”, buka.", expect="Angka yang sama dengan CSV.") as step:
        with page.expect_download() as download:
            page.get_by_role("link", name="Unduh Excel").click()
        sheet = rows_of_excel(download.value)
        total = next(row for row in sheet if row[0] == "Jumlah")
        assert total[sheet[0].index("Terdaftar")] == str(registered), total
        step.shows("\n".join(" | ".join(row) for row in sheet))
    with script.step("Tekan “Unduh PDF”, buka.", expect="Dokumen siap cetak dengan jumlah yang sama.") as step:
        address = page.get_by_role("link", name="Unduh PDF").get_attribute("href")
        pages = PdfReader(io.BytesIO(page.request.get(address).body())).pages
        text = "\n".join(sheet.extract_text() for sheet in pages)
        assert re.search(rf"\b{registered}\b", text), text[:500]
        step.shows(text)
