"""Reads of the outbox."""

from datetime import timedelta

from django.utils import timezone

from core.messaging.models import OutboxMessage


def was_written_to(address: str, template_key: str, *, within: timedelta) -> bool:
    """Whether a letter of this kind was queued for the address within this time."""
    return OutboxMessage.objects.filter(
        address=address, template_key=template_key, created_at__gt=timezone.now() - within
    ).exists()
