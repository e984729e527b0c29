"""What an appeal changes in these rooms."""

from core.applications.models import Application
from core.assessments.models import AssessmentRecord


def set_record_aside(*, application: Application) -> None:
    """The results that were appealed against are history: another assessor begins a record of their own.

    In the caller's transaction; what was signed stays as it is.
    """
    application.records.filter(in_force=True).update(in_force=None)


def restore_record(*, record: AssessmentRecord) -> None:
    """The appeal was taken back: these results count again, in the caller's transaction."""
    record.in_force = True
    record.save(update_fields=["in_force", "updated_at"])
