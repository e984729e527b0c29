"""The day of an assessment in the demonstration: a session that has begun, whose assessor is the demo's own.

Every step is done by the real services; only the hour is moved afterwards, since nobody plans a session that has begun.
"""

from datetime import timedelta

from django.utils import timezone

from core.accounts.models import User
from core.applications.models import Application
from core.assessments.models import AssessmentSession, Venue
from core.assessments.services import announce_session, create_session, place_applications, reissue_letters
from core.demo.corridor import preassess
from core.demo.results import sign_waiting_papers

HOURS = timedelta(hours=8)


def seed_today(*, cases: list[Application], clerk: User) -> AssessmentSession:
    """Of the candidates nobody is present yet and nothing is found; what comes before the day is signed.

    `cases`: accepted ones of one scheme, given to an assessor.
    """
    preassess(cases)
    start = timezone.localtime().replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
    planned = start + timedelta(days=2)  # just past midnight tomorrow is today, and its papers would be signed
    session = create_session(
        scheme=cases[0].scheme_version.scheme,
        venue=Venue.objects.filter(is_active=True, valid_until__gt=start.date()).first(),
        starts_at=planned,
        ends_at=planned + HOURS,
        quota=12,
        note="Bawa KTP asli dan bukti kerja asli.",
        by=clerk,
    )
    place_applications(session=session, applications=cases, accept_warnings=True, by=clerk)
    announce_session(session=session, by=clerk)
    for case in cases:
        sign_waiting_papers(case)
    session.refresh_from_db()
    session.starts_at, session.ends_at = start, start + HOURS
    session.save(update_fields=["starts_at", "ends_at", "updated_at"])
    reissue_letters(session=session, reason="Waktu disesuaikan.", by=clerk)
    return session
