"""What an activity code says to a person."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from core.activity.models import ActivityEntry

LABELS = {
    "account.register": gettext_lazy("meminta pendaftaran akun"),
    "account.confirm_email": gettext_lazy("mengonfirmasi alamat e-mail"),
    "account.request_reset": gettext_lazy("meminta sandi baru"),
    "account.change_password": gettext_lazy("mengganti sandi"),
    "account.invite": gettext_lazy("mengundang pengguna"),
    "account.change": gettext_lazy("mengubah akun"),
    "account.resend_confirmation": gettext_lazy("mengirim ulang surat konfirmasi"),
    "account.assign_role": gettext_lazy("memberi peran %(role)s"),
    "account.save_profile": gettext_lazy("menyimpan profil"),
    "account.save_name": gettext_lazy("mengubah namanya sendiri"),
    "account.log_in": gettext_lazy("masuk"),
    "account.log_out": gettext_lazy("keluar"),
    "account.log_in_failed": gettext_lazy("mencoba masuk dengan sandi yang salah"),
    "account.shut_out": gettext_lazy("menutup pintu masuk 15 menit sesudah enam sandi salah"),
    "account.second_factor_failed": gettext_lazy("salah memasukkan kode faktor kedua"),
    "account.second_factor_passed": gettext_lazy("lolos faktor kedua (%(method)s)"),
    "account.confirm_enrolment": gettext_lazy("mengaktifkan faktor kedua"),
    "account.make_recovery_codes": gettext_lazy("membuat kode pemulihan baru"),
    "account.remove_factor": gettext_lazy("melepas faktor kedua"),
    "account.reset_second_factor": gettext_lazy("mengatur ulang faktor kedua (%(reason)s)"),
    "account.remember_device": gettext_lazy("meminta perangkat diingat"),
    "account.forget_device": gettext_lazy("melupakan perangkat yang diingat (%(count)s)"),
    "account.end_sessions": gettext_lazy("mengakhiri sesi (%(count)s)"),
    "policy.change": gettext_lazy("mengubah kebijakan sistem"),
    "secret.renew": gettext_lazy("mulai memakai kunci atau sandi lain: %(name)s"),
    "consent.publish": gettext_lazy("menerbitkan teks persetujuan"),
    "consent.give": gettext_lazy("menyetujui teks persetujuan (versi %(version)s)"),
    "profile.view": gettext_lazy("membuka profil asesi"),
    "profile.search_nik": gettext_lazy("mencari orang dengan NIK"),
    "document.store": gettext_lazy("menyimpan dokumen"),
    "document.release": gettext_lazy("melepas dokumen"),
    "document.set_validity": gettext_lazy("mencatat masa berlaku dokumen"),
    "document.refuse": gettext_lazy("menolak dokumen karena pemindai menemukan virus (%(virus)s)"),
    "document.refuse_upload": gettext_lazy("mengirim berkas yang ditolak: %(refusal)s"),
    "document.release_unscanned": gettext_lazy("membuka dokumen tanpa diperiksa pemindai virus"),
    "document.view": gettext_lazy("melihat dokumen"),
    "backup.run": gettext_lazy("meminta cadangan sekarang"),
    "backup.restore": gettext_lazy("memulihkan cadangan %(snapshot)s, keadaan pada %(moment)s"),
    "integrity.request": gettext_lazy("meminta pemeriksaan keutuhan berkas sekarang"),
    "drill.begin": gettext_lazy("memulai uji pemulihan (%(place)s)"),
    "drill.end": gettext_lazy("menyelesaikan uji pemulihan (%(outcome)s)"),
    "backup.restore_document": gettext_lazy("memulihkan berkas dokumen dari cadangan"),
    "backup.restore_record": gettext_lazy("memulihkan satu data dari cadangan %(when)s"),
    "scheme.publish_version": gettext_lazy("menerbitkan versi skema"),
    "scheme.retire_version": gettext_lazy("menutup versi skema"),
    "scheme.draft_version": gettext_lazy("menyiapkan draf versi skema"),
    "page.publish": gettext_lazy("menerbitkan halaman portal"),
    "page.schedule": gettext_lazy("menjadwalkan penerbitan halaman portal"),
    "page.unschedule": gettext_lazy("membatalkan jadwal terbit halaman portal"),
    "page.withdraw": gettext_lazy("menarik halaman portal"),
    "page.discard_draft": gettext_lazy("membuang draf halaman portal"),
    "download.set_file": gettext_lazy("memasang berkas unduhan"),
    "office.set_logo": gettext_lazy("memasang logo LSP"),
    "office.remove_logo": gettext_lazy("melepas logo LSP"),
    "numbering.raise": gettext_lazy("menaikkan nomor terakhir menjadi %(last)s"),
    "template.send_test": gettext_lazy("mengirim uji templat pesan kepada diri sendiri"),
    "template.reset": gettext_lazy("mengembalikan templat pesan ke teks bawaan"),
    "scheme.create": gettext_lazy("membuat skema"),
    "scheme.copy": gettext_lazy("menyalin skema dari %(origin)s"),
    "scheme.save": gettext_lazy("menyimpan data skema"),
    "scheme.discard_draft": gettext_lazy("membuang draf skema"),
    "scheme.add_unit": gettext_lazy("menambahkan unit %(unit)s"),
    "scheme.remove_unit": gettext_lazy("mengeluarkan unit %(unit)s"),
    "scheme.move_unit": gettext_lazy("memindahkan unit %(unit)s"),
    "scheme.add_requirement": gettext_lazy("menambahkan persyaratan “%(requirement)s”"),
    "scheme.change_requirement": gettext_lazy("mengubah persyaratan “%(requirement)s”"),
    "scheme.remove_requirement": gettext_lazy("menghapus persyaratan “%(requirement)s”"),
    "scheme.move_requirement": gettext_lazy("memindahkan persyaratan “%(requirement)s”"),
    "unit.save_text": gettext_lazy("mengubah elemen dan KUK unit"),
    "unit.delete": gettext_lazy("menghapus unit"),
    "import.check": gettext_lazy("mengunggah berkas impor untuk diperiksa"),
    "job.request": gettext_lazy("meminta pekerjaan latar “%(title)s”"),
    "job.cancel": gettext_lazy("membatalkan pekerjaan latar “%(title)s”"),
    "job.download": gettext_lazy("mengunduh hasil pekerjaan latar “%(title)s”"),
    "schedule.run": gettext_lazy("menjalankan pekerjaan terjadwal “%(title)s” di luar jadwalnya"),
    "schedule.pause": gettext_lazy("mematikan pekerjaan terjadwal “%(title)s” sampai %(until)s"),
    "schedule.resume": gettext_lazy("menyalakan lagi pekerjaan terjadwal “%(title)s”"),
    "import.run": gettext_lazy(
        "menerapkan impor %(title)s (%(created)s baru, %(changed)s berubah, %(removed)s dihapus)"
    ),
    "export.save_profile": gettext_lazy("menyimpan profil ekspor bersama"),
    "export.delete_profile": gettext_lazy("menghapus profil ekspor bersama"),
    "recap.save": gettext_lazy("menyimpan pilihan rekap"),
    "recap.schedule": gettext_lazy("menjadwalkan rekap tiap tanggal %(day)s untuk %(recipients)s penerima"),
    "recap.delete": gettext_lazy("menghapus pilihan rekap"),
    "export.run": gettext_lazy("mengekspor %(title)s (%(count)s baris)"),
    "message.resend": gettext_lazy("mengirim ulang pesan"),
    "record.add": gettext_lazy("menambah %(kind)s"),
    "record.change": gettext_lazy("mengubah %(kind)s"),
    "record.delete": gettext_lazy("menghapus %(kind)s"),
    "institution.register": gettext_lazy("mendaftarkan instansi"),
    "institution.save": gettext_lazy("menyimpan data instansi"),
    "institution.ask_again": gettext_lazy("mengajukan instansi lagi"),
    "institution.add_officer": gettext_lazy("menambahkan petugas instansi"),
    "institution.approve": gettext_lazy("menyetujui instansi"),
    "institution.refuse": gettext_lazy("menolak instansi"),
    "institution.close": gettext_lazy("menutup akses instansi"),
    "institution.reopen": gettext_lazy("membuka lagi akses instansi"),
    "institution.invite": gettext_lazy("mengundang %(count)s orang"),
    "institution.resend": gettext_lazy("mengirim ulang undangan"),
    "institution.correct": gettext_lazy("memperbaiki alamat e-mail undangan"),
    "institution.withdraw": gettext_lazy("menarik undangan"),
    "institution.accept": gettext_lazy("menerima undangan instansi"),
    "institution.decline": gettext_lazy("menolak undangan instansi"),
    "institution.share": gettext_lazy("mengizinkan instansi melihat hasil"),
    "institution.unshare": gettext_lazy("mencabut izin instansi melihat hasil"),
    "institution.view": gettext_lazy("membuka data instansi"),
    "institution.view_people": gettext_lazy("membuka daftar orang yang diundang"),
    "activity.export": gettext_lazy("mengekspor catatan aktivitas (%(rows)s baris, %(format)s)"),
    "activity.new_checkpoints": gettext_lazy("memulai berkas titik periksa baru untuk catatan aktivitas"),
    "application.view": gettext_lazy("membuka permohonan"),
    "record.restore": gettext_lazy("mengembalikan data ke versi lama"),
    "record.recover": gettext_lazy("memulihkan data terhapus"),
    "view.save": gettext_lazy("menyimpan tampilan bersama"),
    "view.rename": gettext_lazy("mengganti nama tampilan bersama"),
    "view.delete": gettext_lazy("menghapus tampilan bersama"),
    "application.open_draft": gettext_lazy("memulai permohonan"),
    "application.submit": gettext_lazy("menandatangani dan mengirim permohonan (pengiriman ke-%(sequence)s)"),
    "application.take": gettext_lazy("mengambil permohonan untuk diperiksa"),
    "application.take_over": gettext_lazy("mengambil alih pemeriksaan"),
    "application.check_requirement": gettext_lazy("menilai satu persyaratan: %(verdict)s"),
    "application.accept": gettext_lazy("menerima permohonan"),
    "application.return": gettext_lazy("mengembalikan permohonan untuk diperbaiki"),
    "application.reject": gettext_lazy("menolak permohonan"),
    "application.assign_assessor": gettext_lazy("menunjuk asesor %(assessor)s untuk permohonan"),
    "application.release_assessor": gettext_lazy("menarik penugasan asesor %(assessor)s dari permohonan"),
    "application.remind": gettext_lazy("mengingatkan asesi untuk memperbaiki permohonan"),
    "application.withdraw": gettext_lazy("membatalkan permohonan"),
    "application.continue": gettext_lazy("menyatakan asesmen dapat dilanjutkan"),
    "application.discontinue": gettext_lazy("menyatakan asesmen tidak dapat dilanjutkan"),
    "application.schedule": gettext_lazy("menempatkan permohonan dalam jadwal %(session)s"),
    "application.unschedule": gettext_lazy("mengeluarkan permohonan dari jadwal %(session)s"),
    "application.save_reviews": gettext_lazy("menyimpan penilaian bukti FR.APL-02"),
    "application.record_result": gettext_lazy("mencatat hasil unit %(unit)s (%(method)s)"),
    "application.save_results": gettext_lazy("menyimpan draf hasil asesmen"),
    "application.assess": gettext_lazy("menandatangani hasil asesmen (%(recommendation)s)"),
    "application.correct_results": gettext_lazy("mengoreksi hasil asesmen (rekaman ke-%(sequence)s)"),
    "application.declare_competent": gettext_lazy("memutuskan kompeten"),
    "application.declare_not_yet_competent": gettext_lazy("memutuskan belum kompeten"),
    "application.appeal": gettext_lazy("mengajukan banding"),
    "application.withdraw_appeal": gettext_lazy("mencabut banding"),
    "application.issue": gettext_lazy("menerbitkan sertifikat %(certificate)s"),
    "application.add_document": gettext_lazy("menambahkan %(kind)s ke berkas"),
    "application.replace_document": gettext_lazy("mengganti %(kind)s pada berkas"),
    "application.take_out_document": gettext_lazy("mengeluarkan %(kind)s dari berkas"),
    "application.download_file": gettext_lazy("mengunduh seluruh berkas (%(papers)s dokumen)"),
    "application.renew": gettext_lazy("memulai perpanjangan sertifikat %(certificate)s"),
    "session.create": gettext_lazy("membuat jadwal uji"),
    "session.change": gettext_lazy("mengubah jadwal uji"),
    "session.announce": gettext_lazy("mengumumkan jadwal uji"),
    "session.tell_change": gettext_lazy("memberi tahu perubahan jadwal uji"),
    "session.cancel": gettext_lazy("membatalkan jadwal uji"),
    "session.close": gettext_lazy("menutup jadwal uji"),
    "session.record_attendance": gettext_lazy("mencatat kehadiran (%(count)s asesi)"),
    "session.issue_letter": gettext_lazy("menerbitkan surat tugas %(letter)s"),
    "form.lay_in": gettext_lazy("menyiapkan %(count)s berkas asesmen"),
    "form.save": gettext_lazy("menyimpan formulir"),
    "form.sign": gettext_lazy("menandatangani formulir sebagai %(party)s"),
    "form.scan": gettext_lazy("mengunggah pindaian formulir"),
    "form.correct": gettext_lazy("mengganti formulir dengan koreksi"),
    "form.create": gettext_lazy("membuat formulir"),
    "form.change": gettext_lazy("mengubah data formulir"),
    "form.add_line": gettext_lazy("menambahkan baris “%(line)s”"),
    "form.change_line": gettext_lazy("mengubah baris “%(line)s”"),
    "form.remove_line": gettext_lazy("menghapus baris “%(line)s”"),
    "form.move_line": gettext_lazy("memindahkan baris “%(line)s”"),
    "form.set_need": gettext_lazy("mengatur pemakaian formulir pada %(scheme)s: %(need)s"),
    "form.discard_draft": gettext_lazy("membuang draf formulir"),
    "form.publish": gettext_lazy("menerbitkan versi formulir"),
    "form.draft": gettext_lazy("menyiapkan versi formulir berikutnya"),
    "plenary.create": gettext_lazy("menyiapkan rapat pleno"),
    "plenary.change": gettext_lazy("mengubah rapat pleno"),
    "plenary.add_case": gettext_lazy("menambahkan %(count)s permohonan pada agenda pleno"),
    "plenary.remove_case": gettext_lazy("mengeluarkan permohonan %(application)s dari agenda pleno"),
    "plenary.save_decisions": gettext_lazy("menuliskan keputusan pleno (%(count)s permohonan)"),
    "plenary.record": gettext_lazy("mencatat keputusan rapat pleno"),
    "plenary.reopen": gettext_lazy("membuka kembali catatan rapat pleno"),
    "plenary.confirm": gettext_lazy("mengesahkan keputusan rapat pleno"),
    "plenary.cancel": gettext_lazy("membatalkan rapat pleno"),
    "certificate.suspend": gettext_lazy("membekukan sertifikat"),
    "certificate.reinstate": gettext_lazy("memberlakukan kembali sertifikat"),
    "certificate.withdraw": gettext_lazy("mencabut sertifikat"),
    "certificate.replace": gettext_lazy("menerbitkan pengganti sertifikat"),
    "certificate.record_blank": gettext_lazy("mencatat nomor blanko"),
    "certificate.replace_blank": gettext_lazy("mengganti nomor blanko %(former)s dengan %(blank)s"),
    "past_certificate.correct": gettext_lazy("membetulkan sertifikat lama"),
    "past_certificate.suspend": gettext_lazy("membekukan sertifikat lama"),
    "past_certificate.reinstate": gettext_lazy("memberlakukan kembali sertifikat lama"),
    "past_certificate.withdraw": gettext_lazy("mencabut sertifikat lama"),
    "past_certificate.link": gettext_lazy("menautkan sertifikat lama dengan pemegangnya"),
    "past_certificate.unlink": gettext_lazy("melepas tautan sertifikat lama"),
    "certificate.download": gettext_lazy("mengunduh sertifikat"),
    "application.print": gettext_lazy("membuka salinan formulir permohonan"),
    "form.print": gettext_lazy("membuka cetakan formulir"),
    "session.print_attendance": gettext_lazy("membuka daftar hadir"),
    "document.destroy": gettext_lazy("memusnahkan dokumen menurut berita acara %(number)s"),
    "consent.withdraw": gettext_lazy("mencatat penarikan persetujuan"),
    "account.forget": gettext_lazy("menghapus data pribadi akun"),
    "application.forget": gettext_lazy("menghapus isi permohonan"),
    "hold.place": gettext_lazy("menahan dari pemusnahan"),
    "hold.lift": gettext_lazy("melepas penahanan"),
    "handover.prepare": gettext_lazy("menyiapkan serah terima kepada BNSP (%(count)s permohonan)"),
    "handover.add_cases": gettext_lazy("menambahkan %(count)s permohonan pada serah terima"),
    "handover.remove_cases": gettext_lazy("mengeluarkan %(count)s permohonan dari serah terima"),
    "handover.attach_letter": gettext_lazy("mengunggah surat pengantar serah terima"),
    "handover.detach_letter": gettext_lazy("kembali ke surat pengantar buatan sistem"),
    "handover.check": gettext_lazy("memeriksa dan mengunci serah terima (%(count)s permohonan)"),
    "handover.reopen": gettext_lazy("membuka kembali serah terima"),
    "handover.hand_over": gettext_lazy("mencatat penyerahan kepada BNSP (%(count)s permohonan)"),
    "handover.replace": gettext_lazy("mengganti serah terima dengan %(successor)s"),
    "handover.correct": gettext_lazy("menyiapkan koreksi serah terima %(former)s"),
    "handover.withdraw": gettext_lazy("menarik serah terima"),
    "handover.download": gettext_lazy("mengunduh serah terima (%(files)s berkas)"),
    "session.set_bnsp_codes": gettext_lazy("mengisi data BNSP jadwal uji"),
    "destruction.propose": gettext_lazy("mengusulkan pemusnahan (%(count)s dokumen)"),
    "destruction.take_out": gettext_lazy("mengeluarkan %(count)s dokumen dari usulan pemusnahan"),
    "destruction.approve": gettext_lazy("menyetujui pemusnahan (%(count)s dokumen)"),
    "destruction.cancel": gettext_lazy("membatalkan usulan pemusnahan"),
    "destruction.finish": gettext_lazy("menyelesaikan pemusnahan (%(count)s dokumen)"),
    "privacy.request": gettext_lazy("mengajukan permintaan data pribadi (%(kind)s)"),
    "privacy.take": gettext_lazy("mengerjakan permintaan data pribadi"),
    "privacy.note": gettext_lazy("menulis catatan pada permintaan data pribadi"),
    "privacy.answer": gettext_lazy("menjawab permintaan data pribadi"),
    "privacy.refuse": gettext_lazy("menolak permintaan data pribadi"),
    "privacy.cancel": gettext_lazy("membatalkan permintaan data pribadi"),
    "privacy.erase": gettext_lazy("menghapus data pribadi seseorang"),
    "privacy.breach_letter": gettext_lazy("menyiapkan surat kegagalan pelindungan data untuk %(people)s orang"),
    "privacy.anonymise": gettext_lazy("membuat basis data ini anonim"),
    "privacy.download": gettext_lazy("mengunduh semua data seseorang (%(files)s berkas)"),
    "ticket.open": gettext_lazy("mengirim pesan ke LSP (%(kind)s)"),
    "ticket.write": gettext_lazy("menulis lagi pada pesan"),
    "ticket.answer": gettext_lazy("menjawab pesan"),
    "ticket.note": gettext_lazy("menulis catatan internal pada pesan"),
    "ticket.assign": gettext_lazy("menugaskan pesan kepada rekan"),
    "ticket.release": gettext_lazy("melepas penugasan pesan"),
    "ticket.link": gettext_lazy("menghubungkan pesan dengan permohonan atau sertifikat"),
    "ticket.close": gettext_lazy("menyelesaikan pesan"),
    "ticket.reopen": gettext_lazy("membuka kembali pesan"),
    "surveillance.record": gettext_lazy("mencatat hasil surveilan: %(outcome)s"),
}


#: What was wrong with a file that was refused, by the second half of the refusal's code.
REFUSED_FILES = {
    "active_pdf": gettext_lazy("PDF berisi skrip, lampiran, atau perintah"),
    "archive": gettext_lazy("arsip"),
    "bad_csv": gettext_lazy("CSV rusak"),
    "broken": gettext_lazy("lembar kerja rusak"),
    "broken_pdf": gettext_lazy("PDF rusak"),
    "broken_picture": gettext_lazy("gambar rusak"),
    "checksum_form": gettext_lazy("tanda berkas tidak dikenal"),
    "disguised": gettext_lazy("PDF dan arsip sekaligus"),
    "doctype": gettext_lazy("lembar kerja dengan definisi XML"),
    "empty": gettext_lazy("kosong"),
    "encrypted": gettext_lazy("lembar kerja terkunci"),
    "encrypted_pdf": gettext_lazy("PDF terkunci"),
    "heic": gettext_lazy("foto HEIC"),
    "huge_page": gettext_lazy("halaman terlalu besar"),
    "identity_number": gettext_lazy("berisi NIK"),
    "infected": gettext_lazy("virus"),
    "no_pdf": gettext_lazy("PDF, padahal diminta foto"),
    "no_picture": gettext_lazy("bukan PDF, padahal diminta PDF"),
    "no_sheet": gettext_lazy("tanpa lembar yang dikenal"),
    "not_excel": gettext_lazy("bukan lembar kerja"),
    "office": gettext_lazy("berkas Office"),
    "old_excel": gettext_lazy("Excel lama atau terkunci"),
    "pdf": gettext_lazy("PDF, padahal diminta lembar kerja"),
    "pdf_bomb": gettext_lazy("PDF yang mengembang"),
    "personal_column": gettext_lazy("berisi kolom data pribadi"),
    "pixel_flood": gettext_lazy("gambar yang mengembang"),
    "program": gettext_lazy("program"),
    "tiff": gettext_lazy("gambar TIFF"),
    "too_large": gettext_lazy("terlalu besar"),
    "too_many": gettext_lazy("terlalu banyak berkas"),
    "too_many_columns": gettext_lazy("terlalu banyak kolom"),
    "too_many_pages": gettext_lazy("terlalu banyak halaman"),
    "too_many_rows": gettext_lazy("terlalu banyak baris"),
    "too_small": gettext_lazy("gambar terlalu kecil"),
    "undecodable": gettext_lazy("CSV yang tidak terbaca"),
    "unpacks_too_large": gettext_lazy("lembar kerja yang mengembang"),
    "video": gettext_lazy("video"),
    "web_page": gettext_lazy("halaman web atau SVG"),
    "wrong_type": gettext_lazy("jenis tidak dikenal"),
}
#: What the acts are about, by the first half of their code, in the order of the filter.
GROUPS = {
    "application": gettext_lazy("Permohonan"),
    "session": gettext_lazy("Jadwal uji"),
    "form": gettext_lazy("Formulir asesmen"),
    "plenary": gettext_lazy("Rapat pleno"),
    "certificate": gettext_lazy("Sertifikat"),
    "surveillance": gettext_lazy("Surveilan"),
    "document": gettext_lazy("Dokumen"),
    "destruction": gettext_lazy("Pemusnahan"),
    "handover": gettext_lazy("Serah terima BNSP"),
    "hold": gettext_lazy("Penahanan"),
    "institution": gettext_lazy("Instansi"),
    "privacy": gettext_lazy("Permintaan data pribadi"),
    "profile": gettext_lazy("Profil asesi"),
    "account": gettext_lazy("Akun"),
    "consent": gettext_lazy("Persetujuan"),
    "scheme": gettext_lazy("Skema"),
    "ticket": gettext_lazy("Pesan masuk"),
    "message": gettext_lazy("Pesan"),
    "record": gettext_lazy("Pengaturan"),
    "activity": gettext_lazy("Catatan aktivitas"),
}
#: Acts of looking, which outnumber all others.
VIEWS = frozenset(
    {
        "application.view",
        "application.print",
        "document.view",
        "form.print",
        "institution.view",
        "institution.view_people",
        "profile.view",
        "session.print_attendance",
    }
)
MAX_FIELDS = 8

#: A fact in a label, with the brackets around it if it stands in some.
_PLACEHOLDER = re.compile(r"\s*\((?:[^()]|\(\w+\))*%\(\w+\)s(?:[^()]|\(\w+\))*\)|\s*%\(\w+\)s")


def grouped_acts(*, without: Iterable[str] = ()) -> list[tuple[str, list[tuple[str, str]]]]:
    """Every act by its group (`without` some), as a short text less what differs from entry to entry."""
    groups: dict[str, list[tuple[str, str]]] = {str(title): [] for title in GROUPS.values()}
    for code, label in LABELS.items():
        if code.split(".")[0] in without:
            continue
        title = str(GROUPS.get(code.split(".")[0], _("Lain-lain")))
        text = str(label) % {"kind": _("pengaturan")} if code.startswith("record.") else str(label)
        words = _PLACEHOLDER.sub("", text).rstrip(": ")
        groups.setdefault(title, []).append((code, words[:1].upper() + words[1:]))
    return [(title, acts) for title, acts in groups.items() if acts]


def kind_name(subject_type: str) -> str:
    """What a kind of row is called on the screens."""
    try:
        return str(apps.get_model("core", subject_type)._meta.verbose_name)
    except LookupError:
        return subject_type


def who(entry: "ActivityEntry", *, names: bool = True) -> str:
    """Whoever did it; without `names` nobody but the LSP's own people is named."""
    if entry.actor is None:
        return _("Pengunjung") if entry.ip_address else _("Sistem")
    return entry.actor.full_name if names or entry.actor.is_staff else _outsider(entry.actor)


