"""Who assesses whom."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.accounts.models import AssessorProfile
from core.applications.models import Application
from core.assessments.models.sessions import AssessmentSession
from core.common.fields import EncryptedTextField
from core.common.models import Timestamped
from core.documents.models import Document, Signature
from core.schemes.models import Scheme


class AssessorQualification(Timestamped):
    """That an assessor may assess for a scheme (ISO/IEC 17024, 6.2). `valid_until` None: until further notice."""

    assessor = models.ForeignKey(
        AssessorProfile, on_delete=models.CASCADE, related_name="qualifications", verbose_name=_("asesor")
    )
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="qualifications", verbose_name=_("skema"))
    valid_until = models.DateField(_("berlaku sampai"), null=True, blank=True)
    note = models.CharField(_("dasar atau catatan"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("kualifikasi asesor")
        verbose_name_plural = _("kualifikasi asesor")
        ordering = ["scheme__title"]
        constraints = [
            models.UniqueConstraint(fields=["assessor", "scheme"], name="one_qualification_per_assessor_and_scheme")
        ]

    def __str__(self) -> str:
        return str(self.scheme)

    @property
    def is_valid(self) -> bool:
        return self.valid_until is None or timezone.localdate() <= self.valid_until


class Assignment(models.Model):
    """That an assessor was given a case; the row stays when the assignment has ended.

    `in_force` is True or NULL, never False: the unique constraint then lets a case have one assessor
    at a time and any number of former ones, on MariaDB too, which has no partial index.
    """

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="assignments", verbose_name=_("permohonan")
    )
    assessor = models.ForeignKey(
        AssessorProfile, on_delete=models.PROTECT, related_name="assignments", verbose_name=_("asesor")
    )
    in_force = models.BooleanField(null=True, default=True, editable=False)
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("ditunjuk oleh")
    )
    assigned_at = models.DateTimeField(_("ditunjuk"), auto_now_add=True)
    ended_at = models.DateTimeField(_("berakhir"), null=True, blank=True)
    end_reason = models.CharField(_("alasan berakhir"), max_length=250, blank=True)

    class Meta:
        verbose_name = _("penugasan asesor")
        verbose_name_plural = _("penugasan asesor")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["application", "in_force"], name="one_assessor_in_force_per_case")
        ]
        indexes = [models.Index(fields=["assessor", "in_force", "application"], name="assignment_own_cases")]
        permissions = [("assign_assessor", "Can give cases to assessors and take them back")]

    def __str__(self) -> str:
        return f"{self.application}: {self.assessor}"


class AssignmentLetter(models.Model):
    """A surat tugas: that an assessor is sent to a session, with its number and the cases as they stood.

    `in_force` is True or NULL, as in Assignment: a new letter replaces the one before, which stays readable.
    `content` is emptied with the PDF when its retention is over (forgetting.py).
    """

    session = models.ForeignKey(
        AssessmentSession, on_delete=models.PROTECT, related_name="letters", verbose_name=_("jadwal uji")
    )
    assessor = models.ForeignKey(
        AssessorProfile, on_delete=models.PROTECT, related_name="letters", verbose_name=_("asesor")
    )
    in_force = models.BooleanField(null=True, default=True, editable=False)
    number = models.CharField(_("nomor surat tugas"), max_length=80, unique=True, editable=False)
    content = EncryptedTextField(_("isi"))  # canonical JSON of what the letter prints
    sha256 = models.CharField(_("sidik isi (SHA-256)"), max_length=64)
    signature = models.OneToOneField(Signature, on_delete=models.PROTECT, related_name="assignment_letter")
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("dokumen")
    )
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("diterbitkan oleh")
    )
    issued_at = models.DateTimeField(_("diterbitkan"), auto_now_add=True)
    end_reason = models.CharField(_("alasan dicabut"), max_length=250, blank=True)

    class Meta:
        verbose_name = _("surat tugas")
        verbose_name_plural = _("surat tugas")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "assessor", "in_force"], name="one_letter_in_force_per_session_and_assessor"
            )
        ]

    def __str__(self) -> str:
        return self.number
