"""The only writers of the repository."""

import hashlib
from datetime import date, timedelta
from pathlib import PurePath
from typing import IO, Any

from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Count, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from core.activity.context import current_ip_address
from core.activity.refused_files import noting_refused_files
from core.activity.services import record_activity, record_view
from core.common.exceptions import DomainError
from core.common.text import FORGOTTEN
from core.documents.intake import BOTH_KINDS, inspect_upload
from core.documents.models import KEPT_STATES, Accepts, Document, DocumentState, DocumentType, Signature
from core.documents.quarantine import infected, refuse_known_virus, scan_at_once, state_of_an_upload
from core.documents.text import forget_text, queue_reading

#: What one person from outside may hand in within a day, all applications together (OWASP ASVS 5.2.4).
MAX_FILES_A_DAY = 200
MAX_BYTES_A_DAY = 500 * 1024 * 1024

_KINDS = {Accepts.BOTH: BOTH_KINDS, Accepts.PDF: frozenset({"pdf"}), Accepts.PICTURE: frozenset({"picture"})}


@noting_refused_files()
def store_upload(
    *, stream: IO[bytes], file_name: str, document_type: DocumentType, owner: Any, by: Any, title: str = ""
) -> Document:
    """Check an upload and keep it. The same bytes sent twice by the same person for the same kind are one row.

    The kind of document says what may come in and how large. Raises DomainError (field "file") with a
    sentence for the person.

    Where a virus scanner is configured the document comes in waiting and is scanned as soon as it is
    committed; when the scanner says no at once, the person hears it here.
    """
    intake = inspect_upload(
        stream, file_name=file_name, max_bytes=document_type.max_bytes, kinds=_KINDS[document_type.accepts]
    )
    refuse_known_virus(intake.sha256)
    with transaction.atomic():
        get_user_model().objects.select_for_update().values_list("pk").get(pk=owner.pk)  # a double click queues here
        twin = Document.objects.filter(
            owner=owner, document_type=document_type, sha256=intake.sha256, removed_at=None, state__in=KEPT_STATES
        ).first()
        if twin is not None:
            return twin
        _refuse_a_flood(by, intake.content)
        document = _keep(
            intake.content,
            file_name=intake.file_name,
            content_type=intake.content_type,
            pages=intake.pages,
            document_type=document_type,
            owner=owner,
            by=by,
            title=title or document_type.title,
            state=state_of_an_upload(),
        )
    if document.state == DocumentState.WAITING:
        transaction.on_commit(lambda: scan_at_once(document), robust=True)
    if document.state == DocumentState.REFUSED:
        raise infected()
    return document


def _refuse_a_flood(by: Any, content: bytes) -> None:
    """Whether somebody from outside fills the disk; a person with an application needs a fraction of this in a day."""
    if by is None or by.is_staff:
        return
    today = Document.objects.filter(uploaded_by=by, created_at__gt=timezone.now() - timedelta(days=1))
    sent = today.aggregate(files=Count("pk"), size=Sum("size", default=0))
    if sent["files"] >= MAX_FILES_A_DAY or sent["size"] + len(content) > MAX_BYTES_A_DAY:
        raise DomainError(
            _("Hari ini Anda sudah mengunggah sebanyak yang kami terima. Lanjutkan besok, atau hubungi sekretariat."),
            code="file.too_many",
            field="file",
        )


@transaction.atomic
def store_rendered(
    *,
    content: bytes,
    file_name: str,
    document_type: DocumentType,
    owner: Any,
    title: str,
    pages: int | None,
    content_type: str = "application/pdf",
) -> Document:
    """Keep a PDF, or a spreadsheet, that the system made itself."""
    return _keep(
        content,
        file_name=file_name,
        content_type=content_type,
        pages=pages,
        document_type=document_type,
        owner=owner,
        by=None,
        title=title,
    )


