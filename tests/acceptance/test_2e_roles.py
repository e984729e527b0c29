"""Clause 2e: roles with different rights; a third party that may look and not change."""

import re
from base64 import b32decode

from django_otp.oath import hotp
from playwright.sync_api import expect

from tests.acceptance.people import Candidate
from tests.acceptance.script import acceptance
from tests.acceptance.site import Site
from tests.journeys.steps import ClerkSteps


def code_of_app(key: bytes, site: Site) -> int:
    """What an app on a phone shows that has the clock of the demonstration."""
    return hotp(key, int(site.now().timestamp()) // 30)


@acceptance(
    "UAT-2e-01",
    "Sekretariat memeriksa dan menerima permohonan",
    answers=("2e", "Tc", "D2"),
    purpose="Sekretariat dapat menjalankan seluruh pekerjaan meja: mengambil, memeriksa, menerima, menunjuk asesor.",
    role="Sekretariat",
    before="Ada permohonan yang menunggu diperiksa.",
)
def test_the_secretariat_verifies_and_accepts(script, site):
    desk = script.page = site.page_of("sekretariat")
    clerk = ClerkSteps(desk, site.url)
    with script.step(
        "Di beranda tekan “Ambil berikutnya”.", expect="Permohonan yang paling lama menunggu terbuka."
    ) as step:
        desk.goto("/admin/")
        with desk.expect_navigation():
            desk.get_by_role("button", name="Ambil berikutnya").click()
        number = re.search(r"APL-\d{4}-\d{6}", desk.locator("main").inner_text())[0]
        step.found(f"{number} terbuka.")
    with script.step("Tekan “Sisanya memenuhi syarat”.", expect="Semua persyaratan ternilai.") as step:
        clerk.judge_the_rest_as_met()
        step.look_at(desk.get_by_role("group", name="KTP"))
    with script.step("Tekan “Terima”, setujui.", expect="Permohonan diterima; asesi mendapat surat.") as step:
        for optional in ("Sertifikat pelatihan", "Daftar riwayat hidup"):
            row = desk.get_by_role("group", name=re.compile(f"^{optional}"))
            if row.get_by_text("Belum dinilai").count():
                clerk.judge(re.compile(f"^{optional}"), "Tidak ada")
        clerk.accept()
        desk.goto(f"/admin/core/application/?antrean=semua&cari={number}")
        row = desk.get_by_role("row").filter(has_text=number)
        expect(row).to_contain_text("Diterima")
        step.look_at(row)
    with script.step(
        "Buka permohonan itu, tekan “Tunjuk asesor”, pilih asesor, tekan “Tunjuk”.",
        expect="Asesor ditunjuk; yang sertifikatnya berakhir tidak dapat dipilih.",
    ) as step:
        row.get_by_role("link", name=number, exact=True).click()
        desk.goto(desk.url.split("/change/")[0] + "/asesor/")
        choice = desk.locator("input[type=radio]:not([disabled])").first
        choice.check()
        with desk.expect_navigation():
            desk.get_by_role("button", name="Tunjuk", exact=True).click()
        expect(desk.locator("main")).to_contain_text("MET.")
        step.look_at(desk.get_by_text(re.compile("MET.")).first)
    with script.step(
        "Coba buka “Cadangan” (/admin/cadangan/) dan ubah peran seorang pengguna.",
        expect="Sekretariat tidak dapat mengubah pengguna staf.",
    ) as step:
        answer = desk.goto("/admin/core/user/1/change/")
        step.found(f"Alamat pengguna administrator dijawab {answer.status}.")
        assert answer.status in (403, 404) or desk.get_by_role("button", name="Simpan", exact=True).count() == 0


@acceptance(
    "UAT-2e-02",
    "Asesor hanya melihat yang ditugaskan kepadanya",
    answers=("2e", "Tc"),
    purpose="Asesor meninjau FR.APL-02 dari permohonan yang ditugaskan, dan tidak dapat membuka yang lain.",
    role="Asesor",
    before="Akun demo asesor@contoh.id dengan beberapa penugasan.",
)
def test_an_assessor_sees_what_is_assigned(script, site):
    page = script.page = site.page_of("asesor")
    with script.step(
        "Masuk, buka “Antrean permohonan”.", expect="Hanya permohonan yang ditugaskan kepada asesor ini."
    ) as step:
        page.goto("/admin/core/application/")
        expect(page.locator("main")).to_contain_text("Permohonan yang ditugaskan kepada Anda.")
        own = page.locator("#result_list tbody th a")
        step.found(f"{own.count()} permohonan tampil.")
        mine = own.count()
    with script.step(
        "Bandingkan dengan jumlah semua permohonan pada sekretariat.", expect="Jumlah pada asesor lebih kecil."
    ) as step:
        desk = script.page = site.page_of("sekretariat")
        desk.goto("/admin/core/application/?antrean=semua")
        everything = desk.locator("#result_list tbody th a").count()
        assert mine < everything, (mine, everything)
        step.found(f"Sekretariat melihat {everything}, asesor {mine}.")
        desk.goto("/admin/core/application/?antrean=menunggu")
        foreign = desk.locator("#result_list tbody th a").first.get_attribute("href").split("?")[0]
    with script.step(
        "Sebagai asesor, buka alamat permohonan yang tidak ditugaskan.", expect="Tidak ditemukan."
    ) as step:
        script.page = page
        assert page.goto(foreign).status == 404
        step.look_at(page.get_by_role("heading", level=1))
    with script.step(
        "Buka permohonan yang ditugaskan, “Tinjau FR.APL-02”, nilai semua elemen, pilih “Asesmen dapat dilanjutkan”, “Tanda tangani”.",
        expect="Tinjauan ditandatangani; permohonan siap dijadwalkan.",
    ) as step:
        page.goto("/admin/")
        page.get_by_role("link", name=re.compile("Tinjau FR.APL-02")).first.click()
        with page.expect_navigation():
            page.get_by_role("button", name="Sisanya terpenuhi, semua unit").click()
        page.get_by_text("Asesmen dapat dilanjutkan", exact=True).click()
        with page.expect_navigation():
            page.get_by_role("button", name="Tanda tangani").last.click()
        expect(page.locator("body")).to_contain_text("ditandatangani")
        step.look_at(page.get_by_text("ditandatangani").first)
    with script.step(
        "Buka “Cadangan” dan “Pengguna dan peran” lewat alamatnya.", expect="Keduanya tidak diizinkan."
    ) as step:
        assert page.goto("/admin/cadangan/").status == 403
        assert page.goto("/admin/core/user/").status == 403
        step.look_at(page.get_by_role("heading", level=1))


@acceptance(
    "UAT-2e-03",
    "Asesi hanya melihat miliknya sendiri",
    answers=("2e", "Tc"),
    purpose="Asesi tidak dapat membuka ruang kerja, dan tidak dapat membuka permohonan orang lain walaupun tahu nomornya.",
    role="Asesi (telepon)",
    before="Akun demo asesi@contoh.id; nomor permohonan orang lain diketahui, misalnya APL-2026-000012.",
)
def test_a_candidate_sees_only_their_own(script, site):
    page = script.page = site.page_of("asesi", phone=True)
    with script.step("Masuk.", expect="Meja asesi dengan nama sendiri, permohonan, sertifikat, dan suratnya.") as step:
        page.goto("/akun/")
        expect(page.get_by_role("heading", level=1)).to_have_text("Halo, Siti Rahmawati")
        step.look_at(page.get_by_role("heading", level=1))
    with script.step("Buka /permohonan/APL-2026-000012/ milik orang lain.", expect="Tidak ditemukan.") as step:
        assert page.goto("/permohonan/APL-2026-000012/").status == 404
        step.look_at(page.get_by_role("heading", level=1))
    with script.step("Buka PDF FR.APL-01 orang lain lewat alamatnya.", expect="Tidak ditemukan.") as step:
        assert page.goto("/permohonan/APL-2026-000012/formulir/fr-apl-01/").status == 404
        step.look_at(page.get_by_role("heading", level=1))
    with script.step("Buka /admin/.", expect="Ruang kerja tidak terbuka; diminta masuk dengan akun staf.") as step:
        page.goto("/admin/core/application/")
        assert "/login/" in page.url, page.url
        step.found("Diarahkan ke halaman masuk ruang kerja.")


@acceptance(
    "UAT-2e-04",
    "Administrator teknis mengundang pengguna baru, yang masuk dengan faktor kedua",
    answers=("2e", "Tc", "2d"),
    purpose="Administrator mengatur siapa berperan apa; pengguna memilih sandinya sendiri dan mengamankan akunnya dengan kode dari ponsel.",
    role="Administrator teknis, lalu pengguna baru (BNSP)",
    before="Masuk sebagai administrator. Siapkan aplikasi kode (misalnya Google Authenticator).",
)
def test_an_administrator_invites_somebody_who_uses_a_second_factor(script, site):
    admin = script.page = site.page_of("administrator")
    email, password = "pengawas.uji@contoh.id", "gelombang-tenang-71"
    with script.step(
        "Buka “Pengguna dan peran”, “Tambah”, isi nama dan e-mail, pilih peran BNSP, simpan.",
        expect="Pengguna ditambahkan; ia mendapat surat undangan.",
    ) as step:
        admin.goto("/admin/core/user/add/")
        admin.get_by_label("Nama lengkap").fill("Pengawas Uji")
        admin.get_by_label("Alamat e-mail").fill(email)
        admin.get_by_label("Peran").select_option(label="BNSP")
        admin.get_by_role("button", name="Simpan", exact=True).click()
        notice = admin.get_by_text("berhasil ditambahkan").first
        expect(notice).to_be_visible()
        step.look_at(notice)
    person = site.new_visitor()
    with script.step(
        "Sebagai pengguna baru, buka tautan dalam surat, pilih sandi.", expect="Sandi tersimpan dan pengguna masuk."
    ) as step:
        script.page = person
        Candidate(person, site).follow_letter(email)
        person.locator("[name=password]").fill(password)
        with person.expect_navigation():
            person.get_by_role("button", name="Simpan").first.click()
        expect(person.locator("[name=password]")).to_have_count(0)
        step.look_at(person.get_by_role("heading").first)
    with script.step(
        "Buka “Keamanan akun”, aktifkan faktor kedua, masukkan kunci ke aplikasi kode, ketik kode yang tampil.",
        expect="Faktor kedua aktif; sepuluh kode pemulihan tampil sekali.",
    ) as step:
        person.goto("/admin/masuk/faktor-kedua/")
        key = b32decode(person.locator("code").first.inner_text().replace(" ", ""))
        person.get_by_label("Kode yang ditampilkan aplikasi").fill(f"{code_of_app(key, site):06d}")
        person.get_by_role("button", name="Aktifkan").click()
        codes = person.locator(".bo-codes code")
        expect(codes).to_have_count(10)
        first = codes.first.inner_text()
        step.look_at(person.locator(".bo-codes"))
    with script.step("Keluar, masuk lagi dengan sandi saja.", expect="Sesudah sandi masih diminta kode.") as step:
        person.goto("/")
        with person.expect_navigation():
            person.get_by_role("button", name="Keluar").first.click()
        person.goto("/admin/")
        person.locator("[name=username]").fill(email)
        person.locator("[name=password]").fill(password)
        person.get_by_role("button", name="Masuk").click()
        expect(person.get_by_label("Kode dari aplikasi")).to_be_visible()
        step.look_at(person.get_by_label("Kode dari aplikasi"))
    with script.step("Tanpa kode, buka /admin/core/application/.", expect="Tetap diminta kode.") as step:
        person.goto("/admin/core/application/")
        expect(person.get_by_label("Kode dari aplikasi")).to_be_visible()
    with script.step("Gunakan satu kode pemulihan.", expect="Masuk ke ruang kerja sebagai BNSP.") as step:
        person.get_by_role("link", name="Pakai kode pemulihan").click()
        person.get_by_label("Kode pemulihan").fill(first)
        with person.expect_navigation():
            person.get_by_role("button", name="Lanjutkan").click()
        words = person.get_by_text("Anda melihat tanpa dapat mengubah")
        person.goto("/admin/")
        expect(words).to_be_visible()
        step.look_at(words)


@acceptance(
    "UAT-2e-05",
    "BNSP melihat tanpa dapat mengubah apa pun",
    answers=("2e", "Tc"),
    purpose="Pihak ketiga melihat data dan rekap, tanpa tombol yang mengubah; permintaan mengubah yang dikirim paksa pun ditolak; data pribadi disamarkan.",
    role="BNSP",
    before="Akun demo bnsp@contoh.id.",
)
def test_bnsp_looks_and_changes_nothing(script, site):
    page = script.page = site.page_of("bnsp")
    with script.step(
        "Masuk, buka “Antrean permohonan”, buka satu permohonan.",
        expect="Isinya terbaca; NIK, alamat, dan nomor HP disamarkan.",
    ) as step:
        page.goto("/admin/core/application/?antrean=menunggu")
        page.locator("#result_list tbody th a").first.click()
        address = page.url
        nik = page.get_by_text(re.compile(r"^\d\d•+\d\d$")).first
        expect(nik).to_be_visible()
        step.found(f"NIK tampil sebagai {nik.inner_text()}.")
        step.look_at(nik)
    with script.step(
        "Cari tombol yang mengubah: Ambil, Terima, Kembalikan, Tolak, Simpan, Hapus.", expect="Tidak ada satu pun."
    ) as step:
        names = "Ambil|Terima|Kembalikan|Tolak|Simpan|Hapus|Tambah"
        assert page.locator("main").get_by_role("button", name=re.compile(names)).count() == 0
        assert page.locator("main").get_by_role("link", name=re.compile(f"^({names})")).count() == 0
        step.found("Tidak ada tombol yang mengubah pada layar permohonan.")
    with script.step(
        "Kirim paksa permintaan “Ambil untuk diperiksa”, ubah sertifikat, dan tambah pengguna dari akun BNSP.",
        expect="Ketiganya ditolak; keadaan permohonan tetap “Terkirim”.",
    ) as step:
        token = next(c["value"] for c in page.context.cookies() if c["name"] == "csrftoken")
        told = []
        for target in (
            address.split("/change/")[0] + "/tindakan/take/",
            "/admin/core/certificate/1/change/",
            "/admin/core/user/add/",
        ):
            answer = page.request.post(
                target, form={"csrfmiddlewaretoken": token}, headers={"Referer": site.url + "/"}, max_redirects=0
            )
            told.append(answer.status)
        assert all(status in (403, 404, 405) for status in told), told
        page.reload()
        expect(page.locator("main")).to_contain_text("Terkirim")
        step.found(f"Dijawab {', '.join(map(str, told))}; permohonan tetap “Terkirim”.")
    with script.step(
        "Buka “Rekap sertifikasi” dan unduh CSV.", expect="Rekap terbuka dan terunduh tanpa data pribadi."
    ) as step:
        page.goto("/admin/rekap-sertifikasi/")
        with page.expect_download() as download:
            page.get_by_role("link", name="Unduh CSV").click()
        text = download.value.path().read_text(encoding="utf-8-sig")
        assert not re.search(r"\d{16}", text)
        step.found(f"{len(text.splitlines())} baris, tanpa NIK.")


@acceptance(
    "UAT-2e-06",
    "Matriks hak akses sesuai dengan program",
    answers=("2e", "Tc"),
    purpose="Siapa boleh apa pada setiap alamat tertulis dan dibandingkan dengan program, alamat demi alamat.",
    role="Administrator teknis (tim TI)",
    before="Akses ke server.",
)
def test_the_matrix_of_rights_is_what_the_program_does(script, site):
    with script.step(
        "Di server jalankan “manage.py permission_matrix --format csv”.",
        expect="Setiap alamat dengan haknya untuk setiap peran; kode keluar 0 berarti program sesuai dengan yang tertulis.",
    ) as step:
        answer = site.manage("permission_matrix", "--format", "csv")
        lines = answer.text.splitlines()
        step.shows("\n".join([*lines[:12], "…", *lines[-3:]]))
        assert answer.code == 0, answer.text[-500:]
        assert len(lines) > 200, len(lines)
