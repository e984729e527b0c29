"""Destroying papers whose time is over: proposed by one, approved by another, done paper by paper.

Nothing is ever half: a paper is closed and told in one transaction, its bytes go in the next. A run that
was killed goes on where it stopped (`continue_destruction`), from the screen or from the nightly job.
"""

import time
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.activity.services import record_activity
from core.applications.forgetting import forget_form, main_prints_of, twins_of
from core.applications.models import Application
from core.applications.snapshot import canonical, content_hash
from core.assessments.services.forgetting import forget_paper
from core.common.exceptions import DomainError
from core.common.numbering import next_number
from core.common.text import within
from core.documents.models import Document, DocumentType
from core.documents.services import destroy_document, remove_content, sign
from core.privacy.enums import BatchStatus
from core.privacy.minutes import build_content
from core.privacy.models import DestructionBatch, DestructionItem, PrivacyRequest
from core.privacy.retention import (
    cases_of,
    certified,
    due_uploads,
    forgotten_uploads,
    held,
    oldest_due,
    past_retention,
    why_due,
    why_forgotten,
)
from core.privacy.rules import running_cases
from core.privacy.services.forgetting import conclude_erasure
from core.privacy.services.letters import tell_approvers
from core.privacy.transitions import BATCH_WORKFLOW

#: Papers of one berita acara: what one person can look over, and what prints on some twenty pages.
MAX_ITEMS = 500


def lock_batch(batch: DestructionBatch) -> DestructionBatch:
    """The row as it is now, locked until the transaction ends."""
    return DestructionBatch.objects.select_for_update().get(pk=batch.pk)


# --- proposing ----------------------------------------------------------------------------------------


@transaction.atomic
def propose_destruction(
    *, kinds: Iterable[DocumentType] | None = None, uploads: bool = True, note: str = "", by: Any
) -> DestructionBatch:
    """Put what is due (of some kinds, or of all) onto one list, the oldest first; `by` None: the monthly job,
    which tells of all its lists at once.

    With `uploads` also what was uploaded and never used. What does not fit stays due and comes onto the next list.
    """
    if by is not None and not by.has_perm("core.propose_destruction"):
        raise DomainError(_("Anda tidak berhak mengusulkan pemusnahan."), code="propose.forbidden")
    papers = oldest_due(kinds, MAX_ITEMS)
    unused = due_uploads().select_related("document_type").order_by("pk") if uploads else Document.objects.none()
    forgotten = list(unused[: MAX_ITEMS - len(papers)])
    if not papers and not forgotten:
        raise DomainError(_("Tidak ada dokumen yang jatuh tempo pada jenis yang dipilih."), code="propose.none")
    cases = cases_of(papers)
    reasons = {paper.pk: why_due(paper.document_type, cases.get(paper.pk, [])) for paper in papers}
    reasons |= {upload.pk: why_forgotten(upload) for upload in forgotten}
    return lay_out(papers=papers + forgotten, cases=cases, reasons=reasons, note=note, by=by)


def lay_out(
    *,
    papers: list[Document],
    cases: Mapping[int, list[Application]],
    reasons: Mapping[int, str],
    note: str = "",
    request: PrivacyRequest | None = None,
    by: Any,
) -> DestructionBatch:
    """Write a list down and sign it, in the caller's transaction. Other editions of a printed form go with it."""
    batch = DestructionBatch.objects.create(proposed_by=by, note=within(note, 2000, field="note"), request=request)
    rows = [_item(batch, paper, cases.get(paper.pk, []), reasons[paper.pk]) for paper in papers]
    rows += [_item(batch, twin, [], _("Cetakan lain dari formulir yang ikut dimusnahkan")) for twin in twins_of(papers)]
    try:
        with transaction.atomic():
            DestructionItem.objects.bulk_create(rows)
    except IntegrityError as error:  # somebody else listed the same papers a moment ago
        raise DomainError(
            _("Sebagian dokumen baru saja masuk usulan lain. Muat ulang halaman."), code="propose.taken"
        ) from error
    if by is not None:
        batch.proposal_signature = sign(
            by=by,
            role=_("Pengusul"),
            meaning=_("Usulan pemusnahan %(count)d dokumen") % {"count": len(rows)},
            content_sha256=content_hash(canonical(build_content(batch))),
        )
        batch.save(update_fields=["proposal_signature", "updated_at"])
        tell_approvers([batch])
    record_activity("destruction.propose", by=by, subject=batch, count=len(rows))
    return batch


