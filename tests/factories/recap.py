"""Cases as the recap counts them: rows laid one by one, without forms, papers or people of their own."""

from datetime import date
from itertools import count

from core.accounts.models import AssessorProfile, CandidateProfile
from core.applications.enums import AgeBand, ApplicationStatus
from core.applications.models import Application
from core.applications.people_counted import employer_named
from core.assessments.models import AssessmentSession, Assignment, Placement
from core.certificates.models import Certificate
from core.codelists.models import Region
from core.decisions.models import Decision
from core.schemes.queries import current_version
from tests.factories.accounts import make_user

_numbers = count(1)


def lay_case(
    *,
    candidate: CandidateProfile,
    status: str = "submitted",
    on: date,
    scheme: str = "distribusi-bantuan",
    province: str = "81",
    sex: str = "P",
    age: int = AgeBand.TWENTIES,
    employer: str = "BPBD Kota Ambon",
    assessor: AssessorProfile | None = None,
    session: AssessmentSession | None = None,
) -> Application:
    case = Application.objects.create(
        candidate=candidate,
        scheme_version=current_version(scheme),
        number=f"APL-UJI-{next(_numbers):05d}",
        registered_on=on,
        province=Region.objects.filter(pk=province).first(),
        sex=sex,
        age_band=age,
        employer=employer_named(employer),
        status=ApplicationStatus(status),
    )
    if assessor:
        Assignment.objects.create(application=case, assessor=assessor, assigned_by=assessor.user)
    if session:
        Placement.objects.create(application=case, session=session, placed_by=make_user(role="sekretariat"))
    return case


def add_certificate(
    case: Application, *, issued_on: date, valid_until: date, decision: Decision, **fields
) -> Certificate:
    number = next(_numbers)
    values = {
        "code": f"{number:016d}",
        "number": f"84230 {number:07d}",
        "registration_number": f"LSP.{number:07d}",
        "application": case,
        "decision": decision,
        "scheme": case.scheme_version.scheme,
        "scheme_version": case.scheme_version,
        "holder": case.candidate.user,
        "province": case.province,
        "holder_name": case.candidate.user.full_name,
        "issued_on": issued_on,
        "valid_until": valid_until,
        "content": "{}",
        "issued_by": case.candidate.user,
    }
    return Certificate.objects.create(**values | fields)
