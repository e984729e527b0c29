"""Holding papers back from destruction, and letting them go again."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.accounts.models import User
from core.activity.services import record_activity
from core.applications.models import Application
from core.common.exceptions import DomainError
from core.common.text import within
from core.documents.models import Document
from core.privacy.models import LegalHold
from core.privacy.rules import may_hold

MAX_REASON = 1000


@transaction.atomic
def place_hold(
    *,
    application: Application | None = None,
    person: User | None = None,
    document: Document | None = None,
    reason: str,
    by: Any,
) -> LegalHold:
    """Hold one case, one person's papers or one document; never twice, so that one lifting frees it."""
    if refusal := may_hold(by):
        raise DomainError(refusal, code="place_hold.forbidden")
    what = {"application": application, "person": person, "document": document}
    named = {name: row for name, row in what.items() if row is not None}
    if len(named) != 1:
        raise DomainError(_("Pilih satu: permohonan, orang, atau dokumen."), code="place_hold.what", field="reference")
    if document is not None and document.is_destroyed:
        raise DomainError(_("Dokumen ini sudah dimusnahkan."), code="place_hold.destroyed")
    (row,) = named.values()
    type(row).objects.select_for_update().values_list("pk").get(pk=row.pk)  # two presses queue here
    if LegalHold.objects.filter(lifted_at=None, **named).exists():
        raise DomainError(_("Ini sudah ditahan. Lihat daftar penahanan."), code="place_hold.held")
    hold = LegalHold.objects.create(**named, reason=_reason(reason), placed_by=by)
    record_activity("hold.place", by=by, subject=hold)
    return hold


@transaction.atomic
def lift_hold(*, hold: LegalHold, reason: str, by: Any) -> LegalHold:
    """Let the papers follow their retention again."""
    hold = LegalHold.objects.select_for_update().get(pk=hold.pk)
    if refusal := may_hold(by):
        raise DomainError(refusal, code="lift_hold.forbidden")
    if not hold.is_in_force:
        raise DomainError(_("Penahanan ini sudah dilepas."), code="lift_hold.lifted")
    hold.lifted_by, hold.lifted_at, hold.lift_reason = by, timezone.now(), _reason(reason)
    hold.save(update_fields=["lifted_by", "lifted_at", "lift_reason"])
    record_activity("hold.lift", by=by, subject=hold)
    return hold


def _reason(text: str) -> str:
    text = within(text, MAX_REASON, field="reason")
    if not text:
        raise DomainError(_("Tulis alasannya; orang lain membacanya nanti."), code="hold.reason", field="reason")
    return text
