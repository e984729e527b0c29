"""Clause 2b: registration with FR.APL-01 and FR.APL-02, on a phone."""

import io
import re

from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.acceptance.people import Candidate
from tests.acceptance.script import acceptance
from tests.journeys.steps import ClerkSteps, phone_photo

PASSWORD = "ambon-manise-2026"
NIK = "8171015205900001"
SCHEME = "Distribusi Bantuan"


def text_of_pdf(page: Page, address: str) -> str:
    """What stands in a PDF, opened with the same log-in as the page."""
    answer = page.request.get(address)
    assert answer.ok, answer.status
    return "\n".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(answer.body())).pages)


@acceptance(
    "UAT-2b-01",
    "Mendaftar dan mengirim FR.APL-01 dan FR.APL-02 dengan telepon",
    answers=("2b", "Tb", "D2"),
    purpose="Orang yang belum punya akun mendaftar, mengisi FR.APL-01 dan FR.APL-02, menandatangani, dan mengirim, semuanya dengan telepon kecil; kedua formulir tercetak sendiri.",
    role="Calon asesi (telepon), lalu sekretariat",
    before="Belum punya akun. Siapkan alamat e-mail, NIK, dan foto ijazah, surat tugas, KTP, pasfoto. Pada demo surat dibaca di /demo/surat/.",
)
def test_a_candidate_registers_and_sends_both_forms_by_phone(script, site):
    page = script.page = site.new_visitor(phone=True)
    candidate = Candidate(page, site)
    heading = page.get_by_role("heading", level=1)
    with script.step(
        "Di halaman depan tekan “Pilih skema dan daftar”, pilih “Distribusi Bantuan”, tekan “Ajukan permohonan”.",
        expect="Formulir pendaftaran akun tampil: nama, e-mail, persetujuan.",
    ):
        candidate.open("/")
        candidate.press("Pilih skema dan daftar")
        candidate.press(SCHEME)
        candidate.press("Ajukan permohonan")
        expect(page.get_by_label(re.compile("^Nama lengkap"))).to_be_visible()
    with script.step(
        "Isi nama dan e-mail, setujui pemrosesan data, tekan “Kirim tautan konfirmasi”.",
        expect="Diminta memeriksa kotak surat.",
    ):
        candidate.type("Nama lengkap", "Nur Aisyah Pattiasina")
        candidate.type("Alamat e-mail", "nur.uji@contoh.id")
        candidate.tick("Saya menyetujui")
        candidate.press("Kirim tautan konfirmasi")
        expect(heading).to_have_text("Periksa kotak surat Anda")
    with script.step(
        "Buka tautan dalam surat, pilih sandi, tekan “Simpan dan lanjutkan”, lalu “Mulai permohonan”.",
        expect="Daftar tugas permohonan tampil: data diri, tujuan, bukti, asesmen mandiri, kirim.",
    ) as step:
        candidate.follow_letter("nur.uji@contoh.id")
        candidate.type("Sandi", PASSWORD)
        candidate.press("Simpan dan lanjutkan")
        candidate.press("Mulai permohonan")
        tasks = page.locator(".task")
        expect(tasks.first).to_be_visible()
        step.found(f"{tasks.count()} tugas tampil.")
        step.look_at(tasks)
    with script.step(
        "Tekan “Mulai mengisi”, ketik NIK, lalu pindah ke isian berikutnya.",
        expect="Tanggal lahir, jenis kelamin, dan kota penerbit terbaca sendiri dari NIK.",
    ) as step:
        candidate.press("Mulai mengisi")
        candidate.type("NIK", NIK)
        page.get_by_label(re.compile("^NIK")).blur()
        born = page.get_by_role("status").filter(has_text="Terbaca dari NIK")
        expect(born).to_contain_text("Perempuan")
        expect(born).to_contain_text("12 Mei 1990")
        step.found(" ".join(born.inner_text().split()))
        step.look_at(born)
    with script.step(
        "Isi tempat lahir, pendidikan, alamat, nomor HP, dan pekerjaan; tekan “Simpan dan lanjutkan” pada setiap bagian.",
        expect="FR.APL-01 bagian 1 selesai; sampai di “Tujuan asesmen”.",
    ):
        candidate.type("Tempat lahir", "Ambon")
        candidate.choose("Kualifikasi pendidikan", "S1")
        candidate.press("Simpan dan lanjutkan")
        expect(heading).to_contain_text("Alamat dan kontak")
        candidate.type("Alamat rumah", "Jalan Pattimura 5")
        candidate.type("Nomor HP", "0812 3456 7890")
        candidate.press("Simpan dan lanjutkan")
        page.get_by_label(re.compile("^Pekerjaan")).select_option(index=2)
        candidate.press("Simpan dan lanjutkan")
        expect(heading).to_contain_text("Tujuan")
    with script.step(
        "Pilih tujuan “Sertifikasi”, simpan; lampirkan foto ijazah, surat tugas, KTP, dan pasfoto.",
        expect="Setiap foto naik sendiri dan tampil pada persyaratannya.",
    ) as step:
        candidate.choose_purpose()
        candidate.attach("Pendidikan: ijazah terakhir", phone_photo("white"))
        candidate.attach(
            "Surat tugas atau surat keterangan pengalaman di bidang penanggulangan bencana", phone_photo("ivory")
        )
        candidate.attach("KTP", phone_photo("azure"))
        candidate.attach("Pasfoto terbaru", phone_photo("snow"))
        step.look_at(page.get_by_role("group", name="KTP", exact=True))
    with script.step(
        "Tekan “Simpan dan lanjutkan”; pada asesmen mandiri (FR.APL-02) jawab K untuk setiap elemen kedua unit.",
        expect="Unit dan elemen tampil kata demi kata menurut SKKNI; sesudah unit terakhir sampai di “Periksa jawaban”.",
    ):
        candidate.press("Simpan dan lanjutkan")
        candidate.assess_unit()
        candidate.assess_unit()
        expect(heading).to_contain_text("Periksa jawaban")
    with script.step(
        "Periksa jawaban, centang pernyataan, tekan “Tanda tangani dan kirim”.",
        expect="“Permohonan terkirim” dengan nomor APL-….",
    ) as step:
        number = candidate.sign_and_send()
        assert re.fullmatch(r"APL-2026-\d{6}", number), number
        step.found(f"Nomor permohonan {number}.")
        step.look_at(page.locator(".panel__ref"))
    with script.step(
        "Unduh PDF FR.APL-01, bandingkan dengan yang diketik.",
        expect="PDF memuat nomor, nama, NIK, alamat, tujuan, dan unit kompetensi skema.",
    ) as step:
        text = text_of_pdf(page, f"/permohonan/{number}/formulir/fr-apl-01/")
        for words in (number, "Nur Aisyah Pattiasina", NIK, "Jalan Pattimura 5", "O.842340.026.01"):
            assert words in text, words
        step.shows(text)
    with script.step(
        "Unduh PDF FR.APL-02.", expect="PDF memuat setiap unit dengan elemennya dan jawaban K, serta tanda tangan."
    ) as step:
        text = text_of_pdf(page, f"/permohonan/{number}/formulir/fr-apl-02/")
        for words in ("O.842340.026.01", "O.842340.007.01", "Nur Aisyah Pattiasina"):
            assert words in text, words
        step.shows(text)
    with script.step(
        "Sebagai sekretariat, buka “Antrean permohonan”.", expect="Permohonan itu menunggu diperiksa, lengkap."
    ) as step:
        desk = script.page = site.page_of("sekretariat")
        desk.goto(f"/admin/core/application/?antrean=menunggu&cari={number}")
        row = desk.get_by_role("row").filter(has_text=number)
        expect(row).to_contain_text("Terkirim")
        step.look_at(row)


