"""Clause 2d: a repository for documents of certification, with adequate security."""

import hashlib
import io
import re
from pathlib import Path

from playwright.sync_api import expect
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from tests.acceptance.script import acceptance


def result_paper(words: str) -> dict:
    """A PDF as an assessor hands it in: one page with these words."""
    out = io.BytesIO()
    canvas = Canvas(out, A4)
    canvas.setFont("Helvetica", 14)
    canvas.drawString(70, 760, "FR.AK.05 Laporan Asesmen")
    canvas.drawString(70, 730, words)
    canvas.save()
    return {"name": "FR.AK.05 laporan.pdf", "mimeType": "application/pdf", "buffer": out.getvalue()}


@acceptance(
    "UAT-2d-01",
    "Dokumen hasil penilaian disimpan, ditemukan, dan diambil kembali utuh",
    answers=("2d", "Tb2", "D2"),
    purpose="Repositori terpusat: dokumen penilaian tersimpan pada berkas kasusnya, ditemukan lewat kata di dalamnya, dan yang diunduh sama persis dengan yang diunggah.",
    role="Sekretariat",
    before="Ada permohonan bersertifikat; siapkan satu PDF hasil penilaian.",
)
def test_a_paper_of_an_assessment_is_stored_found_and_fetched(script, site):
    desk = script.page = site.page_of("sekretariat")
    paper = result_paper("Catatan asesor: kelengkapan palungan gempa diperiksa.")
    digest = hashlib.sha256(paper["buffer"]).hexdigest()
    with script.step(
        "Buka permohonan bersertifikat, lalu “Berkas kasus”.",
        expect="Daftar periksa berkas tampil: yang ada, dan yang masih kurang.",
    ) as step:
        desk.goto("/admin/core/application/?antrean=semua")
        desk.get_by_role("row").filter(has_text="Bersertifikat").first.get_by_role("link").first.click()
        desk.get_by_role("link", name="Berkas kasus").first.click()
        expect(desk.get_by_role("heading", name="Tambah dokumen")).to_be_visible()
        step.look_at(desk.locator("main ul").first)
    with script.step(
        "Letakkan PDF “FR.AK.05 laporan.pdf” pada “Tambah dokumen”, simpan.",
        expect="Jenisnya dikenali dari nama berkas; dokumen tampil dalam berkas kasus.",
    ) as step:
        desk.locator("#bo-add-files").set_input_files(paper)
        expect(desk.locator(".bo-add-rows select")).to_have_value("fr-ak-05")
        desk.locator("#bo-add-save").click()
        link = desk.get_by_role("link", name=re.compile(r"FR\.AK\.05 laporan\.pdf"))
        expect(link.first).to_be_visible()
        step.look_at(link)
    with script.step(
        "Buka “Dokumen”, cari kata “palungan” yang hanya ada di dalam PDF itu.", expect="Dokumen itu ditemukan."
    ) as step:
        # Read in the background within minutes; here at once, texts before scans.
        for _minute in range(10):
            site.manage("extract_text", "--seconds", "2")
            desk.goto("/admin/core/document/?cari=palungan")
            if desk.locator("#result_list tbody tr").filter(has_text="FR.AK.05").count():
                break
        row = desk.locator("#result_list tbody tr")
        expect(row.first).to_contain_text("FR.AK.05")
        step.found(f"{row.count()} dokumen ditemukan.")
        step.look_at(row)
    with script.step(
        "Buka dokumen itu, lihat “Sidik SHA-256”.",
        expect="Sidiknya sama dengan sidik berkas asli; pengunggah dan waktunya tercatat.",
    ) as step:
        desk.locator("#result_list tbody a").first.click()
        expect(desk.locator("main")).to_contain_text(digest)
        expect(desk.locator("main")).to_contain_text("Dewi Lestari")
        step.found(f"SHA-256 {digest}.")
        step.look_at(desk.get_by_text(digest))
    with script.step("Tekan “Unduh”.", expect="Berkas yang terunduh sama persis, byte demi byte.") as step:
        with desk.expect_download() as download:
            desk.get_by_role("link", name="Unduh", exact=True).click()
        received = Path(download.value.path()).read_bytes()
        assert received == paper["buffer"]
        step.found(f"{len(received)} byte, sama dengan yang diunggah.")


