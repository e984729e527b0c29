"""Whether every document still has its file, and every file the content it was stored with.

A run goes through the rows in the order of their keys, then through the files. What it came to is written every
few seconds: whatever kills it, the next one takes it up there. Memory stays the same however many there are.
"""

import hashlib
import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import Any

from django.db import transaction
from django.db.models import Func, IntegerField, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.activity.services import record_activity
from core.common.exceptions import DomainError
from core.documents.models import (
    KEPT_STATES,
    Document,
    DocumentState,
    FindingKind,
    IntegrityFinding,
    IntegrityRun,
    RunOutcome,
)
from core.documents.storage import document_storage
from core.documents.sweeping import unneeded_files
from core.policy.models import SystemPolicy

logger = logging.getLogger(__name__)

#: Documents of a night's sample, and how often it is all of them.
SAMPLE = 2000
WHOLE_EVERY = timedelta(days=7)
#: The sweep takes files that no document needs every night; one that is this old was left by two sweeps.
STRAY_HOURS = 36
#: Rows that are read at a time, and seconds after which it is written down how far a run came.
BATCH = 500
SAVED_EACH = 5
PIECE = 256 * 1024
#: A run that moved within so many seconds has a process at it.
AT_WORK = 3 * SAVED_EACH
#: Which figure of a run counts which findings.
COUNTED_AS = {
    FindingKind.MISSING: "missing",
    FindingKind.CHANGED: "changed",
    FindingKind.UNREADABLE: "unreadable",
    FindingKind.ORPHAN: "orphans",
    FindingKind.LEFTOVER: "leftovers",
}
STRAY = (FindingKind.ORPHAN, FindingKind.LEFTOVER)
WHAT_TO_DO = {
    FindingKind.MISSING: gettext_lazy("Pulihkan berkasnya dari cadangan dengan nama yang sama."),
    FindingKind.CHANGED: gettext_lazy("Jangan dipakai; ganti dengan berkas bernama sama dari cadangan."),
    FindingKind.UNREADABLE: gettext_lazy("Periksa hak baca dan keadaan cakram server, lalu periksa lagi."),
    FindingKind.ORPHAN: gettext_lazy("Jalankan sweep_documents; bila berulang, periksa apakah cron berjalan."),
    FindingKind.LEFTOVER: gettext_lazy("Jalankan sweep_documents: isinya sudah dimusnahkan atau ditolak."),
}


# --- what is asked -----------------------------------------------------------------------------------------


def last_run() -> IntegrityRun | None:
    return IntegrityRun.objects.first()


def last_finished_run() -> IntegrityRun | None:
    return IntegrityRun.objects.exclude(outcome=RunOutcome.UNFINISHED).first()


def unfinished_run() -> IntegrityRun | None:
    """The last run, when it was killed or ran out of time; what came after it has taken its place."""
    run = last_run()
    return run if run is not None and run.outcome == RunOutcome.UNFINISHED else None


def open_findings() -> QuerySet[IntegrityFinding]:
    """What the last finished run found wrong, and what was found since."""
    finished = last_finished_run()
    return IntegrityFinding.objects.filter(run_id__gte=finished.pk if finished else 0)


@dataclass(frozen=True)
class RepositoryState:
    """When files were verified last and how many then, what is open, and whether that was too long ago."""

    touched_at: datetime | None
    documents: int
    faults: int
    is_overdue: bool

    @property
    def is_sound(self) -> bool:
        return not self.faults and not self.is_overdue


def repository_state() -> RepositoryState:
    """In one question: the home of an administrator asks it, and a watchdog every minute.

    Each fault counts once, though a run under way has seen it again. It is overdue when no run has moved for longer
    than the policy allows, and there are documents as old as that.
    """
    runs = IntegrityRun.objects.order_by("-pk")
    finished = runs.exclude(outcome=RunOutcome.UNFINISHED).values("pk")[:1]
    faults = (
        IntegrityFinding.objects.filter(run_id__gte=Coalesce(Subquery(finished), 0))
        .order_by()
        .annotate(each=Func(Concat("kind", Value(" "), "file"), template="COUNT(DISTINCT %(expressions)s)"))
        .values("each")
    )
    found = SystemPolicy.objects.annotate(
        touched_at=Subquery(runs.values("touched_at")[:1]),
        documents=Subquery(runs.values("documents")[:1]),
        oldest=Subquery(Document.objects.order_by("created_at").values("created_at")[:1]),
        faults=Subquery(faults, output_field=IntegerField()),
    ).first()
    if found is None:  # load_reference has not run yet
        return RepositoryState(touched_at=None, documents=0, faults=0, is_overdue=False)
    limit = timezone.now() - timedelta(days=found.integrity_days)
    is_late = found.touched_at is None or found.touched_at < limit
    return RepositoryState(
        touched_at=found.touched_at,
        documents=found.documents or 0,
        faults=found.faults,
        is_overdue=is_late and found.oldest is not None and found.oldest < limit,
    )


