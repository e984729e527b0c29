"""Clause 2c: the landing page with what the LSP is, requirements, schemes, flow and the contact form."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.acceptance.script import acceptance


@acceptance(
    "UAT-2c-01",
    "Halaman depan membawa ke semua penjelasan",
    answers=("2c", "Ta"),
    purpose="Dari halaman depan, pengunjung bertelepon mencapai apa itu LSP BNPB, persyaratan, skema, alur, dan formulir hubungi LSP, masing-masing dengan isinya.",
    role="Pengunjung (telepon)",
    before="Situs terbuka; tidak perlu masuk.",
)
def test_the_landing_page_leads_to_every_explanation(script, site):
    page = script.page = site.page_of(None, phone=True)

    def follow(name: str, heading: str) -> None:
        page.goto("/")
        page.get_by_role("link", name=name, exact=True).last.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(heading)

    with script.step(
        "Buka alamat situs.",
        expect="Halaman depan menyebut untuk apa sertifikat ini, dan menampilkan skema yang dibuka, alur, jadwal uji, dan pengumuman, tanpa menggulung ke samping.",
    ) as step:
        page.goto("/")
        for words in ("Skema yang dibuka", "Alur sertifikasi", "Jadwal uji berikutnya", "Pengumuman"):
            expect(page.get_by_role("heading", name=words)).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        step.found("Semua bagian ada; lebar halaman 360 piksel, tidak menggulung ke samping.")
    with script.step(
        "Ikuti tautan “Tentang LSP BNPB” dari halaman depan.", expect="Penjelasan apa itu LSP BNPB tampil."
    ) as step:
        follow("Tentang LSP BNPB", "Tentang LSP BNPB")
        step.look_at(page.get_by_role("heading", level=1))
    with script.step(
        "Ikuti tautan “Persyaratan” dari halaman depan, buka persyaratan satu skema.",
        expect="Syarat umum dan syarat setiap skema tampil.",
    ) as step:
        follow("Persyaratan", "Persyaratan")
        group = page.locator("main details").first
        group.locator("summary").click()
        expect(group).to_contain_text("KTP")
        step.look_at(group)
    with script.step(
        "Ikuti tautan “Skema” dari halaman depan, buka satu skema.",
        expect="Unit kompetensi dengan kode SKKNI, persyaratan, dan tombol “Ajukan permohonan” tampil.",
    ) as step:
        follow("Semua skema", "Skema sertifikasi")
        page.get_by_role("link", name="Distribusi Bantuan").first.click()
        expect(page.locator("main")).to_contain_text(re.compile(r"O\.842340\.\d{3}\.01"))
        step.look_at(page.get_by_text(re.compile(r"O\.842340\.\d{3}\.01")))
        expect(page.get_by_role("link", name="Ajukan permohonan").first).to_be_visible()
    with script.step(
        "Ikuti tautan “Lihat alurnya” dari halaman depan.",
        expect="Tujuh langkah alur sertifikasi, masing-masing dengan pelakunya.",
    ) as step:
        follow("Lihat alurnya", "Alur sertifikasi")
        steps = page.locator("main ol > li")
        assert steps.count() == 7, steps.count()
        step.look_at(steps)
    with script.step("Ikuti tautan “Hubungi kami” dari halaman depan.", expect="Formulir hubungi LSP tampil.") as step:
        follow("Hubungi kami", "Hubungi kami")
        expect(page.get_by_role("button", name="Kirim pesan")).to_be_visible()
        step.look_at(page.get_by_label("Pesan Anda"))


@acceptance(
    "UAT-2c-02",
    "Pertanyaan lewat formulir hubungi LSP dijawab",
    answers=("2c",),
    purpose="Pesan pengunjung sampai ke meja sekretariat dengan nomor, dan jawabannya sampai kepada pengunjung.",
    role="Pengunjung, lalu sekretariat",
    before="Situs terbuka. Pada demo surat dibaca di /demo/surat/.",
)
def test_a_question_by_the_contact_form_is_answered(script, site):
    visitor, desk = site.page_of(None, phone=True), site.page_of("sekretariat")
    script.page = visitor
    with script.step(
        "Buka /kontak/, tekan “Kirim pesan” tanpa mengisi apa pun.",
        expect="Formulir tidak terkirim; yang belum diisi disebut satu per satu.",
    ) as step:
        visitor.goto("/kontak/")
        visitor.get_by_role("button", name="Kirim pesan").click()
        errors = visitor.get_by_role("alert").first
        expect(errors).to_contain_text("Isi alamat e-mail Anda.")
        step.look_at(errors)
    with script.step(
        "Pilih topik, tulis pesan, nama, dan e-mail, tunggu beberapa detik, lalu tekan “Kirim pesan”.",
        expect="Halaman menyebut nomor pesan (TIK-…).",
    ) as step:
        visitor.get_by_label("Topik").select_option(label="Jadwal dan pelaksanaan uji")
        visitor.get_by_label(re.compile("^Pesan Anda")).fill("Kapan uji skema Distribusi Bantuan di Ambon?")
        visitor.get_by_label("Nama Anda").fill("Yohana Uji")
        visitor.get_by_label(re.compile("^E-mail")).fill("yohana.uji@contoh.id")
        expect(_sent(visitor)).to_contain_text("TIK-")
        number = re.search(r"TIK-\d{4}-\d+", visitor.locator("main").inner_text())[0]
        step.found(f"Pesan diterima dengan nomor {number}.")
    with script.step(
        "Sebagai sekretariat, buka “Pesan masuk”, buka pesan itu.",
        expect="Pesan ada dalam daftar yang menunggu jawaban, dengan batas waktu menjawab.",
    ) as step:
        script.page = desk
        desk.goto("/admin/core/ticket/")
        desk.get_by_role("link", name=number).click()
        expect(desk.locator("main, #content").first).to_contain_text("Dijawab paling lambat")
        step.look_at(desk.get_by_text("Kapan uji skema Distribusi Bantuan di Ambon?").first)
    with script.step("Tulis jawaban, tekan “Kirim dan selesai”.", expect="Pesan berstatus selesai.") as step:
        desk.get_by_label("Jawaban untuk Yohana Uji").fill("Uji berikutnya di Ambon diumumkan pada halaman skema.")
        desk.get_by_role("button", name="Kirim dan selesai").click()
        desk.goto("/admin/core/ticket/?tampilan=semua")
        row = desk.get_by_role("row").filter(has_text=number)
        expect(row).to_contain_text("Selesai")
        step.look_at(row)
    with script.step(
        "Sebagai pengunjung, buka kotak surat, lalu surat jawaban.",
        expect="Surat memuat jawaban sekretariat dan tautan percakapan.",
    ) as step:
        script.page = visitor
        visitor.goto("/demo/surat/")
        visitor.get_by_role("link", name=f"Pesan Anda {number} selesai kami tangani").click()
        answer = visitor.get_by_text("Uji berikutnya di Ambon diumumkan")
        expect(answer.first).to_be_visible()
        step.look_at(answer)


def _sent(page: Page) -> Locator:
    """Press until it goes: a form that is sent within three seconds is taken for a machine's and asks once more."""
    for _press in range(10):
        page.get_by_role("button", name="Kirim pesan").click()
        if "/terkirim/" in page.url:
            break
        page.wait_for_timeout(400)
    return page.locator("main")
