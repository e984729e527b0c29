"""The sidebar, in the order of a case's journey; each person sees what their role may open."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.content.queries import office
from core.reports import queries


@dataclass(frozen=True)
class Item:
    """One line of the sidebar: a list (`model`) that needs the permission to view it.

    `words` are further ones by which the command palette finds it.
    """

    title: Any
    icon: str
    model: str
    words: Any = ""
    name: str = ""  # an address of its own instead of the model's list

    def link(self) -> str:
        return reverse(f"admin:{self.name or f'core_{self.model}_changelist'}")


GROUPS: tuple[tuple[Any, tuple[Item, ...]], ...] = (
    (
        _("Permohonan"),
        (
            Item(_("Antrean permohonan"), "inbox", "application", _("verifikasi FR.APL-01 FR.APL-02")),
            Item(
                _("Rekap sertifikasi"),
                "bar_chart",
                "applicationtally",
                _("jumlah terdaftar kompeten bersertifikat per skema provinsi bulan asesor peta banding"),
                name="certification_recap",
            ),
            Item(_("Dokumen"), "folder_open", "document"),
            Item(
                _("Rekap dokumen"),
                "monitoring",
                "documenttally",
                _("jumlah ukuran kelengkapan berkas kurang pertumbuhan penyimpanan"),
                name="document_recap",
            ),
        ),
    ),
    (
        _("Orang"),
        (
            Item(_("Asesi"), "badge", "candidateprofile", _("pemohon peserta")),
            Item(_("Asesor"), "school", "assessorprofile"),
            Item(_("Instansi"), "domain", "institution", _("pendaftaran kolektif petugas BPBD setujui")),
            Item(_("Rombongan undangan"), "group_add", "invitationbatch", _("pendaftaran kolektif instansi undangan")),
            Item(_("Pengguna dan peran"), "group", "user", _("akun staf undang")),
        ),
    ),
    (
        _("Asesmen"),
        (
            Item(_("Jadwal uji"), "event", "assessmentsession", _("penempatan asesi kursi kuota")),
            Item(_("TUK"), "location_on", "venue", _("tempat uji kompetensi")),
        ),
    ),
    (
        _("Keputusan"),
        (
            Item(_("Rapat pleno"), "gavel", "plenary", _("berita acara keputusan kompeten")),
            Item(_("Banding"), "balance", "appeal", _("FR.AK.04")),
            Item(
                _("Serah terima BNSP"), "outgoing_mail", "handover", _("lapor blanko daftar asesi surat pengantar XLSX")
            ),
        ),
    ),
    (
        _("Sertifikat"),
        (
            Item(
                _("Sertifikat"),
                "verified",
                "certificate",
                _("terbit nomor blanko QR pengganti cabut bekukan perpanjangan"),
            ),
            Item(
                _("Sertifikat lama"), "inventory_2", "pastcertificate", _("register kertas arsip impor sebelum sistem")
            ),
            Item(_("Surveilan"), "event_repeat", "surveillance", _("pemeliharaan kompetensi")),
        ),
    ),
    (
        _("Privasi dan masa simpan"),
        (
            Item(
                _("Permintaan data pribadi"),
                "privacy_tip",
                "privacyrequest",
                _("UU PDP salinan perbaikan penghapusan penarikan persetujuan"),
            ),
            Item(
                _("Masa simpan"),
                "auto_delete",
                "destructionbatch",
                _("retensi jatuh tempo pemusnahan berita acara"),
                name="core_destructionbatch_due",
            ),
            Item(_("Penahanan"), "lock", "legalhold", _("legal hold sengketa audit")),
        ),
    ),
    (
        _("Skema"),
        (
            Item(_("Skema sertifikasi"), "workspace_premium", "scheme"),
            Item(_("Formulir asesmen"), "fact_check", "formdefinition", _("FR.AK FR.IA isian baris")),
            Item(_("Unit kompetensi"), "menu_book", "competencyunit", _("elemen KUK")),
            Item(_("Standar kompetensi"), "rule", "competencystandard", _("SKKNI")),
        ),
    ),
    (
        _("Pesan"),
        (
            Item(_("Pesan masuk"), "forum", "ticket", _("kontak pertanyaan pengaduan keluhan tiket jawab")),
            Item(_("Jawaban siap pakai"), "quickreply", "answertemplate", _("templat balasan")),
            Item(_("Pesan keluar"), "outbox", "outboxmessage", _("surat e-mail")),
            Item(_("Templat pesan"), "draft", "messagetemplate", _("surat e-mail")),
        ),
    ),
    (
        _("Pengaturan"),
        (
            Item(_("Semua pengaturan"), "tune", "officedata", name="setup"),
            Item(_("Data LSP"), "apartment", "officedata", _("alamat logo kantor")),
            Item(_("Kebijakan sistem"), "policy", "systempolicy", _("faktor kedua sesi masa simpan")),
            Item(_("Halaman portal"), "article", "page", _("teks laman")),
            Item(_("Menu portal"), "menu", "menuitem"),
            Item(_("Tanya jawab"), "quiz", "question", _("FAQ pertanyaan jawaban portal")),
            Item(_("Pengumuman"), "campaign", "announcement", _("berita kabar portal")),
            Item(_("Unduhan"), "download", "download", _("berkas formulir kosong portal")),
            Item(_("Jenis dokumen"), "description", "documenttype"),
            Item(_("Isi wajib berkas"), "checklist", "expecteddocument", _("kelengkapan berkas kasus")),
            Item(_("Tujuan asesmen"), "flag", "assessmentpurpose"),
            Item(_("Pola nomor"), "tag", "numberingrule"),
            Item(_("Tata letak serah terima"), "view_column", "handoverlayout", _("kolom daftar asesi BNSP")),
            Item(_("Teks persetujuan"), "handshake", "consenttext"),
            Item(_("Daftar kode"), "list_alt", "codelist"),
            Item(_("Hari libur"), "calendar_month", "holiday", _("libur nasional hari kerja tenggat tanggal merah")),
            Item(_("Wilayah"), "map", "region", _("provinsi kabupaten kota")),
        ),
    ),
    (
        _("Pengawasan"),
        (
            Item(_("Catatan aktivitas"), "history", "activityentry", _("log riwayat")),
            Item(_("Keutuhan berkas"), "fingerprint", "integrityrun", _("pemeriksaan hilang berubah checksum sehat")),
            Item(_("Jadwal pekerjaan"), "alarm", "scheduledjob", _("cron terjadwal malam otomatis jalankan sekarang")),
            Item(_("Cadangan"), "backup", "backuprun", _("backup pulihkan uji pemulihan restore"), name="backups"),
            Item(_("Data terhapus"), "restore_from_trash", "deletedrecord", _("pulihkan")),
            Item(_("Persetujuan yang diberikan"), "fact_check", "consent"),
            Item(_("Riwayat impor"), "upload_file", "importrun"),
            Item(_("Pekerjaan latar"), "pending_actions", "job", _("ekspor impor antrean kemajuan unduh hasil batal")),
        ),
    ),
)


#: Groups that are closed until one of their pages is open: set up once, seldom looked at.
COLLAPSED = (_("Pengaturan"),)


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """Unfold's navigation, with the numbers that call for work."""
    groups: list[dict[str, Any]] = [
        {"items": [{"title": _("Beranda"), "icon": "home", "link": reverse("admin:index")}]}
    ]
    for title, items in GROUPS:
        lines = []
        for item in items:
            if not request.user.has_perm(f"core.view_{item.model}"):
                continue
            line = {"title": item.title, "icon": item.icon, "link": item.link()}
            if item.model in BADGES:
                permission, count, variant = BADGES[item.model]
                if request.user.has_perm(permission):
                    line |= {"badge": short(count(request)), "badge_variant": variant}
            lines.append(line)
        if lines:
            groups.append({"title": title, "separator": True, "collapsible": title in COLLAPSED, "items": lines})
    return groups


