"""The end of an erasure: the person is answered, then taken out of every room."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core.accounts.forgetting import forget_person
from core.accounts.models import User
from core.activity.services import record_activity
from core.applications.forgetting import forget_case
from core.applications.models import Application
from core.assessments.services.forgetting import forget_assessment
from core.certificates.services import forget_past_holder
from core.common.unsent import forget_unsent_of
from core.decisions.services.appeals import forget_appeals
from core.documents.services import forget_signatures
from core.handovers.services import forget_rows
from core.inquiries.services import forget_tickets
from core.institutions.services import forget_invitations, forget_officer
from core.messaging.services import forget_letters
from core.privacy.enums import RequestStatus
from core.privacy.models import PrivacyNote, PrivacyRequest
from core.privacy.rules import what_stays, why_not_forget
from core.privacy.services.letters import tell_forgotten


def conclude_erasure(*, request: PrivacyRequest, by: Any) -> None:
    """In the caller's transaction, after the papers of the list are gone: forget the person, unless something came up.

    Days may lie between the approval and this moment. A hold, a new application or a new paper keeps the account, and
    the request stays open with the reasons in its thread, to be proposed again or refused.
    """
    request = PrivacyRequest.objects.select_for_update().get(pk=request.pk)
    # Whoever sends an application or a paper at this moment waits, or has done so.
    cases = Application.objects.select_for_update().filter(candidate__user=request.person_id).order_by("pk")
    list(cases.values_list("pk", flat=True))
    person = User.objects.select_for_update().get(pk=request.person_id)
    if reasons := why_not_forget(person):
        text = _("Data pemohon belum dihapus: %(reasons)s") % {"reasons": " ".join(reasons)}
        PrivacyNote.objects.create(request=request, by=by, text=text)
        record_activity("privacy.note", by=by, subject=request)
        return
    erase_person(request=request, by=by)


def erase_person(*, request: PrivacyRequest, by: Any) -> None:
    """In the caller's transaction, after the person's papers are gone: all of it, or none.

    The letter that tells of it is the last one to the old address.
    """
    request = PrivacyRequest.objects.select_for_update().select_related("person").get(pk=request.pk)
    person = request.person
    stays = what_stays(person)
    answer = _("Berkas Anda dimusnahkan; profil, isi permohonan, dan surat-surat Anda dihapus; akun Anda ditutup.")
    answer += "\n\n" + _("Yang tetap kami simpan, dan alasannya:") + "\n" + "\n".join(f"- {one}" for one in stays)
    address, name = person.email, person.full_name
    for application in Application.objects.filter(candidate__user=person).order_by("pk"):
        forget_case(application, by=by)
        forget_assessment(application)
        forget_appeals(application=application)
        forget_rows(application=application)
    forget_past_holder(person=person)
    forget_signatures(person=person)
    forget_invitations(person=person)
    forget_officer(person=person)
    forget_tickets(person=person)
    forget_letters(person=person)
    forget_unsent_of(person=person)
    forget_person(user=person, by=by)
    for other in PrivacyRequest.objects.filter(person=person):
        _empty(other)
    request.status, request.answer = RequestStatus.ANSWERED, _("Dipenuhi; data pemohon dihapus.")
    request.words, request.answered_by, request.answered_at = "", by, timezone.now()
    request.save()
    tell_forgotten(request, address=address, name=name, answer=answer)
    record_activity("privacy.erase", by=by, subject=request)


def _empty(request: PrivacyRequest) -> None:
    """That somebody asked, when, and that they were answered stays; what was written does not."""
    request.notes.all().delete()
    PrivacyRequest.objects.filter(pk=request.pk).update(words="", answer="")
