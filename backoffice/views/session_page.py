"""What the page of a session shows: itself, who has a seat, who waits for one, and what speaks against it."""

from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet, prefetch_related_objects
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from backoffice.displays import SESSION_TONES, Age, age_since
from backoffice.views.paper_card import session_papers
from core.accounts.models import AssessorProfile, CandidateProfile
from core.accounts.queries import MAX_PEOPLE, find_people
from core.activity.versioning import hidden_fields
from core.applications.models import Application
from core.applications.queries import cases_of
from core.assessments import conflicts, rules
from core.assessments.models import AssessmentSession, Assignment, Placement
from core.assessments.queries import open_sessions, seats_in, waiting_for_schedule, with_seats_taken
from core.assessments.seats import seats_of, shown_seats
from core.codelists.models import Region
from core.common.text import is_number

#: Waiting cases on one page of the board.
PER_PAGE = 25


@dataclass(frozen=True)
class Row:
    """One case on the board: beside it stands what speaks against its seat."""

    case: Application
    url: str
    assessor: AssessorProfile | None
    conflicts: list[conflicts.Conflict]
    age: Age | None = None
    seat: Placement | None = None
    is_ticked: bool = False

    @property
    def is_blocked(self) -> bool:
        return any(conflict.is_blocking for conflict in self.conflicts)


@dataclass(frozen=True)
class Search:
    """What the waiting cases are narrowed by."""

    words: str = ""
    province: str = ""
    assessor: str = ""
    provinces: list[tuple[str, str]] = field(default_factory=list)
    assessors: list[tuple[str, str]] = field(default_factory=list)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.words or self.province or self.assessor)


def address(session: AssessmentSession) -> str:
    return reverse("admin:core_assessmentsession_change", args=[session.pk])


def context(session: AssessmentSession, by: Any, *, asked: QueryDict, typed: QueryDict | None = None) -> dict[str, Any]:
    """Everything the page draws. `asked`: how the waiting ones are narrowed; `typed`: what a refused act sent."""
    can_schedule = by.has_perm("core.schedule_session") and not rules.is_open(session)
    can_place = can_schedule and session.ends_at > timezone.now()
    ticked = set(typed.getlist("case")) if typed else set()
    seats, taken = shown_seats(session, by), len(seats_of(session))
    found = {
        "session": session,
        "page_url": address(session),
        "when": conflicts.when(session),
        "status_tone": SESSION_TONES.get(session.status, ""),
        "shows_meeting": "meeting_url" not in hidden_fields(AssessmentSession, viewer=by),
        "taken": taken,
        "left": max(0, session.quota - taken),
        "share": min(100, round(100 * taken / session.quota)),
        "conflicts": _conflicts_now(session),
        "can_schedule": can_schedule,
        "can_place": can_place,
        "can_edit": can_schedule and by.has_perm("core.change_assessmentsession"),
        "typed": typed,
    }
    page: list[Application] = []
    if can_place:
        found["page"], found["search"] = _waiting(session, asked)
        page = list(found["page"])
    if can_schedule:
        others = open_sessions(session.scheme).exclude(pk=session.pk).select_related("venue")
        found["others"] = [(other, conflicts.when(other)) for other in with_seats_taken(others)]
    rows = _rows(session, seats, page, ticked)
    found |= {"seated": rows[: len(seats)], "waiting": rows[len(seats) :]}
    if can_schedule:  # then all seats are shown; whether it can be announced asks for the same
        session.kept_conflicts = [*found["conflicts"], *chain(*(row.conflicts for row in found["seated"]))]
    found["reports"] = session_papers(session, by)
    return found


def _conflicts_now(session: AssessmentSession) -> list[conflicts.Conflict]:
    """Nothing speaks against a session any more that is over, closed or cancelled."""
    if rules.is_open(session) or session.ends_at <= timezone.now():
        return []
    return conflicts.session_conflicts(session)


