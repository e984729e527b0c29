"""The only writers of assignments."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.accounts.models import AssessorProfile
from core.activity.services import record_activity
from core.applications.enums import ApplicationStatus
from core.applications.models import Application
from core.applications.services import lock
from core.assessments import conflicts, rules
from core.assessments.models import AssessmentSession, Assignment, Placement
from core.assessments.queries import assignment_in_force
from core.assessments.seats import seat_of
from core.assessments.services import announcing
from core.assessments.services.locking import lock_session, lock_sessions
from core.assessments.services.sessions import lock_session_of, tell_seat
from core.common.exceptions import DomainError
from core.common.text import clean_line
from core.messaging.services import queue_message


@transaction.atomic
def assign_assessor(*, application: Application, assessor: AssessorProfile, by: Any, reason: str = "") -> Assignment:
    """Give an accepted case to an assessor, who gets a letter. An assessor who had it before is relieved.

    Choosing the same assessor again changes nothing. `reason` is needed when somebody is relieved.
    """
    lock_session_of(application)
    return _assign(application, assessor, reason=reason, by=by)


@transaction.atomic
def assign_cases(*, applications: Iterable[Application], assessor: AssessorProfile, by: Any) -> dict[int, str]:
    """Give many accepted cases to one assessor in one act; {key of a case: why not} for those that stay as they are.

    The assessor gets one letter that names the cases. Nobody is relieved here: that needs a reason, case by case.
    """
    keys = sorted({application.pk for application in applications})
    lock_sessions(Placement.objects.filter(application__in=keys, in_force=True).values_list("session", flat=True))
    list(Application.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))
    cases = Application.objects.select_related("scheme_version__scheme").prefetch_related("assignments").in_bulk(keys)
    done, refused = [], {}
    for key in keys:
        if refusal := rules.may_be_assigned_among_many(cases[key], by):
            refused[key] = refusal
            continue
        try:
            with transaction.atomic():
                done.append(_assign(cases[key], assessor, reason="", by=by, writes=False))
        except DomainError as refusal:
            refused[key] = refusal.message
    _tell_assigned(assessor, done)
    return refused


def _assign(
    application: Application, assessor: AssessorProfile, *, reason: str, by: Any, writes: bool = True
) -> Assignment:
    """`writes`: whether each of the two gets a letter about this case."""
    application = lock(application)
    if refusal := rules.may_be_assigned(application, by):
        raise DomainError(refusal, code="assign_assessor.refused")
    current = assignment_in_force(application)
    if current is not None and current.assessor_id == assessor.pk:
        return current
    # Two sessions at the same time that reach for the same assessor wait for each other here.
    AssessorProfile.objects.select_for_update().values_list("pk").get(pk=assessor.pk)
    if refusal := rules.may_assess(assessor, application):
        raise DomainError(refusal, code="assign_assessor.unfit", field="assessor")
    seat = seat_of(application) if application.status == ApplicationStatus.SCHEDULED else None
    if seat is not None and (busy := conflicts.busy_assessors(seat.session, [assessor.pk])):
        raise DomainError(busy[assessor.pk], code="assign_assessor.busy", field="assessor")
    if current is not None:
        _end(current, reason=reason, by=by, writes=writes)
    assignment = Assignment.objects.create(application=application, assessor=assessor, assigned_by=by)
    record_activity("application.assign_assessor", by=by, subject=application, assessor=assessor.registration_number)
    if writes:
        _tell_assigned(assessor, [assignment])
    if seat is not None:
        announcing.tell_assessor(seat, assessor, event=str(assignment.pk))
        tell_seat(seat, by=by)
    return assignment


@transaction.atomic
def replace_assessor_in_session(
    *, session: AssessmentSession, old: AssessorProfile, new: AssessorProfile, reason: str, by: Any
) -> list[Assignment]:
    """An assessor cannot come: all cases that they have in this session go to another, in one act.

    Each of the two gets one letter for the session, not one for each case; of an announced session that
    letter is the surat tugas, renewed or withdrawn, and the candidates hear who assesses them now.
    """
    session = lock_session(session)
    if refusal := rules.is_open(session):
        raise DomainError(refusal, code="replace_assessor.closed")
    if old.pk == new.pk:
        raise DomainError(_("Pilih asesor yang lain."), code="replace_assessor.same", field="assessor")
    seats = Placement.objects.filter(
        session=session,
        in_force=True,
        application__status=ApplicationStatus.SCHEDULED,
        application__assignments__assessor=old,
        application__assignments__in_force=True,
    )
    cases = [seat.application for seat in seats.select_related("application").order_by("application")]
    if not cases:
        raise DomainError(
            _("%(name)s tidak mempunyai permohonan dalam jadwal ini.") % {"name": old.user.full_name},
            code="replace_assessor.none",
        )
    done = []
    for case in cases:
        try:
            done.append(_assign(case, new, reason=reason, by=by, writes=False))
        except DomainError as refusal:
            raise DomainError(f"{case.number}: {refusal.message}", code=refusal.code, field=refusal.field) from refusal
    told = announcing.letters_follow(session=session, assessors=(old, new), reason=reason, by=by)
    about = {
        "jadwal": session.number,
        "skema": session.scheme.title,
        "waktu": conflicts.when(session),
        "nomor": "\n".join(f"- {case.number}" for case in cases),
    }
    link = f"{settings.SITE_URL}/admin/core/assessmentsession/{session.pk}/change/"
    key = f"{session.pk}-{done[-1].pk}"
    if new not in told:
        queue_message(
            "session-assessor-assigned",
            recipient=new.user,
            values=about | {"nama": new.user.full_name, "tautan": link},
            dedupe_key=f"session-assessor-assigned-{key}",
        )
    if old not in told:
        queue_message(
            "session-assessor-released",
            recipient=old.user,
            values=about | {"nama": old.user.full_name, "alasan": clean_line(reason)},
            dedupe_key=f"session-assessor-released-{key}",
        )
    return done


@transaction.atomic
def release_assessor(*, application: Application, reason: str, by: Any) -> None:
    """Take a case back from its assessor, who no longer sees it from now on."""
    lock_session_of(application)
    application = lock(application)
    if refusal := rules.may_be_assigned(application, by):
        raise DomainError(refusal, code="release_assessor.refused")
    current = assignment_in_force(application)
    if current is None:
        raise DomainError(_("Permohonan ini belum mempunyai asesor."), code="release_assessor.none")
    _end(current, reason=reason, by=by)
    if application.status == ApplicationStatus.SCHEDULED and (seat := seat_of(application)):
        tell_seat(seat, by=by)


def end_assignment(*, application: Application, reason: str, by: Any) -> None:
    """Relieve whoever has the case, if anybody, in the caller's transaction."""
    if current := assignment_in_force(application):
        _end(current, reason=reason, by=by)