def _item(batch: DestructionBatch, paper: Document, cases: list[Application], reason: str) -> DestructionItem:
    numbers = [case.reference for case in cases]
    shown = ", ".join(numbers[:8]) + (_(" dan %(count)d lainnya") % {"count": len(numbers) - 8} if numbers[8:] else "")
    return DestructionItem(
        batch=batch,
        document=paper,
        kind=paper.document_type.title,
        sha256=paper.sha256,
        size=paper.size,
        cases=shown,
        reason=reason,
    )


def propose_monthly() -> int:
    """What the monthly job does: propose all that is due, list by list, unless its last ones still wait.

    Returns how many papers were proposed.
    """
    if DestructionBatch.objects.filter(proposed_by=None, status=BatchStatus.PROPOSED).exists():
        return 0
    batches = []
    while oldest_due(None, 1) or due_uploads().exists():
        batches.append(propose_destruction(by=None))
    if batches:
        tell_approvers(batches)
    return sum(batch.items.count() for batch in batches)


def may_take_out(by: Any) -> bool:
    """Whoever proposes or approves a destruction also says what is left out of it."""
    return by.has_perm("core.propose_destruction") or by.has_perm("core.approve_destruction")


@transaction.atomic
def take_out(*, batch: DestructionBatch, items: Iterable[int], by: Any) -> int:
    """Leave some papers out of a proposal; they stay, and stay due. How many they were."""
    batch = lock_batch(batch)
    if not may_take_out(by):
        raise DomainError(_("Anda tidak berhak melakukan tindakan ini."), code="take_out.forbidden")
    if batch.status != BatchStatus.PROPOSED:
        raise DomainError(_("Usulan ini sudah diputuskan dan tidak dapat diubah lagi."), code="take_out.decided")
    if batch.is_erasure:
        raise DomainError(
            _("Penghapusan berlaku bagi semua berkasnya. Batalkan usulan bila ada yang harus disimpan."),
            code="take_out.erasure",
        )
    count, _rows = batch.items.filter(pk__in=list(items)).delete()
    if not count:
        raise DomainError(_("Centang dokumen yang tidak jadi diusulkan."), code="take_out.none")
    record_activity("destruction.take_out", by=by, subject=batch, count=count)
    return count


# --- deciding -----------------------------------------------------------------------------------------


@transaction.atomic
def approve_destruction(*, batch: DestructionBatch, by: Any) -> DestructionBatch:
    """A second person agrees: the berita acara gets its number, the list is frozen and signed.

    Destroying itself follows, once this is safe in the database: `continue_destruction`.
    """
    batch = lock_batch(batch)
    BATCH_WORKFLOW.apply(batch, "approve", by)
    batch.approved_by, batch.approved_at = by, timezone.now()
    batch.content = canonical(build_content(batch))
    batch.sha256 = content_hash(batch.content)
    batch.number = next_number("destruction")
    batch.approval_signature = sign(
        by=by,
        role=_("Penyetuju"),
        meaning=_("Berita acara pemusnahan %(number)s") % {"number": batch.number},
        content_sha256=batch.sha256,
    )
    batch.save()
    record_activity("destruction.approve", by=by, subject=batch, count=batch.items.count(), sha256=batch.sha256)
    return batch


@transaction.atomic
def cancel_destruction(*, batch: DestructionBatch, by: Any) -> DestructionBatch:
    """The proposal comes to nothing; its papers stay and may be proposed again."""
    batch = lock_batch(batch)
    BATCH_WORKFLOW.apply(batch, "cancel", by)
    batch.save(update_fields=["status", "updated_at"])
    batch.items.update(is_open=None)
    record_activity("destruction.cancel", by=by, subject=batch)
    return batch


# --- doing it -----------------------------------------------------------------------------------------


