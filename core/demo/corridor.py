"""What follows acceptance, for the demonstration: sessions gone by and to come, results, a plenary, certificates.

Every step is done by the real services; only the days are moved afterwards, since nothing may be
assessed before its session begins.
"""

from collections import defaultdict
from datetime import datetime, timedelta

from django.utils import timezone

from core.accounts.models import AssessorProfile, User
from core.applications.enums import ApplicationStatus
from core.applications.models import Application
from core.applications.queries import latest_submission
from core.assessments.enums import Attendance
from core.assessments.models import AssessmentSession, AssessorQualification, Venue
from core.assessments.queries import assignment_in_force
from core.assessments.services import (
    announce_session,
    continue_application,
    create_session,
    place_applications,
    record_attendance,
    save_reviews,
)
from core.assessments.vatm import elements_of, review_rows
from core.content.models import OfficeData
from core.demo.aftermath import NOT_YET, decide_and_certify
from core.demo.results import write_results
from core.schemes.models import Scheme

#: Stands in the number of certificates of the demonstration; the LSP states the real codes per scheme.
CODES = ("84230", "2264", 3)
#: Who signs the certificates of the demonstration.
LEADER = ("Dr. Agus Hartono, M.Si.", "Direktur LSP BNPB")
#: Cases of a session that lies behind, and of each to come.
PAST_SEATS, COMING_SEATS = 9, 3


def walk_corridor(*, clerk: User, second: User) -> None:
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
    _assess_and_decide(preassess(most[:PAST_SEATS]), venue=venue, clerk=clerk, second=second)
    for week, group in enumerate([most[PAST_SEATS:], *others[:1]], start=1):
        if not group:
            continue
        cases = preassess(group[:COMING_SEATS])
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


def preassess(cases: list[Application]) -> list[Application]:
    """By their assessors, who find all evidence good."""
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


def _assess_and_decide(cases: list[Application], *, venue: Venue, clerk: User, second: User) -> None:
    """A session held last week and what came of it; two candidates are not yet competent."""
    session = _session(cases[0], venue, days=1, clerk=clerk)
    seats = place_applications(session=session, applications=cases, accept_warnings=True, by=clerk)
    announce_session(session=session, by=clerk)
    session.refresh_from_db()
    session.starts_at -= timedelta(days=8)
    session.ends_at -= timedelta(days=8)
    session.save(update_fields=["starts_at", "ends_at", "updated_at"])
    record_attendance(session=session, attendance={seat.pk: Attendance.PRESENT for seat in seats}, by=clerk)
    for number, case in enumerate(cases):
        write_results(case, is_competent=number not in NOT_YET)
    decide_and_certify(cases, place=venue.name, clerk=clerk, second=second)
