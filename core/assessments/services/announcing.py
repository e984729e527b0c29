"""What goes out from a session: invitations, surat tugas, changes, cancellations, reminders.

The only writer of a session's status and of its letters. An announced session keeps its promises:
who gets or loses a seat in it, or has to come at another time, hears of it in the same transaction.
"""

from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.accounts.models import AssessorProfile
from core.activity.services import record_activity
from core.applications.filing import file_many, set_aside
from core.applications.services import lock
from core.applications.snapshot import canonical, content_hash
from core.assessments import session_rules
from core.assessments.calendar import CANCEL, REQUEST, assessor_calendar, seat_calendar
from core.assessments.enums import SessionStatus
from core.assessments.models import AssessmentSession, AssignmentLetter, Placement
from core.assessments.seats import LetterState, letter_matter, letter_states, seats_of
from core.assessments.services.locking import lock_session
from core.assessments.services.papers import lay_in_reports, lay_in_session
from core.assessments.session_papers import letter_pdf
from core.assessments.session_transitions import WORKFLOW
from core.assessments.transitions import WORKFLOW as CASE_WORKFLOW
from core.assessments.words import hours_at_home, place_words, time_words
from core.common.exceptions import DomainError
from core.common.numbering import next_number
from core.common.text import clean_line
from core.content.queries import letterhead
from core.documents.models import DocumentType
from core.documents.services import sign, store_rendered
from core.messaging.services import Attachment, queue_message

#: So many days before a session those who take part are reminded …
REMIND_DAYS = 3
#: … unless they were invited less than this ago.
FRESH = timedelta(hours=24)


@transaction.atomic
def announce_session(*, session: AssessmentSession, by: Any) -> AssessmentSession:
    """Invite every candidate of a planned session and send every assessor a surat tugas."""
    session = lock_session(session)
    WORKFLOW.apply(session, "announce", by)
    session.announced_at = timezone.now()
    session.save(update_fields=["status", "announced_at", "updated_at"])
    record_activity("session.announce", by=by, subject=session)
    for seat in seats_of(session):
        _invite(seat)
    for state in letter_states(session):
        _issue(session, state.assessor, state.seats, by=by)
    lay_in_session(session, by=by)
    return session


@transaction.atomic
def reissue_letters(*, session: AssessmentSession, reason: str, by: Any) -> list[AssignmentLetter]:
    """Replace each surat tugas that no longer tells what is so; the new ones.

    An assessor without a case left in the session is told so; one who is new to it gets a first letter.
    """
    session = lock_session(session)
    if refusal := session_rules.why_not_reissue(session, by):
        raise DomainError(refusal, code="reissue_letters.refused")
    stale = [state for state in letter_states(session) if not state.is_true]
    if not stale:
        raise DomainError(
            _("Semua surat tugas masih sesuai; tidak ada yang perlu diterbitkan ulang."), code="reissue_letters.none"
        )
    if any(state.letter for state in stale):
        reason = _reason(reason, "reissue_letters")
    return _renew_letters(session, stale, reason=reason, by=by)


@transaction.atomic
def seat_changed(placement: Placement, by: Any) -> None:
    """A seat of an announced session was given or taken: its candidate hears of it, once. Of other sessions nobody.

    Surat tugas are left to `reissue_letters`: twenty seats that change in one go make one new letter, not twenty.
    """
    if placement.session.status != SessionStatus.ANNOUNCED:
        return
    if placement.in_force:
        if placement.invited_at is None:
            _invite(placement)
    else:
        _uninvite(placement, "session-uninvited", reason=placement.end_reason)


def tell_assessor(seat: Placement, assessor: AssessorProfile, *, event: str) -> None:
    """Whoever was invited already hears who assesses them from now on, while they can still object."""
    if seat.session.status == SessionStatus.ANNOUNCED and seat.invited_at is not None:
        _tell_candidate(seat, "session-assessor-changed", event=event, assessor=assessor.user.full_name)


def letters_follow(
    *, session: AssessmentSession, assessors: Collection[AssessorProfile], reason: str, by: Any
) -> set[AssessorProfile]:
    """The surat tugas of these assessors tell what is so again; who has thereby heard all there is to know.

    In the caller's transaction, the session locked. Of a session that was not announced there are none.
    """
    if session.status != SessionStatus.ANNOUNCED:
        return set()
    states = [state for state in letter_states(session) if state.assessor in assessors and not state.is_true]
    _renew_letters(session, states, reason=_reason(reason, "letters_follow"), by=by)
    lay_in_reports(session, by=by)
    gone = {state.assessor for state in states if not state.seats}
    return gone | {state.assessor for state in states if state.letter is None}


