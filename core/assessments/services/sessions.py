"""The only writers of sessions and of the seats in them."""

from typing import Any

from django.utils import timezone

from core.applications.models import Application
from core.assessments.models import Placement


def end_placement(*, application: Application, reason: str, by: Any) -> Placement | None:
    """Free the seat that a case holds, if any, in the caller's transaction; the case's status is the caller's."""
    seat = application.placements.filter(in_force=True).select_related("session").first()
    if seat is None:
        return None
    seat.in_force, seat.ended_at, seat.end_reason = None, timezone.now(), reason[:250]
    seat.save(update_fields=["in_force", "ended_at", "end_reason"])
    return seat
