"""How many cases there are, kept ready: counting a million rows for every visit of a home page would not do."""

from datetime import date

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.applications.models import Application
from core.common.models import Timestamped

#: The month of cases that were never sent: drafts, and what was withdrawn as a draft.
NOT_SENT = date(1900, 1, 1)


class Cell(models.Model):
    """What cases are counted by. Keys without constraints: a tally must never stop the deleting of a scheme."""

    month = models.DateField()  # the first day of the month of `Application.registered_on`
    scheme = models.BigIntegerField()
    province = models.CharField(max_length=4, blank=True)
    status = models.CharField(max_length=20)

    class Meta:
        abstract = True


class ApplicationTally(Cell):
    """How many cases of one cell there are, as far as the moves were folded in (`reports.tally.fold_tallies`).

    `days`: how long those that are over took, together.
    """

    count = models.BigIntegerField(default=0)
    days = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = "rekap permohonan"
        verbose_name_plural = "rekap permohonan"
        constraints = [
            models.UniqueConstraint(fields=["month", "scheme", "province", "status"], name="one_tally_per_cell")
        ]
        indexes = [  # both hold the count: the rows themselves, of all years, are never read
            models.Index(fields=["status", "month", "count"], name="tally_by_status"),
            models.Index(fields=["month", "scheme", "province", "status", "count", "days"], name="tally_by_month"),
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.scheme} {self.province} {self.status}: {self.count}"


class TallyMove(Cell):
    """One case that entered (+1) or left (−1) a cell. Only ever added, so that nobody waits for anybody's count.

    With the cell it names what the case has of every `Facet`; 0 where it has nothing.
    """

    change = models.SmallIntegerField()
    days = models.IntegerField(default=0)
    version = models.BigIntegerField(default=0)
    sex = models.BigIntegerField(default=0)
    age_band = models.BigIntegerField(default=0)
    employer = models.BigIntegerField(default=0)
    assessor = models.BigIntegerField(default=0)
    session = models.BigIntegerField(default=0)
    venue = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        verbose_name = "perpindahan rekap"
        verbose_name_plural = "perpindahan rekap"

    def __str__(self) -> str:
        return f"{self.month} {self.scheme} {self.province} {self.status}: {self.change:+d}"


class Facet(models.TextChoices):
    """What else cases are counted by, each by itself. The names are columns of `TallyMove`."""

    VERSION = "version"  # of the scheme: a unit has the cases of the versions that hold it
    SEX = "sex"
    AGE = "age_band"
    EMPLOYER = "employer"
    ASSESSOR = "assessor"
    SESSION = "session"
    VENUE = "venue"  # of that session


#: What stands for the venue of a seat in a session without one.
REMOTE = -1

#: A month that stands for all of them, for the facets that have more values than a page has rows.
EVERY_MONTH = date(1900, 1, 2)
RANKED = frozenset({Facet.EMPLOYER, Facet.VENUE})


class FacetTally(models.Model):
    """How many cases that were sent have one value of one facet, by month and status.

    Of ranked facets also the sum of all months, without a status: which values have the most.
    """

    facet = models.CharField(max_length=10, choices=Facet)
    value = models.BigIntegerField()
    month = models.DateField()
    status = models.CharField(max_length=20, blank=True)
    count = models.BigIntegerField(default=0)
    days = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = "rekap permohonan menurut segi"
        verbose_name_plural = "rekap permohonan menurut segi"
        constraints = [
            models.UniqueConstraint(fields=["facet", "value", "month", "status"], name="one_facet_tally_per_cell")
        ]
        indexes = [  # holds all there is: the rows themselves are never read
            models.Index(fields=["facet", "month", "value", "status", "count", "days"], name="facet_tally_by_month"),
            models.Index(fields=["facet", "month", "count"], name="facet_tally_by_rank"),
        ]

    def __str__(self) -> str:
        return f"{self.facet} {self.value} {self.month} {self.status}: {self.count}"


