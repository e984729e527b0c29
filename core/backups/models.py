"""What was backed up, where to, and what was proven of it."""

from django.conf import settings
from django.db import models
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from core.backups.enums import BackupKind, BackupOutcome, Place


class BackupRun(models.Model):
    """One backup (the only writer is `services.py`).

    `moment` is the moment whose state it holds. `problem` is a sentence for a person and names neither addresses nor
    secrets. A row that says RUNNING though no process is at it was left by one that was killed; the next backup
    says so.
    """

    kind = models.CharField(_("jenis"), max_length=8, choices=BackupKind, default=BackupKind.FULL)
    outcome = models.CharField(_("hasil"), max_length=10, choices=BackupOutcome, default=BackupOutcome.RUNNING)
    begun_at = models.DateTimeField(_("dimulai"))
    ended_at = models.DateTimeField(_("selesai"), null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("diminta oleh")
    )  # null: by the timetable or by command
    moment = models.DateTimeField(_("keadaan pada"), null=True, blank=True)
    program = models.CharField(_("versi program"), max_length=40, blank=True)
    tables = models.PositiveIntegerField(_("tabel"), default=0)
    rows = models.PositiveBigIntegerField(_("baris"), default=0)
    documents = models.PositiveIntegerField(_("dokumen"), default=0)
    document_bytes = models.PositiveBigIntegerField(_("ukuran dokumen (byte)"), default=0)
    database_bytes = models.PositiveBigIntegerField(_("ukuran basis data (byte)"), default=0)
    problem = models.CharField(_("sebab"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("cadangan")
        verbose_name_plural = _("cadangan")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["kind", "-id"], name="backup_by_kind")]
        permissions = [("run_backup", "Can make a backup and try its restore now")]

    def __str__(self) -> str:
        return date_format(localtime(self.begun_at), "j M Y, H.i")

    @property
    def activity_label(self) -> str:
        return f"#{self.pk}"

    @property
    def seconds(self) -> float | None:
        return (self.ended_at - self.begun_at).total_seconds() if self.ended_at else None

    @property
    def is_good(self) -> bool:
        return self.outcome == BackupOutcome.OK


class BackupCopy(models.Model):
    """What of a backup lies in one repository.

    OK only when everything was done: stored, listed again and compared with the manifest, old ones forgotten, a part
    of the repository read back. `snapshot` is set as soon as the backup itself is whole there and can be restored,
    even if what comes after it failed. `seconds` tells how long each step took. `proven_at`: when a restore of it
    came out the same.
    """

    run = models.ForeignKey(BackupRun, on_delete=models.CASCADE, related_name="copies", verbose_name=_("cadangan"))
    repository = models.CharField(_("repositori"), max_length=8, choices=Place)
    outcome = models.CharField(_("hasil"), max_length=10, choices=BackupOutcome, default=BackupOutcome.RUNNING)
    snapshot = models.CharField(_("snapshot"), max_length=64, blank=True, db_index=True)
    bytes_added = models.PositiveBigIntegerField(_("ditambahkan (byte)"), default=0)
    seconds = models.JSONField(_("lama tiap langkah (detik)"), default=dict)
    checked_part = models.CharField(_("bagian yang dibaca ulang"), max_length=12, blank=True)
    problem = models.CharField(_("sebab"), max_length=500, blank=True)
    note = models.CharField(_("catatan"), max_length=500, blank=True)
    proven_at = models.DateTimeField(_("terbukti dapat dipulihkan"), null=True, blank=True, db_index=True)

    class Meta:
        verbose_name = _("salinan cadangan")
        verbose_name_plural = _("salinan cadangan")
        ordering = ["run", "pk"]
        constraints = [models.UniqueConstraint(fields=["run", "repository"], name="one_copy_per_repository")]

    def __str__(self) -> str:
        return f"{self.get_repository_display()}: {self.get_outcome_display()}"
