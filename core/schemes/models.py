"""Standards (what competence is) and schemes (what the LSP certifies), schemes in versions."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.common.languages import Bilingual
from core.common.models import Timestamped
from core.documents.models import DocumentType
from core.schemes.enums import Completeness, RequirementSection, SchemeKind, StandardKind, VersionStatus


class CompetencyStandard(models.Model):
    """A published standard, such as SKKNI 401/2014. Its text is a norm: units are quoted word for word."""

    code = models.CharField(_("nomor"), max_length=60, unique=True)
    title = models.CharField(_("judul"), max_length=300)
    kind = models.CharField(_("jenis"), max_length=20, choices=StandardKind, default=StandardKind.SKKNI)
    legal_basis = models.CharField(_("dasar hukum"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("standar kompetensi")
        verbose_name_plural = _("standar kompetensi")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code

    @property
    def activity_label(self) -> str:
        return self.code


class CompetencyUnit(models.Model):
    """A unit of competency with its elements and criteria, and where its text was read."""

    standard = models.ForeignKey(
        CompetencyStandard, on_delete=models.PROTECT, related_name="units", verbose_name=_("standar")
    )
    code = models.CharField(_("kode unit"), max_length=40, unique=True)
    title = models.CharField(_("judul unit"), max_length=300)
    description = models.TextField(_("deskripsi unit"), blank=True)
    completeness = models.CharField(
        _("kelengkapan"), max_length=12, choices=Completeness, default=Completeness.COMPLETE
    )
    source = models.TextField(_("sumber teks"), blank=True)
    source_note = models.TextField(_("catatan sumber"), blank=True)

    class Meta:
        verbose_name = _("unit kompetensi")
        verbose_name_plural = _("unit kompetensi")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def activity_label(self) -> str:
        return self.code


class Element(models.Model):
    """An element of a unit; FR.APL-02 asks one question per element."""

    unit = models.ForeignKey(CompetencyUnit, on_delete=models.CASCADE, related_name="elements", verbose_name=_("unit"))
    number = models.PositiveSmallIntegerField(_("nomor"))
    title = models.CharField(_("elemen kompetensi"), max_length=300)

    class Meta:
        verbose_name = _("elemen")
        verbose_name_plural = _("elemen")
        ordering = ["unit", "number"]
        constraints = [models.UniqueConstraint(fields=["unit", "number"], name="one_element_per_number")]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


class PerformanceCriterion(models.Model):
    """A performance criterion (KUK) of an element, such as 1.2."""

    element = models.ForeignKey(Element, on_delete=models.CASCADE, related_name="criteria", verbose_name=_("elemen"))
    position = models.PositiveSmallIntegerField(_("urutan"))
    number = models.CharField(_("nomor"), max_length=10)
    text = models.TextField(_("kriteria unjuk kerja"))

    class Meta:
        verbose_name = _("kriteria unjuk kerja")
        verbose_name_plural = _("kriteria unjuk kerja")
        ordering = ["element", "position"]
        constraints = [models.UniqueConstraint(fields=["element", "position"], name="one_criterion_per_position")]

    def __str__(self) -> str:
        return f"{self.number} {self.text}"


class AssessmentPurpose(models.Model):
    """A purpose of the assessment as FR.APL-01 part 2 lists them: sertifikasi, PKT, RPL, lainnya."""

    code = models.SlugField(_("kunci"), unique=True)
    title = models.CharField(_("tujuan asesmen"), max_length=120)
    help_text = models.CharField(_("penjelasan"), max_length=250, blank=True)
    needs_explanation = models.BooleanField(_("harus dijelaskan asesi"), default=False)
    position = models.PositiveSmallIntegerField(_("urutan"), default=0)

    class Meta:
        verbose_name = _("tujuan asesmen")
        verbose_name_plural = _("tujuan asesmen")
        ordering = ["position"]

    def __str__(self) -> str:
        return self.title


class Scheme(Bilingual, Timestamped):
    """A certification scheme. What it asks stands in its versions.

    Its name is the Indonesian one, on every paper; English readers of the portal see the English words before it.
    """

    in_english = ("title", "group", "summary")

    code = models.SlugField(_("kode"), max_length=60, unique=True, help_text=_("Menjadi bagian alamat halaman publik."))
    number = models.CharField(_("nomor skema"), max_length=80, blank=True)
    title = models.CharField(_("judul skema"), max_length=200)
    kind = models.CharField(_("jenis skema"), max_length=12, choices=SchemeKind, default=SchemeKind.CLUSTER)
    kbli_code = models.CharField(_("kode KBLI"), max_length=5, blank=True, help_text=_("Lima angka."))
    kbji_code = models.CharField(_("kode KBJI"), max_length=4, blank=True, help_text=_("Empat angka."))
    kkni_level = models.PositiveSmallIntegerField(_("jenjang KKNI"), null=True, blank=True)
    group = models.CharField(
        _("kelompok"), max_length=80, blank=True, help_text=_("Untuk mengelompokkan di daftar skema.")
    )
    summary = models.TextField(_("ringkasan"), blank=True, help_text=_("Dua atau tiga kalimat untuk calon asesi."))
    title_en = models.CharField(_("judul skema (Inggris)"), max_length=200, blank=True)
    group_en = models.CharField(_("kelompok (Inggris)"), max_length=80, blank=True)
    summary_en = models.TextField(_("ringkasan (Inggris)"), blank=True)
    position = models.PositiveSmallIntegerField(_("urutan"), default=0)

    class Meta:
        verbose_name = _("skema sertifikasi")
        verbose_name_plural = _("skema sertifikasi")
        ordering = ["position", "title"]

    def __str__(self) -> str:
        return self.title

    @property
    def activity_label(self) -> str:
        return self.code


class SchemeVersion(Timestamped):
    """What a scheme asks, at one time. An application stays with the version it was made for.

    Once published, units and requirements no longer change (`schemes.rules.is_editable`): a change
    is a new version. `is_confirmed` is false as long as the LSP has not confirmed what could not be
    sourced publicly; both faces then say "menunggu konfirmasi LSP".
    """

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="versions", verbose_name=_("skema"))
    number = models.PositiveSmallIntegerField(_("versi"))
    status = models.CharField(
        _("status"), max_length=12, choices=VersionStatus, default=VersionStatus.DRAFT, editable=False
    )
    validity_months = models.PositiveSmallIntegerField(_("masa berlaku sertifikat (bulan)"), default=36)
    registration_opens_on = models.DateField(_("pendaftaran dibuka"), null=True, blank=True)
    registration_closes_on = models.DateField(_("pendaftaran ditutup"), null=True, blank=True)
    purposes = models.ManyToManyField(AssessmentPurpose, related_name="+", verbose_name=_("tujuan asesmen"))
    units = models.ManyToManyField(
        CompetencyUnit, through="SchemeUnit", related_name="scheme_versions", verbose_name=_("unit")
    )
    is_confirmed = models.BooleanField(_("sudah dikonfirmasi LSP"), default=False)
    confirmation_note = models.TextField(_("yang menunggu konfirmasi"), blank=True)
    published_at = models.DateTimeField(_("terbit"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("versi skema")
        verbose_name_plural = _("versi skema")
        ordering = ["scheme", "-number"]
        constraints = [models.UniqueConstraint(fields=["scheme", "number"], name="one_scheme_version_per_number")]

    def __str__(self) -> str:
        return f"{self.scheme} (versi {self.number})"

    @property
    def activity_label(self) -> str:
        return f"{self.scheme.code} v{self.number}"

    @property
    def is_open(self) -> bool:
        """Whether an application may be made or sent today."""
        today = timezone.localdate()
        return (
            self.status == VersionStatus.PUBLISHED
            and (self.registration_opens_on is None or self.registration_opens_on <= today)
            and (self.registration_closes_on is None or today <= self.registration_closes_on)
        )


class SchemeUnit(models.Model):
    """That a version of a scheme holds a unit, at its place in the list."""

    scheme_version = models.ForeignKey(SchemeVersion, on_delete=models.CASCADE, related_name="scheme_units")
    unit = models.ForeignKey(CompetencyUnit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    position = models.PositiveSmallIntegerField(_("urutan"), default=0)

    class Meta:
        verbose_name = _("unit skema")
        verbose_name_plural = _("unit skema")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["scheme_version", "unit"], name="one_unit_per_scheme_version")]

    def __str__(self) -> str:
        return str(self.unit)


class Requirement(models.Model):
    """What FR.APL-01 part 3 asks the candidate to prove."""

    scheme_version = models.ForeignKey(
        SchemeVersion, on_delete=models.CASCADE, related_name="requirements", verbose_name=_("versi skema")
    )
    section = models.CharField(_("bagian"), max_length=16, choices=RequirementSection)
    position = models.PositiveSmallIntegerField(_("urutan"), default=0)
    title = models.CharField(_("persyaratan"), max_length=250)
    help_text = models.TextField(_("petunjuk"), blank=True)
    document_type = models.ForeignKey(
        DocumentType, on_delete=models.PROTECT, related_name="+", verbose_name=_("jenis dokumen")
    )
    is_required = models.BooleanField(_("wajib"), default=True)
    is_confirmed = models.BooleanField(_("sudah dikonfirmasi LSP"), default=False)

    class Meta:
        verbose_name = _("persyaratan")
        verbose_name_plural = _("persyaratan")
        ordering = ["-section", "position"]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """A kind that is no longer used is not asked for anew; a requirement that asks for it already may stay."""
        if self.document_type_id is None or self.document_type.is_active:
            return
        if not Requirement.objects.filter(pk=self.pk, document_type=self.document_type_id).exists():
            raise ValidationError(
                {
                    "document_type": _t("Jenis dokumen “%(title)s” tidak dipakai lagi. Pilih jenis lain.")
                    % {"title": self.document_type}
                }
            )