@transaction.atomic
def tell_change(*, session: AssessmentSession, by: Any) -> None:
    """Time, place or note of an announced session changed: all calendars and surat tugas follow.

    Whoever changed it has raised `sequence`, by which calendars tell the newer entry.
    """
    session = lock_session(session)
    if session.status != SessionStatus.ANNOUNCED:
        return
    record_activity("session.tell_change", by=by, subject=session)
    for seat in seats_of(session):
        _tell_candidate(
            seat, "session-changed", event=str(session.sequence), attachments=[seat_calendar(seat, REQUEST)]
        )
    stale = [state for state in letter_states(session) if not state.is_true]
    _renew_letters(session, stale, reason=_("Waktu atau tempat berubah."), by=by)


@transaction.atomic
def cancel_session(*, session: AssessmentSession, reason: str, by: Any) -> AssessmentSession:
    """Call a session off: all seats are free again, and whoever was invited hears why."""
    session = lock_session(session)
    WORKFLOW.apply(session, "cancel", by)
    session.cancel_reason = _reason(reason, "cancel_session")
    session.sequence += 1
    session.save(update_fields=["status", "cancel_reason", "sequence", "updated_at"])
    record_activity("session.cancel", by=by, subject=session)
    for seat in seats_in_lock_order(session):
        free_seat(seat, reason=session.cancel_reason, by=by)
        _uninvite(seat, "session-cancelled", reason=session.cancel_reason)
    for letter in session.letters.filter(in_force=True).select_related("assessor__user"):
        letter.session = session
        _end_letter(letter, reason=session.cancel_reason)
        _tell_released(letter)
    return session


def remind_sessions() -> tuple[int, int]:
    """Remind those who take part in a session of the days to come, once per date; (candidates, assessors)."""
    now = timezone.now()
    last_day = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    sessions = AssessmentSession.objects.filter(
        status=SessionStatus.ANNOUNCED, starts_at__gt=now, starts_at__lt=last_day + timedelta(days=REMIND_DAYS + 1)
    ).select_related("scheme", "venue__region")
    told = [_remind(session, before=now - FRESH) for session in sessions.order_by("starts_at", "pk")]
    return sum(candidates for candidates, _assessors in told), sum(assessors for _candidates, assessors in told)


@transaction.atomic
def _remind(session: AssessmentSession, *, before: Any) -> tuple[int, int]:
    event = f"{session.starts_at:%Y%m%d%H%M}"
    candidates = [
        _tell_candidate(seat, "session-reminder", event=event)
        for seat in seats_of(session)
        if seat.invited_at and seat.invited_at < before
    ]
    letters = session.letters.filter(in_force=True, issued_at__lt=before).select_related("assessor__user", "document")
    assessors = [
        queue_message(
            "assignment-reminder",
            recipient=letter.assessor.user,
            values=_assessor_values(session, letter),
            dedupe_key=f"assignment-reminder:{letter.session_id}:{letter.assessor_id}:{event}",
        )
        for letter in letters
    ]
    return sum(map(bool, candidates)), sum(map(bool, assessors))


# --- seats ------------------------------------------------------------------------------------------


def seats_in_lock_order(session: AssessmentSession) -> list[Placement]:
    """Always by case: two who free seats of several cases never wait for each other crosswise."""
    return sorted(seats_of(session), key=lambda seat: seat.application_id)


def free_seat(seat: Placement, *, reason: str, by: Any) -> None:
    """The case leaves the session and can be placed again, in the caller's transaction."""
    application = lock(seat.application)
    CASE_WORKFLOW.apply(application, "unschedule", by)
    application.save(update_fields=["status", "updated_at"])
    seat.application, seat.in_force, seat.ended_at, seat.end_reason = application, None, timezone.now(), reason
    seat.save(update_fields=["in_force", "ended_at", "end_reason"])
    record_activity("application.unschedule", by=by, subject=application, session=seat.session.number)


def _invite(seat: Placement) -> None:
    seat.invited_at = timezone.now()
    seat.save(update_fields=["invited_at"])
    _tell_candidate(seat, "session-invited", attachments=[seat_calendar(seat, REQUEST)])


def _uninvite(seat: Placement, template: str, *, reason: str) -> None:
    if seat.invited_at is not None:
        _tell_candidate(seat, template, reason=reason, attachments=[seat_calendar(seat, CANCEL)])


def tell_missed(seat: Placement) -> None:
    """The candidate did not come; the case waits for a new date."""
    _tell_candidate(seat, "session-missed")