class CertificateCell(models.Model):
    """What certificates are counted by. By the day of their end: the calendar changes how they stand."""

    month = models.DateField()  # the first day of the month of `Certificate.issued_on`
    scheme = models.BigIntegerField()
    valid_until = models.DateField()
    status = models.CharField(max_length=12)

    class Meta:
        abstract = True


class CertificateTally(CertificateCell):
    """How many certificates of one cell there are, as far as the moves were folded in."""

    count = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = "rekap sertifikat"
        verbose_name_plural = "rekap sertifikat"
        constraints = [
            models.UniqueConstraint(
                fields=["month", "scheme", "valid_until", "status"], name="one_certificate_tally_per_cell"
            )
        ]
        indexes = [
            models.Index(
                fields=["month", "scheme", "valid_until", "status", "count"], name="certificate_tally_by_month"
            )
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.scheme} {self.valid_until} {self.status}: {self.count}"


class CertificateProvinceTally(models.Model):
    """The same by the province of the certificate instead of its scheme."""

    month = models.DateField()
    province = models.CharField(max_length=4, blank=True)
    valid_until = models.DateField()
    status = models.CharField(max_length=12)
    count = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = "rekap sertifikat per provinsi"
        verbose_name_plural = "rekap sertifikat per provinsi"
        constraints = [
            models.UniqueConstraint(
                fields=["month", "province", "valid_until", "status"], name="one_certificate_province_tally_per_cell"
            )
        ]
        indexes = [
            models.Index(
                fields=["province", "month", "valid_until", "status", "count"], name="certificate_tally_by_province"
            )
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.province} {self.valid_until} {self.status}: {self.count}"


class CertificateMove(CertificateCell):
    """One certificate that entered or left a cell, like `TallyMove`; it counts for both tallies."""

    province = models.CharField(max_length=4, blank=True, default="", db_default="")
    change = models.SmallIntegerField()

    class Meta:
        verbose_name = "perpindahan rekap sertifikat"
        verbose_name_plural = "perpindahan rekap sertifikat"

    def __str__(self) -> str:
        return f"{self.month} {self.scheme} {self.valid_until} {self.status}: {self.change:+d}"


#: A cell that counts every document once, whichever cases it lies in; and one for what lies in no case that was sent.
EVERY_SCHEME, NO_CASE = 0, -1


class DocumentCell(models.Model):
    """How many documents, and how large (only writer: `reports.recount`).

    Each is counted once under EVERY_SCHEME, and once more under each scheme of its cases or under NO_CASE; those
    rows do not tell texts apart. `stored` is what the bytes take: equal content lies once and counts with the first
    document that has it.
    """

    month = models.DateField()  # its first day, by the office's clock
    scheme = models.BigIntegerField()
    document_type = models.BigIntegerField()
    state = models.CharField(max_length=12)
    source = models.CharField(max_length=10, blank=True)
    documents = models.PositiveIntegerField()
    size = models.BigIntegerField()
    stored = models.BigIntegerField()

    class Meta:
        abstract = True


class DocumentTally(DocumentCell):
    """The documents of one day."""

    day = models.DateField()

    class Meta:
        verbose_name = "rekap dokumen"
        verbose_name_plural = "rekap dokumen"
        constraints = [
            models.UniqueConstraint(
                fields=["day", "scheme", "document_type", "state", "source"], name="one_document_tally_per_cell"
            )
        ]
        indexes = [  # holds all there is: the rows themselves are never read
            models.Index(
                fields=["scheme", "month", "document_type", "state", "source", "day", "documents", "size", "stored"],
                name="document_tally_by_scheme",
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.scheme} {self.document_type} {self.state} {self.source}: {self.documents}"


class MonthTally(DocumentCell):
    """The documents of one month: what its days come to, so that years are read at once."""

    class Meta:
        verbose_name = "rekap dokumen sebulan"
        verbose_name_plural = "rekap dokumen sebulan"
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "month", "document_type", "state", "source"], name="one_month_tally_per_cell"
            )
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.scheme} {self.document_type} {self.state} {self.source}: {self.documents}"