# --- the run -----------------------------------------------------------------------------------------------


def verify_documents(
    *,
    sample: int | None = None,
    resume: bool = False,
    seconds: float | None = None,
    progress: Callable[[IntegrityRun], None] = lambda run: None,
) -> IntegrityRun:
    """Verify all documents, or so many of them, for at most so many seconds.

    A sample looks at what is open from earlier runs as well, so that it cannot clear what it did not see. With
    `resume` an unfinished run goes on, as what it was begun; without one a new run begins.
    """
    if not document_storage().is_ready():
        raise _storage_away()
    run = (unfinished_run() if resume else None) or _begin(sample)
    verification = _Verification(run, until=None if seconds is None else time.monotonic() + seconds, progress=progress)
    if verification.go_through_rows():
        verification.go_through_files()
        verification.finish()
    return run


def verify_nightly(*, seconds: float) -> IntegrityRun:
    """What a night does: go on where the last one stopped, else everything once a week, else a sample."""
    lately = timezone.now() - WHOLE_EVERY + timedelta(hours=12)  # a night is not always as long as the one before
    is_whole_due = (
        not IntegrityRun.objects.filter(step=1, started_at__gte=lately).exclude(outcome=RunOutcome.UNFINISHED).exists()
    )
    return verify_documents(sample=None if is_whole_due else SAMPLE, resume=True, seconds=seconds)


@transaction.atomic
def request_verification(*, whole: bool = False, by: Any) -> IntegrityRun:
    """Have the files verified from the next minute on: a sample, or all of them. What was begun goes on first.

    Nothing is read here; the job does it, minute by minute (`continue_requested`).
    """
    if not (by.is_active and by.has_perm("core.request_integrityrun")):
        raise DomainError(_("Pemeriksaan diminta oleh administrator teknis."), code="request_verification.forbidden")
    if not document_storage().is_ready():
        raise DomainError(
            _("Tempat penyimpanan berkas tidak dapat dihubungi. Periksa STORAGE_URL, lalu coba lagi."),
            code="request_verification.storage_away",
        )
    SystemPolicy.objects.select_for_update().first()  # two presses queue here
    run = unfinished_run() or _begin(None if whole else SAMPLE)
    if run.requested_by_id is not None:
        raise DomainError(
            _("Pemeriksaan yang diminta sebelumnya masih berjalan. Tunggu sampai selesai."),
            code="request_verification.running",
        )
    run.requested_by = by
    run.save(update_fields=["requested_by"])
    record_activity("integrity.request", by=by, subject=run, is_sample=run.is_sample)
    return run


def requested_run() -> IntegrityRun | None:
    """The run that somebody asked for and that is not done yet."""
    run = unfinished_run()
    return run if run is not None and run.requested_by_id is not None else None


def continue_requested(*, seconds: float) -> IntegrityRun | None:
    """Go on with what was asked for, for so long; None where there is nothing to do, or it cannot be done now."""
    run = requested_run()
    is_new = run is not None and not run.last_document
    if run is None or (not is_new and run.touched_at > timezone.now() - timedelta(seconds=AT_WORK)):
        return None
    try:
        return verify_documents(resume=True, seconds=seconds)
    except DomainError as refusal:  # the storage is away, or the night took the run over
        logger.warning("a verification that was asked for could not go on: %s", refusal.code)
        return None


