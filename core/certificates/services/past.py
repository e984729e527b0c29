"""Certificates of the paper years: written down from the old register, and found again by whoever holds them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.accounts.models import CandidateProfile, User
from core.accounts.nik import nik_hash
from core.activity.services import record_activity
from core.certificates import past_rules as rules
from core.certificates.models import PastCertificate
from core.certificates.past_queries import past_to_remind, unclaimed_with_nik
from core.certificates.services.locking import lock_past_certificates
from core.certificates.services.reminders import remind_at_marks
from core.common.exceptions import DomainError
from core.messaging.services import queue_message


def keep_past_certificate(*, certificate: PastCertificate, by: Any) -> PastCertificate:
    """Write one row of the old register, new or corrected."""
    keep_past_certificates(certificates=[certificate], by=by)
    return certificate


@transaction.atomic
def keep_past_certificates(*, certificates: Sequence[PastCertificate], by: Any) -> None:
    """Write rows of the old register. Who has an account with the NIK of one gets it on their desk.

    New rows at once: they are not versioned, and a file brings ten thousand of them.
    """
    if not by.has_perm("core.change_pastcertificate"):
        raise DomainError(_("Anda tidak berhak mengubah register sertifikat lama."), code="past_certificate.forbidden")
    numbers = [certificate.number for certificate in certificates]
    issued, decided = rules.numbers_of_the_system(numbers), rules.states_decided_here(numbers)
    for certificate in certificates:
        for field, reason in rules.what_is_wrong(certificate, issued, decided).items():
            raise DomainError(reason, code="past_certificate.wrong", field=field)
        certificate.nik_hash = nik_hash(certificate.nik) if certificate.nik else None
    new = [certificate for certificate in certificates if certificate._state.adding]
    for known in (certificate for certificate in certificates if not certificate._state.adding):
        known.save()
    PastCertificate.objects.bulk_create(new)
    _give_to_holders([one for one in certificates if one.nik_hash and one.holder_id is None], by)


def _give_to_holders(certificates: list[PastCertificate], by: Any) -> None:
    wanted = {certificate.nik_hash for certificate in certificates}
    profiles = CandidateProfile.objects.filter(nik_hash__in=wanted).select_related("user") if wanted else ()
    people = {profile.nik_hash: profile.user for profile in profiles}
    for certificate in certificates:
        person = people.get(certificate.nik_hash)
        if person is not None and rules.is_same_name(certificate.holder_name, person.full_name):
            _link(certificate, person, by)


@transaction.atomic
def correct_past_certificate(*, certificate: PastCertificate, by: Any) -> PastCertificate:
    """One row, by hand; the log tells that it was done."""
    PastCertificate.objects.select_for_update().values_list("pk").get(pk=certificate.pk)
    certificate = keep_past_certificate(certificate=certificate, by=by)
    record_activity("past_certificate.correct", by=by, subject=certificate)
    return certificate


# --- whose it is --------------------------------------------------------------------------------------


@transaction.atomic
def link_own_past_certificates(*, person: User, by: Any) -> int:
    """Put the old certificates with a person's NIK on their desk; how many.

    A NIK is typed by anybody: only where the name fits too. What does not fit waits for the secretariat.
    """
    waiting = unclaimed_with_nik(person)
    keys = [row.pk for row in waiting if rules.is_same_name(row.holder_name, person.full_name)]
    for certificate in lock_past_certificates(keys):
        _link(certificate, person, by)
    return len(keys)


@transaction.atomic
def link_past_certificate(*, certificate: PastCertificate, person: User, by: Any) -> PastCertificate:
    """The secretariat looked at both and says whose it is."""
    if not by.has_perm("core.change_pastcertificate"):
        raise DomainError(_("Anda tidak berhak menautkan sertifikat lama."), code="link.forbidden")
    (certificate,) = lock_past_certificates([certificate.pk])
    if reason := rules.why_not_link(certificate, person):
        raise DomainError(reason, code="link.refused", field="person")
    _link(certificate, person, by)
    return certificate


@transaction.atomic
def unlink_past_certificate(*, certificate: PastCertificate, by: Any) -> PastCertificate:
    """It was linked with the wrong person."""
    if not by.has_perm("core.change_pastcertificate"):
        raise DomainError(_("Anda tidak berhak melepas tautan sertifikat lama."), code="unlink.forbidden")
    (certificate,) = lock_past_certificates([certificate.pk])
    if certificate.holder_id is None:
        raise DomainError(_("Sertifikat ini tidak tertaut dengan siapa pun."), code="unlink.nobody")
    certificate.holder = certificate.linked_at = None
    certificate.save(update_fields=["holder", "linked_at", "updated_at"])
    record_activity("past_certificate.unlink", by=by, subject=certificate)
    return certificate


def _link(certificate: PastCertificate, person: User, by: Any) -> None:
    certificate.holder, certificate.linked_at = person, timezone.now()
    certificate.save(update_fields=["holder", "linked_at", "updated_at"])
    record_activity("past_certificate.link", by=by, subject=certificate)


@transaction.atomic
def forget_past_holder(*, person: User) -> None:
    """The register stays, as the LSP's duty asks; by what its holder is found and written to goes."""
    keys = list(PastCertificate.objects.filter(holder=person).values_list("pk", flat=True))
    for certificate in lock_past_certificates(keys):
        certificate.nik, certificate.nik_hash, certificate.email = "", None, ""
        certificate.save(update_fields=["nik", "nik_hash", "email", "updated_at"])


# --- at night -----------------------------------------------------------------------------------------


def remind_past_expiring() -> int:
    """Tell those whose address is known, once at each mark of the policy as with all certificates; how many."""
    return remind_at_marks(past_to_remind, _remind)


@transaction.atomic
def _remind(keys: list[int], day: date, mark: int) -> int:
    """Asked again under the lock: another run may have been quicker."""
    today = timezone.localdate()
    list(PastCertificate.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))
    waiting = past_to_remind(day=day, mark=mark).filter(pk__in=keys)
    rows = list(waiting.select_related("scheme", "holder").order_by("pk"))
    for row in rows:
        row.reminded_days, row.reminded_on = mark, today
        row.save(update_fields=["reminded_days", "reminded_on", "updated_at"])
        queue_message(
            "past-certificate-expiring",
            recipient=row.holder,
            address="" if row.holder else row.email,
            values={
                "nama": row.holder_name,
                "nomor": row.number,
                "skema": row.scheme.title,
                "sampai": date_format(row.valid_until, "j F Y"),
                "sisa": (day - today).days,
                "tautan": f"{settings.SITE_URL}/skema/",
            },
            dedupe_key=f"past-certificate-expiring-{row.pk}-{row.valid_until}-{mark}",
        )
    return len(rows)
