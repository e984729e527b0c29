"""The only writers of sessions and of the seats in them.

Two clerks who fill the last seats at once wait for each other: every act locks in one order, the
sessions first, then the cases, then their assessors, each by key.
"""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.accounts.models import AssessorProfile
from core.activity.services import record_activity
from core.applications.models import Application
from core.assessments import conflicts, rules, session_rules
from core.assessments.enums import FormSubject, SessionMode, SessionStatus
from core.assessments.form_sets import forms_needed
from core.assessments.models import AssessmentSession, Assignment, Placement, Venue
from core.assessments.seats import seat_of
from core.assessments.services import announcing
from core.assessments.services.locking import lock_session, lock_sessions
from core.assessments.services.papers import lay_in_papers
from core.assessments.transitions import WORKFLOW
from core.common.exceptions import DomainError
from core.common.numbering import next_number
from core.common.text import clean_line

#: What a session is made of; everything else of it is the work of services.
FIELDS = ("scheme", "mode", "venue", "meeting_url", "starts_at", "ends_at", "quota", "note")
#: What must agree with the cases that have a seat.
DECIDING = frozenset({"venue", "starts_at", "ends_at", "quota"})
#: What those who take part are told when it changes.
TOLD = frozenset({"mode", "venue", "meeting_url", "starts_at", "ends_at", "note"})


def lock_session_of(application: Application) -> Placement | None:
    """The seat that a case has, its session locked: before the case itself, as all acts on seats do."""
    seat = seat_of(application)
    if seat is not None:
        lock_session(seat.session)
    return seat


def _lock_cases(applications: Iterable[Application]) -> list[Application]:
    """The cases, and then whoever assesses them: nobody gets a duty elsewhere meanwhile."""
    keys = sorted({application.pk for application in applications})
    list(Application.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))
    assessors = Assignment.objects.filter(application__in=keys, in_force=True).order_by().values("assessor")
    people = AssessorProfile.objects.filter(pk__in=list(assessors.values_list("assessor", flat=True)))
    list(people.select_for_update().order_by("pk").values_list("pk"))
    found = Application.objects.select_related("candidate__user", "scheme_version__scheme").in_bulk(keys)
    return [found[key] for key in keys]


# --- the session itself -------------------------------------------------------------------------------


@transaction.atomic
def create_session(*, by: Any, **values: Any) -> AssessmentSession:
    """Plan a session from FIELDS. It becomes known when it is announced."""
    _check_right(by)
    session = AssessmentSession(**values)
    _check_fields(session, changed=set(FIELDS))
    session.number = next_number("session")
    session.save()
    record_activity("session.create", by=by, subject=session, scheme=session.scheme.code)
    return session


@transaction.atomic
def change_session(*, session: AssessmentSession, by: Any, **values: Any) -> AssessmentSession:
    """Change some of FIELDS. Whoever has a seat must still fit in it; saving it as it was changes nothing."""
    _check_right(by)
    session = lock_session(session)
    _check_open(session)
    changed = {name for name, value in values.items() if getattr(session, name) != value}
    if not changed:
        return session
    for name in changed:
        setattr(session, name, values[name])
    seated = _lock_cases(Application.objects.filter(placements__session=session, placements__in_force=True))
    if seated and "scheme" in changed:
        raise DomainError(
            _("Skema jadwal yang sudah berisi asesi tidak dapat diganti. Buat jadwal lain."),
            code="change_session.scheme",
            field="scheme",
        )
    if "starts_at" in changed and (reason := session_rules.why_not_postpone(seated)):
        raise DomainError(reason, code="change_session.signed", field="starts_at")
    if session.quota < len(seated):
        raise DomainError(
            _("Jadwal ini sudah berisi %(taken)d asesi; kuotanya tidak dapat lebih kecil.") % {"taken": len(seated)},
            code="change_session.quota",
            field="quota",
        )
    _check_fields(session, changed=changed)
    if changed & DECIDING:
        _refuse_blocked(session, seated, code="change_session.conflict", field="starts_at")
    session.sequence += 1
    session.save()
    record_activity("session.change", by=by, subject=session, fields=sorted(changed))
    if changed & TOLD:
        announcing.tell_change(session=session, by=by)
    return session