@acceptance(
    "UAT-2b-02",
    "Isian tersimpan sendiri dan dilanjutkan dengan telepon lain",
    answers=("2b", "Tb"),
    purpose="Pengisian yang terputus tidak hilang; dapat dilanjutkan kapan saja dengan perangkat lain.",
    role="Asesi (dua telepon)",
    before="Akun demo asesi@contoh.id, belum punya permohonan untuk skema “Mengevaluasi Risiko”.",
)
def test_answers_go_on_on_another_phone(script, site):
    page = script.page = site.page_of("asesi", phone=True)
    with script.step(
        "Masuk, buka skema “Mengevaluasi Risiko”, tekan “Ajukan permohonan”, buka tugas asesmen mandiri.",
        expect="FR.APL-02 tampil dengan elemen dan kriteria unjuk kerjanya.",
    ) as step:
        page.goto("/skema/pengelolaan-risiko/")
        page.get_by_role("button", name="Ajukan permohonan").first.click()
        page.get_by_role("link", name="Mengevaluasi Risiko").first.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Asesmen mandiri")
        address = page.url
        step.look_at(page.get_by_role("heading", level=1))
    with script.step(
        "Jawab elemen pertama dengan K; jangan tekan tombol apa pun.", expect="Muncul “Tersimpan” dengan jamnya."
    ) as step:
        page.locator(".seg__opt label").first.click()
        sign = page.locator("[data-sign]")
        expect(sign).to_contain_text("Tersimpan")
        step.found(sign.inner_text().strip())
        step.look_at(page.locator(".seg__opt").first)
    with script.step(
        "Dengan telepon lain, masuk dengan akun yang sama dan buka asesmen mandiri itu.",
        expect="Jawaban K pada elemen pertama sudah ada.",
    ) as step:
        other = script.page = site.page_of_person("asesi@contoh.id", phone=True)
        other.goto(address)
        expect(other.locator(".seg__opt input").first).to_be_checked()
        step.look_at(other.locator(".seg__opt").first)


