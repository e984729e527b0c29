"""Quarantine: an upload waits until the virus scanner has seen it. The only writers of a document's state.

Nothing passes and nothing fails because the scanner is down: it waits. What is found infected is refused
with every row of the same content, its bytes are destroyed, and those who uploaded it are told.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Min
from django.utils import timezone
from django.utils.translation import gettext as _

from core.accounts.rules import is_candidate
from core.activity.services import record_activity
from core.common.exceptions import DomainError
from core.documents.models import KEPT_STATES, Document, DocumentState
from core.documents.scanning import NotScannable, ScannerUnavailable, find_virus, is_scanner_configured
from core.documents.storage import document_storage
from core.messaging.services import queue_message

logger = logging.getLogger(__name__)

#: Seconds that an upload waits for each step of the scanner, and that the job does.
PATIENCE_AT_UPLOAD = 4
PATIENCE_OF_THE_JOB = 60
#: A paper that waits for longer tells that the scanner, or its job, stands still.
LATE_AFTER = timedelta(hours=1)
#: Rows that the job reads at a time.
BATCH = 200


def state_of_an_upload() -> DocumentState:
    """As what an upload comes in."""
    return DocumentState.WAITING if is_scanner_configured() else DocumentState.CLEAN


def infected() -> DomainError:
    return DomainError(
        _(
            "Berkas ini ditolak pemeriksaan virus dan tidak disimpan. Periksa perangkat Anda, lalu pindai atau foto "
            "ulang dokumen aslinya."
        ),
        code="file.infected",
        field="file",
    )


def refuse_known_virus(sha256: str) -> None:
    """Content that the scanner refused once does not come in again."""
    if Document.objects.filter(sha256=sha256, state=DocumentState.REFUSED).exists():
        raise infected()


def scan_document(document: Document, *, patience: float = PATIENCE_AT_UPLOAD) -> DocumentState:
    """Ask the scanner about one document and write down what it says; the state afterwards.

    Raises ScannerUnavailable or NotScannable; the document waits on then.
    """
    try:
        with document.file.open("rb") as stream:
            virus = find_virus(stream, timeout=patience)
    except FileNotFoundError:
        virus = _virus_of_a_twin(document)
        if not virus:
            logger.error("document %s waits for the scanner and has no file", document.pk)
            return DocumentState(document.state)
    if virus:
        refuse_content(sha256=document.sha256, virus=virus)
    else:
        clear_document(document=document)
    document.refresh_from_db(fields=["state", "scanned_at", "virus"])
    return DocumentState(document.state)


def scan_at_once(document: Document) -> None:
    """Right after an upload; what cannot be answered now is left to the job."""
    try:
        scan_document(document)
    except (ScannerUnavailable, NotScannable) as error:
        logger.warning("document %s waits for the virus scanner: %s", document.pk, error)


def _virus_of_a_twin(document: Document) -> str:
    """Its bytes were destroyed at the moment it was written: the same content had been found infected."""
    twin = Document.objects.filter(sha256=document.sha256, state=DocumentState.REFUSED).first()
    return twin.virus if twin else ""


@transaction.atomic
def clear_document(*, document: Document) -> None:
    """The scanner found nothing: the document may be opened."""
    locked = Document.objects.select_for_update().get(pk=document.pk)
    if locked.state not in KEPT_STATES:
        return
    locked.state, locked.scanned_at = DocumentState.CLEAN, timezone.now()
    locked.save(update_fields=["state", "scanned_at"])


@transaction.atomic
def refuse_content(*, sha256: str, virus: str) -> list[Document]:
    """A virus was found: every document of this content is refused and its bytes go once that is written."""
    refused = list(Document.objects.select_for_update().filter(sha256=sha256, state__in=KEPT_STATES).order_by("pk"))
    for document in refused:
        document.state, document.scanned_at, document.virus = DocumentState.REFUSED, timezone.now(), virus[:100]
        document.save(update_fields=["state", "scanned_at", "virus"])
        record_activity("document.refuse", subject=document, virus=document.virus)
        _tell_uploader(document)
    for name in {document.file.name for document in refused}:
        transaction.on_commit(lambda name=name: document_storage().delete(name), robust=True)
    return refused


def _tell_uploader(document: Document) -> None:
    person = document.uploaded_by
    if person is None:
        return
    home = "/akun/" if is_candidate(person) else "/admin/"
    queue_message(
        "document-refused",
        recipient=person,
        dedupe_key=f"document-refused:{document.pk}",
        values={
            "nama": person.full_name,
            "dokumen": document.title,
            "berkas": document.file_name,
            "tautan": f"{settings.SITE_URL}{home}",
        },
    )


@dataclass
class Scanned:
    """What a run of the scanner's job came to."""

    clean: int = 0
    refused: int = 0
    not_scannable: int = 0
    waiting: int = 0
    is_scanner_down: bool = False

    def __str__(self) -> str:
        words = (
            f"{self.clean} clean, {self.refused} refused, {self.not_scannable} not scannable, {self.waiting} waiting"
        )
        return f"{words}, scanner down" if self.is_scanner_down else words


def scan_waiting(*, again: bool = False, progress: Callable[[int], None] = lambda done: None) -> Scanned:
    """Scan what waits, oldest first; with `again` also what was found clean before (newer signatures know more).

    Stops when the scanner does not answer: the rest would wait for it in vain, one by one.
    """
    counted = Scanned()
    states = KEPT_STATES if again else (DocumentState.WAITING,)
    last = 0
    while is_scanner_configured() and not counted.is_scanner_down:
        batch = list(Document.objects.filter(state__in=states, pk__gt=last).order_by("pk")[:BATCH])
        if not batch:
            break
        for document in batch:
            last = document.pk
            try:
                state = scan_document(document, patience=PATIENCE_OF_THE_JOB)
            except ScannerUnavailable as error:
                logger.warning("the virus scanner does not answer: %s", error)
                counted.is_scanner_down = True
                break
            except NotScannable as error:
                logger.warning("document %s cannot be scanned: %s", document.pk, error)
                counted.not_scannable += 1
                continue
            counted.clean += state == DocumentState.CLEAN
            counted.refused += state == DocumentState.REFUSED
            progress(counted.clean + counted.refused)
    counted.waiting = waiting_documents().count()
    return counted


def waiting_documents() -> Any:
    return Document.objects.filter(state=DocumentState.WAITING)


def scanner_backlog() -> tuple[int, bool]:
    """How many documents wait for the scanner, and whether one of them has waited for too long."""
    found = waiting_documents().aggregate(count=Count("pk"), oldest=Min("created_at"))
    return found["count"], found["oldest"] is not None and found["oldest"] < timezone.now() - LATE_AFTER


def release_unscanned() -> int:
    """Let in what waits, once the LSP has switched its scanner off on purpose; how many."""
    if is_scanner_configured():
        raise DomainError(
            _("CLAMD_URL masih terisi: dokumen yang menunggu diperiksa oleh pemindai, bukan dilepas."),
            code="release_unscanned.scanner_configured",
        )
    released = 0
    for pk in list(waiting_documents().values_list("pk", flat=True)):
        with transaction.atomic():
            document = Document.objects.select_for_update().filter(pk=pk, state=DocumentState.WAITING).first()
            if document is None:
                continue
            document.state = DocumentState.CLEAN
            document.save(update_fields=["state"])
            record_activity("document.release_unscanned", subject=document)
            released += 1
    return released