def _outsider(person: Any) -> str:
    """What somebody who does not work for the LSP is called without a name; groups are prefetched for many entries."""
    acts_for_others = any(group.name == "instansi" for group in person.groups.all())
    return _("Petugas instansi") if acts_for_others else _("Asesi")


def act(entry: "ActivityEntry") -> str:
    """The act alone, such as "menerima permohonan"."""
    label = LABELS.get(entry.code)
    if label is None:
        return entry.code
    facts = {key: str(value).replace("_", " ") for key, value in entry.data.items()}
    if "refusal" in entry.data:
        code = entry.data["refusal"]
        facts["refusal"] = str(REFUSED_FILES.get(code.rpartition(".")[2], code))
    try:
        return str(label) % {"kind": kind_name(entry.subject_type), **facts}
    except (KeyError, TypeError, ValueError):
        return str(label)


def about(entry: "ActivityEntry") -> str:
    """The row it happened to: its number; a row of the set-up by its title."""
    return f"“{entry.subject_label}”" if entry.code.startswith("record.") else entry.subject_label


def changed_fields(entry: "ActivityEntry") -> str:
    """Which fields a change by form touched, such as "(petunjuk, dipakai)"."""
    fields = entry.data.get("fields") if entry.code == "record.change" else None
    if not fields:
        return ""
    more = ["…"] if len(fields) > MAX_FIELDS else []
    return f"({', '.join([*map(str, fields[:MAX_FIELDS]), *more])})"


def sentence(entry: "ActivityEntry", *, names: bool = True) -> str:
    """Who did what to which record."""
    parts = (who(entry, names=names), act(entry), about(entry), changed_fields(entry))
    return " ".join(part for part in parts if part)
