"""Institutions that register their people, the officers who do it, and whom they invited.

An invitation is no account. Until the person answers it holds the four things that the officer gave (name, address,
position, scheme) and nothing else; the account begins when its owner opens the link, agrees and chooses a password.
"""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.applications.models import Application
from core.codelists.models import CodeListEntry, Region
from core.common.models import Timestamped
from core.imports.models import ImportRun
from core.institutions.enums import UNANSWERED, InstitutionStatus, InvitationStatus
from core.messaging.models import OutboxMessage
from core.schemes.models import Scheme

#: The code list with the kinds of institutions.
KINDS = "jenis_instansi"


class Institution(Timestamped):
    """An office that registers its people. It sees their names, so the secretariat looks at it first."""

    name = models.CharField(_("nama instansi"), max_length=150)
    kind = models.ForeignKey(
        CodeListEntry,
        on_delete=models.PROTECT,
        related_name="+",
        limit_choices_to={"code_list__code": KINDS},
        verbose_name=_("jenis instansi"),
    )
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name=_("wilayah"))
    address = models.CharField(_("alamat kantor"), max_length=300)
    postal_code = models.CharField(_("kode pos"), max_length=5, blank=True)
    contact_name = models.CharField(_("narahubung"), max_length=150)
    contact_phone = models.CharField(_("telepon narahubung"), max_length=20)
    status = models.CharField(
        _("status"), max_length=12, choices=InstitutionStatus, default=InstitutionStatus.WAITING, editable=False
    )
    asked_at = models.DateTimeField(_("diajukan"), default=timezone.now, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("diputuskan oleh"),
    )
    decided_at = models.DateTimeField(_("diputuskan"), null=True, editable=False)
    reason = models.TextField(_("alasan"), blank=True, editable=False)  # of a refusal or a closing; officers read it

    class Meta:
        verbose_name = _("instansi")
        verbose_name_plural = _("instansi")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["status", "asked_at"], name="institution_queue"),
            models.Index(fields=["name"], name="institution_by_name"),
        ]
        permissions = [("approve_institution", "Can approve, refuse and close institutions")]

    def __str__(self) -> str:
        return self.name

    @property
    def activity_label(self) -> str:
        return self.name


class InstitutionOfficer(Timestamped):
    """Who acts for an institution: an account of its own, with the role `instansi` and no right of the back office."""

    institution = models.ForeignKey(
        Institution, on_delete=models.PROTECT, related_name="officers", verbose_name=_("instansi")
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="officer", verbose_name=_("petugas")
    )
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("petugas instansi")
        verbose_name_plural = _("petugas instansi")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"#{self.pk}"


class InvitationBatch(models.Model):
    """The people of one file, invited together by one officer."""

    number = models.CharField(_("nomor"), max_length=60, unique=True, editable=False)
    institution = models.ForeignKey(
        Institution, on_delete=models.PROTECT, related_name="batches", verbose_name=_("instansi")
    )
    run = models.OneToOneField(ImportRun, on_delete=models.PROTECT, related_name="batch", verbose_name=_("berkas"))
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("dikirim oleh")
    )
    sent_at = models.DateTimeField(_("dikirim"), default=timezone.now)
    people = models.PositiveIntegerField(_("orang"))
    left_out = models.PositiveIntegerField(_("baris salah yang tidak diundang"), default=0)

    class Meta:
        verbose_name = _("rombongan")
        verbose_name_plural = _("rombongan")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["sent_at"], name="batch_by_day")]

    def __str__(self) -> str:
        return self.number

    @property
    def activity_label(self) -> str:
        return self.number


class Invitation(models.Model):
    """One person asked to apply for one scheme; the link in the letter is known only by its hash.

    `is_open` is None once the invitation is over (withdrawn, declined, or followed by another when its case had ended),
    so that the same person can be asked again. `forgotten_at` tells since when name and address are gone.
    """

    batch = models.ForeignKey(
        InvitationBatch, on_delete=models.PROTECT, related_name="invitations", verbose_name=_("rombongan")
    )
    institution = models.ForeignKey(
        Institution, on_delete=models.PROTECT, related_name="invitations", verbose_name=_("instansi")
    )
    full_name = models.CharField(_("nama lengkap"), max_length=150)
    email = models.EmailField(_("alamat e-mail"))
    job_title = models.CharField(_("jabatan"), max_length=100, blank=True)
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="+", verbose_name=_("skema"))
    status = models.CharField(
        _("status"), max_length=12, choices=InvitationStatus, default=InvitationStatus.SENT, editable=False
    )
    is_open = models.BooleanField(null=True, default=True, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)
    letter = models.ForeignKey(OutboxMessage, on_delete=models.SET_NULL, null=True, related_name="+", editable=False)
    sendings = models.PositiveSmallIntegerField(_("surat"), default=1)
    sent_at = models.DateTimeField(_("dikirim"), default=timezone.now)
    expires_at = models.DateTimeField(_("berlaku sampai"))
    opened_at = models.DateTimeField(_("dibuka"), null=True)
    answered_at = models.DateTimeField(_("dijawab"), null=True)
    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, null=True, related_name="invitations", verbose_name=_("permohonan")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="invitations"
    )
    shares_result = models.BooleanField(_("hasil boleh dilihat instansi"), default=False)
    forgotten_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("undangan")
        verbose_name_plural = _("undangan")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "scheme", "email", "is_open"], name="one_open_invitation_per_person"
            )
        ]
        indexes = [
            models.Index(fields=["status", "expires_at"], name="invitation_by_end"),
            models.Index(fields=["email"], name="invitation_by_email"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def is_expired(self) -> bool:
        return self.status in UNANSWERED and self.expires_at <= timezone.now()

    @property
    def is_answerable(self) -> bool:
        return self.status in UNANSWERED and not self.is_expired