class CaseStanding(models.Model):
    """Whether the file of a case that was sent is complete, as its checklist said last.

    Only writer: `reports.recount`. `month` and `scheme` are those it is counted under.
    """

    application = models.OneToOneField(
        Application, on_delete=models.CASCADE, primary_key=True, related_name="standing", verbose_name="permohonan"
    )
    month = models.DateField()
    scheme = models.BigIntegerField()
    is_complete = models.BooleanField()
    examined_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "kelengkapan berkas"
        verbose_name_plural = "kelengkapan berkas"
        indexes = [
            models.Index(fields=["is_complete", "application"], name="standing_by_completeness"),
            models.Index(fields=["examined_at"], name="standing_by_examination"),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.is_complete}"


class CaseLack(models.Model):
    """A kind of paper that the file of a case lacks, and why (a `dossier.PaperState`)."""

    standing = models.ForeignKey(CaseStanding, on_delete=models.CASCADE, related_name="lacks")
    document_type = models.BigIntegerField()
    state = models.CharField(max_length=24)

    class Meta:
        verbose_name = "kekurangan berkas"
        verbose_name_plural = "kekurangan berkas"
        constraints = [models.UniqueConstraint(fields=["standing", "document_type"], name="one_lack_per_case_and_kind")]
        indexes = [models.Index(fields=["document_type", "state", "standing"], name="lack_by_kind")]

    def __str__(self) -> str:
        return f"{self.standing_id}: {self.document_type} {self.state}"


class CaseTally(models.Model):
    """How many standings of one cell there are.

    `document_type` 0: the cases themselves, `state` "lengkap" or "kurang"; else cases that lack such a paper.
    """

    month = models.DateField()
    scheme = models.BigIntegerField()
    document_type = models.BigIntegerField()
    state = models.CharField(max_length=24)
    cases = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = "rekap kelengkapan"
        verbose_name_plural = "rekap kelengkapan"
        constraints = [
            models.UniqueConstraint(
                fields=["month", "scheme", "document_type", "state"], name="one_case_tally_per_cell"
            )
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.scheme} {self.document_type} {self.state}: {self.cases}"


class RecapMark(models.Model):
    """That a day's documents are to be counted, or a case to be examined, once more. Only ever added, so that nobody
    waits for anybody; `reports.recount` takes away what it has seen to."""

    ALL_DAYS, ALL_CASES = date(1900, 1, 1), 0

    day = models.DateField(null=True)
    application = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = "tanda hitung ulang"
        verbose_name_plural = "tanda hitung ulang"
        indexes = [
            models.Index(fields=["day"], name="recap_mark_by_day"),
            models.Index(fields=["application"], name="recap_mark_by_case"),
        ]

    def __str__(self) -> str:
        return str(self.day or self.application)


class SavedRecap(Timestamped):
    """A choice of the recap of certification under a name; on a day of the month its address goes out by letter.

    What it shows is counted when it is opened, for whoever opens it. `query` is what the recap's address asks for.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_recaps", verbose_name=_("pemilik")
    )
    name = models.CharField(_("nama"), max_length=60)
    query = models.CharField(_("pilihan"), max_length=500)
    day = models.PositiveSmallIntegerField(_("dikirim tiap tanggal"), null=True)
    scheduled_on = models.DateField(_("dijadwalkan sejak"), null=True)
    recipients = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="recaps_received", verbose_name=_("penerima")
    )

    class Meta:
        verbose_name = _("rekap tersimpan")
        verbose_name_plural = _("rekap tersimpan")
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="one_saved_recap_per_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def activity_label(self) -> str:
        return f"#{self.pk}"
