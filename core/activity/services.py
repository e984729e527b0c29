"""The one door into the activity log."""

import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Model
from django.utils import timezone

from core.activity.context import current_ip_address
from core.activity.models import ActivityEntry
from core.activity.sealing import seal_after_commit

#: Looking at the same record again is told once in this time: the log stays readable.
VIEW_PAUSE = timedelta(hours=1)


def record_activity(code: str, *, by: Any = None, subject: Any = None, **data: Any) -> ActivityEntry:
    """Write down one act, in the caller's transaction: an act that is rolled back was never logged.

    `code` is `<noun>.<act>` as in labels.py, `subject` any model instance. `data` must hold no
    personal data: the log is kept longer than the person's file.
    """
    entry = ActivityEntry.objects.create(
        code=code,
        actor=_person(by),
        subject_type=subject._meta.model_name if subject is not None else "",
        subject_id=str(subject.pk) if subject is not None else "",
        subject_label=label_of(subject)[:120] if subject is not None else "",
        ip_address=current_ip_address(),
        data=json.loads(json.dumps(data)),  # as it will be read: a tuple is a list then
    )
    seal_after_commit(entry)
    return entry


def record_view(code: str, *, by: Any, subject: Any = None, **data: Any) -> None:
    """Write down that somebody looked; once an hour for the same person, act and record."""
    seen = ActivityEntry.objects.filter(
        code=code,
        actor=_person(by),
        subject_type=subject._meta.model_name if subject is not None else "",
        subject_id=str(subject.pk) if subject is not None else "",
        at__gt=timezone.now() - VIEW_PAUSE,
    )
    if not seen.exists():
        record_activity(code, by=by, subject=subject, **data)


def record_addition(*, subject: Model, by: Any) -> None:
    """A row of the set-up was added by form."""
    record_activity("record.add", by=by, subject=subject)


def record_change(*, subject: Model, fields: Iterable[str], by: Any) -> None:
    """A row of the set-up was changed by form; `fields` names what, never the values."""
    record_activity("record.change", by=by, subject=subject, fields=list(fields))


def record_deletion(*, subject: Model, by: Any) -> None:
    """A row of the set-up is about to be deleted by form."""
    record_activity("record.delete", by=by, subject=subject)


def label_of(subject: Model) -> str:
    """What the log calls a row: its number or title; "#12" for whatever belongs to a person.

    A model says it itself with `activity_label`. Any other row that points at a person may carry
    the name in its text, and names do not belong into a log that is kept longer than the file.
    """
    if hasattr(subject, "activity_label"):
        return subject.activity_label or ""
    people = settings.AUTH_USER_MODEL
    if any(field.related_model and field.related_model._meta.label == people for field in subject._meta.fields):
        return f"#{subject.pk}"
    return str(subject)


def _person(by: Any) -> Any:
    return by if by is not None and getattr(by, "pk", None) else None
