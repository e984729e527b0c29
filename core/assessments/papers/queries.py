"""Reads of papers: who may see which, what waits for whom."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from core.accounts.models import AssessorProfile
from core.accounts.rules import role_of
from core.applications.enums import ApplicationStatus
from core.applications.models import Application
from core.applications.queries import applications_for
from core.assessments.enums import Attendance, FilledFormStatus, FormParty, FormStage
from core.assessments.known import know, once
from core.assessments.models import AssessmentSession, FilledForm, FormSignature, Placement
from core.assessments.papers.rules import (
    FINAL,
    TOLD_STATUSES,
    is_assessors_turn,
    is_candidates_turn,
    is_released,
    why_not_sign,
)


def with_all(papers: QuerySet[FilledForm]) -> QuerySet[FilledForm]:
    """With what the rules and the layout ask for."""
    return papers.select_related(
        "definition__document_type", "version", "application__candidate__user", "session__scheme", "assessor__user"
    ).prefetch_related(
        "version__lines", Prefetch("signatures", FormSignature.objects.select_related("signature").order_by("pk"))
    )


def papers_for(user: Any) -> QuerySet[FilledForm]:
    """The papers a member of staff may look at: of the cases they may see; of sessions, an assessor their own."""
    role = role_of(user)
    if role in {"sekretariat", "administrator"}:
        return FilledForm.objects.all()
    if role == "bnsp":
        return FilledForm.objects.filter(status=FilledFormStatus.SIGNED)
    if role == "asesor":
        return FilledForm.objects.filter(
            Q(application__in=applications_for(user)) | Q(session__isnull=False, assessor__user=user)
        )
    return FilledForm.objects.none()


def papers_of_case(application: Application) -> list[FilledForm]:
    """Those in force in the order of the forms, each with `earlier`: what it replaced, the newest first."""
    papers = _with_earlier(FilledForm.objects.filter(application=application))
    for paper in papers:
        paper.application = application
    return papers


def unsigned_before(application: Application) -> list[FilledForm]:
    """Required papers that are signed before an assessment (FR.AK.01 and its like) and lack a signature still."""
    papers = FilledForm.objects.filter(
        application=application, in_force=True, is_required=True, definition__stage=FormStage.BEFORE
    )
    return list(with_all(papers.exclude(status__in=FINAL)).order_by("definition__position", "pk"))


def papers_of_session(session: AssessmentSession, user: Any) -> list[FilledForm]:
    """The reports about a session that this person may see."""
    return _with_earlier(papers_for(user).filter(session=session))


def _with_earlier(papers: QuerySet[FilledForm]) -> list[FilledForm]:
    found = list(with_all(papers.defer("answers", "content")).order_by("definition__position", "pk"))
    by_pk = {paper.pk: paper for paper in found}
    current = [paper for paper in found if paper.in_force]
    for paper in current:
        paper.earlier = []  # type: ignore[attr-defined]
        before = by_pk.get(paper.replaces_id)
        while before is not None:
            paper.earlier.append(before)  # type: ignore[attr-defined]
            before = by_pk.get(before.replaces_id)
    return current


def papers_waiting_for(user: Any, application: Application | None = None) -> list[FilledForm]:
    """What an assessor has to fill in or to sign now, case by case; six queries, however many there are.

    `application`: of this case only.
    """
    open_ones = (
        FilledForm.objects.filter(in_force=True, definition__filled_by__in=(FormParty.ASSESSOR, FormParty.BOTH))
        .exclude(status__in=FINAL)
        .exclude(signatures__party=FormParty.ASSESSOR)
    )
    own = Q(application__assignments__in_force=True, application__assignments__assessor__user=user)
    if application is None:
        own |= Q(session__isnull=False, assessor__user=user)
    else:
        own &= Q(application=application)
    seats = Placement.objects.filter(in_force=True).select_related("session__venue")
    found = with_all(open_ones.filter(own)).prefetch_related(
        Prefetch("application__placements", seats, to_attr="seats")
    )
    holder = AssessorProfile.objects.select_related("user").filter(user=user).first()
    if application is None:
        found = found.defer("answers", "content")
    papers = list(found.order_by("application__number", "session__number", "definition__position", "pk"))
    for paper in papers:
        if paper.application_id:
            seat = next(iter(paper.application.seats), None)
            know(paper.application, seat=seat.session if seat else None, holder=holder)
    unfinished = _sessions_under_way(user) if any(paper.session_id for paper in papers) else set()
    return [paper for paper in papers if is_assessors_turn(paper) and paper.session_id not in unfinished]


def _sessions_under_way(user: Any) -> set[int]:
    """Those in which this assessor has results to sign still: a report about them is not due yet."""
    seats = Placement.objects.filter(
        in_force=True,
        application__status=ApplicationStatus.SCHEDULED,
        application__assignments__in_force=True,
        application__assignments__assessor__user=user,
    ).exclude(attendance=Attendance.ABSENT)
    return set(seats.values_list("session_id", flat=True))


def ready_to_sign(user: Any, application: Application) -> FilledForm | None:
    """The first paper of a case that lacks nothing but this assessor's signature."""
    waiting = papers_waiting_for(user, application)
    return next((paper for paper in waiting if not why_not_sign(paper, user)), None)


def own_papers(application: Application) -> dict[str, list[FilledForm]]:
    """What a candidate sees of their case: `waiting` for them, and `done` to keep."""
    papers = list(with_all(application.filled_forms.filter(in_force=True)).order_by("definition__position", "pk"))
    for paper in papers:
        paper.application = application
    return {
        "waiting": [paper for paper in papers if is_candidates_turn(paper)],
        "done": [paper for paper in papers if is_released(paper)],
    }


def papers_waiting_for_owner(
    applications: Iterable[Application], *, seats: Mapping[int, Placement]
) -> list[FilledForm]:
    """What the candidate of these cases has to fill in or to sign now; the same few queries however many there are.

    `seats`: those that the candidate knows of, by case.
    """
    cases = {case.pk: case for case in applications}
    open_ones = FilledForm.objects.filter(application__in=cases, in_force=True).exclude(status__in=FINAL)
    papers = list(with_all(open_ones.defer("content")).order_by("application", "definition__position", "pk"))
    for paper in papers:
        seat = seats.get(paper.application_id)
        once(paper.application, "seat", lambda _case, seat=seat: seat.session if seat else None)
    return [paper for paper in papers if is_candidates_turn(paper)]


def not_released_to(person: Any) -> QuerySet[FilledForm]:
    """Papers about a candidate that `rules.is_released` keeps back; also those that were replaced since."""
    told = Q(application__status__in=TOLD_STATUSES)
    appealed = Q(application__status=ApplicationStatus.APPEALED, replaces=None)
    by_assessor = FilledForm.objects.filter(
        application__candidate__user=person, definition__filled_by=FormParty.ASSESSOR, document__isnull=False
    )
    return by_assessor.exclude(told | appealed)


def own_paper(application: Application, pk: int) -> FilledForm | None:
    paper = with_all(application.filled_forms.filter(pk=pk)).first()
    if paper is not None:
        paper.application = application
    return paper
