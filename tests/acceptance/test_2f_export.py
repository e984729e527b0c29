"""Clause 2f: automatic backup, and export of data as CSV and Excel."""

import csv
import io
import re
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import Download, expect

from tests.acceptance.script import acceptance
from tests.acceptance.site import rows_listed


def rows_of_csv(download: Download) -> list[list[str]]:
    text = Path(download.path()).read_text(encoding="utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";" if ";" in text.splitlines()[0] else ","))


def rows_of_excel(download: Download) -> list[list[str]]:
    copy = io.BytesIO(Path(download.path()).read_bytes())
    sheet = load_workbook(copy, read_only=True).worksheets[0]
    return [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]


@acceptance(
    "UAT-2f-01",
    "Cadangan berjalan sendiri setiap malam",
    answers=("2f", "2h", "D4"),
    purpose="Pencadangan tidak menunggu orang: terjadwal, hasilnya tercatat, dan yang gagal terlihat beserta sebabnya.",
    role="Administrator teknis",
    before="Masuk sebagai administrator.",
)
def test_backups_run_by_themselves(script, site):
    page = script.page = site.page_of("administrator")
    with script.step(
        "Buka “Jadwal pekerjaan”, buka “Cadangan malam”.",
        expect="Setiap hari pukul 01.00; waktu terakhir dan berikutnya tertulis.",
    ) as step:
        page.goto("/admin/core/scheduledjob/")
        page.get_by_role("link", name=re.compile("^Cadangan malam")).click()
        expect(page.locator("main")).to_contain_text("setiap hari pukul 01.00")
        expect(page.locator("main")).to_contain_text("Berikutnya")
        step.look_at(page.get_by_text("setiap hari pukul 01.00"))
    with script.step(
        "Buka “Cadangan”.",
        expect="Umur cadangan utuh terakhir di bawah batas kebijakan; dua repositori: di server ini dan di luar.",
    ) as step:
        page.goto("/admin/cadangan/")
        expect(page.locator("main")).to_contain_text("Repositori luar")
        state = page.get_by_role("region", name="Keadaan cadangan")
        step.found(" ".join(state.locator("li").first.inner_text().split()))
        step.look_at(state)
    with script.step(
        "Buka satu cadangan yang “Gagal”.",
        expect="Sebabnya tertulis dengan kata yang dapat ditindaklanjuti, dan tautan ke langkah perbaikan.",
    ) as step:
        page.goto("/admin/core/backuprun/")
        page.locator("#result_list tbody tr").filter(has_text=re.compile("Cadangan penuh\\s+Gagal")).get_by_role(
            "link"
        ).first.click()
        alert = page.get_by_role("alert").first
        expect(alert).to_contain_text("Langkah demi langkah")
        step.found(" ".join(alert.inner_text().split())[:300])
        step.look_at(alert)


@acceptance(
    "UAT-2f-02",
    "Ekspor daftar permohonan ke CSV dan Excel, dibuka dan dibandingkan",
    answers=("2f", "2g"),
    purpose="Yang terekspor sama dengan yang tampil: jumlah baris, nomor, dan nama; CSV dan Excel memuat isi yang sama.",
    role="Sekretariat",
    before="Masuk sebagai sekretariat.",
)
def test_lists_are_exported_and_compared(script, site):
    page = script.page = site.page_of("sekretariat")
    with script.step(
        "Buka “Antrean permohonan”, pilih “Semua”.", expect="Semua permohonan tampil dengan jumlahnya."
    ) as step:
        page.goto("/admin/core/application/?antrean=semua")
        shown = page.locator("#result_list tbody th a").all_inner_texts()
        total = rows_listed(page)
        step.found(f"{total} baris pada daftar.")
        step.look_at(page.get_by_role("navigation", name="Halaman daftar"))
    with script.step(
        "Tekan “Ekspor”, pilih CSV, tekan “Unduh”; buka berkasnya.",
        expect="Jumlah baris dan setiap nomor sama dengan daftar.",
    ) as step:
        page.goto("/admin/core/application/ekspor/?antrean=semua")
        page.get_by_label("CSV").check()
        with page.expect_download() as download:
            page.get_by_role("button", name="Unduh", exact=True).click()
        comma = rows_of_csv(download.value)
        numbers = {row[0] for row in comma[1:]}
        assert len(comma) - 1 == total, (len(comma) - 1, total)
        assert {text.strip() for text in shown} <= numbers | {""}
        step.found(
            f"{download.value.suggested_filename}: {len(comma) - 1} baris, {len(comma[0])} kolom: {', '.join(comma[0])}."
        )
        script.page.goto("/admin/core/application/ekspor/?antrean=semua")
    with script.step("Ulangi dengan Excel (.xlsx); buka berkasnya.", expect="Setiap sel sama dengan CSV.") as step:
        page.get_by_label("Excel (.xlsx)").check()
        with page.expect_download() as download:
            page.get_by_role("button", name="Unduh", exact=True).click()
        sheet = rows_of_excel(download.value)
        assert sheet[0] == comma[0]
        assert [row[0] for row in sheet] == [row[0] for row in comma]
        column = comma[0].index("Asesi")
        assert [row[column] for row in sheet] == [row[column] for row in comma]
        step.found(f"{download.value.suggested_filename}: {len(sheet) - 1} baris; nomor dan nama sama dengan CSV.")
    with script.step(
        "Saring daftar pada satu status, ekspor lagi sebagai CSV.", expect="Hanya yang tersaring yang terekspor."
    ) as step:
        page.goto("/admin/core/application/ekspor/?antrean=perbaikan")
        page.get_by_label("CSV").check()
        with page.expect_download() as download:
            page.get_by_role("button", name="Unduh", exact=True).click()
        some = rows_of_csv(download.value)
        assert 0 < len(some) - 1 < total, len(some)
        status = some[0].index("Status")
        assert {row[status] for row in some[1:]} == {"Perlu diperbaiki"}, {row[status] for row in some[1:]}
        step.found(f"{len(some) - 1} baris, semuanya berstatus “Perlu diperbaiki”.")
    with script.step(
        "Sebagai administrator, buka “Catatan aktivitas”.", expect="Ekspor tercatat: siapa, kapan, daftar apa."
    ) as step:
        log = script.page = site.page_of("administrator")
        log.goto("/admin/core/activityentry/")
        entry = log.get_by_role("row").filter(has_text="Dewi Lestari").filter(has_text=re.compile("kspor")).first
        expect(entry).to_be_visible()
        step.look_at(entry)


@acceptance(
    "UAT-2f-03",
    "Isi yang menyerupai rumus tidak berbahaya dalam ekspor",
    answers=("2f",),
    purpose="Nama yang diawali “=” tidak dijalankan sebagai rumus saat berkas dibuka.",
    role="Pengunjung, lalu sekretariat",
    before="Masuk sebagai sekretariat.",
)
def test_what_looks_like_a_formula_stays_text(script, site):
    page = script.page = site.page_of("sekretariat")
    with script.step(
        "Tambah TUK dengan nama “=1+1 TUK Uji”, simpan.", expect="Tersimpan dan tampil apa adanya."
    ) as step:
        page.goto("/admin/core/venue/add/")
        page.get_by_label("Nama TUK").fill("=1+1 TUK Uji")
        page.get_by_label("Kode TUK").fill("tuk-uji")
        page.get_by_role("button", name="Simpan", exact=True).click()
        page.goto("/admin/core/venue/")
        row = page.get_by_role("row").filter(has_text="=1+1 TUK Uji")
        expect(row).to_be_visible()
        step.look_at(row)
    with script.step(
        "Ekspor daftar TUK sebagai CSV; buka berkasnya.", expect="Nama itu ditandai sebagai teks, bukan rumus."
    ) as step:
        page.goto("/admin/core/venue/ekspor/")
        page.get_by_label("CSV").check()
        with page.expect_download() as download:
            page.get_by_role("button", name="Unduh", exact=True).click()
        cells = [cell for row in rows_of_csv(download.value) for cell in row if "TUK Uji" in cell]
        assert cells
        assert not any(cell.startswith("=") for cell in cells), cells
        step.found(f"Sel dalam berkas: {cells[0]!r}.")
