"""One invitation after it was sent: again, to another address, or not at all; and the letters themselves."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.activity.queries import acts_of
from core.activity.services import record_activity
from core.common.exceptions import DomainError
from core.common.text import clean_address
from core.institutions import rules
from core.institutions.enums import UNANSWERED, InvitationStatus
from core.institutions.models import Invitation, InvitationBatch
from core.institutions.queries import hash_of
from core.institutions.services.locking import lock_institution, lock_invitation
from core.messaging.models import OutboxMessage
from core.messaging.services import queue_many, take_back_letters
from core.policy.queries import system_policy

TEMPLATE = "institution-invitation"
#: Addresses that one officer may correct within an hour: each correction is a letter to whatever was typed.
MAX_CORRECTIONS_PER_HOUR = 30


def valid_until(now: datetime) -> datetime:
    """To the last minute of a day by the office's clock."""
    day = timezone.localtime(now) + timedelta(days=system_policy().invitation_days)
    return day.replace(hour=23, minute=59, second=59, microsecond=0)


def write_letters(invitations: Iterable[Invitation]) -> list[OutboxMessage]:
    """A new link for each, and its letter; any earlier link is dead. The caller saves the invitations."""
    letters = []
    for invitation in invitations:
        token = secrets.token_urlsafe(24)
        invitation.token_hash = hash_of(token)
        values = {
            "nama": invitation.full_name,
            "instansi": invitation.institution.name,
            "skema": invitation.scheme.title,
            "tautan": f"{settings.SITE_URL}/undangan/{token}/",
            "batas": date_format(timezone.localtime(invitation.expires_at), "j F Y"),
            "privasi": f"{settings.SITE_URL}/privasi/",
        }
        letters.append((invitation.email, values))
    return queue_many(TEMPLATE, letters, is_secret=True)


@transaction.atomic
def resend_invitation(*, invitation: Invitation, by: Any) -> Invitation:
    """The letter once more with a new link and a new end; an expired invitation lives again."""
    invitation = _locked(invitation)
    if reason := rules.why_not_resend(invitation, by):
        raise DomainError(reason, code="resend_invitation.refused")
    return _send_again(invitation, code="institution.resend", by=by)


@transaction.atomic
def resend_batch(*, batch: InvitationBatch, by: Any) -> int:
    """The letter once more to everybody of a batch who has not answered and may get one; how many."""
    lock_institution(batch.institution)
    rows = Invitation.objects.filter(batch=batch, status__in=UNANSWERED).order_by("pk").select_for_update()
    keys = list(rows.values_list("pk", flat=True))
    found = Invitation.objects.filter(pk__in=keys).select_related("institution", "scheme")
    if reason := rules.why_not_invite(batch.institution, by):
        raise DomainError(reason, code="resend_batch.refused")
    due = [invitation for invitation in found if not rules.why_no_letter(invitation)]
    if not due:
        raise DomainError(
            _("Tidak ada yang dapat dikirimi lagi sekarang: semuanya sudah menjawab, atau suratnya baru saja dikirim."),
            code="resend_batch.nobody",
        )
    now = timezone.now()
    for invitation in due:
        invitation.sent_at, invitation.expires_at = now, valid_until(now)
        invitation.sendings += 1
    for invitation, letter in zip(due, write_letters(due), strict=True):
        invitation.letter = letter
    Invitation.objects.bulk_update(due, ["token_hash", "letter", "sent_at", "expires_at", "sendings"], batch_size=100)
    record_activity("institution.resend", by=by, subject=batch)
    return len(due)


@transaction.atomic
def correct_invitation(*, invitation: Invitation, email: str, by: Any) -> Invitation:
    """A mistyped address: the letter goes to the right one, and the link that went astray is dead."""
    invitation = _locked(invitation)
    if reason := rules.why_not_change(invitation, by):
        raise DomainError(reason, code="correct_invitation.refused")
    email = clean_address(email)
    try:
        validate_email(email)
    except ValidationError as error:
        raise DomainError(
            _("Alamat e-mail tidak lengkap atau salah tulis. Contoh: nama@contoh.id."),
            code="correct_invitation.invalid",
            field="email",
        ) from error
    if email == invitation.email:
        raise DomainError(
            _("Alamat ini sama dengan yang lama. Untuk mengirim lagi, tekan Kirim ulang."),
            code="correct_invitation.same",
            field="email",
        )
    if acts_of(by, "institution.correct", within=timedelta(hours=1)) >= MAX_CORRECTIONS_PER_HOUR:
        raise DomainError(
            _("Sudah %(count)d alamat diperbaiki dalam satu jam. Coba lagi satu jam lagi.")
            % {"count": MAX_CORRECTIONS_PER_HOUR},
            code="correct_invitation.throttled",
            field="email",
        )
    others = Invitation.objects.filter(institution=invitation.institution_id, is_open=True).exclude(pk=invitation.pk)
    if others.filter(email=email, scheme=invitation.scheme_id).exists() or (
        others.filter(email=email).exclude(full_name__iexact=invitation.full_name).exists()
    ):
        raise DomainError(
            _("Alamat ini sudah dipakai undangan lain dari instansi Anda."),
            code="correct_invitation.taken",
            field="email",
        )
    _drop_letter(invitation)  # it names somebody to a stranger
    invitation.email = email
    invitation.status, invitation.opened_at = InvitationStatus.SENT, None
    invitation.sendings = 0
    return _send_again(invitation, code="institution.correct", by=by)


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, by: Any) -> Invitation:
    """Nobody is asked any more; the link leads to a sentence that says so."""
    invitation = _locked(invitation)
    if reason := rules.why_not_change(invitation, by):
        raise DomainError(reason, code="withdraw_invitation.refused")
    end_invitations(Invitation.objects.filter(pk=invitation.pk))
    record_activity("institution.withdraw", by=by, subject=invitation.batch)
    invitation.refresh_from_db()
    return invitation


def end_invitations(invitations: QuerySet[Invitation]) -> int:
    """Take back what was not answered; letters that have not left yet do not leave any more."""
    take_back_letters([key for key in invitations.values_list("letter_id", flat=True) if key])
    return invitations.update(status=InvitationStatus.WITHDRAWN, is_open=None, answered_at=timezone.now())


def _drop_letter(invitation: Invitation) -> None:
    if invitation.letter_id:
        take_back_letters([invitation.letter_id])
        invitation.letter = None


def _locked(invitation: Invitation) -> Invitation:
    lock_institution(invitation.institution)  # addresses are compared within it
    return lock_invitation(invitation)


def _send_again(invitation: Invitation, *, code: str, by: Any) -> Invitation:
    now = timezone.now()
    invitation.sent_at, invitation.expires_at = now, valid_until(now)
    invitation.sendings += 1
    (invitation.letter,) = write_letters([invitation])
    invitation.save()
    record_activity(code, by=by, subject=invitation.batch)
    return invitation
