"""Cases behind verification, with all rows that a state needs. Rows are laid directly, not through the services."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import count

from django.db import transaction
from django.utils import timezone

from core.accounts.models import AssessorProfile, User
from core.applications.enums import ApplicationStatus, Outcome
from core.applications.filing import refile_evidence
from core.applications.models import (
    Application,
    ApplicationSection,
    RequirementEvidence,
    Review,
    SelfAssessmentAnswer,
    Submission,
)
from core.applications.people_counted import take_down
from core.applications.sections import section_keys
from core.applications.snapshot import build_snapshot, canonical, content_hash
from core.assessments.enums import PreAssessmentAdvice, RecordStatus, SessionStatus
from core.assessments.models import (
    AssessmentRecord,
    AssessmentResult,
    AssessmentSession,
    Assignment,
    Placement,
    PreAssessment,
    Venue,
)
from core.common.numbering import next_number
from core.decisions.enums import PlenaryStatus
from core.decisions.models import Appeal, Decision, Plenary, PlenaryMember
from core.documents.services import sign
from core.schemes.models import Scheme, SchemeVersion
from core.schemes.queries import current_version, units_in_order
from tests.factories.accounts import make_candidate, make_user
from tests.factories.assessments import make_assessor
from tests.factories.documents import make_document

_numbers = count(1)


@dataclass
class Case:
    """A case and the people and rows around it; None for what its state does not have yet."""

    application: Application
    clerk: User
    assessor: AssessorProfile
    session: AssessmentSession | None = None
    record: AssessmentRecord | None = None
    decision: Decision | None = None


def make_venue(**fields) -> Venue:
    number = next(_numbers)
    values = {"code": f"tuk-{number}", "name": f"TUK Uji {number}", "kind": "mandiri", "capacity": 20}
    return Venue.objects.create(**values | fields)


def make_session(*, scheme: Scheme, **fields) -> AssessmentSession:
    """A session of eight hours; tomorrow unless told otherwise."""
    start = fields.pop("starts_at", timezone.now() + timedelta(days=1))
    values = {
        "number": f"JDW-UJI-{next(_numbers):04d}",
        "scheme": scheme,
        "starts_at": start,
        "ends_at": start + timedelta(hours=8),
        "quota": 10,
    }
    if "venue" not in fields and fields.get("mode", "luring") == "luring":
        values["venue"] = make_venue()
    return AssessmentSession.objects.create(**values | fields)


@transaction.atomic
def make_case(
    status: str,
    *,
    scheme: SchemeVersion | None = None,
    officer: User | None = None,
    full_name: str = "",
    assessor: AssessorProfile | None = None,
    session: AssessmentSession | None = None,
    outcome: str = "",
) -> Case:
    """A case in one of the states behind "accepted"; `outcome` K or BK of results and decision."""
    clerk = officer or make_user(role="sekretariat")
    application = _accepted(scheme or current_version("distribusi-bantuan"), clerk, full_name)
    case = Case(application, clerk, assessor or make_assessor())
    outcome = outcome or ("BK" if status in ("not_yet_competent", "appealed") else "K")
    Assignment.objects.create(application=application, assessor=case.assessor, assigned_by=clerk)
    for step, reached in _STEPS:
        step(case, outcome, session)
        if status in reached:
            break
    application.status = ApplicationStatus(status)
    application.save()
    application.refresh_from_db()
    return case


@transaction.atomic
def _accepted(version: SchemeVersion, clerk: User, full_name: str) -> Application:
    """What sending and acceptance leave behind: frozen forms, evidence found good, the LSP's signature."""
    candidate = make_candidate(full_name=full_name)
    person, now = candidate.user, timezone.now()
    application = Application.objects.create(
        candidate=candidate, scheme_version=version, purpose=version.purposes.get(code="sertifikasi")
    )
    ApplicationSection.objects.bulk_create(
        ApplicationSection(application=application, key=key, is_open=False) for key in section_keys(application)
    )
    for requirement in version.requirements.select_related("document_type"):
        row = RequirementEvidence.objects.create(
            application=application,
            requirement=requirement,
            verdict="memenuhi" if requirement.is_required else "tidak_ada",
            checked_by=clerk,
            checked_at=now,
        )
        if requirement.is_required:
            row.documents.add(make_document(owner=person, kind=requirement.document_type.code))
    SelfAssessmentAnswer.objects.bulk_create(
        SelfAssessmentAnswer(application=application, element=element, outcome="K")
        for unit in units_in_order(version, with_criteria=False)
        for element in unit.elements.all()
    )
    application.number = next_number("application")
    application.registered_on = timezone.localdate()
    content = canonical(build_snapshot(application, number=application.number))
    submission = Submission.objects.create(
        application=application,
        sequence=1,
        content=content,
        sha256=content_hash(content),
        signature=_signature(person, "Pemohon", content),
    )
    Review.objects.create(
        submission=submission, is_accepted=True, content="{}", signature=_signature(clerk, "Admin LSP", content)
    )
    take_down(application)
    application.submitted_at = application.closed_at = now
    application.officer, application.sendings, application.completeness = clerk, 1, 100
    application.status = ApplicationStatus.ACCEPTED
    application.save()
    refile_evidence(application, by=person)
    return application


