"""Cases on an agenda and what was written down about them, while the plenary is being prepared."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.activity.services import record_activity
from core.applications.enums import ApplicationStatus, Outcome
from core.applications.models import Application
from core.applications.services import lock
from core.common.exceptions import DomainError, StaleVersion
from core.common.text import within
from core.decisions import rules
from core.decisions.models import Decision, Plenary
from core.decisions.queries import agenda, signed_records
from core.decisions.services.plenaries import lock_plenary

MAX_NOTE = 500


@dataclass(frozen=True)
class Choice:
    """What was chosen for one case; `record` is the record that the page showed."""

    application: int
    record: int | None
    outcome: str
    note: str = ""


@transaction.atomic
def add_cases(*, plenary: Plenary, applications: Iterable[Application], by: Any) -> int:
    """Put cases on the agenda; how many are new there. All are fit, or none is added.

    A case lies with one plenary at a time, and only with a signed result is there something to decide.
    """
    plenary = lock_plenary(plenary)
    if reason := rules.is_preparing(plenary, by):
        raise DomainError(reason, code="add_case.refused")
    wanted = sorted({application.pk: application for application in applications}.items())
    present = set(plenary.decisions.values_list("application_id", flat=True))
    fresh = [application for pk, application in wanted if pk not in present]
    if len(present) + len(fresh) > rules.MAX_CASES:
        raise DomainError(
            _("Satu rapat pleno memutus paling banyak %(limit)d permohonan. Siapkan rapat berikutnya.")
            % {"limit": rules.MAX_CASES},
            code="add_case.too_many",
        )
    for application in fresh:  # by key, so that two who add the same ones wait instead of blocking each other
        application = lock(application)
        if application.status != ApplicationStatus.ASSESSED:
            raise DomainError(
                _("%(number)s tidak menunggu keputusan; statusnya “%(status)s”.")
                % {"number": application.reference, "status": application.get_status_display()},
                code="add_case.status",
            )
        record = signed_records([application.pk]).first()
        if record is None:
            raise DomainError(
                _("Hasil asesmen %(number)s belum ditandatangani asesornya.") % {"number": application.reference},
                code="add_case.unsigned",
            )
        other = Decision.objects.filter(application=application, in_force=True).select_related("plenary").first()
        if other is not None:
            raise DomainError(
                _("%(number)s sudah ada pada agenda “%(plenary)s”.")
                % {"number": application.reference, "plenary": other.plenary},
                code="add_case.elsewhere",
            )
        Decision.objects.create(plenary=plenary, application=application, record=record)
    if fresh:
        record_activity("plenary.add_case", by=by, subject=plenary, count=len(fresh))
    return len(fresh)


@transaction.atomic
def remove_case(*, plenary: Plenary, application: Application, by: Any) -> None:
    """Take a case off the agenda; it waits for another plenary."""
    plenary = lock_plenary(plenary)
    if reason := rules.is_preparing(plenary, by):
        raise DomainError(reason, code="remove_case.refused")
    removed, _kinds = plenary.decisions.filter(application=application).delete()
    if removed:
        record_activity("plenary.remove_case", by=by, subject=plenary, application=application.reference)


def leave_agenda(*, application: Application) -> None:
    """A case that is over leaves the agenda it stood on, in the caller's transaction.

    The plenary's row is not touched: whoever confirms it holds that and waits for the case. The
    confirmation finds that its agenda is another one than was written down, and says so.
    """
    application.decisions.filter(in_force=True, decided_at=None).delete()


@transaction.atomic
def save_decisions(*, plenary: Plenary, choices: Iterable[Choice], by: Any) -> int:
    """Write down what was decided on each of these cases; how many changed.

    Raises StaleVersion when a result was corrected after the page was drawn.
    """
    plenary = lock_plenary(plenary)
    if reason := rules.is_preparing(plenary, by):
        raise DomainError(reason, code="save_decisions.refused")
    rows = {row.application.pk: row for row in agenda(plenary)}
    changed = []
    for choice in choices:
        row = rows.get(choice.application)
        if row is None:
            raise StaleVersion(
                _("Agenda berubah sejak halaman ini dibuka. Muat ulang halaman."), code="save_decisions.gone"
            )
        if choice.outcome not in ("", *Outcome.values):
            raise DomainError(_("Keputusan ini tidak dikenal. Muat ulang halaman."), code="save_decisions.unknown")
        if (row.record and row.record.pk) != choice.record:
            raise StaleVersion(
                _("Hasil asesmen %(number)s dikoreksi sejak halaman ini dibuka. Lihat hasilnya, lalu putuskan lagi.")
                % {"number": row.application.reference},
                code="save_decisions.stale",
            )
        if row.record is None:
            continue
        note = within(choice.note, MAX_NOTE, field="note")
        if (row.outcome, row.note) == (choice.outcome, note) and not row.is_corrected:
            continue
        row.decision.record, row.decision.outcome, row.decision.note = row.record, choice.outcome, note
        row.is_corrected = False
        changed.append(row)
    if reason := rules.needs_note(changed):
        raise DomainError(reason, code="save_decisions.no_note", field="note")
    for row in changed:
        row.decision.save(update_fields=["record", "outcome", "note"])
    if changed:
        record_activity("plenary.save_decisions", by=by, subject=plenary, count=len(changed))
    return len(changed)


def follow_recommendations(*, plenary: Plenary, by: Any) -> int:
    """Where nothing was written down yet: as the assessor recommends; how many."""
    choices = [
        Choice(row.application.pk, row.record.pk, row.recommendation, row.note)
        for row in agenda(plenary)
        if row.record is not None and not row.outcome
    ]
    return save_decisions(plenary=plenary, choices=choices, by=by)
