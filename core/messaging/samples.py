"""Invented values that stand in for placeholders in previews and test letters."""

from typing import Any

from django.conf import settings

from core.messaging.models import MessageTemplate


def sample_values(template: MessageTemplate) -> dict[str, Any]:
    """A value for each placeholder of the template; one without a sample shows its own name."""
    known = {
        "nama": "Sari Wulandari",
        "nomor": "APL-2026-000123",
        "skema": "Kerja Relawan",
        "tautan": f"{settings.SITE_URL}/permohonan/APL-2026-000123/",
        "lupa": f"{settings.SITE_URL}/lupa-sandi/",
        "bagian": "- Bukti persyaratan: foto KTP buram\n- Alamat dan kontak: kode pos keliru",
        "catatan": "-",
        "jadwal": "JDW-2026-0012",
        "waktu": "Rabu, 2 Desember 2026, pukul 08.00–16.00 WIB",
        "tempat": "TUK Sentul, Jalan Anyar, Kabupaten Bogor",
        "surat": "007/ST/LSP-BNPB/XI/2026",
        "jumlah": 4,
        "alasan": "Asesor bertugas di lokasi bencana pada hari itu.",
        "batas": "10 Desember 2026",
        "tanggal": "26 November 2026",
        "periksa": f"{settings.SITE_URL}/verifikasi/ABCD2345EFGH6789/",
        "sampai": "31 Desember 2028",
        "dibekukan": "30 Juni 2027",
        "sisa": "30",
        "instansi": "BPBD Kabupaten Lumajang",
        "privasi": f"{settings.SITE_URL}/privasi/",
        "dokumen": "Ijazah terakhir",
        "berkas": "ijazah.pdf",
        "permintaan": "salinan data",
        "dasar": "UU 27/2022 Pasal 7 dan Pasal 32",
        "jawaban": "Salinan data Anda dapat diunduh dari meja Anda.",
        "daftar": "- 31 Desember 2026: 84230 2264 3 0000001 2023, Kerja Relawan",
        "asesor": "Bambang Prasetyo",
        "formulir": "FR.AK.01 Persetujuan Asesmen dan Kerahasiaan",
        "masuk": f"{settings.SITE_URL}/lupa-sandi/",
        "kompeten": 3,
        "belum_kompeten": 1,
        "berita_acara": "004/BA-PLENO/LSP-BNPB/XI/2026",
        "pengganti": "Surat ini menggantikan surat kami nomor 001/ST-BNSP/LSP-BNPB/XI/2026.",
        "rekap": "Per provinsi",
        "jangka": "November 2026",
        "pdf": f"{settings.SITE_URL}/admin/rekap-sertifikasi/ekspor/pdf/",
        "excel": f"{settings.SITE_URL}/admin/rekap-sertifikasi/ekspor/xlsx/",
        "pekerjaan": "Kirim surat",
        "hasil": "Gagal",
        "sebab": "Server surat tidak dapat dihubungi.",
        "kali": 3,
        "masalah": "- Repositori luar: cadangan terakhir berumur 31 jam.",
        "cadangan": "repositori luar",
    }
    if template.key.startswith("job"):
        known |= {
            "pekerjaan": "Ekspor permohonan",
            "hasil": "Hasilnya dapat diunduh sampai 3 Desember 2026.",
            "sebab": "Terputus karena server berhenti di tengah pekerjaan.",
            "tautan": f"{settings.SITE_URL}/admin/core/job/12/change/",
        }
    if template.key == "destruction-proposed":
        known |= {"pengusul": "Rudi Hartono", "tautan": f"{settings.SITE_URL}/admin/core/destructionbatch/7/change/"}
    if template.key.startswith(("certificate", "surveillance")):
        known |= {"nomor": "84234 5411 4 0000123 2026", "alasan": "Menunggu penjelasan atas keluhan pengguna jasa."}
    if template.key == "drill-not-proven":
        known |= {"hasil": "berbeda", "sebab": "Membandingkan sidik tiap berkas: 1 perbedaan."}
    if template.key in ("decision-not-yet-competent", "appeal-dismissed"):
        known["alasan"] = "- O.842340.026.01 Memberi Layanan Tanggap Darurat"
    if template.key == "account-second-factor-reset":
        known["alasan"] = "Ponsel hilang; dipastikan lewat telepon."
    if template.key.startswith("ticket"):
        known |= {
            "nomor": "TIK-2026-00012",
            "topik": "Pendaftaran dan akun",
            "tautan": f"{settings.SITE_URL}/akun/pesan/TIK-2026-00012/",
            "jawaban": "Foto KTP dapat diunggah ulang dari meja Anda.",
        }
    if template.key.startswith("ticket") and template.key.endswith("-en"):
        known |= {
            "topik": "Registration and account",
            "batas": "10 December 2026",
            "tautan": f"{settings.SITE_URL}/en/pesan/TIK-2026-00012/9f3kq0c7XbVt/",
            "jawaban": "You can upload the photo of your identity card again from your account.",
        }
    if template.key == "assessor-assigned-many":
        known["daftar"] = "- APL-2026-000123, Kerja Relawan\n- APL-2026-000124, Kerja Relawan"
    if template.key in ("institution-refused", "institution-closed"):
        known["alasan"] = "Alamat e-mail petugas bukan alamat kantor; mohon lampirkan surat tugas."
    return {name: known.get(name, f"‹{name}›") for name in template.placeholders}
