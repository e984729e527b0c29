"""Hand-overs to BNSP, for the demonstration: one that went out, one with two faults to mend, and a case that waits."""

from django.utils import timezone

from core.accounts.models import CandidateProfile, User
from core.assessments.models import AssessmentSession
from core.decisions.enums import PlenaryStatus
from core.decisions.models import Decision, Plenary
from core.handovers.checks import examine
from core.handovers.models import Handover
from core.handovers.queries import FUNDING_LIST, MINISTRY_LIST, entries_of, pending_of
from core.handovers.services import check_handover, hand_over, prepare_handover, set_session_codes

#: What BNSP's system answered in the demonstration.
REFERENCE = "BNSP-CONTOH-0001"
ACCEPTANCE = "Data contoh: sudah dicocokkan dengan KTP asli."


def seed_handovers(*, clerk: User) -> None:
    """The first meeting's results went out but for one; those of the appeal are being prepared."""
    meetings = list(Plenary.objects.filter(status=PlenaryStatus.CONFIRMED).order_by("pk"))
    if len(meetings) < 2:
        return
    first, appeal = (_pending(meeting) for meeting in meetings[:2])
    lay_session_codes(first + appeal, clerk=clerk)
    if len(first) > 1:
        hand_over_all(first[:-1], clerk=clerk)
    if appeal:
        prepare_handover(decisions=appeal, by=clerk)
        people = [decision.application.candidate_id for decision in appeal[:1]]
        CandidateProfile.objects.filter(pk__in=people).update(occupation=None, phone_mobile="")


def lay_session_codes(decisions: list[Decision], *, clerk: User) -> None:
    """What BNSP calls the sessions of these cases, and who pays."""
    for number, session in enumerate(_sessions(decisions), start=1):
        set_session_codes(
            session=session,
            code=f"JDW-BNSP-{number:04d}",
            funding=entries_of(FUNDING_LIST).first(),
            ministry=entries_of(MINISTRY_LIST).filter(code="54").first(),
            by=clerk,
        )


def hand_over_all(decisions: list[Decision], *, clerk: User) -> Handover:
    """Left in preparation where the invented data have a fault that nobody thought of."""
    handover = prepare_handover(decisions=decisions, by=clerk)
    if not examine(handover).faults:
        handover = check_handover(handover=handover, acceptance=ACCEPTANCE, by=clerk)
        hand_over(handover=handover, handed_on=timezone.localdate(), channel="aplikasi", reference=REFERENCE, by=clerk)
    return handover


def _pending(meeting: Plenary) -> list[Decision]:
    return list(pending_of(meeting).select_related("plenary", "application"))


def _sessions(decisions: list[Decision]) -> list[AssessmentSession]:
    cases = [decision.application_id for decision in decisions]
    seats = {"placements__application__in": cases, "placements__in_force": True}
    return list(AssessmentSession.objects.filter(**seats).distinct().order_by("pk"))
