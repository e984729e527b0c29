"""What was handed over to BNSP, in which layout, and what of it is kept."""

import json
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.applications.models import Application
from core.assessments.models import AssessmentSession
from core.codelists.models import CodeList, CodeListEntry
from core.common.fields import EncryptedTextField
from core.common.models import Timestamped
from core.decisions.models import Decision
from core.documents.models import Document, Signature
from core.handovers.enums import CertificateRule, Channel, FileKind, HandoverStatus, Source


class HandoverLayout(Timestamped):
    """How BNSP wants its list and its papers: one row with its columns, edited by the secretariat, kept in versions.

    A hand-over freezes the columns that it was made with.
    """

    title = models.CharField(_("nama"), max_length=120)
    source = models.TextField(_("sumber dan catatan"), blank=True)
    is_confirmed = models.BooleanField(_("sudah dikonfirmasi kepada BNSP"), default=False)
    certificate_rule = models.CharField(
        _("sertifikat"), max_length=8, choices=CertificateRule, default=CertificateRule.FREE
    )
    letter_megabytes = models.PositiveSmallIntegerField(
        _("surat pengantar paling besar (MB)"), default=2, validators=[MinValueValidator(1), MaxValueValidator(50)]
    )
    minutes_megabytes = models.PositiveSmallIntegerField(
        _("setiap berita acara paling besar (MB)"), default=5, validators=[MinValueValidator(1), MaxValueValidator(50)]
    )

    class Meta:
        verbose_name = _("tata letak serah terima")
        verbose_name_plural = _("tata letak serah terima")

    def __str__(self) -> str:
        return self.title

    @property
    def activity_label(self) -> str:
        return self.title


class HandoverColumn(models.Model):
    """One column of the list. With a code list it prints the code of the entry that is called like our value."""

    layout = models.ForeignKey(
        HandoverLayout, on_delete=models.CASCADE, related_name="columns", verbose_name=_("tata letak")
    )
    position = models.PositiveSmallIntegerField(_("urutan"), default=0)
    heading = models.CharField(_("judul kolom"), max_length=80)
    source = models.CharField(_("diisi dengan"), max_length=20, choices=Source)
    code_list = models.ForeignKey(
        CodeList, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("daftar kode")
    )
    is_required = models.BooleanField(_("wajib diisi"), default=True)

    class Meta:
        verbose_name = _("kolom")
        verbose_name_plural = _("kolom")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.heading


class SessionCodes(Timestamped):
    """What BNSP knows a session by, and who paid for it: asked once, used by every hand-over of its cases."""

    session = models.OneToOneField(
        AssessmentSession, on_delete=models.CASCADE, related_name="bnsp_codes", verbose_name=_("jadwal uji")
    )
    code = models.CharField(_("kode jadwal BNSP"), max_length=60, blank=True)
    funding = models.ForeignKey(
        CodeListEntry,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("sumber anggaran"),
    )
    ministry = models.ForeignKey(
        CodeListEntry,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("kementerian/lembaga pemberi anggaran"),
    )

    class Meta:
        verbose_name = _("data BNSP suatu jadwal")
        verbose_name_plural = _("data BNSP jadwal uji")

    def __str__(self) -> str:
        return self.code


