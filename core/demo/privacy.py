"""Retention and privacy in the demonstration: something due, a proposal that waits, requests with their deadlines."""

from datetime import timedelta

from django.utils import timezone

from core.accounts.models import User
from core.applications.enums import CLOSED_STATUSES
from core.applications.models import Application
from core.documents.models import DocumentType
from core.privacy.enums import RequestKind
from core.privacy.services import add_note, open_request, place_hold, propose_destruction, take_request

#: Kinds of papers with a retention, in months; the LSP states its own.
RETENTION = {"ktp": 24, "pasfoto": 24, "cv": 36}
OLD_CASES = 3
AGE = timedelta(days=1300)


def seed_privacy(*, clerk: User, person: User) -> None:
    """Old cases are closed ones whose end is moved back; everything else is done by the real services."""
    for code, months in RETENTION.items():
        DocumentType.objects.filter(code=code, retention_months=None).update(retention_months=months)
    closed = Application.objects.filter(status__in=CLOSED_STATUSES, number__isnull=False).exclude(status="certified")
    old = list(closed.order_by("pk")[:OLD_CASES])
    Application.objects.filter(pk__in=[case.pk for case in old]).update(ended_at=timezone.now() - AGE)
    if old:
        place_hold(application=old[-1], reason="Pemeriksaan Inspektorat, surat 12/INSP/2026.", by=clerk)
    kinds = list(DocumentType.objects.filter(code="cv"))
    if len(old) > 1:
        propose_destruction(kinds=kinds, by=None)
        erasing = old[0].candidate.user
        open_request(
            person=erasing, kind=RequestKind.ERASURE, words="Saya tidak lagi bergiat di bidang ini.", by=erasing
        )
    words = "Tempat lahir saya Ambon, bukan Masohi."
    request = open_request(person=person, kind=RequestKind.CORRECTION, words=words, by=person)
    take_request(request=request, by=clerk)
    add_note(request=request, text="Mohon kirim foto KTP yang lebih jelas.", is_shared=True, by=clerk)