def _keep(
    content: bytes, *, file_name, content_type, pages, document_type, owner, by, title, state=DocumentState.CLEAN
) -> Document:
    document = Document(
        document_type=document_type,
        owner=owner,
        uploaded_by=by,
        title=title[:150],
        file_name=file_name,
        content_type=content_type,
        size=len(content),
        pages=pages,
        state=state,
        sha256=hashlib.sha256(content).hexdigest(),
        valid_until=document_type.valid_until(timezone.localdate()),
    )
    hold_content(document.sha256)
    # The file first, then the row: a crash in between leaves a file without a row, which the sweep
    # finds, never a row without its file.
    document.file.save(file_name, ContentFile(content), save=False)
    document.save()
    queue_reading(document)
    record_activity("document.store", by=by, subject=document, kind=document_type.code, sha256=document.sha256)
    return document


@transaction.atomic
def release_document(*, document: Document, by: Any) -> None:
    """The owner no longer wants to reuse this file. What was submitted with it keeps it."""
    if document.owner_id != by.pk:
        raise DomainError(_("Berkas ini bukan milik Anda."), code="release_document.not_owner")
    document.removed_at = timezone.now()
    document.save(update_fields=["removed_at"])
    record_activity("document.release", by=by, subject=document)


def hold_content(sha256: str) -> None:
    """Let nobody destroy this content, or keep it once more, until the caller's transaction ends.

    The rows that have it are locked by their primary key: a lock along the hash would lock the gaps
    between hashes too, in which other uploads are about to write.
    """
    keys = list(Document.objects.filter(sha256=sha256).order_by("pk").values_list("pk", flat=True))
    if keys:
        list(Document.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def destroy_document(*, document: Document, number: str, forget_name: bool = False, by: Any) -> Document:
    """Close a document for ever: its row stays and names the berita acara, its text goes.

    The bytes are taken away afterwards by `remove_content`: once this transaction has ended nobody can open
    them any more, and a crash in between leaves a file that is removed on the next run, never a row whose
    file has vanished. `forget_name` also forgets how its owner called it. Destroying twice is once.
    """
    document = Document.objects.select_for_update().select_related("document_type").get(pk=document.pk)
    if document.is_destroyed:
        return document
    document.state = DocumentState.DESTROYED
    document.destroyed_at, document.destroyed_under = timezone.now(), number
    document.removed_at = document.removed_at or document.destroyed_at
    if forget_name:
        document.title = document.document_type.title
        document.file_name = f"dokumen{PurePath(document.file_name).suffix}"
    document.save(update_fields=["state", "destroyed_at", "destroyed_under", "removed_at", "title", "file_name"])
    forget_text(document)
    record_activity("document.destroy", by=by, subject=document, number=number, sha256=document.sha256)
    return document


@transaction.atomic
def remove_content(*, document: Document) -> bool:
    """Take the bytes of a destroyed document off the disk; False when another document still needs the same ones.

    Can be repeated: bytes that are gone already are gone.
    """
    hold_content(document.sha256)
    same = Document.objects.filter(sha256=document.sha256)
    if same.exclude(state=DocumentState.DESTROYED).exists():
        return False
    document.file.storage.delete(document.file.name)
    return True


def forget_signatures(*, person: Any) -> int:
    """Take a person's name and addresses off their signatures; that there was one, of what and when, stays."""
    return Signature.objects.filter(signer=person).update(signer_name=FORGOTTEN, ip_address=None)


@transaction.atomic
def set_valid_until(*, document: Document, valid_until: date | None, by: Any) -> None:
    """State the last day on which a paper counts, as it stands on the paper; None: for ever."""
    if document.valid_until == valid_until:
        return
    document.valid_until = valid_until
    document.save(update_fields=["valid_until"])
    record_activity("document.set_validity", by=by, subject=document)


def view_document(*, document: Document, by: Any, is_piece: bool = False) -> None:
    """Record that somebody looked at a document (the file itself is sent by `serving.document_response`).

    One that may not be opened shows nothing, so there is no look. Of the pieces (`is_piece`) that a viewer
    fetches of one file the first within the hour is told: never unseen, never a hundred lines.
    """
    if document.can_be_opened:
        record = record_view if is_piece else record_activity
        record("document.view", by=by, subject=document)


def sign(*, by: Any, role: str, meaning: str, content_sha256: str) -> Signature:
    """Record a signature, in the caller's transaction."""
    return Signature.objects.create(
        signer=by,
        signer_name=by.full_name,
        role=role,
        meaning=meaning,
        content_sha256=content_sha256,
        signed_at=timezone.now(),
        ip_address=current_ip_address(),
    )