def continue_destruction(*, batch: DestructionBatch, seconds: float | None = None) -> int:
    """Destroy what an approved list still holds, paper by paper; how many are left when the time is up.

    Two runs at once, or one that was killed at any point, come to the same end.
    """
    batch.refresh_from_db()
    if batch.status != BatchStatus.APPROVED:
        return 0
    until = time.monotonic() + seconds if seconds is not None else None
    keys = list(batch.items.filter(is_open=True).order_by("pk").values_list("pk", flat=True))
    for done, key in enumerate(keys):
        if until is not None and time.monotonic() > until:
            return len(keys) - done
        _destroy(key, batch)
    _finish(batch)
    return 0


def continue_all_destructions() -> int:
    """What the nightly job does: go on with every approved list that was interrupted; how many there were."""
    batches = list(DestructionBatch.objects.filter(status=BatchStatus.APPROVED).order_by("pk"))
    for batch in batches:
        continue_destruction(batch=batch)
    return len(batches)


def _destroy(key: int, batch: DestructionBatch) -> None:
    """One paper: closed and told first, then its bytes, then it leaves the list."""
    with transaction.atomic():
        item = DestructionItem.objects.select_for_update().get(pk=key)
        if item.is_open is None:  # another run was quicker
            return
        if item.destroyed_at is None:
            # Locked before it is asked: whoever takes it into a case at this moment waits, or has done so.
            Document.objects.select_for_update().values_list("pk").get(pk=item.document_id)
            if reason := _why_kept(item, batch):
                item.kept_reason, item.is_open = reason[:250], None
                item.save(update_fields=["kept_reason", "is_open"])
                return
            document = destroy_document(
                document=item.document, number=batch.number, forget_name=batch.is_erasure, by=batch.approved_by
            )
            forget_form(document)
            forget_paper(document)
            item.destroyed_at = timezone.now()
            item.save(update_fields=["destroyed_at"])
    remove_content(document=item.document)
    DestructionItem.objects.filter(pk=key).update(is_open=None)


def _why_kept(item: DestructionItem, batch: DestructionBatch) -> str:
    """What came up since the list was written: a hold, a case that was opened or took it up, a longer retention."""
    paper = Document.objects.filter(pk=item.document_id)
    if paper.filter(held()).exists():
        return _("Ditahan (legal hold) sebelum sempat dimusnahkan")
    if _is_print_of_something_kept(item, batch):
        return _("Ikut cetakan utamanya, yang tetap disimpan")
    if batch.is_erasure:
        numbers = running_cases(batch.request.person)
        return _("Permohonan %(numbers)s dikirim sementara itu") % {"numbers": ", ".join(numbers)} if numbers else ""
    if not item.cases:  # an edition that was printed follows the paper it is an edition of
        is_unused = item.document.uploaded_by_id is None or forgotten_uploads().filter(pk=item.document_id).exists()
        return "" if is_unused else _("Tidak lagi terhitung unggahan yang tidak dipakai")
    if paper.filter(certified()).exists():
        return _("Mendasari sertifikat yang berlaku")
    if not past_retention().filter(pk=item.document_id).exists() and not item.document.is_destroyed:
        return _("Masa simpannya belum lewat lagi")
    return ""


def _is_print_of_something_kept(item: DestructionItem, batch: DestructionBatch) -> bool:
    """Another edition of a form never goes alone: what the form is printed from would go with it."""
    mains = list(main_prints_of(item.document))
    coming = {main.document_id: main for main in batch.items.filter(document__in=mains, is_open=True)}
    return any(main.pk not in coming or _why_kept(coming[main.pk], batch) for main in mains)


@transaction.atomic
def _finish(batch: DestructionBatch) -> None:
    """The last paper is gone. Of an erasure, the account and what the cases tell go now, and the person is answered."""
    batch = lock_batch(batch)
    if batch.status != BatchStatus.APPROVED or batch.items.filter(is_open=True).exists():
        return
    batch.status, batch.finished_at = BatchStatus.DESTROYED, timezone.now()
    batch.save(update_fields=["status", "finished_at", "updated_at"])
    destroyed = batch.items.exclude(destroyed_at=None).count()
    record_activity("destruction.finish", by=batch.approved_by, subject=batch, count=destroyed)
    if batch.request is not None:
        conclude_erasure(request=batch.request, by=batch.approved_by)
