"""Small named questions about assignments and results. Each returns a sentence why not, or "" when all is well."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.models import AssessorProfile
from core.accounts.rules import role_of
from core.applications.enums import ApplicationStatus, Outcome
from core.applications.models import Application
from core.assessments.enums import Attendance, RecordStatus, SessionStatus
from core.assessments.known import holder_is_known, known_holder
from core.assessments.models import AssessmentResult, AssessmentSession
from core.assessments.seats import seat_of
from core.schemes.models import Scheme

#: Statuses in which a case may be given to an assessor, or taken from one.
ASSIGNABLE_STATUSES = frozenset(
    {ApplicationStatus.ACCEPTED, ApplicationStatus.PREASSESSED, ApplicationStatus.SCHEDULED, ApplicationStatus.APPEALED}
)
#: Statuses in which a case is work of the assessor who has it; results that wait for their decision may be corrected.
WORKED_ON_STATUSES = ASSIGNABLE_STATUSES | {ApplicationStatus.ASSESSED}
#: Statuses in which a session may still be changed, and cases placed in it or taken out.
OPEN_SESSIONS = frozenset({SessionStatus.PLANNED, SessionStatus.ANNOUNCED})
#: Statuses in which an assessor writes results.
RESULT_STATUSES = frozenset({ApplicationStatus.SCHEDULED, ApplicationStatus.APPEALED})
SIGNED_STAYS = gettext_lazy(
    "Hasil ini sudah ditandatangani dan tidak dapat diubah. Bila keliru, tekan “Koreksi hasil”: yang lama tetap "
    "tersimpan, yang baru ditandatangani lagi."
)


def holds_case(application: Application, by: Any) -> bool:
    """Whether the person is the assessor who has this case now."""
    if holder_is_known(application):
        holder = known_holder(application)
        return holder is not None and holder.user_id == by.pk
    return application.assignments.filter(assessor__user=by.pk, in_force=True).exists()


def has_assessed(application: Application, user_id: int) -> bool:
    """Whether the person ever signed results on this case: they decide nothing on it (ISO/IEC 17024, 9.5)."""
    return application.records.filter(assessor__user=user_id, signature__isnull=False).exists()


# --- results ------------------------------------------------------------------------------------------


def unit_outcome(results: Iterable[AssessmentResult]) -> str:
    """K or BK of one unit, "" while open. What a person judged goes before what a machine found; all K is K."""
    judged = [result for result in results if result.outcome]
    judged = [result for result in judged if result.recorded_by_id is not None] or judged
    if not judged:
        return ""
    return Outcome.COMPETENT if all(r.outcome == Outcome.COMPETENT for r in judged) else Outcome.NOT_YET


def derived_recommendation(outcomes: Iterable[str]) -> str:
    """What the units say of the whole scheme: K when every one is K, "" while one is open."""
    outcomes = list(outcomes)
    if not outcomes or not all(outcomes):
        return ""
    return Outcome.COMPETENT if set(outcomes) == {Outcome.COMPETENT} else Outcome.NOT_YET


def results_are_open(application: Application) -> str:
    """Whether results may be written now: in a session, in an appeal, or in a correction that was begun."""
    if application.status in RESULT_STATUSES:
        return ""
    if application.status == ApplicationStatus.ASSESSED:
        if application.records.filter(status=RecordStatus.DRAFT, corrects__in_force=True).exists():
            return decision_stands(application)
        return decision_stands(application) or str(SIGNED_STAYS)
    return _("Hasil diisi setelah asesi ditempatkan dalam jadwal uji; status permohonan ini “%(status)s”.") % {
        "status": application.get_status_display()
    }


def decision_stands(application: Application) -> str:
    """Whether a plenary has written down what it decided on these results."""
    decision = (
        application.decisions.filter(in_force=True, plenary__recorded_at__isnull=False)
        .select_related("plenary")
        .first()
    )
    if decision is None:
        return ""
    return _(
        "Rapat pleno “%(plenary)s” sudah mencatat keputusan atas hasil ini, jadi hasilnya tidak dapat diubah. "
        "Hubungi sekretariat bila hasilnya keliru."
    ) % {"plenary": decision.plenary}


def may_correct_results(application: Application, by: Any) -> str:
    """Whether this person may replace signed results by a new record."""
    if not by.is_active or not holds_case(application, by):
        return _("Hanya asesor yang memegang permohonan ini yang dapat mengoreksi hasilnya.")
    if application.status != ApplicationStatus.ASSESSED:
        return _("Yang dikoreksi adalah hasil yang menunggu keputusan; status permohonan ini “%(status)s”.") % {
            "status": application.get_status_display()
        }
    return decision_stands(application)


def assessment_has_begun(application: Application, by: Any) -> str:
    """No result is signed before the session began, whatever the clock of the phone says. Appeals need no session."""
    if application.status == ApplicationStatus.APPEALED:
        return ""
    seat = seat_of(application)
    if seat is None:
        return _("Permohonan ini tidak mempunyai jadwal uji. Minta sekretariat menempatkannya dalam jadwal.")
    if timezone.now() >= seat.session.starts_at:
        return ""
    return _(
        "Jadwal uji %(session)s baru dimulai %(start)s, sedangkan jam server sekarang %(now)s. Hasil ditandatangani "
        "setelah asesmen dimulai. Bila jam itu salah, beri tahu sekretariat."
    ) % {
        "session": seat.session.number,
        "start": date_format(seat.session.local_start, "j F Y H.i T"),
        "now": date_format(timezone.localtime(timezone=seat.session.zone), "j F Y H.i T"),
    }


def candidate_was_present(application: Application, by: Any) -> str:
    """Nobody is assessed who did not come; attendance that was not written down is no absence."""
    if application.status == ApplicationStatus.APPEALED:
        return ""
    seat = seat_of(application)
    if seat is None or seat.attendance != Attendance.ABSENT:
        return ""
    return _(
        "Asesi tercatat tidak hadir pada %(session)s. Minta sekretariat menjadwalkannya kembali, atau memperbaiki "
        "kehadirannya bila ternyata hadir."
    ) % {"session": seat.session.number}


def appeal_is_judged_anew(application: Application, by: Any) -> str:
    """An appeal is assessed by somebody who has not signed results on this case before (ISO/IEC 17024, 9.8)."""
    if application.status == ApplicationStatus.APPEALED and has_assessed(application, by.pk):
        return _("Banding dinilai oleh asesor lain: Anda sudah menandatangani hasil permohonan ini.")
    return ""


# --- assignments ----------------------------------------------------------------------------------------


def may_be_assigned(application: Application, by: Any) -> str:
    """Whether this person may choose an assessor for this case now."""
    if not by.is_active or not by.has_perm("core.assign_assessor"):
        return _("Anda tidak berhak menunjuk asesor.")
    if application.status not in ASSIGNABLE_STATUSES:
        return _(
            "Asesor ditunjuk sejak permohonan diterima sampai hasilnya ditandatangani; "
            "status permohonan ini “%(status)s”."
        ) % {"status": application.get_status_display()}
    return ""


def may_be_assigned_among_many(application: Application, by: Any) -> str:
    """Among many nobody is relieved: that needs a reason, and is done case by case."""
    if refusal := may_be_assigned(application, by):
        return refusal
    if any(assignment.in_force for assignment in application.assignments.all()):
        return _("Sudah mempunyai asesor; gantilah dari halaman permohonannya.")
    return ""


def may_assess(assessor: AssessorProfile, application: Application, *, on: date | None = None) -> str:
    """Whether the assessor is fit for the case (impartiality: ISO/IEC 17024, 4.3; competence: 6.2).

    `on` is the day of the assessment; who asks for many assessors at once finds it once (`day_of`).
    """
    on = on or day_of(application)
    return (
        may_not_act(assessor, application)
        or licence_ended(assessor, on=on)
        or not_qualified(assessor, application.scheme_version.scheme, on=on)
        or assessed_before(assessor, application)
    )


def may_not_act(assessor: AssessorProfile, application: Application) -> str:
    """Without an account nobody assesses, and nobody assesses themselves."""
    user = assessor.user
    if not user.is_active or role_of(user) != "asesor":
        return _("Akun asesor ini tidak aktif.")
    if user.pk == application.candidate.user_id:
        return _("Asesor tidak dapat menilai dirinya sendiri.")
    return ""


def day_of(application: Application) -> date:
    """The last day of the session that the case waits for; today where it has none (yet)."""
    if application.status == ApplicationStatus.SCHEDULED:
        seat = application.placements.filter(in_force=True).select_related("session__venue").first()
        if seat is not None:
            return max(timezone.localdate(), seat.session.local_end.date())
    return timezone.localdate()


def licence_ended(assessor: AssessorProfile, *, on: date) -> str:
    """Its last day still counts."""
    expiry = assessor.certificate_expires_on
    if expiry is not None and expiry < on:
        return _("Sertifikat asesor berakhir pada %(date)s.") % {"date": date_format(expiry, "j F Y")}
    return ""


def not_qualified(assessor: AssessorProfile, scheme: Scheme, *, on: date) -> str:
    """Refused as soon as the LSP has begun to record who may assess this scheme, or what this assessor may assess."""
    pair = next((row for row in assessor.qualifications.all() if row.scheme_id == scheme.pk), None)
    if pair is not None:
        if pair.valid_until is not None and pair.valid_until < on:
            return _("Kualifikasi asesor untuk skema ini berakhir pada %(date)s.") % {
                "date": date_format(pair.valid_until, "j F Y")
            }
        return ""
    if assessor.qualifications.all() or scheme.qualifications.all():
        return _("Asesor ini tidak tercatat berkualifikasi untuk skema “%(scheme)s”.") % {"scheme": scheme.title}
    return ""


def qualification_unknown(assessor: AssessorProfile, scheme: Scheme) -> str:
    """A warning, no refusal: nothing is recorded, neither of the assessor nor of the scheme."""
    if assessor.qualifications.all() or scheme.qualifications.all():
        return ""
    return _("Kualifikasi asesor ini belum dicatat; pastikan ia berwenang untuk skema ini.")


def assessed_before(assessor: AssessorProfile, application: Application) -> str:
    """An appealed case is looked at by somebody who has not judged it (ISO/IEC 17024, 9.8)."""
    if application.status != ApplicationStatus.APPEALED:
        return ""
    if any(record.assessor_id == assessor.pk and record.signature_id for record in application.records.all()):
        return _("Asesor ini pernah menilai permohonan ini; banding ditangani asesor lain.")
    return ""


def is_open(session: AssessmentSession) -> str:
    """Why the session can no longer be changed."""
    if session.status in OPEN_SESSIONS:
        return ""
    return _("Jadwal %(number)s berstatus “%(status)s” dan tidak dapat diubah lagi.") % {
        "number": session.number,
        "status": session.get_status_display(),
    }


def shares_institution(assessor: AssessorProfile, application: Application) -> str:
    """A warning, no refusal: assessor and candidate name the same institution."""
    ours, theirs = (text.strip().casefold() for text in (assessor.institution, application.candidate.institution))
    if ours and ours == theirs:
        return _("Unit kerjanya sama dengan unit kerja asesi; pertimbangkan ketidakberpihakan.")
    return ""
