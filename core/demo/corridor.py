"""What follows acceptance, for the demonstration: sessions gone by and to come, results, a plenary, certificates.

Every step is done by the real services; only the days are moved afterwards, since nothing may be
assessed before its session begins.
"""

import random
from collections import defaultdict
from datetime import datetime, timedelta

from django.utils import timezone

from core.accounts.models import AssessorProfile, User
from core.applications.enums import ApplicationStatus, Outcome
from core.applications.models import Application
from core.applications.queries import latest_submission
from core.assessments.enums import Attendance, LineKind
from core.assessments.models import AssessmentSession, AssessorQualification, FilledForm, Venue
from core.assessments.papers.layout import layout
from core.assessments.papers.queries import own_papers, papers_waiting_for
from core.assessments.papers.rules import has_part, party_of
from core.assessments.queries import assignment_in_force
from core.assessments.services import (
    announce_session,
    continue_application,
    create_session,
    open_record,
    place_applications,
    record_attendance,
    save_results,
    save_reviews,
    sign_results,
)
from core.assessments.services.papers import save_answers, sign_form
from core.assessments.vatm import elements_of, review_rows
from core.certificates.services import issue_for_plenary, suspend_certificate
from core.content.models import OfficeData
from core.decisions.enums import MemberRole
from core.decisions.models import Plenary
from core.decisions.services import (
    Seat,
    add_cases,
    confirm_plenary,
    create_plenary,
    follow_recommendations,
    record_plenary,
    save_members,
)
from core.schemes.models import Scheme
from core.schemes.queries import units_in_order

#: Stands in the number of certificates of the demonstration; the LSP states the real codes per scheme.
CODES = ("84230", "2264", 3)
#: Who signs the certificates of the demonstration.
LEADER = ("Dr. Agus Hartono, M.Si.", "Direktur LSP BNPB")
#: Cases of a session that lies behind, and of each to come.
PAST_SEATS, COMING_SEATS = 6, 3


#: What the people of the demonstration answer where the system knows nothing itself.
FIRST_ANSWERS = {LineKind.YES_NO: "ya", LineKind.OUTCOME: Outcome.COMPETENT, LineKind.LONG_TEXT: "Tidak ada."}


def walk_corridor(*, clerk: User, second: User, luck: random.Random) -> None:
    """Take some of the accepted cases further, so that every list behind acceptance has something to show."""
    for scheme in Scheme.objects.filter(kbli_code=""):
        scheme.kbli_code, scheme.kbji_code, scheme.kkni_level = CODES
        scheme.save()
    OfficeData.objects.filter(leader_name="").update(leader_name=LEADER[0], leader_position=LEADER[1])
    _qualify_assessors()
    by_scheme: dict[int, list[Application]] = defaultdict(list)
    accepted = Application.objects.filter(status=ApplicationStatus.ACCEPTED, assignments__in_force=True)
    for case in accepted.select_related("scheme_version__scheme").order_by("pk"):
        by_scheme[case.scheme_version.scheme_id].append(case)
    most, *others = sorted(by_scheme.values(), key=len, reverse=True) or [[]]
    venue = Venue.objects.filter(is_active=True, valid_until__gt=timezone.localdate() + timedelta(days=60)).first()
    if len(most) < PAST_SEATS or venue is None:
        return
    _assess_and_decide(_preassess(most[:PAST_SEATS]), venue=venue, clerk=clerk, second=second, luck=luck)
    for week, group in enumerate([most[PAST_SEATS:], *others[:1]], start=1):
        if not group:
            continue
        cases = _preassess(group[:COMING_SEATS])
        session = _session(cases[0], venue, days=7 * week, clerk=clerk)
        place_applications(session=session, applications=cases[:-1] or cases, accept_warnings=True, by=clerk)
        if week == 1:
            announce_session(session=session, by=clerk)


def _qualify_assessors() -> None:
    """Whoever assesses in the demonstration may assess for every scheme."""
    for assessor in AssessorProfile.objects.filter(certificate_expires_on__gte=timezone.localdate()):
        for scheme in Scheme.objects.all():
            AssessorQualification.objects.get_or_create(
                assessor=assessor, scheme=scheme, defaults={"note": "Data contoh"}
            )


