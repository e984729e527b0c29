"""How an institution's list words what core knows."""

from typing import Any

from django.utils.translation import gettext as _

from core.institutions.enums import InstitutionStatus, Stage
from core.institutions.models import Invitation
from core.messaging.models import OutboxStatus

STATUS_TONES = {
    InstitutionStatus.WAITING: "warning",
    InstitutionStatus.APPROVED: "success",
    InstitutionStatus.REFUSED: "danger",
    InstitutionStatus.CLOSED: "neutral",
}
STAGE_TONES = {
    Stage.INVITED: "info",
    Stage.OPENED: "info",
    Stage.FILLING: "warning",
    Stage.SUBMITTED: "success",
    Stage.COMPETENT: "success",
    Stage.NOT_YET_COMPETENT: "danger",
    Stage.EXPIRED: "warning",
}


def stage_line(counts: dict[str, int]) -> list[dict[str, Any]]:
    """The stages that somebody is in, in the order of the journey: {key, title, tone, count}."""
    return [
        {"key": stage.value, "title": stage.label, "tone": STAGE_TONES.get(stage, "neutral"), "count": counts[stage]}
        for stage in Stage
        if counts.get(stage)
    ]


def person_row(invitation: Invitation) -> dict[str, Any]:
    """One line of a batch; `invitation` comes with its `stage` and its letter."""
    stage = Stage(invitation.stage)
    has_failed = invitation.letter is not None and invitation.letter.status == OutboxStatus.FAILED
    is_unanswered = stage in (Stage.INVITED, Stage.OPENED, Stage.EXPIRED)
    return {
        "row": invitation,
        "title": stage.label,
        "tone": STAGE_TONES.get(stage, "neutral"),
        "email": "" if invitation.email.endswith("@dihapus.invalid") else invitation.email,
        "is_unanswered": is_unanswered,
        "note": _("Surat tidak sampai; periksa alamatnya.") if has_failed and is_unanswered else "",
    }
