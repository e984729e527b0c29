"""Backups and drills as they are written down; nothing lies behind them."""

from datetime import timedelta

from django.utils import timezone

from core.backups.drill_enums import DrillOutcome, DrillStep, StepResult
from core.backups.drill_models import RestoreDrill
from core.backups.models import BackupCopy, BackupRun


def make_backup(*, outcome: str = "berhasil", hours_ago: int = 3, **values) -> BackupRun:
    """A full one, with its copy on this machine."""
    begun_at = timezone.now() - timedelta(hours=hours_ago)
    run = BackupRun.objects.create(
        outcome=outcome,
        begun_at=begun_at,
        ended_at=begun_at + timedelta(seconds=90),
        moment=begun_at,
        rows=1200,
        documents=5,
        document_bytes=1 << 20,
        **values,
    )
    BackupCopy.objects.create(run=run, repository="local", outcome=outcome, snapshot=f"{run.pk:064x}")
    return run


def make_drill(*, outcome: str = "terbukti", backup: BackupRun | None = None, **values) -> RestoreDrill:
    """Of that backup, or of a new one; what differs is one table."""
    run = backup or make_backup()
    results = {DrillOutcome.DIFFERS: StepResult.DIFFERS, DrillOutcome.UNVERIFIED: StepResult.FAILED}
    steps = [{"code": step, "result": StepResult.FINE, "seconds": 1.5, "note": ""} for step in DrillStep]
    if outcome in results:
        steps[2] |= {"result": results[outcome], "note": "1 perbedaan."}
    differences = [{"step": DrillStep.ROWS, "name": "core_region", "expected": "552", "found": "551"}]
    return RestoreDrill.objects.create(
        outcome=outcome,
        place="local",
        copy=run.copies.get(),
        snapshot=run.copies.get().snapshot,
        snapshot_at=run.moment,
        steps=steps if outcome != DrillOutcome.RUNNING else steps[:2],
        differences=differences if outcome == DrillOutcome.DIFFERS else [],
        difference_count=outcome == DrillOutcome.DIFFERS,
        ended_at=None if outcome == DrillOutcome.RUNNING else timezone.now() + timedelta(seconds=70),
        rows=1200,
        documents=5,
        tables=90,
        **values,
    )
