"""Which page of the manual explains which screen: the “?” in the head of each screen of the back office leads there."""

from django.http import HttpRequest
from django.urls import reverse

from core.accounts.rules import role_of
from core.manual.books import book_of, books_with

#: Model → page about its list and form.
PAGE_OF_MODEL = {
    "application": "antrean",
    "document": "dokumen",
    "candidateprofile": "asesi",
    "assessorprofile": "asesor",
    "user": "pengguna",
    "venue": "tuk",
    "assessmentsession": "jadwal-uji",
    "plenary": "rapat-pleno",
    "appeal": "banding",
    "handover": "serah-terima-bnsp",
    "handoverlayout": "serah-terima-bnsp",
    "surveillance": "surveilan",
    "scheme": "skema",
    "schemeversion": "skema",
    "formdefinition": "formulir-asesmen",
    "formversion": "formulir-asesmen",
    "competencyunit": "unit-dan-standar",
    "competencystandard": "unit-dan-standar",
    "outboxmessage": "pesan",
    "messagetemplate": "pesan",
    "officedata": "data-lsp",
    "documenttype": "jenis-dokumen",
    "expecteddocument": "jenis-dokumen",
    "assessmentpurpose": "daftar-kode",
    "numberingrule": "pola-nomor",
    "consenttext": "teks-persetujuan",
    "consent": "teks-persetujuan",
    "codelist": "daftar-kode",
    "region": "daftar-kode",
    "holiday": "hari-libur",
    "activityentry": "catatan-aktivitas",
    "integrityrun": "keutuhan-berkas",
    "backuprun": "cadangan",
    "restoredrill": "cadangan",
    "scheduledjob": "jadwal-pekerjaan",
    "scheduledrun": "jadwal-pekerjaan",
    "deletedrecord": "riwayat-versi",
    "importrun": "impor-ekspor",
    "job": "pekerjaan-latar",
    "page": "halaman-dan-menu",
    "menuitem": "halaman-dan-menu",
    "question": "isi-portal",
    "announcement": "isi-portal",
    "download": "isi-portal",
    "systempolicy": "kebijakan",
    "certificate": "sertifikat",
    "pastcertificate": "sertifikat-lama",
    "destructionbatch": "masa-simpan",
    "legalhold": "masa-simpan",
    "privacyrequest": "permintaan-data",
    "institution": "instansi-terdaftar",
    "invitationbatch": "instansi-terdaftar",
    "ticket": "pesan-masuk",
    "answertemplate": "pesan-masuk",
}
#: Address name → page, where a screen has a page of its own.
PAGE_OF_ADDRESS = {
    "index": "beranda",
    "core_application_change": "verifikasi",
    "core_application_act": "verifikasi",
    "core_application_check": "verifikasi",
    "core_application_form": "verifikasi",
    "core_application_assign": "penugasan-asesor",
    "core_application_file": "berkas-kasus",
    "core_application_file_take_out": "berkas-kasus",
    "core_application_file_validity": "berkas-kasus",
    "core_application_file_bundle": "berkas-kasus",
    "core_application_preassessment": "pra-asesmen",
    "core_assessmentsession_act": "pelaksanaan-uji",
    "core_assessmentsession_attendance": "pelaksanaan-uji",
    "core_assessmentsession_attendance_list": "pelaksanaan-uji",
    "paper": "berkas-asesmen",
    "paper_next": "berkas-asesmen",
    "papers_prepare": "berkas-asesmen",
    "paper_sign": "berkas-asesmen",
    "paper_scan": "berkas-asesmen",
    "paper_correct": "berkas-asesmen",
    "paper_print": "berkas-asesmen",
    "core_application_results": "hasil-asesmen",
    "core_application_sign_results": "hasil-asesmen",
    "core_application_correct_results": "hasil-asesmen",
    "certificates_issue": "sertifikat",
    "core_certificate_act": "pembekuan-dan-pencabutan",
    "core_surveillance_record": "surveilan",
    "certification_recap": "rekap-sertifikasi",
    "certification_recap_export": "rekap-sertifikasi",
    "save_recap": "rekap-sertifikasi",
    "saved_recap": "rekap-sertifikasi",
    "document_recap": "rekap-dokumen",
    "document_recap_export": "rekap-dokumen",
    "system_health": "kesehatan-sistem",
    "runbook_front": "kesehatan-sistem",
    "runbook": "kesehatan-sistem",
    "backups": "cadangan",
    "setup": "pengaturan",
    "save_view": "daftar",
    "saved_view": "daftar",
    "security": "keamanan-akun",
    "recovery_codes": "keamanan-akun",
    "second_factor_remove": "keamanan-akun",
    "password_change": "keamanan-akun",
    "password_change_done": "keamanan-akun",
}
#: Last word of an address name → page, for what all records have.
PAGE_OF_KIND = {
    "history": "riwayat-versi",
    "compare": "riwayat-versi",
    "import_rows": "impor-ekspor",
    "columns": "impor-ekspor",
    "export_rows": "impor-ekspor",
    "import_workbook": "impor-ekspor",
    "bulk": "daftar",
    "recoverlist": "riwayat-versi",
    "recover": "riwayat-versi",
    "revision": "riwayat-versi",
}


def page_of(request: HttpRequest) -> str:
    """The slug of the page that explains the screen under way; "" where none does."""
    match = getattr(request, "resolver_match", None)
    name = (match.url_name if match else "") or ""
    if name in PAGE_OF_ADDRESS:
        return PAGE_OF_ADDRESS[name]
    if name.startswith("core_"):
        _core, model, *kind = name.split("_", 2)
        return PAGE_OF_KIND.get("".join(kind)) or PAGE_OF_MODEL.get(model, "")
    return ""


def help_address(request: HttpRequest) -> str:
    """Where the “?” leads: to the page in the reader's own manual, else in the one that has it, else to the manual."""
    role, slug = role_of(request.user) or "", page_of(request)
    own = book_of(role)
    shelves = books_with(slug)
    if shelves:
        shelf = own if own in shelves else shelves[0]
        return reverse("public_site:manual_page", args=[shelf.role, slug])
    return reverse("public_site:manual_book", args=[role]) if own else reverse("public_site:manual_front")
