"""The paper that anyone can check, and what becomes of it."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from core.accounts.nik import mask_nik
from core.applications.models import Application
from core.certificates.enums import CertificateAct, CertificateStatus, PastStatus, SurveillanceOutcome
from core.codelists.models import Region
from core.common.fields import EncryptedTextField
from core.common.models import Timestamped
from core.decisions.models import Decision
from core.documents.models import Document, signature_code
from core.schemes.models import Scheme, SchemeVersion


class SigningKey(models.Model):
    """A public key (Ed25519, base64url) that payloads of QR codes are checked with.

    The private half comes from the environment and is never stored. A retired key stays: papers that
    were signed with it remain valid.
    """

    key_id = models.CharField(_("kunci"), max_length=16, unique=True)
    public_key = models.CharField(_("kunci publik"), max_length=64)
    created_at = models.DateTimeField(_("dipakai sejak"), auto_now_add=True)
    retired_at = models.DateTimeField(_("diganti"), null=True, blank=True)

    class Meta:
        verbose_name = _("kunci tanda tangan")
        verbose_name_plural = _("kunci tanda tangan")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.key_id


class Certificate(Timestamped):
    """A sertifikat kompetensi as it was issued. Only its status, the blank's number and its PDF come later.

    `number` follows the pattern “certificate”, `registration_number` the LSP's own register; `code`
    leads to `/verifikasi/<code>/`; `token` is the signed payload of the QR. A wrong name is corrected
    by a new certificate that `replaces` the old one. `in_force` is True or NULL: one per case.

    How it stands today is told by `standing.status_now`, which needs nothing but this row.
    """

    code = models.CharField(_("kode periksa"), max_length=16, unique=True, default=signature_code, editable=False)
    number = models.CharField(_("nomor sertifikat"), max_length=80, unique=True, editable=False)
    registration_number = models.CharField(
        _("nomor registrasi"), max_length=80, unique=True, null=True, blank=True, editable=False
    )
    blank_number = models.CharField(_("nomor blanko BNSP"), max_length=40, unique=True, null=True, blank=True)
    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="certificates", verbose_name=_("permohonan")
    )
    decision = models.ForeignKey(
        Decision, on_delete=models.PROTECT, related_name="certificates", verbose_name=_("keputusan")
    )
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="certificates", verbose_name=_("skema"))
    scheme_version = models.ForeignKey(
        SchemeVersion, on_delete=models.PROTECT, related_name="certificates", verbose_name=_("versi skema")
    )
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="certificates", verbose_name=_("pemegang")
    )
    holder_name = models.CharField(_("nama pada sertifikat"), max_length=150)
    province = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("provinsi")
    )  # of the application when it was issued: what figures and lists count by
    issued_on = models.DateField(_("tanggal terbit"))
    valid_until = models.DateField(_("berlaku sampai"))
    status = models.CharField(
        _("status"), max_length=12, choices=CertificateStatus, default=CertificateStatus.ACTIVE, editable=False
    )
    suspended_until = models.DateField(_("dibekukan sampai"), null=True, blank=True, editable=False)  # last day
    in_force = models.BooleanField(null=True, default=True, editable=False)
    reminded_days = models.PositiveSmallIntegerField(null=True, editable=False)  # the nearest mark that was told
    reminded_on = models.DateField(_("terakhir diingatkan"), null=True, blank=True, editable=False)
    content = EncryptedTextField(_("isi"))  # canonical JSON of everything the certificate prints
    sha256 = models.CharField(_("sidik isi (SHA-256)"), max_length=64)
    key = models.ForeignKey(
        SigningKey, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("kunci tanda tangan")
    )
    token = models.TextField(blank=True)
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("dokumen")
    )
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="replaced_by", verbose_name=_("menggantikan")
    )
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("diterbitkan oleh")
    )

    class Meta:
        verbose_name = _("sertifikat")
        verbose_name_plural = _("sertifikat")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["application", "in_force"], name="one_certificate_in_force_per_case")
        ]
        indexes = [
            models.Index(fields=["status", "valid_until", "reminded_days"], name="certificate_by_status"),
            models.Index(fields=["valid_until"], name="certificate_by_end"),
            models.Index(fields=["reminded_on", "valid_until"], name="certificate_by_told"),
            models.Index(fields=["issued_on"], name="certificate_by_issue"),
            models.Index(fields=["scheme", "-id"], name="certificate_by_scheme"),
            models.Index(
                fields=["scheme", "issued_on", "id", "valid_until", "status", "suspended_until"],
                name="certificate_register",
            ),  # holds all that the public register counts and orders by
            models.Index(fields=["holder_name"], name="certificate_by_name"),
            models.Index(  # both hold all that the recap counts within a scheme and a province
                fields=["scheme", "province", "issued_on", "valid_until", "status", "suspended_until"],
                name="certificate_recap_by_scheme",
            ),
            models.Index(
                fields=["province", "scheme", "issued_on", "valid_until", "status", "suspended_until"],
                name="certificate_recap_by_province",
            ),
        ]
        permissions = [
            ("issue_certificate", "Can issue and replace certificates"),
            ("suspend_certificate", "Can suspend and reinstate certificates"),
            ("withdraw_certificate", "Can withdraw certificates"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def activity_label(self) -> str:
        return self.number

    @property
    def is_expired(self) -> bool:
        return self.valid_until < timezone.localdate()


class Acted(models.Model):
    """What an officer did to a certificate and why; the public check tells only the last status."""

    act = models.CharField(_("tindakan"), max_length=12, choices=CertificateAct)
    reason = models.TextField(_("alasan"), blank=True)
    until = models.DateField(_("sampai"), null=True, blank=True)  # of a suspension
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("oleh")
    )
    at = models.DateTimeField(_("waktu"), auto_now_add=True)

    class Meta:
        abstract = True
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.get_act_display()


class CertificateEvent(Acted):
    """What was done to a certificate: issued, suspended, reinstated, withdrawn, replaced."""

    certificate = models.ForeignKey(
        Certificate, on_delete=models.PROTECT, related_name="events", verbose_name=_("sertifikat")
    )

    class Meta(Acted.Meta):
        verbose_name = _("riwayat sertifikat")
        verbose_name_plural = _("riwayat sertifikat")


class Surveillance(Timestamped):
    """A check during the validity of a certificate that its holder still is competent (ISO/IEC 17024, 9.6)."""

    certificate = models.ForeignKey(
        Certificate, on_delete=models.PROTECT, related_name="surveillances", verbose_name=_("sertifikat")
    )
    due_on = models.DateField(_("jatuh tempo"))
    done_on = models.DateField(_("dilaksanakan"), null=True, blank=True)
    outcome = models.CharField(_("hasil"), max_length=16, choices=SurveillanceOutcome, blank=True)
    note = models.TextField(_("catatan"), blank=True)
    reminded_on = models.DateField(_("pemegang diingatkan"), null=True, blank=True, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("dicatat oleh")
    )

    class Meta:
        verbose_name = _("surveilan")
        verbose_name_plural = _("surveilan")
        ordering = ["due_on", "pk"]
        indexes = [
            models.Index(fields=["outcome", "due_on"], name="surveillance_due"),
            models.Index(fields=["outcome", "reminded_on", "due_on"], name="surveillance_to_tell"),
        ]

    def __str__(self) -> str:
        return f"{self.certificate}: {date_format(self.due_on, 'j F Y')}"

    @property
    def activity_label(self) -> str:
        return self.certificate.number


class Renewal(models.Model):
    """That an application renews a certificate (perpanjangan, RCC)."""

    certificate = models.ForeignKey(
        Certificate, on_delete=models.PROTECT, related_name="renewals", verbose_name=_("sertifikat")
    )
    application = models.OneToOneField(
        Application, on_delete=models.PROTECT, related_name="renewal", verbose_name=_("permohonan")
    )
    started_at = models.DateTimeField(_("dimulai"), auto_now_add=True)

    class Meta:
        verbose_name = _("perpanjangan")
        verbose_name_plural = _("perpanjangan")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.certificate} → {self.application}"


class PastCertificate(Timestamped):
    """A certificate of the paper years, as the LSP's old register has it (decision 0035).

    It rests on no case of this system, so that it is no `Certificate`; what both have is named alike
    (`number`, `scheme`, `holder_name`, `issued_on`, `valid_until`, `status`, `suspended_until`), so that
    `standing`, `in_state` and `register.holding` speak of both. `holder` is set once the person has an account.
    """

    number = models.CharField(_("nomor sertifikat"), max_length=80, unique=True)
    registration_number = models.CharField(_("nomor registrasi"), max_length=80, blank=True, db_index=True)
    holder_name = models.CharField(_("nama pada sertifikat"), max_length=150)
    nik = EncryptedTextField(_("NIK"), blank=True, default="", editable=False)
    nik_hash = models.CharField(  # noqa: DJ001 - NULL as on a profile: no NIK is no hash
        max_length=64, null=True, blank=True, db_index=True, editable=False
    )
    email = models.EmailField(_("alamat e-mail"), blank=True, help_text=_("Untuk pengingat masa berlaku."))
    scheme = models.ForeignKey(
        Scheme, on_delete=models.PROTECT, related_name="past_certificates", verbose_name=_("skema")
    )
    units = models.TextField(_("unit kompetensi"), blank=True, help_text=_("Satu unit per baris, seperti tercetak."))
    issued_on = models.DateField(_("tanggal terbit"))
    valid_until = models.DateField(_("berlaku sampai"))
    place = models.CharField(_("tempat terbit"), max_length=100, blank=True)
    status = models.CharField(_("status"), max_length=12, choices=PastStatus, default=PastStatus.ACTIVE)
    suspended_until = models.DateField(_("dibekukan sampai"), null=True, blank=True)  # last day
    file_number = models.CharField(_("nomor arsip"), max_length=80, blank=True)
    note = models.CharField(_("catatan"), max_length=250, blank=True)
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="past_certificates",
        verbose_name=_("pemegang"),
        editable=False,
    )
    linked_at = models.DateTimeField(_("ditautkan"), null=True, editable=False)
    reminded_days = models.PositiveSmallIntegerField(null=True, editable=False)  # the nearest mark that was told
    reminded_on = models.DateField(_("terakhir diingatkan"), null=True, editable=False)

    class Meta:
        verbose_name = _("sertifikat lama")
        verbose_name_plural = _("sertifikat lama")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["status", "valid_until", "reminded_days"], name="past_by_status"),
            models.Index(
                fields=["scheme", "issued_on", "id", "valid_until", "status", "suspended_until"], name="past_register"
            ),
            models.Index(fields=["valid_until"], name="past_by_end"),
            models.Index(fields=["issued_on"], name="past_by_issue"),
            models.Index(fields=["holder_name"], name="past_by_name"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def activity_label(self) -> str:
        return self.number

    @property
    def is_expired(self) -> bool:
        return self.valid_until < timezone.localdate()

    @property
    def has_address(self) -> bool:
        """Whether anybody can be written to about it."""
        return self.holder_id is not None or bool(self.email)

    @property
    def masked_nik(self) -> str:
        return mask_nik(self.nik)

    @property
    def unit_lines(self) -> list[str]:
        return self.units.splitlines()


class PastCertificateEvent(Acted):
    """Since the old register is kept here; what was done to the paper before stands in its note."""

    certificate = models.ForeignKey(
        PastCertificate, on_delete=models.PROTECT, related_name="events", verbose_name=_("sertifikat lama")
    )

    class Meta(Acted.Meta):
        verbose_name = _("riwayat sertifikat lama")
        verbose_name_plural = _("riwayat sertifikat lama")
