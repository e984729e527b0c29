"""What speaks against a session, or against a case in it, as data: named, told in a sentence, and whether it blocks.

Both the services and the screens ask here. Whatever the number of cases, a question costs the same
few queries; nothing is looked up case by case.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import chain
from typing import Any

from django.db.models import QuerySet, prefetch_related_objects
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.accounts.models import AssessorProfile
from core.applications.enums import ApplicationStatus
from core.applications.models import Application
from core.assessments import rules
from core.assessments.enums import SessionStatus
from core.assessments.models import AssessmentSession, Assignment, Placement, Venue


class ConflictKind(StrEnum):
    QUOTA = "quota"
    VENUE = "venue"
    PAST = "past"
    SCHEME = "scheme"
    CANDIDATE_BUSY = "candidate_busy"
    NO_ASSESSOR = "no_assessor"
    ASSESSOR_BUSY = "assessor_busy"
    ASSESSOR_UNFIT = "assessor_unfit"
    QUALIFICATION = "qualification"
    LICENCE = "licence"
    INSTITUTION = "institution"


@dataclass(frozen=True)
class Conflict:
    """One thing that speaks against it. What does not block is accepted knowingly."""

    kind: ConflictKind
    sentence: str
    is_blocking: bool = True
    field: str = ""  # of the session's form, beside which it belongs


Pair = tuple[int, int]  # session, application
#: A session ends before so much time has passed; what is longer is a slip of the pen.
LONGEST = timedelta(days=31)
#: Nobody plans farther ahead; what is, is one as well.
FARTHEST = timedelta(days=2 * 366)
#: What of another session tells that it is at the same time.
CLASHING = ("id", "number", "starts_at", "ends_at")


def seats_left(session: AssessmentSession) -> int:
    return session.quota - session.placements.filter(in_force=True).count()


def quota_conflict(session: AssessmentSession, *, coming: int) -> Conflict | None:
    """Whether so many further cases find a seat."""
    left = seats_left(session)
    if coming <= left:
        return None
    if left <= 0:
        text = _("Jadwal %(number)s sudah penuh (%(quota)d kursi). Tambah kuotanya atau pilih jadwal lain.")
    else:
        text = _("Jadwal %(number)s tinggal %(left)d kursi, dipilih %(coming)d. Kurangi pilihan atau tambah kuota.")
    values = {"number": session.number, "quota": session.quota, "left": left, "coming": coming}
    return Conflict(ConflictKind.QUOTA, text % values, field="quota")


def session_conflicts(session: AssessmentSession) -> list[Conflict]:
    """What speaks against the time and the place of one session, saved or not."""
    return conflicts_of_sessions([session])[session.pk]


def conflicts_of_sessions(sessions: Iterable[AssessmentSession]) -> dict[int | None, list[Conflict]]:
    """{session: what speaks against its time and place}"""
    sessions = list(sessions)
    if not sessions:
        return {}
    neighbours = _neighbours(sessions)
    return {session.pk: [*_time(session), *_venue(session, neighbours)] for session in sessions}


def case_conflicts(
    session: AssessmentSession,
    applications: Iterable[Application],
    *,
    assessors: dict[int, AssessorProfile] | None = None,
) -> dict[int, list[Conflict]]:
    """{case: what speaks against its seat in this session}, whether it has the seat already or not."""
    found = conflicts_of_cases(((session, application) for application in applications), assessors=assessors)
    return {application: conflicts for (_session, application), conflicts in found.items()}


def seated_conflicts(session: AssessmentSession, seated: Iterable[Application]) -> list[Conflict]:
    """All that speaks against a session and those who have a seat in it."""
    if (kept := getattr(session, "kept_conflicts", None)) is not None:  # by a page that has asked already
        return list(kept)
    return [*session_conflicts(session), *chain(*case_conflicts(session, seated).values())]


def conflicts_of_cases(
    pairs: Iterable[tuple[AssessmentSession, Application]], *, assessors: dict[int, AssessorProfile] | None = None
) -> dict[Pair, list[Conflict]]:
    """The same for many sessions at once. `assessors`: who has these cases (`assessors_of`), where it is known."""
    pairs = list(pairs)
    if not pairs:
        return {}
    sessions = [session for session, _application in pairs]
    applications = [application for _session, application in pairs]
    prefetch_related_objects(sessions, "scheme__qualifications")
    prefetch_related_objects(applications, "candidate", "scheme_version__scheme")
    assessors = assessors_of(applications) if assessors is None else assessors
    duties = _duties(sessions, {assessor.pk for assessor in assessors.values()})
    visits = _visits(sessions, {application.candidate_id for application in applications})
    return {
        (session.pk, application.pk): _case(session, application, assessors.get(application.pk), duties, visits)
        for session, application in pairs
    }


def all_conflicts(sessions: Iterable[AssessmentSession]) -> dict[int, list[Conflict]]:
    """{session: all that speaks against it and the cases in it}, for those that can still be changed."""
    coming = [s for s in sessions if not rules.is_open(s) and s.ends_at > timezone.now()]
    by_key = {session.pk: session for session in coming}
    seats = Placement.objects.filter(session__in=coming, in_force=True).select_related(
        "application__candidate", "application__scheme_version__scheme"
    )
    pairs = [(by_key[seat.session_id], seat.application) for seat in seats]
    found = {session: list(conflicts) for session, conflicts in conflicts_of_sessions(coming).items()}
    for (session, _application), conflicts in conflicts_of_cases(pairs).items():
        found[session] += conflicts
    return found


def assessors_of(applications: Iterable[Application]) -> dict[int, AssessorProfile]:
    """{case: who has it now}, with their qualifications."""
    rows = Assignment.objects.filter(application__in=list(applications), in_force=True)
    rows = rows.select_related("assessor__user").prefetch_related("assessor__qualifications", "assessor__user__groups")
    return {row.application_id: row.assessor for row in rows}


def busy_assessors(session: AssessmentSession, assessors: Iterable[int]) -> dict[int, str]:
    """{assessor: a sentence where else they are on duty at the time of this session}"""
    duties = _duties([session], set(assessors))
    return {
        assessor: _busy_sentence(clash)
        for assessor, found in duties.items()
        if (clash := _clash(session, found)) is not None
    }


# --- one by one ---------------------------------------------------------------------------------------


def _time(session: AssessmentSession) -> list[Conflict]:
    now = timezone.now()
    if session.ends_at <= now:
        text = _("Waktu jadwal ini sudah lewat. Pilih waktu yang akan datang.")
        return [Conflict(ConflictKind.PAST, text, field="starts_at")]
    if session.starts_at <= now:
        return [Conflict(ConflictKind.PAST, _("Jadwal ini sudah dimulai."), is_blocking=False, field="starts_at")]
    return []


def _venue(session: AssessmentSession, neighbours: dict[int, list[AssessmentSession]]) -> list[Conflict]:
    venue = session.venue
    if venue is None:
        return []
    found = []
    last_day = session.local_end.date()
    if not venue.is_active:
        found.append(_at_venue(_("%(venue)s tidak dipakai lagi. Pilih TUK lain."), session))
    elif venue.valid_until is not None and venue.valid_until < last_day:
        text = _("Verifikasi %(venue)s berakhir pada %(day)s, sebelum jadwal ini selesai. Pilih TUK lain.")
        found.append(_at_venue(text, session, day=date_format(venue.valid_until, "j F Y")))
    others = [other for other in neighbours.get(venue.pk, []) if other.pk != session.pk and _overlap(session, other)]
    numbers = ", ".join(other.number for other in others)
    if venue.capacity is None:
        if others:
            text = _("%(venue)s dipakai juga oleh %(numbers)s pada waktu yang sama; daya tampungnya belum dicatat.")
            found.append(_at_venue(text, session, is_blocking=False, numbers=numbers))
    elif session.quota > venue.capacity:
        text = _("Daya tampung %(venue)s %(capacity)d asesi, kurang dari kuotanya. Kecilkan kuota atau pilih TUK lain.")
        found.append(_at_venue(text, session, field="quota", capacity=venue.capacity))
    elif others and session.quota + sum(other.quota for other in others) > venue.capacity:
        text = _(
            "%(venue)s dipakai juga oleh %(numbers)s pada waktu yang sama; kursinya bersama-sama melebihi "
            "daya tampung %(capacity)d. Kecilkan kuotanya, atau pilih waktu atau TUK lain."
        )
        found.append(_at_venue(text, session, capacity=venue.capacity, numbers=numbers))
    return found


def _at_venue(
    text: str, session: AssessmentSession, *, is_blocking: bool = True, field: str = "venue", **values: Any
) -> Conflict:
    sentence = text % {"venue": session.venue.name, **values}
    return Conflict(ConflictKind.VENUE, sentence, is_blocking=is_blocking, field=field)


def _case(
    session: AssessmentSession,
    application: Application,
    assessor: AssessorProfile | None,
    duties: dict[int, list[AssessmentSession]],
    visits: dict[int, list[AssessmentSession]],
) -> list[Conflict]:
    found = []
    if application.scheme_version.scheme_id != session.scheme_id:
        text = _("Permohonan ini untuk skema “%(scheme)s”, bukan skema jadwal ini.")
        found.append(Conflict(ConflictKind.SCHEME, text % {"scheme": application.scheme_version.scheme.title}))
    if clash := _clash(session, visits.get(application.candidate_id, [])):
        text = _("Asesi ini mengikuti jadwal %(number)s pada waktu yang sama (%(when)s).")
        found.append(Conflict(ConflictKind.CANDIDATE_BUSY, text % {"number": clash.number, "when": when(clash)}))
    if assessor is None:
        text = _("Belum ada asesornya; tunjuk sebelum jadwal diumumkan.")
        if application.status == ApplicationStatus.APPEALED:
            text = _("Banding: tunjuk asesor lain pada halaman permohonannya.")
        return [*found, Conflict(ConflictKind.NO_ASSESSOR, text, is_blocking=False)]
    return [*found, *_of_assessor(session, application, assessor, duties)]


def _of_assessor(
    session: AssessmentSession,
    application: Application,
    assessor: AssessorProfile,
    duties: dict[int, list[AssessmentSession]],
) -> list[Conflict]:
    day = session.local_end.date()
    name = assessor.user.full_name
    found = []
    if sentence := rules.may_not_act(assessor, application):
        found.append(Conflict(ConflictKind.ASSESSOR_UNFIT, f"{name}: {sentence}"))
    if clash := _clash(session, duties.get(assessor.pk, [])):
        found.append(Conflict(ConflictKind.ASSESSOR_BUSY, f"{name}: {_busy_sentence(clash)}"))
    if sentence := rules.licence_ended(assessor, on=day):
        found.append(Conflict(ConflictKind.LICENCE, f"{name}: {sentence}"))
    if sentence := rules.not_qualified(assessor, session.scheme, on=day):
        found.append(Conflict(ConflictKind.QUALIFICATION, f"{name}: {sentence}"))
    elif sentence := rules.qualification_unknown(assessor, session.scheme):
        found.append(Conflict(ConflictKind.QUALIFICATION, f"{name}: {sentence}", is_blocking=False))
    if sentence := rules.shares_institution(assessor, application):
        found.append(Conflict(ConflictKind.INSTITUTION, f"{name}: {sentence}", is_blocking=False))
    return found


def _busy_sentence(clash: AssessmentSession) -> str:
    return _("Bertugas pada jadwal %(number)s pada waktu yang sama (%(when)s).") % {
        "number": clash.number,
        "when": when(clash),
    }


def when(session: AssessmentSession) -> str:
    """“12 Mei 2026, 08.00–16.00 WIB”; both days where it takes longer."""
    start, end = session.local_start, session.local_end
    until = date_format(end, "H.i") if start.date() == end.date() else date_format(end, "j M Y, H.i")
    dash = "–" if start.date() == end.date() else " – "
    return f"{date_format(start, 'j M Y, H.i')}{dash}{until} {end.tzname()}"


# --- what is going on at the same time ------------------------------------------------------------------


def _overlap(one: AssessmentSession, other: AssessmentSession) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def _clash(session: AssessmentSession, others: list[AssessmentSession]) -> AssessmentSession | None:
    return next((other for other in others if other.pk != session.pk and _overlap(session, other)), None)


def _span(sessions: list[AssessmentSession]) -> tuple[datetime, datetime]:
    return min(session.starts_at for session in sessions), max(session.ends_at for session in sessions)


def _going_on(sessions: list[AssessmentSession]) -> QuerySet[AssessmentSession]:
    """Nothing lasts longer than LONGEST: of all that ever began only what may still go on is looked through."""
    start, end = _span(sessions)
    return AssessmentSession.objects.filter(
        starts_at__lt=end, starts_at__gt=start - LONGEST, ends_at__gt=start
    ).exclude(status=SessionStatus.CANCELLED)


def _neighbours(sessions: list[AssessmentSession]) -> dict[int, list[AssessmentSession]]:
    """{venue: the sessions in it around that time}"""
    venues = {session.venue_id for session in sessions if session.venue_id is not None}
    found: dict[int, list[AssessmentSession]] = defaultdict(list)
    if venues:
        for other in _going_on(sessions).filter(venue__in=venues).order_by("starts_at"):
            found[other.venue_id].append(other)
    return found


def _duties(sessions: list[AssessmentSession], assessors: set[int]) -> dict[int, list[AssessmentSession]]:
    """{assessor: the sessions around that time in which they have a case}"""
    if not assessors:
        return {}
    rows = Assignment.objects.filter(
        assessor__in=assessors,
        in_force=True,
        application__placements__in_force=True,
        application__placements__session__in=_going_on(sessions),
    )
    return _by_person(rows, "assessor", session="application__placements__session")


def _visits(sessions: list[AssessmentSession], candidates: set[int]) -> dict[int, list[AssessmentSession]]:
    """{candidate: the sessions around that time in which they have a seat}"""
    rows = Placement.objects.filter(
        in_force=True, application__candidate__in=candidates, session__in=_going_on(sessions)
    )
    return _by_person(rows, "application__candidate", session="session")


def _by_person(rows: QuerySet, person: str, *, session: str) -> dict[int, list[AssessmentSession]]:
    """{person: sessions}, these with just what tells a clash, and where they are: by whose clock."""
    columns = [f"{session}__{name}" for name in (*CLASHING, "venue__region")]
    found: dict[int, list[AssessmentSession]] = defaultdict(list)
    for who, *values, region in sorted(set(rows.order_by().values_list(person, *columns))):
        there = Venue(region_id=region)
        found[who].append(AssessmentSession(**dict(zip(CLASHING, values, strict=True)), venue=there))
    return found
