"""What somebody asked for that takes longer than a page may: one row from the wish to the result."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.common.models import Labelled
from core.jobs.enums import OPEN_STATES, JobState
from core.jobs.storage import job_storage, result_path


class Job(Labelled):
    """One piece of work in the background.

    `worker` is the token of the process that carries it: only its holder may write how it goes on.
    `beat_at` is moved while it is carried; a running job whose beat is old was killed. Neither
    `title` nor `parameters` may hold personal data: they are kept longer than the result.
    """

    kind = models.SlugField(_("jenis"), max_length=40)
    title = models.CharField(_("pekerjaan"), max_length=150)
    parameters = models.JSONField(default=dict)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("diminta oleh")
    )
    requested_at = models.DateTimeField(_("diminta"), auto_now_add=True)
    begun_at = models.DateTimeField(_("dimulai"), null=True)
    ended_at = models.DateTimeField(_("selesai"), null=True)
    state = models.CharField(_("keadaan"), max_length=12, choices=JobState, default=JobState.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    what = models.CharField(_("sedang"), max_length=200, blank=True)
    error = models.CharField(_("sebab"), max_length=500, blank=True)
    attempts = models.PositiveSmallIntegerField(_("percobaan"), default=0)
    worker = models.CharField(max_length=32, blank=True)
    beat_at = models.DateTimeField(null=True)
    cancel_asked = models.BooleanField(default=False)
    tell_when_ready = models.BooleanField(_("kirim surat bila selesai"), default=True)
    result = models.FileField(_("hasil"), storage=job_storage, upload_to=result_path, max_length=60, blank=True)
    result_name = models.CharField(_("nama berkas"), max_length=150, blank=True)
    result_type = models.CharField(max_length=100, blank=True)
    result_size = models.PositiveBigIntegerField(_("ukuran (byte)"), default=0)
    expires_at = models.DateTimeField(_("hasil disimpan sampai"), null=True)

    class Meta:
        verbose_name = _("pekerjaan latar")
        verbose_name_plural = _("pekerjaan latar")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["state", "id"], name="job_by_state"),
            models.Index(fields=["by", "id"], name="job_by_person"),
            models.Index(fields=["expires_at"], name="job_by_expiry"),
        ]
        permissions = [("oversee_job", "Can see and cancel everybody's jobs")]

    def __str__(self) -> str:
        return self.title

    @property
    def activity_label(self) -> str:
        return f"#{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def percent(self) -> int:
        """Whole per cent of what is done; 100 only when nothing is left to do."""
        if self.state == JobState.DONE:
            return 100
        return min(99, self.done * 100 // self.total) if self.total else 0