def _preassess(case: Case, outcome: str, session: AssessmentSession | None) -> None:
    content = canonical({"reviews": {}})
    PreAssessment.objects.create(
        application=case.application,
        assessor=case.assessor,
        advice=PreAssessmentAdvice.CONTINUE,
        content=content,
        sha256=content_hash(content),
        signature=_signature(case.assessor.user, "Asesor", content),
    )


def _schedule(case: Case, outcome: str, session: AssessmentSession | None) -> None:
    """In a session that has begun an hour ago, so that it may be assessed."""
    case.session = session or make_session(
        scheme=case.application.scheme_version.scheme,
        starts_at=timezone.now() - timedelta(hours=1),
        status=SessionStatus.ANNOUNCED,
        announced_at=timezone.now() - timedelta(days=7),
    )
    Placement.objects.create(session=case.session, application=case.application, placed_by=case.clerk)


def _assess(case: Case, outcome: str, session: AssessmentSession | None) -> None:
    content = canonical({"recommendation": outcome})
    case.record = AssessmentRecord.objects.create(
        application=case.application,
        assessor=case.assessor,
        status=RecordStatus.SIGNED,
        recommendation=outcome,
        content=content,
        sha256=content_hash(content),
        signature=_signature(case.assessor.user, "Asesor", content),
    )
    for unit in units_in_order(case.application.scheme_version, with_criteria=False):
        AssessmentResult.objects.create(
            record=case.record, unit=unit, method="observasi", outcome=outcome, recorded_by=case.assessor.user
        )


def _decide(case: Case, outcome: str, session: AssessmentSession | None) -> None:
    second = make_user(role="sekretariat")
    now = timezone.now()
    plenary = Plenary.objects.create(
        number=f"{next(_numbers):03d}/BA-UJI",
        title="Rapat pleno uji",
        held_on=timezone.localdate(),
        status=PlenaryStatus.CONFIRMED,
        opened_by=case.clerk,
        recorded_by=case.clerk,
        recorded_at=now,
        confirmed_by=second,
        confirmed_at=now,
    )
    PlenaryMember.objects.create(plenary=plenary, user=second, name=second.full_name, role="ketua")
    case.decision = Decision.objects.create(
        plenary=plenary,
        application=case.application,
        record=case.record,
        outcome=Outcome(outcome),
        decided_at=now,
        to_report=True,
    )


def _appeal(case: Case, outcome: str, session: AssessmentSession | None) -> None:
    if outcome == "K":
        return
    case.decision.in_force = None
    case.decision.save()
    Appeal.objects.create(
        application=case.application,
        decision=case.decision,
        reason="Bukti saya belum dilihat seluruhnya.",
        deadline=timezone.localdate() + timedelta(days=14),
    )


def _certify(case: Case, outcome: str, session: AssessmentSession | None) -> None:
    """The certificate itself is left to the tests of that room."""


def _signature(person: User, role: str, content: str):
    return sign(by=person, role=role, meaning="uji", content_sha256=content_hash(content))


_STEPS = (
    (_preassess, ("preassessed", "not_continued")),
    (_schedule, ("scheduled",)),
    (_assess, ("assessed",)),
    (_decide, ("competent", "not_yet_competent")),
    (_appeal, ("appealed",)),
    (_certify, ("certified",)),
)