def _tell_candidate(
    seat: Placement,
    template: str,
    *,
    event: str = "",
    reason: str = "",
    assessor: str = "",
    attachments: Iterable[Attachment] = (),
) -> Any:
    """One letter of a kind per seat and `event`."""
    application = seat.application
    user = application.candidate.user
    return queue_message(
        template,
        recipient=user,
        dedupe_key=f"{template}:{seat.pk}:{event}",
        attachments=attachments,
        values=_session_values(seat.session)
        | {
            "waktu": _time_for(seat),
            "nama": user.full_name,
            "nomor": application.number,
            "alasan": reason or "-",
            "asesor": assessor,
            "tautan": f"{settings.SITE_URL}/permohonan/{application.reference}/",
        },
    )


# --- surat tugas ------------------------------------------------------------------------------------


def _renew_letters(
    session: AssessmentSession, stale: Iterable[LetterState], *, reason: str, by: Any
) -> list[AssignmentLetter]:
    issued = []
    for state in stale:
        if state.letter is not None:
            state.letter.session = session
            _end_letter(state.letter, reason=reason)
        if state.seats:
            issued.append(_issue(session, state.assessor, state.seats, by=by))
        else:
            _tell_released(state.letter)
    return issued


def _issue(
    session: AssessmentSession, assessor: AssessorProfile, seats: list[Placement], *, by: Any
) -> AssignmentLetter:
    """A new letter with its number, signature and PDF; the assessor gets the link and the calendar entry."""
    number = next_number("assignment-letter")
    content = canonical({**letter_matter(session, assessor, seats), "number": number, "lsp": letterhead()})
    sha256 = content_hash(content)
    title = _("Surat tugas %(number)s") % {"number": number}
    letter = AssignmentLetter(
        session=session,
        assessor=assessor,
        number=number,
        content=content,
        sha256=sha256,
        signature=sign(by=by, role=_("Sekretariat LSP"), meaning=title, content_sha256=sha256),
        issued_by=by,
    )
    rendered = letter_pdf(letter)
    letter.document = store_rendered(
        content=rendered.content,
        file_name=f"{title.replace('/', '-')}.pdf",
        document_type=DocumentType.objects.get(code="surat-tugas-asesor"),
        owner=assessor.user,
        title=title,
        pages=rendered.pages,
    )
    letter.save()
    file_many(applications=[seat.application_id for seat in seats], documents=[letter.document.pk])
    record_activity("session.issue_letter", by=by, subject=session, letter=number)
    queue_message(
        "assignment-letter",
        recipient=assessor.user,
        values=_assessor_values(session, letter) | {"jumlah": len(seats)},
        dedupe_key=f"assignment-letter:{letter.pk}",
        attachments=[assessor_calendar(session, assessor, REQUEST)],
    )
    return letter


def _end_letter(letter: AssignmentLetter, *, reason: str) -> None:
    letter.in_force, letter.end_reason = None, reason
    letter.save(update_fields=["in_force", "end_reason"])
    set_aside(letter.document)


def _tell_released(letter: AssignmentLetter) -> None:
    """The assessor is not expected any more."""
    queue_message(
        "assignment-letter-ended",
        recipient=letter.assessor.user,
        values=_assessor_values(letter.session, letter) | {"alasan": letter.end_reason},
        dedupe_key=f"assignment-letter-ended:{letter.pk}",
        attachments=[assessor_calendar(letter.session, letter.assessor, CANCEL)],
    )


# --- words ------------------------------------------------------------------------------------------


def _session_values(session: AssessmentSession) -> dict[str, str]:
    return {
        "skema": session.scheme.title,
        "jadwal": session.number,
        "waktu": time_words(session),
        "tempat": place_words(session),
        "catatan": session.note or "-",
    }


def _time_for(seat: Placement) -> str:
    """A remote session by the candidate's own clock, too."""
    words = time_words(seat.session)
    at_home = hours_at_home(seat.session, seat.application.candidate.home_region_id)
    return _("%(time)s (%(hours)s di tempat Anda)") % {"time": words, "hours": at_home} if at_home else words


def _assessor_values(session: AssessmentSession, letter: AssignmentLetter) -> dict[str, Any]:
    """No name of a candidate: letters travel further than the system reaches."""
    return _session_values(session) | {
        "nama": letter.assessor.user.full_name,
        "surat": letter.number,
        "tautan": f"{settings.SITE_URL}/admin/dokumen/{letter.document.public_id}/",
    }


def _reason(text: str, act: str) -> str:
    reason = clean_line(text)[:250]
    if not reason:
        raise DomainError(_("Tulis alasannya; penerima surat akan membacanya."), code=f"{act}.reason", field="reason")
    return reason
