"""Small named questions about hand-overs. Each returns a sentence why not, or "" when all is well."""

from typing import Any

from django.utils.translation import gettext as _

from core.handovers.enums import DELIVERED, HandoverStatus
from core.handovers.models import Handover

#: So many cases fit into one hand-over.
MAX_CASES = 500
#: A reason of fewer letters says nothing.
MIN_REASON = 10


def may_prepare(by: Any) -> str:
    if not by.is_active or not by.has_perm("core.prepare_handover"):
        return _("Serah terima kepada BNSP disiapkan oleh sekretariat.")
    return ""


def is_preparing(handover: Handover, by: Any) -> str:
    """Whether cases, letter and codes may still change."""
    if reason := may_prepare(by):
        return reason
    if handover.status == HandoverStatus.CHECKED:
        return _("Serah terima ini sudah diperiksa dan terkunci. Buka kembali bila perlu diubah.")
    if handover.status != HandoverStatus.PREPARING:
        return _("Serah terima ini sudah “%(status)s” dan tidak berubah lagi.") % {
            "status": handover.get_status_display().lower()
        }
    return ""


def has_cases(handover: Handover, by: Any) -> str:
    """An empty list is not handed over."""
    return "" if handover.cases.exists() else _("Belum ada permohonan di dalamnya. Tambahkan sedikitnya satu.")


def stands_as_checked(handover: Handover, by: Any) -> str:
    """A decision that was appealed against since is not handed over as if it stood."""
    fallen = handover.cases.filter(decision__in_force=None).select_related("application")
    if numbers := [row.application.reference for row in fallen[:5]]:
        return _("Keputusan atas %(numbers)s tidak berlaku lagi. Buka kembali, keluarkan, lalu periksa lagi.") % {
            "numbers": ", ".join(numbers)
        }
    return ""


def replaces_what_still_stands(handover: Handover, by: Any) -> str:
    """A correction takes the place of a hand-over that was neither replaced nor withdrawn meanwhile."""
    if handover.replaces is not None and handover.replaces.status != HandoverStatus.HANDED:
        return _("Serah terima %(number)s yang digantikan sudah “%(status)s”. Tarik koreksi ini dan siapkan lagi.") % {
            "number": handover.replaces,
            "status": handover.replaces.get_status_display().lower(),
        }
    return ""


def open_correction(handover: Handover) -> Handover | None:
    """The correction that is under way."""
    return handover.corrections.filter(status__in=(HandoverStatus.PREPARING, HandoverStatus.CHECKED)).first()


def has_no_open_correction(handover: Handover, by: Any) -> str:
    """What is being corrected is not taken back under its correction."""
    if (correction := open_correction(handover)) is not None:
        return _("Koreksinya sedang disiapkan (“%(title)s”). Selesaikan atau tarik koreksi itu dahulu.") % {
            "title": correction.title
        }
    return ""


def why_not_correct(handover: Handover, by: Any) -> str:
    """Only what went out is corrected, by one correction at a time."""
    if reason := may_prepare(by):
        return reason
    if handover.status != HandoverStatus.HANDED:
        return _("Hanya serah terima yang sudah diserahkan yang dikoreksi; statusnya “%(status)s”.") % {
            "status": handover.get_status_display()
        }
    return has_no_open_correction(handover, by)


def why_not_download(handover: Handover, by: Any) -> str:
    """The office takes along what was checked; BNSP what it was given, for as long as it was not taken back."""
    if not by.is_active or not by.has_perm("core.download_handover"):
        return _("Anda tidak berhak mengunduh serah terima.")
    if handover.status in DELIVERED:
        return ""
    if not by.has_perm("core.view_identifiers"):
        return _("Yang dapat diunduh hanya yang sudah diserahkan.")
    if handover.status == HandoverStatus.CHECKED or (
        handover.status == HandoverStatus.WITHDRAWN and handover.handed_on
    ):
        return ""
    return _("Periksa dan kunci dahulu; sesudah itu berkasnya dapat diunduh.")
