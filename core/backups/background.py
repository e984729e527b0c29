"""“Cadangkan sekarang” and “Uji pemulihan sekarang” as jobs in the background.

Neither is begun again by itself when it was killed: what killed it is worth a look first.
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.backups.drill_enums import DrillOutcome, DrillStep
from core.backups.drills import STEPS, run_drill
from core.backups.services import run_backup
from core.common.exceptions import DomainError
from core.jobs.kinds import job_kind
from core.jobs.models import Job
from core.jobs.progress import Progress

BACKUP, DRILL = "backup", "restore-drill"
TITLES = {BACKUP: gettext_lazy("Pencadangan"), DRILL: gettext_lazy("Uji pemulihan cadangan")}


@job_kind(BACKUP, title=TITLES[BACKUP])
def carry_backup(job: Job, progress: Progress) -> None:
    def tell(sentence: str) -> None:
        progress.begin(0, sentence)

    run = run_backup(by=job.by, progress=tell)
    if not run.is_good:
        raise DomainError(run.problem or _("Cadangan tidak berhasil."), code="backup.not_good")


@job_kind(DRILL, title=TITLES[DRILL])
def carry_drill(job: Job, progress: Progress) -> None:
    def tell(step: str, done: int) -> None:
        if progress.total != STEPS:
            progress.begin(STEPS, "")
        progress.what = str(DrillStep(step).label)
        progress.step(done - progress.done)

    drill = run_drill(by=job.by, place=job.parameters.get("place", ""), tell=tell)
    if drill.outcome != DrillOutcome.PROVEN:
        words = _("%(outcome)s. %(problem)s Rinciannya ada di halaman Cadangan.")
        raise DomainError(
            words % {"outcome": drill.get_outcome_display(), "problem": drill.problem}, code="drill.not_proven"
        )
