"""What is dropped of people who never answered, of files, and of those who asked to be forgotten."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from core.accounts.models import User
from core.common.text import FORGOTTEN
from core.imports.models import ImportRun
from core.imports.services import forget_run
from core.institutions.enums import UNANSWERED, InvitationStatus
from core.institutions.models import Institution, InstitutionOfficer, Invitation
from core.institutions.people_file import KIND
from core.messaging.services import take_back_letters

#: So long after its end an unanswered invitation can still be sent again; then nobody stands in it any more.
KEPT_AFTER_END = timedelta(days=30)
#: So long a file that was handed in can be looked at; its people stand in the invitations, its faults were shown.
UPLOAD_KEPT = timedelta(days=30)


def forget_invitation(invitation: Invitation, *, keeps_name: bool = False) -> None:
    """Take the person out of an invitation and its letter; `keeps_name` until the officer has seen who declined."""
    if invitation.letter_id:
        take_back_letters([invitation.letter_id])
    gone = {"email": f"dihapus-{invitation.pk}@dihapus.invalid", "is_open": None, "token_hash": None}
    if not keeps_name:
        gone |= {"full_name": FORGOTTEN, "job_title": "", "forgotten_at": timezone.now()}
    Invitation.objects.filter(pk=invitation.pk).update(**gone)


@transaction.atomic
def forget_unanswered() -> int:
    """Every night: whoever did not answer, declined or was taken back is forgotten some time later; how many."""
    before = timezone.now() - KEPT_AFTER_END
    over = Q(status__in=UNANSWERED, expires_at__lt=before) | Q(
        status__in=[InvitationStatus.DECLINED, InvitationStatus.WITHDRAWN], answered_at__lt=before
    )
    found = list(Invitation.objects.filter(over, forgotten_at=None).order_by("pk")[:1000])
    for invitation in found:
        forget_invitation(invitation)
    return len(found)


@transaction.atomic
def forget_uploads() -> int:
    """Every night: files of officers, sent or not, after some time; how many. The batch and its figures stay."""
    old = ImportRun.objects.filter(kind=KIND, created_at__lt=timezone.now() - UPLOAD_KEPT).exclude(file="")
    found = list(old.order_by("pk")[:1000])
    for run in found:
        forget_run(run)
    return len(found)


def forget_officer(*, person: User) -> None:
    """Whoever acted for an institution does so no more, in the caller's transaction; nor are they its contact."""
    for officer in InstitutionOfficer.objects.select_related("institution").filter(user=person):
        if officer.institution.contact_name == person.full_name:
            Institution.objects.filter(pk=officer.institution_id).update(contact_name=FORGOTTEN)
        officer.delete()


def forget_invitations(*, person: User) -> None:
    """The person asked to be forgotten, in the caller's transaction: also by those who had invited them."""
    invited = Invitation.objects.filter(Q(person=person) | Q(email=person.email), forgotten_at=None)
    for invitation in invited:
        forget_invitation(invitation)
