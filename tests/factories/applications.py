"""Cases in any state, led there through the real services; what a candidate fills in is laid directly."""

from django.utils import timezone

from core.accounts.models import User
from core.applications.filing import refile_evidence
from core.applications.models import Application, RequirementEvidence, SelfAssessmentAnswer
from core.applications.services import (
    accept_application,
    open_draft,
    reject_application,
    return_application,
    submit_application,
    take_application,
    withdraw_application,
)
from core.schemes.models import SchemeVersion
from core.schemes.queries import current_version, units_in_order
from tests.factories.accounts import make_candidate, make_user
from tests.factories.documents import make_document

#: "ready" is a draft with everything filled in.
STATES = ("draft", "ready", "submitted", "under_review", "returned", "accepted", "rejected", "withdrawn")
#: Further states, which `tests.factories.corridor` leads to.
LATER_STATES = (
    "preassessed",
    "not_continued",
    "scheduled",
    "assessed",
    "competent",
    "not_yet_competent",
    "appealed",
    "certified",
)


def make_application(
    *,
    status: str = "submitted",
    scheme: SchemeVersion | None = None,
    officer: User | None = None,
    password: str = "",
    full_name: str = "",
) -> Application:
    """A case of a new candidate in the given state (see STATES), for "Distribusi Bantuan" unless told otherwise."""
    if status in LATER_STATES:
        from tests.factories.corridor import make_case

        return make_case(status, scheme=scheme, officer=officer, full_name=full_name).application
    candidate = make_candidate(password=password, full_name=full_name)
    person = candidate.user
    application = open_draft(scheme_version=scheme or current_version("distribusi-bantuan"), by=person)
    if status == "draft":
        return application
    fill_in(application)
    if status == "ready":
        return application
    if status == "withdrawn":
        submit_application(application=application, by=person)
        withdraw_application(application=application, by=person)
    else:
        submit_application(application=application, by=person)
        _verify(application, status, officer)
    application.refresh_from_db()
    return application


def fill_in(application: Application) -> None:
    """Everything that the application still needs; rows are laid directly, since most tests begin behind them."""
    person = application.candidate.user
    application.purpose = application.scheme_version.purposes.get(code="sertifikasi")
    application.save()
    for requirement in application.scheme_version.requirements.filter(is_required=True).select_related("document_type"):
        row, _created = RequirementEvidence.objects.get_or_create(application=application, requirement=requirement)
        row.documents.add(make_document(owner=person, kind=requirement.document_type.code))
    answered = set(application.answers.values_list("element_id", flat=True))
    SelfAssessmentAnswer.objects.bulk_create(
        SelfAssessmentAnswer(application=application, element=element, outcome="K")
        for unit in units_in_order(application.scheme_version, with_criteria=False)
        for element in unit.elements.all()
        if element.pk not in answered
    )
    application.answers.filter(element_id__in=answered).update(outcome="K")
    application.refresh_from_db()
    refile_evidence(application, by=person)


def judge_all(application: Application, *, by: User) -> None:
    """What was handed in meets the requirement, the rest is absent."""
    with_files = set(
        application.requirement_evidence.filter(documents__isnull=False).values_list("requirement_id", flat=True)
    )
    for requirement in application.scheme_version.requirements.all():
        verdict = "memenuhi" if requirement.pk in with_files else "tidak_ada"
        RequirementEvidence.objects.update_or_create(
            application=application,
            requirement=requirement,
            defaults={"verdict": verdict, "checked_by": by, "checked_at": timezone.now()},
        )


def _verify(application: Application, status: str, officer: User | None) -> None:
    if status == "submitted":
        return
    officer = officer or make_user(role="sekretariat")
    take_application(application=application, by=officer)
    if status == "under_review":
        return
    judge_all(application, by=officer)
    if status == "accepted":
        accept_application(application=application, by=officer)
    elif status == "rejected":
        reject_application(application=application, reason="Belum memenuhi syarat.", by=officer)
    elif status == "returned":
        return_application(application=application, parts={"requirements": "Foto KTP buram."}, by=officer)
    else:
        raise ValueError(status)
