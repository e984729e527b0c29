"""What an appeal changes in these rooms."""

from core.applications.models import Application


def set_record_aside(*, application: Application) -> None:
    """The results that were appealed against are history: another assessor begins a record of their own.

    In the caller's transaction; what was signed stays as it is.
    """
    application.records.filter(in_force=True).update(in_force=None)
