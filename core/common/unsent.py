"""What is typed into a form before it is sent as a whole: an appeal, a complaint, a request.

Kept for whoever types it and read by nobody else. Sending empties it in the transaction of the act itself, so that
what was sent does not come back as something that still waits.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.common.exceptions import StaleVersion
from core.common.models import UnsentForm
from core.common.text import within

#: Nothing is looked for longer than this after its owner wrote on it last.
KEPT = timedelta(days=30)
#: Longer than any box of these forms.
MAX_ANSWER = 10_000
NOTHING = UnsentForm()


def unsent_form(*, person: Any, name: str) -> UnsentForm:
    """What this person has typed and not sent; empty where there is nothing."""
    return UnsentForm.objects.filter(owner_id=person.pk, name=name).first() or NOTHING


@transaction.atomic
def save_unsent(*, name: str, answers: Mapping[str, str], version: int, by: Any) -> int:
    """Keep what was typed; the new version, or the old one where nothing changed."""
    row = _lock(name, by)
    answers = {key: within(value, MAX_ANSWER, field=key) for key, value in answers.items() if value.strip()}
    if answers == row.answers:
        return row.version
    _refuse_stale(row, version)
    return _write(row, answers, version)


@transaction.atomic
def empty_unsent(*, name: str, version: int, by: Any) -> int:
    """The form is being sent, in the caller's transaction: nothing of it waits any more."""
    row = _lock(name, by)
    _refuse_stale(row, version)
    return _write(row, {}, version)


def forget_unsent() -> int:
    """What nobody came back to; returns how many."""
    return UnsentForm.objects.filter(saved_at__lt=timezone.now() - KEPT).delete()[0]


def forget_unsent_of(*, person: Any) -> None:
    """All of somebody who is forgotten."""
    UnsentForm.objects.filter(owner=person).delete()


def _lock(name: str, by: Any) -> UnsentForm:
    row, _created = UnsentForm.objects.get_or_create(owner_id=by.pk, name=name)
    return UnsentForm.objects.select_for_update().get(pk=row.pk)


def _refuse_stale(row: UnsentForm, version: int) -> None:
    """Only where something would be lost: an empty row may be written on from anywhere."""
    if row.answers and row.version != version:
        raise StaleVersion(
            _("Isian ini sudah disimpan dari perangkat atau tab lain. Bandingkan keduanya dahulu."), code="unsent.stale"
        )


def _write(row: UnsentForm, answers: dict[str, str], version: int) -> int:
    row.answers, row.version = answers, max(row.version, version) + 1
    row.save(update_fields=["answers", "version", "saved_at"])
    return row.version
