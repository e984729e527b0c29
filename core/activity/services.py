"""The one door into the activity log."""

from typing import Any

from core.activity.context import current_ip_address
from core.activity.models import ActivityEntry


def record_activity(code: str, *, by: Any = None, subject: Any = None, **data: Any) -> ActivityEntry:
    """Write down one act, in the caller's transaction: an act that is rolled back was never logged.

    `code` is `<noun>.<act>` as in labels.py, `subject` any model instance. `data` must hold no
    personal data: the log is kept longer than the person's file.
    """
    person = by if by is not None and getattr(by, "pk", None) else None
    return ActivityEntry.objects.create(
        code=code,
        actor=person,
        subject_type=subject._meta.model_name if subject is not None else "",
        subject_id=str(subject.pk) if subject is not None else "",
        subject_label=(getattr(subject, "activity_label", "") or "")[:120] if subject is not None else "",
        ip_address=current_ip_address(),
        data=data,
    )
