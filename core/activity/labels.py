"""What an activity code says to a person."""

from typing import TYPE_CHECKING

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
    "account.assign_role": gettext_lazy("memberi peran %(role)s"),
    "account.save_profile": gettext_lazy("menyimpan profil"),
    "account.log_in": gettext_lazy("masuk"),
    "account.log_out": gettext_lazy("keluar"),
    "consent.publish": gettext_lazy("menerbitkan teks persetujuan versi %(version)s"),
    "consent.give": gettext_lazy("menyetujui teks persetujuan versi %(version)s"),
    "document.store": gettext_lazy("menyimpan dokumen"),
    "document.release": gettext_lazy("melepas dokumen"),
    "document.view": gettext_lazy("melihat dokumen"),
    "scheme.publish_version": gettext_lazy("menerbitkan versi skema"),
    "scheme.retire_version": gettext_lazy("menutup versi skema"),
    "scheme.draft_version": gettext_lazy("menyiapkan draf versi skema"),
    "import.check": gettext_lazy("mengunggah berkas impor untuk diperiksa"),
    "import.run": gettext_lazy(
        "menerapkan impor %(title)s (%(created)s baru, %(changed)s berubah, %(removed)s dihapus)"
    ),
    "export.run": gettext_lazy("mengekspor %(title)s (%(count)s baris)"),
    "message.resend": gettext_lazy("mengirim ulang pesan"),
    "application.open_draft": gettext_lazy("memulai permohonan"),
    "application.submit": gettext_lazy("menandatangani dan mengirim permohonan (pengiriman ke-%(sequence)s)"),
    "application.take": gettext_lazy("mengambil permohonan untuk diperiksa"),
    "application.take_over": gettext_lazy("mengambil alih pemeriksaan"),
    "application.check_requirement": gettext_lazy("menilai satu persyaratan: %(verdict)s"),
    "application.accept": gettext_lazy("menerima permohonan"),
    "application.return": gettext_lazy("mengembalikan permohonan untuk diperbaiki"),
    "application.reject": gettext_lazy("menolak permohonan"),
    "application.withdraw": gettext_lazy("membatalkan permohonan"),
}


def act(entry: "ActivityEntry") -> str:
    """The act alone, such as "menerima permohonan"."""
    label = LABELS.get(entry.code)
    if label is None:
        return entry.code
    try:
        return str(label) % {key: str(value).replace("_", " ") for key, value in entry.data.items()}
    except (KeyError, TypeError, ValueError):
        return str(label)


def sentence(entry: "ActivityEntry") -> str:
    """Who did what to which record."""
    who = entry.actor.full_name if entry.actor else _("Sistem")
    return f"{who} {act(entry)} {entry.subject_label}".strip()