def _preassess(cases: list[Application]) -> list[Application]:
    for case in cases:
        assessor = assignment_in_force(case).assessor.user
        rows = elements_of(review_rows(latest_submission(case), None))
        reviews = {row.pk: ([], "") for row in rows if row.evidence}
        save_reviews(application=case, reviews=reviews, by=assessor)
        continue_application(application=case, by=assessor)
        case.refresh_from_db()
    return cases


def _session(case: Application, venue: Venue, *, days: int, clerk: User) -> AssessmentSession:
    start = datetime.combine(timezone.localdate() + timedelta(days=days), datetime.min.time()).replace(
        hour=8, tzinfo=timezone.get_current_timezone()
    )
    return create_session(
        scheme=case.scheme_version.scheme,
        venue=venue,
        starts_at=start,
        ends_at=start + timedelta(hours=8),
        quota=12,
        note="Bawa KTP asli dan bukti kerja asli.",
        by=clerk,
    )


def _assess_and_decide(
    cases: list[Application], *, venue: Venue, clerk: User, second: User, luck: random.Random
) -> None:
    """A session held last week, the plenary on it and its certificates; one candidate is not yet competent."""
    session = _session(cases[0], venue, days=1, clerk=clerk)
    seats = place_applications(session=session, applications=cases, accept_warnings=True, by=clerk)
    announce_session(session=session, by=clerk)
    session.refresh_from_db()
    session.starts_at -= timedelta(days=8)
    session.ends_at -= timedelta(days=8)
    session.save(update_fields=["starts_at", "ends_at", "updated_at"])
    record_attendance(session=session, attendance={seat.pk: Attendance.PRESENT for seat in seats}, by=clerk)
    for number, case in enumerate(cases):
        _results(case, is_competent=number != 1)
    plenary = create_plenary(title="Rapat pleno", held_on=timezone.localdate(), place=venue.name, by=clerk)
    save_members(
        plenary=plenary,
        seats=[
            Seat(user=second.pk, office="Ketua LSP", role=MemberRole.CHAIR),
            Seat(user=clerk.pk, office="Sekretariat", role=MemberRole.SECRETARY),
            Seat(name="Ir. Made Suardana", office="Komite teknis"),
        ],
        by=clerk,
    )
    decided = cases[:-1]  # the last one still waits for a decision
    add_cases(plenary=plenary, applications=decided, by=clerk)
    follow_recommendations(plenary=plenary, by=clerk)
    record_plenary(plenary=plenary, by=clerk)
    confirm_plenary(plenary=Plenary.objects.get(pk=plenary.pk), by=second)
    competent = list(Application.objects.filter(decisions__plenary=plenary, status=ApplicationStatus.COMPETENT))
    issued = [row.certificate for row in issue_for_plenary(applications=competent[:-1], by=clerk) if row.is_done]
    if len(issued) > 2:
        suspend_certificate(
            certificate=luck.choice(issued), reason="Menunggu klarifikasi keluhan pengguna jasa.", by=second
        )


def _results(case: Application, *, is_competent: bool) -> None:
    case.refresh_from_db()
    assessor = assignment_in_force(case).assessor.user
    record = open_record(application=case, by=assessor)
    units = list(units_in_order(case.scheme_version))
    results = {unit.pk: (Outcome.COMPETENT, ["observasi"], "") for unit in units}
    if not is_competent:
        results[units[-1].pk] = (Outcome.NOT_YET, ["observasi"], "Belum menunjukkan langkah kerja secara lengkap.")
    record = save_results(
        record=record,
        results=results,
        recommendation=Outcome.COMPETENT if is_competent else Outcome.NOT_YET,
        follow_up="" if is_competent else "Ikuti pelatihan ulang pada unit yang belum kompeten.",
        by=assessor,
    )
    sign_results(record=record, by=assessor)
    _sign_papers(papers_waiting_for(assessor, case), by=assessor)
    _sign_papers(own_papers(case)["waiting"], by=case.candidate.user)


def _sign_papers(papers: list[FilledForm], *, by: User) -> None:
    """As people who find nothing wrong: every question answered with its first answer, then signed."""
    for paper in papers:
        party = party_of(paper, by)
        if has_part(paper, party):
            answers = {q.name: q.value or FIRST_ANSWERS.get(q.line.kind, "") for q in layout(paper).questions(party)}
            save_answers(form=paper, answers=answers, edit=paper.edit, by=by)
        sign_form(form=paper, by=by)
