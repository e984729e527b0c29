"""Retention and privacy in the demonstration: something due, a proposal that waits, requests with their deadlines."""

from datetime import timedelta

from django.utils import timezone

from core.accounts.models import User
from core.applications.models import Application
from core.documents.models import DocumentType
from core.privacy.enums import RequestKind
from core.privacy.services import add_note, open_request, place_hold, propose_destruction, take_request

#: Kinds of papers with a retention, in months; the LSP states its own.
RETENTION = {"ktp": 24, "pasfoto": 24, "cv": 36}
AGE = timedelta(days=1300)
#: How long those cases lay between being sent and being answered.
TAKEN = timedelta(days=9)


def seed_privacy(*, old: list[Application], clerk: User, person: User) -> None:
    """`old`: rejected cases, whose end is moved back; everything else is done by the real services."""
    for code, months in RETENTION.items():
        DocumentType.objects.filter(code=code, retention_months=None).update(retention_months=months)
    ended = timezone.now() - AGE
    for case in old:
        case.refresh_from_db()
        case.submitted_at, case.closed_at, case.ended_at = ended - TAKEN, ended, ended
        case.registered_on = timezone.localdate(case.submitted_at)
        case.save()
    words = "Tempat lahir saya Ambon, bukan Masohi."
    request = open_request(person=person, kind=RequestKind.CORRECTION, words=words, by=person)
    take_request(request=request, by=clerk)
    add_note(request=request, text="Mohon kirim foto KTP yang lebih jelas.", is_shared=True, by=clerk)
    place_hold(application=old[-1], reason="Pemeriksaan Inspektorat, surat 12/INSP/2026.", by=clerk)
    propose_destruction(kinds=list(DocumentType.objects.filter(code="cv")), by=None)
    erasing = old[0].candidate.user
    open_request(person=erasing, kind=RequestKind.ERASURE, words="Saya tidak lagi bergiat di bidang ini.", by=erasing)