@acceptance(
    "UAT-2d-02",
    "Dokumen orang lain tidak dapat dibuka",
    answers=("2d", "Tc", "2e"),
    purpose="Alamat sebuah dokumen tidak cukup untuk membukanya: setiap kali diperiksa siapa yang meminta, dan setiap kali dibuka tercatat.",
    role="Pengunjung, asesi lain, asesor lain, BNSP",
    before="Ada dokumen permohonan; alamatnya disalin dari ruang kerja sekretariat.",
)
def test_papers_of_others_stay_closed(script, site):
    desk = site.page_of("sekretariat")
    desk.goto("/admin/core/application/?antrean=menunggu")
    desk.locator("#result_list tbody th a").first.click()
    paper = desk.get_by_role("group", name=re.compile("^Surat tugas")).get_by_role("link").first
    address = paper.get_attribute("href")
    with script.step("Sebagai sekretariat, buka alamat dokumen.", expect="Dokumen terbuka.") as step:
        script.page = desk
        answer = desk.request.get(address)
        assert answer.status == 200, answer.status
        step.found(f"Terbuka ({answer.headers['content-type']}, {len(answer.body())} byte).")
        step.look_at(paper)
    with script.step("Tanpa masuk, buka alamat yang sama.", expect="Diminta masuk; isinya tidak terlihat.") as step:
        visitor = script.page = site.new_visitor()
        visitor.goto(address)
        expect(visitor.locator("[name=password]")).to_be_visible()
    with script.step("Masuk sebagai asesi lain, buka alamat yang sama.", expect="Tidak dapat dibuka.") as step:
        other = script.page = site.page_of("asesi")
        assert "image" not in other.goto(address).headers["content-type"]
        expect(other.get_by_role("img")).to_have_count(other.locator("header img").count())
    with script.step(
        "Masuk sebagai asesor yang tidak ditugaskan, buka alamat yang sama.", expect="Tidak ditemukan."
    ) as step:
        assessor = script.page = site.page_of("asesor")
        assert assessor.goto(address).status in (403, 404)
        expect(assessor.locator("main h1")).to_be_visible()
    with script.step(
        "Masuk sebagai BNSP, buka dokumen itu, lalu sebagai administrator cari di “Catatan aktivitas”.",
        expect="BNSP dapat melihat, dan catatan menyebut BNSP membuka dokumen itu, kapan, dan dari alamat mana.",
    ) as step:
        assert site.page_of("bnsp").request.get(address).status == 200
        log = script.page = site.page_of("administrator")
        log.goto("/admin/core/activityentry/?tindakan=document.view")
        row = log.get_by_role("row").filter(has_text="Petugas BNSP").first
        expect(row).to_contain_text("127.0.0.1")
        step.look_at(row)


@acceptance(
    "UAT-2d-03",
    "Berkas yang rusak atau diubah dari luar ketahuan",
    answers=("2d", "D2"),
    purpose="Keutuhan dokumen diperiksa sendiri setiap malam: yang isinya berubah, atau hilang, disebut satu per satu.",
    role="Administrator teknis (tim TI)",
    before="Akses ke server.",
)
def test_a_damaged_file_is_noticed(script, site):
    script.page = None
    with script.step(
        "Di server jalankan “manage.py verify_documents”.", expect="Semua dokumen utuh; kode keluar 0."
    ) as step:
        answer = site.manage("verify_documents")
        step.shows(answer.text)
        assert answer.code == 0, answer.text
    stored = max(
        (f for f in (site.demo.folder / "documents").rglob("*") if f.is_file()), key=lambda f: f.stat().st_size
    )
    kept = stored.read_bytes()
    try:
        with script.step(
            "Ubah satu byte dalam satu berkas di penyimpanan, jalankan lagi.",
            expect="Berkas itu disebut sebagai berubah; kode keluar 1.",
        ) as step:
            stored.chmod(0o600)
            stored.write_bytes(kept[:-1] + bytes([kept[-1] ^ 1]))
            answer = site.manage("verify_documents")
            step.shows(answer.text)
            assert answer.code == 1, answer.text
    finally:
        stored.write_bytes(kept)
    with script.step(
        "Kembalikan berkas itu dari cadangan, jalankan lagi.", expect="Semua utuh lagi; kode keluar 0."
    ) as step:
        answer = site.manage("verify_documents")
        step.shows(answer.text)
        assert answer.code == 0, answer.text