@acceptance(
    "UAT-2b-03",
    "Isian dan berkas yang keliru ditolak dengan penjelasan",
    answers=("2b", "2d"),
    purpose="Kesalahan administratif dicegah di tempat: NIK yang tidak mungkin, dan berkas yang bukan seperti namanya.",
    role="Asesi (telepon)",
    before="Akun demo asesi@contoh.id.",
)
def test_what_is_wrong_is_refused_with_an_explanation(script, site):
    page = script.page = site.page_of("asesi", phone=True)
    with script.step(
        "Buka “Data pribadi”, isi NIK dengan bulan lahir 13, tekan simpan.",
        expect="Ditolak; dijelaskan apa yang salah pada NIK, dan isian lain tetap ada.",
    ) as step:
        page.goto("/akun/profil/data-pribadi/")
        page.get_by_label(re.compile("^NIK")).fill("8171015213900001")
        page.get_by_label(re.compile("^Tempat lahir")).fill("Ambon")
        page.get_by_role("button", name="Simpan").first.click()
        errors = page.get_by_role("alert").first
        expect(errors).to_contain_text("NIK")
        expect(page.get_by_label(re.compile("^Tempat lahir"))).to_have_value("Ambon")
        step.found(" ".join(errors.inner_text().split()))
        step.look_at(errors)
    with script.step(
        "Pada permohonan, buka bukti persyaratan, lampirkan program (.exe) yang dinamai “ktp.jpg”.",
        expect="Ditolak: isi berkas tidak sesuai dengan jenisnya; tidak ada yang tersimpan.",
    ) as step:
        page.goto("/skema/kerja-relawan/")
        page.get_by_role("button", name="Ajukan permohonan").first.click()
        page.get_by_role("link", name=re.compile("^Bukti persyaratan")).first.click()
        slot = page.get_by_role("group", name="KTP", exact=True)
        program = {"name": "ktp.jpg", "mimeType": "image/jpeg", "buffer": b"MZ\x90\x00" + b"\x00" * 4096}
        slot.locator("input[type=file]").set_input_files(program)
        trouble = slot.locator(".field__error")
        expect(trouble).to_contain_text("Berkas ini sebuah program")
        assert slot.locator(".files li a").count() == 0
        step.found(" ".join(trouble.inner_text().split()))
        step.look_at(trouble)


@acceptance(
    "UAT-2b-04",
    "Permohonan dikembalikan, diperbaiki, dan dikirim ulang",
    answers=("2b", "2e"),
    purpose="Yang kurang diminta per bagian; asesi memperbaiki hanya bagian itu dan nomor permohonan tetap.",
    role="Sekretariat, lalu asesi (telepon)",
    before="Ada permohonan yang menunggu diperiksa.",
)
def test_an_application_is_returned_and_corrected(script, site):
    desk = script.page = site.page_of("sekretariat")
    clerk = ClerkSteps(desk, site.url)
    with script.step(
        "Buka “Antrean permohonan”, buka yang teratas, tekan “Ambil untuk diperiksa”.",
        expect="Persyaratan dapat dinilai satu per satu, berdampingan dengan buktinya.",
    ) as step:
        clerk.open_oldest()
        clerk.press("Ambil untuk diperiksa")
        number = re.search(r"APL-\d{4}-\d{6}", desk.locator("main").inner_text())[0]
        email = desk.locator("dd", has_text="@contoh.id").first.inner_text().strip()
        expect(desk.get_by_role("group", name="KTP")).to_be_visible()
        step.found(f"{number} diambil untuk diperiksa.")
    with script.step(
        "Nilai KTP “Tidak memenuhi syarat” dengan catatan, nilai sisanya memenuhi syarat.",
        expect="Penilaian tersimpan sendiri; semua persyaratan ternilai.",
    ) as step:
        clerk.judge("KTP", "Tidak memenuhi syarat", note="Foto KTP buram.")
        clerk.judge_the_rest_as_met()
        step.look_at(desk.get_by_role("group", name="KTP"))
    with script.step(
        "Tekan “Kembalikan untuk diperbaiki”, setujui.",
        expect="Bagian yang kurang sudah tercentang dengan catatannya; permohonan dikembalikan.",
    ) as step:
        clerk.return_with_prefilled_parts()
        desk.goto(f"/admin/core/application/?antrean=perbaikan&cari={number}")
        row = desk.get_by_role("row").filter(has_text=number)
        expect(row).to_be_visible()
        step.look_at(row)
    with script.step(
        "Sebagai asesi itu, masuk dengan telepon, buka permohonan yang perlu diperbaiki.",
        expect="Hanya “Bukti persyaratan” yang terbuka, dengan catatan “Foto KTP buram.”",
    ) as step:
        phone = script.page = site.page_of_person(email, phone=True)
        phone.goto(f"/permohonan/{number}/")
        phone.get_by_role("link", name="Bukti persyaratan").click()
        note = phone.get_by_text("Foto KTP buram.").first
        expect(note).to_be_visible()
        step.look_at(note)
    with script.step(
        "Lampirkan foto KTP baru, simpan, tanda tangani, kirim.", expect="“Permohonan terkirim” dengan nomor yang sama."
    ) as step:
        candidate = Candidate(phone, site)
        candidate.attach("KTP", phone_photo("linen"))
        candidate.press("Simpan dan lanjutkan")
        again = candidate.sign_and_send()
        assert again == number, again
        step.found(f"Terkirim lagi dengan nomor {again}.")
