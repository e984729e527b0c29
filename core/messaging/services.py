"""The only writers of the outbox."""

import logging
import re
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.activity.services import record_activity
from core.common.exceptions import DomainError
from core.messaging.models import MessageTemplate, OutboxMessage, OutboxStatus
from core.messaging.rules import why_not_resend

logger = logging.getLogger(__name__)

_PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_SECRET_WIPED = gettext_lazy("(isi dihapus karena memuat tautan rahasia)")
#: Waits between attempts; after the last one the message counts as failed and shows in the back office.
RETRY_AFTER = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 720))
#: More of the same kind to one address within the hour are not queued (mail bombing).
MAX_SAME_PER_HOUR = 5


def check_placeholders(template: MessageTemplate) -> None:
    """Raise ValidationError when subject or body name a placeholder that the template does not know."""
    for name in ("subject", "body"):
        unknown = set(_PLACEHOLDER.findall(getattr(template, name))) - set(template.placeholders)
        if unknown:
            raise ValidationError(
                {
                    name: _("Isian tidak dikenal: %(names)s. Yang dikenal: %(known)s.")
                    % {"names": ", ".join(sorted(unknown)), "known": ", ".join(template.placeholders)}
                }
            )


def render(text: str, values: dict[str, Any]) -> str:
    """Fill placeholders; a plain replacement, so that a template can run nothing."""
    return _PLACEHOLDER.sub(lambda match: str(values.get(match[1], "")), text)


def queue_message(
    template_key: str,
    *,
    recipient: Any = None,
    address: str = "",
    values: dict[str, Any],
    dedupe_key: str | None = None,
    is_secret: bool = False,
) -> OutboxMessage | None:
    """Write a message into the outbox in the caller's transaction.

    Returns None when nothing was queued: the same `dedupe_key` was there, or the address got
    MAX_SAME_PER_HOUR of this kind within the hour.
    """
    template = MessageTemplate.objects.get(key=template_key)
    address = address or recipient.email
    if dedupe_key and OutboxMessage.objects.filter(dedupe_key=dedupe_key).exists():
        return None
    recent = OutboxMessage.objects.filter(
        address=address, template_key=template_key, created_at__gt=timezone.now() - timedelta(hours=1)
    ).count()
    if dedupe_key is None and recent >= MAX_SAME_PER_HOUR:
        return None
    message = OutboxMessage.objects.create(
        recipient=recipient,
        address=address,
        template_key=template_key,
        subject=" ".join(render(template.subject, values).split())[:200],  # one line: no header can be slipped in
        body=render(template.body, values),
        dedupe_key=dedupe_key,
        is_secret=is_secret,
    )
    if settings.OUTBOX_SEND_ON_COMMIT:
        transaction.on_commit(lambda: send_message(message.pk), robust=True)
    return message


def send_message(pk: int) -> bool:
    """Send one waiting message; True when it went out.

    The row is claimed first (attempt counted, next attempt set), then sent, then marked: two
    senders never send the same attempt, and a crash in between leads to a later second attempt
    rather than to silence.
    """
    now = timezone.now()
    claimed = (
        OutboxMessage.objects.filter(pk=pk, status=OutboxStatus.WAITING)
        .filter(Q(next_attempt_at=None) | Q(next_attempt_at__lte=now))
        .update(attempts=F("attempts") + 1, next_attempt_at=now + RETRY_AFTER[0])
    )
    if not claimed:
        return False
    message = OutboxMessage.objects.get(pk=pk)
    if message.is_secret and message.created_at < now - timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT):
        # The link in it is dead by now; a letter that leads nowhere is worse than none.
        message.status, message.next_attempt_at, message.body = OutboxStatus.FAILED, None, _SECRET_WIPED
        message.save(update_fields=["status", "next_attempt_at", "body"])
        return False
    try:
        EmailMessage(message.subject, message.body, to=[message.address]).send()
    except Exception as error:  # SMTP, DNS, TLS: each means "not now"
        exhausted = message.attempts > len(RETRY_AFTER)
        message.status = OutboxStatus.FAILED if exhausted else OutboxStatus.WAITING
        message.next_attempt_at = None if exhausted else now + RETRY_AFTER[message.attempts - 1]
        message.last_error = type(error).__name__
        message.save(update_fields=["status", "next_attempt_at", "last_error"])
        logger.warning("outbox message %s not sent: %s", pk, type(error).__name__)
        return False
    message.status, message.sent_at, message.last_error = OutboxStatus.SENT, timezone.now(), ""
    if message.is_secret and not settings.DEMO:
        message.body = _SECRET_WIPED
    message.save(update_fields=["status", "sent_at", "last_error", "body"])
    return True


def send_waiting(limit: int = 500) -> tuple[int, int]:
    """Send what waits, oldest first; (sent, not sent)."""
    waiting = OutboxMessage.objects.filter(status=OutboxStatus.WAITING).filter(
        Q(next_attempt_at=None) | Q(next_attempt_at__lte=timezone.now())
    )
    results = [send_message(pk) for pk in waiting.order_by("pk").values_list("pk", flat=True)[:limit]]
    return results.count(True), results.count(False)


@transaction.atomic
def resend_message(*, message: OutboxMessage, by: Any) -> None:
    """Put a failed message back into the queue."""
    message = OutboxMessage.objects.select_for_update().get(pk=message.pk)
    if reason := why_not_resend(message, by):
        raise DomainError(reason, code="resend_message.not_failed")
    message.status, message.attempts, message.next_attempt_at = OutboxStatus.WAITING, 0, None
    message.save(update_fields=["status", "attempts", "next_attempt_at"])
    record_activity("message.resend", by=by, subject=message)
