"""The file (berkas) of a case: every paper that belongs in it, and which ones should be there when."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.applications.enums import FILE_STAGES, ApplicationStatus
from core.applications.models.cases import Application
from core.documents.models import Document, DocumentType
from core.schemes.models import Scheme


class CaseDocument(models.Model):
    """That a document lies in the file of a case, whichever room put it there (only writers: `filing.py`).

    What was taken out or replaced stays, with `is_current` off: an earlier paper may name it. One document
    may lie in several files: a diploma used again, a berita acara of twenty people. `filed_by` is null for
    papers that the system printed.
    """

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="case_documents", verbose_name=_("permohonan")
    )
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, related_name="case_documents", verbose_name=_("dokumen")
    )
    is_current = models.BooleanField(_("berlaku"), default=True)
    is_added_by_desk = models.BooleanField(_("ditambahkan LSP"), default=False)
    replaced_by = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("diganti oleh")
    )
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    filed_at = models.DateTimeField(_("masuk berkas"), auto_now_add=True)

    class Meta:
        verbose_name = _("dokumen berkas")
        verbose_name_plural = _("dokumen berkas")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["application", "document"], name="document_once_per_case")]
        indexes = [models.Index(fields=["document", "is_current"], name="case_document_current")]
        permissions = [("export_casedocument", "Can download the whole file of a case")]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.document_id}"


class ExpectedDocument(models.Model):
    """A paper that a case should have from a stage on, besides the scheme's requirements and its forms.

    Those two say for themselves which papers they bring; this list names the rest: surat tugas, berita
    acara, sertifikat, and whatever else the LSP wants to find in every file. `scheme` null: of all schemes.
    """

    document_type = models.ForeignKey(
        DocumentType, on_delete=models.PROTECT, related_name="expectations", verbose_name=_("jenis dokumen")
    )
    scheme = models.ForeignKey(
        Scheme,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("skema"),
        help_text=_("Kosongkan bila berlaku untuk semua skema."),
    )
    from_status = models.CharField(
        _("harus ada sejak"),
        max_length=20,
        choices=[(status.value, status.label) for status in FILE_STAGES],
        default=ApplicationStatus.ACCEPTED,
    )
    is_required = models.BooleanField(_("wajib"), default=True)
    position = models.PositiveSmallIntegerField(_("urutan"), default=0)

    class Meta:
        verbose_name = _("isi wajib berkas")
        verbose_name_plural = _("isi wajib berkas")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["document_type", "scheme"], name="expected_once_per_scheme")]

    def __str__(self) -> str:
        return f"{self.document_type}, {self.scheme}" if self.scheme_id else str(self.document_type)

    @property
    def activity_label(self) -> str:
        return str(self)

    def clean(self) -> None:
        """Of all schemes too there is one line per kind: a unique constraint does not see NULLs."""
        twins = ExpectedDocument.objects.filter(document_type=self.document_type_id, scheme=self.scheme_id)
        if self.document_type_id and twins.exclude(pk=self.pk).exists():
            raise ValidationError({"document_type": _t("Jenis dokumen ini sudah ada di daftar.")})
