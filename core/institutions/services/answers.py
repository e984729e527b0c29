"""What the invited person does with the link: looks, declines, or begins. Nobody else can do it for them."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.accounts.models import ConsentText, User
from core.accounts.queries import candidate_profile_of
from core.accounts.rules import is_candidate
from core.accounts.services import admit_candidate, needs_consent, save_profile
from core.activity.services import record_activity
from core.applications.models import Application
from core.applications.services import open_draft
from core.common.exceptions import DomainError
from core.institutions.enums import InvitationStatus
from core.institutions.models import Invitation
from core.institutions.services.forgetting import forget_invitation
from core.institutions.services.locking import lock_invitation
from core.schemes.queries import current_version


def mark_opened(invitation: Invitation) -> None:
    """The link was opened, perhaps by a mail scanner; nothing but this follows from it."""
    if invitation.is_answerable and invitation.status == InvitationStatus.SENT:
        Invitation.objects.filter(pk=invitation.pk, status=InvitationStatus.SENT).update(
            status=InvitationStatus.OPENED, opened_at=timezone.now()
        )


@transaction.atomic
def accept_invitation(
    *, invitation: Invitation, full_name: str, password: str, consent_text: ConsentText, shares_result: bool
) -> tuple[User, Application | None]:
    """The person has no account yet: the link showed that the mailbox is theirs, so one step is enough."""
    invitation = _answerable(invitation)
    person = admit_candidate(full_name=full_name, email=invitation.email, password=password, consent_text=consent_text)
    return person, _begin(invitation, person, shares_result)


@transaction.atomic
def accept_as_candidate(*, invitation: Invitation, shares_result: bool, by: Any) -> Application | None:
    """The person has an account and is logged in with it."""
    invitation = _answerable(invitation)
    if by.email != invitation.email or not is_candidate(by):
        raise DomainError(
            _("Undangan ini untuk alamat e-mail lain. Keluar dahulu, lalu masuk dengan akun itu."),
            code="accept_invitation.not_theirs",
        )
    if needs_consent(by) is not None:
        raise DomainError(
            _("Setujui pemrosesan data pribadi dahulu, lalu terima undangannya."), code="accept_invitation.consent"
        )
    return _begin(invitation, by, shares_result)


@transaction.atomic
def decline_invitation(*, invitation: Invitation) -> None:
    """Not this person, or not now: name and address are forgotten, the officer sees that somebody declined."""
    invitation = _answerable(invitation)
    invitation.status, invitation.answered_at, invitation.is_open = InvitationStatus.DECLINED, timezone.now(), None
    invitation.save(update_fields=["status", "answered_at", "is_open"])
    record_activity("institution.decline", subject=invitation.batch)
    forget_invitation(invitation, keeps_name=True)


def _answerable(invitation: Invitation) -> Invitation:
    invitation = lock_invitation(invitation)
    if not invitation.is_answerable:
        raise DomainError(_("Undangan ini sudah dijawab, ditarik, atau kedaluwarsa."), code="accept_invitation.over")
    return invitation


def _begin(invitation: Invitation, person: User, shares_result: bool) -> Application | None:
    """What the officer gave fills in what is still empty; the case begins where the scheme still takes applications."""
    profile = candidate_profile_of(person)
    institution = invitation.institution
    given = {
        "institution": institution.name,
        "job_title": invitation.job_title,
        "office_address": institution.address,
        "office_postal_code": institution.postal_code,
    }
    if not profile.institution:  # somebody who told where they work knows better
        values = {name: value for name, value in given.items() if value and not getattr(profile, name)}
        save_profile(profile=profile, values=values, version=None, by=person)
    version = current_version(invitation.scheme.code)
    application = None
    if version is not None:
        try:
            application = open_draft(scheme_version=version, by=person)
        except DomainError as closed:
            if closed.code != "open_draft.closed":
                raise
    invitation.status, invitation.answered_at = InvitationStatus.ACCEPTED, timezone.now()
    invitation.person, invitation.application, invitation.shares_result = person, application, shares_result
    invitation.save(update_fields=["status", "answered_at", "person", "application", "shares_result"])
    record_activity("institution.accept", by=person, subject=invitation.batch)
    return application


@transaction.atomic
def share_result(*, invitation: Invitation, shares: bool, by: Any) -> None:
    """The person changes their mind about what the institution may see."""
    invitation = lock_invitation(invitation)
    if invitation.person_id != by.pk:
        raise DomainError(_("Undangan ini bukan milik Anda."), code="share_result.not_theirs")
    invitation.shares_result = shares
    invitation.save(update_fields=["shares_result"])
    if shares:
        record_activity("institution.share", by=by, subject=invitation.batch)
    else:
        record_activity("institution.unshare", by=by, subject=invitation.batch)
