"""A case: FR.APL-01, FR.APL-02, its evidence, and what was sent when."""

import json
import secrets

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.accounts.enums import Sex
from core.accounts.models import CandidateProfile
from core.applications.enums import CLOSED_STATUSES, AgeBand, ApplicationStatus, FormCode, FormEdition, Outcome, Verdict
from core.codelists.models import Region
from core.common.fields import EncryptedTextField
from core.common.models import Timestamped
from core.documents.models import Document, Signature
from core.schemes.models import AssessmentPurpose, Element, Requirement, SchemeVersion


def application_code() -> str:
    """10 lower-case characters without look-alikes: the address of a case before it has a number."""
    return "".join(secrets.choice("23456789abcdefghjkmnpqrstuvwxyz") for _i in range(10))


#: What cases are counted by. Every change of these is told to the tally (core/reports/tally.py).
COUNTED_OF_PEOPLE = ("sex", "age_band", "employer", "days_taken")
COUNTED_BY = frozenset({"status", "scheme_version", "province", "registered_on", *COUNTED_OF_PEOPLE})


class Employer(models.Model):
    """An institution or company as people write it on their forms; one row however it is spaced or capitalised.

    Written by `applications.people_counted`. Not an institution with an account (core/institutions).
    """

    name = models.CharField(_("nama institusi/perusahaan"), max_length=150)
    key = models.CharField(max_length=150, unique=True, editable=False)

    class Meta:
        verbose_name = _("institusi pada formulir")
        verbose_name_plural = _("institusi pada formulir")

    def __str__(self) -> str:
        return self.name


class ApplicationQuerySet(models.QuerySet):
    """Cases are written one by one: a change that no `save` sees would leave the figures wrong."""

    def update(self, **values):
        if past := COUNTED_BY & {name.removesuffix("_id") for name in values}:
            raise TypeError(f"cases are counted by {', '.join(sorted(past))}: change them through save()")
        return super().update(**values)

    def bulk_create(self, *args, **kwargs):
        raise TypeError("cases are counted one by one: make them through save()")


