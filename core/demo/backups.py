"""Backups and restore drills in the demonstration, in every outcome. Rows only: there is nothing behind them."""

from datetime import datetime, timedelta

from django.utils import timezone

from core.accounts.models import User
from core.backups.drill_enums import DrillOutcome, DrillStep, StepResult
from core.backups.drill_models import RestoreDrill
from core.backups.enums import BackupKind, BackupOutcome, Place
from core.backups.models import BackupCopy, BackupRun

NIGHTS = 12
#: Nights ago → what went wrong that night.
BAD_NIGHTS = {
    4: (BackupOutcome.PARTIAL, "Repositori luar: server tujuan tidak dapat dihubungi. Periksa jaringannya."),
    9: (BackupOutcome.FAILED, "Tempat cadangan penuh. Tambah ruangnya, lalu ulangi; cadangan lama tetap utuh."),
}
SECONDS = {
    DrillStep.PREPARE: 2.1,
    DrillStep.RESTORE: 41.8,
    DrillStep.ROWS: 3.4,
    DrillStep.FILES: 12.9,
    DrillStep.MIGRATE: 1.2,
    DrillStep.KEYS: 0.3,
    DrillStep.PAPERS: 2.2,
    DrillStep.LOG_IN: 3.9,
    DrillStep.CLEAN: 0.8,
}
LOST = "documents/3f/9a/3f9a51c07de2b8846e0f5a92c1d7b3e4a8f60915c2d3b7e8f1a4065d9c8b7a6e"


def seed_backups(*, administrator: User) -> None:
    """A fortnight of nights with two bad ones, and three drills: proven, differing, not to be verified."""
    last_night = timezone.localtime().replace(hour=1, minute=30, second=0, microsecond=0)
    if last_night > timezone.now() - timedelta(hours=1):  # begun at night: no backup is from the future
        last_night -= timedelta(days=1)
    copies = {night: _backup(last_night - timedelta(days=night), night) for night in range(NIGHTS, -1, -1)}
    _drill(copies[11], Place.REMOTE, DrillStep.RESTORE, StepResult.FAILED, by=None)
    _drill(copies[8], Place.LOCAL, DrillStep.FILES, StepResult.DIFFERS, by=administrator)
    _drill(copies[1], Place.REMOTE, None, StepResult.FINE, by=None)


def _backup(begun_at: datetime, night: int) -> dict[str, BackupCopy]:
    outcome, problem = BAD_NIGHTS.get(night, (BackupOutcome.OK, ""))
    grown = NIGHTS - night
    run = BackupRun.objects.create(
        kind=BackupKind.FULL,
        outcome=outcome,
        begun_at=begun_at,
        ended_at=begun_at + timedelta(seconds=70 + 3 * grown),
        moment=begun_at,
        program="1.7.0",
        tables=178,
        rows=18_400 + 210 * grown,
        documents=410 + 9 * grown,
        document_bytes=(380 + 8 * grown) << 20,
        database_bytes=(36 + grown) << 20,
        problem=problem,
    )
    found = {}
    for place in Place.values:
        is_bad = outcome == BackupOutcome.FAILED or (outcome == BackupOutcome.PARTIAL and place == Place.REMOTE)
        found[place] = BackupCopy.objects.create(
            run=run,
            repository=place,
            outcome=BackupOutcome.FAILED if is_bad else BackupOutcome.OK,
            snapshot="" if is_bad else f"{run.pk:04x}{'a3' if place == Place.LOCAL else 'c7'}" * 10,
            bytes_added=0 if is_bad else 9 << 20,
            problem=problem if is_bad else "",
        )
    return found


def _drill(
    copies: dict[str, BackupCopy], place: str, bad_step: DrillStep | None, result: StepResult, *, by: User | None
) -> None:
    """Ends at the step that could not be done; one that differs goes on."""
    copy, steps = copies[place], []
    for step, seconds in SECONDS.items():
        is_bad = step == bad_step
        steps.append({"code": step, "result": result if is_bad else StepResult.FINE, "seconds": seconds, "note": ""})
        if is_bad and result == StepResult.FAILED:
            steps[-1]["note"] = "Server tujuan tidak dapat dihubungi. Periksa jaringan dan server itu, lalu ulangi."
            break
        if is_bad:
            steps[-1]["note"] = "1 perbedaan."
    outcome = {StepResult.FAILED: DrillOutcome.UNVERIFIED, StepResult.DIFFERS: DrillOutcome.DIFFERS}
    run, is_whole = copy.run, result != StepResult.FAILED
    begun_at = run.begun_at + timedelta(hours=1)
    drill = RestoreDrill.objects.create(
        ended_at=begun_at + timedelta(seconds=sum(step["seconds"] for step in steps)),
        outcome=outcome.get(result, DrillOutcome.PROVEN),
        place=place,
        copy=copy,
        snapshot=copy.snapshot,
        snapshot_at=run.moment,
        program=run.program,
        steps=steps,
        tables=run.tables if is_whole else 0,
        rows=run.rows if is_whole else 0,
        documents=run.documents if is_whole else 0,
        size=run.document_bytes if is_whole else 0,
        papers=40 if is_whole else 0,
        usable_seconds=49 if result == StepResult.FINE else None,
        requested_by=by,
    )
    if result == StepResult.DIFFERS:
        drill.differences = [
            {"step": DrillStep.FILES, "name": LOST, "expected": LOST[-64:], "found": "berkas tidak ada"}
        ]
        drill.difference_count = 1
        drill.save(update_fields=["differences", "difference_count"])
    RestoreDrill.objects.filter(pk=drill.pk).update(begun_at=begun_at)
    if drill.outcome == DrillOutcome.PROVEN:
        BackupCopy.objects.filter(pk=copy.pk).update(proven_at=drill.ended_at)
