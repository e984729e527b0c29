"""BNSP's forms as data: what a form asks, which scheme needs it, and what was filled in."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.accounts.models import AssessorProfile
from core.applications.models import Application
from core.assessments.enums import FilledFormStatus, FormParty, FormStage, FormSubject, LineKind, Repeat
from core.assessments.models.sessions import AssessmentSession
from core.common.fields import EncryptedTextField
from core.common.models import Timestamped
from core.documents.models import Document, DocumentType, Signature
from core.schemes.enums import VersionStatus
from core.schemes.models import Scheme


class FormDefinition(Timestamped):
    """A form such as FR.AK.01. What it asks stands in its versions."""

    code = models.SlugField(_("kunci"), max_length=40, unique=True, help_text=_("Contoh: fr-ak-01"))
    title = models.CharField(_("nama formulir"), max_length=150, help_text=_("Contoh: FR.AK.01 Persetujuan asesmen"))
    subject = models.CharField(_("tentang"), max_length=12, choices=FormSubject, default=FormSubject.CASE)
    stage = models.CharField(_("kapan"), max_length=12, choices=FormStage)
    filled_by = models.CharField(_("diisi dan ditandatangani oleh"), max_length=12, choices=FormParty)
    document_type = models.ForeignKey(
        DocumentType, on_delete=models.PROTECT, related_name="+", verbose_name=_("jenis dokumen")
    )
    position = models.PositiveSmallIntegerField(_("urutan"), default=0)
    is_active = models.BooleanField(_("dipakai"), default=True)

    class Meta:
        verbose_name = _("formulir asesmen")
        verbose_name_plural = _("formulir asesmen")
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.title

    @property
    def activity_label(self) -> str:
        return self.code


class FormVersion(Timestamped):
    """What a form asks, at one time; once published its lines no longer change. A filled-in form stays with it."""

    definition = models.ForeignKey(
        FormDefinition, on_delete=models.PROTECT, related_name="versions", verbose_name=_("formulir")
    )
    number = models.PositiveSmallIntegerField(_("versi"))
    status = models.CharField(
        _("status"), max_length=12, choices=VersionStatus, default=VersionStatus.DRAFT, editable=False
    )
    is_confirmed = models.BooleanField(_("sudah dikonfirmasi LSP"), default=False)
    published_at = models.DateTimeField(_("terbit"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("versi formulir")
        verbose_name_plural = _("versi formulir")
        ordering = ["definition", "-number"]
        constraints = [models.UniqueConstraint(fields=["definition", "number"], name="one_form_version_per_number")]

    def __str__(self) -> str:
        return f"{self.definition} (versi {self.number})"

    @property
    def activity_label(self) -> str:
        return f"{self.definition.code} v{self.number}"


class FormLine(models.Model):
    """One line of a form, read from top to bottom like the paper: a section begins, its questions follow.

    `key` names the answer and never changes meaning within a version. `options` (one per line) belong
    to choices, ticks and scales. `repeat` counts on section lines only. `filled_by` blank: as the form says.
    `asks_comment`: beside the answer there is room for a few words about it.
    """

    version = models.ForeignKey(FormVersion, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField(_("urutan"), default=0)
    key = models.SlugField(_("kunci"), max_length=40, blank=True)
    kind = models.CharField(_("jenis baris"), max_length=14, choices=LineKind)
    label = models.TextField(_("teks"))
    help_text = models.CharField(_("petunjuk"), max_length=300, blank=True)
    options = models.TextField(_("pilihan (satu per baris)"), blank=True)
    repeat = models.CharField(_("ulangi"), max_length=8, choices=Repeat, default=Repeat.ONCE)
    filled_by = models.CharField(_("diisi oleh"), max_length=12, choices=FormParty, blank=True)
    is_required = models.BooleanField(_("wajib"), default=True)
    asks_comment = models.BooleanField(_("dengan catatan"), default=False)
    #: The line that this one comments on. Such a line stands in no version: `papers.layout` makes it.
    about: "FormLine | None" = None

    class Meta:
        verbose_name = _("baris formulir")
        verbose_name_plural = _("baris formulir")
        ordering = ["version", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["version", "key"], name="one_form_line_per_key")]

    def __str__(self) -> str:
        return self.label[:60]

    @property
    def choices(self) -> list[str]:
        return [line.strip() for line in self.options.splitlines() if line.strip()]


class FormRequirement(models.Model):
    """That the cases of a scheme need a form; without a scheme: the cases of all schemes.

    A row of the scheme itself goes before the general one, so that a scheme may also do without
    (`is_used` off).
    """

    definition = models.ForeignKey(
        FormDefinition, on_delete=models.PROTECT, related_name="requirements", verbose_name=_("formulir")
    )
    scheme = models.ForeignKey(
        Scheme,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="form_requirements",
        verbose_name=_("skema"),
        help_text=_("Kosong: berlaku bagi semua skema."),
    )
    is_used = models.BooleanField(_("dipakai"), default=True)
    is_required = models.BooleanField(_("wajib"), default=True)

    class Meta:
        verbose_name = _("formulir skema")
        verbose_name_plural = _("formulir skema")
        ordering = ["definition__position"]
        constraints = [models.UniqueConstraint(fields=["definition", "scheme"], name="one_form_requirement_per_scheme")]

    def __str__(self) -> str:
        return f"{self.definition}: {self.scheme or _('semua skema')}"

    def clean(self) -> None:
        """One general row per form: a unique constraint does not count NULLs."""
        if self.scheme_id is None and self.definition_id:
            twins = FormRequirement.objects.filter(definition=self.definition_id, scheme=None).exclude(pk=self.pk)
            if twins.exists():
                raise ValidationError({"definition": _t("Formulir ini sudah tercatat untuk semua skema.")})


class FilledForm(Timestamped):
    """One paper of a case (or of one assessor's session): its answers, its signatures, its PDF or its scan.

    `answers`: {key: value}, or {key: {id of unit, element or criterion: value}} in a section that
    repeats. `edit` counts savings, so that a second tab is noticed. Once signed or scanned it never
    changes; a correction is a new paper that `replaces` it. `in_force` is True or NULL.
    """

    definition = models.ForeignKey(
        FormDefinition, on_delete=models.PROTECT, related_name="filled", verbose_name=_("formulir")
    )
    version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="filled", verbose_name=_("versi"))
    application = models.ForeignKey(
        Application,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="filled_forms",
        verbose_name=_("permohonan"),
    )
    session = models.ForeignKey(
        AssessmentSession,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="filled_forms",
        verbose_name=_("jadwal uji"),
    )
    assessor = models.ForeignKey(
        AssessorProfile,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="filled_forms",
        verbose_name=_("asesor"),
    )  # who fills in the assessor's part; None: whoever holds the case
    in_force = models.BooleanField(null=True, default=True, editable=False)
    is_required = models.BooleanField(_("wajib"), default=True)  # as the scheme said when the paper was laid in
    status = models.CharField(
        _("status"), max_length=16, choices=FilledFormStatus, default=FilledFormStatus.EMPTY, editable=False
    )
    answers = EncryptedTextField(_("isi"), blank=True, default="")  # JSON
    edit = models.PositiveIntegerField(default=0, editable=False)
    content = EncryptedTextField(blank=True, default="")  # canonical JSON of what was signed
    sha256 = models.CharField(_("sidik isi (SHA-256)"), max_length=64, blank=True)
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, related_name="filled_form", verbose_name=_("dokumen")
    )
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="replaced_by", verbose_name=_("menggantikan")
    )
    correction_reason = models.CharField(_("alasan koreksi"), max_length=250, blank=True)
    completed_at = models.DateTimeField(_("selesai"), null=True, blank=True)

    class Meta:
        verbose_name = _("formulir terisi")
        verbose_name_plural = _("formulir terisi")
        ordering = ["definition__position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "definition", "in_force"], name="one_paper_in_force_per_case_and_form"
            ),
            models.UniqueConstraint(
                fields=["session", "assessor", "definition", "in_force"], name="one_paper_in_force_per_session_and_form"
            ),
            models.CheckConstraint(
                condition=models.Q(application__isnull=False, session__isnull=True)
                | models.Q(application__isnull=True, session__isnull=False),
                name="paper_of_a_case_or_of_a_session",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.definition}: {self.application or self.session}"

    @property
    def activity_label(self) -> str:
        return f"{self.definition.code} {self.application or self.session}"


class FormSignature(models.Model):
    """One party's signature under a filled-in form."""

    form = models.ForeignKey(FilledForm, on_delete=models.PROTECT, related_name="signatures")
    party = models.CharField(_("sebagai"), max_length=12, choices=FormParty)
    signature = models.OneToOneField(Signature, on_delete=models.PROTECT, related_name="form_signature")

    class Meta:
        verbose_name = _("tanda tangan formulir")
        verbose_name_plural = _("tanda tangan formulir")
        constraints = [models.UniqueConstraint(fields=["form", "party"], name="one_signature_per_form_and_party")]

    def __str__(self) -> str:
        return f"{self.form}: {self.party}"
