"""Home of an assessor: the sessions to come and what to do next with the cases that they hold, fit for a phone."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from backoffice.dashboard.assessor_steps import STEPS, Step, Task, steps_with
from backoffice.displays import STATUS_TONES, age_since
from backoffice.views import session_page
from backoffice.views.case_page import address
from core.accounts.models import AssessorProfile
from core.applications.enums import CLOSED_STATUSES, ApplicationStatus
from core.assessments.enums import RecordStatus
from core.assessments.models import AssessmentRecord, AssessmentSession, Assignment, FilledForm, Placement
from core.assessments.papers.queries import papers_waiting_for
from core.assessments.queries import own_assignments
from core.assessments.seats import sessions_to_come
from core.assessments.session_rules import has_begun
from core.assessments.words import time_words

#: From so many days before the end of a certificate its assessor is told on every visit.
EXPIRY_NOTICE_DAYS = 90
#: Cases in which an assessor has nothing left to do. Their assignments stay, so they become many; the first are shown.
FINISHED = CLOSED_STATUSES | {ApplicationStatus.COMPETENT}
LAST_STEP, FINISHED_SHOWN = STEPS[-1].key, STEPS[-1].limit
#: Cases and sessions whose papers are listed; the pages of the others tell.
PAPERS_SHOWN = 10


def home(request: HttpRequest) -> dict[str, Any]:
    """What waits for them, step by step, longest waiting first; and how long the own certificate still holds."""
    own = own_assignments(request.user)
    finished = own.filter(application__status__in=FINISHED)
    shown = list(finished[:FINISHED_SHOWN])
    hidden = finished.count() - len(shown) if len(shown) == FINISHED_SHOWN else 0
    under_way = own.exclude(application__status__in=FINISHED)
    assignments = sorted([*_with_seats(under_way), *_with_seats(shown)], key=lambda row: (row.assigned_at, row.pk))
    since = {assignment.application_id: assignment.assigned_at for assignment in assignments}
    steps = steps_with([_task(assignment) for assignment in assignments])
    found: dict[str, Any] = {
        "sessions": [_session(session) for session in sessions_to_come(request.user)],
        "tasks_count": len(assignments) + hidden,
        "papers": _papers(request.user),
        "steps": [
            {
                "step": step,
                "count": len(tasks) + (hidden if step.key == LAST_STEP else 0),
                "tasks": [_card(step, task, since) for task in tasks[: step.limit]],
            }
            for step, tasks in steps
        ],
    }
    profile = AssessorProfile.objects.filter(user=request.user).first()
    expiry = profile.certificate_expires_on if profile else None
    if expiry and expiry <= timezone.localdate() + timedelta(days=EXPIRY_NOTICE_DAYS):
        found["lead"] = _("Sertifikat asesor Anda berlaku sampai %(day)s. Perbarui, lalu beri tahu sekretariat.") % {
            "day": date_format(expiry, "j F Y")
        }
    return found


def _session(session: AssessmentSession) -> dict[str, Any]:
    """One announced session, with the own surat tugas; attendance as soon as it has begun."""
    return {
        "session": session,
        "link": session_page.address(session),
        "time": time_words(session),
        "place": session.venue.name if session.venue else session.get_mode_display(),
        "is_today": _touches_today(session),
        "letter": session.own_letters[0],
        "attendance": reverse("admin:core_assessmentsession_attendance", args=[session.pk])
        if has_begun(session)
        else "",
    }


def _touches_today(session: AssessmentSession) -> bool:
    """A session over midnight, or of several days, is today's on each of its days."""
    return session.local_start.date() <= timezone.localdate(timezone=session.zone) <= session.local_end.date()


def _papers(user: Any) -> dict[str, Any]:
    """What waits to be filled in or signed, one row for each case or session."""
    groups: dict[tuple, dict[str, Any]] = {}
    for paper in papers_waiting_for(user):
        group = groups.setdefault((paper.application_id, paper.session_id), _paper_group(paper))
        code, _space, name = paper.definition.title.partition(" ")
        group["papers"].append(
            {
                "short": code if name else paper.definition.title,
                "name": name,
                "url": reverse("admin:paper_next", args=[paper.pk]),
            }
        )
    return {
        "groups": list(groups.values())[:PAPERS_SHOWN],
        "count": sum(len(g["papers"]) for g in groups.values()),
        "more": max(0, len(groups) - PAPERS_SHOWN),
    }


def _paper_group(paper: FilledForm) -> dict[str, Any]:
    if paper.application_id:
        case = paper.application
        return {"number": case.number, "name": case.candidate.user.full_name, "url": address(case), "papers": []}
    return {
        "number": paper.session.number,
        "name": paper.session.scheme.title,
        "url": session_page.address(paper.session),
        "papers": [],
    }


def _with_seats(assignments: Iterable[Assignment]) -> list[Assignment]:
    """These with the seat in force and the corrections under way: three queries, however many cases."""
    seats = Placement.objects.filter(in_force=True).select_related("session__venue")
    corrections = AssessmentRecord.objects.filter(status=RecordStatus.DRAFT, corrects__in_force=True).defer("content")
    found = list(assignments)
    prefetch_related_objects(
        found,
        Prefetch("application__placements", seats, to_attr="seats"),
        Prefetch("application__records", corrections, to_attr="corrections"),
    )
    return found


def _task(assignment: Assignment) -> Task:
    case = assignment.application
    return Task(case, seat=next(iter(case.seats), None), is_corrected=bool(case.corrections))


def _card(step: Step, task: Task, since: dict[int, Any]) -> dict[str, Any]:
    return {
        "case": task.case,
        "when": task.when if task.case.status == ApplicationStatus.SCHEDULED else "",
        "link": step.link(task.case),
        "age": age_since(since[task.case.pk]),
        "tone": STATUS_TONES.get(task.case.status, ""),
    }
