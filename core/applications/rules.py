"""Small named questions about applications, asked by both faces and by the workflow table.

Guards return a sentence why not, or "" when all is well.
"""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core.applications.enums import EDITABLE_STATUSES, ApplicationStatus, Verdict
from core.applications.models import Application
from core.applications.sections import sections_of
from core.documents.models import Document, DocumentState
from core.schemes.enums import VersionStatus


def owns(application: Application, by: Any) -> bool:
    """Whether the person is the candidate of this case."""
    return application.candidate.user_id == by.pk


def can_write_section(application: Application, key: str, by: Any) -> bool:
    """The owner, in a draft or a returned application, in a section that is open."""
    if not owns(application, by) or application.status not in EDITABLE_STATUSES:
        return False
    row = application.sections.filter(key=key).first()
    return row is None or row.is_open


def scheme_still_open(application: Application, by: Any) -> str:
    """A first sending needs an open scheme; a correction of what was sent in time does not."""
    version = application.scheme_version
    if application.number or version.is_open:
        return ""
    # A newer version is out: an application stays with the one it was begun for.
    successor = version.scheme.versions.filter(status=VersionStatus.PUBLISHED, number__gt=version.number).first()
    if successor is not None and successor.is_open:
        return ""
    return _(
        "Pendaftaran skema ini sudah ditutup. Isian Anda tetap tersimpan; pilih skema lain atau hubungi sekretariat."
    )


def is_complete(application: Application, by: Any) -> str:
    """Every section of FR.APL-01 and FR.APL-02 is filled in."""
    incomplete = [section.title for section in sections_of(application) if not section.is_complete]
    if not incomplete:
        return ""
    return _("Belum lengkap: %(sections)s.") % {"sections": ", ".join(incomplete)}


def is_not_own_case(application: Application, by: Any) -> str:
    """Impartiality (ISO/IEC 17024, 4.3): nobody rules on their own application."""
    return _("Anda tidak dapat memeriksa permohonan Anda sendiri.") if owns(application, by) else ""


def is_taken_by(application: Application, by: Any) -> str:
    """Two clerks do not work on one case: the one who took it acts, another takes it over first."""
    if application.officer_id in (None, by.pk):
        return ""
    return _("Permohonan ini sedang diperiksa oleh %(name)s. Pakai “Ambil alih” bila Anda yang meneruskan.") % {
        "name": application.officer.full_name
    }


def is_taken_by_somebody_else(application: Application, by: Any) -> str:
    """What one looks at oneself cannot be taken over."""
    return _("Permohonan ini sudah Anda periksa.") if application.officer_id == by.pk else ""


def why_not_remind(application: Application, by: Any) -> str:
    """Only a case that lies with the candidate, and once a day by the office's clock."""
    if not by.has_perm("core.verify_application"):
        return _("Anda tidak berhak melakukan tindakan ini.")
    if application.status != ApplicationStatus.RETURNED:
        return _("Hanya permohonan yang perlu diperbaiki yang dapat diingatkan; status kini “%(status)s”.") % {
            "status": application.get_status_display()
        }
    if application.reminded_at and timezone.localdate(application.reminded_at) == timezone.localdate():
        return _("Asesi sudah diingatkan hari ini. Ingatkan lagi paling cepat besok.")
    return ""


def every_needed_paper_was_scanned(application: Application, by: Any) -> str:
    """Acceptance: what meets a requirement has been seen by the virus scanner, where there is one, and was kept."""
    rows = application.requirement_evidence.filter(verdict=Verdict.MEETS).select_related("requirement")
    waiting = [row.requirement.title for row in rows.filter(documents__state=DocumentState.WAITING).distinct()]
    if waiting:
        return _("Masih menunggu pemeriksaan virus: %(titles)s. Coba lagi beberapa menit lagi.") % {
            "titles": "; ".join(waiting)
        }
    clean = rows.filter(documents__state=DocumentState.CLEAN)
    refused = rows.filter(documents__state=DocumentState.REFUSED).exclude(pk__in=clean)
    titles = [row.requirement.title for row in refused.distinct()]
    if titles:
        return _(
            "Ditolak pemeriksaan virus: %(titles)s. Kembalikan permohonan ini agar asesi mengunggah penggantinya."
        ) % {"titles": "; ".join(titles)}
    return ""


def why_not_judge(documents: Iterable[Document], title: str) -> str:
    """Nobody says of a paper that it meets before it could be opened; "" when one of them can."""
    states = {document.state for document in documents}
    if DocumentState.CLEAN in states:
        return ""
    if DocumentState.WAITING in states:
        return _("“%(title)s” belum dapat dinilai: berkasnya menunggu pemeriksaan virus.") % {"title": title}
    if DocumentState.REFUSED in states:
        return _("“%(title)s” tidak dapat memenuhi syarat: berkasnya ditolak pemeriksaan virus.") % {"title": title}
    return _("“%(title)s” tidak dapat memenuhi syarat: asesi belum mengunggah buktinya.") % {"title": title}


def every_requirement_meets(application: Application, by: Any) -> str:
    """Acceptance: every requirement was judged, and none that is required fails or is absent."""
    verdicts = dict(application.requirement_evidence.values_list("requirement_id", "verdict"))
    requirements = list(application.scheme_version.requirements.all())
    unjudged = [r.title for r in requirements if not verdicts.get(r.pk)]
    if len(unjudged) > 2:
        return _("%(count)d persyaratan belum dinilai.") % {"count": len(unjudged)}
    if unjudged:
        return _("Belum dinilai: %(titles)s.") % {"titles": "; ".join(unjudged)}
    failing = [r.title for r in requirements if r.is_required and verdicts[r.pk] != Verdict.MEETS]
    if failing:
        return _("Persyaratan wajib yang belum memenuhi: %(titles)s. Kembalikan atau tolak permohonan ini.") % {
            "titles": "; ".join(failing)
        }
    return ""
