"""From a written-down plenary to decisions that count: recorded by one person, confirmed by a second one."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.activity.services import record_activity
from core.applications.enums import Outcome
from core.applications.services import lock
from core.applications.snapshot import canonical, content_hash
from core.common.exceptions import DomainError
from core.common.numbering import next_number
from core.decisions import rules
from core.decisions.enums import AppealStatus, PlenaryStatus
from core.decisions.minutes import build_content
from core.decisions.models import Appeal, Decision, Plenary
from core.decisions.queries import agenda, reasons
from core.decisions.services.plenaries import lock_plenary
from core.decisions.transitions import WORKFLOW
from core.documents.services import sign
from core.messaging.services import queue_message


@transaction.atomic
def record_plenary(*, plenary: Plenary, by: Any) -> Plenary:
    """Sign that this is what the meeting decided. Nothing counts yet: a second person confirms it."""
    plenary = lock_plenary(plenary)
    if reason := rules.is_preparing(plenary, by) or rules.was_held(plenary):
        raise DomainError(reason, code="record.refused")
    rows = agenda(plenary)
    if reason := rules.why_not_record(list(plenary.members.all()), rows) or rules.why_not_rule(rows, by):
        raise DomainError(reason, code="record.refused")
    plenary.status, plenary.recorded_by, plenary.recorded_at = PlenaryStatus.RECORDED, by, timezone.now()
    plenary.content = canonical(build_content(plenary, rows))
    plenary.sha256 = content_hash(plenary.content)
    plenary.record_signature = sign(
        by=by,
        role=_("Pencatat"),
        meaning=_("Keputusan %(title)s") % {"title": plenary.title},
        content_sha256=plenary.sha256,
    )
    plenary.save()
    record_activity("plenary.record", by=by, subject=plenary, count=len(rows), sha256=plenary.sha256)
    return plenary


@transaction.atomic
def reopen_plenary(*, plenary: Plenary, by: Any) -> Plenary:
    """Something is not right: what was written down can be changed again and has to be signed anew."""
    plenary = lock_plenary(plenary)
    if reason := rules.may_reopen(plenary, by):
        raise DomainError(reason, code="reopen.refused")
    plenary.status, plenary.recorded_by, plenary.recorded_at = PlenaryStatus.PREPARING, None, None
    plenary.content, plenary.sha256, plenary.record_signature = "", "", None
    plenary.save()
    record_activity("plenary.reopen", by=by, subject=plenary)
    return plenary


@transaction.atomic
def cancel_plenary(*, plenary: Plenary, by: Any) -> Plenary:
    """The meeting does not take place; its cases wait for another one."""
    plenary = lock_plenary(plenary)
    if reason := rules.may_cancel(plenary, by):
        raise DomainError(reason, code="cancel.refused")
    plenary.status = PlenaryStatus.CANCELLED
    plenary.save(update_fields=["status", "updated_at"])
    plenary.decisions.update(in_force=None)
    record_activity("plenary.cancel", by=by, subject=plenary)
    return plenary


@transaction.atomic
def confirm_plenary(*, plenary: Plenary, by: Any) -> Plenary:
    """A second person confirms: the minutes get their number, every case its decision, every candidate a letter.

    Who was found competent is named in a decision letter (SK kelulusan) with a number of its own.

    Refused when anything is not as it was written down, such as a result corrected meanwhile.
    """
    plenary = lock_plenary(plenary)
    if reason := rules.may_confirm(plenary, by):
        raise DomainError(reason, code="confirm.refused")
    cases = [lock(row.application) for row in sorted(agenda(plenary), key=lambda row: row.application.pk)]
    rows = agenda(plenary)  # read again: a case may have been withdrawn before its row was ours
    if corrected := [row for row in rows if row.is_corrected]:
        raise DomainError(
            _("Hasil asesmen %(numbers)s dikoreksi sesudah dicatat. Buka kembali, lihat hasilnya, lalu catat lagi.")
            % {"numbers": rules.named(corrected)},
            code="confirm.corrected",
        )
    if content_hash(canonical(build_content(plenary, rows))) != plenary.sha256:
        raise DomainError(
            _("Agenda atau data permohonannya berubah sesudah dicatat. Buka kembali, periksa, lalu catat lagi."),
            code="confirm.changed",
        )
    if reason := rules.why_not_rule(rows, by):
        raise DomainError(reason, code="confirm.partial")
    now = timezone.now()
    decisions = {row.application.pk: row.decision for row in rows}
    for application in cases:
        _decide(application, decisions[application.pk], now=now, by=by)
    plenary.number = next_number("plenary")
    plenary.status, plenary.confirmed_by, plenary.confirmed_at = PlenaryStatus.CONFIRMED, by, now
    plenary.confirm_signature = sign(
        by=by,
        role=_("Pengesah"),
        meaning=_("Berita acara %(number)s") % {"number": plenary.number},
        content_sha256=plenary.sha256,
    )
    if any(decision.outcome == Outcome.COMPETENT for decision in decisions.values()):
        plenary.letter_number = next_number("decision-letter")
        plenary.letter_signature = sign(
            by=by,
            role=_("Pengesah"),
            meaning=_("SK kelulusan %(number)s") % {"number": plenary.letter_number},
            content_sha256=plenary.sha256,
        )
    plenary.save()
    record_activity("plenary.confirm", by=by, subject=plenary, count=len(cases), sha256=plenary.sha256)
    return plenary


def _decide(application: Any, decision: Decision, *, now: Any, by: Any) -> None:
    is_competent = decision.outcome == Outcome.COMPETENT
    act = "declare_competent" if is_competent else "declare_not_yet_competent"
    WORKFLOW.apply(application, act, by)
    application.save(update_fields=["status", "updated_at"])
    decision.decided_at, decision.to_report = now, True
    decision.save(update_fields=["decided_at", "to_report"])
    appeal = Appeal.objects.filter(application=application, status=AppealStatus.FILED).first()
    if appeal is not None:
        appeal.status = AppealStatus.GRANTED if is_competent else AppealStatus.DISMISSED
        appeal.resolution = decision
        appeal.save(update_fields=["status", "resolution", "updated_at"])
    record_activity(f"application.{act}", by=by, subject=application)
    _tell_candidate(application, decision, appeal)


def _tell_candidate(application: Any, decision: Decision, appeal: Appeal | None) -> None:
    if appeal is not None:
        template = "appeal-granted" if appeal.status == AppealStatus.GRANTED else "appeal-dismissed"
    else:
        template = "decision-competent" if decision.outcome == Outcome.COMPETENT else "decision-not-yet-competent"
    user = application.candidate.user
    queue_message(
        template,
        recipient=user,
        dedupe_key=f"decision-{decision.pk}",
        values={
            "nama": user.full_name,
            "nomor": application.number,
            "skema": application.scheme_version.scheme.title,
            "tautan": f"{settings.SITE_URL}/permohonan/{application.reference}/",
            "alasan": "\n".join(f"- {reason}" for reason in reasons(decision)) or "-",
            "batas": date_format(rules.last_day_to_appeal(decision), "j F Y"),
        },
    )
