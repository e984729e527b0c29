"""The acts on a whole session and its papers, as its page draws them. The acts themselves: `session_acts`."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.assessments import session_rules
from core.assessments.enums import SessionStatus
from core.assessments.models import AssessmentSession
from core.assessments.seats import TOLD_STATUSES, LetterState, letter_states, own_seats
from core.assessments.session_transitions import WORKFLOW
from core.common.transitions import Transition

#: Not a row of the workflow table, since it changes no status; told and drawn like one.
REISSUE = Transition(
    name="reissue",
    sources=frozenset({SessionStatus.ANNOUNCED}),
    target=SessionStatus.ANNOUNCED,
    label=_("Terbitkan ulang surat tugas"),
    permission="schedule_session",
    tone="primary",
    hint=_("Surat tugas yang tidak lagi sesuai diganti dengan nomor baru dan dikirim; yang lama dinyatakan dicabut."),
)


def context(session: AssessmentSession, by: Any) -> dict[str, Any]:
    """What `backoffice/session/acts.html` draws: the buttons of this status and person, the letters, the papers."""
    teams = teams_shown(session, by)
    shows_letters = session.status in TOLD_STATUSES
    is_coming = session.status == SessionStatus.ANNOUNCED and session.ends_at > timezone.now()
    acts = [
        {"row": row, "reason": row.refusal(session, by), "url": act_address(session, row.name)}
        for row in WORKFLOW
        if session.status in row.sources and row.permits(session, by)
    ]
    records = session.status == SessionStatus.ANNOUNCED and _may_record(session, by)
    return {
        "session_acts": acts,
        "session_act_reasons": list(dict.fromkeys(act["reason"] for act in acts if act["reason"])),
        "teams": teams,
        "shows_letters": shows_letters,
        "are_letters_stale": is_coming and not all(team.is_true for team in teams),  # of what is over nobody asks
        "reissue_url": act_address(session, REISSUE.name) if REISSUE.permits(session, by) else "",
        "attendance_url": reverse("admin:core_assessmentsession_attendance", args=[session.pk]) if records else "",
        "attendance_reason": session_rules.why_not_record_attendance(session, by) if records else "",
        "attendance_list_url": (
            reverse("admin:core_assessmentsession_attendance_list", args=[session.pk])
            if by.has_perm("core.view_identifiers")
            else ""
        ),
        "shows_session_papers": shows_letters,
        "opens_letters": by.has_perm("core.view_identifiers"),
    }


def act_address(session: AssessmentSession, act: str) -> str:
    return reverse("admin:core_assessmentsession_act", args=[session.pk, act])


def teams_shown(session: AssessmentSession, by: Any) -> list[LetterState]:
    """Who assesses whom there, with the surat tugas; an assessor sees only the own line."""
    states = letter_states(session)
    if by.has_perm("core.view_assignmentletter"):
        return states
    return [state for state in states if state.assessor.user_id == by.pk]


def _may_record(session: AssessmentSession, by: Any) -> bool:
    return by.has_perm("core.schedule_session") or bool(own_seats(session, by))