class Application(Timestamped):
    """One person's application for one version of a scheme.

    `status` changes only through `applications.services`, along the table in `transitions.py`.
    `number` and `registered_on` are given at the first sending; `province`, `sex`, `age_band` and `employer` at each
    one, as the form that was sent says (people_counted.py). `officer` is the clerk who took it for verification.
    `ended_at` follows the status by itself: retention counts from there, in whichever room the case ends. With it
    goes `days_taken`, the days since it was registered.
    """

    code = models.CharField(max_length=10, unique=True, default=application_code, editable=False)
    number = models.CharField(_("nomor permohonan"), max_length=60, unique=True, null=True, blank=True, editable=False)
    candidate = models.ForeignKey(
        CandidateProfile, on_delete=models.PROTECT, related_name="applications", verbose_name=_("asesi")
    )
    scheme_version = models.ForeignKey(
        SchemeVersion, on_delete=models.PROTECT, related_name="applications", verbose_name=_("skema")
    )
    status = models.CharField(
        _("status"), max_length=20, choices=ApplicationStatus, default=ApplicationStatus.DRAFT, editable=False
    )
    purpose = models.ForeignKey(
        AssessmentPurpose,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("tujuan asesmen"),
    )
    purpose_explanation = models.CharField(_("penjelasan tujuan"), max_length=250, blank=True)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("petugas"),
    )
    registered_on = models.DateField(_("tanggal daftar"), null=True, blank=True, editable=False)
    province = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("provinsi"),
    )
    sex = models.CharField(_("jenis kelamin"), max_length=1, choices=Sex, blank=True, editable=False)
    age_band = models.PositiveSmallIntegerField(
        _("usia saat mendaftar"), choices=AgeBand, default=AgeBand.UNKNOWN, editable=False
    )
    employer = models.ForeignKey(
        Employer,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("institusi pada formulir"),
    )
    submitted_at = models.DateTimeField(_("terakhir dikirim"), null=True, blank=True)
    closed_at = models.DateTimeField(_("selesai diverifikasi"), null=True, blank=True)
    ended_at = models.DateTimeField(_("kasus selesai"), null=True, blank=True, editable=False)
    days_taken = models.PositiveSmallIntegerField(_("hari sampai selesai"), null=True, editable=False)
    note = models.TextField(_("catatan untuk asesi"), blank=True)  # reason of the last return or rejection
    completeness = models.PositiveSmallIntegerField(_("kelengkapan (%)"), default=0)  # at the last sending
    sendings = models.PositiveSmallIntegerField(_("pengiriman"), default=0, editable=False)  # more than 1: corrected
    reminded_at = models.DateTimeField(_("terakhir diingatkan"), null=True, blank=True, editable=False)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("permohonan")
        verbose_name_plural = _("permohonan")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["status", "closed_at"], name="application_closed"),
            models.Index(fields=["registered_on"], name="application_registered"),
            models.Index(fields=["status", "submitted_at"], name="application_queue"),
            models.Index(fields=["candidate", "-id"], name="application_by_candidate"),
            models.Index(fields=["submitted_at"], name="application_by_sending_day"),
            models.Index(fields=["closed_at"], name="application_by_closing_day"),
            models.Index(fields=["sendings"], name="application_by_sendings"),
            models.Index(fields=["completeness"], name="application_by_completeness"),
            models.Index(fields=["ended_at"], name="application_by_end"),
            models.Index(fields=["sex"], name="application_by_sex"),
            models.Index(fields=["age_band"], name="application_by_age"),
            # What a recap of one scheme or province counts, held by the index: the rows are never read.
            models.Index(
                fields=["scheme_version", "registered_on", "status", "province", *COUNTED_OF_PEOPLE],
                name="application_recap_by_scheme",
            ),
            models.Index(
                fields=["province", "registered_on", "status", "scheme_version", *COUNTED_OF_PEOPLE],
                name="application_recap_by_province",
            ),
        ]
        permissions = [("verify_application", "Can take, accept, return and reject applications")]

    def __str__(self) -> str:
        return self.number or _("draf %(code)s") % {"code": self.code}

    def save(self, *args, **kwargs):
        """In one transaction with what hangs on it: the case, its end and its place in the figures change together."""
        fields = kwargs.get("update_fields")
        if fields is None or {"status", "registered_on"} & set(fields):
            if self.status not in CLOSED_STATUSES:
                self.ended_at = None
            elif self.ended_at is None:
                self.ended_at = timezone.now()
            self.days_taken = None
            if self.ended_at and self.registered_on:
                self.days_taken = max(0, (timezone.localdate(self.ended_at) - self.registered_on).days)
            if fields is not None:
                kwargs["update_fields"] = {*fields, "ended_at", "days_taken"}
        with transaction.atomic():
            super().save(*args, **kwargs)

    @property
    def reference(self) -> str:
        """What stands in the address of the case's pages: its number, or its code before it has one."""
        return self.number or self.code

    @property
    def activity_label(self) -> str:
        return self.reference


class ApplicationSection(models.Model):
    """One page of the case: its draft's version, and whether the candidate may write in it.

    All are open in a draft, none once sent; a return opens just those it names, each with a note.
    """

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="sections")
    key = models.CharField(max_length=40)
    version = models.PositiveIntegerField(default=0)
    writer = models.CharField(max_length=16, blank=True)  # the page (tab) that saved last
    is_open = models.BooleanField(default=True)
    return_note = models.TextField(blank=True)
    saved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("bagian permohonan")
        verbose_name_plural = _("bagian permohonan")
        constraints = [models.UniqueConstraint(fields=["application", "key"], name="one_section_per_key")]

    def __str__(self) -> str:
        return f"{self.application_id}:{self.key}"


