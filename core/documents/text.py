"""The text of documents: what stands in the file, read in the background by `manage.py extract_text`.

An identity paper is not read: its number is unreadable in the database on purpose, and its owner's name finds
it anyway. From all other texts numbers like a NIK are taken out. Where tesseract is missing, scans wait.
"""

import json
import logging
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.models import F, QuerySet
from django.utils import timezone

from core.common.text import HIDDEN, clean_text, without_identifiers
from core.documents import ocr, pdf_reader
from core.documents.changes import tell_changed
from core.documents.models import Document, DocumentState, DocumentText, TextSource
from core.documents.words import written

logger = logging.getLogger(__name__)

#: Characters that are kept of one document; some forty full pages.
MAX_BODY = 100_000
#: A file on which the reader died so often is left alone.
MAX_ATTEMPTS = 3
SECONDS_PER_PDF = 120
#: 16 digits as one, in four groups, or in boxes; of a scan also letters that look like digits.
_NIK = re.compile(
    r"(?<!\w)(?:[\dOoIlSB]{15,17}|\d{4}(?:[ .-]\d{4}){3}|\d{6}[ .-]\d{6}[ .-]\d{4}|\d(?:[ |]{1,3}\d){15})(?!\w)"
)


@dataclass(frozen=True)
class Reading:
    """What came of reading a file."""

    text: str
    source: TextSource


# --- writing ------------------------------------------------------------------------------------------------


def own_words(document: Document) -> list[str]:
    """What a document is called; numbers in names that people chose may be a NIK or a telephone."""
    names = [document.title, document.file_name]
    if document.uploaded_by_id is not None:
        names = [without_identifiers(name) for name in names]
    return [document.document_type.title, document.owner.full_name, *names]


def queue_reading(document: Document) -> None:
    """A new document is found by its name at once, by its text when it has been read."""
    DocumentText.objects.create(document=document, words=written(document.pk, own_words(document)))


def mark_stale(documents: Iterable[int]) -> None:
    """What cases say about these documents has changed; the words follow within a minute."""
    if keys := list(documents):
        DocumentText.objects.filter(document_id__in=keys, is_stale=False).update(is_stale=True)
        tell_changed(keys, is_filing=True)


def forget_text(document: Document) -> None:
    """Nothing of the file's text is kept: it was destroyed or refused."""
    DocumentText.objects.filter(document=document).update(body="", words="", source=TextSource.NONE, is_stale=False)


def read_again(documents: QuerySet[Document]) -> int:
    """Queue these once more, such as after a better reader was installed."""
    texts = DocumentText.objects.filter(document__in=documents.order_by().values("pk"))
    count = texts.update(source=TextSource.WAITING, attempts=0)
    tell_changed(None)
    return count


# --- reading ------------------------------------------------------------------------------------------------


def waiting_texts(*, also_scans: bool) -> QuerySet[DocumentText]:
    """What can be read now, the newest first. A file that waits for the virus scanner is not opened."""
    sources = [TextSource.WAITING, TextSource.SCAN] if also_scans else [TextSource.WAITING]
    return DocumentText.objects.filter(source__in=sources, document__state=DocumentState.CLEAN).order_by("-document")


def claim(text: DocumentText) -> bool:
    """Whether this process reads it: of two, one. Counted before, so that what kills the reader is counted too."""
    mine = DocumentText.objects.filter(pk=text.pk, source=text.source, attempts=text.attempts)
    return bool(mine.update(attempts=F("attempts") + 1))


def read_document(text: DocumentText) -> TextSource:
    """Read one file that was claimed; its words are written when its head is renewed."""
    document = text.document
    if text.attempts >= MAX_ATTEMPTS:
        reading = Reading("", TextSource.FAILED)
    elif document.document_type.is_identity:
        reading = Reading("", TextSource.NOT_READ)
    else:
        try:
            reading = _read(document)
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            logger.warning("document %s could not be read: %s", document.pk, type(error).__name__)
            reading = Reading("", TextSource.FAILED)
    DocumentText.objects.filter(pk=text.pk).update(
        body=reading.text, source=reading.source, is_stale=True, updated_at=timezone.now()
    )
    tell_changed([text.pk])
    return reading.source


def _read(document: Document) -> Reading:
    with document.file.open("rb") as stream:
        content = stream.read()
    can_scan = not ocr.what_is_missing()
    if document.is_image:
        if not can_scan:
            return Reading("", TextSource.SCAN)
        return _outcome(ocr.read_picture(content), TextSource.OCR)
    with tempfile.TemporaryDirectory(prefix="pindaian-") as folder:
        found = _read_pdf(content, folder if can_scan else None)
        scans = [ocr.read_picture(page) for page in sorted(Path(folder).iterdir())]
    if found["scans"] and not can_scan:
        return Reading(clean_body(found["text"]), TextSource.SCAN)
    return _outcome("\n".join([found["text"], *scans]), TextSource.OCR if scans else TextSource.LAYER)


def _read_pdf(content: bytes, folder: str | None) -> dict[str, Any]:
    done = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-I", pdf_reader.__file__, str(MAX_BODY), *([folder] if folder else [])],
        input=content,
        capture_output=True,
        timeout=SECONDS_PER_PDF,
        check=True,
        preexec_fn=ocr.limited(seconds=SECONDS_PER_PDF),
    )
    return json.loads(done.stdout)


def _outcome(text: str, source: TextSource) -> Reading:
    body = clean_body(text)
    return Reading(body, source if body else TextSource.NONE)


def clean_body(text: str) -> str:
    """Text as it may be stored: no control characters, no NIK, no more than the search can use."""
    cleaned = clean_text(text[:MAX_BODY].encode("utf-8", "ignore").decode())
    return _NIK.sub(_hide, re.sub(r"[ \t]+", " ", cleaned))[:MAX_BODY]


def _hide(number: re.Match[str]) -> str:
    return HIDDEN if sum(c.isdigit() for c in number[0]) >= 10 else number[0]
