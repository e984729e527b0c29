"""Small named questions about a session and its day. Guards return a sentence why not, or "" when all is well."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core.applications.enums import ApplicationStatus
from core.applications.models import Application
from core.assessments import conflicts
from core.assessments.enums import Attendance, SessionStatus
from core.assessments.models import AssessmentSession, Placement
from core.assessments.seats import own_seats, seats_of
from core.assessments.words import begin_words

#: So many names a sentence tells one by one.
NAMED = 5


def has_begun(session: AssessmentSession) -> bool:
    return session.starts_at <= timezone.now()


def lies_ahead(session: AssessmentSession, by: Any) -> str:
    """Nobody is invited to what has begun already."""
    if has_begun(session):
        return _("Waktu mulai jadwal ini sudah lewat (%(time)s). Ubah waktunya dahulu, lalu umumkan.") % {
            "time": begin_words(session)
        }
    return ""


def has_seats_with_assessors(session: AssessmentSession, by: Any) -> str:
    """Whoever is invited is met by an assessor."""
    seats = seats_of(session)
    if not seats:
        return _("Belum ada asesi dalam jadwal ini. Tempatkan asesi dahulu, lalu umumkan.")
    alone = [_name(seat) for seat in seats if seat.assessor is None]
    if alone:
        return _("Belum mempunyai asesor: %(names)s. Tunjuk asesornya dahulu, lalu umumkan.") % {
            "names": _listed(alone)
        }
    return ""


def still_fits(session: AssessmentSession, by: Any) -> str:
    """What has come to block a seat or the place since they were given, as an assessor's account that was closed."""
    found = conflicts.seated_conflicts(session, [seat.application for seat in seats_of(session)])
    return " ".join(dict.fromkeys(conflict.sentence for conflict in found if conflict.is_blocking))


def nothing_signed(session: AssessmentSession, by: Any) -> str:
    """What was assessed has taken place: such a session is closed, not cancelled."""
    signed = [_name(seat) for seat in seats_of(session) if seat.application.status != ApplicationStatus.SCHEDULED]
    if signed:
        return _(
            "Hasil asesmen sudah ditandatangani untuk %(names)s, jadi jadwal ini tidak dapat dibatalkan. "
            "Catat kehadiran yang lain, lalu tutup jadwalnya."
        ) % {"names": _listed(signed)}
    return ""


def why_not_postpone(seated: Iterable[Application]) -> str:
    """The day on which somebody was assessed stays that day: minutes, papers and BNSP's list name it."""
    signed = [case.candidate.user.full_name for case in seated if case.status != ApplicationStatus.SCHEDULED]
    if signed:
        return _(
            "Hasil asesmen sudah ditandatangani untuk %(names)s, jadi waktu mulai jadwal ini tidak berubah lagi. "
            "Pindahkan asesi yang belum dinilai ke jadwal lain."
        ) % {"names": _listed(signed)}
    return ""


def day_is_done(session: AssessmentSession, by: Any) -> str:
    """Everybody's attendance is known, and whoever came has signed results."""
    if not has_begun(session):
        return _("Jadwal ini baru mulai %(time)s. Tutup sesudah asesmennya selesai.") % {"time": begin_words(session)}
    seats = seats_of(session)
    unknown = [_name(seat) for seat in seats if not seat.attendance]
    if unknown:
        return _("Kehadiran belum dicatat: %(names)s. Catat kehadirannya, lalu tutup.") % {"names": _listed(unknown)}
    unsigned = [
        _("%(name)s (asesor %(assessor)s)")
        % {"name": _name(seat), "assessor": seat.assessor.user.full_name if seat.assessor else "–"}
        for seat in seats
        if seat.attendance == Attendance.PRESENT and seat.application.status == ApplicationStatus.SCHEDULED
    ]
    if unsigned:
        return _("Hasil asesmen belum ditandatangani: %(names)s. Minta asesornya menandatangani, lalu tutup.") % {
            "names": _listed(unsigned)
        }
    return ""


def why_not_record_attendance(session: AssessmentSession, by: Any) -> str:
    """The secretariat, and assessors for own cases; from the beginning of the session until it is closed."""
    may = by.is_active and (by.has_perm("core.schedule_session") or own_seats(session, by))
    if not may:
        return _("Kehadiran dicatat oleh sekretariat, atau oleh asesor untuk asesi yang ditugaskan kepadanya.")
    if session.status != SessionStatus.ANNOUNCED:
        return _("Kehadiran dicatat pada jadwal yang diumumkan; status jadwal ini “%(status)s”.") % {
            "status": session.get_status_display()
        }
    if not has_begun(session):
        return _("Kehadiran dapat dicatat mulai %(time)s.") % {"time": begin_words(session)}
    return ""


def why_not_reissue(session: AssessmentSession, by: Any) -> str:
    if not by.is_active or not by.has_perm("core.schedule_session"):
        return _("Anda tidak berhak menerbitkan surat tugas.")
    if session.status != SessionStatus.ANNOUNCED:
        return _("Surat tugas terbit bersama pengumuman jadwal; status jadwal ini “%(status)s”.") % {
            "status": session.get_status_display()
        }
    return ""


def _name(seat: Placement) -> str:
    return seat.application.candidate.user.full_name


def _listed(names: list[str]) -> str:
    more = len(names) - NAMED
    told = ", ".join(names[:NAMED])
    return told if more <= 0 else _("%(names)s, dan %(more)d lagi") % {"names": told, "more": more}
