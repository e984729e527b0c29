"""Which columns hold something about a person: why, on what ground, how long, who reads it, how it ends.

The one place where that is decided. server_docs/personal-data.md is written from it (`personal_data_inventory`), and
an anonymised copy replaces what stands here (`anonymise_copy`). A test holds every column of every model against it:
a new one is either personal or said to be none. The words are those of the page, for the officer who answers for
personal data; the ground is that of UU PDP 27/2022 article 20 (2), as far as the program can tell.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.apps import apps
from django.db import models


class Treatment(StrEnum):
    """What an anonymised copy writes instead; each with the words of the page."""

    NAME = "nama karangan"
    WORDS_OF_NAME = "dihitung ulang dari nama karangan"
    EMAIL = "alamat @anonim.invalid"
    NIK = "NIK karangan: provinsi, tahun lahir, dan jenis kelamin tetap"
    NIK_HASH = "dihitung ulang dari NIK karangan"
    PHONE = "nomor karangan"
    BIRTH = "hari lain pada tahun yang sama"
    PLACE = "Kota Anonim"
    POSTCODE = "99999"
    ORGANISATION = "nama karangan, sama untuk nama yang sama"
    WORDS = "“(disamarkan)”"
    EMPTY = "dikosongkan"
    CODE = "kode lain"
    DIGEST = "dihitung ulang dari isi yang baru"
    CONTENT = "isi bertanda kunci: struktur tetap, setiap kata yang bukan dari daftar sistem disamarkan"
    NETWORK = "dikosongkan"
    FILE = "berkas tiruan sejenis, sidik dihitung ulang"
    FILE_NAME = "nama dari jenisnya"
    LABEL = "nomor tetap, selebihnya disamarkan"
    GONE = "barisnya dihapus"
    KEPT = "tetap: tanpa nama tidak menunjuk orang, dan angka rekap bersandar padanya"


class Ground(StrEnum):
    """UU PDP 27/2022 article 20 (2)."""

    CONSENT = "persetujuan (huruf a)"
    CONTRACT = "perjanjian (huruf b)"
    DUTY = "kewajiban hukum (huruf c)"
    PUBLIC = "pelayanan publik dan kewenangan LSP (huruf e)"
    INTEREST = "kepentingan yang sah: keamanan sistem (huruf f)"


@dataclass(frozen=True)
class Holding:
    """The personal columns of one model. `masked`: shown in part unless the reader may see identifiers."""

    model: str
    fields: dict[str, Treatment]
    why: str
    ground: Ground
    kept: str
    readers: str
    ends: str
    masked: tuple[str, ...] = ()


# --- what many rows share -----------------------------------------------------------------------------------

WHILE_ACCOUNT = "selama akun ada"
WITH_CASE = "kertasnya menurut masa simpan jenisnya sejak kasus selesai (menu Masa simpan); barisnya selama akun ada"
FOR_EVER = "seterusnya: bukti keputusan LSP (ISO/IEC 17024 butir 7.1)"
DESK = "sekretariat, administrator; asesor hanya kasus yang ditugaskan kepadanya; BNSP tanpa identitas; pemilik"
STAFF = "sekretariat dan administrator"
SELF = "pemiliknya"
NOBODY = "tidak seorang pun lewat layar; hanya pemegang basis data"
ERASED = "dikosongkan pada penghapusan atas permintaan"
DESTROYED = "dimusnahkan bersama kertasnya; dikosongkan pada penghapusan atas permintaan"
STAYS = "tetap; alasannya disampaikan kepada pemiliknya"
OPERATION = "menjaga akun dan sistem dari penyalahgunaan"
RECORD = "menjalankan dan membuktikan proses sertifikasi"

T = Treatment

#: In the order of the page.
HOLDINGS = (
    Holding(
        "core.User",
        {"password": T.EMPTY, "last_login": T.KEPT, "email": T.EMAIL, "full_name": T.NAME},
        "mengenali yang masuk dan mengirimi surat",
        Ground.CONTRACT,
        WHILE_ACCOUNT,
        "nama: petugas dan BNSP; e-mail: sekretariat dan administrator; sandi: tidak seorang pun",
        ERASED,
        masked=("email",),
    ),
    Holding(
        "core.NameWord",
        {"word": T.WORDS_OF_NAME},
        "mencari menurut nama",
        Ground.CONTRACT,
        WHILE_ACCOUNT,
        NOBODY,
        ERASED,
    ),
    Holding(
        "core.CandidateProfile",
        {
            "nik": T.NIK,
            "nik_hash": T.NIK_HASH,
            "birth_place": T.PLACE,
            "birth_date": T.BIRTH,
            "sex": T.KEPT,
            "nationality": T.KEPT,
            "home_address": T.WORDS,
            "home_postal_code": T.POSTCODE,
            "phone_mobile": T.PHONE,
            "phone_home": T.PHONE,
            "phone_office": T.PHONE,
            "institution": T.ORGANISATION,
            "job_title": T.WORDS,
            "office_address": T.WORDS,
            "office_postal_code": T.POSTCODE,
            "office_email": T.EMAIL,
            "office_fax": T.PHONE,
        },
        "isian FR.APL-01 bagian 1",
        Ground.CONSENT,
        WHILE_ACCOUNT,
        DESK,
        ERASED,
        masked=("nik",),
    ),
    Holding(
        "core.AssessorProfile",
        {"registration_number": T.CODE, "institution": T.ORGANISATION},
        "menugaskan asesor yang berwenang",
        Ground.CONTRACT,
        WHILE_ACCOUNT,
        "sekretariat, administrator, BNSP; asesi melihat asesornya",
        STAYS,
    ),
    Holding("core.AssessorQualification", {"note": T.WORDS}, RECORD, Ground.CONTRACT, WHILE_ACCOUNT, STAFF, STAYS),
    Holding(
        "core.Consent",
        {"ip_address": T.NETWORK},
        "membuktikan siapa menyetujui versi teks yang mana",
        Ground.DUTY,
        FOR_EVER,
        STAFF,
        "alamat jaringan dikosongkan; bahwa dan kapan disetujui tetap (pasal 24)",
    ),
    # --- doors ---
    Holding(
        "core.UserSession",
        {"ip_address": T.GONE, "device": T.GONE},
        OPERATION,
        Ground.INTEREST,
        "sampai sesi berakhir",
        SELF,
        "dihapus",
    ),
    Holding(
        "core.TrustedDevice",
        {"token_hash": T.GONE, "device": T.GONE},
        OPERATION,
        Ground.INTEREST,
        "sampai kedaluwarsa (Kebijakan sistem)",
        SELF,
        "dihapus",
    ),
    Holding(
        "core.RecoveryCode",
        {"code_hash": T.GONE, "place": T.GONE},
        OPERATION,
        Ground.INTEREST,
        WHILE_ACCOUNT,
        NOBODY,
        "dihapus",
    ),
    Holding(
        "core.RecoveryCodeGuard", {"failures": T.GONE}, OPERATION, Ground.INTEREST, WHILE_ACCOUNT, NOBODY, "dihapus"
    ),
    Holding(
        "otp_totp.TOTPDevice",
        {"name": T.GONE, "key": T.GONE},
        OPERATION,
        Ground.INTEREST,
        WHILE_ACCOUNT,
        NOBODY,
        "dihapus",
    ),
    Holding(
        "sessions.Session",
        {"session_key": T.GONE, "session_data": T.GONE},
        "tetap masuk dari halaman ke halaman",
        Ground.CONTRACT,
        "12 jam atau kurang",
        NOBODY,
        "dihapus",
    ),
    *(
        Holding(
            f"axes.{model}",
            dict.fromkeys(fields, T.GONE),
            "menghitung tebakan sandi",
            Ground.INTEREST,
            "sampai masuk berhasil atau dibersihkan",
            NOBODY,
            "dihapus",
        )
        for model, fields in {
            "AccessFailureLog": ("user_agent", "ip_address", "username", "http_accept", "path_info"),
            "AccessAttempt": (
                "user_agent",
                "ip_address",
                "username",
                "http_accept",
                "path_info",
                "get_data",
                "post_data",
            ),
            "AccessLog": ("user_agent", "ip_address", "username", "http_accept", "path_info", "session_hash"),
        }.items()
    ),
    # --- cases ---
    Holding(
        "core.Application",
        {"sex": T.KEPT, "age_band": T.KEPT, "purpose_explanation": T.WORDS, "note": T.WORDS},
        RECORD,
        Ground.CONSENT,
        WITH_CASE,
        DESK,
        ERASED,
    ),
    Holding(
        "core.Employer",
        {"name": T.ORGANISATION, "key": T.ORGANISATION},
        "rekap menurut instansi",
        Ground.PUBLIC,
        FOR_EVER,
        "petugas, BNSP",
        "kasus orang yang dihapus dilepas dari instansinya",
    ),
    Holding("core.ApplicationSection", {"return_note": T.WORDS}, RECORD, Ground.CONSENT, WITH_CASE, DESK, DESTROYED),
    Holding("core.RequirementEvidence", {"note": T.WORDS}, RECORD, Ground.CONSENT, WITH_CASE, DESK, ERASED),
    Holding("core.SelfAssessmentAnswer", {"outcome": T.KEPT}, RECORD, Ground.CONSENT, WITH_CASE, DESK, ERASED),
    Holding(
        "core.Submission",
        {"content": T.CONTENT, "sha256": T.DIGEST},
        "isian yang ditandatangani asesi, seperti pada hari pengirimannya",
        Ground.CONSENT,
        WITH_CASE,
        DESK,
        DESTROYED,
        masked=("content",),
    ),
    Holding("core.Review", {"note": T.WORDS, "content": T.CONTENT}, RECORD, Ground.PUBLIC, WITH_CASE, DESK, DESTROYED),
    Holding(
        "core.ReturnRequest", {"parts": T.CONTENT, "reason": T.WORDS}, RECORD, Ground.PUBLIC, WITH_CASE, DESK, ERASED
    ),
    Holding(
        "core.Placement", {"attendance": T.KEPT, "end_reason": T.WORDS}, RECORD, Ground.PUBLIC, WITH_CASE, DESK, STAYS
    ),
    Holding("core.Assignment", {"end_reason": T.WORDS}, RECORD, Ground.PUBLIC, WITH_CASE, STAFF, STAYS),
    Holding(
        "core.AssignmentLetter",
        {"content": T.CONTENT, "sha256": T.DIGEST, "end_reason": T.WORDS},
        "surat tugas asesor",
        Ground.PUBLIC,
        WITH_CASE,
        "sekretariat, asesor yang ditugaskan",
        "bersama surat tugasnya; menyebut beberapa orang",
    ),
    Holding(
        "core.FilledForm",
        {"answers": T.CONTENT, "content": T.CONTENT, "sha256": T.DIGEST, "correction_reason": T.WORDS},
        "berkas asesmen",
        Ground.PUBLIC,
        WITH_CASE,
        DESK,
        DESTROYED,
    ),
    Holding(
        "core.PreAssessment",
        {"advice": T.KEPT, "note": T.WORDS, "content": T.CONTENT, "sha256": T.DIGEST},
        RECORD,
        Ground.PUBLIC,
        WITH_CASE,
        DESK,
        DESTROYED,
    ),
    Holding("core.EvidenceReview", {"note": T.WORDS}, RECORD, Ground.PUBLIC, WITH_CASE, DESK, DESTROYED),
    Holding(
        "core.AssessmentRecord",
        {
            "recommendation": T.KEPT,
            "note": T.WORDS,
            "follow_up": T.WORDS,
            "correction_reason": T.WORDS,
            "content": T.CONTENT,
            "sha256": T.DIGEST,
        },
        "hasil asesmen",
        Ground.PUBLIC,
        WITH_CASE,
        "asesor kasus itu, sekretariat; asesi sesudah diumumkan",
        DESTROYED,
    ),
    Holding(
        "core.AssessmentResult",
        {"outcome": T.KEPT, "score": T.KEPT, "note": T.WORDS},
        "hasil asesmen",
        Ground.PUBLIC,
        WITH_CASE,
        "asesor kasus itu, sekretariat; asesi sesudah diumumkan",
        DESTROYED,
    ),
    Holding(
        "core.Plenary",
        {"note": T.WORDS, "content": T.CONTENT, "sha256": T.DIGEST},
        "berita acara rapat pleno",
        Ground.PUBLIC,
        FOR_EVER,
        STAFF,
        STAYS,
    ),
    Holding(
        "core.PlenaryMember",
        {"name": T.NAME, "office": T.WORDS, "role": T.KEPT},
        "berita acara rapat pleno",
        Ground.PUBLIC,
        FOR_EVER,
        STAFF,
        STAYS,
    ),
    Holding(
        "core.Decision",
        {"outcome": T.KEPT, "note": T.WORDS},
        "keputusan sertifikasi",
        Ground.PUBLIC,
        FOR_EVER,
        DESK,
        STAYS,
    ),
    Holding("core.Appeal", {"reason": T.WORDS}, "banding", Ground.PUBLIC, WITH_CASE, DESK, ERASED),
    # --- certificates ---
    Holding(
        "core.Certificate",
        {
            "code": T.CODE,
            "number": T.CODE,
            "registration_number": T.CODE,
            "blank_number": T.CODE,
            "holder_name": T.NAME,
            "content": T.CONTENT,
            "sha256": T.DIGEST,
            "token": T.DIGEST,
        },
        "register sertifikat, diperiksa siapa pun lewat kode",
        Ground.PUBLIC,
        FOR_EVER,
        "siapa pun yang memegang kodenya: nama disamarkan, nomor, skema, keadaan; selebihnya petugas",
        STAYS,
        masked=("holder_name",),
    ),
    Holding(
        "core.CertificateEvent", {"reason": T.WORDS}, "pembekuan dan pencabutan", Ground.PUBLIC, FOR_EVER, STAFF, STAYS
    ),
    Holding(
        "core.Surveillance", {"outcome": T.KEPT, "note": T.WORDS}, "surveilan", Ground.PUBLIC, FOR_EVER, STAFF, STAYS
    ),
    Holding(
        "core.PastCertificate",
        {
            "number": T.CODE,
            "registration_number": T.CODE,
            "holder_name": T.NAME,
            "nik": T.NIK,
            "nik_hash": T.NIK_HASH,
            "email": T.EMAIL,
            "place": T.PLACE,
            "file_number": T.CODE,
            "note": T.WORDS,
        },
        "register sertifikat sebelum sistem ini",
        Ground.PUBLIC,
        FOR_EVER,
        "sekretariat, administrator; siapa pun dengan nomor: nama disamarkan",
        "NIK, e-mail, dan hubungan dengan akun dikosongkan; selebihnya tetap",
        masked=("holder_name", "nik"),
    ),
    Holding(
        "core.PastCertificateEvent",
        {"reason": T.WORDS},
        "pembekuan dan pencabutan",
        Ground.PUBLIC,
        FOR_EVER,
        STAFF,
        STAYS,
    ),
    Holding(
        "core.HandoverCase",
        {"content": T.CONTENT, "sha256": T.DIGEST},
        "daftar yang diserahkan kepada BNSP",
        Ground.DUTY,
        FOR_EVER,
        STAFF,
        STAYS,
    ),
    Holding(
        "core.Handover",
        {
            "title": T.WORDS,
            "note": T.WORDS,
            "acceptance": T.WORDS,
            "content": T.CONTENT,
            "sha256": T.DIGEST,
            "manifest": T.DIGEST,
            "archive_sha256": T.DIGEST,
            "reference": T.CODE,
            "end_reason": T.WORDS,
        },
        "serah terima kepada BNSP",
        Ground.DUTY,
        FOR_EVER,
        STAFF,
        STAYS,
    ),
    # --- papers ---
    Holding(
        "core.Document",
        {
            "public_id": T.CODE,
            "title": T.FILE_NAME,
            "file_name": T.FILE_NAME,
            "sha256": T.DIGEST,
            "file": T.FILE,
            "size": T.DIGEST,
        },
        "bukti asesi dan kertas yang dibuat sistem",
        Ground.CONSENT,
        "menurut masa simpan jenisnya sejak kasus selesai; unggahan yang tidak pernah dipakai menurut Kebijakan sistem",
        "pemilik, petugas kasusnya; jenis yang memuat identitas tidak dibuka BNSP",
        "dimusnahkan dua orang dengan berita acara",
    ),
    Holding(
        "core.DocumentText",
        {"words": T.EMPTY, "body": T.EMPTY},
        "mencari di dalam dokumen; dokumen identitas tidak dibaca",
        Ground.PUBLIC,
        "selama dokumennya ada",
        "yang boleh membuka dokumennya",
        "dimusnahkan bersama dokumennya",
    ),
    Holding(
        "core.PartialUpload",
        {"public_id": T.GONE, "file_name": T.GONE, "place": T.GONE, "sha256": T.GONE},
        "unggahan yang sedang berjalan",
        Ground.CONSENT,
        "beberapa hari",
        SELF,
        "dihapus sendiri",
    ),
    Holding(
        "core.Signature",
        {"code": T.CODE, "signer_name": T.NAME, "content_sha256": T.DIGEST, "ip_address": T.NETWORK},
        "membuktikan siapa menandatangani apa",
        Ground.PUBLIC,
        FOR_EVER,
        "siapa pun yang memegang kodenya: nama dan kertasnya; alamat jaringan: administrator",
        "nama dikosongkan, sidik tetap",
    ),
    # --- letters and questions ---
    Holding(
        "core.OutboxMessage",
        {"address": T.EMAIL, "subject": T.WORDS, "body": T.WORDS, "last_error": T.EMPTY, "dedupe_key": T.EMPTY},
        "surat kepada orang",
        Ground.CONTRACT,
        "menurut Kebijakan sistem (bulan), lalu isinya dikosongkan",
        STAFF,
        ERASED,
    ),
    Holding(
        "core.OutboxAttachment",
        {"file_name": T.GONE, "content": T.GONE},
        "lampiran surat",
        Ground.CONTRACT,
        "bersama suratnya",
        STAFF,
        ERASED,
    ),
    Holding(
        "core.Ticket",
        {"name": T.NAME, "email": T.EMAIL, "phone": T.PHONE, "about": T.WORDS, "link_key": T.CODE},
        "pertanyaan dan pengaduan",
        Ground.PUBLIC,
        "menurut Kebijakan sistem (bulan sesudah selesai), lalu dikosongkan",
        "sekretariat; pengirim lewat tautannya",
        "dikosongkan",
    ),
    Holding(
        "core.TicketMessage",
        {"text": T.WORDS},
        "pertanyaan dan pengaduan",
        Ground.PUBLIC,
        "menurut Kebijakan sistem (bulan sesudah selesai), lalu dikosongkan",
        "sekretariat; pengirim lewat tautannya",
        "dikosongkan",
    ),
    # --- institutions ---
    Holding(
        "core.Institution",
        {
            "name": T.ORGANISATION,
            "address": T.WORDS,
            "postal_code": T.POSTCODE,
            "contact_name": T.NAME,
            "contact_phone": T.PHONE,
            "reason": T.WORDS,
        },
        "instansi yang mendaftarkan orangnya",
        Ground.CONTRACT,
        "selama instansi terdaftar",
        "sekretariat, petugas instansi itu",
        "diubah atas permintaan narahubungnya",
    ),
    Holding(
        "core.Invitation",
        {"full_name": T.NAME, "email": T.EMAIL, "job_title": T.WORDS, "token_hash": T.CODE},
        "undangan mendaftar lewat instansi",
        Ground.CONTRACT,
        "sampai dijawab atau kedaluwarsa, lalu dikosongkan",
        "sekretariat, petugas instansi itu",
        "dikosongkan",
    ),
    Holding(
        "core.Venue",
        {"contact_name": T.NAME, "contact_phone": T.PHONE},
        "menghubungi tempat uji",
        Ground.CONTRACT,
        "selama TUK dipakai",
        "petugas; BNSP tidak",
        "diubah petugas",
        masked=("contact_name", "contact_phone"),
    ),
    Holding(
        "core.AssessmentSession",
        {"meeting_url": T.EMPTY, "note": T.WORDS, "cancel_reason": T.WORDS},
        RECORD,
        Ground.PUBLIC,
        FOR_EVER,
        "petugas, peserta; BNSP tanpa tautan",
        STAYS,
        masked=("meeting_url",),
    ),
    Holding(
        "core.OfficeData",
        {"leader_name": T.NAME, "phone": T.PHONE, "email": T.EMAIL},
        "kepala surat dan halaman Kontak",
        Ground.PUBLIC,
        "sampai diganti",
        "siapa pun",
        "diubah sekretariat",
    ),
    # --- requests about data ---
    Holding(
        "core.PrivacyRequest",
        {"words": T.WORDS, "answer": T.WORDS},
        "menjawab permintaan pemilik data",
        Ground.DUTY,
        FOR_EVER,
        "sekretariat yang menjawab; pemohon",
        STAYS,
    ),
    Holding(
        "core.PrivacyNote", {"text": T.WORDS}, "menjawab permintaan pemilik data", Ground.DUTY, FOR_EVER, STAFF, STAYS
    ),
    Holding(
        "core.LegalHold",
        {"reason": T.WORDS, "lift_reason": T.WORDS},
        "menahan pemusnahan",
        Ground.DUTY,
        FOR_EVER,
        STAFF,
        STAYS,
    ),
    Holding(
        "core.DestructionBatch",
        {"note": T.WORDS, "content": T.CONTENT, "sha256": T.DIGEST},
        "berita acara pemusnahan",
        Ground.DUTY,
        FOR_EVER,
        STAFF,
        STAYS,
    ),
    Holding(
        "core.DestructionItem",
        {"sha256": T.DIGEST, "kept_reason": T.WORDS},
        "berita acara pemusnahan",
        Ground.DUTY,
        FOR_EVER,
        STAFF,
        STAYS,
    ),
    # --- traces ---
    Holding(
        "core.ActivityEntry",
        {"subject_label": T.LABEL, "ip_address": T.NETWORK, "data": T.CONTENT, "mac": T.DIGEST},
        "membuktikan siapa berbuat apa; tanpa nama, hanya kunci",
        Ground.DUTY,
        "seterusnya, bersegel",
        "administrator dan sekretariat; alamat jaringan hanya administrator",
        "tetap: catatan bersegel tidak dapat diubah; ia tidak memuat nama",
    ),
    Holding("core.ActivitySeal", {"digest": T.DIGEST}, "segel catatan", Ground.DUTY, "seterusnya", NOBODY, STAYS),
    Holding(
        "core.ActivityHead",
        {"digest": T.DIGEST, "mac": T.DIGEST},
        "segel catatan",
        Ground.DUTY,
        "seterusnya",
        NOBODY,
        STAYS,
    ),
    Holding(
        "core.DeletedRecord",
        {"label": T.LABEL},
        "memulihkan data terhapus",
        Ground.INTEREST,
        "seterusnya",
        STAFF,
        STAYS,
    ),
    Holding(
        "reversion.Version",
        {"serialized_data": T.CONTENT, "object_repr": T.LABEL},
        "riwayat versi data yang diubah petugas",
        Ground.INTEREST,
        "versi lama dipangkas setiap malam, beberapa yang terakhir tetap",
        STAFF,
        STAYS,
    ),
    Holding(
        "reversion.Revision",
        {"comment": T.EMPTY},
        "riwayat versi data yang diubah petugas",
        Ground.INTEREST,
        "versi lama dipangkas setiap malam, beberapa yang terakhir tetap",
        STAFF,
        STAYS,
    ),
    Holding(
        "admin.LogEntry",
        {"object_id": T.GONE, "object_repr": T.GONE, "change_message": T.GONE},
        "tabel bawaan Django, tidak diisi sistem ini",
        Ground.INTEREST,
        "kosong",
        NOBODY,
        "dihapus",
    ),
    # --- drafts, spreadsheets, work in the background ---
    Holding(
        "core.UnsentForm",
        {"name": T.GONE, "answers": T.GONE},
        "isian yang belum dikirim",
        Ground.CONSENT,
        "sampai dikirim; yang ditinggalkan dibersihkan",
        SELF,
        "dihapus",
    ),
    Holding(
        "core.SentPage",
        {"name": T.GONE},
        "mencegah pengiriman ganda",
        Ground.CONTRACT,
        "beberapa hari",
        NOBODY,
        "dihapus",
    ),
    Holding(
        "core.ImportRun",
        {
            "file_name": T.WORDS,
            "sha256": T.DIGEST,
            "file": T.FILE,
            "matching": T.EMPTY,
            "report": T.EMPTY,
            "fingerprint": T.DIGEST,
        },
        "lembar kerja yang diimpor",
        Ground.CONTRACT,
        "berkasnya menurut Kebijakan sistem (bulan); laporan pemeriksaannya tetap",
        STAFF,
        "menurut masa simpannya",
    ),
    Holding(
        "core.Job",
        {
            "title": T.WORDS,
            "parameters": T.EMPTY,
            "what": T.EMPTY,
            "error": T.EMPTY,
            "result": T.FILE,
            "result_name": T.WORDS,
        },
        "ekspor dan pekerjaan panjang",
        Ground.CONTRACT,
        "hasilnya beberapa hari (Kebijakan sistem)",
        "yang memintanya",
        "dihapus sendiri",
    ),
    Holding(
        "core.SavedRecap",
        {"name": T.WORDS, "query": T.EMPTY},
        "rekap yang disimpan petugas",
        Ground.CONTRACT,
        WHILE_ACCOUNT,
        SELF,
        "dihapus",
    ),
    Holding(
        "core.SavedView",
        {"title": T.WORDS, "query": T.EMPTY},
        "saringan yang disimpan petugas",
        Ground.CONTRACT,
        WHILE_ACCOUNT,
        SELF,
        "dihapus",
    ),
    Holding(
        "core.ExportProfile",
        {"title": T.WORDS},
        "pilihan kolom ekspor petugas",
        Ground.CONTRACT,
        WHILE_ACCOUNT,
        SELF,
        "dihapus",
    ),
)

#: What lies elsewhere than in columns, for the page: (what, why, how long, who, how it ends, in an anonymised copy).
ELSEWHERE = (
    (
        "Berkas dokumen (STORAGE_URL)",
        "isi dokumen pada tabel `core_document`",
        "seperti dokumennya",
        "lewat sistem saja; bernama sidiknya, tanpa alamat publik",
        "dihapus pada pemusnahan, diperiksa setiap malam",
        "berkas tiruan sejenis",
    ),
    (
        "Lembar impor, hasil ekspor, potongan unggahan (VAR_DIR)",
        "pekerjaan yang sedang berjalan",
        "menurut Kebijakan sistem",
        "yang memintanya",
        "dihapus pekerjaan terjadwal",
        "dihapus",
    ),
    (
        "Log layanan (journald, nginx)",
        "menemukan gangguan",
        "menurut server (contoh: 30 hari)",
        "tim TI",
        "berputar sendiri; tidak memuat nama, e-mail, NIK, atau isian; nginx mencatat alamat jaringan",
        "tidak ikut disalin",
    ),
    (
        "Surat galat (ADMINS)",
        "menemukan gangguan",
        "menurut kotak surat penerima",
        "tim TI",
        "tidak memuat isian: nilai hanya disebut jenis dan panjangnya",
        "tidak ikut disalin",
    ),
    (
        "Cadangan (BACKUP_REPOSITORY)",
        "memulihkan sesudah bencana",
        "harian, mingguan, bulanan, tahunan menurut Kebijakan sistem",
        "tim TI yang memegang kata sandinya",
        "yang dimusnahkan hilang ketika cadangannya berputar keluar; pemulihan mengulang pemusnahan",
        "tidak ikut disalin",
    ),
    (
        "Titik periksa catatan (VAR_DIR/activity-checkpoints.jsonl)",
        "membuktikan catatan utuh",
        "seterusnya",
        "tim TI",
        "hanya nomor dan sidik",
        "dimulai baru",
    ),
)

#: Models of which no column holds anything about a person: catalogues, texts for everybody, figures, technique.
IMPERSONAL = frozenset({
    "core.Region", "core.CodeList", "core.CodeListEntry", "core.NumberingRule", "core.NumberingCounter",
    "core.Holiday", "core.ConsentText", "core.DocumentType", "core.IntegrityRun", "core.IntegrityFinding",
    "core.CompetencyStandard", "core.CompetencyUnit", "core.Element", "core.PerformanceCriterion",
    "core.AssessmentPurpose", "core.Scheme", "core.SchemeVersion", "core.SchemeUnit", "core.Requirement",
    "core.ExpectedDocument", "core.FormDefinition", "core.FormVersion", "core.FormLine", "core.FormRequirement",
    "core.BackupRun", "core.BackupCopy", "core.RestoreDrill", "core.SigningKey", "core.Question", "core.Announcement",
    "core.Download", "core.Page", "core.PageEdition", "core.MenuItem", "core.HandoverLayout", "core.HandoverColumn",
    "core.RememberedColumns", "core.AnswerTemplate", "core.MessageTemplate", "core.SystemPolicy", "core.ScheduledJob",
    "core.ScheduledRun", "core.ApplicationTally", "core.TallyMove", "core.FacetTally", "core.CertificateTally",
    "core.CertificateProvinceTally", "core.CertificateMove", "core.DocumentTally", "core.MonthTally",
    "core.CaseStanding", "core.CaseLack", "core.CaseTally", "core.RecapMark",
    "auth.Permission", "auth.Group", "contenttypes.ContentType",
})  # fmt: skip

#: Columns of other models that tell of their row, not of a person: states, numbers of papers, counts, technique.
PLAIN = {
    "core.CandidateProfile": "version",
    "core.AssessorProfile": "certificate_expires_on",
    "core.AssessorQualification": "valid_until",
    "otp_totp.TOTPDevice": "throttling_failure_count step t0 digits tolerance drift last_t",
    "axes.AccessAttempt": "failures_since_start",
    "core.ActivityEntry": "uid code subject_type subject_id",
    "core.ActivitySeal": "sequence",
    "core.ActivityHead": "id sequence swept_to",
    "core.ActivityCheck": "outcome rows faults first_fault",
    "core.DeletedRecord": "model object_id",
    "core.Document": "content_type pages state virus valid_until destroyed_under",
    "core.PartialUpload": "size received",
    "core.DocumentText": "source attempts",
    "core.Application": "code number status registered_on days_taken completeness sendings",
    "core.ApplicationSection": "key version writer",
    "core.RequirementEvidence": "verdict",
    "core.Submission": "sequence",
    "core.FormDocument": "form edition",
    "core.Venue": "code name kind address capacity verification_number valid_until",
    "core.AssessmentSession": "number mode quota status sequence",
    "core.AssignmentLetter": "number",
    "core.FilledForm": "status edit",
    "core.FormSignature": "party",
    "core.AssessmentRecord": "sequence status edit",
    "core.AssessmentResult": "method",
    "core.Plenary": "number title held_on place status letter_number",
    "core.PlenaryMember": "position",
    "core.Appeal": "deadline status",
    "core.Certificate": "issued_on valid_until status suspended_until reminded_days reminded_on",
    "core.CertificateEvent": "act until",
    "core.Surveillance": "due_on done_on reminded_on",
    "core.PastCertificate": "units issued_on valid_until status suspended_until reminded_days reminded_on",
    "core.PastCertificateEvent": "act until",
    "core.OfficeData": "name license_number logo leader_position address website office_hours office_hours_en note",
    "core.SessionCodes": "code",
    "core.Signature": "role meaning",
    "core.Handover": "number status edition archive_size handed_on channel",
    "core.HandoverCase": "position",
    "core.HandoverFile": "edition position kind name",
    "core.Job": "kind state done total attempts worker result_type result_size",
    "core.ImportRun": "kind kind_title size outcome counts",
    "core.Ticket": "number kind status language due_on",
    "core.TicketMessage": "origin submission",
    "core.OutboxMessage": "template_key status attempts",
    "core.OutboxAttachment": "content_type size",
    "core.Institution": "status",
    "core.InvitationBatch": "number people left_out",
    "core.Invitation": "status sendings",
    "core.PrivacyRequest": "number kind status",
    "core.DestructionBatch": "number status",
    "core.DestructionItem": "kind size cases reason",
    "core.SavedRecap": "day scheduled_on",
    "core.SavedView": "list role position",
    "core.ExportProfile": "list columns format role",
    "core.DefaultView": "list",
    "core.UnsentForm": "version",
    "core.SentPage": "number version",
    "reversion.Version": "object_id db format",
    "admin.LogEntry": "action_flag",
}


def holding_of(model: type[models.Model]) -> Holding | None:
    return next((one for one in HOLDINGS if one.model == model._meta.label), None)


def is_of_no_person(column: models.Field) -> bool:
    """Known by what it is: a key, a yes or no, a moment. To whom a row belongs says its key; the page tells so."""
    return (
        column.remote_field is not None
        or isinstance(column, models.AutoField | models.BooleanField | models.DateTimeField)
        or column.model._meta.label in IMPERSONAL
        or column.name in PLAIN.get(column.model._meta.label, "").split()
    )


def undecided() -> list[str]:
    """Columns of which nobody has said yet whether they hold something about a person."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        holding = holding_of(model)
        for column in model._meta.concrete_fields:
            if not is_of_no_person(column) and (holding is None or column.name not in holding.fields):
                found.append(f"{model._meta.label}.{column.name}")
    return found