def _rows(
    session: AssessmentSession, seats: list[Placement], waiting: list[Application], ticked: set[str]
) -> list[Row]:
    """Both columns, asked about together: first who has a seat, then who waits."""
    by_case = {seat.application_id: seat for seat in seats}
    cases = [*(seat.application for seat in seats), *waiting]
    assessors = conflicts.assessors_of(cases)
    found = {} if rules.is_open(session) else conflicts.case_conflicts(session, cases, assessors=assessors)
    return [
        Row(
            case=case,
            url=reverse("admin:core_application_change", args=[case.pk]),
            assessor=assessors.get(case.pk),
            conflicts=found.get(case.pk, []),
            age=None if case.pk in by_case or case.closed_at is None else age_since(case.closed_at),
            seat=by_case.get(case.pk),
            is_ticked=str(case.pk) in ticked,
        )
        for case in cases
    ]


def _waiting(session: AssessmentSession, asked: QueryDict) -> tuple[Page, Search]:
    cases = waiting_for_schedule(session.scheme)
    duties = Assignment.objects.filter(application__in=cases.order_by(), in_force=True).order_by()
    people = duties.values_list("assessor", "assessor__user__full_name").distinct()
    provinces = Region.objects.filter(pk__in=cases.order_by().values("province")).order_by("name")
    search = Search(
        words=asked.get("q", "").strip()[:100],
        province=asked.get("provinsi", ""),
        assessor=asked.get("asesor", "") if is_number(asked.get("asesor", "")) else "",
        provinces=list(provinces.values_list("code", "name")),
        assessors=sorted(((str(pk), name) for pk, name in people), key=lambda choice: choice[1]),
    )
    shown = _narrowed(cases, search).select_related("candidate__user", "scheme_version__scheme", "province")
    return Paginator(shown, PER_PAGE).get_page(asked.get("p")), search


def _narrowed(cases: QuerySet[Application], search: Search) -> QuerySet[Application]:
    if search.province:
        cases = cases.filter(province=search.province)
    if search.assessor:
        cases = cases.filter(assignments__assessor=int(search.assessor), assignments__in_force=True)
    if not search.words:
        return cases
    if any(letter.isdigit() for letter in search.words):
        return cases.filter(number__icontains=search.words)
    people = find_people(search.words, may_see_contacts=False)[:MAX_PEOPLE]
    return cases_of(cases, CandidateProfile.objects.filter(user_id__in=people))


# --- another assessor ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Successor:
    """One line of the dialog: an assessor, why not, and what to consider."""

    assessor: AssessorProfile
    refusal: str
    warning: str


def successors(session: AssessmentSession, old: AssessorProfile, people: QuerySet[AssessorProfile]) -> list[Successor]:
    """Everybody but the one who leaves, those who may take over first."""
    cases = [
        seat.application
        for seat in seats_in(session).filter(
            application__assignments__assessor=old, application__assignments__in_force=True
        )
    ]
    prefetch_related_objects(cases, "scheme_version__scheme__qualifications")
    others = list(people.exclude(pk=old.pk))
    busy = conflicts.busy_assessors(session, [person.pk for person in others])
    day = session.local_end.date()
    found = []
    for person in others:
        refusals = [rules.may_assess(person, case, on=day) for case in cases]
        warnings = [rules.shares_institution(person, case) for case in cases]
        unknown = [rules.qualification_unknown(person, case.scheme_version.scheme) for case in cases]
        refusal = next(filter(None, [*refusals, busy.get(person.pk, "")]), "")
        found.append(Successor(person, refusal, " ".join(dict.fromkeys(filter(None, [*warnings, *unknown])))))
    return sorted(found, key=lambda choice: bool(choice.refusal))


def waiting_by_scheme() -> list[dict[str, Any]]:
    """How many cases of each scheme wait for a schedule, the most first."""
    rows = (
        waiting_for_schedule().order_by().values_list("scheme_version__scheme__code", "scheme_version__scheme__title")
    )
    counted = rows.annotate(n=Count("pk")).order_by("-n", "scheme_version__scheme__title")
    board = reverse("admin:core_assessmentsession_board")
    return [{"title": title, "count": n, "url": f"{board}?skema={code}"} for code, title, n in counted]