def _check_right(by: Any) -> None:
    if not by.is_active or not by.has_perm("core.schedule_session"):
        raise DomainError(_("Anda tidak berhak mengatur jadwal uji."), code="session.refused")


def _check_open(session: AssessmentSession) -> None:
    if reason := rules.is_open(session):
        raise DomainError(reason, code="session.closed")


def _check_fields(session: AssessmentSession, *, changed: set[str]) -> None:
    """Time and place make sense and are free, as far as they were touched."""
    if session.quota < 1:
        raise DomainError(_("Kuota sedikitnya satu asesi."), code="session.quota", field="quota")
    if session.ends_at <= session.starts_at:
        raise DomainError(_("Waktu selesai harus sesudah waktu mulai."), code="session.times", field="ends_at")
    if session.ends_at - session.starts_at >= conflicts.LONGEST:
        raise DomainError(
            _("Satu jadwal berlangsung kurang dari %(days)d hari. Periksa tanggal selesainya.")
            % {"days": conflicts.LONGEST.days},
            code="session.length",
            field="ends_at",
        )
    if (session.venue is None) == (session.mode == SessionMode.ON_SITE):
        raise DomainError(
            _("Jadwal di TUK memerlukan TUK; jadwal jarak jauh tidak memakainya."), code="session.venue", field="venue"
        )
    if not changed & DECIDING:
        return
    if session.venue is not None:  # who plans in the same place waits
        session.venue = Venue.objects.select_for_update().get(pk=session.venue_id)
    now = timezone.now()
    for name in ("starts_at", "ends_at"):  # one that runs already may end later than planned
        if name in changed and getattr(session, name) <= now:
            raise DomainError(
                _("Waktu jadwal ini sudah lewat. Pilih waktu yang akan datang."), code="session.past", field=name
            )
    if session.starts_at > now + conflicts.FARTHEST:
        raise DomainError(
            _("Jadwal direncanakan paling jauh %(years)d tahun ke depan. Periksa tahunnya.")
            % {"years": conflicts.FARTHEST.days // 365},
            code="session.far",
            field="starts_at",
        )
    for conflict in conflicts.session_conflicts(session):
        if conflict.is_blocking and conflict.kind != conflicts.ConflictKind.PAST:
            raise DomainError(conflict.sentence, code=f"session.{conflict.kind}", field=conflict.field)


# --- seats ----------------------------------------------------------------------------------------------


@transaction.atomic
def place_applications(
    *, session: AssessmentSession, applications: Iterable[Application], accept_warnings: bool = False, by: Any
) -> list[Placement]:
    """Give seats to cases that wait for one: all of them, or none with the reasons.

    Warnings refuse as well, until they are accepted knowingly.
    """
    session = lock_session(session)
    cases = _lock_cases(applications)
    _check_open(session)
    return _place(session, cases, accept_warnings=accept_warnings, by=by)


@transaction.atomic
def unplace_application(*, application: Application, reason: str, by: Any) -> Placement:
    """Take a case out of its session; it waits for a schedule again."""
    before = lock_session_of(application)
    [application] = _lock_cases([application])
    WORKFLOW.apply(application, "unschedule", by)
    seat = seat_of(application)
    if seat is None or before is None or seat.pk != before.pk:
        raise DomainError(_("Permohonan ini baru saja dipindahkan. Muat ulang halaman."), code="unschedule.moved")
    return _unplace(application, seat, reason=reason, by=by)


@transaction.atomic
def move_applications(
    *,
    session: AssessmentSession,
    applications: Iterable[Application],
    reason: str = "",
    accept_warnings: bool = False,
    by: Any,
) -> list[Placement]:
    """Take cases out of their sessions and give them seats in this one, in one act."""
    applications = list(applications)
    _check_some(applications)
    rows = Placement.objects.filter(application__in=applications, in_force=True)
    before = dict(rows.values_list("application", "session"))
    session = lock_sessions([session.pk, *before.values()])[session.pk]
    cases = _lock_cases(applications)
    seats = {seat.application_id: seat for seat in rows.select_related("session")}
    if {case: seat.session_id for case, seat in seats.items()} != before:
        raise DomainError(_("Isi jadwal baru saja berubah. Muat ulang halaman."), code="move.stale")
    reason = reason or _("Dipindahkan ke jadwal %(number)s.") % {"number": session.number}
    for case in cases:
        _apply("unschedule", case, by)
        if seats[case.pk].session_id == session.pk:
            raise DomainError(_("%(case)s sudah berada dalam jadwal ini.") % {"case": case.number}, code="move.same")
        _unplace(case, seats[case.pk], reason=reason, by=by)
    _check_open(session)
    return _place(session, cases, accept_warnings=accept_warnings, by=by)


def end_placement(*, application: Application, reason: str, by: Any) -> Placement | None:
    """Free the seat that a case holds, if any, in the caller's transaction; the case's status is the caller's."""
    seat = seat_of(application)
    if seat is None:
        return None
    return _free(seat, reason=reason, by=by)


def _free(seat: Placement, *, reason: str, by: Any) -> Placement:
    seat.in_force, seat.ended_at, seat.end_reason = None, timezone.now(), reason[:250]
    seat.save(update_fields=["in_force", "ended_at", "end_reason"])
    tell_seat(seat, by=by)
    return seat


def tell_seat(seat: Placement, *, by: Any) -> None:
    """Whoever knows of an announced session hears of the change."""
    if seat.session.status == SessionStatus.ANNOUNCED:
        announcing.seat_changed(seat, by)


def _place(session: AssessmentSession, cases: list[Application], *, accept_warnings: bool, by: Any) -> list[Placement]:
    _check_some(cases)
    for case in cases:
        _apply("schedule", case, by)
    if full := conflicts.quota_conflict(session, coming=len(cases)):
        raise DomainError(full.sentence, code="schedule.quota")
    warned = []
    for conflict in conflicts.session_conflicts(session):
        if conflict.is_blocking:
            raise DomainError(conflict.sentence, code=f"schedule.{conflict.kind}")
        if conflict.kind == conflicts.ConflictKind.PAST:  # an invitation to what has begun is a slip, or meant
            warned.append(conflict.sentence)
    warned += _refuse_blocked(session, cases, code="schedule.conflict")
    if warned and not accept_warnings:
        raise DomainError(
            _("Ada yang perlu dipertimbangkan:") + " " + " ".join(warned) + " "
            + _("Centang “Peringatan sudah dipertimbangkan” untuk tetap menempatkan."),
            code="schedule.warned",
            field="accept",
        )  # fmt: skip
    seats = []
    needed = forms_needed(session.scheme, subject=FormSubject.CASE)
    for case in cases:
        case.save(update_fields=["status", "updated_at"])
        seat = Placement.objects.create(session=session, application=case, placed_by=by)
        record_activity("application.schedule", by=by, subject=case, session=session.number)
        lay_in_papers(application=case, needed=needed, by=by)  # pre-assessed before its forms were published
        tell_seat(seat, by=by)
        seats.append(seat)
    return seats


def _unplace(application: Application, seat: Placement, *, reason: str, by: Any) -> Placement:
    """`application.status` was set by the workflow table, the seat's session is locked."""
    _check_open(seat.session)
    reason = clean_line(reason)
    if not reason:
        raise DomainError(
            _("Tulis alasannya; asesi yang sudah diundang membacanya."), code="unschedule.reason", field="reason"
        )
    application.save(update_fields=["status", "updated_at"])
    record_activity("application.unschedule", by=by, subject=application, session=seat.session.number)
    return _free(seat, reason=reason, by=by)


def _check_some(cases: list[Application]) -> None:
    if not cases:
        raise DomainError(_("Centang sedikitnya satu permohonan."), code="schedule.none")


def _apply(name: str, case: Application, by: Any) -> None:
    """The workflow table's word; among many the sentence says whose."""
    try:
        WORKFLOW.apply(case, name, by)
    except DomainError as refusal:
        raise DomainError(f"{case.number}: {refusal.message}", code=refusal.code) from refusal


def _refuse_blocked(
    session: AssessmentSession, cases: list[Application], *, code: str, field: str | None = None
) -> list[str]:
    """Refuse with every blocking conflict of these cases; else their warnings."""
    found = conflicts.case_conflicts(session, cases)
    told = [(case, conflict) for case in cases for conflict in found[case.pk]]
    blocking = [f"{case.number}: {conflict.sentence}" for case, conflict in told if conflict.is_blocking]
    if blocking:
        raise DomainError(" ".join(blocking), code=code, field=field)
    return [f"{case.number}: {conflict.sentence}" for case, conflict in told]
