"""Reads of applications: who may see which, what waits, what comes next."""

from datetime import timedelta
from typing import Any

from django.db.models import OuterRef, Prefetch, Q, QuerySet
from django.db.models.lookups import Exact
from django.utils import timezone

from core.accounts.models import CandidateProfile
from core.accounts.rules import role_of
from core.applications.enums import CLOSED_STATUSES, MASKED_EDITIONS, ApplicationStatus
from core.applications.models import (
    Application,
    CaseDocument,
    FormDocument,
    RequirementEvidence,
    ReturnRequest,
    SelfAssessmentAnswer,
    Submission,
)
from core.applications.privacy import snapshot_for, visible_evidence
from core.applications.snapshot import diff_snapshots, readable_pairs
from core.common.lookups import found_in
from core.documents.models import KEPT_STATES, Document, Signature


def applications_for(user: Any) -> QuerySet[Application]:
    """The cases a person may see: candidates their own; assessors those assigned to them now; other staff
    those that were sent (a draft is nobody's business)."""
    role = role_of(user)
    if role == "asesi":
        return Application.objects.filter(candidate__user=user)
    if role in {"sekretariat", "administrator", "bnsp"}:
        return Application.objects.filter(number__isnull=False)
    if role == "asesor":
        return Application.objects.filter(assignments__assessor__user=user, assignments__in_force=True)
    return Application.objects.none()


def own_application(user: Any, reference: str) -> Application | None:
    """The candidate's own case by number or code; somebody else's is not found, as if it did not exist."""
    return (
        Application.objects.filter(Q(number=reference) | Q(code=reference), candidate__user_id=user.pk)
        .select_related("candidate__user", "scheme_version__scheme", "purpose", "officer")
        .first()
    )


def owner_of_case(reference: str) -> int | None:
    """The key of the person whose case it is, by number or code."""
    cases = Application.objects.filter(Q(number=reference) | Q(code=reference))
    return cases.values_list("candidate__user", flat=True).first()


def open_application(user: Any, scheme_id: int) -> Application | None:
    """The candidate's case for a scheme that is not over, if there is one."""
    return (
        Application.objects.filter(candidate__user_id=user.pk, scheme_version__scheme_id=scheme_id)
        .exclude(status__in=CLOSED_STATUSES)
        .first()
    )


def verification_queue() -> QuerySet[Application]:
    """What waits for the secretariat, longest wait first."""
    return Application.objects.filter(
        status__in=[ApplicationStatus.SUBMITTED, ApplicationStatus.UNDER_REVIEW]
    ).order_by("submitted_at")


def waiting_for(by: Any) -> QuerySet[Application]:
    """What waits for this clerk, longest wait first: what nobody else has taken, never their own case."""
    return (
        verification_queue()
        .filter(Q(status=ApplicationStatus.SUBMITTED) | Q(officer=by))
        .exclude(candidate__in=CandidateProfile.objects.filter(user=by))
    )


def next_waiting(by: Any, *, after: Application | None = None) -> Application | None:
    """What a clerk looks at next."""
    return waiting_for(by).exclude(pk=after.pk if after else None).first()


def evidence_and_forms_for(user: Any) -> QuerySet[Document]:
    """The evidence and the printed FR.APL forms a member of staff may look at (all files: `reports.repository`).

    Secretariat and administrators: any, also what a candidate took out of a case again, since an
    earlier sending still names it. Everybody else: what belongs to a case they may see; without the
    right to personal identifiers no identity papers, and of the forms the masked editions. What the desk
    added to the file of a case is seen like evidence, scans of other kinds by the LSP's own people. Everybody:
    papers made out to them, such as an assessor's surat tugas.
    """
    if role_of(user) in {"sekretariat", "administrator"}:
        return Document.objects.all()
    cases = keys_of_cases(user)
    handed_in = RequirementEvidence.objects.filter(application__in=cases)
    supporting = SelfAssessmentAnswer.objects.filter(application__in=cases)
    printed = FormDocument.objects.filter(submission__application__in=cases)
    added = CaseDocument.objects.filter(is_added_by_desk=True, application__in=cases)
    if user.has_perm("core.view_identifiers"):
        printed = printed.exclude(edition__in=MASKED_EDITIONS)
    else:
        printed = printed.filter(edition__in=MASKED_EDITIONS)
        added = added.filter(document__document_type__is_personal_evidence=True)  # any other scan may show anything
    evidence = named_by(handed_in, "documents", user) | named_by(supporting, "documents", user)
    evidence |= named_by(added, "document", user)
    seen = (visible_evidence(user) & evidence) | named_by(printed, "document", user) | Q(owner=user)
    return Document.objects.filter(seen)


def keys_of_cases(user: Any) -> QuerySet[Application] | set[int]:
    """The cases this person may see, for `application__in`: those of an assessor, who has few, are gathered first.

    Joined into the question, MariaDB goes through all cases of all assessors to answer it.
    """
    cases = applications_for(user).order_by()
    return set(cases.values_list("pk", flat=True)) if role_of(user) == "asesor" else cases


