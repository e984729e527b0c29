"""What the assessment found: K or BK per unit and method, and the assessor's signed conclusion."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.accounts.models import AssessorProfile
from core.applications.enums import Outcome
from core.applications.models import Application
from core.assessments.enums import RecordStatus
from core.common.fields import EncryptedTextField
from core.common.models import Timestamped
from core.documents.models import Signature
from core.schemes.models import CompetencyUnit


class AssessmentRecord(Timestamped):
    """One assessor's conclusion on one case: results per unit, recommendation, signature.

    A draft until signed, closed afterwards: a correction is a further record that `corrects` it and
    says why. `in_force` is True or NULL: the one that a decision looks at.
    """

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="records", verbose_name=_("permohonan")
    )
    assessor = models.ForeignKey(
        AssessorProfile, on_delete=models.PROTECT, related_name="records", verbose_name=_("asesor")
    )
    sequence = models.PositiveSmallIntegerField(_("rekaman ke-"), default=1)
    in_force = models.BooleanField(null=True, default=True, editable=False)
    status = models.CharField(
        _("status"), max_length=16, choices=RecordStatus, default=RecordStatus.DRAFT, editable=False
    )
    edit = models.PositiveIntegerField(default=0, editable=False)
    recommendation = models.CharField(_("rekomendasi"), max_length=2, choices=Outcome, blank=True)
    note = models.TextField(_("catatan"), blank=True)
    follow_up = models.TextField(_("tindak lanjut"), blank=True)
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="corrected_by", verbose_name=_("mengoreksi")
    )
    correction_reason = models.CharField(_("alasan koreksi"), max_length=250, blank=True)
    content = EncryptedTextField(_("isi"), blank=True, default="")  # canonical JSON of what was signed
    sha256 = models.CharField(_("sidik isi (SHA-256)"), max_length=64, blank=True)
    signature = models.OneToOneField(Signature, on_delete=models.PROTECT, null=True, related_name="assessment_record")

    class Meta:
        verbose_name = _("rekaman asesmen")
        verbose_name_plural = _("rekaman asesmen")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["application", "sequence"], name="one_record_per_sequence"),
            models.UniqueConstraint(fields=["application", "in_force"], name="one_record_in_force_per_case"),
        ]

    def __str__(self) -> str:
        return f"{self.application} ({self.sequence})"

    @property
    def activity_label(self) -> str:
        return f"{self.application} #{self.sequence}"


class AssessmentResult(models.Model):
    """K or BK for one unit by one method (see `assessments.methods`), written by a person or a machine alike.

    `recorded_by` None: a machine. `score` as the method counts, such as 0–100.
    """

    record = models.ForeignKey(AssessmentRecord, on_delete=models.CASCADE, related_name="results")
    unit = models.ForeignKey(CompetencyUnit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    method = models.SlugField(_("metode"), max_length=40)
    outcome = models.CharField(_("hasil"), max_length=2, choices=Outcome)
    score = models.DecimalField(_("nilai"), max_digits=6, decimal_places=2, null=True, blank=True)
    note = models.CharField(_("catatan"), max_length=500, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("dicatat oleh")
    )
    recorded_at = models.DateTimeField(_("dicatat"), auto_now=True)

    class Meta:
        verbose_name = _("hasil asesmen")
        verbose_name_plural = _("hasil asesmen")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["record", "unit", "method"], name="one_result_per_unit_and_method")
        ]

    def __str__(self) -> str:
        return f"{self.unit}: {self.outcome}"
