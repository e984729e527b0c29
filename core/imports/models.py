"""Every spreadsheet that was handed in: the file, what the check found, and whether it was applied."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.imports.storage import import_storage
from core.jobs.models import Job


class ImportOutcome(models.TextChoices):
    RECEIVED = "diterima", _("Belum diperiksa")
    FAULTY = "salah", _("Ada kesalahan")
    CHECKED = "diperiksa", _("Menunggu persetujuan")
    UNCHANGED = "sama", _("Tidak ada perubahan")
    WRITTEN = "diterapkan", _("Diterapkan")


def import_path(run: "ImportRun", filename: str) -> str:
    """Where the file lies: by its hash; equal files lie once."""
    return f"{run.sha256[:2]}/{run.sha256}"


class ImportRun(models.Model):
    """One file, checked once and applied at most once.

    `report` holds all faults or all differences (see `report.Report`). `fingerprint` is the hash of the
    differences that were shown: applying checks anew, and writes only what was agreed to.
    """

    kind = models.CharField(_("jenis data"), max_length=40)
    kind_title = models.CharField(_("data"), max_length=80)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("diunggah oleh")
    )
    created_at = models.DateTimeField(_("diunggah"), auto_now_add=True)
    file_name = models.CharField(_("nama berkas"), max_length=150)
    size = models.PositiveIntegerField(_("ukuran (byte)"))
    sha256 = models.CharField(_("sidik SHA-256"), max_length=64)
    file = models.FileField(_("berkas"), storage=import_storage, upload_to=import_path, max_length=120)
    #: Which column holds what: {"row": of the headings, "places": {our title: place}}; None: as they are called.
    matching = models.JSONField(null=True)
    outcome = models.CharField(_("hasil"), max_length=12, choices=ImportOutcome)
    counts = models.JSONField(_("jumlah"), default=dict)
    report = models.JSONField(_("laporan"), default=dict)
    fingerprint = models.CharField(max_length=64, blank=True)
    job = models.ForeignKey(
        Job, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("pekerjaan latar")
    )  # the last one that checked or wrote it
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("diterapkan oleh"),
    )
    written_at = models.DateTimeField(_("diterapkan"), null=True)

    class Meta:
        verbose_name = _("riwayat impor")
        verbose_name_plural = _("riwayat impor")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.kind_title}: {self.file_name}"

    @property
    def activity_label(self) -> str:
        return f"{self.kind_title} #{self.pk}"

    @property
    def is_busy(self) -> bool:
        """Whether it is being checked or written right now, or waits for that."""
        return self.job is not None and self.job.is_open


class RememberedColumns(models.Model):
    """How the columns of files with these headings were matched the last time: nobody matches them twice."""

    kind = models.CharField(max_length=40)
    headings = models.CharField(max_length=64)  # their hash, see `matching.Headings.digest`
    places = models.JSONField()
    used_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("kolom yang diingat")
        verbose_name_plural = _("kolom yang diingat")
        constraints = [models.UniqueConstraint(fields=["kind", "headings"], name="one_matching_per_headings")]

    def __str__(self) -> str:
        return self.kind