def _begin(sample: int | None) -> IntegrityRun:
    expected = _kept_documents().count()
    step = max(1, expected // sample) if sample else 1
    return IntegrityRun.objects.create(step=step, offset=secrets.randbelow(step), expected=expected)


def _kept_documents() -> QuerySet[Document]:
    return Document.objects.filter(state__in=KEPT_STATES)


def _storage_away() -> DomainError:
    return DomainError(
        _("Tempat penyimpanan berkas tidak dapat dihubungi. Periksa STORAGE_URL, lalu lanjutkan dengan --resume."),
        code="verify_documents.storage_away",
    )


class _Verification:
    """One process at one run."""

    def __init__(self, run: IntegrityRun, *, until: float | None, progress: Callable[[IntegrityRun], None]) -> None:
        self.run, self.until, self.progress = run, until, progress
        self.storage = document_storage()
        self.found: list[IntegrityFinding] = []
        self.saved_at, self.saved_to = time.monotonic(), run.last_document
        finished = last_finished_run()
        self.earlier = IntegrityFinding.objects.filter(run_id__gte=finished.pk if finished else 0, run_id__lt=run.pk)

    def go_through_rows(self) -> bool:
        """Whether it came to the end in time. States are told apart here, so that the rows come along their key."""
        while batch := list(
            Document.objects.filter(pk__gt=self.run.last_document)
            .order_by("pk")
            .values_list("pk", "sha256", "size", "file", "state", named=True)[:BATCH]
        ):
            suspected = self._suspected([row.pk for row in batch])
            for row in batch:
                if self.until is not None and time.monotonic() >= self.until:
                    self._save()
                    return False
                if row.state in KEPT_STATES:
                    if self.run.passed % self.run.step == self.run.offset or row.pk in suspected:
                        self._verify(row)
                    self.run.passed += 1
                self.run.last_document = row.pk
                if time.monotonic() - self.saved_at >= SAVED_EACH:
                    self._save()
            self._save()
        return True

    def _suspected(self, keys: list[int]) -> set[int | None]:
        """Those of these documents with which something was wrong."""
        return set(self.earlier.filter(document_id__in=keys).values_list("document_id", flat=True))

    def _verify(self, row: Any) -> None:
        # Before the alarm is raised it is looked at once more: it may have been destroyed at this moment.
        fault = self._fault(row) and (self._fault(row) if _kept_documents().filter(pk=row.pk).exists() else None)
        if fault and fault != FindingKind.CHANGED and not self.storage.is_ready():
            self._save()
            raise _storage_away()
        if fault:
            self._note(fault, row.file, document=row.pk)
        self.run.documents += 1
        self.progress(self.run)

    def _fault(self, row: Any) -> FindingKind | None:
        """Read to its end, and one byte beyond: what was appended is a change as well."""
        digest, size = hashlib.sha256(), 0
        try:
            with self.storage.open_range(row.file, 0, row.size + 1) as stream:
                while size <= row.size and (piece := stream.read(PIECE)):
                    digest.update(piece)
                    size += len(piece)
        except FileNotFoundError:
            return FindingKind.MISSING
        except Exception:  # a bucket has errors of its own
            logger.warning("document %s cannot be read", row.pk, exc_info=True)
            return FindingKind.UNREADABLE
        self.run.size += size
        return None if digest.hexdigest() == row.sha256 else FindingKind.CHANGED

    def _note(self, kind: FindingKind, file: str, *, document: int | None) -> None:
        self.found.append(IntegrityFinding(run=self.run, document_id=document, file=file[:255], kind=kind))
        figure = COUNTED_AS[kind]
        setattr(self.run, figure, getattr(self.run, figure) + 1)

    def go_through_files(self) -> None:
        """All of them, even when time is over: they are listed, not read. Begun anew when it was cut off."""
        self.run.findings.filter(kind__in=STRAY).delete()
        self.run.orphans = self.run.leftovers = 0
        for _files, unneeded in unneeded_files(before=time.time() - STRAY_HOURS * 3600):
            gone = _rows_without_content([PurePath(file.name).name for file in unneeded])
            for file in unneeded:
                document = gone.get(PurePath(file.name).name)
                self._note(FindingKind.LEFTOVER if document else FindingKind.ORPHAN, file.name, document=document)
            self._save()

    def finish(self) -> None:
        self.run.outcome = RunOutcome.FAULTY if self.run.faults else RunOutcome.INTACT
        self.run.ended_at = timezone.now()
        self._save()
        if self.run.faults:
            logger.error("the verification of documents found %d faults", self.run.faults)

    def _save(self) -> None:
        """Findings and figures together, and only if nobody else goes on with the same run."""
        self.run.touched_at = timezone.now()
        figures = ("touched_at", "ended_at", "outcome", "passed", "last_document", "documents", "size")
        figures += tuple(COUNTED_AS.values())
        with transaction.atomic():
            mine = IntegrityRun.objects.filter(
                pk=self.run.pk, last_document=self.saved_to, outcome=RunOutcome.UNFINISHED
            )
            if not mine.update(**{name: getattr(self.run, name) for name in figures}):
                raise DomainError(
                    _("Pemeriksaan ini sedang dilanjutkan oleh proses lain. Tunggu sampai selesai, lalu ulangi."),
                    code="verify_documents.taken_over",
                )
            IntegrityFinding.objects.bulk_create(self.found, batch_size=BATCH)
        self.found = []
        self.saved_at, self.saved_to = time.monotonic(), self.run.last_document


def _rows_without_content(names: list[str]) -> dict[str, int]:
    """{hash: document} of those whose bytes should be gone."""
    gone = Document.objects.filter(sha256__in=names, state__in=(DocumentState.REFUSED, DocumentState.DESTROYED))
    return dict(gone.values_list("sha256", "pk"))
