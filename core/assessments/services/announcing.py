"""What the people of a session are told: its announcement, its changes, its end."""

from typing import Any

from core.assessments.models import Placement


def seat_changed(placement: Placement, by: Any) -> None:
    """A seat of an announced session was given or freed, or its case got another assessor.

    Called in the transaction of that act, with the session locked.
    """
