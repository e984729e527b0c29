"""What the secretariat decides about an institution, and the letter that goes with it."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.accounts.models import User
from core.activity.services import record_activity
from core.common.exceptions import DomainError
from core.common.text import within
from core.institutions.enums import UNANSWERED
from core.institutions.models import Institution
from core.institutions.services.invitations import end_invitations
from core.institutions.services.locking import lock_institution
from core.institutions.transitions import WORKFLOW
from core.messaging.services import queue_message

MAX_REASON = 1000


@transaction.atomic
def approve_institution(*, institution: Institution, by: Any) -> Institution:
    """The officers may invite from now on."""
    return _decide(institution, "approve", "", template="institution-approved", by=by)


@transaction.atomic
def refuse_institution(*, institution: Institution, reason: str, by: Any) -> Institution:
    """Not as it stands; the officers read why and may correct it."""
    return _decide(institution, "refuse", _needed(reason), template="institution-refused", by=by)


@transaction.atomic
def close_institution(*, institution: Institution, reason: str, by: Any) -> Institution:
    """The officers see nobody any longer; what nobody answered yet is withdrawn, cases that run go on."""
    institution = _decide(institution, "close", _needed(reason), template="institution-closed", by=by)
    end_invitations(institution.invitations.filter(status__in=UNANSWERED))
    return institution


@transaction.atomic
def reopen_institution(*, institution: Institution, by: Any) -> Institution:
    """The officers may invite again; invitations that were withdrawn stay so."""
    return _decide(institution, "reopen", "", template="institution-approved", by=by)


def _needed(reason: str) -> str:
    reason = within(reason, MAX_REASON, field="reason")
    if not reason:
        raise DomainError(
            _("Tulis alasannya; petugas instansi membacanya apa adanya."), code="institution.reason", field="reason"
        )
    return reason


def _decide(institution: Institution, act: str, reason: str, *, template: str, by: Any) -> Institution:
    institution = lock_institution(institution)
    WORKFLOW.apply(institution, act, by)
    institution.reason, institution.decided_by, institution.decided_at = reason, by, timezone.now()
    institution.save()
    record_activity(f"institution.{act}", by=by, subject=institution)
    officers = User.objects.filter(officer__institution=institution, is_active=True, email_confirmed_at__isnull=False)
    for officer in officers:
        queue_message(
            template,
            recipient=officer,
            values={
                "nama": officer.full_name,
                "instansi": institution.name,
                "alasan": reason,
                "tautan": f"{settings.SITE_URL}/instansi/meja/",
            },
        )
    return institution
