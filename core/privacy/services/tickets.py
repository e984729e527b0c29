"""Questions and complaints whose time is over, but for what a hold lies on."""

from django.db.models import Exists, OuterRef, Q

from core.inquiries.services import wipe_old_tickets
from core.privacy.models import LegalHold


def wipe_tickets() -> int:
    """Empty them; how many. Held are those that name a held case, and those that a held person sent."""
    holds = LegalHold.objects.filter(lifted_at=None).filter(
        Q(application=OuterRef("application"))
        | Q(application=OuterRef("certificate__application"))
        | Q(person=OuterRef("sender"))
        | Q(person=OuterRef("application__candidate__user"))
    )
    return wipe_old_tickets(held=Q(Exists(holds)))
