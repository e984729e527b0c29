"""Reads about one session: who sits in it, who assesses there, and whether the surat tugas still say so."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils import timezone

from core.accounts.models import AssessorProfile
from core.accounts.rules import role_of
from core.applications.models import Application
from core.assessments.enums import SessionMode, SessionStatus
from core.assessments.models import AssessmentSession, Assignment, AssignmentLetter, Placement
from core.assessments.words import venue_address

#: Statuses in which those who take part know of a session.
TOLD_STATUSES = frozenset({SessionStatus.ANNOUNCED, SessionStatus.CLOSED})


def seat_of(application: Application) -> Placement | None:
    """The seat that a case has now."""
    return application.placements.filter(in_force=True).select_related("session__venue", "session__scheme").first()


@dataclass(frozen=True)
class LetterState:
    """One assessor of a session: the cases there, the letter in force, and whether it still tells what is so."""

    assessor: AssessorProfile
    seats: list[Placement]
    letter: AssignmentLetter | None
    is_true: bool


def seats_of(session: AssessmentSession, *, with_ended: bool = False) -> list[Placement]:
    """The seats in the order of their candidates' names, each with `assessor` (None while nobody holds the case)."""
    if not with_ended and (kept := getattr(session, "kept_seats", None)) is not None:
        return list(kept)
    seats = session.placements.all() if with_ended else session.placements.filter(in_force=True)
    found = list(
        seats.select_related("application__candidate__user", "application__scheme_version__scheme").prefetch_related(
            Prefetch(
                "application__assignments",
                Assignment.objects.filter(in_force=True).select_related("assessor__user"),
                to_attr="held_by",
            )
        )
    )
    for seat in found:
        seat.session = session
        seat.assessor = next((row.assessor for row in seat.application.held_by), None)
    return sorted(found, key=lambda seat: (seat.application.candidate.user.full_name.casefold(), seat.pk))


def keep_seats(session: AssessmentSession) -> None:
    """For a page that only reads: the rules and the papers it asks about the session share one look at its seats."""
    session.kept_seats = seats_of(session)


def shown_seats(session: AssessmentSession, by: Any) -> list[Placement]:
    """The seats whose people this person may see: an assessor those of own cases, other staff all."""
    seats = seats_of(session)
    return seats if role_of(by) != "asesor" else [seat for seat in seats if _holds(seat, by)]


def _holds(seat: Placement, by: Any) -> bool:
    return seat.assessor is not None and seat.assessor.user_id == by.pk


def own_seats(session: AssessmentSession, by: Any) -> list[Placement]:
    """The seats whose attendance this person records: an assessor those of own cases, the secretariat all."""
    seats = seats_of(session)
    if by.has_perm("core.schedule_session"):
        return seats
    return [seat for seat in seats if _holds(seat, by)]


def told_seat(application: Application) -> Placement | None:
    """Where and when this case is assessed, as soon as those who take part may know."""
    return (
        Placement.objects.filter(application=application, in_force=True, session__status__in=TOLD_STATUSES)
        .select_related("session__venue__region", "session__scheme")
        .first()
    )


def told_seats(user: Any) -> dict[int, Placement]:
    """{application: seat} of a candidate's cases, as `told_seat`."""
    seats = Placement.objects.filter(
        application__candidate__user=user, in_force=True, session__status__in=TOLD_STATUSES
    ).select_related("session__venue__region", "session__scheme")
    return {seat.application_id: seat for seat in seats}


def sessions_to_come(user: Any) -> QuerySet[AssessmentSession]:
    """The announced sessions of an assessor, the next first, with `own_letters`; those of a past day until closed."""
    letters = AssignmentLetter.objects.filter(assessor__user=user, in_force=True).select_related("document")
    called = AssignmentLetter.objects.filter(session=OuterRef("pk"), assessor__user=user, in_force=True)
    return (
        AssessmentSession.objects.filter(Exists(called), status=SessionStatus.ANNOUNCED)
        .select_related("venue__region", "scheme")
        .prefetch_related(Prefetch("letters", letters, to_attr="own_letters"))
        .order_by("starts_at", "pk")
    )


def letter_matter(session: AssessmentSession, assessor: AssessorProfile, seats: list[Placement]) -> dict[str, Any]:
    """What a surat tugas says and what can go out of date: who, when, where, which cases."""
    return {
        "session": session_matter(session),
        "assessor": {"name": assessor.user.full_name, "number": assessor.registration_number},
        "cases": [
            {"number": seat.application.number, "name": seat.application.candidate.user.full_name} for seat in seats
        ],
    }


def session_matter(session: AssessmentSession) -> dict[str, str]:
    """`zone` only where it is not the office's: what earlier letters say stays true."""
    on_site = session.mode != SessionMode.REMOTE
    is_elsewhere = session.zone != timezone.get_default_timezone()
    return {
        "number": session.number,
        "scheme": session.scheme.title,
        "scheme_number": session.scheme.number,
        "mode": session.mode,
        "starts_at": timezone.localtime(session.starts_at).isoformat(),
        "ends_at": timezone.localtime(session.ends_at).isoformat(),
        "venue": session.venue.name if on_site else "",
        "address": venue_address(session.venue) if on_site else session.meeting_url,
        **({"zone": str(session.zone)} if is_elsewhere else {}),
    }


def letter_states(session: AssessmentSession) -> list[LetterState]:
    """Every assessor who has cases in the session, or a letter for it, in the order of their names."""
    by_assessor: dict[AssessorProfile, list[Placement]] = {}
    for seat in seats_of(session):
        if seat.assessor is not None:
            by_assessor.setdefault(seat.assessor, []).append(seat)
    letters = {
        letter.assessor: letter
        for letter in session.letters.filter(in_force=True).select_related("assessor__user", "document")
    }
    states = [
        LetterState(
            assessor=assessor,
            seats=by_assessor.get(assessor, []),
            letter=letters.get(assessor),
            is_true=assessor in letters
            and assessor in by_assessor
            and _says(letters[assessor], letter_matter(session, assessor, by_assessor[assessor])),
        )
        for assessor in {**by_assessor, **letters}
    ]
    return sorted(states, key=lambda state: (state.assessor.user.full_name.casefold(), state.assessor.pk))


def _says(letter: AssignmentLetter, matter: Mapping[str, Any]) -> bool:
    if not letter.content:  # its retention is over: a letter of long ago is not written anew
        return True
    content = json.loads(letter.content)
    return all(content.get(part) == said for part, said in matter.items())
