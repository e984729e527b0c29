"""Keeping a handed-in file with its report, and applying it once, wholly or not at all."""

import hashlib
import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import IO, Any

import reversion
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.activity.services import record_activity
from core.common.exceptions import DomainError, StaleVersion
from core.documents.intake import clean_file_name
from core.imports.models import ImportOutcome, ImportRun, RememberedColumns
from core.imports.report import Report
from core.imports.tables import Matching
from core.jobs.services import request_job
from core.policy.queries import system_policy

logger = logging.getLogger(__name__)

#: Checks a file's content and, when told to, writes; returns what it found or did.
Work = Callable[[bytes], Report]


def read_upload(stream: IO[bytes]) -> bytes:
    """No more than is allowed (plus one byte, which tells that there is more)."""
    return stream.read(settings.IMPORT_MAX_BYTES + 1)


@transaction.atomic
def keep_file(
    *,
    kind: str,
    kind_title: str,
    content: bytes,
    file_name: str,
    form: str,
    rows: int,
    matching: Matching | None,
    by: Any,
) -> ImportRun:
    """A file whose columns are still to be matched, or which is still to be checked."""
    run = _new_run(kind, kind_title, content, clean_file_name(file_name, f".{form}"), by)
    run.report = Report(form, rows=rows).as_json()
    run.outcome, run.matching = ImportOutcome.RECEIVED, _as_json(matching)
    run.file.save(run.sha256, ContentFile(content), save=False)
    run.save()
    return run


@transaction.atomic
def choose_columns(*, run: ImportRun, matching: Matching, headings: str, by: Any) -> ImportRun:
    """Match the columns of a file that is not applied yet; files with the same headings follow from now on."""
    run = ImportRun.objects.select_for_update().get(pk=run.pk)
    if run.outcome == ImportOutcome.WRITTEN:
        raise _applied_already()
    run.matching = _as_json(matching)
    run.save(update_fields=["matching"])
    RememberedColumns.objects.update_or_create(
        kind=run.kind, headings=headings, defaults={"places": dict(matching.places)}
    )
    return run


def remembered_columns(kind: str, headings: str) -> Mapping[str, int] | None:
    return RememberedColumns.objects.filter(kind=kind, headings=headings).values_list("places", flat=True).first()


def matching_of(run: ImportRun) -> Matching | None:
    return Matching(run.matching["row"], run.matching["places"]) if run.matching else None


def _as_json(matching: Matching | None) -> dict[str, Any] | None:
    return None if matching is None else {"row": matching.row, "places": dict(matching.places)}


@transaction.atomic
def work_in_background(*, run: ImportRun, kind: str, title: str, by: Any, **parameters: Any) -> ImportRun:
    """Have a long file checked or written by a job; pressed twice, by one."""
    ImportRun.objects.select_for_update().values_list("pk").get(pk=run.pk)
    run = ImportRun.objects.select_related("job").get(pk=run.pk)
    if not run.is_busy:
        run.job = request_job(kind=kind, title=title, parameters={"run": run.pk, **parameters}, by=by)
        run.save(update_fields=["job"])
    return run


def check_run(*, run: ImportRun, check: Work, by: Any) -> ImportRun:
    """Go through the kept file, as it is matched now, and write down what was found."""
    report = check(content_of(run))
    with transaction.atomic():
        run = ImportRun.objects.select_for_update().get(pk=run.pk)
        if run.outcome == ImportOutcome.WRITTEN:
            raise _applied_already()
        _take_report(run, report)
        run.save()
        record_activity("import.check", by=by, subject=run, kind=run.kind, faults=len(report.faults))
    return run


def _applied_already() -> DomainError:
    return DomainError(_("Berkas ini sudah diterapkan."), code="import_run.written")


@transaction.atomic
def keep_run(*, kind: str, kind_title: str, content: bytes, file_name: str, report: Report, by: Any) -> ImportRun:
    """A file that was checked. Nothing of it is applied yet."""
    run = _new_run(kind, kind_title, content, clean_file_name(file_name, f".{report.format}"), by)
    _take_report(run, report)
    run.file.save(run.sha256, ContentFile(content), save=False)
    run.save()
    record_activity("import.check", by=by, subject=run, kind=kind, faults=len(report.faults))
    return run


def _new_run(kind: str, kind_title: str, content: bytes, file_name: str, by: Any) -> ImportRun:
    digest = hashlib.sha256(content).hexdigest()
    return ImportRun(kind=kind, kind_title=kind_title, by=by, file_name=file_name, size=len(content), sha256=digest)


def _take_report(run: ImportRun, report: Report) -> None:
    run.report, run.counts, run.fingerprint = report.as_json(), report.counts, report.fingerprint
    if report.faults:
        run.outcome = ImportOutcome.FAULTY
    else:
        run.outcome = ImportOutcome.CHECKED if report.writes_something else ImportOutcome.UNCHANGED


