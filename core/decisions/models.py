"""Who decided what about whom, and what was asked to be decided again."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.applications.enums import Outcome
from core.applications.models import Application
from core.assessments.models import AssessmentRecord, FilledForm
from core.common.fields import EncryptedTextField
from core.common.models import Labelled, Timestamped
from core.decisions.enums import AppealStatus, MemberRole, PlenaryStatus
from core.documents.models import Document, Signature


class Plenary(Timestamped):
    """A rapat pleno: its members, its cases, its minutes (berita acara).

    Written down by one person (`recorded_by`), confirmed by a second one; only then anything is
    decided and the minutes get their number; where somebody was found competent, so does the decision
    letter (SK kelulusan). `status` changes only through `decisions.services`.
    """

    number = models.CharField(
        _("nomor berita acara"), max_length=80, unique=True, null=True, blank=True, editable=False
    )
    title = models.CharField(_("nama rapat"), max_length=150)
    held_on = models.DateField(_("tanggal rapat"))
    place = models.CharField(_("tempat"), max_length=150, blank=True)
    note = models.TextField(_("catatan rapat"), blank=True)
    status = models.CharField(
        _("status"), max_length=12, choices=PlenaryStatus, default=PlenaryStatus.PREPARING, editable=False
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("disiapkan oleh")
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("dicatat oleh")
    )
    recorded_at = models.DateTimeField(_("dicatat"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("disahkan oleh")
    )
    confirmed_at = models.DateTimeField(_("disahkan"), null=True, blank=True)
    content = EncryptedTextField(_("isi"), blank=True, default="")  # canonical JSON of what the minutes print
    sha256 = models.CharField(_("sidik isi (SHA-256)"), max_length=64, blank=True)
    record_signature = models.OneToOneField(
        Signature, on_delete=models.PROTECT, null=True, related_name="plenary_recorded"
    )
    confirm_signature = models.OneToOneField(
        Signature, on_delete=models.PROTECT, null=True, related_name="plenary_confirmed"
    )
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("berita acara")
    )
    letter_number = models.CharField(
        _("nomor SK kelulusan"), max_length=80, unique=True, null=True, blank=True, editable=False
    )
    letter_signature = models.OneToOneField(
        Signature, on_delete=models.PROTECT, null=True, related_name="plenary_letter"
    )
    letter = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("SK kelulusan")
    )

    class Meta:
        verbose_name = _("rapat pleno")
        verbose_name_plural = _("rapat pleno")
        ordering = ["-held_on", "-pk"]
        indexes = [
            models.Index(fields=["status", "held_on"], name="plenary_by_status"),
            models.Index(fields=["held_on"], name="plenary_by_day"),
            models.Index(fields=["title"], name="plenary_by_title"),
        ]
        permissions = [
            ("record_decision", "Can prepare plenaries and write down what was decided"),
            ("confirm_decision", "Can confirm what somebody else wrote down"),
        ]

    def __str__(self) -> str:
        return self.number or self.title

    @property
    def activity_label(self) -> str:
        return self.number or f"#{self.pk}"


class PlenaryMember(models.Model):
    """Who sat in a plenary. `user` is empty for members from outside; whoever assessed a case does not decide it."""

    plenary = models.ForeignKey(Plenary, on_delete=models.CASCADE, related_name="members")
    position = models.PositiveSmallIntegerField(_("urutan"), default=0)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("pengguna"),
    )
    name = models.CharField(_("nama"), max_length=150)
    office = models.CharField(_("jabatan"), max_length=150, blank=True)
    role = models.CharField(_("peran"), max_length=12, choices=MemberRole, default=MemberRole.MEMBER)
    is_present = models.BooleanField(_("hadir"), default=True)

    class Meta:
        verbose_name = _("anggota pleno")
        verbose_name_plural = _("anggota pleno")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


class Decision(Labelled):
    """One case on the agenda of one plenary, and what was decided on it.

    `outcome` is empty until written down, and counts only once the plenary is confirmed
    (`decided_at`). `in_force` is True or NULL: a case lies with one plenary at a time, and after an
    appeal the former decision is history. `to_report` is True or NULL: decided, and in no hand-over to BNSP
    yet (core/handovers); what waits is found by it among a million that went out.
    """

    plenary = models.ForeignKey(Plenary, on_delete=models.PROTECT, related_name="decisions", verbose_name=_("pleno"))
    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="decisions", verbose_name=_("permohonan")
    )
    record = models.ForeignKey(
        AssessmentRecord, on_delete=models.PROTECT, related_name="decisions", verbose_name=_("rekaman asesmen")
    )
    in_force = models.BooleanField(null=True, default=True, editable=False)
    outcome = models.CharField(_("keputusan"), max_length=2, choices=Outcome, blank=True)
    note = models.CharField(_("pertimbangan"), max_length=500, blank=True)
    decided_at = models.DateTimeField(_("diputuskan"), null=True, blank=True)
    to_report = models.BooleanField(null=True, default=None, editable=False)

    class Meta:
        verbose_name = _("keputusan")
        verbose_name_plural = _("keputusan")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["plenary", "application"], name="one_decision_per_plenary_and_case"),
            models.UniqueConstraint(fields=["application", "in_force"], name="one_decision_in_force_per_case"),
        ]
        indexes = [models.Index(fields=["to_report", "decided_at"], name="decision_to_report")]

    def __str__(self) -> str:
        return f"{self.application}: {self.outcome}"


class Appeal(Timestamped):
    """A banding (FR.AK.04) against a decision, in time, handled by another assessor and decided by a plenary."""

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="appeals", verbose_name=_("permohonan")
    )
    decision = models.OneToOneField(
        Decision, on_delete=models.PROTECT, related_name="appeal", verbose_name=_("keputusan yang dibanding")
    )
    form = models.OneToOneField(
        FilledForm, on_delete=models.PROTECT, null=True, related_name="appeal", verbose_name=_("FR.AK.04")
    )
    reason = models.TextField(_("alasan banding"))
    deadline = models.DateField(_("batas waktu"))  # as it was when the appeal was filed
    filed_at = models.DateTimeField(_("diajukan"), auto_now_add=True)
    status = models.CharField(
        _("status"), max_length=12, choices=AppealStatus, default=AppealStatus.FILED, editable=False
    )
    resolution = models.OneToOneField(
        Decision,
        on_delete=models.PROTECT,
        null=True,
        related_name="resolved_appeal",
        verbose_name=_("keputusan banding"),
    )

    class Meta:
        verbose_name = _("banding")
        verbose_name_plural = _("banding")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["status", "filed_at"], name="appeal_by_status"),
            models.Index(fields=["filed_at"], name="appeal_by_day"),
        ]

    def __str__(self) -> str:
        return str(self.application)

    @property
    def activity_label(self) -> str:
        return self.application.reference
