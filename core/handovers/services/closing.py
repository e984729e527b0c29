"""From a list that is being prepared to one that lies with BNSP, and to what becomes of it afterwards."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.activity.services import record_activity
from core.applications.snapshot import canonical, content_hash
from core.common.exceptions import DomainError
from core.common.numbering import next_number
from core.common.text import clean_line, within
from core.content.queries import letterhead, signatory
from core.decisions.models import Decision
from core.documents.services import sign
from core.handovers import rules
from core.handovers.cells import Cell
from core.handovers.checks import Examined, examine
from core.handovers.enums import Channel
from core.handovers.letter import words_of
from core.handovers.models import Handover, HandoverCase
from core.handovers.queries import plenaries_of
from core.handovers.services.cases import claim, lock_decisions, lock_handover, release
from core.handovers.transitions import WORKFLOW

FORMAT = 1


@transaction.atomic
def check_handover(*, handover: Handover, acceptance: str = "", by: Any) -> Handover:
    """Look at everything once more and freeze it: rows, letter, number. Faults stop it, warnings want a reason."""
    from core.handovers.papers import ensure_minutes  # loads the PDF engine

    handover = lock_handover(handover)
    lock_decisions(handover)
    WORKFLOW.apply(handover, "check", by)
    plenaries = plenaries_of(handover)
    if all(plenary.number for plenary in plenaries):  # those without are told among the faults
        ensure_minutes(plenaries)
    examined = examine(handover)
    if faults := len(examined.faults):
        raise DomainError(
            _("Masih ada %(count)d kesalahan. Perbaiki semuanya, lalu periksa lagi.") % {"count": faults},
            code="check.faults",
        )
    handover.acceptance = _reason(acceptance, field="acceptance") if examined.warnings else ""
    if handover.number is None:
        handover.number = next_number("handover")
    handover.edition += 1
    handover.manifest, handover.archive_size, handover.archive_sha256 = "", None, ""
    handover.checked_by, handover.checked_at = by, timezone.now()
    handover.content = canonical(_content(handover, examined))
    handover.sha256 = content_hash(handover.content)
    handover.signature = sign(
        by=by,
        role=_("Pemeriksa"),
        meaning=_("Serah terima %(number)s kepada BNSP") % {"number": handover.number},
        content_sha256=handover.sha256,
    )
    handover.save()
    record_activity("handover.check", by=by, subject=handover, count=len(examined.rows), sha256=handover.sha256)
    return handover


def _content(handover: Handover, examined: Examined) -> dict[str, Any]:
    """What is signed. The rows themselves, which name people, are kept beside it; here stand their hashes."""
    facts = [one for one, _cells in examined.rows]
    plenaries = plenaries_of(handover)
    rows = [_freeze(one.case, cells) for one, cells in examined.rows]
    HandoverCase.objects.bulk_update(rows, ["content", "sha256"], batch_size=100)
    return {
        "format": FORMAT,
        "number": handover.number,
        "replaces": handover.replaces.number if handover.replaces else "",
        "lsp": letterhead(),
        "signatory": signatory(),
        "letter": words_of(handover, number=handover.number, facts=facts, plenaries=plenaries),
        "columns": [{"heading": column.heading, "source": column.source} for column in examined.table.columns],
        "rows": [row.sha256 for row in rows],
        "plenaries": [
            {"number": row.number, "held_on": row.held_on.isoformat(), "sha256": row.document.sha256}
            for row in plenaries
        ],
        "warnings": len(examined.warnings),
        "acceptance": handover.acceptance,
    }


def _freeze(row: HandoverCase, cells: list[Cell]) -> HandoverCase:
    shown = [cell.shown.isoformat() if isinstance(cell.shown, date) else str(cell.shown) for cell in cells]
    row.content = canonical(shown)
    row.sha256 = content_hash(row.content)
    return row


@transaction.atomic
def reopen_handover(*, handover: Handover, by: Any) -> Handover:
    """Something has to change: the signature falls, the number stays."""
    handover = lock_handover(handover)
    WORKFLOW.apply(handover, "reopen", by)
    handover.signature, handover.content, handover.sha256 = None, "", ""
    handover.manifest, handover.archive_size, handover.archive_sha256 = "", None, ""
    handover.checked_by, handover.checked_at, handover.acceptance = None, None, ""
    handover.save()
    record_activity("handover.reopen", by=by, subject=handover)
    return handover


@transaction.atomic
def hand_over(*, handover: Handover, handed_on: date, channel: str, reference: str = "", by: Any) -> Handover:
    """Write down that it went to BNSP. What it corrects gives way in the same moment."""
    from core.handovers.papers import ensure_files  # loads the PDF engine

    handover = lock_handover(handover)
    lock_decisions(handover)  # an appeal that is being filed is waited for, or waits
    WORKFLOW.apply(handover, "hand_over", by)
    if channel not in Channel.values:
        raise DomainError(_("Pilih cara penyerahannya."), code="hand_over.channel", field="channel")
    first = timezone.localdate(handover.checked_at)
    if not first <= handed_on <= timezone.localdate():
        raise DomainError(
            _("Tanggal diserahkan antara hari diperiksa (%(first)s) dan hari ini.")
            % {"first": date_format(first, "j F Y")},
            code="hand_over.day",
            field="handed_on",
        )
    kept = ensure_files(handover=handover)
    for name in ("manifest", "archive_size", "archive_sha256"):
        setattr(handover, name, getattr(kept, name))
    if handover.replaces is not None:
        _give_way(lock_handover(handover.replaces), to=handover, by=by)
    handover.handed_on, handover.channel, handover.handed_by = handed_on, channel, by
    handover.reference = within(clean_line(reference), 120, field="reference")
    handover.save()
    record_activity("handover.hand_over", by=by, subject=handover, count=handover.cases.count())
    return handover


def _give_way(former: Handover, *, to: Handover, by: Any) -> None:
    """The rows of a correction take the place of those before; what it leaves out waits again."""
    WORKFLOW.apply(former, "replace", by)
    former.ended_at = timezone.now()
    former.save(update_fields=["status", "ended_at", "updated_at"])
    taken = set(to.cases.values_list("decision_id", flat=True))
    release(row for row in former.cases.filter(in_force=True) if row.decision_id not in taken)
    former.cases.update(in_force=None)
    to.cases.update(in_force=True)
    record_activity("handover.replace", by=by, subject=former, successor=to.number)


@transaction.atomic
def correct_handover(*, handover: Handover, reason: str, by: Any) -> Handover:
    """Prepare what takes the place of a hand-over that went out: the same cases as they stand now.

    A case that was decided anew on appeal comes with its new decision. The former stays valid until the correction
    is handed over.
    """
    handover = lock_handover(handover)
    if refusal := rules.why_not_correct(handover, by):
        raise DomainError(refusal, code="correct_handover.refused")
    reason = _reason(reason, field="reason")
    correction = Handover.objects.create(
        title=within((_("Koreksi %(number)s") % {"number": handover.number}), 150, field="title"),
        note=reason,
        prepared_by=by,
        replaces=handover,
        uploaded_letter=None,
    )
    rows = list(handover.cases.filter(in_force=True).select_related("decision").defer("content"))
    HandoverCase.objects.bulk_create(
        HandoverCase(
            handover=correction,
            decision=row.decision,
            application_id=row.application_id,
            position=row.position,
            in_force=None,
        )
        for row in rows
        if row.decision.in_force
    )
    fallen = [row.application_id for row in rows if not row.decision.in_force]
    if anew := list(
        Decision.objects.filter(application__in=fallen, to_report=True, in_force=True).values_list("pk", flat=True)
    ):
        claim(correction, anew)
    record_activity("handover.correct", by=by, subject=correction, former=handover.number)
    return correction


@transaction.atomic
def withdraw_handover(*, handover: Handover, reason: str, by: Any) -> Handover:
    """It does not go out, or was taken back: its cases wait for another one. What went out stays kept."""
    handover = lock_handover(handover)
    WORKFLOW.apply(handover, "withdraw", by)
    handover.end_reason, handover.ended_at = _reason(reason, field="reason"), timezone.now()
    handover.save()
    release(handover.cases.filter(in_force=True))
    handover.cases.update(in_force=None)
    record_activity("handover.withdraw", by=by, subject=handover)
    return handover


def _reason(text: str, *, field: str) -> str:
    text = within(text, 500, field=field)
    if len(text) < rules.MIN_REASON:
        raise DomainError(
            _("Tulis alasannya, sedikitnya %(count)d huruf.") % {"count": rules.MIN_REASON},
            code=f"handover.{field}",
            field=field,
        )
    return text
