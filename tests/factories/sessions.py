"""Planned sessions with candidates and assessors, ready to be announced."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from core.accounts.models import AssessorProfile, User
from core.assessments.models import AssessmentSession, Placement
from core.assessments.services import announce_session
from tests.factories.accounts import make_user
from tests.factories.assessments import make_assessor
from tests.factories.corridor import Case, make_case, make_session, make_venue
from tests.factories.schemes import make_scheme

WIB = ZoneInfo("Asia/Jakarta")
#: The days around a session, by the office's clock.
WEEK_BEFORE = datetime(2026, 11, 25, 9, tzinfo=WIB)
BEGIN = datetime(2026, 12, 2, 8, tzinfo=WIB)
END = datetime(2026, 12, 2, 16, tzinfo=WIB)
ON_THE_DAY = datetime(2026, 12, 2, 9, tzinfo=WIB)


@dataclass
class Planned:
    """A session with its people: Siti and Joko are assessed by Bambang, Ani by Rina."""

    session: AssessmentSession
    clerk: User
    bambang: AssessorProfile
    rina: AssessorProfile
    siti: Case
    joko: Case
    ani: Case

    @property
    def cases(self) -> list[Case]:
        return [self.siti, self.joko, self.ani]

    def seat(self, case: Case) -> Placement:
        return Placement.objects.filter(application=case.application).order_by("-pk").first()

    def announce(self) -> AssessmentSession:
        self.session = announce_session(session=self.session, by=self.clerk)
        return self.session

    def reload(self, case: Case):
        case.application.refresh_from_db()
        return case.application


def make_planned(**fields) -> Planned:
    scheme = make_scheme()
    clerk = make_user(role="sekretariat", full_name="Dewi Lestari")
    venue = make_venue(name="TUK Sentul", address="Jalan Anyar, Bogor")
    session = make_session(
        scheme=scheme.scheme,
        **{"starts_at": BEGIN, "ends_at": END, "venue": venue, "note": "Bawa KTP asli; sepatu lapangan."} | fields,
    )
    bambang, rina = make_assessor(full_name="Bambang Prasetyo"), make_assessor(full_name="Rina Hapsari")
    cases = [
        make_case("scheduled", scheme=scheme, officer=clerk, full_name=name, assessor=assessor, session=session)
        for name, assessor in (("Siti Rahmawati", bambang), ("Joko Widagdo", bambang), ("Ani Lestari", rina))
    ]
    return Planned(session, clerk, bambang, rina, *cases)
