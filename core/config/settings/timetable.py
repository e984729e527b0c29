"""What runs without anybody asking. One job is one entry: name, when, how long at most, what people call it, what it
does, and the function. Told in cron/README.md; why the crontab holds one line only: server_docs/decisions/0040.
"""

from django.utils.translation import gettext_lazy as _

MINUTE, HOUR = 60, 3600

#: (name, minute hour day month weekday, limit in seconds, title, sentence, function), in the order of their screen.
TIMETABLE = (
    # --- every few minutes
    ("send_outbox", "* * * * *", 10 * MINUTE, _("Kirim surat"),
     _("Mengirim surat yang menunggu; yang gagal dicoba lagi dengan jeda makin panjang."), "cron.jobs.send_outbox"),
    ("run_jobs", "* * * * *", 12 * HOUR, _("Pekerjaan latar"),
     _("Mengerjakan ekspor, impor, dan pekerjaan lain yang diminta orang."), "cron.jobs.run_jobs"),
    ("run_more_jobs", "* * * * *", 12 * HOUR, _("Pekerjaan latar, jalur kedua"),
     _("Supaya satu pekerjaan yang panjang tidak menahan yang pendek."), "cron.jobs.run_jobs"),
    ("seal_activity", "* * * * *", 10 * MINUTE, _("Segel catatan aktivitas"),
     _("Menyegel catatan yang belum disegel seketika."), "cron.jobs.seal_activity"),
    ("verify_requested", "* * * * *", 10 * MINUTE, _("Pemeriksaan berkas yang diminta"),
     _("Meneruskan pemeriksaan yang diminta dengan “Periksa sekarang”."), "cron.jobs.verify_requested"),
    ("renew_recap", "* * * * *", 10 * MINUTE, _("Perbarui rekap dokumen"),
     _("Menghitung ulang hari dan kasus yang berubah."), "cron.jobs.renew_recap"),
    ("renew_document_words", "* * * * *", 10 * MINUTE, _("Perbarui kata pencarian"),
     _("Menyusun ulang kata yang dipakai untuk menemukan dokumen."), "cron.jobs.renew_document_words"),
    ("scan_documents", "*/2 * * * *", HOUR, _("Pindai virus"),
     _("Memeriksa unggahan yang belum sempat dipindai."), "cron.jobs.scan_documents"),
    ("render_pending_forms", "*/5 * * * *", HOUR, _("Cetak formulir"),
     _("Membuat PDF formulir yang belum pernah dibuka."), "cron.jobs.render_pending_forms"),
    ("read_documents", "*/5 * * * *", 30 * MINUTE, _("Baca teks dokumen"),
     _("Membaca teks dokumen dan pindaian baru untuk pencarian."), "cron.jobs.read_documents"),
    ("fold_tallies", "*/10 * * * *", HOUR, _("Gabungkan hitungan"),
     _("Menambahkan perpindahan kasus dan sertifikat ke angka beranda dan rekap."), "cron.jobs.fold_tallies"),
    ("ship_logs", "*/15 * * * *", HOUR, _("Cadangkan log basis data"),
     _("Mencadangkan yang ditulis MariaDB sejak terakhir, supaya paling banyak 15 menit yang dapat hilang."),
     "cron.jobs.ship_logs"),
    # --- at night
    ("backup", "0 1 * * *", 10 * HOUR, _("Cadangan malam"),
     _("Mencadangkan basis data dan dokumen ke semua repositori, lalu memeriksanya."), "cron.jobs.backup"),
    ("remind_expiring", "30 0 * * *", 2 * HOUR, _("Ingatkan sertifikat dan surveilan"),
     _("Mengakhiri pembekuan yang lewat, lalu menyurati pemegang yang sertifikatnya segera berakhir."),
     "cron.jobs.remind_expiring"),
    ("examine_files", "30 1 * * *", 2 * HOUR, _("Periksa kelengkapan kasus"),
     _("Memeriksa lagi isi wajib berkas: kelengkapan berubah karena dokumen kedaluwarsa."), "cron.jobs.examine_files"),
    ("clear_expired", "20 2 * * *", 2 * HOUR, _("Bersihkan yang kedaluwarsa"),
     _("Menghapus sesi, surat lama, berkas impor, dan sisa unggahan menurut Kebijakan sistem."),
     "cron.jobs.clear_expired"),
    ("sweep_documents", "30 2 * * *", 2 * HOUR, _("Sapu berkas sisa"),
     _("Menghapus berkas yang tidak dikenal dokumen mana pun, sisa unggahan yang terputus."),
     "cron.jobs.sweep_documents"),
    ("verify_activity", "40 2 * * *", 4 * HOUR, _("Periksa catatan aktivitas"),
     _("Memeriksa seluruh rantai segel catatan aktivitas."), "cron.jobs.verify_activity"),
    ("prune_old_versions", "50 2 * * *", 2 * HOUR, _("Pangkas versi lama"),
     _("Menghapus versi lebih tua dari dua tahun, kecuali 50 terakhir tiap data."), "cron.jobs.prune_old_versions"),
    ("continue_destructions", "15 3 * * *", 4 * HOUR, _("Teruskan pemusnahan"),
     _("Meneruskan pemusnahan yang disetujui dan terputus."), "cron.jobs.continue_destructions"),
    ("verify_documents", "45 3 * * *", 3 * HOUR, _("Periksa keutuhan berkas"),
     _("Membaca lagi sebagian dokumen tiap malam dan semuanya seminggu sekali, lalu membandingkan sidik jarinya."),
     "cron.jobs.verify_documents"),
    ("restore_drill", "30 4 * * 0", 10 * HOUR, _("Uji pemulihan"),
     _("Memulihkan cadangan ke tempat uji dan membandingkan tiap baris dan sidik jarinya."), "cron.jobs.restore_drill"),
    # --- in the morning, and once a month
    ("backup_alarm", "0 7-17 * * *", 10 * MINUTE, _("Periksa umur cadangan"),
     _("Menyurati administrator bila cadangan atau uji pemulihan terakhir terlalu lama."), "cron.jobs.backup_alarm"),
    ("remind_sessions", "0 7 * * *", HOUR, _("Ingatkan jadwal uji"),
     _("Menyurati asesi dan asesor yang punya jadwal uji tiga hari ke depan."), "cron.jobs.remind_sessions"),
    ("send_recaps", "10 7 * * *", HOUR, _("Kirim rekap tersimpan"),
     _("Mengirim rekap yang tanggal kirimnya tiba."), "cron.jobs.send_recaps"),
    ("propose_destruction", "30 3 1 * *", 2 * HOUR, _("Usulkan pemusnahan"),
     _("Mengusulkan dokumen yang masa simpannya habis; orang yang menyetujuinya."), "cron.jobs.propose_destruction"),
)  # fmt: skip

#: The crontab holds one line, so that it never has to be written anew: each minute, whatever is due.
CRONJOBS = [("* * * * *", "cron.jobs.run_due")]
