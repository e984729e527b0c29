"""Reads of the outbox."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from core.messaging.models import TEST_PREFIX, OutboxMessage


def was_written_to(address: str, template_key: str, *, within: timedelta) -> bool:
    """Whether a letter of this kind was queued for the address within this time."""
    return OutboxMessage.objects.filter(
        address=address, template_key=template_key, created_at__gt=timezone.now() - within
    ).exists()


def letters_to(person: Any) -> QuerySet[OutboxMessage]:
    """What a person may read again: not those with a link that logs in, nor tests of a wording; the latest first."""
    own = OutboxMessage.objects.filter(recipient=person, is_secret=False)
    return own.exclude(template_key__startswith=TEST_PREFIX).order_by("-pk")
