"""What the desk itself puts into the file of a case: scans, letters, a better copy. Nothing is overwritten."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import IO, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.activity.services import record_activity
from core.applications.enums import FormCode
from core.applications.filing import file_by_desk, take_out_what_the_desk_filed
from core.applications.models import Application, CaseDocument
from core.applications.services import lock
from core.common.exceptions import DomainError, StaleVersion
from core.documents.models import Document, DocumentType
from core.documents.services import set_valid_until, store_upload

#: A day further off than this was mistyped.
MAX_YEARS = 100


def why_not_add(application: Application, document_type: DocumentType, by: Any) -> str:
    """Whether this person may put a paper of this kind into the file; a sentence why not, or ""."""
    if not by.is_active or not by.has_perm("core.add_casedocument"):
        return _("Dokumen ditambahkan oleh sekretariat.")
    if application.number is None:
        return _("Permohonan ini masih draf; asesi sendiri yang melengkapinya.")
    if document_type.code in FormCode.values:
        return _("%(form)s dicetak sistem dari isian asesi; pindaiannya tidak diperlukan.") % {
            "form": FormCode(document_type.code).label
        }
    return "" if document_type.is_active else _("Jenis dokumen ini tidak dipakai lagi. Pilih jenis lain.")


def why_not_take_out(row: CaseDocument, by: Any) -> str:
    """What the LSP added can be taken out again; the candidate's evidence and printed papers cannot."""
    if not by.is_active or not by.has_perm("core.add_casedocument"):
        return _("Dokumen dikeluarkan oleh sekretariat.")
    if not row.is_added_by_desk:
        return _("Hanya dokumen yang ditambahkan LSP yang dapat dikeluarkan dari berkas.")
    return "" if row.is_current else _("Dokumen ini sudah tidak berlaku.")


def add_to_file(
    *,
    application: Application,
    document_type: DocumentType,
    stream: IO[bytes],
    file_name: str,
    valid_until: date | None = None,
    replaces: Document | None = None,
    shared_with: Iterable[int] = (),
    by: Any,
) -> tuple[Document, bool]:
    """Put a paper into the file, instead of `replaces` if that is given; (the document, whether it is new there).

    The same file sent twice lies there once. What it replaces stays readable behind it. `shared_with`: further
    cases (by key) whose files hold the same paper, such as the daftar hadir of a session. The upload is looked
    at before anything is locked: that takes a moment.
    """
    if refusal := why_not_add(application, document_type, by):
        raise DomainError(refusal, code="add_to_file.refused")
    if valid_until is not None:
        _check_day(valid_until)
    document = store_upload(
        stream=stream,
        file_name=file_name,
        document_type=document_type,
        # The candidate's own paper is theirs; what names others too, such as a daftar hadir, is the office's.
        owner=application.candidate.user if document_type.is_personal_evidence else by,
        by=by,
    )
    with transaction.atomic():
        application = lock(application)
        if refusal := why_not_add(application, document_type, by):
            raise DomainError(refusal, code="add_to_file.refused")
        if valid_until is not None and valid_until != document.valid_until:
            set_valid_until(document=document, valid_until=valid_until, by=by)
        if application.case_documents.filter(document=document, is_current=True).exists():
            return document, False
        if replaces is not None:
            _check_replaced(application, replaces)
        file_by_desk(applications=[application.pk, *shared_with], document=document, replaces=replaces, by=by)
        what = {"subject": application, "kind": document_type.title, "document": document.pk}
        if replaces is None:
            record_activity("application.add_document", by=by, **what)
        else:
            record_activity("application.replace_document", by=by, **what)
    return document, True


@transaction.atomic
def take_out_of_file(*, application: Application, document: Document, by: Any) -> None:
    """Take a paper that the desk added out of the file again; what it replaced counts once more."""
    application = lock(application)
    row = application.case_documents.filter(document=document).select_related("document__document_type").first()
    if row is None:
        raise DomainError(_("Dokumen ini tidak ada di berkas permohonan ini."), code="take_out_of_file.unknown")
    if refusal := why_not_take_out(row, by):
        raise DomainError(refusal, code="take_out_of_file.refused")
    take_out_what_the_desk_filed(row)
    record_activity(
        "application.take_out_document",
        by=by,
        subject=application,
        kind=row.document.document_type.title,
        document=document.pk,
    )


@transaction.atomic
def state_validity(*, application: Application, document: Document, valid_until: date | None, by: Any) -> None:
    """State until when a paper in the file counts; None: for ever."""
    application = lock(application)
    if not by.is_active or not by.has_perm("core.add_casedocument"):
        raise DomainError(_("Masa berlaku dicatat oleh sekretariat."), code="state_validity.refused")
    if not application.case_documents.filter(document=document).exists():
        raise DomainError(_("Dokumen ini tidak ada di berkas permohonan ini."), code="state_validity.unknown")
    if valid_until is not None:
        _check_day(valid_until)
    set_valid_until(document=document, valid_until=valid_until, by=by)


def _check_day(day: date) -> None:
    far = timedelta(days=366 * MAX_YEARS)
    if abs(day - timezone.localdate()) > far:
        raise DomainError(
            _("Tanggal “berlaku sampai” tidak masuk akal. Periksa tahunnya."), code="validity.day", field="valid_until"
        )


def _check_replaced(application: Application, old: Document) -> None:
    row = application.case_documents.filter(document=old).first()
    if row is None:
        raise DomainError(_("Dokumen yang hendak diganti tidak ada di berkas ini."), code="add_to_file.unknown")
    if old.uploaded_by_id is None:
        raise DomainError(
            _("Dokumen yang dicetak sistem tidak diganti unggahan. Tambahkan sebagai dokumen lain."),
            code="add_to_file.printed",
        )
    if not row.is_current:
        raise StaleVersion(
            _("Dokumen yang hendak diganti sudah diganti rekan. Muat ulang halaman, lalu ulangi."),
            code="add_to_file.stale",
        )
