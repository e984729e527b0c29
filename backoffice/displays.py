"""How values look in lists and headers: colours of statuses, age in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.applications.enums import ApplicationStatus, Verdict
from core.applications.models import Application
from core.assessments.enums import SessionStatus
from core.backups.drill_enums import DrillOutcome, StepResult
from core.backups.enums import BackupOutcome
from core.certificates.enums import SurveillanceOutcome
from core.certificates.standing import STATE_TONES
from core.documents.models import RunOutcome
from core.inquiries.enums import TicketStatus
from core.institutions.enums import Stage
from core.jobs.enums import JobState
from core.messaging.models import OutboxStatus
from core.privacy.models import LegalHold
from core.schemes.enums import Completeness, VersionStatus

#: Status → tone of Unfold's label. The same tones as on the candidate's desk.
STATUS_TONES = {
    ApplicationStatus.SUBMITTED: "info",
    ApplicationStatus.UNDER_REVIEW: "primary",
    ApplicationStatus.RETURNED: "warning",
    ApplicationStatus.ACCEPTED: "success",
    ApplicationStatus.REJECTED: "danger",
    ApplicationStatus.PREASSESSED: "success",
    ApplicationStatus.NOT_CONTINUED: "danger",
    ApplicationStatus.SCHEDULED: "info",
    ApplicationStatus.ASSESSED: "primary",
    ApplicationStatus.COMPETENT: "success",
    ApplicationStatus.NOT_YET_COMPETENT: "warning",
    ApplicationStatus.APPEALED: "warning",
    ApplicationStatus.CERTIFIED: "success",
    ApplicationStatus.WITHDRAWN: "",
}
CERTIFICATE_TONES = {state: "" if tone == "neutral" else tone for state, tone in STATE_TONES.items()}
SURVEILLANCE_TONES = {
    "terlambat": "danger",
    "perlu": "warning",
    SurveillanceOutcome.MAINTAINED: "success",
    SurveillanceOutcome.ACTION: "danger",
    SurveillanceOutcome.NO_ANSWER: "warning",
    SurveillanceOutcome.MISSED: "",
}
VERSION_TONES = {VersionStatus.DRAFT: "warning", VersionStatus.PUBLISHED: "success", VersionStatus.RETIRED: ""}
OUTBOX_TONES = {
    OutboxStatus.WAITING: "info",
    OutboxStatus.SENDING: "info",
    OutboxStatus.SENT: "success",
    OutboxStatus.FAILED: "danger",
}
TICKET_TONES = {TicketStatus.OPEN: "warning", TicketStatus.ANSWERED: "info", TicketStatus.CLOSED: "success"}
JOB_TONES = {
    JobState.WAITING: "",
    JobState.RUNNING: "info",
    JobState.DONE: "success",
    JobState.FAILED: "danger",
    JobState.CANCELLED: "",
    JobState.INTERRUPTED: "warning",
}
RUN_TONES = {RunOutcome.INTACT: "success", RunOutcome.FAULTY: "danger", RunOutcome.UNFINISHED: "warning"}
BACKUP_TONES = {
    BackupOutcome.RUNNING: "info",
    BackupOutcome.OK: "success",
    BackupOutcome.PARTIAL: "warning",
    BackupOutcome.FAILED: "danger",
}
DRILL_TONES = {
    DrillOutcome.RUNNING: "info",
    DrillOutcome.PROVEN: "success",
    DrillOutcome.DIFFERS: "danger",
    DrillOutcome.UNVERIFIED: "warning",
}
STEP_TONES = {
    StepResult.FINE: "success",
    StepResult.DIFFERS: "danger",
    StepResult.FAILED: "warning",
    StepResult.SKIPPED: "",
}
COMPLETENESS_TONES = {
    Completeness.COMPLETE: "success",
    Completeness.INCOMPLETE: "warning",
    Completeness.TITLE_ONLY: "danger",
}
VERDICT_TONES = {Verdict.MEETS: "success", Verdict.FAILS: "danger", Verdict.ABSENT: "warning"}

SESSION_TONES = {
    SessionStatus.PLANNED: "warning",
    SessionStatus.ANNOUNCED: "info",
    SessionStatus.CLOSED: "success",
    SessionStatus.CANCELLED: "",
}

#: A case that waits longer than this many whole days shows amber, then red.
AMBER_AFTER_DAYS = 3
RED_AFTER_DAYS = 7

#: Statuses in which a case waits for the LSP, so that its age counts.
WAITING = frozenset({ApplicationStatus.SUBMITTED, ApplicationStatus.UNDER_REVIEW})


@dataclass(frozen=True)
class Age:
    """How long something has waited: whole days, in words, and how bad that is."""

    days: int
    text: str
    tone: str


def age_since(moment: datetime) -> Age:
    """Calendar days by the office's clock: what came in last evening is a day old this morning."""
    days = max(0, (timezone.localdate() - timezone.localdate(moment)).days)
    text = _("hari ini") if days == 0 else _("%(days)d hari") % {"days": days}
    tone = "red" if days > RED_AFTER_DAYS else "amber" if days > AMBER_AFTER_DAYS else ""
    return Age(days, text, tone)


def waiting_age(application: Application) -> Age | None:
    """None when nobody waits for the LSP any more."""
    if application.status not in WAITING or application.submitted_at is None:
        return None
    return age_since(application.submitted_at)


def age_html(application: Application) -> SafeString:
    age = waiting_age(application)
    if age is None:
        return format_html('<span class="bo-age">{}</span>', "–")
    return format_html('<span class="bo-age" data-tone="{}">{}</span>', age.tone, age.text)


def seats_html(taken: int, quota: int) -> SafeString:
    """Seats taken as a bar with its figure."""
    share = min(100, round(100 * taken / quota)) if quota else 0
    tone = "full" if taken >= quota else ""
    return format_html(
        '<span class="bo-seats" data-tone="{}"><span class="bo-seats-track"><span style="--share: {}"></span></span>'
        "{}/{}</span>",
        tone,
        share,
        taken,
        quota,
    )


def chips(pieces: Iterable[tuple[str, Any]], *, into: str) -> SafeString:
    """Pieces of text that a click puts into a field (ids; the one last written in, else the first). See setup.js."""
    buttons = format_html_join(
        "",
        '<button type="button" class="bo-chip" data-insert="{}" data-into="{}"><code>{}</code> {}</button>',
        ((piece, into, piece, meaning) for piece, meaning in pieces),
    )
    return format_html('<div class="bo-chips">{}</div>', buttons)


def stage_words(counts: dict[str, int]) -> str:
    """How far the people of a batch are: “3 diundang, 2 permohonan terkirim”."""
    return ", ".join(f"{counts[stage]} {stage.label.lower()}" for stage in Stage if counts.get(stage)) or "–"


def hold_kind(hold: LegalHold) -> str:
    """What a hold lies on."""
    if hold.application_id:
        return _("Permohonan")
    return _("Orang") if hold.person_id else _("Dokumen")


def ago(moment: datetime) -> str:
    """How old it is: “baru saja”, “40 menit”, “28 jam”, “5 hari”. Hours for two days, since policies count in hours."""
    minutes = int((timezone.now() - moment).total_seconds() // 60)
    if minutes < 1:
        return _("baru saja")
    if minutes < 60:
        return _("%(n)d menit") % {"n": minutes}
    hours = minutes // 60
    return _("%(n)d jam") % {"n": hours} if hours < 48 else _("%(n)d hari") % {"n": hours // 24}