class RequirementEvidence(models.Model):
    """What the candidate handed in for one requirement, and how the secretariat found it."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="requirement_evidence")
    requirement = models.ForeignKey(
        Requirement, on_delete=models.PROTECT, related_name="+", verbose_name=_("persyaratan")
    )
    documents = models.ManyToManyField(Document, related_name="requirement_evidence", verbose_name=_("bukti"))
    verdict = models.CharField(_("penilaian"), max_length=16, choices=Verdict, blank=True)
    note = models.CharField(_("catatan"), max_length=500, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    checked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("bukti persyaratan")
        verbose_name_plural = _("bukti persyaratan")
        constraints = [
            models.UniqueConstraint(fields=["application", "requirement"], name="one_evidence_per_requirement")
        ]

    def __str__(self) -> str:
        return str(self.requirement)


class SelfAssessmentAnswer(models.Model):
    """FR.APL-02: the candidate's K or BK for one element, with the evidence that supports it."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="answers")
    element = models.ForeignKey(Element, on_delete=models.PROTECT, related_name="+", verbose_name=_("elemen"))
    outcome = models.CharField(_("penilaian sendiri"), max_length=2, choices=Outcome, blank=True)
    documents = models.ManyToManyField(Document, related_name="answers", verbose_name=_("bukti yang relevan"))

    class Meta:
        verbose_name = _("jawaban asesmen mandiri")
        verbose_name_plural = _("jawaban asesmen mandiri")
        constraints = [models.UniqueConstraint(fields=["application", "element"], name="one_answer_per_element")]

    def __str__(self) -> str:
        return f"{self.element}: {self.outcome}"


class Submission(models.Model):
    """What was sent, frozen: everything FR.APL-01 and FR.APL-02 print, its hash, and the signature.

    Encrypted as a whole, since it holds the NIK. `sequence` counts from 1; a corrected application
    is a further row. Never changed afterwards, until retention or the person's right to be forgotten
    empties it (`erased_at`, see forgetting.py); the hash of what was signed stays.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="submissions")
    sequence = models.PositiveSmallIntegerField(_("pengiriman ke-"))
    content = EncryptedTextField(_("isi"))  # canonical JSON, see snapshot.py
    sha256 = models.CharField(_("sidik isi (SHA-256)"), max_length=64)
    signature = models.OneToOneField(Signature, on_delete=models.PROTECT, related_name="submission")
    created_at = models.DateTimeField(_("dikirim"), auto_now_add=True)
    erased_at = models.DateTimeField(_("isi dihapus"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("pengiriman")
        verbose_name_plural = _("pengiriman")
        ordering = ["application", "sequence"]
        constraints = [models.UniqueConstraint(fields=["application", "sequence"], name="one_submission_per_sequence")]

    def __str__(self) -> str:
        return f"{self.application} ({self.sequence})"

    @property
    def snapshot(self) -> dict:
        return json.loads(self.content)


class Review(models.Model):
    """The LSP's recommendation on one submission, as FR.APL-01 prints it: accepted or not, by whom, why."""

    submission = models.OneToOneField(Submission, on_delete=models.PROTECT, related_name="review")
    is_accepted = models.BooleanField(_("diterima"))
    note = models.TextField(_("catatan"), blank=True)
    content = EncryptedTextField()  # canonical JSON of the verdicts as they were signed
    signature = models.OneToOneField(Signature, on_delete=models.PROTECT, related_name="review")

    class Meta:
        verbose_name = _("rekomendasi LSP")
        verbose_name_plural = _("rekomendasi LSP")

    def __str__(self) -> str:
        return str(_("Diterima") if self.is_accepted else _("Tidak diterima"))

    @property
    def verdicts(self) -> dict:
        return json.loads(self.content)


class ReturnRequest(models.Model):
    """What the secretariat asked to be corrected in one submission; stays readable after the correction."""

    submission = models.OneToOneField(Submission, on_delete=models.PROTECT, related_name="return_request")
    parts = models.JSONField(_("bagian"))  # [{"key", "title", "note"}], in the order of the forms
    reason = models.TextField(_("catatan umum"), blank=True)
    returned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("oleh")
    )
    returned_at = models.DateTimeField(_("dikembalikan"), auto_now_add=True)

    class Meta:
        verbose_name = _("permintaan perbaikan")
        verbose_name_plural = _("permintaan perbaikan")

    def __str__(self) -> str:
        return f"{self.submission}: {len(self.parts)}"


class FormDocument(models.Model):
    """The PDF of a form of one submission: rendered once, then served from the repository."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="forms")
    form = models.CharField(max_length=12, choices=FormCode)
    edition = models.CharField(max_length=12, choices=FormEdition, default=FormEdition.SUBMITTED)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="form")

    class Meta:
        verbose_name = _("PDF formulir")
        verbose_name_plural = _("PDF formulir")
        constraints = [
            models.UniqueConstraint(fields=["submission", "form", "edition"], name="one_pdf_per_form_and_edition")
        ]

    def __str__(self) -> str:
        return f"{self.get_form_display()} {self.submission}"
