"""That a backup was restored and looked at, and what came of it."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from core.backups.drill_enums import DrillOutcome, DrillStep, StepResult
from core.backups.enums import Place
from core.backups.models import BackupCopy


class RestoreDrill(models.Model):
    """One drill, from its beginning to what it proved (only writer: `core.backups.drills`).

    `steps`: [{code, result, seconds, note}] in the order in which they were done. `differences`: [{step, name,
    expected, found}], no more than the first few hundred; `difference_count` counts them all. Neither holds
    personal data: tables, hashes and addresses of pages only.
    """

    begun_at = models.DateTimeField(_("dimulai"), auto_now_add=True)
    ended_at = models.DateTimeField(_("selesai"), null=True)
    outcome = models.CharField(_("hasil"), max_length=12, choices=DrillOutcome, default=DrillOutcome.RUNNING)
    place = models.CharField(_("cadangan yang diuji"), max_length=8, choices=Place)
    copy = models.ForeignKey(
        BackupCopy, on_delete=models.SET_NULL, null=True, related_name="drills", verbose_name=_("salinan cadangan")
    )
    snapshot = models.CharField(_("nomor cadangan"), max_length=64, blank=True)
    snapshot_at = models.DateTimeField(_("keadaan pada"), null=True)
    program = models.CharField(_("versi program di dalamnya"), max_length=60, blank=True)
    steps = models.JSONField(_("langkah"), default=list)
    differences = models.JSONField(_("perbedaan"), default=list)
    difference_count = models.PositiveIntegerField(_("jumlah perbedaan"), default=0)
    tables = models.PositiveIntegerField(_("tabel"), default=0)
    rows = models.PositiveBigIntegerField(_("baris"), default=0)
    documents = models.PositiveIntegerField(_("berkas"), default=0)
    size = models.PositiveBigIntegerField(_("byte berkas"), default=0)
    papers = models.PositiveIntegerField(_("PDF yang dibuka"), default=0)
    usable_seconds = models.PositiveIntegerField(_("detik sampai dapat dipakai"), null=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("diminta oleh")
    )
    document = models.ForeignKey(
        "core.Document", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("surat keterangan")
    )

    class Meta:
        verbose_name = _("uji pemulihan")
        verbose_name_plural = _("uji pemulihan")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["outcome", "id"], name="restore_drill_by_outcome")]

    def __str__(self) -> str:
        return date_format(localtime(self.begun_at), "j M Y, H.i")

    @property
    def activity_label(self) -> str:
        return f"#{self.pk}"

    @property
    def is_over(self) -> bool:
        return self.outcome != DrillOutcome.RUNNING

    @property
    def duration(self) -> timedelta | None:
        """From the wish to the last look; None while it goes on."""
        return self.ended_at - self.begun_at if self.ended_at else None

    @property
    def told_steps(self) -> list[dict[str, Any]]:
        """The steps with their words."""
        return [
            step | {"title": DrillStep(step["code"]).label, "result_title": StepResult(step["result"]).label}
            for step in self.steps
        ]

    @property
    def problem(self) -> str:
        """The first sentence that says why it is not proven; "" where there is none."""
        bad = (StepResult.DIFFERS, StepResult.FAILED)
        told = (step for step in self.told_steps if step["result"] in bad and step["note"])
        return next((f"{step['title']}: {step['note']}" for step in told), "")
