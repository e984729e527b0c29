"""A whole file as one ZIP, for the office or for its candidate: papers with readable names, an index, checksums.

The archive is written while it is sent: no more than a piece of one paper is in memory at a time.
Papers are scans and PDFs, which no archive makes smaller, so they are stored as they are.
"""

import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.activity.models import ActivityEntry
from core.activity.services import record_activity
from core.applications.enums import FormCode
from core.applications.models import Application
from core.applications.rules import owns
from core.assessments.models import AssessmentSession, FilledForm
from core.assessments.papers.printing import stored_paper
from core.assessments.papers.queries import with_all
from core.assessments.preassessment_form import paper_for
from core.assessments.session_papers import attendance_pdf, letterhead
from core.certificates.models import Certificate
from core.certificates.printing import ensure_pdf
from core.common.exceptions import DomainError
from core.content.queries import logo_data_uri
from core.decisions.models import Plenary
from core.decisions.papers import DECISION_LETTER, MINUTES, ensure_paper
from core.documents import archive
from core.documents.archive import SUMS_NAME
from core.documents.models import Document
from core.documents.rendering import render_pdf
from core.reports.dossier import Checklist, Item, Paper, checklist_of
from core.reports.own_file import own_checklist

logger = logging.getLogger(__name__)

INDEX_NAME = "00 Daftar isi.pdf"
#: A candidate takes papers along at most so often in an hour: each time every one of them is read.
MAX_PER_HOUR = 10
_SUFFIXES = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp"}


@dataclass
class Entry:
    """One line of the index. Without `path` the paper is not in the archive, and `note` says why."""

    title: str
    part: str
    path: str = ""
    document: Document | None = None
    content: bytes = b""
    size: int = 0
    sha256: str = ""
    at: datetime | None = None
    note: str = ""

    @property
    def file_name(self) -> str:
        return PurePosixPath(self.path).name

    def pieces(self) -> Iterator[bytes]:
        if self.document is None:
            yield self.content
            return
        yield from archive.pieces_of(self.document)


