"""“Uji pemulihan sekarang” as a job in the background."""

from django.utils.translation import gettext_lazy as _

from core.backups.drill_enums import DrillStep
from core.backups.drills import STEPS, run_drill
from core.jobs.kinds import job_kind
from core.jobs.models import Job
from core.jobs.progress import Progress

KIND = "restore-drill"
TITLE = _("Uji pemulihan cadangan")


@job_kind(KIND, title=TITLE)
def carry(job: Job, progress: Progress) -> None:
    """Not begun again by itself when it was killed: what killed it is worth a look first."""

    def tell(step: str, done: int) -> None:
        if progress.total != STEPS:
            progress.begin(STEPS, "")
        progress.what = str(DrillStep(step).label)
        progress.step(done - progress.done)

    run_drill(by=job.by, place=job.parameters.get("place", ""), tell=tell)
