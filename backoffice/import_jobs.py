"""Long files are checked and written by jobs: the page would not wait so long, and who asked may go on working."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from backoffice.imports import Job as Import
from backoffice.imports import job_of
from core.common.exceptions import DomainError
from core.imports import services
from core.imports.models import ImportRun
from core.jobs.kinds import job_kind
from core.jobs.models import Job
from core.jobs.progress import Progress

#: Files with more rows than this are worked on in the background.
DIRECT_ROWS = 1000
CHECK, WRITE = "import-check", "import-write"


def is_long(run: ImportRun) -> bool:
    return run.report["rows"] > DIRECT_ROWS


@job_kind(CHECK, title=_("Memeriksa berkas impor"), restartable=True)
def check_in_background(job: Job, progress: Progress) -> None:
    run, import_ = _of(job, progress)
    services.check_run(run=run, check=import_.check, by=job.by)


@job_kind(WRITE, title=_("Menulis berkas impor"), restartable=True)  # one transaction: cut off, nothing was written
def write_in_background(job: Job, progress: Progress) -> None:
    leaves_out = bool(job.parameters.get("leaves_out_faults"))
    run, import_ = _of(job, progress, leaves_out_faults=leaves_out)
    if progress.is_mute_in_transactions:
        progress.begin(0, _("Sedang ditulis. Barisnya tidak dapat dihitung sampai selesai."))
    services.apply_run(run=run, check=import_.check, write=import_.write, by=job.by, leaves_out_faults=leaves_out)


def _of(job: Job, progress: Progress, **options: Any) -> tuple[ImportRun, Import]:
    """The person may have lost the right since they asked."""
    run = ImportRun.objects.get(pk=job.parameters["run"])
    import_ = job_of(run.kind, job.by, matching=services.matching_of(run), progress=progress, **options)
    if import_ is None or not import_.is_allowed:
        raise DomainError(_("Anda tidak berhak lagi mengimpor data ini."), code="import.forbidden")
    return run, import_
