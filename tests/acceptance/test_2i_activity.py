"""Clause 2i: the log of activity."""

import shutil
import sqlite3
from contextlib import closing

from playwright.sync_api import expect

from tests.acceptance.script import acceptance


@acceptance(
    "UAT-2i-01",
    "Siapa melakukan apa, kapan, dari mana",
    answers=("2i",),
    purpose="Setiap tindakan tercatat dengan pelaku, waktu, objek, dan alamat jaringannya, dan dapat disaring dan diekspor.",
    role="Sekretariat, lalu administrator teknis",
    before="Ada permohonan yang menunggu diperiksa.",
)
def test_an_act_stands_in_the_log(script, site):
    desk = script.page = site.page_of("sekretariat")
    with script.step(
        "Sebagai sekretariat, ambil satu permohonan untuk diperiksa.", expect="Permohonan terambil."
    ) as step:
        desk.goto("/admin/core/application/?antrean=menunggu")
        number = desk.locator("#result_list tbody th a").first.inner_text().strip()
        desk.get_by_role("button", name=f"Ambil {number} untuk diperiksa").click()
        desk.goto(f"/admin/core/application/?antrean=saya&cari={number}")
        row = desk.get_by_role("row").filter(has_text=number)
        expect(row).to_be_visible()
        step.found(f"{number} diambil.")
        step.look_at(row)
    log = site.page_of("administrator")
    with script.step(
        "Sebagai administrator, buka “Catatan aktivitas”, cari nomor permohonan itu.",
        expect="Tertulis: Dewi Lestari mengambil permohonan itu, dengan waktu sampai detik dan alamat IP.",
    ) as step:
        script.page = log
        log.goto("/admin/core/activityentry/")
        log.locator("#searchbar").fill(number)
        log.locator("#searchbar").press("Enter")
        entry = log.locator("#result_list tbody tr").filter(has_text="mengambil").first
        expect(entry).to_contain_text("Dewi Lestari")
        expect(entry).to_contain_text("127.0.0.1")
        step.found(" ".join(entry.inner_text().split()))
        step.look_at(entry)
    with script.step("Tekan “CSV”.", expect="Catatan yang tersaring terunduh.") as step:
        with log.expect_download() as download:
            log.get_by_role("link", name="CSV", exact=True).click()
        text = download.value.path().read_text(encoding="utf-8-sig")
        assert number in text
        step.shows("\n".join(text.splitlines()[:6]))


@acceptance(
    "UAT-2i-02",
    "Catatan aktivitas tidak dapat diubah, juga oleh administrator",
    answers=("2i", "2d"),
    purpose="Catatan hanya bertambah: tidak ada tombol untuk mengubahnya, dan perubahan langsung di basis data ketahuan.",
    role="Administrator teknis",
    before="Masuk sebagai administrator; untuk langkah terakhir: salinan basis data.",
)
def test_the_log_cannot_be_changed_unnoticed(script, site, tmp_path):
    page = script.page = site.page_of("administrator")
    with script.step("Buka satu catatan, cari tombol “Simpan” dan “Hapus”.", expect="Tidak ada.") as step:
        page.goto("/admin/core/activityentry/")
        address = page.locator("#result_list tbody th a").first.get_attribute("href")
        page.goto(address)
        for name in ("Simpan", "Hapus"):
            assert page.get_by_role("button", name=name).count() == page.get_by_role("link", name=name).count() == 0
        step.found("Tidak ada tombol yang mengubah.")
    with script.step("Kirim paksa permintaan menghapus catatan itu.", expect="Ditolak.") as step:
        token = next(c["value"] for c in page.context.cookies() if c["name"] == "csrftoken")
        target = address.split("?")[0].replace("/change/", "/delete/")
        answer = page.request.post(
            target,
            form={"csrfmiddlewaretoken": token, "post": "yes"},
            headers={"Referer": site.url + "/"},
            max_redirects=0,
        )
        assert answer.status in (403, 404, 405), answer.status
        page.goto(address)
        expect(page.locator("body")).to_contain_text("Alamat IP")
        step.found(f"Dijawab {answer.status}; catatan tetap ada.")
    copy = tmp_path / "var"
    with script.step(
        "Di server, pada salinan basis data, jalankan “manage.py verify_activity”.",
        expect="Catatan utuh; kode keluar 0.",
    ) as step:
        copy.mkdir()
        with (
            closing(sqlite3.connect(site.database)) as source,
            closing(sqlite3.connect(copy / site.database.name)) as target,
        ):
            source.backup(target)
        shutil.copytree(site.demo.folder / "secrets", copy / "secrets")
        answer = site.manage("verify_activity", VAR_DIR=str(copy))
        step.shows(answer.text)
        assert answer.code == 0, answer.text
    with script.step(
        "Ubah pelaku pada satu baris langsung di basis data salinan itu, jalankan lagi.",
        expect="Baris yang diubah ditunjuk; kode keluar 1.",
    ) as step:
        with closing(sqlite3.connect(copy / site.database.name)) as changed, changed:
            changed.execute("UPDATE core_activityentry SET code='application.reject' WHERE id=400")
        answer = site.manage("verify_activity", VAR_DIR=str(copy))
        step.shows(answer.text)
        assert answer.code == 1, answer.text