def content_of(run: ImportRun) -> bytes:
    if not run.file:
        raise DomainError(
            _("Berkas ini sudah dihapus karena masa simpannya habis. Unggah lagi berkasnya."), code="import_run.no_file"
        )
    with run.file.open("rb") as stream:
        return stream.read()


def apply_run(*, run: ImportRun, check: Work, write: Work, by: Any, leaves_out_faults: bool = False) -> ImportRun:
    """Write what was shown, in one transaction and one revision.

    `leaves_out_faults`: the good rows of a file with faults may be written too, where each row stands for itself.

    Applied already: nothing happens again. When the data is no longer what the preview compared
    with (also when somebody made the same row meanwhile), nothing is written, the preview is
    renewed and StaleVersion raised.
    """
    try:
        return _apply(run=run, write=write, by=by, leaves_out_faults=leaves_out_faults)
    except (StaleVersion, IntegrityError) as error:
        report = check(content_of(run))
        with transaction.atomic():
            run = ImportRun.objects.select_for_update().get(pk=run.pk)
            if run.outcome != ImportOutcome.WRITTEN:
                _take_report(run, report)
                run.save()
        raise (error if isinstance(error, StaleVersion) else _stale()) from error
    except DatabaseError as error:  # somebody holds the rows, or the server went away
        logger.error("import run %s: %s", run.pk, type(error).__name__)  # its text may quote a row
        raise DomainError(
            _("Basis data menolak penulisan; belum ada yang ditulis. Coba lagi sebentar lagi."),
            code="apply_run.database",
        ) from error


def _stale() -> StaleVersion:
    return StaleVersion(
        _("Data di sistem berubah sejak berkas diperiksa. Belum ada yang ditulis; periksa perbedaan terbaru di bawah."),
        code="apply_run.stale",
    )


@transaction.atomic
def _apply(*, run: ImportRun, write: Work, by: Any, leaves_out_faults: bool) -> ImportRun:
    run = ImportRun.objects.select_for_update().get(pk=run.pk)  # a second click waits here
    if run.outcome == ImportOutcome.WRITTEN:
        return run
    ready = {ImportOutcome.CHECKED} | ({ImportOutcome.FAULTY} if leaves_out_faults else set())
    if run.outcome not in ready:
        raise DomainError(_("Berkas ini tidak menunggu persetujuan. Unggah lagi berkasnya."), code="apply_run.outcome")
    with reversion.create_revision():
        reversion.set_user(by)
        reversion.set_comment(_("Impor %(title)s (riwayat impor #%(pk)d)") % {"title": run.kind_title, "pk": run.pk})
        report = write(content_of(run))
        if (report.faults and not leaves_out_faults) or report.fingerprint != run.fingerprint:
            raise _stale()
    run.outcome, run.written_by, run.written_at = ImportOutcome.WRITTEN, by, timezone.now()
    run.counts = report.counts | {"ditinggalkan": report.rows_at_fault}
    run.save(update_fields=["outcome", "written_by", "written_at", "counts"])
    record_activity(
        "import.run",
        by=by,
        subject=run,
        kind=run.kind,
        title=run.kind_title,
        created=run.counts["baru"],
        changed=run.counts["berubah"],
        removed=run.counts["dihapus"],
    )
    return run


def record_export(*, kind: str, title: str, count: int, by: Any, **how: Any) -> None:
    """That somebody took rows out of the system; `how`: which columns, narrowed by what, in which form."""
    record_activity("export.run", by=by, kind=kind, title=title, count=count, **how)


def forget_run(run: ImportRun) -> None:
    """Drop a file and what its report says of people; that one came, when and how many rows it had, stays."""
    if run.file and not ImportRun.objects.filter(sha256=run.sha256).exclude(pk=run.pk).exclude(file="").exists():
        run.file.delete(save=False)
    report = Report(format=run.report.get("format", "xlsx"), rows=run.report.get("rows", 0))
    ImportRun.objects.filter(pk=run.pk).update(file="", report=report.as_json())


def remove_old_files() -> int:
    """Forget imports older than the policy keeps them: the file, and what the report says of people; how many.

    Equal files lie once: a file that a younger import names is kept until that one is old as well.
    """
    months = system_policy().import_months
    if not months:
        return 0
    oldest = timezone.now() - timedelta(days=months * 365.25 / 12)
    old = list(ImportRun.objects.filter(created_at__lt=oldest).exclude(file="").values_list("pk", flat=True))
    for pk in old:  # one at a time: a report can be large
        forget_run(ImportRun.objects.get(pk=pk))
    return len(old)
