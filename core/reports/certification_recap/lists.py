"""The lists behind the figures: each narrows by the column that the figure was counted by."""

from typing import Any

from django.db.models import OuterRef, QuerySet

from core.applications.enums import REACHED_STATUSES, STAGE_STATUSES
from core.applications.models import Application
from core.assessments.models import AssessmentSession, Assignment, Placement, Venue
from core.common.lookups import found_in
from core.common.text import is_number
from core.reports.certification_recap.scope import NONE, REMOTE_WORD
from core.reports.document_recap import cases_named_by
from core.schemes.models import SchemeUnit


def in_stage(cases: QuerySet[Application], stage: str) -> QuerySet[Application]:
    """A `Stage`, or how far they came (`Reached`)."""
    statuses = STAGE_STATUSES | REACHED_STATUSES
    return cases.filter(status__in=[str(status) for status in statuses[stage]])  # type: ignore[index]


def with_unit(cases: QuerySet[Application], code: str) -> QuerySet[Application]:
    """Of a version that holds this unit; the versions by key, as for schemes."""
    versions = SchemeUnit.objects.filter(unit__code=code).order_by().values_list("scheme_version", flat=True)
    return cases.filter(scheme_version_id__in=set(versions))


def with_employer(cases: QuerySet[Application], word: str) -> QuerySet[Application]:
    if word == NONE:
        return cases.filter(employer=None)
    return cases.filter(employer_id=int(word)) if is_number(word) else cases.none()


def with_assessor(cases: QuerySet[Application], word: str) -> QuerySet[Application]:
    """Given to this assessor now, or to none."""
    return _given(cases, Assignment, {"assessor_id": int(word)} if is_number(word) else {}, word)


def in_session(cases: QuerySet[Application], word: str) -> QuerySet[Application]:
    """With a seat in the session of this number now, or with none."""
    session = AssessmentSession.objects.filter(number=word).values_list("pk", flat=True).first()
    return _given(cases, Placement, {"session_id": session} if session else {}, word)


def at_venue(cases: QuerySet[Application], word: str) -> QuerySet[Application]:
    """With a seat in a session at the venue of this code now, in one without a venue, or with none."""
    if word == REMOTE_WORD:
        return _given(cases, Placement, {"session__venue": None}, word)
    venue = Venue.objects.filter(code=word).values_list("pk", flat=True).first()
    return _given(cases, Placement, {"session__venue": venue} if venue else {}, word)


def _given(cases: QuerySet[Application], model: Any, which: dict[str, Any], word: str) -> QuerySet[Application]:
    rows = model.objects.filter(in_force=True)
    if word == NONE:
        return cases.alias(is_given=found_in(rows.filter(application=OuterRef("pk")))).filter(is_given=None)
    return cases_named_by(cases, rows.filter(**which), "application") if which else cases.none()
