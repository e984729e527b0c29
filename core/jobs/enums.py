"""Where a job stands."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class JobState(TextChoices):
    WAITING = "menunggu", _("Menunggu")
    RUNNING = "berjalan", _("Berjalan")
    DONE = "selesai", _("Selesai")
    FAILED = "gagal", _("Gagal")
    CANCELLED = "dibatalkan", _("Dibatalkan")
    INTERRUPTED = "terputus", _("Terputus")


#: What still moves; everything else is over.
OPEN_STATES = (JobState.WAITING, JobState.RUNNING)