def account_links(request: HttpRequest) -> list[dict[str, Any]]:
    """What stands in the menu behind one's own name."""
    return [
        {"title": _("Keamanan akun"), "link": reverse("admin:security")},
        {"title": _("Ubah sandi"), "link": reverse("admin:password_change")},
    ]


def entries(user: Any) -> Iterator[tuple[Any, Item]]:
    """Every line that this person may open, with the title of its group."""
    for title, items in GROUPS:
        for item in items:
            if user.has_perm(f"core.view_{item.model}"):
                yield title, item


def short(number: int) -> str:
    """A number that fits a badge; none for nothing."""
    return "" if not number else str(number) if number < 1000 else _("%(thousands)d rb") % {"thousands": number // 1000}


def counts(request: HttpRequest) -> dict[str, int]:
    """Counted once per request: the badge, the tabs and the cards tell the same."""
    if not hasattr(request, "_desk_counts"):
        request._desk_counts = queries.desk_counts(request.user)  # type: ignore[attr-defined]
    return request._desk_counts  # type: ignore[attr-defined]


def sidebar_work(request: HttpRequest) -> dict[str, int]:
    """Counted once per request, like the cases."""
    if not hasattr(request, "_sidebar_work"):
        request._sidebar_work = queries.sidebar_work(request.user)  # type: ignore[attr-defined]
    return request._sidebar_work  # type: ignore[attr-defined]


def failed_letters(request: HttpRequest) -> int:
    return sidebar_work(request)["letters"]


def waiting_for_plenary(request: HttpRequest) -> int:
    return sidebar_work(request)["cases"] + sidebar_work(request)["to_confirm"]


#: Numbers in the sidebar: model → who needs them, the count, how loud.
BADGES: dict[str, tuple[str, Callable[[HttpRequest], int], str]] = {
    "application": ("core.verify_application", lambda request: counts(request)["submitted"], "primary"),
    "assessmentsession": ("core.schedule_session", lambda request: counts(request)["preassessed"], "primary"),
    "plenary": ("core.record_decision", waiting_for_plenary, "primary"),
    "appeal": ("core.assign_assessor", lambda request: sidebar_work(request)["appeals"], "warning"),
    "institution": ("core.approve_institution", lambda request: sidebar_work(request)["institutions"], "warning"),
    "privacyrequest": ("core.answer_privacyrequest", lambda request: sidebar_work(request)["privacy"], "warning"),
    "destructionbatch": ("core.approve_destruction", lambda request: sidebar_work(request)["destructions"], "warning"),
    "ticket": ("core.answer_ticket", lambda request: sidebar_work(request)["tickets"], "warning"),
    "outboxmessage": ("core.resend_outboxmessage", failed_letters, "danger"),
}


def environment(request: HttpRequest) -> list[str] | None:
    """The label at the top right: nobody mistakes a demonstration for the real thing."""
    return ["DEMO", "warning"] if settings.DEMO else None


def favicon(request: HttpRequest) -> str:
    return static("backoffice/favicon.svg")


def site_icon(request: HttpRequest) -> str | None:
    """The LSP's own logo at the head of the sidebar; Unfold draws its symbol where there is none."""
    return office().logo_url or None


def stylesheet(request: HttpRequest) -> str:
    return static("backoffice/backoffice.css")