class Handover(Timestamped):
    """One delivery of results to BNSP. `status` changes only through `handovers.services`.

    `number` (the letter's) comes with the first check and stays. `content` is what was checked: layout, letter,
    the hash of every row; it names nobody, the rows do (HandoverCase). `edition` counts the checks, so that
    what was made of an earlier one stays apart. A corrected hand-over `replaces` one that went out before.
    """

    number = models.CharField(_("nomor surat"), max_length=80, unique=True, null=True, blank=True, editable=False)
    title = models.CharField(_("nama"), max_length=150)
    note = models.TextField(_("catatan"), blank=True)
    status = models.CharField(
        _("status"), max_length=12, choices=HandoverStatus, default=HandoverStatus.PREPARING, editable=False
    )
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("disiapkan oleh")
    )
    replaces = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="corrections", verbose_name=_("menggantikan")
    )
    uploaded_letter = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("surat yang diunggah")
    )
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("diperiksa oleh"),
    )
    checked_at = models.DateTimeField(_("diperiksa"), null=True, blank=True)
    acceptance = models.CharField(_("alasan peringatan diterima"), max_length=500, blank=True)
    edition = models.PositiveSmallIntegerField(default=0, editable=False)
    content = models.TextField(_("isi"), blank=True)  # canonical JSON
    sha256 = models.CharField(_("sidik isi (SHA-256)"), max_length=64, blank=True)
    signature = models.OneToOneField(
        Signature, on_delete=models.PROTECT, null=True, related_name="handover", verbose_name=_("tanda tangan")
    )
    manifest = models.TextField(_("daftar sidik"), blank=True)
    archive_size = models.PositiveIntegerField(_("ukuran ZIP (byte)"), null=True, blank=True)
    archive_sha256 = models.CharField(_("sidik ZIP (SHA-256)"), max_length=64, blank=True)
    handed_on = models.DateField(_("tanggal diserahkan"), null=True, blank=True)
    channel = models.CharField(_("cara penyerahan"), max_length=12, choices=Channel, blank=True)
    reference = models.CharField(_("nomor atau bukti terima BNSP"), max_length=120, blank=True)
    handed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("diserahkan oleh"),
    )
    ended_at = models.DateTimeField(_("berakhir"), null=True, blank=True)
    end_reason = models.CharField(_("alasan ditarik"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("serah terima BNSP")
        verbose_name_plural = _("serah terima BNSP")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["status", "-id"], name="handover_by_status"),
            models.Index(fields=["handed_on"], name="handover_by_day"),
        ]
        permissions = [
            ("prepare_handover", "Can prepare, check, hand over and withdraw deliveries to BNSP"),
            ("download_handover", "Can take along what was handed over to BNSP"),
        ]

    def __str__(self) -> str:
        return self.number or self.title

    @property
    def activity_label(self) -> str:
        return self.number or f"#{self.pk}"

    @property
    def frozen(self) -> dict[str, Any]:
        return json.loads(self.content)


class HandoverCase(models.Model):
    """One decided case of a hand-over; `content` are the cells of its row as they were checked, `sha256` their hash.

    `in_force` is True or NULL: a decision lies in one hand-over at a time. In a correction that is not handed over
    yet it is NULL where the one before still holds.
    """

    handover = models.ForeignKey(
        Handover, on_delete=models.PROTECT, related_name="cases", verbose_name=_("serah terima")
    )
    position = models.PositiveSmallIntegerField(_("urutan"), default=0)
    decision = models.ForeignKey(
        Decision, on_delete=models.PROTECT, related_name="handover_cases", verbose_name=_("keputusan")
    )
    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="handover_cases", verbose_name=_("permohonan")
    )
    in_force = models.BooleanField(null=True, default=True, editable=False)
    content = EncryptedTextField(_("isi"), blank=True, default="")
    sha256 = models.CharField(_("sidik isi (SHA-256)"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("permohonan dalam serah terima")
        verbose_name_plural = _("permohonan dalam serah terima")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["handover", "decision"], name="decision_once_per_handover"),
            models.UniqueConstraint(fields=["decision", "in_force"], name="one_handover_in_force_per_decision"),
        ]

    def __str__(self) -> str:
        return str(self.application)


class HandoverFile(models.Model):
    """A file of the archive of one edition: never changed, never taken away."""

    handover = models.ForeignKey(
        Handover, on_delete=models.PROTECT, related_name="files", verbose_name=_("serah terima")
    )
    edition = models.PositiveSmallIntegerField()
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(_("jenis"), max_length=12, choices=FileKind)
    name = models.CharField(_("nama berkas"), max_length=120)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+", verbose_name=_("dokumen"))

    class Meta:
        verbose_name = _("berkas serah terima")
        verbose_name_plural = _("berkas serah terima")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["handover", "edition", "name"], name="one_file_name_per_handover_edition")
        ]

    def __str__(self) -> str:
        return self.name
