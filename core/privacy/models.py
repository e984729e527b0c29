"""How long papers are kept, how they end, and what people asked about their own data."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.applications.models import Application
from core.common.fields import EncryptedTextField
from core.common.models import Timestamped
from core.documents.models import Document, Signature
from core.privacy.enums import ARTICLES, OPEN_REQUESTS, BatchStatus, RequestKind, RequestStatus

#: UU PDP 27/2022 gives 3 × 24 hours for access (art. 32), correction (30) and the end of processing after consent
#: was withdrawn (40). For erasure (43) it names no hours; the LSP holds itself to the same.
ANSWER_WITHIN = timedelta(hours=72)


class LegalHold(models.Model):
    """That papers must not be destroyed for now: a dispute, an audit, a police enquiry. In force until lifted.

    It lies on one case, one person or one document.
    """

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, null=True, related_name="legal_holds", verbose_name=_("permohonan")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="legal_holds",
        verbose_name=_("orang"),
    )
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, related_name="legal_holds", verbose_name=_("dokumen")
    )
    reason = models.TextField(_("alasan"))
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("ditahan oleh")
    )
    placed_at = models.DateTimeField(_("ditahan sejak"), auto_now_add=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("dilepas oleh")
    )
    lifted_at = models.DateTimeField(_("dilepas"), null=True, blank=True)
    lift_reason = models.TextField(_("alasan dilepas"), blank=True)

    class Meta:
        verbose_name = _("penahanan")
        verbose_name_plural = _("penahanan")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(application__isnull=False, person__isnull=True, document__isnull=True)
                | Q(application__isnull=True, person__isnull=False, document__isnull=True)
                | Q(application__isnull=True, person__isnull=True, document__isnull=False),
                name="hold_on_one_thing",
            )
        ]
        indexes = [models.Index(fields=["lifted_at"], name="hold_in_force")]

    def __str__(self) -> str:
        return str(self.application or self.person or self.document)

    @property
    def is_in_force(self) -> bool:
        return self.lifted_at is None

    @property
    def activity_label(self) -> str:
        held = self.application or self.document
        return held.activity_label if held is not None else f"#{self.person_id}"


class PrivacyRequest(Timestamped):
    """What a person asked about their own data, and how the LSP answered: in time, with a reason.

    `recorded_by` is the officer who wrote down a request that came on paper or by telephone; empty for
    one that the person sent from their desk.
    """

    number = models.CharField(_("nomor"), max_length=60, unique=True, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="privacy_requests",
        verbose_name=_("pemilik data"),
    )
    kind = models.CharField(_("permintaan"), max_length=12, choices=RequestKind)
    words = EncryptedTextField(_("isi permintaan"), blank=True, default="")
    status = models.CharField(
        _("status"), max_length=12, choices=RequestStatus, default=RequestStatus.RECEIVED, editable=False
    )
    received_at = models.DateTimeField(_("diterima"), default=timezone.now)
    due_at = models.DateTimeField(_("batas waktu"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("dicatat oleh")
    )
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("petugas")
    )
    answer = EncryptedTextField(_("jawaban"), blank=True, default="")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("dijawab oleh")
    )
    answered_at = models.DateTimeField(_("dijawab"), null=True, blank=True)

    class Meta:
        verbose_name = _("permintaan data pribadi")
        verbose_name_plural = _("permintaan data pribadi")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["status", "due_at"], name="privacy_request_queue"),
            models.Index(fields=["received_at"], name="privacy_request_by_day"),
        ]
        permissions = [
            ("answer_privacyrequest", "Can take, answer and refuse requests about personal data"),
            ("export_person", "Can hand out everything that is known about a person"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def activity_label(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_REQUESTS

    @property
    def is_late(self) -> bool:
        return self.is_open and self.due_at < timezone.now()

    @property
    def article(self) -> str:
        return str(ARTICLES[RequestKind(self.kind)])


class PrivacyNote(models.Model):
    """One line of the thread of a request. `is_shared`: the person reads it on their desk and by letter."""

    request = models.ForeignKey(
        PrivacyRequest, on_delete=models.CASCADE, related_name="notes", verbose_name=_("permintaan")
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("oleh"))
    text = EncryptedTextField(_("catatan"))
    is_shared = models.BooleanField(_("dibaca pemohon"), default=False)
    at = models.DateTimeField(_("waktu"), auto_now_add=True)

    class Meta:
        verbose_name = _("catatan permintaan")
        verbose_name_plural = _("catatan permintaan")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.request_id}: #{self.pk}"


class DestructionBatch(Timestamped):
    """A berita acara pemusnahan: which papers end, who proposed it, which second person approved it.

    `proposed_by` is empty when the monthly job proposed it. `request` names the erasure that it fulfils.
    Approved is not destroyed yet: the papers go one by one, and a run that was killed goes on.
    """

    number = models.CharField(
        _("nomor berita acara"), max_length=60, unique=True, null=True, blank=True, editable=False
    )
    status = models.CharField(
        _("status"), max_length=12, choices=BatchStatus, default=BatchStatus.PROPOSED, editable=False
    )
    request = models.ForeignKey(
        PrivacyRequest,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="batches",
        verbose_name=_("permintaan"),
    )
    note = models.TextField(_("catatan"), blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("diusulkan oleh"),
    )
    proposed_at = models.DateTimeField(_("diusulkan"), auto_now_add=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("disetujui oleh"),
    )
    approved_at = models.DateTimeField(_("disetujui"), null=True, blank=True)
    finished_at = models.DateTimeField(_("selesai dimusnahkan"), null=True, blank=True)
    content = models.TextField(_("isi"), blank=True)  # canonical JSON of the list that was approved; names nobody
    sha256 = models.CharField(_("sidik isi (SHA-256)"), max_length=64, blank=True)
    proposal_signature = models.OneToOneField(
        Signature, on_delete=models.PROTECT, null=True, related_name="destruction_proposed"
    )
    approval_signature = models.OneToOneField(
        Signature, on_delete=models.PROTECT, null=True, related_name="destruction_approved"
    )
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("berita acara")
    )

    class Meta:
        verbose_name = _("pemusnahan")
        verbose_name_plural = _("pemusnahan")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["status", "-id"], name="destruction_by_status")]
        permissions = [
            ("propose_destruction", "Can propose the destruction of papers whose retention is over"),
            ("approve_destruction", "Can approve what somebody else proposed to destroy"),
        ]

    def __str__(self) -> str:
        return self.number or str(_("Usulan %(pk)s") % {"pk": self.pk})

    @property
    def activity_label(self) -> str:
        return self.number or f"#{self.pk}"

    @property
    def is_erasure(self) -> bool:
        return self.request_id is not None


class DestructionItem(models.Model):
    """One paper of a batch, told so that the berita acara can be read when the paper is gone.

    `is_open` is True until the paper is destroyed or kept after all, then NULL: a paper lies in one
    running batch at most.
    """

    batch = models.ForeignKey(
        DestructionBatch, on_delete=models.CASCADE, related_name="items", verbose_name=_("pemusnahan")
    )
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, related_name="destruction_items", verbose_name=_("dokumen")
    )
    is_open = models.BooleanField(null=True, default=True, editable=False)
    kind = models.CharField(_("jenis"), max_length=150)
    sha256 = models.CharField(_("sidik SHA-256"), max_length=64)
    size = models.PositiveIntegerField(_("ukuran (byte)"))
    cases = models.CharField(_("nomor permohonan"), max_length=250, blank=True)
    reason = models.CharField(_("dasar"), max_length=250)
    destroyed_at = models.DateTimeField(_("dimusnahkan"), null=True, blank=True)
    kept_reason = models.CharField(_("tidak jadi dimusnahkan"), max_length=250, blank=True)

    class Meta:
        verbose_name = _("dokumen yang dimusnahkan")
        verbose_name_plural = _("dokumen yang dimusnahkan")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "document"], name="document_once_per_destruction"),
            models.UniqueConstraint(fields=["document", "is_open"], name="document_in_one_running_destruction"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.sha256[:12]}"
