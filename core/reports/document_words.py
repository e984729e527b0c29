"""Keeps the words of documents in line with the files and cases they lie in; run by cron and `extract_text`.

A paper's own words (title, name of the file, its owner, its text) and what its cases add (number, scheme,
other candidates, number of the certificate) live in different rooms; here they are gathered.
"""

import time
from collections.abc import Callable, Iterator
from itertools import batched
from typing import Any

from django.db import transaction
from django.db.models.signals import post_save
from django.utils import timezone

from core.accounts.models import User
from core.applications.models import CaseDocument
from core.certificates.models import Certificate
from core.documents import ocr
from core.documents.models import Document, DocumentState, DocumentText
from core.documents.text import claim, mark_stale, own_words, read_document, waiting_texts
from core.documents.words import written

#: Rows renewed in one transaction: whoever files one of these papers meanwhile waits so long.
BATCH = 50
#: Of a paper that many cases share (berita acara) so many are searched by.
MAX_CASES = 100
GONE = (DocumentState.REFUSED, DocumentState.DESTROYED)


# --- words --------------------------------------------------------------------------------------------------


def renew_words(*, until: float = float("inf")) -> int:
    """Gather the words of all documents that are marked as stale; how many."""
    renewed = 0
    while time.monotonic() < until and (count := _renew_batch()):
        renewed += count
    return renewed


@transaction.atomic
def _renew_batch() -> int:
    stale = DocumentText.objects.filter(is_stale=True).order_by("document")
    # Locked first and read with what belongs to it second: MariaDB knows no FOR UPDATE OF.
    keys = list(stale.select_for_update().values_list("pk", flat=True)[:BATCH])
    texts = list(
        DocumentText.objects.filter(pk__in=keys)
        .select_related("document__document_type", "document__owner")
        .order_by("document")
    )
    of_case = words_of_cases([text.pk for text in texts])
    for text in texts:
        text.is_stale, text.updated_at = False, timezone.now()
        if text.document.state in GONE:
            text.body = text.words = ""
        else:
            text.words = written(text.pk, [*own_words(text.document), text.body], of_case.get(text.pk, ()))
    DocumentText.objects.bulk_update(texts, ["words", "body", "is_stale", "updated_at"])
    return len(texts)


def words_of_cases(documents: list[int]) -> dict[int, list[str]]:
    """What the cases say of these documents: {document: texts}."""
    found: dict[int, list[str]] = {}
    filed = CaseDocument.objects.filter(document__in=documents, application__number__isnull=False).values_list(
        "document",
        "application__number",
        "application__scheme_version__scheme__code",
        "application__scheme_version__scheme__title",
        "application__candidate__user__full_name",
    )
    for document, *texts in filed.iterator():
        known = found.setdefault(document, [])
        if len(known) < MAX_CASES * len(texts):
            known += texts
    for document, number in Certificate.objects.filter(document__in=documents).values_list("document", "number"):
        found.setdefault(document, []).append(number)
    return found


def follow_names() -> None:
    """Called once, when Django is ready: who is called otherwise is found by the new name."""
    post_save.connect(_after_saving_a_person, sender=User, dispatch_uid="document_words")


def _after_saving_a_person(instance: User, created: bool, update_fields: Any = None, **_rest: Any) -> None:
    if not created and (update_fields is None or "full_name" in update_fields):
        mark_stale(Document.objects.filter(owner=instance).order_by().values_list("pk", flat=True))


def begin_again() -> int:
    """Every document's words are gathered anew, such as after a scheme got another title."""
    return DocumentText.objects.filter(is_stale=False).update(is_stale=True)


# --- texts --------------------------------------------------------------------------------------------------


def read_waiting(*, seconds: float, tell: Callable[[int], Any] = lambda count: None) -> int:
    """Read files that wait, the newest first, until none is left or the time is over; how many were read.

    Can be broken off anywhere and started again; two at a time share the work.
    """
    until = time.monotonic() + seconds
    renew_words(until=until)
    count = 0
    for text in _claimed(until):
        read_document(text)
        count += 1
        tell(count)
        if count % BATCH == 0:
            renew_words(until=until)
    renew_words()
    return count


def _claimed(until: float) -> Iterator[DocumentText]:
    waiting = waiting_texts(also_scans=not ocr.what_is_missing())
    keys = list(waiting.values_list("pk", flat=True)[:10_000])
    for some in batched(keys, BATCH):
        for text in waiting.filter(pk__in=some).select_related("document__document_type"):
            if time.monotonic() > until:
                return
            if claim(text):
                yield text
