"""Reads of the certificates of the paper years."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from core.accounts.models import CandidateProfile
from core.applications.models import Application
from core.certificates.aftercare_rules import FAILED_STATUSES
from core.certificates.enums import PastStatus
from core.certificates.models import PastCertificate


def past_certificates_of(person: Any) -> QuerySet[PastCertificate]:
    """What a person holds from before this system, the newest first."""
    return PastCertificate.objects.filter(holder=person).select_related("scheme").order_by("-issued_on", "-pk")


def unclaimed_with_nik(person: Any) -> list[PastCertificate]:
    """Those with the NIK of a person's profile that nobody has on their desk yet."""
    digest = CandidateProfile.objects.filter(user=person).values_list("nik_hash", flat=True).first()
    return list(PastCertificate.objects.filter(nik_hash=digest, holder=None).order_by("pk")) if digest else []


def past_to_remind(*, day: date, mark: int) -> QuerySet[PastCertificate]:
    """Valid up to this day, with an address, and not told at this mark or a nearer one. Whoever sent an application for
    the same scheme that did not fail has done what the letter asks for."""
    applied = Application.objects.filter(
        candidate__user=OuterRef("holder"), scheme_version__scheme=OuterRef("scheme"), number__isnull=False
    ).exclude(status__in=FAILED_STATUSES)
    return (
        PastCertificate.objects.filter(
            Q(reminded_days=None) | Q(reminded_days__gt=mark), status=PastStatus.ACTIVE, valid_until=day
        )
        .exclude(holder=None, email="")
        .exclude(Exists(applied))
    )


def past_reminded_on(day: date, *, farthest: int) -> QuerySet[PastCertificate]:
    """Whose holders were told on this day that their certificate ends within `farthest` days, the next end first."""
    near = PastCertificate.objects.filter(
        status=PastStatus.ACTIVE, valid_until__gte=day, valid_until__lte=day + timedelta(days=farthest)
    )
    return near.filter(reminded_on=day).select_related("scheme").defer("nik").order_by("valid_until", "pk")


def ended_past_suspensions(today: date) -> QuerySet[PastCertificate]:
    """Suspended up to a day that has passed, of what has not expired meanwhile."""
    return PastCertificate.objects.filter(
        status=PastStatus.SUSPENDED, suspended_until__lt=today, valid_until__gte=today
    )