def _end(assignment: Assignment, *, reason: str, by: Any, writes: bool = True) -> None:
    reason = clean_line(reason)[:250]
    if not reason:
        raise DomainError(
            _("Tulis alasan mengapa asesor sebelumnya diganti."), code="release_assessor.reason", field="reason"
        )
    assignment.in_force, assignment.ended_at, assignment.end_reason = None, timezone.now(), reason
    assignment.save(update_fields=["in_force", "ended_at", "end_reason"])
    application, assessor = assignment.application, assignment.assessor
    record_activity("application.release_assessor", by=by, subject=application, assessor=assessor.registration_number)
    if writes:
        queue_message(
            "assessor-released",
            recipient=assessor.user,
            values=_letter(application, assessor) | {"alasan": reason},
            dedupe_key=f"assessor-released-{assignment.pk}",
        )


def _tell_assigned(assessor: AssessorProfile, assignments: list[Assignment]) -> None:
    """One letter about what was given in one act, however many cases it names."""
    if not assignments:
        return
    cases = [assignment.application for assignment in assignments]
    link = f"{settings.SITE_URL}/admin/core/application/"
    if len(cases) == 1:
        template, values = "assessor-assigned", _letter(cases[0], assessor)
        link += f"{cases[0].pk}/change/"
    else:
        template = "assessor-assigned-many"
        named = [f"- {case.number}, {case.scheme_version.scheme.title}" for case in cases]
        values = {"nama": assessor.user.full_name, "jumlah": len(cases), "daftar": "\n".join(named)}
    queue_message(
        template,
        recipient=assessor.user,
        values=values | {"tautan": link},
        dedupe_key=f"{template}-{assignments[-1].pk}",
    )


def _letter(application: Application, assessor: AssessorProfile) -> dict[str, str]:
    """No name of the candidate: letters travel further than the system reaches."""
    return {
        "nama": assessor.user.full_name,
        "nomor": application.number,
        "skema": application.scheme_version.scheme.title,
    }
