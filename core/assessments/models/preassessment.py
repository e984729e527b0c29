"""The assessor's reading of FR.APL-02 against the evidence, before anything is scheduled."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.accounts.models import AssessorProfile
from core.applications.models import Application
from core.assessments.enums import PreAssessmentAdvice
from core.common.fields import EncryptedTextField
from core.common.models import Timestamped
from core.documents.models import Document, Signature
from core.schemes.models import Element


class PreAssessment(Timestamped):
    """One assessor's review of one case: a draft until signed, unchangeable afterwards.

    Each assessor who gets the case has a row of their own: nobody signs what another judged.
    """

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="preassessments", verbose_name=_("permohonan")
    )
    assessor = models.ForeignKey(
        AssessorProfile, on_delete=models.PROTECT, related_name="preassessments", verbose_name=_("asesor")
    )
    advice = models.CharField(_("rekomendasi"), max_length=14, choices=PreAssessmentAdvice, blank=True)
    note = models.TextField(_("catatan untuk asesi"), blank=True)
    content = EncryptedTextField(_("isi"), blank=True, default="")  # canonical JSON of what was signed
    sha256 = models.CharField(_("sidik isi (SHA-256)"), max_length=64, blank=True)
    signature = models.OneToOneField(Signature, on_delete=models.PROTECT, null=True, related_name="preassessment")
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("dokumen")
    )  # FR.APL-02 with the assessor's foot

    class Meta:
        verbose_name = _("pra-asesmen")
        verbose_name_plural = _("pra-asesmen")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["application", "assessor"], name="one_preassessment_per_case_and_assessor")
        ]

    def __str__(self) -> str:
        return f"{self.application}: {self.get_advice_display()}"


class EvidenceReview(models.Model):
    """VATM for one element: valid, asli, terkini, memadai; None: not judged yet."""

    preassessment = models.ForeignKey(PreAssessment, on_delete=models.CASCADE, related_name="reviews")
    element = models.ForeignKey(Element, on_delete=models.PROTECT, related_name="+", verbose_name=_("elemen"))
    is_valid = models.BooleanField(_("valid"), null=True)
    is_authentic = models.BooleanField(_("asli"), null=True)
    is_current = models.BooleanField(_("terkini"), null=True)
    is_sufficient = models.BooleanField(_("memadai"), null=True)
    note = models.CharField(_("catatan"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("tinjauan bukti")
        verbose_name_plural = _("tinjauan bukti")
        constraints = [models.UniqueConstraint(fields=["preassessment", "element"], name="one_review_per_element")]

    def __str__(self) -> str:
        return str(self.element)
