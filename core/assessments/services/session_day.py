"""The day itself: who came, and the end of a session."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.activity.services import record_activity
from core.applications.enums import ApplicationStatus
from core.applications.filing import file_many
from core.applications.services import lock
from core.assessments import session_rules
from core.assessments.enums import Attendance
from core.assessments.models import AssessmentSession, Placement
from core.assessments.seats import own_seats
from core.assessments.services.announcing import free_seat, seats_in_lock_order, tell_missed
from core.assessments.services.locking import lock_session
from core.assessments.services.papers import lay_in_reports
from core.assessments.session_papers import attendance_pdf
from core.assessments.session_transitions import WORKFLOW
from core.common.exceptions import DomainError
from core.documents.models import Document, DocumentType
from core.documents.services import store_rendered


@transaction.atomic
def record_attendance(*, session: AssessmentSession, attendance: Mapping[int, str], by: Any) -> int:
    """Write down who came: {placement: attendance}, "" for not known yet; how many changed.

    An assessor records own cases only, the secretariat all; nobody before the session has begun.
    """
    session = lock_session(session)
    if refusal := session_rules.why_not_record_attendance(session, by):
        raise DomainError(refusal, code="record_attendance.refused")
    lay_in_reports(session, by=by)  # an assessor who came in since the announcement reports too
    seats = {seat.pk: seat for seat in own_seats(session, by)}
    missed = [seats[pk] for pk, value in attendance.items() if pk in seats and value != Attendance.PRESENT]
    for seat in sorted(missed, key=lambda seat: seat.application_id):
        if seat.attendance != attendance[seat.pk]:
            seat.application = lock(seat.application)  # whoever signs its results meanwhile waits, or was quicker
    changed = [_attend(seats.get(pk), value) for pk, value in attendance.items()]
    if count := sum(changed):
        record_activity("session.record_attendance", by=by, subject=session, count=count)
    return count


def _attend(seat: Placement | None, value: str) -> bool:
    if seat is None:
        raise DomainError(
            _("Salah satu asesi sudah tidak ada dalam daftar Anda. Muat ulang halaman ini, lalu catat lagi."),
            code="record_attendance.not_yours",
        )
    if value and value not in Attendance.values:
        raise DomainError(_("Pilih hadir atau tidak hadir."), code="record_attendance.unknown")
    if value == seat.attendance:
        return False
    if value != Attendance.PRESENT and seat.application.status != ApplicationStatus.SCHEDULED:
        raise DomainError(
            _("Hasil asesmen %(name)s sudah ditandatangani, jadi tercatat hadir.")
            % {"name": seat.application.candidate.user.full_name},
            code="record_attendance.assessed",
        )
    seat.attendance = value
    seat.save(update_fields=["attendance"])
    return True


@transaction.atomic
def close_session(*, session: AssessmentSession, by: Any) -> AssessmentSession:
    """End a session whose results are all signed; who did not come can be placed again.

    The attendance list is kept as it stands then.
    """
    session = lock_session(session)
    WORKFLOW.apply(session, "close", by)
    session.save(update_fields=["status", "updated_at"])
    record_activity("session.close", by=by, subject=session)
    for seat in seats_in_lock_order(session):
        if seat.attendance == Attendance.ABSENT:
            free_seat(seat, reason=_("Tidak hadir."), by=by)
            tell_missed(seat)
    session.attendance_list = _store_attendance_list(session, by=by)
    session.save(update_fields=["attendance_list", "updated_at"])
    present = session.placements.filter(attendance=Attendance.PRESENT).values_list("application_id", flat=True)
    file_many(applications=present, documents=[session.attendance_list.pk])
    return session


def _store_attendance_list(session: AssessmentSession, *, by: Any) -> Document:
    """Who came, on paper, as nobody changes it any more."""
    rendered = attendance_pdf(session)
    title = _("Daftar hadir %(number)s") % {"number": session.number}
    return store_rendered(
        content=rendered.content,
        file_name=f"{title.replace('/', '-')}.pdf",
        document_type=DocumentType.objects.get(code="daftar-hadir"),
        owner=by,
        title=title,
        pages=rendered.pages,
    )
