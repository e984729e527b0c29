"""The client's terms of reference, clause by clause and word for word, and what answers each.

Most clauses are answered by scripts (tests/acceptance/test_*.py name them). A clause that no program can answer names
the paper that does, or whose part it is.
"""

from dataclasses import dataclass

#: (letter or number of the part, its heading in the terms of reference)
PARTS = (
    ("T", "Tujuan/Deskripsi Proyek"),
    ("1", "Tahapan Pra Pengembangan"),
    ("2", "Pengembangan Sistem (Tahap I: Repositori dan Pendaftaran)"),
    ("3", "Pengelolaan Server dan Keamanan Data"),
    ("4", "Tahapan Pasca Pengembangan (Uji Coba dan Pemeliharaan)"),
    ("D", "Deliverables"),
)


@dataclass(frozen=True)
class Clause:
    """`key` is what scripts name; `letter` is how the terms of reference print it."""

    key: str
    letter: str
    words: str
    #: What answers it besides scripts: a document of the system, or who has to.
    elsewhere: str = ""

    @property
    def part(self) -> str:
        return self.key[0]


CLAUSES = (
    Clause("Ta", "a.", "Informasi umum tentang layanan sertifikasi PB dan LSP BNPB"),
    Clause(
        "Tb",
        "b.",
        "pendaftaran peserta sertifikasi secara online, termasuk Mengotomatisasi pengisian formulir APL-01 (formulir pendaftaran) dan APL-02 (formulir assessment mandiri).",
    ),
    Clause(
        "Tb2",
        "b. (kedua)",
        "Menyediakan repositori terpusat untuk menyimpan dokumen hasil penilaian dan bukti terkait sertifikasi.",
    ),
    Clause(
        "Tc",
        "c.",
        "Mengatur akses multi-level yang aman bagi berbagai pihak seperti administrator, sekretariat sertifikasi, asesor, dan peserta sertifikasi.",
    ),
    Clause(
        "Td",
        "alinea “Selain itu”",
        "sistem akan dirancang agar dapat di-upgrade di masa depan untuk mendukung penilaian otomatis dan assessment jarak jauh melalui video conference.",
        "server_docs/decisions/0017-assessment-methods.md: cara asesmen adalah daftar yang dapat ditambah; tahap 2 menunggu izin BNSP dan tidak diuji di sini",
    ),
    Clause(
        "Te",
        "alinea “Sistem ini”",
        "teknologi berbasis PHP versi 8.x dengan framework seperti Laravel atau Drupal, serta database MySQL atau MariaDB.",
        "Basis data: MariaDB, setiap versi diuji padanya. Bahasa program: Python dengan Django, bukan PHP; penyimpangan ini perlu disetujui pemberi kerja",
    ),
    Clause(
        "1a",
        "a.",
        "Berkoordinasi dengan tim LSP BNPB, Pusdatinkom, Pusdiklat dan pihak-pihak terkait untuk memastikan alur sistem sesuai dengan peraturan BNSP, Perban, Juknis, dan Juklak sertifikasi profesi.",
        "Notulen rapat koordinasi (konsultan dan LSP). Yang di dalam sistem masih menunggu kepastian LSP bertanda “menunggu konfirmasi LSP”",
    ),
    Clause(
        "1b",
        "b.",
        "Melakukan penyesuaian kebutuhan pengguna (tim sekretariat, asesor, asesi, administrator).",
        "Laporan pendahuluan. LSP mengubah sendiri teks, skema, formulir, surat, dan kebijakan lewat “Semua pengaturan”",
    ),
    Clause(
        "1c",
        "c.",
        "Mengidentifikasi batasan sistem serta prosedur operasional sesuai pedoman BNSP.",
        "Laporan pendahuluan; server_docs/decisions/ (batas sistem dan alasannya)",
    ),
    Clause("2a", "a.", "Membuat halaman informasi layanan LSP BNPB dan sertifikasi profesi PB"),
    Clause(
        "2b",
        "b.",
        "Membuat portal pendaftaran online yang mengotomatisasi pengisian formulir APL-01 (formulir pendaftaran) dan APL-02 (formulir assessment mandiri).",
    ),
    Clause(
        "2c",
        "c.",
        "Halaman penjelasan (landing page) yang memuat informasi apa itu LSP BNPB, persyaratan sertifikasi, skema sertifikasi, alur sertifikasi dan halaman form hubungi LSP BNPB",
    ),
    Clause(
        "2d",
        "d.",
        "Mengembangkan fitur repositori untuk menyimpan dokumen-dokumen sertifikasi dengan keamanan yang memadai.",
    ),
    Clause(
        "2e",
        "e.",
        "Membuat sistem dengan peran akses berbeda (fitur user access dan permission) untuk tim sekretariat sertifikasi, asesor, asesi (peserta atau pengaju sertifikasi), administrator teknis (untuk pengecekan dan perbaikan sistem), dan pihak ketiga (jika membutuhkan akses tanpa bisa merubah data di dalamnya, contohnya BNSP).",
    ),
    Clause("2f", "f.", "Fitur backup otomatis dan ekspor data dalam format yang dibutuhkan (CSV, Excel)."),
    Clause(
        "2g",
        "g.",
        "Pembuatan fitur rekap data contohnya: Fitur Peserta Tersertifikasi, terdaftar, dan dalam tahap sertifikasi/assessment; Fitur Rekap dokumen; serta Fitur Export Data",
    ),
    Clause("2h", "h.", "Pembuatan fitur Pencadangan Data Otomatis"),
    Clause("2i", "i.", "Pembuatan fitur Log aktivitas"),
    Clause(
        "3a",
        "a.",
        "Menyediakan spesifikasi server yang mampu menangani beban data besar, termasuk konfigurasi untuk backup dan pencadangan data di server terpisah.",
        "server_docs/server_specification.md; beban besar diukur dengan “make bench” dan “make load” (server_docs/speed.md)",
    ),
    Clause(
        "3b",
        "b.",
        "Dokumentasi konfigurasi server untuk memudahkan pemeliharaan oleh tim IT Pusdatin BNPB atau pihak ketiga.",
        "server_docs/installation.md, operation.md, backup.md, upgrade.md, runbook/, examples/",
    ),
    Clause(
        "4a",
        "a.",
        "Melakukan uji coba sistem secara keseluruhan bersama tim LSP BNPB.",
        "Naskah kosong (naskah-uat.pdf) untuk uji coba dengan tangan, ditandatangani; laporan ini adalah bagian yang dijalankan sendiri oleh program",
    ),
    Clause("4b", "b.", "Memperbaiki bug dan memastikan sistem berjalan sesuai fungsinya."),
    Clause(
        "4c",
        "c.",
        "Memberikan pelatihan kepada pengguna akhir dan tim teknis LSP BNPB.",
        "Pelatihannya sendiri: daftar hadir dan laporan pelatihan (konsultan)",
    ),
    Clause(
        "4d", "d.", "Memberikan dokumentasi sistem dan panduan pengguna (manual) untuk administrator dan pengguna lain."
    ),
    Clause(
        "D1",
        "1.",
        "Inception report yang memuat jadwal dan metode pengembangan sistem sertifikasi proefsi online",
        "Laporan pendahuluan (konsultan)",
    ),
    Clause(
        "D2",
        "2.",
        "Sistem sertifikasi berbasis web yang mencakup repositori dokumen, portal pendaftaran, dan pengelolaan akses multi-level.",
    ),
    Clause("D3", "3.", "Dokumentasi sistem dan panduan penggunaan."),
    Clause("D4", "4.", "Sistem backup dan pencadangan data yang terintegrasi."),
    Clause(
        "D5",
        "5.",
        "Laporan hasil pengembangan sistem sertifikasi profesi online yang memuat uji coba dan perbaikan bug pasca-uji.",
        "Laporan ini dan CHANGELOG.md menjadi lampirannya",
    ),
    Clause(
        "D6",
        "6.",
        "Laporan hasil pelatihan operasional dan pemeliharaan sistem sertifikasi online kepada tim teknis LSP BNPB dan Pusdatinkom BNPB.",
        "Laporan pelatihan (konsultan), sesudah pelatihan berlangsung",
    ),
)

BY_KEY = {clause.key: clause for clause in CLAUSES}