@dataclass
class Bundle:
    """What goes into the archive, in its order; the index first, the checksums last."""

    name: str
    entries: list[Entry]
    made_at: datetime

    @property
    def papers(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.path]

    def stream(self) -> Iterator[bytes]:
        """The archive, piece by piece."""
        return archive.stream(self._contents(), made_at=self.made_at)

    def _contents(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        for entry in self.papers:
            yield f"{self.name}/{entry.path}", entry.pieces()
        yield f"{self.name}/{SUMS_NAME}", iter([self.checksums()])

    def checksums(self) -> bytes:
        """What `sha256sum -c` reads, of the hashes that were recorded when the papers came in."""
        return archive.checksums((entry.sha256, entry.path) for entry in self.papers)


def why_not_bundle(application: Application, by: Any) -> str:
    """Whether this person may take the whole file along; a sentence why not, or ""."""
    if not by.is_active or not by.has_perm("core.export_casedocument"):
        return _("Seluruh berkas diunduh oleh sekretariat atau administrator.")
    return "" if application.number else _("Permohonan ini masih draf; berkasnya belum lengkap.")


def why_not_own_bundle(application: Application, by: Any) -> str:
    """Whether the candidate may take along their own papers of this case; a sentence why not, or ""."""
    if not by.is_active or not owns(application, by):
        return _("Anda hanya dapat mengunduh berkas permohonan Anda sendiri.")
    if not application.number:
        return _("Permohonan ini masih draf. Berkasnya dapat diunduh sesudah Anda mengirimnya.")
    since = timezone.now() - timedelta(hours=1)
    recent = ActivityEntry.objects.filter(code="application.download_file", actor_id=by.pk, at__gt=since)
    if recent.count() >= MAX_PER_HOUR:
        return _("Berkas Anda sudah diunduh beberapa kali. Coba lagi satu jam lagi.")
    return ""


def make_bundle(*, application: Application, by: Any) -> Bundle:
    """Gather the papers of a case for its archive, print what nobody has looked at yet, and record the act.

    A paper that cannot be opened (in quarantine, destroyed, missing in the storage) stands in the index only.
    """
    if refusal := why_not_bundle(application, by):
        raise DomainError(refusal, code="bundle.refused")
    return _gather(checklist_of(application), by)


def make_own_bundle(*, application: Application, by: Any) -> Bundle:
    """The same for the candidate: the papers that they may open one by one, and no other."""
    if refusal := why_not_own_bundle(application, by):
        raise DomainError(refusal, code="bundle.refused")
    return _gather(own_checklist(application), by)


def _gather(checklist: Checklist, by: Any) -> Bundle:
    application = checklist.application
    bundle = Bundle(archive.clean_name(application.number or ""), list(_entries(checklist, by)), timezone.now())
    index = _index_pdf(checklist, bundle, by)
    kept = [entry.document.pk for entry in bundle.papers if entry.document is not None]
    papers = len(bundle.papers)
    bundle.entries.insert(
        0, Entry("", "", INDEX_NAME, content=index, size=len(index), sha256=hashlib.sha256(index).hexdigest())
    )
    with transaction.atomic():
        record_activity("application.download_file", by=by, subject=application, papers=papers, documents=kept)
    return bundle


def _entries(checklist: Checklist, by: Any) -> Iterator[Entry]:
    """Every paper once, in the order of the checklist; what was replaced in a folder at the end."""
    names = _Names()
    for place, (part, items) in enumerate(checklist.parts, start=1):
        folder = f"{place} {archive.clean_name(str(part.label))}"
        for item in items:
            if not item.papers:
                yield Entry(item.title, str(part.label), note=str(item.state.label))
            for paper in item.papers:
                yield names.give(_entry(checklist.application, item, paper, str(part.label), by), folder)
    earlier = _("Edisi sebelumnya")
    folder = f"{len(checklist.parts) + 1} {archive.clean_name(earlier)}"
    for item in checklist.items:
        for paper in item.earlier:
            if paper.document is not None and paper.document.pk not in names.known:
                yield names.give(_entry(checklist.application, item, paper, earlier, by), folder)


class _Names:
    """Numbers the papers through the whole archive: names are unique, and sorted they stand in their order."""

    def __init__(self) -> None:
        self.known: dict[int, Entry] = {}
        self.last = 0

    def give(self, entry: Entry, folder: str) -> Entry:
        if entry.note:
            return entry
        twin = self.known.get(entry.document.pk) if entry.document is not None else None
        if twin is not None:
            entry.note = _("sama dengan %(name)s") % {"name": twin.file_name}
            return entry
        self.last += 1
        entry.path = f"{folder}/{self.last:02d} {archive.clean_name(entry.title)}{_suffix(entry)}"
        if entry.document is not None:
            self.known[entry.document.pk] = entry
        return entry


def _entry(application: Application, item: Item, paper: Paper, part: str, by: Any) -> Entry:
    entry = Entry(item.title, part)
    if not paper.counts:
        entry.note = str(paper.document.get_state_display()) if paper.document else ""
        return entry
    try:
        document, content = (paper.document, b"") if paper.document else _print(application, paper, by)
    except Exception:  # one paper that cannot be printed must not keep the others
        logger.exception("a paper of case %s could not be printed for its archive: %s", application.pk, paper.source)
        entry.note = _("tidak dapat dicetak; hubungi administrator")
        return entry
    if document is None:
        entry.content, entry.size, entry.at = content, len(content), timezone.now()
        entry.sha256 = hashlib.sha256(content).hexdigest()
        return entry
    entry.document, entry.size, entry.sha256, entry.at = document, document.size, document.sha256, document.created_at
    if not document.file.storage.exists(document.file.name):
        logger.error("document %s has no file", document.pk)
        entry.note = _("tidak ditemukan di penyimpanan; hubungi administrator")
    return entry


def _print(application: Application, paper: Paper, by: Any) -> tuple[Document | None, bytes]:
    """A paper that nobody has looked at yet: kept from now on, but for the daftar hadir of the day."""
    kind, *keys = paper.source or ("",)
    if kind == "form":
        submission = application.submissions.get(sequence=keys[0])
        printed = paper_for(submission=submission, form=FormCode(keys[1]), viewer=by)
        return (printed, b"") if isinstance(printed, Document) else (None, printed.content)
    if kind == "filled":
        return stored_paper(with_all(FilledForm.objects.filter(pk=keys[0])).get()), b""
    if kind == "minutes":
        return ensure_paper(MINUTES, plenary=Plenary.objects.get(pk=keys[0])), b""
    if kind == "decision_letter":
        return ensure_paper(DECISION_LETTER, plenary=Plenary.objects.get(pk=keys[0])), b""
    if kind == "certificate":
        return ensure_pdf(Certificate.objects.get(pk=keys[0])), b""
    if kind == "attendance":
        sessions = AssessmentSession.objects.select_related("venue__region", "scheme")
        return None, attendance_pdf(sessions.get(pk=keys[0])).content
    raise ValueError(paper.source)


def _index_pdf(checklist: Checklist, bundle: Bundle, by: Any) -> bytes:
    application = checklist.application
    parts: dict[str, list[Entry]] = {}
    for entry in bundle.entries:
        parts.setdefault(entry.part, []).append(entry)
    made_at = timezone.localtime(bundle.made_at)
    lsp = letterhead()
    return render_pdf(
        "core/documents/case_index.html",
        {
            "form": _("Daftar isi berkas"),
            "snapshot": {"number": application.number},
            "lsp": lsp,
            "logo": logo_data_uri(lsp["logo"]),
            "application": application,
            "name": application.candidate.user.full_name,
            "scheme": application.scheme_version.scheme.title,
            "parts": list(parts.items()),
            "papers": len(bundle.papers),
            "size": sum(entry.size for entry in bundle.papers),
            "lacking": [item.title for item in checklist.lacking],
            "printed_at": date_format(made_at, "j F Y, H.i"),
            "zone": made_at.tzname(),
            "by": by.full_name,
        },
        made_at=made_at,
    ).content


def _suffix(entry: Entry) -> str:
    return _SUFFIXES.get(entry.document.content_type, "") if entry.document is not None else ".pdf"