def named_by(rows: QuerySet, column: str, user: Any) -> Q:
    """That some of `rows`, which lie in cases of this person, name a document; as a condition on documents.

    The cases of an assessor are few: their papers are gathered first. Asked paper by paper, a list would go through
    a million of other people's papers to fill its first page.
    """
    if role_of(user) == "asesor":
        named = rows.order_by().filter(**{f"{column}__isnull": False})
        return Q(pk__in=set(named.values_list(column, flat=True)))
    return Q(Exact(found_in(rows.filter(**{column: OuterRef("pk")})), 1))


def evidence_rows(application: Application) -> list[RequirementEvidence]:
    """One row per requirement of the scheme, in the order of the form; unsaved where nothing was handed in."""
    rows = {
        row.requirement_id: row
        for row in application.requirement_evidence.prefetch_related(
            Prefetch("documents", Document.objects.order_by("pk"))
        )
    }
    found = []
    for requirement in application.scheme_version.requirements.prefetch_related("document_type"):
        row = rows.get(requirement.pk) or RequirementEvidence(application=application, requirement=requirement)
        row.requirement = requirement
        found.append(row)
    return found


def reusable_documents(user: Any) -> QuerySet[Document]:
    """Files the candidate uploaded and may attach again, newest first."""
    return (
        Document.objects.filter(
            owner=user, removed_at=None, document_type__is_personal_evidence=True, state__in=KEPT_STATES
        )
        .select_related("document_type")
        .order_by("-pk")
    )


def latest_submission(application: Application) -> Submission | None:
    return application.submissions.order_by("-sequence").first()


def last_return_request(application: Application) -> ReturnRequest | None:
    """What was asked for last, while the case is with the candidate and when the correction is looked at."""
    return (
        ReturnRequest.objects.filter(submission__application=application)
        .select_related("returned_by")
        .order_by("-pk")
        .first()
    )


def changes_since_last_submission(application: Application, *, viewer: Any) -> list[dict]:
    """What the last correction changed; empty for a first sending."""
    last, *before = application.submissions.order_by("-sequence")[:2] or [None]
    return changes_between(before, last, viewer=viewer, profile=application.candidate)


def changes_between(
    former: list[Submission], last: Submission | None, *, viewer: Any, profile: CandidateProfile
) -> list[dict]:
    """What a sending changed in the one before it (`former` holds that, or nothing), row by row.

    A change of something hidden from the viewer still shows as a row, with both sides masked
    (see `snapshot.diff_snapshots`).
    """
    if last is None or not former:
        return []
    before, after = former[0].snapshot, last.snapshot
    shown = [snapshot_for(snapshot, viewer=viewer, profile=profile) for snapshot in (before, after)]
    labels = {(row["section"], row["label"]) for row in diff_snapshots(before, after)}
    return [row for row in readable_pairs(*shown) if (row["section"], row["label"]) in labels]


def paper_of_signature(signature: Signature) -> dict | None:
    """What a signature's code stands for, for anybody who holds the paper: number, scheme, state; no personal data."""
    submission = (
        Submission.objects.filter(signature=signature).select_related("application__scheme_version__scheme").first()
    )
    if submission is None:
        submission = (
            Submission.objects.filter(review__signature=signature)
            .select_related("application__scheme_version__scheme")
            .first()
        )
    if submission is None:
        return None
    application = submission.application
    return {
        "number": application.number,
        "scheme": application.scheme_version.scheme.title,
        "status": application.get_status_display(),
        "sequence": submission.sequence,
        "is_latest": latest_submission(application) == submission,
    }


#: Up to so many people are named one by one in a query.
FEW_PEOPLE = 900
#: Up to so many, their cases are gathered and sorted; of more, each case is asked whether it is theirs.
SOME_PEOPLE = 10_000


def cases_of(cases: QuerySet[Application], people: QuerySet[CandidateProfile]) -> QuerySet[Application]:
    """The cases of these people, in whatever order the list has.

    Left to itself MariaDB plans this by guesses: for a rare institution it walks through all cases,
    for a common one it sorts half of them. So the people are counted first, never further than needed.
    With many, every page of the list soon fills along the list's own order.
    """
    people = people.order_by()
    few = list(people.values_list("pk", flat=True)[: FEW_PEOPLE + 1])
    if len(few) <= FEW_PEOPLE:
        return cases.filter(candidate_id__in=few)
    if people[: SOME_PEOPLE + 1].count() <= SOME_PEOPLE:
        return cases.filter(candidate__in=people)
    return cases.alias(is_theirs=found_in(people.filter(pk=OuterRef("candidate_id")))).filter(is_theirs=1)


def waiting_longer_than(cases: QuerySet[Application], days: int) -> QuerySet[Application]:
    """What has waited for the LSP for more than so many days by the office's clock."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return cases.filter(
        status__in=[ApplicationStatus.SUBMITTED, ApplicationStatus.UNDER_REVIEW],
        submitted_at__lt=today - timedelta(days=days),
    )
