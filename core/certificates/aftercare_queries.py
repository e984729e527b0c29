"""Reads of certificates. Each goes along an index, also with a million of them."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from core.applications.models import Application
from core.certificates.aftercare_rules import FAILED_STATUSES, SURVEILLANCE_NOTICE_DAYS
from core.certificates.enums import CertificateAct, CertificateState, CertificateStatus
from core.certificates.models import Certificate, CertificateEvent, Renewal, Surveillance
from core.certificates.standing import SOON_DAYS


def certificates_of(user: Any) -> QuerySet[Certificate]:
    """What a person holds, the newest first; replaced ones too, since somebody may still have the paper."""
    found = Certificate.objects.filter(holder=user).select_related("scheme", "application")
    return found.defer("content", "token").order_by("-pk")


def why_not_in_use(certificates: Iterable[Certificate]) -> dict[int, str]:
    """{key: why it was suspended or withdrawn last}, as its holder was told; one query."""
    acts = CertificateEvent.objects.filter(
        certificate__in=list(certificates), act__in=(CertificateAct.SUSPEND, CertificateAct.WITHDRAW)
    )
    return dict(acts.order_by("pk").values_list("certificate", "reason"))


def in_state(certificates: QuerySet, state: str, today: date | None = None) -> QuerySet:
    """Those of the certificates, of this system or of the paper years, that `standing.status_now` calls so."""
    today = today or timezone.localdate()
    soon = today + timedelta(days=SOON_DAYS)
    holds = Q(status=CertificateStatus.ACTIVE) | Q(status=CertificateStatus.SUSPENDED, suspended_until__lt=today)
    return certificates.filter(
        {
            CertificateState.VALID: holds & Q(valid_until__gt=soon),
            CertificateState.ENDING: holds & Q(valid_until__gte=today, valid_until__lte=soon),
            CertificateState.SUSPENDED: Q(status=CertificateStatus.SUSPENDED, valid_until__gte=today)
            & (Q(suspended_until=None) | Q(suspended_until__gte=today)),
            CertificateState.WITHDRAWN: Q(status=CertificateStatus.WITHDRAWN),
            CertificateState.REPLACED: Q(status=CertificateStatus.REPLACED),
            CertificateState.EXPIRED: Q(
                status__in=[CertificateStatus.ACTIVE, CertificateStatus.SUSPENDED], valid_until__lt=today
            ),
        }[CertificateState(state)]
    )


# --- ends -------------------------------------------------------------------------------------------


def under_renewal() -> QuerySet[Renewal]:
    """Renewals of the outer certificate that were sent and did not fail. A draft has reached nobody yet."""
    return Renewal.objects.filter(certificate=OuterRef("pk"), application__number__isnull=False).exclude(
        application__status__in=FAILED_STATUSES
    )


def to_remind(*, day: date, mark: int) -> QuerySet[Certificate]:
    """Active certificates that end on this day, whose holders were not told at this mark or a nearer one."""
    return (
        Certificate.objects.filter(status=CertificateStatus.ACTIVE, valid_until=day)
        .filter(Q(reminded_days=None) | Q(reminded_days__gt=mark))
        .exclude(Exists(under_renewal()))
    )


def reminded_on(day: date, *, farthest: int) -> QuerySet[Certificate]:
    """Whose holders were told on this day that their certificate ends within `farthest` days, the next end first."""
    return (
        Certificate.objects.filter(
            status=CertificateStatus.ACTIVE,
            valid_until__gte=day,
            valid_until__lte=day + timedelta(days=farthest),
            reminded_on=day,
        )
        .select_related("scheme")
        .order_by("valid_until", "pk")
    )


def ends_by_day(*, until: date, today: date | None = None) -> dict[date, int]:
    """How many of the certificates that hold end on each day from today: the index alone answers, and the few whose
    suspension has ended are added. One question."""
    today = today or timezone.localdate()
    active = Certificate.objects.filter(status=CertificateStatus.ACTIVE, valid_until__gte=today)
    found: dict[date, int] = defaultdict(int)
    rows = [
        some.filter(valid_until__lte=until).order_by().values_list("valid_until").annotate(n=Count("pk"))
        for some in (active, ended_suspensions(today))
    ]
    for day, count in rows[0].union(rows[1], all=True):
        found[day] += count
    return dict(found)


def ended_suspensions(today: date) -> QuerySet[Certificate]:
    """Suspended up to a day that has passed, and still within their validity."""
    return Certificate.objects.filter(
        status=CertificateStatus.SUSPENDED, valid_until__gte=today, suspended_until__lt=today
    )


# --- surveillance -----------------------------------------------------------------------------------


def open_surveillances() -> QuerySet[Surveillance]:
    """Planned, nothing written down yet. Those of certificates that ended are closed at night."""
    return Surveillance.objects.filter(outcome="")


def due_surveillances(today: date | None = None) -> QuerySet[Surveillance]:
    """What is to be done now: overdue, or due within the days of notice."""
    today = today or timezone.localdate()
    return open_surveillances().filter(due_on__lte=today + timedelta(days=SURVEILLANCE_NOTICE_DAYS))


def overdue_surveillances(today: date | None = None) -> QuerySet[Surveillance]:
    return open_surveillances().filter(due_on__lt=today or timezone.localdate())


def to_announce(today: date) -> QuerySet[Surveillance]:
    """Due soon or overdue, of a certificate in force, and its holder was not told yet."""
    return due_surveillances(today).filter(
        reminded_on=None, certificate__status=CertificateStatus.ACTIVE, certificate__valid_until__gte=today
    )


def never_done(today: date) -> QuerySet[Surveillance]:
    """Still open although the certificate has ended."""
    return open_surveillances().filter(due_on__lt=today, certificate__valid_until__lt=today)


def surveillances_of(certificate: Certificate) -> QuerySet[Surveillance]:
    return certificate.surveillances.select_related("recorded_by").order_by("due_on", "pk")


# --- renewal ----------------------------------------------------------------------------------------


def renewal_of(application: Application) -> Renewal | None:
    """Which certificate a case renews, if any."""
    return Renewal.objects.filter(application=application).select_related("certificate__scheme").first()


def current_renewal(certificate: Certificate) -> Renewal | None:
    """The renewal that runs or was successful; None when there is none, or all failed."""
    return (
        certificate.renewals.exclude(application__status__in=FAILED_STATUSES)
        .select_related("application")
        .order_by("-pk")
        .first()
    )


def current_renewals(certificates: list[Certificate]) -> dict[int, Renewal]:
    """The same for many at once: {certificate: renewal}."""
    found = (
        Renewal.objects.filter(certificate__in=certificates)
        .exclude(application__status__in=FAILED_STATUSES)
        .select_related("application")
        .order_by("pk")
    )
    return {renewal.certificate_id: renewal for renewal in found}
