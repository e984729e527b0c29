"""Clause 2a: pages of information on the services of LSP BNPB and on certification."""

from playwright.sync_api import expect

from tests.acceptance.script import acceptance

SENTENCE = "Layanan sertifikasi juga dibuka di Sentul setiap hari Kamis."


@acceptance(
    "UAT-2a-01",
    "Pengunjung membaca tentang LSP BNPB dan layanannya",
    answers=("2a", "Ta"),
    purpose="Siapa pun, tanpa akun dan dengan telepon, dapat mengetahui apa itu LSP BNPB, layanan apa yang ada, dan di mana memulainya.",
    role="Pengunjung (telepon)",
    before="Situs terbuka; tidak perlu masuk.",
)
def test_a_visitor_reads_about_the_body_and_its_services(script, site):
    page = script.page = site.page_of(None, phone=True)
    with script.step(
        "Buka halaman “Tentang” (/tentang/).",
        expect="Tertulis apa itu LSP BNPB, dasarnya SKKNI Nomor 401 Tahun 2014 dan ketentuan BNSP, dan bagaimana ketidakberpihakan dijaga.",
    ) as step:
        page.goto("/tentang/")
        for words in ("Lembaga Sertifikasi Profesi", "SKKNI Nomor 401 Tahun 2014", "BNSP", "ketidakberpihakan"):
            expect(page.locator("main")).to_contain_text(words)
        step.look_at(page.get_by_role("heading", level=1))
    with script.step("Gulung ke kaki halaman.", expect="Alamat sekretariat LSP tertulis di kaki halaman.") as step:
        expect(page.get_by_role("contentinfo")).to_contain_text("Graha BNPB")
        step.look_at(page.get_by_role("contentinfo"))
    with script.step(
        "Buka halaman “Layanan” (/layanan/).",
        expect="Lima layanan disebut: sertifikasi, pengakuan (PKT/RPL), perpanjangan, banding, dan pemeriksaan sertifikat.",
    ) as step:
        page.goto("/layanan/")
        headings = page.locator("main h2").all_inner_texts()
        assert len(headings) >= 5, headings
        step.found("Judul yang tampil: " + "; ".join(headings))
    with script.step(
        "Tekan tautan “Pilih skema” pada layanan sertifikasi.",
        expect="Daftar skema sertifikasi penanggulangan bencana tampil.",
    ) as step:
        page.get_by_role("link", name="Pilih skema").first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Skema sertifikasi")
        step.found(f"{page.locator('main h3').count()} skema tampil.")


@acceptance(
    "UAT-2a-02",
    "Sekretariat mengubah teks halaman informasi sendiri",
    answers=("2a", "Ta", "1b"),
    purpose="LSP tidak bergantung pada pembuat program untuk mengubah informasi; rancangan tidak terlihat umum sebelum diterbitkan.",
    role="Sekretariat, lalu pengunjung",
    before="Masuk sebagai sekretariat; halaman “Layanan” terbit.",
)
def test_the_secretariat_changes_a_page_of_information(script, site):
    desk, visitor = site.page_of("sekretariat"), site.page_of(None)
    script.page = desk
    with script.step(
        "Buka “Halaman portal”, pilih “Layanan”, tambahkan satu kalimat pada “Ringkasan”, tekan “Simpan dan terus mengedit”.",
        expect="Sistem memberi tahu bahwa ini masih draf yang belum dilihat pembaca portal.",
    ) as step:
        desk.goto("/admin/core/page/")
        desk.get_by_role("link", name="Layanan", exact=True).click()
        summary = desk.get_by_label("Ringkasan", exact=True)
        summary.fill(f"{summary.input_value()} {SENTENCE}")
        desk.get_by_role("button", name="Simpan dan terus mengedit").click()
        notice = desk.get_by_text("Ini masih draf").first
        expect(notice).to_be_visible()
        step.look_at(notice)
    with script.step(
        "Di peramban lain, tanpa masuk, buka /layanan/.", expect="Kalimat baru belum terlihat pengunjung."
    ):
        script.page = visitor
        visitor.goto("/layanan/")
        expect(visitor.locator("main")).not_to_contain_text(SENTENCE)
    with script.step(
        "Kembali ke ruang kerja, tekan “Terbitkan” dan setujui.", expect="Sistem memberi tahu bahwa halaman terbit."
    ) as step:
        script.page = desk
        desk.get_by_role("link", name="Terbitkan").first.click()
        desk.locator("dialog, [role=dialog], #modal-content, main").get_by_role("button", name="Terbitkan").last.click()
        notice = desk.get_by_text("Halaman terbit.").first
        expect(notice).to_be_visible()
        step.look_at(notice)
    with script.step("Sebagai pengunjung, muat ulang /layanan/.", expect="Kalimat baru terlihat.") as step:
        script.page = visitor
        visitor.reload()
        expect(visitor.locator("main")).to_contain_text(SENTENCE)
        step.look_at(visitor.get_by_text(SENTENCE))
    with script.step(
        "Buka “Riwayat” halaman itu.", expect="Perubahan tercatat dengan nama pengubah dan waktunya."
    ) as step:
        script.page = desk
        desk.goto("/admin/core/page/")
        desk.get_by_role("link", name="Layanan", exact=True).click()
        desk.get_by_role("link", name="Riwayat").first.click()
        expect(desk.locator("main, #content").first).to_contain_text("Dewi Lestari")
        step.look_at(desk.get_by_text("Dewi Lestari").last)
